"""A source to a case: header, parts, labels, protocols per part, acknowledgements and overrides, in one pass."""

from __future__ import annotations

import re
from typing import Any

import pytest

from reportgen.cases.validate import validate
from reportgen.reading.readers import read_text
from tests.support.toy import Templates, codes, source_of, toy_case, toy_data, toy_findings

STOPS = """\
advisories:
  - {id: N1, title: N, source: {book: p}, levels: [{level: note, when: site == 'x', say: a note}]}
  - {id: W1, title: W, source: {book: p}, levels: [{level: warning, when: site == 'w', say: a warning}]}
  - {id: S1, title: S, source: {book: p}, levels: [{level: note, when: site == 'y', say: n}, {level: stop, when: site == 'z', say: s}]}
"""  # noqa: E501
SPOKEN = """\
header:
  id: header
  title: Specimen
  clauses: [{id: plain, when: site is answered, say: X, source: {book: p}}]
diagnosis:
  - {id: headline, title: D, override: true, clauses: [{id: x, when: site is answered, say: D, source: {book: p}}]}
comment:
  - {id: extent, title: E, override: true, clauses: [{id: x, when: site is answered, say: E, source: {book: p}}]}
  - {id: fixed, title: F, clauses: [{id: x, when: site is answered, say: F, source: {book: p}}]}
"""


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load(extra=STOPS, wording=SPOKEN)
    templates.load(id="bare")


def with_parts(*parts: Any, **header: Any) -> list[tuple[str, str]]:
    """What is found about a case with exactly these parts."""
    return codes(validate(source_of({**toy_data(**header), "parts": list(parts)})).findings)


A = {"label": "A", "protocol": "toy", "site": "arm"}
B = {"label": "B", "protocol": "toy", "site": "leg"}


def test_a_case_in_order_has_no_findings() -> None:
    assert with_parts(A, B) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"accession": None}, [("E102", "accession")]),
        ({"accession": " "}, [("E102", "accession")]),
        ({"patient": {"mrn": "1"}}, [("E102", "patient.name")]),
        ({"patient": "N"}, [("E108", "patient"), ("E102", "patient.name")]),
        ({"patient": {"name": "long " * 41}}, [("E112", "patient.name")]),
        ({"accesion": "S1"}, [("E101", "accesion")]),
        ({"patient": {"name": "N", "dob": "1950-01-01"}}, [("E101", "patient.dob")]),
        ({"collected": "yesterday"}, [("E107", "collected")]),
        ({"accession": ["S1"]}, [("E108", "accession")]),
        ({"accession": {"a": "b"}}, [("E101", "accession.a"), ("E102", "accession")]),
    ],
)
def test_the_header_is_checked(change: dict[str, Any], found: list[tuple[str, str]]) -> None:
    validation = validate(source_of({**toy_data(), **change}))
    assert sorted(codes(validation.findings)) == sorted(found)
    assert bool(validation.refused) == bool(found)
    refused = {path for _, path in found if path in ("accession", "patient.name", "collected")}
    assert validation.case is not None
    assert not refused & validation.case.header.keys()


@pytest.mark.parametrize("parts", [None, [], "A", {"label": "A"}])
def test_a_case_has_parts(parts: Any) -> None:
    validation = validate(source_of({**toy_data(), "parts": parts}))
    assert codes(validation.findings) == [("E102", "parts")]
    assert validation.case is None


def test_a_part_holds_entries() -> None:
    assert with_parts("A", B) == [("E108", "parts.unlabeled~1")]
    assert with_parts(A, ["B"]) == [("E108", "parts.unlabeled~2")]


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (["A", "B"], []),
        ([" A ", "B"], []),
        (["1", "2", "3"], []),
        (["a", "b"], []),
        (["A1", "A-2", "L"], []),
        ([*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB"], []),
        (["B"], [("W313", "B")]),
        (["A", "C", "D"], [("W313", "C")]),
        (["2", "3"], [("W313", "2")]),
        (["B", "A"], [("W313", "B")]),
        (["1", "3"], [("W313", "3")]),
        (["c", "e"], [("W313", "c")]),
        (["A", None], [("E207", "unlabeled~2")]),
        ([None, "A"], [("E207", "unlabeled~1")]),
        (["A", "A"], [("E207", "A~2")]),
        (["A", "a"], [("E207", "a~2")]),
        (["A", "\uff21"], [("E207", "\uff21~2")]),
        (["A", "\u0410"], [("E207", "\u0410~2")]),
        (["1", "01"], [("E207", "01~2")]),
        (["A1", "A-1"], [("E207", "A-1~2")]),
        (["B", "B", "A"], [("E207", "B~2")]),
        (["A, B", "C"], [("E207", "unlabeled~1")]),
        (["A.1"], [("E207", "unlabeled~1")]),
        (["LEFT UPPER ARM"], [("E207", "unlabeled~1")]),
        ([["A"], "B"], [("E207", "unlabeled~1")]),
    ],
)
def test_labels_are_taken_as_given(labels: list[Any], found: list[tuple[str, str]]) -> None:
    parts = [{**A, "label": label} for label in labels]
    for part in parts:
        if part["label"] is None:
            del part["label"]
    validation = validate(source_of({**toy_data(), "parts": parts}))
    assert codes(validation.findings) == [(code, f"parts.{name}.label") for code, name in found]
    assert (validation.case is None) == any(code == "E207" for code, _ in found)
    if not any(code == "E207" for code, _ in found):
        assert validation.case is not None
        assert [part.label for part in validation.case.parts] == [label.strip() for label in labels]
    assert not any(re.search(r"\b[A-Z]\b", each.step) for each in validation.findings), "no other letter is proposed"


def test_a_protocol_stands_in_each_part_or_above_all() -> None:
    bare = {"label": "A", "site": "arm"}
    assert with_parts(bare) == [("E102", "parts.A.protocol")]
    assert codes(validate(source_of({**toy_data(), "protocol": "toy", "parts": [bare]})).findings) == []
    case = validate(source_of({**toy_data(), "protocol": "toy", "parts": [bare, {**B, "protocol": "bare"}]})).case
    assert case is not None
    assert [part.protocol.protocol.id for part in case.parts] == ["toy", "bare"]


def test_a_protocol_nobody_knows_is_named_with_the_nearest() -> None:
    (finding,) = toy_findings({"protocol": "tooy"})
    assert (finding.code, finding.path, finding.hint) == ("E110", "parts.A.protocol", 'did you mean "toy"?')
    assert finding.value == "tooy"


def test_a_protocol_that_is_not_in_order_is_reported_with_its_own_places(templates: Templates) -> None:
    templates.write("- {id: x, kind: text, title: X}  # here\n", id="broken")
    (finding,) = toy_findings({"protocol": "broken"})
    assert (finding.code, finding.place.file) == ("T405", "protocols/broken/protocol.yaml")


def test_findings_come_in_the_order_of_the_file() -> None:
    text = "parts:\n  - label: B\n    protocol: toy\n    sit: arm\nacession: S1\npatient: {name: N, sex: x}\n"
    findings = validate(read_text(text, name="c.yaml")).findings
    assert [(f.code, f.place.line) for f in findings] == [
        ("E102", 1),
        ("W313", 2),
        ("E101", 4),
        ("E101", 5),
        ("E103", 6),
    ]


def test_a_warning_does_not_refuse_a_case() -> None:
    validation = validate(source_of(toy_data({"site": "TBD"})))
    assert codes(validation.findings) == [("W302", "parts.A.site")]
    assert not validation.refused


@pytest.mark.parametrize(
    ("name", "more", "found"),
    [
        ("TEST, DO NOT USE", {}, ["W305"]),
        ("TEST, DO NOT USE", {"purpose": "test data"}, []),
        ("Testa, Maria", {}, []),
    ],
)
def test_the_name_of_a_trial_run_is_doubted(name: str, more: dict[str, str], found: list[str]) -> None:
    data = {**toy_data({}), **more, "patient": {"name": name}}
    assert [finding.code for finding in validate(source_of(data)).findings] == found


# --------------------------------------------------------------------------------------- acknowledgements and overrides


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ({"acknowledge": {"S1": "a good reason"}}, []),
        ({"acknowledge": {"W1": "a good reason"}}, []),
        ({"acknowledge": {"S1": "a reason"}}, [("E305", "acknowledge.S1")]),
        ({"acknowledge": {"W1": "ok"}}, [("E305", "acknowledge.W1")]),
        ({"acknowledge": {"S1": "- . …"}}, [("E305", "acknowledge.S1")]),
        ({"acknowledge": {"S2": "a reason"}}, [("E101", "acknowledge.S2")]),
        ({"acknowledge": {"N1": "a note stops nothing"}}, [("E101", "acknowledge.N1")]),
        ({"acknowledge": {"S1": ""}}, [("E109", "acknowledge.S1")]),
        ({"acknowledge": {"S1": ["a"]}}, [("E109", "acknowledge.S1")]),
        ({"acknowledge": "S1"}, [("E108", "acknowledge")]),
        ({"acknowledge": ["S1"]}, [("E108", "acknowledge")]),
        ({"acknowledge": None}, []),
        ({"override": {"diagnosis": "own"}}, []),
        ({"override": {"comment": "own"}}, []),
        ({"override": {"extent": "own"}}, []),
        ({"override": {"fixed": "own"}}, [("E101", "override.fixed")]),
        ({"override": {"headline": "own"}}, [("E101", "override.headline")]),
        ({"override": {"header": "own"}}, [("E101", "override.header")]),
        ({"override": {"comment": "own", "extent": "own"}}, [("E201", "override.comment")]),
        ({"override": {"comment": "own", "diagnosis": "own"}}, []),
        ({"override": {"comment": " "}}, [("E109", "override.comment")]),
        ({"override": {"diagnosis": "long " * 4001}}, [("E112", "override.diagnosis")]),
        ({"override": {"diagnosis": "TBD"}}, [("W302", "override.diagnosis")]),
        ({"override": {"diagnosis": "Рositive"}}, [("W301", "override.diagnosis")]),
        ({"received_as": "long " * 81}, [("E112", "received_as")]),
        ({"received_as": ["x"]}, [("E108", "received_as")]),
    ],
)
def test_what_a_part_says_beside_its_answers_is_checked(part: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert codes(toy_findings(part)) == [(code, f"parts.A.{path}") for code, path in found]


def test_a_case_of_one_part_may_say_it_at_its_top() -> None:
    case = toy_case(acknowledge={"S1": "why it is"}, override={"extent": "own"})
    assert {id: words.text for id, words in case.parts[0].acknowledged.items()} == {"S1": "why it is"}
    assert {id: words.text for id, words in case.parts[0].overrides.items()} == {"extent": "own"}


def test_said_in_both_places_it_is_twice() -> None:
    found = toy_findings({"override": {"extent": "one"}}, override={"extent": "two"})
    assert codes(found) == [("E203", "override.extent")]


def test_a_case_of_several_parts_must_say_which_one() -> None:
    found = toy_findings({}, {}, acknowledge={"S1": "why"}, override={"extent": "own"})
    assert sorted(codes(found)) == [("E111", "acknowledge"), ("E111", "override")]


def test_an_override_keeps_its_lines_and_loses_its_padding() -> None:
    case = toy_case({"override": {"diagnosis": "  one   line \n\n  two  \n"}})
    assert case.parts[0].overrides["diagnosis"].text == "one line\n\ntwo"


def test_the_nearest_names_are_offered() -> None:
    (finding,) = toy_findings({"override": {"extend": "own"}})
    assert finding.hint == 'did you mean "extent"?'
    (finding,) = toy_findings({"protocol": "bare", "acknowledge": {"S1": "why"}})
    assert finding.hint == "this protocol has none"


def test_words_as_received_are_kept_in_one_line() -> None:
    assert toy_case({"received_as": " skin \n left   arm "}).parts[0].received_as == "skin left arm"
