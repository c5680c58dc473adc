"""A profile's reports beside the built-in ones, on one page: what is said otherwise stands out."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from reportgen import template_files
from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, compose
from reportgen.reading.source import Mapping
from reportgen.reports.model import Block, Heading, Notice, Pairs, Paragraph, Report, Table
from reportgen.sandbox import FolderLoader, environment


class Compared(NamedTuple):
    """One case under both: its name, the rows of each section, how many differ, and the codes that refused it."""

    name: str
    sections: tuple[dict[str, object], ...] = ()
    changed: int = 0
    refused: str = ""


def preview(laboratory: Laboratory, cases: list[tuple[str, Mapping | Path]]) -> str:
    """The page that compares named cases, as HTML that needs nothing beside it."""
    compared = [compare(name, case, laboratory) for name, case in cases]
    folder = template_files.path("layouts/preview/preview.html").parent
    values = {
        "profile": f"{laboratory.spec.name} {laboratory.spec.version}",
        "hash": laboratory.hash[:12],
        "number": len(compared),
        "differing": sum(each.changed > 0 for each in compared),
        "cases": tuple({**each._asdict(), "same": each.changed == 0 and not each.refused} for each in compared),
    }
    return environment(escape=True, loader=FolderLoader(folder)).get_template("preview.html").render(values)


def compare(name: str, case: Mapping | Path, laboratory: Laboratory) -> Compared:
    """One case composed with the built-in words and with the profile's."""
    try:
        built_in, own = compose(case, Settings()), compose(case, Settings(laboratory=laboratory))
    except FindingsError as error:
        return Compared(name, refused="; ".join(sorted({finding.code for finding in error.findings})))
    theirs, ours = _sections(built_in), _sections(own)
    rows = {title: tuple(_rows(theirs.get(title, []), ours.get(title, []))) for title in {**ours, **theirs}}
    changed = {title: sum(bool(row["changed"]) for row in each) for title, each in rows.items()}
    sections = tuple({"title": title, "rows": each, "changed": changed[title] > 0} for title, each in rows.items())
    return Compared(name, sections, sum(changed.values()))


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
            yield from filter(None, (caption, *(f"{pair.label}: {pair.text}" for pair in pairs)))
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
