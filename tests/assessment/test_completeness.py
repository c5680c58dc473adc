"""Completeness: what this form requires of these answers, counted; each open element is named once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.assessment.completeness import completeness
from reportgen.assessment.model import Completeness
from reportgen.cases.answer_values import AnswerScope
from reportgen.protocols.load import load_header
from tests.support.toy import Templates, scope_of, source_of, toy_case, toy_data, valid_case

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a}, {id: b}, {id: late, pending: true}], source: {book: p}}
- {id: maybe, kind: choice, title: Maybe, choices: [{id: x}], source: {book: p}}
- {id: only_a, kind: text, title: Only a, status: conditional, applies_when: kind == 'a', source: {book: p}}
- {id: needed, kind: text, title: Needed, status: conditional, required_when: kind == 'b', source: {book: p}}
- id: edge
  kind: choice
  title: Edge
  source: {book: p}
  undetermined: cannot say
  choices: [{id: in}, {id: out}]
  followups:
    - {id: far, kind: text, title: Far, status: core, under: [out]}
    - {id: group, kind: group, title: Group, under: [in], elements: [{id: deep, kind: text, title: Deep, status: core}]}
- id: stains
  kind: panel
  title: Stains
  status: core
  source: {book: p}
  stains: [{id: S1, core: true}, {id: S2, core: true}, {id: S3}]
  results: [{id: positive}, {id: pending, pending: true}]
- id: rows
  kind: group
  repeats: true
  title: Row
  source: {book: p}
  elements:
    - {id: name, kind: text, title: Name, status: core}
    - {id: kind, kind: choice, title: Kind, choices: [{id: a, followups: [{id: sub, kind: text, title: Sub, status: core}]}, {id: b}]}
    - {id: deep, kind: group, title: Deep, elements: [{id: x, kind: text, title: X, status: core}]}
"""  # noqa: E501


def of(answers: dict[str, Any]) -> tuple[int, int, list[str]]:
    """How many elements are required, how many answered, and which are open."""
    found = completeness(scope_of(toy_case(answers)))
    return found.required, found.answered, [item.slot + ("*" if item.pending else "") for item in found.missing]


COUNTS: list[tuple[dict[str, Any], tuple[int, int, list[str]]]] = [
    ({}, (3, 1, ["kind", "stains"])),
    ({"site": None}, (3, 0, ["site", "kind", "stains"])),
    ({"kind": "a"}, (4, 2, ["only_a", "stains"])),
    ({"kind": "a", "only_a": "x"}, (4, 3, ["stains"])),
    ({"kind": "b"}, (4, 2, ["needed", "stains"])),
    ({"kind": "b", "needed": "x", "stains": {"S1": "positive"}}, (4, 4, [])),
    # answered before it is known whether it is required: counted, since it is answered
    ({"needed": "x"}, (4, 2, ["kind", "stains"])),
    ({"kind": "cannot say (why)"}, (3, 2, ["stains"])),
    ({"kind": "late"}, (3, 2, ["kind*", "stains"])),
    # a panel needs one of its required stains; another one does not do
    ({"stains": {"S3": "positive"}}, (3, 1, ["kind", "stains"])),
    ({"stains": {"S2": "pending"}}, (3, 2, ["kind", "stains.S2*"])),
    # follow-ups are required where the answer above asks for them
    ({"edge": "out"}, (4, 1, ["kind", "edge.far", "stains"])),
    ({"edge": "in"}, (4, 1, ["kind", "edge.group.deep", "stains"])),
    ({"edge": "cannot say (why)"}, (3, 1, ["kind", "stains"])),
    ({"edge": {"result": "in", "group": {"deep": "x"}}}, (4, 2, ["kind", "stains"])),
    # entries of a repeated group
    ({"rows": [{"name": "n", "deep": {"x": "y"}}]}, (3, 1, ["kind", "stains"])),
    (
        {"rows": [{"name": "n"}, {"kind": "b"}]},
        (6, 1, ["kind", "stains", "rows.1.deep.x", "rows.2.name", "rows.2.deep.x"]),
    ),
    ({"rows": [{"name": "n", "kind": "a", "deep": {"x": "y"}}]}, (4, 1, ["kind", "stains", "rows.1.kind.sub"])),
    ({"rows": [{"name": "n", "kind": {"result": "a", "sub": "s"}, "deep": {"x": "y"}}]}, (3, 1, ["kind", "stains"])),
    ({"rows": []}, (3, 1, ["kind", "stains"])),
]


@pytest.mark.parametrize(("answers", "counts"), COUNTS)
def test_what_is_required_is_counted_and_what_is_open_is_named(
    answers: dict[str, Any], counts: tuple[int, int, list[str]], templates: Templates
) -> None:
    templates.load(FORM)
    assert of(answers) == counts


def test_open_elements_carry_the_name_the_report_prints(templates: Templates) -> None:
    templates.load("- {id: x, kind: text, title: A long title, label: Short, status: core, source: {book: p}}\n")
    (item,) = completeness(scope_of(toy_case())).missing
    assert (item.slot, item.name, item.pending) == ("x", "Short", False)


def test_a_section_that_does_not_apply_requires_nothing(templates: Templates) -> None:
    text = "- {id: x, kind: text, title: X, status: core, source: {book: p}}\n"
    templates.load(text, section="applies_when: case.patient.sex == 'male'\n")
    header = {"patient": {"name": "N", "sex": "female"}}
    assert completeness(scope_of(toy_case({"site": None}, **header))) == Completeness(0, ())
    header = {"patient": {"name": "N", "sex": "male"}}
    assert [item.slot for item in completeness(scope_of(toy_case({"site": None}, **header))).missing] == ["site", "x"]


@pytest.mark.parametrize(("sex", "missing"), [("male", ["rows.1.b", "rows.1.c"]), ("female", ["rows.1.c"])])
def test_an_entry_requires_what_applies_to_the_case(sex: str, missing: list[str], templates: Templates) -> None:
    templates.load("""\
    - id: rows
      kind: group
      repeats: true
      title: Row
      source: {book: p}
      elements:
        - {id: a, kind: text, title: A}
        - {id: b, kind: text, title: B, status: core, applies_when: case.patient.sex == 'male'}
        - {id: c, kind: text, title: C, status: conditional, required_when: site == 'arm'}
        - {id: d, kind: text, title: D, status: conditional, required_when: site == 'leg'}
    """)
    case = toy_case({"rows": [{"a": "x"}]}, patient={"name": "N", "sex": sex})
    assert [item.slot for item in completeness(scope_of(case)).missing] == missing


def test_the_header_is_counted_like_any_form() -> None:
    case = toy_case(protocol="general", submitted_by=None, patient={"name": "N"})
    found = completeness(AnswerScope(load_header(), case.header))
    assert [item.slot for item in found.missing] == ["patient.mrn", "patient.birth_date", "patient.sex", "submitted_by"]


FULL: dict[str, Any] = {
    "procedure": "excision", "site": "arm", "laterality": "left", "size": "5 mm", "epicenter": "dermis",
    "growth": "infiltrative", "fascicles": "yes", "subcutis": {"result": "focal", "depth": "2 mm"},
    "deep_tissue": "not identified", "atypia": {"grade": "mild", "features": ["hyperchromasia"]},
    "pleomorphism": "none",
    "mitoses": "1 per 10 HPF", "necrosis": "not identified", "perineural": "not identified", "metastasis": "none known",
    "margins": {
        "deep": {"result": "uninvolved", "distance": "3 mm"},
        "peripheral": {"result": "uninvolved", "distance": "3 mm"},
    },
    "stains": {"SMA": "positive"},
}  # fmt: skip


def test_a_full_case_is_complete() -> None:
    found = completeness(scope_of(toy_case(FULL, protocol="aismn")))
    assert found.missing == ()
    assert found.answered == found.required >= 18


@given(st.sets(st.sampled_from(sorted(FULL))))
def test_required_is_answered_and_open_together_and_nothing_is_named_twice(left_out: set[str]) -> None:
    answers = {key: value for key, value in FULL.items() if key not in left_out}
    case = valid_case(source_of(toy_data({"site": None, **answers}, protocol="aismn")))
    if case is None:
        return
    found = completeness(scope_of(case))
    slots = [item.slot for item in found.missing]
    assert len(set(slots)) == len(slots)
    assert found.answered + len(slots) == found.required
    assert all(slot not in case.parts[0].answers for slot in slots)
    always = {"site", "laterality", "procedure", "metastasis"} & left_out
    assert always <= set(slots)
