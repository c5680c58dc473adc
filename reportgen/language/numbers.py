"""Numbers that conditions put together: sums, the largest and the smallest of several, entries that are counted.

A number that is not known lies somewhere from 0 upward, for nothing measured or counted is less. So `a + b >= 3` is
true as soon as `a` is 3, and `smallest(a, b) < 1` as soon as one of the two is below 1, whatever the other may be.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from reportgen.language.conditions import ConditionResult, Evaluate, Reading, Resolver, outcomes_in
from reportgen.units import Interval

_NOTHING: frozenset[str] = frozenset()
_NONE = Interval.exactly(Decimal(0))
_ONE = Interval.exactly(Decimal(1))
_ENDLESS = Interval.exactly(Decimal("Infinity"))
_ANY = Interval(Decimal(0), None)


class NumberReading(NamedTuple):
    """A number as far as it is known.

    Attributes:
        now: what it is, with what is known now.
        least: what it would be if all that is waited for were as small as can be.
        most: what it would be if all that is waited for were as great as can be.
        known: whether anything of it was entered; a number of which nothing was is compared with nothing.
        used: the answers looked at.
        waiting: what it waits for.
    """

    now: Interval
    least: Interval
    most: Interval
    known: bool = False
    used: frozenset[str] = _NOTHING
    waiting: frozenset[str] = _NOTHING


Number = Callable[[Resolver], tuple[NumberReading, ...]]


def constant_number(number: Decimal) -> Number:
    """A number of the protocol's own."""
    exact = Interval.exactly(number)
    return lambda _: (NumberReading(exact, exact, exact),)


def named_number(path: str) -> Number:
    """The number of an element, or of every entry of a repeated group."""
    return lambda resolver: tuple(map(_of_reading, resolver.each(path)))


def put_together(function: str, members: tuple[Number, ...]) -> Number:
    """`+`, `total`, `largest` or `smallest` of some numbers."""
    combine = COMBINATIONS[function]
    return lambda resolver: (_joined(combine, [each for member in members for each in member(resolver)]),)


def counted_entries(group: str, inner: Evaluate) -> Number:
    """How many entries of a repeated group a condition holds for; not known without entries."""

    def step(resolver: Resolver) -> tuple[NumberReading, ...]:
        rows = resolver.rows(group)
        if not rows.entries:
            return (_of_reading(Reading(None, rows.used, rows.waiting)),)
        outcomes = outcomes_in(rows, group, inner)
        joined = _joined(_total, list(map(_of_outcome, outcomes)))
        return (joined._replace(known=True, used=joined.used | rows.used),)

    return step


def compare_numbers(left: Number, operator: str, right: Number) -> Evaluate:
    """One of `== != < <= > >=` between two numbers."""

    def step(resolver: Resolver) -> ConditionResult:
        (one,), (two,) = left(resolver), right(resolver)
        used, waiting = one.used | two.used, one.waiting | two.waiting
        truth = one.now.compare(operator, two.now) if one.known or two.known else None
        if truth is not None:
            return ConditionResult(truth, used)
        return ConditionResult(None, used, waiting if _can_become_true(one, operator, two) else _NOTHING)

    return step


def _can_become_true(one: NumberReading, operator: str, two: NumberReading) -> bool:
    """Whether some answers to what is waited for make a comparison true."""
    ends = [(mine, its) for mine in (one.least, one.most) for its in (two.least, two.most)]
    if any(mine.compare(operator, its) for mine, its in ends):
        return True
    if operator != "==" or any(end.low != end.high for pair in ends for end in pair):
        return False
    return one.least.low <= two.most.low and two.least.low <= one.most.low


def _joined(combine: Callable[[list[Interval]], Interval], found: list[NumberReading]) -> NumberReading:
    return NumberReading(
        combine([each.now for each in found]),
        combine([each.least for each in found]),
        combine([each.most for each in found]),
        any(each.known for each in found),
        _NOTHING.union(*(each.used for each in found)),
        _NOTHING.union(*(each.waiting for each in found)),
    )


def _of_reading(reading: Reading) -> NumberReading:
    value = reading.value
    if isinstance(value, Interval):
        return NumberReading(value, value, value, True, reading.used)
    if reading.waiting:
        return NumberReading(_ANY, _NONE, _ENDLESS, False, reading.used, reading.waiting)
    return NumberReading(_ANY, _ANY, _ANY, False, reading.used)


def _of_outcome(outcome: ConditionResult) -> NumberReading:
    """What one entry adds to the number of those that a condition holds for."""
    if outcome.truth is not None:
        adds = _ONE if outcome.truth else _NONE
        return NumberReading(adds, adds, adds, True, outcome.used)
    now = Interval(Decimal(0), Decimal(1))
    least, most = (_NONE, _ONE) if outcome.waiting else (now, now)
    return NumberReading(now, least, most, False, outcome.used, outcome.waiting)


def _total(intervals: list[Interval]) -> Interval:
    highs = [each.high for each in intervals if each.high is not None]
    return Interval(
        sum((each.low for each in intervals), Decimal(0)),
        sum(highs, Decimal(0)) if len(highs) == len(intervals) else None,
        any(each.low_open for each in intervals),
        any(each.high_open for each in intervals),
    )


def _largest(intervals: list[Interval]) -> Interval:
    low = max(each.low for each in intervals)
    highs = [each.high for each in intervals if each.high is not None]
    high = max(highs) if len(highs) == len(intervals) else None
    return Interval(
        low,
        high,
        any(each.low_open for each in intervals if each.low == low),
        all(each.high_open for each in intervals if each.high == high),
    )


def _smallest(intervals: list[Interval]) -> Interval:
    low = min(each.low for each in intervals)
    high = min((each.high for each in intervals if each.high is not None), default=None)
    return Interval(
        low,
        high,
        all(each.low_open for each in intervals if each.low == low),
        any(each.high_open for each in intervals if each.high == high),
    )


COMBINATIONS: dict[str, Callable[[list[Interval]], Interval]] = {
    "+": _total,
    "total": _total,
    "largest": _largest,
    "smallest": _smallest,
}
