"""Numbers put together in conditions, against every number that what is not known could be."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.compiler import compile_condition
from reportgen.language.conditions import ConditionResult, Reading, Rows
from reportgen.units import Interval, read_quantity

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[[list[int]], int]] = {"total": sum, "largest": max, "smallest": min}
COULD_BE = (*range(11), 50)  # what an unknown number could be; no comparison below asks for more than 9
NAMES = ("a", "b", "c")
MISSING, OPEN = "required and not entered", "optional and not entered"
State = int | str


class Answers:
    """A resolver over whole numbers, missing ones, and entries of the one group `lesions`."""

    def __init__(self, known: dict[str, State], entries: list[dict[str, State]] | None = None) -> None:
        self.known = known
        self.entries = entries or []

    def reading(self, path: str) -> Reading:
        state = self.known.get(path, OPEN)
        if state == MISSING:
            return Reading(waiting=frozenset({path}))
        if isinstance(state, bool):
            return Reading(state, frozenset({path}))
        return Reading(Interval.exactly(Decimal(state)), frozenset({path})) if isinstance(state, int) else Reading()

    def applicable(self, path: str) -> ConditionResult:
        raise AssertionError(path)

    def rows(self, group: str) -> Rows:
        assert group == "lesions"
        found = [(f"lesions.{at}", Answers({**self.known, **each})) for at, each in enumerate(self.entries, 1)]
        return Rows(tuple(found), frozenset(), frozenset() if found else frozenset({group}))

    def each(self, path: str) -> tuple[Reading, ...]:
        if not path.startswith("lesions."):
            return (self.reading(path),)
        rows = self.rows("lesions")
        return tuple(each.reading(path) for _, each in rows.entries) or (Reading(waiting=rows.waiting),)


def only(truths: set[bool]) -> bool | None:
    return next(iter(truths)) if len(truths) == 1 else None


states = st.integers(0, 6) | st.sampled_from((MISSING, OPEN))


@given(
    st.sampled_from(tuple(FUNCTIONS)),
    st.sampled_from(tuple(COMPARE)),
    st.lists(states, min_size=1, max_size=3),
    st.integers(0, 9),
)
def test_a_number_put_together_is_known_where_every_possible_number_says_so(
    function: str, sign: str, given: list[State], bound: int
) -> None:
    names = NAMES[: len(given)]
    known = dict(zip(names, given, strict=True))
    outcome = compile_condition(f"{function}({', '.join(names)}) {sign} {bound}").evaluate(Answers(known))

    def truths(known: dict[str, State]) -> set[bool]:
        possible = [[state] if isinstance(state, int) else COULD_BE for state in known.values()]
        return {COMPARE[sign](FUNCTIONS[function](list(each)), bound) for each in product(*possible)}

    nothing = not any(isinstance(state, int) for state in given)
    assert outcome.truth is (None if nothing else only(truths(known)))
    assert outcome.used == {name for name, state in known.items() if isinstance(state, int)}
    waited_for = [name for name, state in known.items() if state == MISSING]
    filled = [
        {**known, **dict(zip(waited_for, each, strict=True))} for each in product(COULD_BE, repeat=len(waited_for))
    ]
    hopeful = outcome.truth is None and any(only(truths(each)) for each in filled)
    assert outcome.waiting == (frozenset(waited_for) if hopeful else frozenset())


@given(states, states, states, st.sampled_from(tuple(COMPARE)))
def test_a_sum_compares_with_a_third_number(a: State, b: State, c: State, sign: str) -> None:
    known: dict[str, State] = {"a": a, "b": b, "c": c}
    outcome = compile_condition(f"a + b {sign} c").evaluate(Answers(known))
    possible = [[state] if isinstance(state, int) else range(30) for state in (a, b, c)]
    expected = only({COMPARE[sign](one + two, three) for one, two, three in product(*possible)})
    if expected is not None or {a, b, c} <= {MISSING, OPEN}:
        assert outcome.truth is (None if {a, b, c} <= {MISSING, OPEN} else expected)
    else:
        assert outcome.truth is None


@given(st.lists(states, max_size=3), st.sampled_from(tuple(COMPARE)), st.integers(0, 4))
def test_counted_entries_are_known_where_every_possible_entry_says_so(
    sizes: list[State], sign: str, bound: int
) -> None:
    answers = Answers({}, [{"lesions.size": size} for size in sizes])
    outcome = compile_condition(f"count(lesions, lesions.size > 3) {sign} {bound}").evaluate(answers)
    possible = [[state] if isinstance(state, int) else COULD_BE for state in sizes]
    truths = {COMPARE[sign](sum(size > 3 for size in each), bound) for each in product(*possible)}
    assert outcome.truth is (only(truths) if sizes else None)
    assert compile_condition(f"not (count(lesions, lesions.size > 3) {sign} {bound})").evaluate(answers).truth is (
        None if outcome.truth is None else not outcome.truth
    )
    if not sizes:
        assert outcome.waiting == (frozenset() if (sign, bound) == ("<", 0) else {"lesions"})
    elif outcome.truth is None:
        assert outcome.waiting <= {f"lesions.{at}.size" for at, size in enumerate(sizes, 1) if size == MISSING}


@given(st.lists(states, max_size=3), st.sampled_from(("largest", "smallest", "total")), st.sampled_from(tuple(COMPARE)))
def test_a_number_of_all_entries_is_that_of_as_many_names(sizes: list[State], function: str, sign: str) -> None:
    entries = compile_condition(f"{function}(lesions.size) {sign} 3").evaluate(
        Answers({}, [{"lesions.size": size} for size in sizes])
    )
    names = NAMES[: len(sizes)]
    plain = f"{function}({', '.join(names)}) {sign} 3"
    expected = compile_condition(plain).evaluate(Answers(dict(zip(names, sizes, strict=True)))).truth if sizes else None
    assert entries.truth is expected


@given(st.lists(states, max_size=3), st.integers(0, 6))
def test_any_and_all_are_or_and_and_over_the_entries(sizes: list[State], bound: int) -> None:
    answers = Answers({}, [{"lesions.size": size} for size in sizes])
    single = [None if not isinstance(size, int) else size > bound for size in sizes]
    for word, decisive in (("any", True), ("all", False)):
        outcome = compile_condition(f"{word}(lesions, lesions.size > {bound})").evaluate(answers)
        settled = decisive if decisive in single else None if None in single else not decisive
        assert outcome.truth is (settled if sizes else None)
        turned = compile_condition(f"not {word}(lesions, lesions.size > {bound})").evaluate(answers)
        assert turned.truth is (None if outcome.truth is None else not outcome.truth)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("a + b == 0.3", True),
        ("a + b <= 0.3", True),
        ("a + b > 0.29999999", True),
        ("a + b + 0.7 == 1", True),
        ("largest(a, b) == smallest(b, 5)", True),
        ("largest(a, b, 0.25) == 0.25", True),
        ("smallest(a, b) < b", True),
    ],
)
def test_decimals_are_exact(text: str, truth: bool) -> None:
    readings = {"a": Decimal("0.1"), "b": Decimal("0.2")}

    class Exact(Answers):
        def reading(self, path: str) -> Reading:
            return Reading(Interval.exactly(readings[path]), frozenset({path}))

    assert compile_condition(text).evaluate(Exact({})).truth is truth


@pytest.mark.parametrize(
    ("text", "one", "two", "truth"),
    [
        ("a + b > 4", ">=2", "3", True),
        ("a + b > 5", ">=2", "3", None),
        ("a + b > 5", ">2", "3", True),
        ("a + b < 5", "<2", "3", True),
        ("a + b < 5", "<=2", "3", None),
        ("largest(a, b) >= 5", "<9", "5", True),
        ("largest(a, b) < 9", "<9", "5", True),
        ("largest(a, b) < 9", "<=9", "5", None),
        ("smallest(a, b) > 2", ">2", "5", True),
        ("smallest(a, b) > 2", ">=2", "5", None),
        ("smallest(a, b) <= 5", ">2", "5", True),
    ],
)
def test_comparators_keep_their_boundaries(text: str, one: str, two: str, truth: bool | None) -> None:
    sizes = {"a": read_quantity(one), "b": read_quantity(two)}

    class Measured(Answers):
        def reading(self, path: str) -> Reading:
            quantity = sizes[path]
            assert quantity
            return Reading(quantity.interval(), frozenset({path}))

    assert compile_condition(text).evaluate(Measured({})).truth is truth


def test_a_number_of_which_nothing_was_entered_says_nothing() -> None:
    outcome = compile_condition("a + b >= 0").evaluate(Answers({"a": MISSING}))
    assert outcome == ConditionResult(None, frozenset(), frozenset({"a"}))
