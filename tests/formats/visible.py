"""What the eye can see on the pages of a PDF: each word with its place, size and contrast, held against the report.

A text layer tells what a file says, not what a reader sees: a word can be covered, clipped, white on white or
squeezed to a line. The pages are drawn by PDFium here, and every word is looked for in the picture.
"""

from __future__ import annotations

import ctypes
import math
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdfium2 import raw

from reportgen.formats.design import contrast
from reportgen.reports.model import Block, Heading, Notice, Pairs, Paragraph, Report, Table

Box = tuple[float, float, float, float]  # left, bottom, right, top in points, from the lower left corner
Pixels = tuple[int, int, int, int]  # left, upper, right, lower
Color = tuple[int, int, int]  # red, green, blue

LEAST_CONTRAST = 3.0
LEAST_SIZE = 5.0  # points
_LEAST_SHOWN = 0.85  # part of a word's height and width that ink must reach
_LEAST_WIDTH = 0.22  # width of a letter in parts of its size; less is squeezed together
_HAIR = 2  # pixels that are lost where an outline ends between two of them
_MOST_COVERED = 0.3  # part of a word's box that another word may share
_SCALE = 3  # pixels a point
_BESIDE = 20  # characters that may stand between two lines of a text in the page's head or foot
_NEAR_THE_BREAK = 900  # characters: how far from a page's end a text that goes on over the page may be torn
_X_HEIGHT = frozenset("acemnorsuvwxz")
_FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>'
)
_BREAKS = "\t\n\r\f\x0b \xa0\u202f\u2009"

needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@dataclass(frozen=True)
class Word:
    """A word as the text layer has it, and what the picture of its page shows of it.

    Attributes:
        text: its letters.
        page: counted from 1.
        box: around the outlines of its letters.
        size: of its type in points, as it is printed.
        width: mean advance of a letter in parts of the size.
        contrast: of its ink on its ground, from 1 to 21.
        shown: the part of the box, across and down, that ink reaches; 1 is a whole word.
        struck: whether a line runs through it.
        inside: whether its box lies on the page.
        covered: whether another word lies over it.
    """

    text: str
    page: int
    box: Box
    size: float
    width: float
    contrast: float
    shown: float
    struck: bool
    inside: bool
    covered: bool = False

    @property
    def fault(self) -> str:
        """Why it cannot be read; empty for a word that can."""
        reasons = {
            "off the page": not self.inside,
            f"too pale ({self.contrast:.1f} to 1)": self.contrast < LEAST_CONTRAST,
            f"too small ({self.size:.1f} pt)": self.size < LEAST_SIZE,
            "squeezed together": 0 < self.width < _LEAST_WIDTH,
            f"cut off or covered ({self.shown:.0%} shows)": self.shown < _LEAST_SHOWN,
            "struck through": self.struck,
            "printed over another word": self.covered,
        }
        return next((reason for reason, holds in reasons.items() if holds), "")


@dataclass
class _Letters:
    """The letters of one word while it is being gathered."""

    text: str = ""
    boxes: list[Box] = field(default_factory=list)
    middles: list[Box] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)


def visible_words(pdf: bytes) -> list[Word]:
    """Every word of a PDF's text layer in its order, with what can be seen of it (`fault` is empty: all of it)."""
    found: list[Word] = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            picture = page.render(scale=_SCALE).to_pil().convert("RGB")
            width, height = page.get_size()
            words = [_word(letters, number, picture, width, height) for letters in _words(page)]
            found += _with_covered(words)
    return found


def faults(report: Report, pdf: bytes) -> list[str]:
    """What of a report the pages do not show, each as a sentence; empty for a report that can be read whole."""
    words = visible_words(pdf)
    hidden = [f"page {word.page}: {word.text!r} is {word.fault}" for word in words if word.fault]
    seen = [word for word in words if not word.fault]
    count = max((word.page for word in words), default=0)
    pages = ["".join(_folded(word.text) for word in seen if word.page == number) for number in range(1, count + 1)]
    missing = [*_missing_on_pages(pages, report), *_missing_texts(pages, report)]
    return missing + hidden


def assert_report_is_visible(report: Report, pdf: bytes) -> None:
    """Fail unless the pages show every text of the report, in its order, and state, patient and record on each."""
    found = faults(report, pdf)
    assert not found, "\n".join(found[:20])


def pages_of(documents: Mapping[str, bytes], folder: Path, fonts: Path | None = None) -> dict[str, bytes]:
    """Word files by name as PDFs, set by LibreOffice in one go; the caller is marked `needs_libreoffice`.

    `fonts` is a folder of fonts that it uses beside those of the machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{number:03d}.docx" for number, name in enumerate(documents)}
    for name, data in documents.items():
        files[name].write_bytes(data)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/user", "--headless", "--convert-to", "pdf"]
    environment = dict(os.environ)
    if fonts:
        (folder / "fonts.conf").write_text(_FONTS.format(folder=fonts), encoding="utf-8")
        environment["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    command += ["--outdir", str(folder), *map(str, files.values())]
    subprocess.run(command, check=True, capture_output=True, timeout=600, env=environment)
    return {name: file.with_suffix(".pdf").read_bytes() for name, file in files.items()}


def _words(page: pypdfium2.PdfPage) -> Iterator[_Letters]:
    """The letters of each word, in the order of the text layer."""
    text = page.get_textpage()
    letters = _Letters()
    for at in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text.raw, at))
        char = "-" if char in "\x02\ufffe" else char  # what PDFium makes of a hyphen at the end of a line
        if char in _BREAKS or raw.FPDFText_IsGenerated(text.raw, at) == 1:
            if letters.text:
                yield letters
                letters = _Letters()
            continue
        box = text.get_charbox(at)
        if letters.boxes and (box[1] > letters.boxes[-1][3] or box[3] < letters.boxes[-1][1]) and _is_letter(char):
            yield letters  # it goes on in the next line
            letters = _Letters()
        letters.text += char
        if box[2] > box[0] and box[3] > box[1]:
            letters.boxes.append(box)
            if char in _X_HEIGHT or char.isupper() or char.isdigit():
                letters.middles.append(box)
        letters.sizes.append(_size(text, at))
    if letters.text:
        yield letters


def _is_letter(char: str) -> bool:
    """Whether a sign is as high as a line: a comma lies below the letters before it, and in no other line."""
    return char.isalnum()


def _size(text: pypdfium2.PdfTextPage, at: int) -> float:
    """The size of a letter's type in points, after all scaling."""
    matrix = raw.FS_MATRIX()
    size = float(raw.FPDFText_GetFontSize(text.raw, at))
    if not raw.FPDFText_GetMatrix(text.raw, at, ctypes.byref(matrix)):
        return size
    return size * math.hypot(matrix.c, matrix.d)


def _word(letters: _Letters, page: int, picture: Image.Image, width: float, height: float) -> Word:
    if not letters.boxes:  # nothing is drawn for it
        return Word(letters.text, page, (0, 0, 0, 0), 0, 0, 1, 0, struck=False, inside=True)
    box = _around(letters.boxes)
    size = sum(letters.sizes) / len(letters.sizes)
    inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
    across = (box[2] - box[0]) / size / len(letters.boxes) if len(letters.boxes) > 2 and size else 0
    narrow = all(char in "ilIjtf1.,:;'!|()[]·-" for char in letters.text)
    look = _look(
        picture, _pixels(box, height), _pixels(_around(letters.middles), height) if len(letters.middles) > 1 else None
    )
    return Word(letters.text, page, box, size, 0 if narrow else across, *look, inside=inside)


def _around(boxes: Iterable[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _pixels(box: Box, height: float) -> Pixels:
    left, bottom, right, top = box
    down = (height - top) * _SCALE, (height - bottom) * _SCALE
    return (
        round(left * _SCALE),
        round(down[0]),
        max(round(right * _SCALE), round(left * _SCALE) + 1),
        max(round(down[1]), round(down[0]) + 1),
    )


def _look(picture: Image.Image, box: Pixels, middle: Pixels | None) -> tuple[float, float, bool]:
    """Contrast, the part of the box that ink reaches, and whether a line runs through the middle."""
    inside = (max(box[0], 0), max(box[1], 0), min(box[2], picture.width), min(box[3], picture.height))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return 1, 0, False
    ground = _ground(picture, inside)
    part = picture.crop(inside)
    ink, ratio = _ink(part, ground)
    if ratio < 1.2:
        return ratio, 0, False
    far = max(abs(one - two) for one, two in zip(ink, ground, strict=True))
    inked = _inked(part, ground, far)
    reach = inked.getbbox()
    if reach is None:
        return ratio, 0, False
    across, down = reach[2] - reach[0] + _HAIR, reach[3] - reach[1] + _HAIR
    shown = min(across / (box[2] - box[0]), down / (box[3] - box[1]), 1)
    return ratio, shown, middle is not None and _struck(inked, inside, middle)


def _ground(picture: Image.Image, box: Pixels) -> Color:
    """The commonest color right around a box."""
    left, upper, right, lower = box
    edge = 2
    strips = (
        (left - edge, upper - edge, right + edge, upper),
        (left - edge, lower, right + edge, lower + edge),
        (left - edge, upper, left, lower),
        (right, upper, right + edge, lower),
    )
    found: Counter[Color] = Counter()
    for strip in strips:
        cut = (max(strip[0], 0), max(strip[1], 0), min(strip[2], picture.width), min(strip[3], picture.height))
        if cut[0] < cut[2] and cut[1] < cut[3]:
            for count, color in _colors(picture.crop(cut)):
                found[color] += count
    return found.most_common(1)[0][0] if found else (255, 255, 255)


def _colors(part: Image.Image) -> list[tuple[int, Color]]:
    """How many pixels have each color."""
    return part.getcolors(part.width * part.height) or []  # type: ignore[return-value]  # of a picture in RGB


def _ink(part: Image.Image, ground: Color) -> tuple[Color, float]:
    """The color that stands out most from the ground, of the few per cent of the pixels that a stroke has at least."""
    ratios = sorted([(_ratio(color, ground), color, count) for count, color in _colors(part)], reverse=True)
    wanted, found = max(2, part.width * part.height // 40), 0
    for ratio, color, count in ratios:
        found += count
        if found >= wanted:
            return color, ratio
    return ratios[-1][1], ratios[-1][0]


@lru_cache(maxsize=100_000)
def _ratio(one: Color, two: Color) -> float:
    return contrast("{:02x}{:02x}{:02x}".format(*one), "{:02x}{:02x}{:02x}".format(*two))


def _inked(part: Image.Image, ground: Color, far: int) -> Image.Image:
    """A picture that is white where a pixel is nearer to the ink than to the ground."""
    away = ImageChops.difference(part, Image.new("RGB", part.size, ground))
    red, green, blue = away.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([255 if value > far * 0.4 else 0 for value in range(256)])


def _struck(inked: Image.Image, box: Pixels, middle: Pixels) -> bool:
    """Whether some row of pixels through the middle of the letters is ink from the first letter to the last."""
    left, upper, right, lower = middle
    high = lower - upper
    if right - left < 2 * high or left < box[0] or upper < box[1] or right > box[2] or lower > box[3]:
        return False
    part = inked.crop((left - box[0], upper - box[1] + high // 5, right - box[0], lower - box[1] - high // 5))
    line, pixels = b"\xff" * part.width, part.tobytes()
    return any(pixels[at : at + part.width] == line for at in range(0, len(pixels), part.width))


def _with_covered(words: list[Word]) -> list[Word]:
    """The words of one page, those marked that share their place with another."""
    covered = set()
    order = sorted(range(len(words)), key=lambda at: words[at].box[1])
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            if words[other].box[1] >= words[one].box[3]:
                break
            if _shared(words[one].box, words[other].box) > _MOST_COVERED:
                covered |= {one, other}
    return [replace(word, covered=True) if at in covered else word for at, word in enumerate(words)]


def _shared(one: Box, two: Box) -> float:
    """The part of the smaller box that lies in the other."""
    across = min(one[2], two[2]) - max(one[0], two[0])
    down = min(one[3], two[3]) - max(one[1], two[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, two))
    return across * down / least if across > 0 and down > 0 and least else 0


def _folded(text: str) -> str:
    """Text without white space, ligatures as the letters they stand for."""
    for sign, letters in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("ﬃ", "ffi"), ("ﬄ", "ffl")):
        text = text.replace(sign, letters)
    return "".join(text.split())


def _missing_on_pages(pages: list[str], report: Report) -> Iterator[str]:
    """What does not stand on every page."""
    furniture = report.furniture
    for number, page in enumerate(pages, start=1):
        for text in (furniture.state_mark, *furniture.patient, *furniture.record):
            if not _in_order(text.split(), page):
                yield f"page {number} does not show {text!r}"


def _in_order(words: list[str], page: str) -> bool:
    """Whether the words follow one another, but for what little (a page number) is set beside a line that wraps."""
    between = f".{{0,{_BESIDE}}}?"
    return not words or re.search(between.join(re.escape(_folded(word)) for word in words), page) is not None


def _missing_texts(pages: list[str], report: Report) -> Iterator[str]:
    """What of the body is not seen, each text behind the one before it."""
    flat, at = "".join(pages), 0
    ends = [sum(map(len, pages[: number + 1])) for number in range(len(pages))]
    for unit in _units(report):
        words = _folded(unit)
        found = flat.find(words, at)
        end = found + len(words) if found >= 0 else _over_a_break(flat, words, ends, at)
        if end < 0:
            yield f"{unit!r} is not seen" + (" at its place" if words in flat else "")
        else:
            at = end


def _over_a_break(flat: str, words: str, ends: list[int], at: int) -> int:
    """Where a text ends that goes on from one page to the next, the running head and foot between; -1 for none."""
    for begin, end in pairwise([0, *ends]):
        if end < at or end == ends[-1]:
            continue
        tail = flat[max(begin, at, end - _NEAR_THE_BREAK) : end]
        for cut in range(len(words) - 1, 0, -1):
            if words[:cut] in tail:
                found = flat.find(words[cut:], end, end + _NEAR_THE_BREAK)
                if found >= 0:
                    return found + len(words) - cut
    return -1


def _units(report: Report) -> Iterator[str]:
    """The texts that must each be seen in one piece, in reading order; an answer right behind its element."""
    yield report.letterhead.name
    yield from report.letterhead.lines
    yield report.title
    yield from (notice.text for notice in report.notices)
    yield from _of_block(report.identification)
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            yield from _of_block(block)


def _of_block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Notice(text=text):
            yield text
        case Paragraph(sentences=sentences):
            yield from (sentence.text for sentence in sentences)
        case Pairs(pairs=pairs, caption=caption):
            yield from [caption] * bool(caption)
            yield from (f"{pair.label} {pair.text}" for pair in pairs)
        case Table(columns=columns, rows=rows):
            yield " ".join(columns)
            yield from (" ".join(cell.text for cell in row) for row in rows)
