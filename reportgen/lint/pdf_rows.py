"""The rows of a PDF: what is printed on one line of a page, in columns where wide gaps part its words.

Only this file knows PDFium. What comes again at the head or foot of each page is left out.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from reportgen.findings import Place, refuse
from reportgen.lint.rows import Row, columns, in_capitals

_PAGES, _LETTERS = 200, 600_000
_SPACE, _COLUMN = 0.14, 0.7  # gaps between two letters, in parts of the size: a space, and a new column
_SAME_LINE = 0.45  # of the size
_LABEL_INDENT = 40  # points; what begins further to the right goes on with an answer
_EDGE = 0.13  # of the height of a page, at its head and foot
_LONGEST_HEADING = 80  # letters
_NAME = 120  # bytes of a font's name
_BOLD = re.compile(rb"bold|black|heavy|semibd|demi", re.IGNORECASE)


class _Letter(NamedTuple):
    at: int
    letter: str
    left: float
    right: float
    base: float
    size: float


@dataclass
class _Line:
    """A line of a page: its height above the foot, and its columns with where each begins."""

    page: int
    base: float
    cells: list[str] = field(default_factory=list)
    left: float = 0
    bold: bool = False
    edge: bool = False  # whether it is at the head or foot of the page

    @property
    def text(self) -> str:
        return " ".join(self.cells)


def rows(data: bytes, name: str) -> Iterator[Row]:
    """The rows of a PDF.

    Raises:
        FindingsError: E025 for a file that is none, is broken, locked by a password or far too long; E026 for pages
            without a text.
    """
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            if len(document) > _PAGES:
                raise refuse("E025", f"has more than {_PAGES} pages", name, hint="lint one report at a time")
            pages = [list(_lines(page, number)) for number, page in enumerate(document, start=1)]
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        what = "is locked by a password" if locked else "is not a PDF that can be read"
        raise refuse("E025", what, name, hint="save it without a password" if locked else "") from None
    if not any(map(_letters, pages)):
        raise refuse("E026", "holds no text", name)
    again = _repeated(pages)
    for page in pages:
        own = list(_without(again, page))
        base = min((line.left for _, line in own), default=0.0)
        for number, line in own:
            place = Place(name, cell=f"page {line.page}, line {number}")
            deep = line.left - base > _LABEL_INDENT
            cells = columns(line.text) if len(line.cells) == 1 else tuple(line.cells)
            yield Row(place, cells, _is_heading(line), deep, table=len(line.cells) > 1)


def _letters(page: list[_Line]) -> int:
    return sum(letter.isalpha() for line in page for letter in line.text)


def _repeated(pages: list[list[_Line]]) -> frozenset[str]:
    """What is printed at the head or foot of more than one page."""
    seen = Counter(_shape(line) for page in pages for line in page if line.edge)
    return frozenset(shape for shape, times in seen.items() if times > 1)


def _without(again: frozenset[str], page: list[_Line]) -> list[tuple[int, _Line]]:
    """The lines of a page with their numbers, without those at its head and foot that come again elsewhere.

    The first page keeps its head: what is repeated may be the heading of a section.
    """
    lines = list(enumerate(page, start=1))
    is_first = bool(page) and page[0].page == 1
    for end in (-1,) if is_first else (-1, 0):
        while lines and lines[end][1].edge and _shape(lines[end][1]) in again:
            lines.pop(end)
    return lines


def _shape(line: _Line) -> str:
    """A line without its digits: the numbers of pages differ."""
    return re.sub(r"\d+", "#", line.text)


def _is_heading(line: _Line) -> bool:
    alone = len(line.cells) == 1 and len(line.text) <= _LONGEST_HEADING and not line.text.endswith(".")
    return alone and not re.search(r":\s*\S", line.text) and (line.bold or in_capitals(line.text))


def _lines(page: pypdfium2.PdfPage, number: int) -> Iterator[_Line]:
    """The lines of a page from top to bottom."""
    text = page.get_textpage()
    height = page.get_height()
    letters = sorted(_on_page(text), key=lambda each: -each.base)
    together: list[_Letter] = []
    for letter in [*letters, None]:
        if together and (letter is None or together[0].base - letter.base > _SAME_LINE * together[0].size):
            line = _line(text, sorted(together, key=lambda each: (each.left, each.at)), number)
            line.edge = not _EDGE * height < line.base < (1 - _EDGE) * height
            yield line
            together = []
        if letter is not None:
            together.append(letter)


def _on_page(text: pypdfium2.PdfTextPage) -> Iterator[_Letter]:
    """The letters that are printed; spaces are told by the gaps that they leave."""
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for at in range(min(text.count_chars(), _LETTERS)):
        letter = chr(raw.FPDFText_GetUnicode(text.raw, at))
        if letter.isspace() or letter == "\0" or raw.FPDFText_IsGenerated(text.raw, at) == 1:
            continue
        raw.FPDFText_GetLooseCharBox(text.raw, at, box)
        raw.FPDFText_GetCharOrigin(text.raw, at, x, y)
        size = max(box.top - box.bottom, 1.0)
        yield _Letter(at, "-" if letter in "\x02\ufffe" else letter, box.left, box.right, y.value, size)


def _line(text: pypdfium2.PdfTextPage, letters: list[_Letter], page: int) -> _Line:
    line = _Line(page, letters[0].base, [""], letters[0].left, _is_bold(text, letters[0].at))
    end = letters[0].left
    for each in letters:
        gap = (each.left - end) / each.size
        if gap > _COLUMN:
            line.cells.append("")
        elif gap > _SPACE:
            line.cells[-1] += " "
        line.cells[-1] += each.letter
        end = max(each.right, end)
    return line


def _is_bold(text: pypdfium2.PdfTextPage, at: int) -> bool:
    name, flags = ctypes.create_string_buffer(_NAME), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text.raw, at, name, _NAME, flags)
    return _BOLD.search(name.value) is not None or raw.FPDFText_GetFontWeight(text.raw, at) >= 600
