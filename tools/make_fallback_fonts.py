"""Make the fonts for further scripts: the letters of each script from Debian's font packages, without hints.

    pip install uharfbuzz
    apt-get download fonts-noto-core fonts-noto-cjk fonts-droid-fallback
    for each in *.deb; do dpkg-deb -x "$each" packages; done
    .venv/bin/python tools/make_fallback_fonts.py packages

The same packages give the same bytes. `templates/fonts/SOURCES.txt` lists what was taken. `scripts.txt` beside it lists
the characters of each font and their widths, so that no report has to open a font to look them up.
"""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "templates" / "fonts"
_PACKAGES = {"Noto": "fonts-noto-core 20201225-1", "CJK": "fonts-noto-cjk 1:20220127+repack1-1",
             "Droid": "fonts-droid-fallback 1:6.0.1r16-1.1"}  # fmt: skip
# Spaces and joiners use the font of the letters beside them; the circle carries a mark without a letter.
_JOINERS = "20 A0 200C-200D 25CC"
_MARKS = "300-36F 1AB0-1AFF 1DC0-1DFF 20D0-20F0 FE20-FE2F"
_LATIN = f"20-7E A0-52F 1C80-1C8F 1D00-1DBF 1E00-1FFF 2010-2027 2030-205E 2070-209F 20A0-20BF 2100-218F 2C60-2C7F \
2DE0-2DFF 2E00-2E4F A640-A69F A700-A7FF AB30-AB6F {_MARKS}"
_IDEOGRAPHS = "20 A0 2E80-2FDF 3000-A4CF F900-FAFF FE30-FE4F FF00-FFEF AC00-D7FF 1100-11FF 20000-3FFFF"
# Marks of letters that can also carry a tone, then tones and other marks, then letters that are not composed.
_STACKED = "\u0302\u0303\u0304\u0306\u0308\u031b\u0323\u0327\u0328\u0331"
_TONES = "300-304 306-308 30A-30D 30F 311 323-325 327-328 32D 330-331"
_LETTERS = "ƁɓƊɗƎǝƏəƐɛƔɣƖɩƗɨƘƙŊŋƆɔƟɵƱʊƲʋƳƴɄʉÆæØøŒœĐđĦħŁłŦŧıƝɲ"
_LATIN_SCALE = 1.1  # Noto Sans units per Carlito unit at the same cap height


class Source(NamedTuple):
    """A font to make: its name, its faces, the Unicode blocks taken, its file, and its number in that file."""

    name: str
    faces: tuple[str, ...]
    blocks: str
    file: str = ""
    number: int = -1


def _noto(script: str, blocks: str, *, bold: bool = False, style: str = "Sans") -> Source:
    return Source(f"Noto{style}{script}", ("Regular", "Bold") if bold else ("Regular",), f"{blocks} {_JOINERS}")


SOURCES = (
    Source("NotoSans", ("Regular", "Bold"), f"{_LATIN} {_JOINERS}"),
    _noto("Arabic", "600-6FF 750-77F 8A0-8FF FB50-FDFF FE70-FEFC", bold=True),
    _noto("Hebrew", "590-5FF FB1D-FB4F", bold=True),
    _noto("Armenian", "530-58F FB13-FB17", bold=True),
    _noto("Georgian", "10A0-10FF 1C90-1CBF 2D00-2D2F", bold=True),
    _noto("Devanagari", "900-97F 1CD0-1CFF A8E0-A8FF A830-A839", bold=True),
    _noto("Bengali", "980-9FF", bold=True),
    _noto("Gurmukhi", "A00-A7F", bold=True),
    _noto("Gujarati", "A80-AFF", bold=True),
    _noto("Oriya", "B00-B7F", bold=True),
    _noto("Tamil", "B80-BFF", bold=True),
    _noto("Telugu", "C00-C7F", bold=True),
    _noto("Kannada", "C80-CFF", bold=True),
    _noto("Malayalam", "D00-D7F", bold=True),
    _noto("Sinhala", "D80-DFF 111E0-111FF", bold=True),
    _noto("Thai", "E00-E7F", bold=True),
    _noto("Lao", "E80-EFF", bold=True),
    _noto("Tibetan", "F00-FFF", bold=True, style="Serif"),
    _noto("Myanmar", "1000-109F A9E0-A9FF AA60-AA7F", bold=True),
    _noto("Khmer", "1780-17FF 19E0-19FF", bold=True),
    _noto("Ethiopic", "1200-139F 2D80-2DDF AB00-AB2F", bold=True),
    _noto("Cherokee", "13A0-13FF AB70-ABBF", bold=True),
    _noto("CanadianAboriginal", "1400-167F 18B0-18FF", bold=True),
    _noto("Thaana", "780-7BF", bold=True),
    _noto("Syriac", "700-74F 860-86F"),
    _noto("NKo", "7C0-7FF"),
    _noto("Adlam", "1E900-1E95F", bold=True),
    _noto("Tifinagh", "2D30-2D7F"),
    _noto("Mongolian", "1800-18AF 11660-1167F"),
    _noto("Osage", "104B0-104FF"),
    _noto("Vai", "A500-A63F"),
    _noto("Lisu", "A4D0-A4FF", bold=True),
    _noto("Yi", "A000-A4CF"),
    _noto("OlChiki", "1C50-1C7F", bold=True),
    _noto("MeeteiMayek", "ABC0-ABFF AAE0-AAFF"),
    _noto("Limbu", "1900-194F"),
    _noto("Lepcha", "1C00-1C4F"),
    _noto("SylotiNagri", "A800-A82F"),
    _noto("Chakma", "11100-1114F"),
    _noto("HanifiRohingya", "10D00-10D3F"),
    _noto("KayahLi", "A900-A92F", bold=True),
    _noto("NewTaiLue", "1980-19DF"),
    _noto("TaiLe", "1950-197F"),
    _noto("TaiViet", "AA80-AADF"),
    _noto("TaiTham", "1A20-1AAF", bold=True),
    _noto("Cham", "AA00-AA5F", bold=True),
    _noto("Javanese", "A980-A9DF", bold=True),
    _noto("Balinese", "1B00-1B7F", bold=True),
    _noto("Sundanese", "1B80-1BBF 1CC0-1CCF", bold=True),
    _noto("Buginese", "1A00-1A1F"),
    _noto("Batak", "1BC0-1BFF"),
    _noto("Miao", "16F00-16F9F"),
    _noto("PahawhHmong", "16B00-16B8F"),
    _noto("Coptic", "2C80-2CFF 3E2-3EF"),
    Source("DroidSansFallback", ("Regular",), _IDEOGRAPHS, "DroidSansFallback.ttf"),
    Source("DroidSansFallbackFull", ("Regular",), "20 A0 3400-4DBF", "DroidSansFallbackFull.ttf"),
    Source("NotoSansCJK", ("Regular",), _IDEOGRAPHS, "NotoSansCJK-Regular.ttc", 0),
)  # fmt: skip


def points_of(blocks: str) -> set[int]:
    """The code points of blocks in the notation above."""
    found: set[int] = set()
    for block in blocks.split():
        first, _, last = block.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def clusters() -> Iterator[str]:
    """A letter with a mark for which Unicode has no letter of its own, as alphabets use them."""
    letters = {chr(point) for point in points_of("41-5A 61-7A")} | set(_LETTERS)
    composed = (chr(point) for point in points_of("C0-24F 1E00-1EF9"))
    letters |= {each for each in composed if set(unicodedata.normalize("NFD", each)[1:]) & set(_STACKED)}
    for letter in sorted(letters):
        for mark in sorted(points_of(_TONES)):
            pair = unicodedata.normalize("NFC", letter + chr(mark))
            if len(pair) == 2:
                yield pair


def _compose(font: TTFont, original: Path) -> None:
    """Give the font one glyph for each cluster, with letter and mark placed as a shaper places them.

    Why: a mark raised above a capital is a separate piece of text in a PDF, so copied text would contain it twice.
    """
    import uharfbuzz as hb

    shaper = hb.Font(hb.Face(original.read_bytes()))
    order, glyphs, by_name = TTFont(original).getGlyphOrder(), font["glyf"], font.getBestCmap()
    rules, known = [], set()
    for number, pair in enumerate(clusters()):
        letter, mark = (by_name.get(ord(each)) for each in pair)
        buffer = hb.Buffer()
        buffer.add_str(pair)
        buffer.guess_segment_properties()
        hb.shape(shaper, buffer)
        pen, at, name = TTGlyphPen(glyphs), 0, f"cluster{number}"
        parts = [order[info.codepoint] for info in buffer.glyph_infos]
        if not letter or not mark or (letter, mark) in known or any(part not in glyphs for part in parts):
            continue
        known.add((letter, mark))
        for part, position in zip(parts, buffer.glyph_positions, strict=True):
            pen.addComponent(part, (1, 0, 0, 1, at + position.x_offset, position.y_offset))
            at += position.x_advance
        glyphs[name] = pen.glyph()
        font["hmtx"][name] = (at, 0)
        rules.append(f"sub {letter} {mark} by {name};")
    font.setGlyphOrder(glyphs.glyphOrder)
    font["post"].formatType = 3.0
    for name in (rule.split()[-1].rstrip(";") for rule in rules):
        glyphs[name].recalcBounds(glyphs)
        font["hmtx"][name] = (font["hmtx"][name][0], glyphs[name].xMin)
    systems = "".join(f"languagesystem {script} dflt;\n" for script in ("DFLT", "latn", "grek", "cyrl"))
    feature = f"feature ccmp {{\n{chr(10).join(rules)}\n}} ccmp;"
    addOpenTypeFeaturesFromString(font, systems + feature, tables=["GSUB"])


def _made(font: TTFont, points: Iterable[int], name: str, face: str, source: Path) -> TTFont:
    """The font with only these characters, under one name for all its faces."""
    options = Options(
        hinting=False, layout_features=["*"], glyph_names=name == "NotoSans", notdef_outline=True, legacy_kern=False
    )
    options.recalc_timestamp = False
    options.name_IDs = [0, 7, 13, 14]  # copyright, trademark and license
    options.drop_tables += ["STAT", "meta", "vhea", "vmtx", "VORG", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    if name == "NotoSans":
        _compose(font, source)
    font.recalcTimestamp = False
    for number, text in ((1, name), (2, face), (3, f"{name}-{face}"), (4, f"{name} {face}"), (6, f"{name}-{face}")):
        font["name"].setName(text, number, 3, 1, 0x409)
    if name == "NotoSans":
        font["head"].unitsPerEm = round(font["head"].unitsPerEm * _LATIN_SCALE)
    return font


def _widths(faces: list[TTFont]) -> Iterator[tuple[int, int]]:
    """Each character that all faces have, and its width in the widest face, in thousandths of the type size."""
    shared = set.intersection(*({*font.getBestCmap()} for font in faces))
    for point in sorted(shared):
        yield point, max(-(-_advance(font, point) * 1000 // font["head"].unitsPerEm) for font in faces)


def _advance(font: Any, point: int) -> int:
    return int(font["hmtx"][font.getBestCmap()[point]][0])


def _ranges(widths: Iterable[tuple[int, int]]) -> Iterator[str]:
    ranges: list[list[int]] = []
    for point, wide in widths:
        if ranges and point == ranges[-1][1] + 1 and wide == ranges[-1][2]:
            ranges[-1][1] = point
        else:
            ranges.append([point, point, wide])
    return (f"{first:X}-{last:X} {wide}\n" for first, last, wide in ranges)


def main(packages: Path) -> None:
    """Make all fonts again from the unpacked packages."""
    for path in FONTS.glob("*/"):
        shutil.rmtree(path)
    taken: set[int] = set()
    scripts, sources = [], [f"{package}\n" for package in _PACKAGES.values()]
    for source in SOURCES:
        wanted = points_of(source.blocks)
        if source.name in ("DroidSansFallbackFull", "NotoSansCJK"):  # these only fill gaps of the fonts before them
            wanted -= taken - {0x20, 0xA0}
        faces = []
        folder = FONTS / source.name
        folder.mkdir(parents=True)
        for face in source.faces:
            path = sorted(packages.rglob(source.file or f"{source.name}-{face}.ttf"))[0]
            font = TTFont(path, fontNumber=source.number, lazy=True)
            sources.append(f"{source.name}-{face}: {path.name}, {font['name'].getDebugName(5)}\n")
            points = {point for point in wanted if point in font.getBestCmap()}
            points = {point for point in points if unicodedata.category(chr(point)) != "Cn"}
            made = _made(font, points, source.name, face, path)
            made.save(folder / f"{source.name}-{face}{'.otf' if 'CFF ' in made else '.ttf'}")
            faces.append(made)
        widths = list(_widths(faces))
        taken.update(point for point, _ in widths)
        scripts.append(f"[{source.name} {' '.join(source.faces)}]\n{''.join(_ranges(widths))}")
    (FONTS / "scripts.txt").write_text("".join(scripts), encoding="ascii")
    (FONTS / "SOURCES.txt").write_text("".join(sources), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
