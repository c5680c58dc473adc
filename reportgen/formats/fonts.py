"""The bundled fonts: their files, and whether every character of a report has a glyph in them.

A missing glyph would be printed as an empty box with nothing but a log line to tell; here it is an error that names the
character before anything is laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from reportgen import layers
from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.reports.model import Report, Table

FACES = {"regular": "Carlito-Regular.ttf", "bold": "Carlito-Bold.ttf", "italic": "Carlito-Italic.ttf"}
_LIMIT = 5  # findings shown for one report
_SPACES = "\t\n\u00a0"  # set as a space, with or without a glyph of their own


def font_files() -> dict[str, Path]:
    """Face → file of the bundled font; raises S603 where one is missing."""
    return {face: _required(name) for face, name in FACES.items()}


def _required(name: str) -> Path:
    paths = layers.find(f"layouts/standard/fonts/{name}")
    if not paths:
        raise refuse("S603", f"{name} of the bundled font is missing")
    return paths[-1]


@lru_cache(maxsize=1)
def coverage() -> frozenset[str]:
    """Every character that all bundled faces can print, as written down beside them (opening them takes long)."""
    characters = set(_SPACES)
    for line in _required("coverage.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        characters.update(map(chr, range(int(first, 16), int(last, 16) + 1)))
    return frozenset(characters)


def require_glyphs(report: Report) -> None:
    """Raise E503, naming character and place, where the bundled font cannot print a character of the report."""
    known = coverage()
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
