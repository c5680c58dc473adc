"""A profile's reports beside the built-in ones, on one page: what is said otherwise stands out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from reportgen import template_files
from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, compose
from reportgen.reading.source import Mapping
from reportgen.reports.model import Block, Heading, Notice, Pairs, Paragraph, Report, Table
from reportgen.sandbox import FolderLoader, environment


@dataclass(frozen=True)
class Compared:
    """One case under both: its name, the rows of each section, and what refused it, if anything did."""

    name: str
    sections: tuple[dict[str, Any], ...]
    changed: int
    refused: str = ""


def preview(laboratory: Laboratory, cases: list[tuple[str, Mapping | Path]]) -> str:
    """The page, as HTML that needs nothing beside it.

    Args:
        laboratory: the profile.
        cases: the name of each case, and the case.
    """
    compared = [compare(name, case, laboratory) for name, case in cases]
    folder = template_files.path("layouts/preview/preview.html").parent
    values = {
        "profile": f"{laboratory.spec.name} {laboratory.spec.version}",
        "hash": laboratory.hash[:12],
        "number": str(len(compared)),
        "differing": str(sum(each.changed > 0 for each in compared)),
        "cases": tuple(
            {"name": each.name, "sections": each.sections, "changed": str(each.changed), "refused": each.refused,
             "same": each.changed == 0 and not each.refused}
            for each in compared
        ),
    }  # fmt: skip
    return environment(escape=True, loader=FolderLoader(folder)).get_template("preview.html").render(values)


def compare(name: str, case: Mapping | Path, laboratory: Laboratory) -> Compared:
    """One case composed with the built-in words and with the profile's."""
    try:
        built_in, own = compose(case, Settings()), compose(case, Settings(laboratory=laboratory))
    except FindingsError as error:
        return Compared(name, (), 0, "; ".join(sorted({finding.code for finding in error.findings})))
    sections = []
    total = 0
    theirs, ours = _sections(built_in), _sections(own)
    for title in dict.fromkeys([*ours, *theirs]):
        rows = tuple(_rows(theirs.get(title, []), ours.get(title, [])))
        changed = sum(bool(row["changed"]) for row in rows)
        total += changed
        sections.append({"title": title, "rows": rows, "changed": changed > 0})
    return Compared(name, tuple(sections), total)


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


def _rows(theirs: list[str], ours: list[str]) -> Iterator[dict[str, Any]]:
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        left, right = theirs[a:b], ours[c:d]
        for number in range(max(len(left), len(right))):
            yield {
                "built_in": left[number] if number < len(left) else "",
                "own": right[number] if number < len(right) else "",
                "changed": kind != "equal",
            }
