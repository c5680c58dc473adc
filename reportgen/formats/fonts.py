"""The bundled fonts: their files, and whether every character of a report has a glyph in them.

A missing glyph would be printed as an empty box with nothing but a log line to tell; here it is an error that names the
character before anything is laid out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import layers
from reportgen.findings import Finding, FindingsError, Place, refuse

if TYPE_CHECKING:
    from reportgen.laboratory.model import File, Laboratory
    from reportgen.reports.model import Report

FACES = {"regular": "Carlito-Regular.ttf", "bold": "Carlito-Bold.ttf", "italic": "Carlito-Italic.ttf"}
_LIMIT = 5  # findings shown for one report
_SPACES = "\t\n\u00a0"  # set as a space, with or without a glyph of their own


def font_files() -> dict[str, Path]:
    """Face → file of the bundled font; raises S603 where one is missing."""
    return {face: _required(name) for face, name in FACES.items()}


def bundled_names() -> dict[str, str]:
    """Face → file name of the bundled font."""
    return {face: path.name for face, path in font_files().items()}


@lru_cache(maxsize=4)
def own_faces(laboratory: Laboratory | None) -> dict[str, tuple[str, bytes]]:
    """Face → name and content of the font a laboratory brings; none where it brings none.

    Raises:
        FindingsError: T411 for a face that is missing or is no font.
    """
    files = {face: file for face in FACES if laboratory and (file := laboratory.file(face))}
    if not files or laboratory is None:
        return {}
    missing = [face for face in FACES if face not in files]
    if missing:
        message = f"the font needs its {' and '.join(missing)} face too"
        raise refuse("T411", message, laboratory.own.shown, "layout", hint="name regular, bold and italic")
    for file in files.values():
        _characters(file)
    digest = laboratory.hash[:8]
    return {face: (f"{face}-{digest}{file.path.suffix}", file.data) for face, file in files.items()}


@lru_cache(maxsize=8)
def _own_coverage(laboratory: Laboratory) -> frozenset[str]:
    """Every character that all faces of a laboratory's font can print."""
    sets = [_characters(file) for face in FACES if (file := laboratory.file(face))]
    return frozenset.intersection(*sets) | frozenset(_SPACES)


def _characters(file: File) -> frozenset[str]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(BytesIO(file.data), lazy=True) as font:
            characters = frozenset(map(chr, font.getBestCmap() or ()))
    except (TTLibError, KeyError, ValueError, AssertionError, struct.error, EOFError):
        raise refuse("T411", "is not a font that can be read", file.shown) from None
    if not characters:
        raise refuse("T411", "is a font without characters", file.shown)
    return characters


def _required(name: str) -> Path:
    paths = layers.find(f"layouts/standard/fonts/{name}")
    if not paths:
        raise refuse("S603", f"{name} of the bundled font is missing")
    return paths[-1]


@lru_cache(maxsize=1)
def _bundled_coverage() -> frozenset[str]:
    """Every character that all bundled faces can print, as written down beside them (opening them takes long)."""
    characters = set(_SPACES)
    for line in _required("coverage.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        characters.update(map(chr, range(int(first, 16), int(last, 16) + 1)))
    return frozenset(characters)


def coverage(laboratory: Laboratory | None = None) -> frozenset[str]:
    """Every character that the font of PDFs can print: the laboratory's own, or the bundled one."""
    return _own_coverage(laboratory) if laboratory and own_faces(laboratory) else _bundled_coverage()


def require_glyphs(report: Report, laboratory: Laboratory | None = None) -> None:
    """Raise E503, naming character and place, where the font cannot print a character of the report."""
    known = coverage(laboratory)
    if known.issuperset(_printed(report)):
        return
    findings: dict[str, Finding] = {}
    for text, path, place in _placed(report):
        for char in sorted(set(text) - known):
            message = f"the font has no U+{ord(char):04X}"
            findings.setdefault(char, Finding("E503", place, path, message))
    raise FindingsError(list(findings.values())[:_LIMIT])


def _printed(report: Report) -> set[str]:
    characters: set[str] = set()
    for text in (*report.reading_order(), *_furniture(report)):
        characters.update(text)
    return characters


def _furniture(report: Report) -> Iterable[str]:
    furniture = report.furniture
    return (furniture.state_mark, *furniture.patient, *furniture.record, furniture.page, furniture.of)


def _placed(report: Report) -> Iterator[tuple[str, str, Place]]:
    """Every printed text with where it came from, as far as that is known."""
    from reportgen.reports.model import Table

    for sentence in report.sentences():
        used = sentence.answers[0] if sentence.answers else None
        yield sentence.text, used.path if used else sentence.clause, used.place if used else Place()
    for pair in report.pairs():
        yield pair.label + pair.text, pair.path, pair.place
    for block in report.blocks():
        if isinstance(block, Table):
            yield from ((cell.text, cell.path, cell.place) for row in block.rows for cell in row)
    for text in (*report.reading_order(), *_furniture(report)):
        yield text, "", Place()
