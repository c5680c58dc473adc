"""One part's share: header line, diagnosis, comment, the pathologist's own words, and visible marks for what waits."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.reports.model import Block, Paragraph, Role, Sentence
from tests.support.toy import Templates, toy_report

FORM = """\
- {id: kind, kind: choice, title: Long kind, label: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: more, kind: choice, title: More, status: core, choices: [{id: x}, {id: y}], source: {book: p}}
- {id: maybe, kind: text, title: Maybe, lines: true, source: {book: p}}
"""
SPOKEN = """\
header:
  id: header
  title: Specimen
  clauses: [{id: plain, when: site is answered, say: "Skin, {{ site }}:", source: {book: h}}]
diagnosis:
  - id: headline
    title: Diagnosis
    override: true
    clauses:
      - {id: a, when: kind == 'a', say: The   a thing, source: {book: d1}}
      - {id: stop, when: kind == 'b', say: "no diagnosis; enter override.diagnosis", gap: true, source: {book: d2}}
  - id: margin
    title: Margin
    clauses: [{id: x, when: more == 'x', say: Margin x, source: {book: d3}}]
comment:
  - id: extent
    title: Extent
    override: true
    clauses: [{id: a, when: kind == 'a', say: It is a., source: {book: c1}}]
  - id: further
    title: More
    override: true
    clauses: [{id: x, when: more == 'x', say: It has more., source: {book: c2}}]
  - id: lines
    title: Lines
    clauses: [{id: l, when: maybe is answered, say: "{{ maybe }}", source: {book: c3}}]
"""


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load(FORM, wording=SPOKEN)


def section(id: str, *parts: dict[str, Any]) -> list[Block]:
    report = toy_report(*parts)
    return [block for section in report.sections if section.id == id for block in section.blocks]


def sentences(id: str, *parts: dict[str, Any]) -> list[Sentence]:
    return [each for block in section(id, *parts) if isinstance(block, Paragraph) for each in block.sentences]


def texts(id: str, *parts: dict[str, Any]) -> list[str]:
    return [each.text for each in sentences(id, *parts)]


A = {"kind": "a", "more": "x"}
SILENT = {"kind": "b", "more": "y"}  # of which the comment says nothing


def test_a_whole_part_speaks() -> None:
    assert texts("diagnosis", {**A, "received_as": "skin"}) == [
        "Skin, arm:", "The a thing (see comment)", "Margin x", '(received as "skin")',
    ]  # fmt: skip
    roles = [block.role for block in section("diagnosis", {**A, "received_as": "skin"}) if isinstance(block, Paragraph)]
    assert roles == [Role.specimen, Role.diagnosis, Role.detail, Role.received]
    assert texts("comment", A) == ["It is a.", "It has more."]
    assert len(section("comment", A)) == 1


def test_each_sentence_knows_its_clause_its_answers_and_its_source() -> None:
    headline = sentences("diagnosis", A)[1]
    assert headline.clause == "diagnosis.headline.a"
    assert [used.path for used in headline.answers] == ["parts.A.kind"]
    assert headline.answers[0].place.file == "case.json"
    assert headline.answers[0].place.column > 1
    assert headline.source == ("A book: d1",)
    assert not headline.gap


def test_what_waits_is_marked_with_what_it_waits_for() -> None:
    assert texts("diagnosis", {"kind": "a"}) == [
        "Skin, arm:",
        "The a thing (see comment)",
        "[PENDING: Margin – waiting for More]",
    ]
    assert texts("diagnosis", {}) == [
        "Skin, arm:", "[PENDING: Diagnosis – waiting for Kind]", "[PENDING: Margin – waiting for More]",
    ]  # fmt: skip
    assert texts("diagnosis", {**A, "site": None})[0] == "[PENDING: Specimen – waiting for Site]"
    waiting = sentences("diagnosis", {})[1]
    assert waiting.gap
    assert (waiting.clause, [used.path for used in waiting.answers]) == ("diagnosis.headline.pending", ["parts.A.kind"])


def test_a_statement_that_waits_for_what_it_is_called_after_says_it_once() -> None:
    assert texts("comment", {"kind": "a"}) == ["It is a.", "[PENDING: More]"]


def test_a_clause_that_is_a_gap_says_why_and_never_sends_the_reader_to_the_comment() -> None:
    found = sentences("diagnosis", {"kind": "b", "more": "x"})
    assert found[1].text == "[PENDING: Diagnosis – no diagnosis; enter override.diagnosis]"
    assert (found[1].gap, found[1].clause, found[1].source) == (True, "diagnosis.headline.stop", ("A book: d2",))


def test_see_comment_stands_if_and_only_if_there_is_one() -> None:
    assert texts("diagnosis", A)[1].endswith("(see comment)")
    assert texts("comment", SILENT) == []
    assert texts("diagnosis", {**SILENT, "override": {"diagnosis": "Odd"}})[1] == "Odd"


def test_own_words_replace_the_headline_line_by_line_and_the_margins_stay() -> None:
    found = sentences("diagnosis", {**A, "override": {"diagnosis": "First line\n\nSecond line"}})
    assert [each.text for each in found[1:]] == ["First line (see comment)", "Second line", "Margin x"]
    assert [each.clause for each in found[1:]] == ["diagnosis.override", "diagnosis.override", "diagnosis.margin.x"]
    assert found[1].answers[0].path == "parts.A.override.diagnosis"
    assert found[1].answers[0].place.column > 1
    blocks = section("diagnosis", {**A, "override": {"diagnosis": "First line\nSecond line"}})
    assert [block.role for block in blocks[1:] if isinstance(block, Paragraph)] == [
        Role.diagnosis,
        Role.diagnosis,
        Role.detail,
    ]


def test_own_words_replace_one_statement_or_the_whole_comment() -> None:
    assert texts("comment", {**A, "override": {"extent": "My own."}}) == ["My own.", "It has more."]
    assert texts("comment", {**A, "override": {"comment": "All my own.\nIn two lines."}}) == [
        "All my own.",
        "In two lines.",
    ]
    assert len(section("comment", {**A, "override": {"comment": "All my own.\nIn two lines."}})) == 2


def test_own_words_stand_where_the_composed_ones_would_wait() -> None:
    assert texts("comment", {"override": {"extent": "My own.", "further": "Too."}}) == ["My own.", "Too."]
    assert texts("diagnosis", {"override": {"diagnosis": "My own"}}) == [
        "Skin, arm:",
        "My own (see comment)",
        "[PENDING: Margin – waiting for More]",
    ]


def test_words_that_already_send_to_the_comment_are_not_doubled() -> None:
    assert texts("diagnosis", {**A, "override": {"diagnosis": "Thing (see comment)"}})[1] == "Thing (see comment)"


def test_a_diagnosis_that_refers_to_a_comment_nobody_entered_shows_the_gap() -> None:
    (found,) = sentences("comment", {**SILENT, "override": {"diagnosis": "Thing (see comment)"}})
    assert found.gap
    assert found.text == "[PENDING: Comment – the diagnosis refers to a comment that was not entered]"


def test_the_lines_of_a_text_are_paragraphs_of_their_own(templates: Templates) -> None:
    templates.load(FORM, wording=SPOKEN.replace("    title: Lines\n", "    title: Lines\n    lines: true\n"))
    assert texts("comment", {**A, "maybe": "One.\n\nTwo."}) == ["It is a.", "It has more.", "One.", "Two."]
    assert len(section("comment", {**A, "maybe": "One.\n\nTwo."})) == 4


def test_without_lines_a_text_is_one_sentence() -> None:
    assert texts("comment", {**A, "maybe": "One.\n\nTwo."})[-1] == "One. Two."


def test_parts_are_labelled_only_among_several() -> None:
    assert texts("diagnosis", A)[0] == "Skin, arm:"
    found = texts("diagnosis", A, {**A, "site": "leg"})
    assert [text for text in found if text.endswith(":")] == ["A. Skin, arm:", "B. Skin, leg:"]


def test_an_answer_of_the_header_is_named_with_its_own_place(templates: Templates) -> None:
    templates.load(FORM, wording=SPOKEN.replace("Margin x", '"Of {{ case.patient.name }}"'))
    used = {each.path: each.place for each in sentences("diagnosis", A)[2].answers}
    assert used["case.patient.name"].column < used["parts.A.more"].column
    parts_begin = 200  # the header stands first in the file
    assert used["case.patient.name"].column < parts_begin
