"""Measured numbers in logic: what is known of the true value, and how it compares with a bound or another number."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from reportgen.protocols.proof.formula import FALSE, TRUE, Formula, Number, all_of, any_of, no

STEPS = 10**6  # of one unit: numbers are entered with at most six decimals
_OPPOSITE = {"<=": ">", "<": ">=", "!=": "=="}


class Span(NamedTuple):
    """What a number says of the true value where `when` holds: it lies from `low` to `high` (None: to infinity)."""

    when: Formula
    low: Number
    high: Number | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_point(self) -> Formula:
        """Whether it is one exact number."""
        if self.high is None:
            return FALSE
        return TRUE if self.high == self.low else self.high.minus(self.low).equals(0)

    def compare(self, operator: str, other: Span) -> tuple[Formula, Formula]:
        """Whether all values of both compare so, and whether none do: as `units.Interval`."""
        if operator in _OPPOSITE:
            true, false = self.compare(_OPPOSITE[operator], other)
            return false, true
        if operator == "==":
            return self._is(other)
        return self._is_above(other, strictly=operator == ">")

    def _is_above(self, other: Span, *, strictly: bool) -> tuple[Formula, Formula]:
        true = self._apart(other, touching=self.low_open or other.high_open or not strictly)
        false = other._apart(self, touching=self.high_open or other.low_open or strictly)
        return true, all_of(no(true), false)

    def _apart(self, other: Span, *, touching: bool) -> Formula:
        """Whether all of this one lies above all of the other, or begins where it ends."""
        if other.high is None:
            return FALSE
        between = self.low.minus(other.high)
        return between.at_least(0) if touching else between.above(0)

    def _is(self, other: Span) -> tuple[Formula, Formula]:
        points, equal = all_of(self.is_point, other.is_point), self.low.minus(other.low).equals(0)
        apart = any_of(self._is_above(other, strictly=True)[0], other._is_above(self, strictly=True)[0])
        return all_of(points, equal), any_of(all_of(points, no(equal)), all_of(no(points), apart))


Spans = tuple[Span, ...]


def entered(name: str, signs: bool, steps: int = 1, most: int = 1) -> Iterator[Span]:
    """What one entered number says; `most` is how many times itself it may be, where its basis leaves that open.

    The number is the variable `name`, in steps of `steps`. Its comparator is one of the variables of `signs_of`.
    """
    value = Number(((name, steps),))
    nothing, high = Number(), value.times(most)
    less, at_most, more, at_least = (sign for _, sign in signs_of(name)) if signs else (FALSE,) * 4
    yield Span(no(any_of(less, at_most, more, at_least)), value, high)
    if signs:
        yield Span(less, nothing, high, high_open=True)
        yield Span(at_most, nothing, high)
        yield Span(more, value, None, low_open=True)
        yield Span(at_least, value, None)


def signs_of(name: str) -> tuple[tuple[str, Formula], ...]:
    """Each comparator with the variable that says that a number was entered with it."""
    return tuple((sign, Formula("is", terms=((f"{name} {sign}", 1),))) for sign in ("<", "<=", ">", ">="))


def against(spans: Spans, operator: str, bound: Decimal) -> tuple[Formula, Formula]:
    """Whether a number compares so with a bound; exact, however many decimals the bound has."""
    fraction = Fraction(bound) * STEPS
    scale = fraction.denominator
    bound_there = Number((), fraction.numerator)
    point = Span(TRUE, bound_there, bound_there)
    pairs = [(each.when, _scaled(each, scale).compare(operator, point)) for each in spans]
    return _either(pairs)


def between(one: Spans, operator: str, two: Spans) -> tuple[Formula, Formula]:
    """How two measured numbers compare, either of which may be a range."""
    pairs = [(all_of(left.when, right.when), left.compare(operator, right)) for left in one for right in two]
    return _either(pairs)


def _scaled(span: Span, factor: int) -> Span:
    high = None if span.high is None else span.high.times(factor)
    return span._replace(low=span.low.times(factor), high=high)


def _either(pairs: list[tuple[Formula, tuple[Formula, Formula]]]) -> tuple[Formula, Formula]:
    true = any_of(*(all_of(when, each) for when, (each, _) in pairs))
    return true, any_of(*(all_of(when, each) for when, (_, each) in pairs))
