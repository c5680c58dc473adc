"""What was answered, as conditions compare it: ranges, units, areas of fields, ages, and what is still waited for."""

from __future__ import annotations

import gc
from typing import Any
from weakref import ref

import pytest

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.open_answers import left_open
from reportgen.language.conditions import ConditionResult
from tests.support.toy import Templates, scope_of, toy_case, toy_data, toy_findings

FORM = """\
- id: mitoses
  kind: count
  title: Mitoses
  per: [10 HPF, mm²]
  undetermined: cannot say
  source: {book: p}
  followups:
    - {id: field_number, kind: quantity, title: F, unit: mm}
    - {id: objective, kind: quantity, title: O, unit: ×, units: {x: 1}}
    - {id: field_area, kind: quantity, title: A, unit: mm²}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10}, dimensions: 3, source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
- id: stains
  kind: panel
  title: Stains
  status: core
  source: {book: p}
  stains: [{id: S1, core: true}, {id: S2, core: true}, {id: S3}]
  results: [{id: positive}, {id: pending, pending: true}]
"""
OUTCOMES: list[tuple[dict[str, Any], str, bool | None]] = [
    ({"size": "1.5 cm"}, "size == 15", True),
    ({"size": "1.5 cm"}, "size > 14", True),
    ({"size": "4 x 12 x 2 mm"}, "size == 12", True),
    ({"size": "<0.5 cm"}, "size < 5", True),
    ({"size": "<0.5 cm"}, "size < 4", None),
    ({"mitoses": "6 per 10 HPF"}, "mitoses > 5", True),
    ({"mitoses": ">=18 per 10 HPF"}, "mitoses > 20", None),
    ({"mitoses": ">=18 per 10 HPF"}, "mitoses > 5", True),
    # per mm² is converted only where the field is known; no field is assumed
    ({"mitoses": "2 per mm²"}, "mitoses > 5", None),
    ({"mitoses": "0 per mm²"}, "mitoses == 0", True),
    ({"mitoses": "<1 per mm²"}, "mitoses == 0", None),
    ({"mitoses": {"count": "3 per mm²", "field_area": "0.2 mm²"}}, "mitoses == 6", True),
    ({"mitoses": {"count": "3 per mm²", "field_area": "0.2 mm²"}}, "mitoses > 5", True),
    ({"mitoses": {"count": "3 per mm²", "field_number": "22 mm", "objective": "40 x"}}, "mitoses > 7", True),
    ({"mitoses": {"count": "3 per mm²", "field_number": "22 mm", "objective": "40 x"}}, "mitoses > 8", False),
    ({"mitoses": {"count": "3 per mm²", "field_number": "22 mm"}}, "mitoses > 5", None),
    ({"mitoses": {"count": "3 per mm²", "field_area": "<0.2 mm²"}}, "mitoses > 5", None),
    ({"mitoses": "cannot say (why)"}, "mitoses > 5", None),
    ({"mitoses": "cannot say (why)"}, "mitoses == 'cannot say'", True),
    ({"many": ["m", "n"]}, "'m' in many and 'n' in many", True),
    ({"many": "m"}, "'n' in many", False),
    ({"day": "2026-01-01"}, "day == case.collected", True),
]


@pytest.mark.parametrize(("answers", "text", "truth"), OUTCOMES)
def test_answers_compare_as_what_they_say(
    answers: dict[str, Any], text: str, truth: bool | None, templates: Templates
) -> None:
    templates.load(FORM)
    assert scope_of(toy_case(answers)).truth(text).truth is truth


@pytest.mark.parametrize(
    ("born", "dates", "age"),
    [
        ("1950-01-01", {"collected": "2026-01-01"}, 76),
        ("1950-01-02", {"collected": "2026-01-01"}, 75),
        ("2024-02-29", {"collected": "2026-02-28"}, 1),
        ("2024-02-29", {"collected": "2026-03-01"}, 2),
        ("1950-06-01", {"received": "2026-01-02"}, 75),
        ("2026-01-01", {"collected": "2026-01-01"}, 0),
    ],
)
def test_the_age_is_counted_in_years_when_the_specimen_was_taken(
    born: str, dates: dict[str, str], age: int, templates: Templates
) -> None:
    templates.load(FORM)
    data = toy_data()
    header = {"collected": None, "received": None, **dates, "patient": {**data["patient"], "birth_date": born}}
    assert scope_of(toy_case(**header)).truth(f"case.age == {age}").truth is True


def test_without_the_dates_there_is_no_age(templates: Templates) -> None:
    templates.load(FORM)
    for header in ({"collected": None, "received": None}, {"patient": {"name": "N"}}):
        outcome = scope_of(toy_case(**header)).truth("case.age > 0")
        assert (outcome.truth, outcome.waiting) == (None, frozenset())


def test_a_panel_waits_until_one_of_its_required_stains_is_answered(templates: Templates) -> None:
    templates.load(FORM)
    text = "stains.S1 == 'positive' or stains.S2 == 'positive'"
    assert scope_of(toy_case()).truth(text).waiting == {"stains"}
    assert scope_of(toy_case({"stains": {"S3": "positive"}})).truth(text).waiting == {"stains"}
    outcome = scope_of(toy_case({"stains": {"S1": "pending"}})).truth(text)
    assert (outcome.truth, outcome.waiting) == (None, frozenset())
    assert scope_of(toy_case({"stains": {"S2": "positive"}})).truth(text).truth is True


def test_the_required_stains_are_named_with_their_results(templates: Templates) -> None:
    templates.load(FORM)
    scope = scope_of(toy_case({"stains": {"S3": "positive", "S2": "pending", "S1": "positive"}}))
    assert scope.reading("stains.required_results").value == "S1 positive, S2 pending"
    assert scope_of(toy_case()).reading("stains.required_results").value is None


def test_a_follow_up_inside_a_repeated_group_is_judged_with_its_own_entry(templates: Templates) -> None:
    kind = "{id: k, kind: choice, title: K, choices: [{id: a, followups: [{id: d, kind: text, title: D}]}, {id: b}]}"
    templates.load(f"- {{id: rows, kind: group, repeats: true, title: R, source: {{book: p}}, elements: [{kind}]}}\n")
    rows = [{"k": {"result": "a", "d": "x"}}, {"k": "b"}]
    assert toy_findings({"rows": rows}) == ()
    assert sorted(toy_case({"rows": rows}).parts[0].answers) == ["rows.1.k", "rows.1.k.d", "rows.2.k", "site"]


def test_a_scope_is_freed_with_its_last_reference() -> None:
    """One that refers to itself would wait for the collector, which costs a batch a tenth of each check."""
    case = toy_case({"site": "arm"}, protocol="aismn")
    scope = AnswerScope.of_part(case.parts[0], case.header)
    left_open(scope.as_answered(), "margins.deep == 'involved'", ConditionResult(None))
    reference = ref(scope)
    gc.disable()
    try:
        del scope
        assert reference() is None
    finally:
        gc.enable()
