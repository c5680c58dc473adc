"""The fonts of PDFs: their files, their order, and whether every character of a report has a glyph in one of them.

A missing glyph would be printed as an empty box with nothing but a log line to tell; here it is an error that names the
character before anything is laid out. A laboratory's font adds to ours and takes the place of none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import template_files
from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.formats.fallback import characters_of, has_mark, needed
from reportgen.formats.font_file import MACHINE, BrokenFontError, opened, renamed
from reportgen.formats.registry import FORMATS

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

    from reportgen.laboratory.model import File, Laboratory
    from reportgen.reports.model import Report

FACES = {"regular": "Carlito-Regular.ttf", "bold": "Carlito-Bold.ttf", "italic": "Carlito-Italic.ttf"}
_LIMIT = 5  # findings shown for one report
_SPACES = "\t\n\u00a0"  # set as a space, with or without a glyph of their own


def font_files() -> dict[str, Path]:
    """Face → file of the bundled font; raises S603 where one is missing."""
    return {face: _required(name) for face, name in FACES.items()}


@lru_cache(maxsize=4)
def own_faces(laboratory: Laboratory | None) -> dict[str, tuple[str, bytes]]:
    """Face → name and content of the font a laboratory brings, under one family's name; none where it brings none.

    Raises:
        FindingsError: T411 for a face that is missing or is no font.
    """
    files = {face: file for face in FACES if laboratory and (file := laboratory.file(face))}
    if not files or laboratory is None:
        return {}
    missing = [face for face in FACES if face not in files and face != "italic"]
    if missing:
        message = f"the font needs its {' and '.join(missing)} face too"
        raise refuse("T411", message, laboratory.own.shown, "layout", hint="name regular and bold")
    faces, family = {}, own_family(laboratory)
    for face, file in files.items():
        with _opened(file) as font:
            faces[face] = f"{face}-{laboratory.hash[:8]}{file.path.suffix}", renamed(font, family, face)
    return faces


def own_family(laboratory: Laboratory | None) -> str:
    """The name that a laboratory's font goes by, which no other font has; "" where it brings none."""
    return f"own {laboratory.hash[:8]}" if laboratory and laboratory.file("regular") else ""


@lru_cache(maxsize=8)
def _own_coverage(laboratory: Laboratory) -> frozenset[str]:
    """Every character that all faces of a laboratory's font can print."""
    sets = [_characters(file) for face in FACES if (file := laboratory.file(face))]
    return frozenset.intersection(*sets)


def _characters(file: File) -> frozenset[str]:
    with _opened(file) as font:
        characters = frozenset(map(chr, font.getBestCmap() or ()))
    if not characters:
        raise refuse("T411", "is a font without characters", file.shown)
    return characters


@contextmanager
def _opened(file: File) -> Iterator[TTFont]:
    """A font of a laboratory; T411 for what cannot be read as one."""
    try:
        with opened(BytesIO(file.data)) as font:
            yield font
    except BrokenFontError:
        raise refuse("T411", "is not a font that can be read", file.shown) from None


def _required(name: str) -> Path:
    return template_files.path(f"layouts/standard/fonts/{name}")


@lru_cache(maxsize=1)
def _bundled_coverage() -> frozenset[str]:
    """Every character that all bundled faces can print, as written down beside them (opening them takes long)."""
    listed = _required("coverage.txt").read_text(encoding="ascii").split()
    return frozenset(char for points in listed for char in characters_of(points) if not has_mark(char)) | {*_SPACES}


def coverage(laboratory: Laboratory | None = None) -> frozenset[str]:
    """Every character that the usual font of PDFs can print, or the laboratory's own."""
    usual = _bundled_coverage()
    return usual | _own_coverage(laboratory) if laboratory and own_faces(laboratory) else usual


def uncovered(text: Iterable[str], laboratory: Laboratory | None = None) -> frozenset[str]:
    """The characters of a text that no font can print in a PDF."""
    return needed(frozenset(text) - coverage(laboratory))[1]


def scripts(report: Report, laboratory: Laboratory | None = None) -> tuple[str, ...]:
    """The fonts of further scripts that a report needs; none for most.

    Raises:
        FindingsError: E503, naming character and place, where no font can print a character of the report.
    """
    usual = _bundled_coverage()  # what identifies a patient is never left to a laboratory's font
    printed = frozenset(char for text in _texts(report) for char in text)
    if usual.issuperset(printed):
        return ()
    names, left = needed(printed - usual)
    left -= coverage(laboratory)
    if left:
        from reportgen.formats.machine_fonts import found

        further, left = found(left)
        names += tuple(font.name for font in further)
    if not left:
        return names
    findings: dict[str, Finding] = {}
    for text, path, place in _placed(report):
        for char in sorted(left.intersection(text)):
            findings.setdefault(char, Finding("E503", place, path, lacking(char), remedy(char)))
    raise FindingsError(list(findings.values())[:_LIMIT])


def lacking(char: str) -> str:
    """What is said of a character that no font has; its script is the first word of its name."""
    script = unicodedata.name(char, "").partition(" ")[0].capitalize()
    return f"no font has U+{ord(char):04X}{f' ({script})' if script else ''}"


def remedy(char: str) -> str:
    """What to do where no font has a character: both ways, with the package of Debian that has most of its script."""
    script = unicodedata.name(char, "").partition(" ")[0]
    lines = template_files.path("fonts/packages.txt").read_text(encoding="ascii").splitlines()
    packages = dict(line.split() for line in lines if line and not line.startswith("#"))
    package = packages.get(script, packages["*"])
    others = ",".join(each.name for each in FORMATS.values() if not each.embeds_fonts)
    return (
        "name a font that has it in the profile (layout: regular, bold), or install one for its script on this machine "
        f"(Debian: {package}), or choose --format {others}"
    )


def chain(names: Sequence[str], usual: str, own: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Families in the order in which they are asked for a character: for any text, and for what identifies.

    There a laboratory's font comes behind ours, for it could draw any letter for another; one of the machine is last.
    """
    machine = tuple(name for name in names if name.startswith(MACHINE))
    safe, own_one = (usual, *names[: len(names) - len(machine)]), (own,) if own else ()
    return own_one + safe + machine, safe + own_one + machine


def _texts(report: Report) -> Iterator[str]:
    """Every printed text, the furniture of pages included."""
    pages = report.furniture
    yield from report.reading_order()
    yield from (pages.state_mark, *pages.patient, *pages.record, pages.page, pages.of)
    yield pages.continued.format(part=".")


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
    yield from ((text, "", Place()) for text in _texts(report))
