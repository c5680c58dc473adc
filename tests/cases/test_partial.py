"""What stays of a case of which something was refused: nothing that was refused, everything that was not."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.cases.validate import Validation, validate
from reportgen.findings import FindingsError, Severity
from reportgen.pipeline import Settings, assessed, check, render
from tests.acceptance.support import base, changed
from tests.support.toy import Templates, source_of, toy_data

FORM = """\
- {id: kind, kind: choice, title: Kind, aliases: [sort], choices: [{id: a}, {id: b}, {id: other, fill_in: true}], source: {book: p},
   followups: [{id: of_a, kind: text, title: Of a, under: [a]}]}
- {id: wide, kind: choice, title: Wide, source: {book: p}, choices: [{id: so}, {id: none}]}
- {id: then, kind: text, title: Then, source: {book: p}, applies_when: wide == 'so'}
- {id: last, kind: text, title: Last, source: {book: p}, applies_when: then is answered}
- {id: free, kind: text, title: Free, source: {book: p}}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: text, title: One},
   {id: day, kind: date, title: Day}]}
"""  # noqa: E501


def left(validation: Validation) -> set[str]:
    """What was left out."""
    return {str(path).removeprefix("parts.A.") for path in validation.refused}


def answers(validation: Validation) -> set[str]:
    """What the only part still answers."""
    assert validation.case is not None
    (part,) = validation.case.parts
    return {path for path in part.answers if path != "site"}


@pytest.mark.parametrize(
    ("entered", "gone", "stay"),
    [
        ({"kind": "c", "free": "x"}, {"kind"}, {"free"}),
        ({"kid": "x", "free": "x"}, {"kid"}, {"free"}),
        ({"kind": "a", "sort": "b", "free": "x"}, {"kind", "sort"}, {"free"}),
        ({"kind": {"result": "a", "of_a": "x", "of_b": "y"}}, {"kind.of_b"}, {"kind", "kind.of_a"}),
        ({"kind": {"result": "b", "of_a": "x"}}, {"kind.of_a"}, {"kind"}),
        ({"kind": {"result": "a", "of_a": "x", "text": ["y"]}}, {"kind.text", "kind", "kind.of_a"}, set()),
        ({"kind": {"of_a": "x"}, "free": "y"}, {"kind"}, {"free"}),
        ({"rows": [{"one": "x", "day": "never"}, {"one": "y"}]}, {"rows.1.day"}, {"rows.1.one", "rows.2.one"}),
        ({"rows": ["x", {"one": "y"}]}, {"rows.1"}, {"rows.2.one"}),
        ({"rows": [{"won": "x", "result": "y", "one": "z"}]}, {"rows.1.won", "rows.1.result"}, {"rows.1.one"}),
        ({"wide": "none", "then": "x", "free": "y"}, {"then"}, {"wide", "free"}),
        ({"wide": "maybe", "then": "x", "last": "y", "free": "z"}, {"wide", "then", "last"}, {"free"}),
    ],
)
def test_what_is_refused_leaves_with_what_hangs_on_it_and_the_rest_stays(
    entered: dict[str, Any], gone: set[str], stay: set[str], templates: Templates
) -> None:
    templates.load(FORM)
    validation = validate(source_of(toy_data(entered)))
    assert left(validation) == gone
    assert answers(validation) == stay


def test_nothing_is_refused_exactly_where_nothing_is_an_error(templates: Templates) -> None:
    templates.load(FORM)
    for entered, refused in (({"free": "x"}, False), ({"free": "TBD"}, False), ({"kind": "c"}, True)):
        validation = validate(source_of(toy_data(entered)))
        assert bool(validation.refused) is refused
        assert any(each.severity is Severity.error for each in validation.findings) is refused
        assert validation.case is not None
        assert len(validation.scopes) == len(validation.case.parts)


MISTAKES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"necrosis": "nonsense"}, {}),
    ({"laterality": "right", "site": "left arm"}, {}),
    ({"acknowledge": {"A5": "short"}}, {}),
    ({}, {"collected": "2026-11-18", "received": "2026-11-17"}),
    ({}, {"received": "2026-02-30"}),
    ({}, {"patient": {"name": ["x"]}}),
    ({}, {"override": {"diagnosis": "one", "nonsense": "two"}}),
    ({"override": {"diagnosis": "one"}}, {"override": {"diagnosis": "two"}}),
]


@pytest.mark.parametrize(("part", "head"), MISTAKES)
def test_a_case_of_which_something_was_refused_is_never_checked_or_rendered(
    part: dict[str, Any], head: dict[str, Any]
) -> None:
    source = source_of({**changed(base("q1-excision"), part), **head})
    validation = validate(source)
    assert validation.refused
    assert validation.case is not None
    checked = check(source)
    assert checked.case is None
    assert checked.errors == tuple(each for each in validation.findings if each.severity is Severity.error)
    assert checked.assessments == ()
    with pytest.raises(FindingsError):
        render(source)
    with pytest.raises(FindingsError):
        render(assessed(validation), Settings())


def test_what_was_said_twice_is_said_by_neither() -> None:
    data = changed(base("q1-excision"), {"override": {"diagnosis": "one", "extent": "kept"}})
    validation = validate(source_of({**data, "override": {"diagnosis": "two"}}))
    assert validation.case is not None
    assert [*validation.case.parts[0].overrides] == ["extent"]


def test_a_date_out_of_order_reaches_no_condition_of_a_part() -> None:
    data = {**base("q1-excision"), "collected": "2026-11-18", "received": "2026-11-17"}
    validation = validate(source_of(data))
    assert [str(path) for path in validation.refused] == ["received", "collected"]
    assert not {"collected", "received"} & validation.scopes[0].header_answers.keys()


@pytest.mark.parametrize("parts", [[], [{"label": "A"}], [{"protocol": "aismn"}], ["x"], "x"])
def test_a_case_whose_parts_are_not_known_is_none(parts: Any) -> None:
    validation = validate(source_of({**base("q1-excision"), "parts": parts, "protocol": None}))
    assert validation.case is None
    assert validation.refused
