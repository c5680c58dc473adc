"""Why each sentence stands there: for programs and for people, with nothing left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.reports.model import Table
from reportgen.reports.trace import trace, trace_lines
from tests.support.labs import protocol_lab
from tests.support.toy import Templates, said, toy_report

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: open, kind: choice, title: Open, status: core, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: micro, kind: text, title: Micro, lines: true, chapter: microscopic, source: {book: p}}
- {id: stains, kind: panel, title: S, chapter: stains, stains: [{id: S1}], results: [{id: positive}], source: {book: p}}
"""
CLAUSES = (
    "- {id: one, when: kind == 'a' and open == 'a', say: Both., source: {book: p. 7}}\n"
    "- {id: two, when: kind == 'a', say: One., source: {book: p. 8}}\n"
)
ANSWERS: dict[str, Any] = {"kind": "a", "micro": "Micro words.", "stains": {"S1": "positive"}}


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load(FORM, wording=said(CLAUSES))


def items() -> list[dict[str, Any]]:
    return trace(toy_report(ANSWERS))


def test_every_sentence_and_every_pair_is_traced_in_reading_order() -> None:
    report = toy_report(ANSWERS)
    found = items()
    assert [item["text"] for item in found if "text" in item] == [sentence.text for sentence in report.sentences()]
    pairs = [(item["element"], item["answer"]) for item in found if "element" in item and item["section"] != "stains"]
    assert pairs == [(pair.label, pair.text) for pair in report.pairs()]
    assert json.loads(json.dumps(found)) == found


def test_a_sentence_names_its_clause_its_answers_with_places_and_its_source() -> None:
    header = next(item for item in items() if item.get("clause") == "header.plain")
    assert header["section"] == "diagnosis"
    assert header["text"] == "Arm:"
    assert header["source"] == ["A book: p1"]
    assert header["gap"] is False
    assert header["when"] == "site is answered"
    (answer,) = header["answers"]
    assert answer["path"] == "parts.A.site"
    assert answer["place"].startswith("case.json:1:")


def test_what_waits_names_what_it_waits_for() -> None:
    (waiting,) = [item for item in items() if item.get("clause") == "comment.remark.pending"]
    assert waiting["gap"] is True
    assert [used["path"] for used in waiting["answers"]] == ["parts.A.open"]


def test_a_gap_in_a_pair_claims_no_answer() -> None:
    (gap,) = [item for item in items() if item.get("element") == "Open"]
    assert (gap["gap"], gap["answers"]) == (True, [])
    (given,) = [item for item in items() if item.get("element") == "Kind"]
    assert [used["path"] for used in given["answers"]] == ["parts.A.kind"]


def test_every_row_of_a_table_is_traced() -> None:
    report = toy_report(ANSWERS)
    rows = [row for block in report.blocks() if isinstance(block, Table) for row in block.rows]
    traced = [item for item in items() if item["section"] == "stains"]
    assert len(rows) == len(traced) == 1
    assert traced[0]["element"] == "S1"
    assert traced[0]["answer"] == "positive"
    assert [used["path"] for used in traced[0]["answers"]] == ["parts.A.stains.S1"]


def test_people_read_the_sentences_with_what_is_behind_them() -> None:
    lines = list(trace_lines(toy_report(ANSWERS)))
    start = lines.index("  Arm:")
    assert lines[0] == "Diagnosis"
    assert lines[start + 1] == "    clause   header.plain"
    assert lines[start + 2] == "    because  site is answered"
    assert lines[start + 3].startswith("    answer   parts.A.site (case.json:1:")
    assert lines[start + 4] == "    source   A book: p1"
    waiting = lines.index("  [PENDING: Remark – waiting for Open]")
    assert lines[waiting + 2].startswith("    waits for parts.A.open")
    own = lines.index("  Micro words.")
    assert lines[own + 1] == "    clause   as entered"


def test_an_answer_of_a_macro_names_it(templates: Templates) -> None:
    macro = "macros: [{id: ka, title: Ka, answers: {kind: a}, source: {book: p}}]\n"
    templates.load(FORM, wording=said(CLAUSES), extra=macro)
    report = toy_report({"macro": "ka", "open": "a"})
    sentence = next(item for item in trace(report) if item.get("text") == "Both.")
    used = {answer["path"]: answer for answer in sentence["answers"]}  # type: ignore[attr-defined]
    assert used["parts.A.kind"]["macro"] == "ka"
    assert "macro" not in used["parts.A.open"]
    assert [line for line in trace_lines(report) if line.endswith(", macro ka)")]


def test_an_answer_of_a_profile_names_it_and_its_line(templates: Templates, tmp_path: Path) -> None:
    templates.load(FORM.replace("id: kind,", "id: kind, by_convention: true,"), wording=said(CLAUSES))
    own = protocol_lab(tmp_path, "elements: {kind: {usual: a}}\n", "toy")
    report = toy_report({"open": "a"}, own=own)
    sentence = next(item for item in trace(report) if item.get("text") == "Both.")
    used = {answer["path"]: answer for answer in sentence["answers"]}  # type: ignore[attr-defined]
    assert used["parts.A.kind"]["profile"] == "Example Laboratory"
    assert used["parts.A.kind"]["place"].partition("lab.yaml:")[2].startswith("6:")
    assert "profile" not in used["parts.A.open"]
    assert [line for line in trace_lines(report) if line.endswith(", profile Example Laboratory)")]
