"""Answers that settle nothing, such as "equivocal": does a condition hold for some value that they may mean?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.open_answers import left_open, left_open_by_number
from reportgen.language.conditions import Reading
from tests.support.toy import Templates, scope_of, toy_case

NUMBERS = """\
- {id: mitoses, kind: count, title: Mitoses, per: [10 HPF, mm²], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p},
   elements: [{id: width, kind: quantity, title: Width, unit: mm}]}
"""
STAINS = [f"S{number}" for number in range(1, 25)]
PANEL = f"""\
- {{id: kind, kind: choice, title: Kind, choices: [{{id: a}}, {{id: b}}, {{id: other, fill_in: true}}], source: {{book: p}}}}
- {{id: mark, kind: choice, title: Mark, applies_when: "kind in ['a', 'other']", choices: [{{id: seen}}, {{id: unseen}}], source: {{book: p}}}}
- id: stains
  kind: panel
  title: Stains
  source: {{book: p}}
  stains: [{", ".join(f"{{id: {each}}}" for each in STAINS)}]
  results: [{{id: positive}}, {{id: negative}}, {{id: equivocal, unclear: true}}]
"""  # noqa: E501


def test_only_a_number_that_is_not_exact_leaves_a_condition_open(templates: Templates) -> None:
    templates.load(NUMBERS)
    open_ones = scope_of(toy_case({"size": ">5 mm", "mitoses": "3 per mm²", "many": "m"}))
    assert left_open_by_number(open_ones, "size > 20", ["size"])
    assert left_open_by_number(open_ones, "mitoses > 5 and 'm' in many", ["many", "mitoses"])
    assert left_open_by_number(open_ones, "size > 20 and mitoses > 5", ["size", "mitoses"])
    assert not left_open_by_number(open_ones, "size > 20 and day is answered", ["size"])  # not by the number alone
    assert not left_open_by_number(open_ones, "mitoses > 500", ["mitoses"])
    assert not left_open_by_number(open_ones, "'n' in many or case.age > 200", ["many", "site", "case.age"])
    assert not left_open_by_number(scope_of(toy_case({"size": "5 mm"})), "size > 20", ["size"])


def test_forty_numbers_that_are_not_exact_are_judged_at_once(templates: Templates) -> None:
    templates.load(NUMBERS)
    scope = scope_of(toy_case({"rows": [{"width": "<5 mm"}] * 40}))
    text = "all(rows, rows.width < 2)"
    assert left_open_by_number(scope, text, scope.truth(text).used)


def stained(kind: str = "a", **results: str) -> AnswerScope:
    return scope_of(toy_case({"kind": kind, "stains": results}))


def stains_open(scope: AnswerScope, text: str) -> list[str]:
    """The answers that leave a condition open."""
    outcome = scope.truth(text)
    assert outcome.truth is None
    return [each.path.removeprefix("stains.") for each in left_open(scope, text, outcome)]


def some(number: int, result: str) -> str:
    return f"at_least({number}, {', '.join(f'stains.{each} == {result!r}' for each in STAINS)})"


FACTS = "facts: [{id: seen, when: mark == 'seen'}]\n"
OTHER = {"result": "other", "text": "words"}
EQUIVOCAL = dict.fromkeys(STAINS, "equivocal")


def test_a_case_may_have_many_stains_that_settle_nothing(templates: Templates) -> None:
    """Each has two results: tried in all ways together, they would take years."""
    templates.load(PANEL)
    scope = stained(**EQUIVOCAL)
    assert stains_open(scope, some(24, "negative")) == sorted(STAINS)
    assert stains_open(scope, f"{some(1, 'negative')} and stains.S1 == 'positive'") == sorted(STAINS)
    assert stains_open(scope, f"stains.S1 == 'positive' and stains.S1 == 'negative' and {some(3, 'negative')}") == []


def test_what_is_not_settled_after_many_tries_is_taken_to_hold(templates: Templates) -> None:
    templates.load(PANEL)
    scope = stained(**EQUIVOCAL)
    assert stains_open(scope, f"{some(13, 'positive')} and {some(12, 'negative')}") == sorted(STAINS)


def test_what_makes_an_element_apply_is_settled_too(templates: Templates) -> None:
    """If it does not apply, what rests on it is unproven."""
    templates.load(PANEL, extra=FACTS)
    scope = scope_of(toy_case({"kind": OTHER, "mark": "seen", "stains": {"S1": "equivocal"}}))
    never = "stains.S1 == 'positive' and stains.S1 == 'negative' and kind == 'a'"
    assert stains_open(scope, f"({never}) or (seen is unproven and stains.S1 == 'positive')") == ["kind", "S1"]


ATOMS = [
    *(f"stains.{each} {operator} 'positive'" for each in STAINS[:4] for operator in ("==", "!=")),
    *("kind == 'a'", "kind != 'b'", "mark == 'seen'", "mark != 'seen'", "seen is unproven"),
]
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=8,
)
RESULTS = st.sampled_from(["positive", "negative", "equivocal", "equivocal"])
KINDS = st.sampled_from(["a", "b", "other"])


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with Templates.at(tmp_path_factory.mktemp("templates")) as made:
        made.load(PANEL, extra=FACTS)
        yield


@given(text=CONDITIONS, kind=KINDS, mark=st.sampled_from(["seen", "unseen", ""]), results=st.tuples(*[RESULTS] * 4))
def test_it_is_what_trying_all_ways_gives(
    panel: None, text: str, kind: str, mark: str, results: tuple[str, ...]
) -> None:
    stains = dict(zip(STAINS, results, strict=False))
    entered = {"kind": OTHER if kind == "other" else kind, "stains": stains}
    scope = scope_of(toy_case(entered | ({"mark": mark} if mark and kind != "b" else {})))
    outcome = scope.truth(text)
    looked_at = outcome.used | outcome.waiting
    unclear = {path: ways for path, ways in _ways(kind, stains).items() if path in looked_at}
    expected = any(
        scope.supposing({path: Reading(value, frozenset({path})) for path, value in zip(unclear, values, strict=True)})
        .truth(text)
        .truth
        for values in product(*unclear.values())
    )
    if outcome.truth is None and unclear:
        assert bool(left_open(scope, text, outcome)) is expected


def _ways(kind: str, stains: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """What each answer that settles nothing may stand for."""
    ways: dict[str, tuple[str, ...]] = {
        f"stains.{each}": ("positive", "negative") for each in stains if stains[each] == "equivocal"
    }
    if kind == "other":
        ways["kind"] = ("a", "b")
    return ways
