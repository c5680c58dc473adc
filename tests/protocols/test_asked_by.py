"""What an accreditation asks for is marked so, wherever a protocol is read: with the scope that the protocol names."""

from __future__ import annotations

from reportgen.profiles.phrasebook import as_report
from reportgen.profiles.phrases import phrasebook
from reportgen.profiles.printout import printout
from reportgen.protocols.load import load_protocol
from reportgen.protocols.page import page
from reportgen.reports.load_labels import load_labels
from tests.support.toy import Templates, toy_report

ASKED = "- {id: depth, kind: text, title: Depth, asked_by: {book: element 3}, source: {book: p}}\n"
MARK = "asked for by A book: element 3"


def test_pages_documents_and_phrasebooks_say_who_asks_for_an_element(templates: Templates) -> None:
    made = templates.load(ASKED)
    assert [line.strip() for line in page(made) if "asked for" in line] == [MARK]
    cells = [cell.text for block in printout(made, load_labels(None)).blocks() for row in getattr(block, "rows", ())
             for cell in row]  # fmt: skip
    assert [each for each in cells if "asked for" in each] == [f"optional, {MARK}"]
    book = phrasebook("toy", None)
    assert [(each.id, each.asked_by) for each in book.phrases if each.asked_by] == [("depth", "A book: element 3")]
    pairs = [pair for pair in as_report(book, None).pairs() if pair.label == "Asked for by"]
    assert [pair.text for pair in pairs] == ["A book: element 3"]


def test_no_report_says_it(templates: Templates) -> None:
    templates.load(ASKED)
    report = toy_report({"depth": "2 mm"})
    assert not [pair for pair in report.pairs() if "element 3" in pair.label + pair.text]


def test_who_asks_is_among_the_sources(templates: Templates) -> None:
    found = templates.refused(ASKED.replace("asked_by: {book:", "asked_by: {boko:"))
    assert [(each.code, each.path, each.message) for each in found] == [
        ("T405", "depth", '"boko" is not among the sources')
    ]


def test_a_protocol_marks_what_a_fragment_brings(templates: Templates) -> None:
    fragments = templates.folder / "protocols" / "fragments"
    fragments.mkdir()
    (fragments / "depth.yaml").write_text(
        "sources: {book: {title: A book}}\nsections:\n  - id: main\n    title: Main\n    elements:\n      "
        + ASKED.replace("asked_by: {book: element 3}, ", ""),
        encoding="utf-8",
    )
    templates.write(extra="use: [depth]\nchange: {elements: {depth: {asked_by: {book: element 3}}}}\n")
    assert MARK in [line.strip() for line in page(load_protocol("toy"))]
