"""Take a Word file apart, and the reports that the Word tests share."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from reportgen.formats.docx import render
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Letterhead, Notice, Pairs, Report, Section, Table, Tone
from tests.formats.specimen import (
    CHARACTERS,
    HOSTILE,
    REPORT,
    finalized,
    long_report,
    pairs,
    paragraph,
    stains,
    with_sections,
    with_text,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONG_WORD = "W" * 400
INJECTED = "neg</w:t></w:r></w:p><w:p><w:r><w:t>FORGED</w:t></w:r></w:p> ]]> <![CDATA[x]]> <!DOCTYPE a> &x; <?y?>"


def final() -> Report:
    report = finalized()
    return report._replace(metadata=report.metadata._replace(keywords=("final",)))


REPORTS = {
    "draft": REPORT,
    "finalized": final(),
    "long": long_report(12, 3),
    "hostile": with_text(HOSTILE + INJECTED + CHARACTERS),
    "long word": with_text(LONG_WORD),
    "odd identification": REPORT._replace(identification=Pairs(REPORT.identification.pairs[:3])),
    "bare": REPORT._replace(letterhead=Letterhead("[NONE]", gap=True), identification=Pairs(()), sections=()),
    "tables only": with_sections(
        Section("a", "A", (pairs([("x", "y")]), pairs([("z", "w")]), stains("SMA"), stains("Desmin"))),
        Section("b", "B", (pairs([("x", "y")]), Notice("Note", Tone.gap), pairs([("x", "y")]), paragraph("Text"))),
        Section("c", "C", (stains("SMA"),)),
        Section("empty", "Empty", ()),
        Section("d", "D", (Pairs((), "Caption"), Table(("Head",), ()))),
    ),
}
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
both_papers = pytest.mark.parametrize("paper", ["letter", "a4"])


def parts_of(report: Report = REPORT, paper: str = "letter") -> dict[str, bytes]:
    with ZipFile(BytesIO(render(report, load_layout(paper=paper)))) as package:
        return {name: package.read(name) for name in package.namelist()}


def tree_of(report: Report = REPORT, part: str = "document", paper: str = "letter") -> etree._Element:
    return etree.fromstring(parts_of(report, paper)[f"word/{part}.xml"])


def text_of(element: etree._Element) -> str:
    return "".join(item.text or "" for item in element.iter(f"{W}t"))


def runs_of(report: Report, part: str) -> list[str]:
    """The text of each run with its tabs and breaks, without the single spaces that part two sentences."""
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    runs = tree_of(report, part).iter(f"{W}r")
    texts = ["".join(signs.get(str(item.tag), item.text or "") for item in run) for run in runs]
    return [text for text in texts if text != " "]


def value_of(element: etree._Element, path: str, name: str = "val") -> str | None:
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{W}{name}")


def style_named(name: str, report: Report = REPORT) -> etree._Element:
    found = [style for style in tree_of(report, "styles").iter(f"{W}style") if value_of(style, "name") == name]
    assert len(found) == 1, name
    return found[0]


def lines_of(report: Report = REPORT) -> list[tuple[str | None, str]]:
    return [(value_of(line, "pPr/pStyle"), text_of(line)) for line in tree_of(report).iter(f"{W}p")]
