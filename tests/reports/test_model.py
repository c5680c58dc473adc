"""The report as one value: everything that is printed, in reading order."""

from __future__ import annotations

import pytest

from reportgen.reports.model import (
    Cell,
    Furniture,
    Heading,
    Letterhead,
    Notice,
    Pair,
    Pairs,
    Paragraph,
    Report,
    Section,
    Sentence,
    Table,
)
from tests.support.toy import Templates, toy_report


def texts_in(value: object) -> list[str]:
    """Every text that a block holds, by walking its fields."""
    match value:
        case Heading(text=text) | Notice(text=text):
            return [text]
        case Sentence(text=text):
            return [text]
        case Paragraph(sentences=sentences):
            return [text for sentence in sentences for text in texts_in(sentence)]
        case Pair(label=label, text=text):
            return [label, text]
        case Pairs(pairs=pairs, caption=caption):
            return [*filter(None, [caption]), *(text for pair in pairs for text in texts_in(pair))]
        case Table(columns=columns, rows=rows):
            return [*columns, *(cell.text for row in rows for cell in row if cell.text)]
    raise AssertionError(value)


@pytest.fixture(name="report")
def fixture_report(templates: Templates) -> Report:
    templates.load("- {id: x, kind: text, title: X, status: core, source: {book: p}}\n")
    return toy_report({"received_as": "label"}, {"x": "y"})


def test_the_reading_order_is_everything_once(report: Report) -> None:
    wanted = [report.letterhead.name, *report.letterhead.lines, report.title]
    wanted += [text for notice in report.notices for text in texts_in(notice)] + texts_in(report.identification)
    for section in report.sections:
        wanted += [section.title, *(text for block in section.blocks for text in texts_in(block))]
    assert list(report.reading_order()) == wanted
    assert len(wanted) > 30


def test_sentences_and_pairs_are_those_of_the_blocks(report: Report) -> None:
    order = list(report.reading_order())
    for sentence in report.sentences():
        assert sentence.text in order
    pairs = list(report.pairs())
    assert pairs[: len(report.identification.pairs)] == list(report.identification.pairs)
    assert {"X", "Site", "Accession"} <= {pair.label for pair in pairs}
    assert len(list(report.blocks())) == sum(len(section.blocks) for section in report.sections)


def test_an_empty_cell_is_not_read(report: Report) -> None:
    table = Table(("a", "b"), ((Cell("x"), Cell("")),))
    bare = Report(
        report.state,
        Letterhead("L"),
        "T",
        (),
        Pairs(()),
        (Section("s", "S", (table,)),),
        report.furniture,
        report.metadata,
    )
    assert list(bare.reading_order()) == ["L", "T", "S", "a", "b", "x"]


def test_a_report_is_frozen(report: Report) -> None:
    for value in (report, report.sections[0], report.furniture, report.metadata, next(iter(report.sentences()))):
        with pytest.raises(AttributeError):
            setattr(value, next(iter(value._fields)), "x")
    assert isinstance(report.furniture, Furniture)
