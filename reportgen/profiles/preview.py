"""A profile's reports beside the built-in ones, on one page: what is said otherwise stands out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from reportgen import template_files
from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, check, compose
from reportgen.profiles.pairwise import pairwise
from reportgen.reading.source import Mapping, source_of
from reportgen.reports.model import Block, Heading, Notice, Pairs, Paragraph, Report, Table
from reportgen.sandbox import FolderLoader, environment


class Compared(NamedTuple):
    """One case under both: its name, the rows of each section, how many differ, and the codes that refused it."""

    name: str
    sections: tuple[dict[str, object], ...] = ()
    changed: int = 0
    refused: str = ""


def preview(laboratory: Laboratory, cases: Iterable[tuple[str, Mapping | Path]], number: int = 0) -> str:
    """The page that compares named cases and so many invented ones: HTML that needs nothing beside it.

    The invented cases are those of each protocol that the profile changes or brings: of the others they would show only
    what the named cases show, the words of every report. A protocol that it brings and that is not in order is named.
    """
    compared = [compare(name, case, laboratory) for name, case in cases]
    for id in sorted(laboratory.changed_protocols | laboratory.own_protocols.keys()) if number else ():
        compared += _invented(id, laboratory, number)
    folder = template_files.path("layouts/preview/preview.html").parent
    values = {
        "profile": f"{laboratory.spec.name} {laboratory.spec.version}",
        "hash": laboratory.hash[:12],
        "number": len(compared),
        "differing": sum(each.changed > 0 for each in compared),
        "cases": tuple({**each._asdict(), "same": each.changed == 0 and not each.refused} for each in compared),
    }
    return environment(escape=True, loader=FolderLoader(folder)).get_template("preview.html").render(values)


def _invented(id: str, laboratory: Laboratory, number: int) -> Iterator[Compared]:
    try:
        made = pairwise(id, laboratory, number)
    except FindingsError as error:
        if id not in laboratory.own_protocols:
            raise
        yield Compared(f"{id} (not in order)", refused=_codes(error))
        return
    for case, _ in made:
        yield compare(f"{id}, invented {case['accession']}", source_of(case), laboratory)


def compare(name: str, case: Mapping | Path, laboratory: Laboratory) -> Compared:
    """One case composed with the built-in words and with the profile's, whose protocols have no built-in words."""
    try:
        checked = check(case, Settings(laboratory=laboratory))
        ours = _sections(compose(checked, Settings(laboratory=laboratory)))
        brought = (
            any(laboratory.bringing(part.protocol.protocol.id) for part in checked.case.parts)
            if checked.case
            else False
        )
        theirs = {} if brought else _sections(compose(case, Settings()))
    except FindingsError as error:
        return Compared(name, refused=_codes(error))
    rows = {title: tuple(_rows(theirs.get(title, []), ours.get(title, []))) for title in {**ours, **theirs}}
    changed = {title: sum(bool(row["changed"]) for row in each) for title, each in rows.items()}
    sections = tuple({"title": title, "rows": each, "changed": changed[title] > 0} for title, each in rows.items())
    return Compared(name, sections, sum(changed.values()))


def _codes(error: FindingsError) -> str:
    return "; ".join(sorted({finding.code for finding in error.findings}))


def _sections(report: Report) -> dict[str, list[str]]:
    """What each section prints, text by text; the head of the report under its title."""
    head = [report.letterhead.name, *report.letterhead.lines, report.title, *(each.text for each in report.notices)]
    head += [f"{pair.label}: {pair.text}" for pair in report.identification.pairs]
    found = {"head": head}
    for section in report.sections:
        found[section.id] = [section.title, *(text for block in section.blocks for text in _texts(block))]
    return found


def _texts(block: Block) -> Iterator[str]:
    """A block text by text; an answer with its element, a row with its cells."""
    match block:
        case Paragraph(sentences=sentences):
            yield from (sentence.text for sentence in sentences)
        case Pairs(pairs=pairs, caption=caption):
            yield from filter(None, (caption, *(": ".join(filter(None, pair[:2])) for pair in pairs)))
        case Table(columns=columns, rows=rows):
            yield " · ".join(columns)
            yield from (" · ".join(cell.text for cell in row) for row in rows)
        case Heading(text=text) | Notice(text=text):
            yield text


def _rows(theirs: list[str], ours: list[str]) -> Iterator[dict[str, object]]:
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        for built_in, own in zip_longest(theirs[a:b], ours[c:d], fillvalue=""):
            yield {"built_in": built_in, "own": own, "changed": kind != "equal"}
