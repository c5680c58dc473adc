"""What names mean: applying, waiting, facts, criteria and the words below an answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.toy import Templates, scope_of, toy_case

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: maybe, kind: choice, title: Maybe, choices: [{id: x}, {id: y}], source: {book: p}}
- {id: only_a, kind: choice, title: Only a, status: conditional, applies_when: kind == 'a', choices: [{id: x}], source: {book: p}}
- {id: after, kind: choice, title: After, status: conditional, applies_when: maybe == 'x', choices: [{id: x}], source: {book: p}}
- {id: needed, kind: choice, title: Needed, status: conditional, required_when: kind == 'b', choices: [{id: x}], source: {book: p}}
- id: procedure
  kind: choice
  title: Procedure
  source: {book: p}
  choices: [{id: shave, props: {noun: biopsy, small: "yes"}}, {id: excision, props: {noun: excision, small: "no"}}, {id: odd}]
- id: tree
  kind: choice
  title: Tree
  status: core
  source: {book: p}
  choices: [{id: a}, {id: b}]
  followups:
    - {id: any, kind: text, title: Any}
    - {id: below_a, kind: group, title: G, under: [a], elements: [{id: in, kind: choice, title: In, status: core, choices: [{id: x}]}]}
"""  # noqa: E501
EXTRA = """\
facts: [{id: sure, when: kind == 'a'}]
criteria:
  - {id: one, title: One, met: kind == 'a', unmet: kind == 'b', source: {book: p}}
  - {id: two, title: Two, met: maybe == 'x', unmet: tree == 'b', source: {book: p}}
"""
OUTCOMES: list[tuple[dict[str, Any], str, bool | None, set[str]]] = [
    # a required element is waited for, an optional one says nothing and holds nothing back
    ({}, "kind == 'a'", None, {"kind"}),
    ({}, "maybe == 'x'", None, set()),
    ({"kind": "a"}, "kind == 'a'", True, set()),
    # an element that does not apply says nothing and holds nothing back
    ({"kind": "b"}, "only_a == 'x'", None, set()),
    ({"kind": "b"}, "not (only_a == 'x')", None, set()),
    ({"kind": "b"}, "only_a is applicable", False, set()),
    ({"kind": "a"}, "only_a is applicable", True, set()),
    ({"kind": "a"}, "only_a == 'x'", None, {"only_a"}),
    ({}, "only_a is applicable", None, {"kind"}),
    ({}, "only_a == 'x'", None, {"kind"}),
    # what hangs on something optional and open does not apply
    ({}, "after is applicable", False, set()),
    ({"maybe": "x"}, "after == 'x'", None, {"after"}),
    # required only where its condition holds
    ({"kind": "a"}, "needed == 'x'", None, set()),
    ({"kind": "b"}, "needed == 'x'", None, {"needed"}),
    ({}, "needed == 'x'", None, {"kind"}),
    # props
    ({"procedure": "shave"}, "procedure.small", True, set()),
    ({"procedure": "excision"}, "procedure.small", False, set()),
    ({"procedure": "odd"}, "procedure.small", None, set()),
    ({}, "procedure.small", None, set()),
    ({"procedure": "excision"}, "procedure.noun == 'excision'", True, set()),
    # facts
    ({"kind": "a"}, "sure", True, set()),
    ({"kind": "b"}, "sure", False, set()),
    ({}, "sure", None, {"kind"}),
    ({"kind": "cannot say (why)"}, "sure", None, set()),
    # follow-ups
    ({"tree": "a"}, "tree.below_a.in == 'x'", None, {"tree.below_a.in"}),
    ({"tree": "b"}, "tree.below_a.in == 'x'", None, set()),
    ({"tree": "b"}, "tree.below_a.in is applicable", False, set()),
    ({"tree": "b"}, "tree.any is applicable", True, set()),
    ({}, "tree.below_a.in == 'x'", None, {"tree"}),
    # words below an answer
    ({"kind": {"result": "other", "text": "own words"}}, "kind.text is naming('own')", True, set()),
    ({"kind": {"result": "cannot say", "reason": "too thin"}}, "kind.reason == 'too thin'", True, set()),
    ({"kind": "a"}, "kind.reason is answered", None, set()),
    ({}, "kind.text is answered", None, {"kind"}),
    # criteria
    ({"kind": "a", "maybe": "x", "tree": "a"}, "criteria.met", True, set()),
    ({"kind": "a", "maybe": "x", "tree": "a"}, "criteria.unmet", False, set()),
    ({"kind": "b"}, "criteria.unmet", True, set()),
    ({"kind": "a", "maybe": "y", "tree": "a"}, "criteria.met", None, set()),
    ({"kind": "a", "maybe": "y", "tree": "a"}, "criteria.two == 'unknown'", True, set()),
    ({"kind": "a"}, "criteria.one == 'met'", True, set()),
    ({"kind": "cannot say (why)"}, "criteria.one == 'unknown'", True, set()),
    ({}, "criteria.one == 'met'", None, {"kind"}),
    # a criterion is not "unknown" while the answer that could make it unmet is waited for
    ({"kind": "a"}, "criteria.two == 'unknown'", None, {"tree"}),
    ({"kind": "a"}, "criteria.two == 'met'", None, {"tree"}),
    ({"kind": "a"}, "criteria.unmet", None, {"tree"}),
    # the pathologist's own words can be asked for, and are never waited for
    ({"override": {"diagnosis": "Mine"}}, "override.diagnosis is answered", True, set()),
    ({}, "override.diagnosis is answered", None, set()),
    ({}, "not (override.diagnosis is answered)", None, set()),
    # the header
    ({}, "case.age == 76", True, set()),
    ({}, "case.patient.sex == 'female'", True, set()),
    ({}, "case.clinical_history is answered", None, set()),
]


@pytest.mark.parametrize(("answers", "text", "truth", "waiting"), OUTCOMES)
def test_a_name_means_what_was_answered(
    answers: dict[str, Any], text: str, truth: bool | None, waiting: set[str], templates: Templates
) -> None:
    templates.load(FORM, extra=EXTRA)
    outcome = scope_of(toy_case(answers)).truth(text)
    assert (outcome.truth, set(outcome.waiting)) == (truth, waiting)


def test_a_name_nobody_defined_says_nothing(templates: Templates) -> None:
    templates.load(FORM, extra=EXTRA)
    scope = scope_of(toy_case({"kind": "a"}))
    for name in ("nothing", "kind.nothing", "case.nothing", "rows.1.x"):
        assert scope.reading(name).value is None
    assert scope.applicable("nothing").truth in (None, False)
