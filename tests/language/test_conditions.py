"""Conditions: three-valued logic and the offered language."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.compiler import EACH, Use, compile_condition
from reportgen.language.conditions import ConditionResult, Reading, Rows
from reportgen.language.syntax import ExpressionError
from reportgen.units import Interval, read_quantity

TRUTHS = (True, False, None)
NOTHING = frozenset[str]()


class Known:
    """A resolver over given readings; everything else is waited for."""

    def __init__(self, **readings: Reading) -> None:
        self.readings = readings
        self.asked: list[str] = []

    def reading(self, path: str) -> Reading:
        self.asked.append(path)
        return self.readings.get(path, Reading(waiting=frozenset({path})))

    def applicable(self, path: str) -> ConditionResult:
        return ConditionResult(self.readings[path].value is not None if path in self.readings else None)

    def rows(self, group: str) -> Rows:
        return Rows(waiting=frozenset({group}))

    def each(self, path: str) -> tuple[Reading, ...]:
        return (self.reading(path),)


def fact(truth: bool | None, name: str) -> Reading:
    return Reading(waiting=frozenset({name})) if truth is None else Reading(truth, frozenset({name}))


def value(given: Any, name: str = "x") -> Reading:
    return Reading(given, frozenset({name}))


def truth(text: str, **readings: Reading) -> bool | None:
    return compile_condition(text).evaluate(Known(**readings)).truth


def kleene(operator: str, one: bool | None, two: bool | None) -> bool | None:
    """Strong Kleene logic on the order false < unknown < true."""
    order = {False: 0, None: 1, True: 2}
    pick = min if operator == "and" else max
    return {0: False, 1: None, 2: True}[pick(order[one], order[two])]


@pytest.mark.parametrize("operator", ["and", "or"])
@pytest.mark.parametrize(("one", "two"), list(itertools.product(TRUTHS, TRUTHS)))
def test_and_and_or_over_true_false_and_unknown(operator: str, one: bool | None, two: bool | None) -> None:
    outcome = compile_condition(f"a {operator} b").evaluate(Known(a=fact(one, "a"), b=fact(two, "b")))
    assert outcome.truth is kleene(operator, one, two)
    waited = {name for name, given in (("a", one), ("b", two)) if given is None}
    assert outcome.waiting == (frozenset(waited) if outcome.truth is None else NOTHING)


@pytest.mark.parametrize("given", TRUTHS)
def test_not_over_true_false_and_unknown(given: bool | None) -> None:
    outcome = compile_condition("not a").evaluate(Known(a=fact(given, "a")))
    assert outcome.truth is (None if given is None else not given)
    assert outcome.waiting == (frozenset({"a"}) if given is None else NOTHING)


trees = st.recursive(
    st.sampled_from("abc"),
    lambda inner: st.tuples(st.just("not"), inner) | st.tuples(st.sampled_from(("and", "or")), inner, inner),
    max_leaves=8,
)


def written(tree: Any) -> str:
    if isinstance(tree, str):
        return tree
    return f"not ({written(tree[1])})" if tree[0] == "not" else f"({written(tree[1])} {tree[0]} {written(tree[2])})"


def worked_out(tree: Any, given: dict[str, bool | None]) -> bool | None:
    if isinstance(tree, str):
        return given[tree]
    if tree[0] == "not":
        inner = worked_out(tree[1], given)
        return None if inner is None else not inner
    return kleene(tree[0], worked_out(tree[1], given), worked_out(tree[2], given))


@given(trees)
def test_any_nesting_is_kleene_logic_for_every_assignment(tree: Any) -> None:
    condition = compile_condition(written(tree))
    for assigned in itertools.product(TRUTHS, repeat=3):
        known = dict(zip("abc", assigned, strict=True))
        outcome = condition.evaluate(Known(**{name: fact(given, name) for name, given in known.items()}))
        assert outcome.truth is worked_out(tree, known)


@given(st.lists(st.sampled_from(TRUTHS), min_size=2, max_size=5), st.integers(1, 5), st.booleans(), st.data())
def test_at_least_counts_what_is_true_and_what_could_be(
    members: list[bool | None], needed: int, turned: bool, data: st.DataObject
) -> None:
    needed = min(needed, len(members))
    names = "abcde"[: len(members)]
    waits = {name: data.draw(st.booleans()) for name in names}
    known = {
        name: Reading() if given is None and not waits[name] else fact(given, name)
        for name, given in zip(names, members, strict=True)
    }
    text = f"at_least({needed}, {', '.join(names)})"
    outcome = compile_condition(f"not {text}" if turned else text).evaluate(Known(**known))

    def truth(members: list[bool | None]) -> bool | None:
        sure, possible = sum(each is True for each in members), sum(each is not False for each in members)
        holds = True if sure >= needed else None if possible >= needed else False
        return holds if not turned or holds is None else not holds

    assert outcome.truth is truth(members)
    waited = [at for at, given in enumerate(members) if given is None and waits[names[at]]]
    settled = [
        [dict(zip(waited, each, strict=True)).get(at, given) for at, given in enumerate(members)]
        for each in itertools.product((True, False), repeat=len(waited))
    ]
    hopeful = outcome.truth is None and any(truth(each) for each in settled)
    assert outcome.waiting == (frozenset(names[at] for at in waited) if hopeful else NOTHING)


def test_at_least_rests_on_what_settles_it() -> None:
    condition = compile_condition("at_least(2, a, b, c, d)")
    given = {"a": fact(True, "a"), "b": fact(False, "b"), "c": fact(True, "c")}
    assert condition.evaluate(Known(**given)) == ConditionResult(True, frozenset("ac"))
    given = {"a": fact(False, "a"), "b": fact(False, "b"), "c": fact(False, "c")}
    assert condition.evaluate(Known(**given)) == ConditionResult(False, frozenset("abc"))


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("x == 'a'", "a", True),
        ("x == 'a'", "b", False),
        ("x != 'a'", "b", True),
        ("'a' == x", "a", True),
        ("x in ['a', 'b']", "b", True),
        ("x not in ['a', 'b']", "b", False),
        ("x in ('a', 'b')", "c", False),
        ("'a' in x", frozenset({"a", "b"}), True),
        ("'a' not in x", frozenset({"b"}), True),
        ("'a' in x", NOTHING, False),
        ("x is naming('left')", "Left forearm", True),
        ("x is naming('left')", "cleft lip", False),
        ("x is naming('left')", "forearm, left", True),
        ("x is naming('.')", "abc", False),
        ("x is answered", "", True),
        ("x is applicable", "", True),
        ("x > 4", Interval(Decimal("4.5"), Decimal("4.5")), True),
        ("x > 4.5", Interval(Decimal("4.5"), Decimal("4.5")), False),
        ("4 < x", Interval(Decimal(5), Decimal(5)), True),
        ("x >= 18", Interval(Decimal(18), None), True),
        ("x > 20", Interval(Decimal(18), None), None),
        ("x == 0", Interval(Decimal(0), Decimal(0)), True),
        ("x", True, True),
        ("x", False, False),
        ("not x", False, True),
        ("true", None, True),
        ("false or x", True, True),
    ],
)
def test_each_comparison_says_what_it_reads_like(text: str, given: Any, expected: bool | None) -> None:
    assert truth(text, x=value(given)) is expected


@pytest.mark.parametrize(
    ("one", "operator", "two", "expected"),
    [
        ("<5", ">", "5", False),
        ("<5", ">", "4", None),
        ("5", ">", "<5", True),
        ("5", "<", ">5", True),
        ("5", ">=", "<=5", True),
        ("<5", ">", ">5", False),
        ("<5", "<", ">=5", True),
        ("<=5", "<", ">=5", None),
        ("<=5", "<=", ">=5", True),
        ("<5", "==", ">5", False),
        ("<5", "<", ">4", None),
        ("5", "==", "5", True),
        ("5", "!=", "<5", True),
    ],
)
def test_two_measurements_compare_as_ranges(one: str, operator: str, two: str, expected: bool | None) -> None:
    sizes = [quantity.interval() for text in (one, two) if (quantity := read_quantity(text))]
    assert truth(f"x {operator} y", x=value(sizes[0]), y=value(sizes[1], "y")) is expected


def test_an_answer_that_could_not_be_determined_equals_its_words_and_says_nothing_else() -> None:
    unknown = Reading(None, frozenset({"x"}), words="cannot be determined")
    assert truth("x == 'cannot be determined'", x=unknown) is True
    assert truth("x in ['a', 'cannot be determined']", x=unknown) is True
    assert truth("x is answered", x=unknown) is True
    for text in ("x == 'a'", "x != 'a'", "x in ['a', 'b']", "x not in ['a']", "x > 3", "x is naming('a')", "'a' in x"):
        assert truth(text, x=unknown) is None


def test_answered_is_never_false() -> None:
    assert truth("x is answered") is None
    assert truth("not (x is answered)") is None
    assert truth("x is answered", x=Reading()) is None
    assert truth("not (x is answered)", x=value("a")) is False


def test_an_outcome_names_what_it_was_judged_by() -> None:
    condition = compile_condition("a == 'x' and (b == 'y' or c > 3)")
    outcome = condition.evaluate(Known(a=value("x", "a"), b=value("y", "b")))
    assert (outcome.truth, outcome.used, outcome.waiting) == (True, frozenset("ab"), NOTHING)
    outcome = condition.evaluate(Known(a=value("x", "a"), b=value("z", "b")))
    assert (outcome.truth, outcome.used, outcome.waiting) == (None, frozenset("ab"), frozenset("c"))
    assert condition.evaluate(Known(a=value("z", "a"))) == ConditionResult(False, frozenset("a"))


def test_a_condition_knows_its_names_and_what_they_are_used_for() -> None:
    one = "p.q == 'a' and stains['Ki-67'] in ['b'] and size >= 4 and 'c' in many and f"
    one += " and any(g, g.p == 'x') and count(g, g.q > 2) >= 3 and largest(g.q) < 7 and t + u >= 8"
    two = "n is answered and s is naming('w') and size > other and m is applicable and d == e"
    condition = compile_condition(f"{one} and {two}")
    names = {"p.q", "stains.Ki-67", "size", "many", "f", "n", "s", "other", "m", "d", "e", "g", "g.p", "g.q", "t", "u"}
    assert condition.names == names
    assert set(condition.compared) == {("p.q", "a"), ("stains.Ki-67", "b"), ("many", "c"), ("g.p", "x")}
    assert set(condition.bounds) == {
        ("size", Decimal(4)), ("g", Decimal(3)), ("g.q", Decimal(2)), ("g.q", Decimal(7)), ("t", Decimal(8)),
        ("u", Decimal(8)),
    }  # fmt: skip
    assert condition.named == {"w"}
    assert condition.pairs == {("d", "e"), ("size", "other")}
    assert condition.measured == set(map(frozenset, (("d", "e"), ("size", "other"), ("g.q",), ("t", "u"))))
    assert {each for each in condition.places if each[1]} == {("g.p", "g"), ("g.q", "g"), ("g.q", EACH)}
    assert condition.uses == {
        ("p.q", Use.word), ("stains.Ki-67", Use.word), ("size", Use.number), ("many", Use.several), ("f", Use.truth),
        ("n", Use.answered), ("s", Use.word), ("size", Use.order), ("other", Use.order), ("m", Use.applicable),
        ("g", Use.entries), ("g.p", Use.word), ("g.q", Use.number), ("t", Use.number), ("u", Use.number),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a b", "a ==", "a == 'x' == 'y'", "1 < a < 3", "a|upper == 'X'", "a()", "a.b()", "a[b]",
        "a[0]", "a ~ 'x'", "a if b else c", "a is defined", "a is none", "a is naming", "a is naming('x', 'y')",
        "a is answered('x')", "a in 'text'", "a in [1, 2]", "a in [b]", "a == ['x']", "a < 'x'", "a > ['x']",
        "a == true", "a == none", "none", "'x'", "1", "['x']", "'x' == 'x'", "1 < 2", "{'a': b}", "a }}{{ b",
        "a}}{% if b %}", "a == -1", "a is naming([b])", "'x' is answered", "a == 'x", "a and", "and a", "not",
        "a + 1", "a + b", "a + 'x' > 1", "a + b in ['x']", "1 + 2 > 3", "largest() > 1", "largest(a)", "count(g)",
        "largest(a, b) == 'x'", "total(a == 'x') > 1", "any(g)", "all(g)", "any('g', a)", "any(g, any(h, a))",
        "at_least(2, a)", "at_least(0, a, b)", "at_least(1.5, a, b)", "at_least(3, a, b)", "at_least(a, b)",
        "at_least(2, a, a)",
    ],
)  # fmt: skip
def test_what_the_language_does_not_offer_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_condition(text)


def test_dates_compare_with_dates() -> None:
    assert truth("x == y", x=value(date(2026, 1, 1)), y=value(date(2026, 1, 1), "y")) is True
    assert truth("x == y", x=value(date(2026, 1, 1)), y=value(date(2026, 1, 2), "y")) is False
