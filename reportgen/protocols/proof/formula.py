"""Formulas over yes/no variables and whole numbers: built, evaluated and renamed here, decided by a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Generic, TypeVar

Result = TypeVar("Result")

Values = Mapping[str, int]
"""Variable → its number; 1 and 0 for yes and no. What is not named is 0."""


@dataclass(frozen=True, eq=False, slots=True)
class Formula:
    """A formula: `and` and `or` of parts, `not` of one, a variable, or a sum of numbers that is at least a bound.

    Attributes:
        kind: `and`, `or`, `not`, `is`, `sum`.
        parts: the formulas that it is made of.
        terms: variable → factor, of a variable and of a sum.
        bound: what a sum is at least.
    """

    kind: str
    parts: tuple[Formula, ...] = ()
    terms: tuple[tuple[str, int], ...] = ()
    bound: int = 0


@dataclass(frozen=True)
class Number:
    """A sum of variables, each times a factor, and of a constant; in whole steps of the finest entry."""

    terms: tuple[tuple[str, int], ...] = ()
    plus: int = 0

    def times(self, factor: int) -> Number:
        """The same number so many times."""
        return Number(tuple((name, each * factor) for name, each in self.terms), self.plus * factor)

    def minus(self, other: Number) -> Number:
        """The difference of two numbers."""
        sums = dict(self.terms)
        for name, factor in other.terms:
            sums[name] = sums.get(name, 0) - factor
        return Number(tuple((name, each) for name, each in sums.items() if each), self.plus - other.plus)

    def at_least(self, bound: Fraction | int) -> Formula:
        """Whether it is at least a bound, which need not be whole."""
        least = ceil(bound) - self.plus
        if not self.terms:
            return TRUE if least <= 0 else FALSE
        return Formula("sum", terms=self.terms, bound=least)

    def above(self, bound: Fraction | int) -> Formula:
        """Whether it is greater than a bound."""
        return self.at_least(floor(bound) + 1)

    def equals(self, bound: Fraction | int) -> Formula:
        """Whether it is that number."""
        return all_of(self.at_least(bound), no(self.above(bound)))


TRUE = Formula("and")
FALSE = Formula("or")


def is_(name: str) -> Formula:
    """A yes/no variable."""
    return Formula("is", terms=((name, 1),))


def number(name: str, factor: int = 1) -> Number:
    """A whole number, in steps of `factor`."""
    return Number(((name, factor),))


def no(one: Formula) -> Formula:
    """The opposite."""
    if one is TRUE or one is FALSE:
        return FALSE if one is TRUE else TRUE
    return one.parts[0] if one.kind == "not" else Formula("not", (one,))


def all_of(*parts: Formula) -> Formula:
    """Every part; true for none."""
    return _joined("and", TRUE, FALSE, parts)


def any_of(*parts: Formula) -> Formula:
    """Some part; false for none."""
    return _joined("or", FALSE, TRUE, parts)


def _joined(kind: str, empty: Formula, decisive: Formula, parts: Iterable[Formula]) -> Formula:
    kept: dict[int, Formula] = {}
    for part in parts:
        if part is decisive:
            return decisive
        for each in part.parts if part.kind == kind else (part,):
            kept[id(each)] = each
    if len(kept) == 1:
        return next(iter(kept.values()))
    return Formula(kind, tuple(kept.values())) if kept else empty


def implies(one: Formula, two: Formula) -> Formula:
    """Whether the second holds wherever the first does."""
    return any_of(no(one), two)


def at_most_one(parts: Iterable[Formula]) -> Formula:
    """Whether no two of the parts hold."""
    several, before = [], FALSE
    for part in parts:
        several.append(no(all_of(before, part)))
        before = any_of(before, part)
    return all_of(*several)


def at_least_of(needed: int, parts: Sequence[Formula]) -> Formula:
    """Whether so many of the parts hold."""
    reached = [TRUE, *[FALSE] * max(needed, 0)]  # how many hold of the parts so far: at least 0, 1, 2 …
    for part in parts:
        reached = [TRUE, *(any_of(here, all_of(before, part)) for before, here in pairwise(reached))]
    return reached[max(needed, 0)]


class Fold(Generic[Result]):
    """Works out something of a formula from that of its parts, once for a part that occurs again."""

    def __init__(self, leaf: Callable[[Formula], Result], joined: Callable[[Formula, list[Result]], Result]) -> None:
        self._leaf = leaf
        self._joined = joined
        self._known: dict[int, tuple[Formula, Result]] = {}  # with the formula, so that no other takes its identity

    def of(self, formula: Formula) -> Result:
        """The result for a formula."""
        todo = [formula]
        while todo:
            at = todo.pop()
            if id(at) in self._known:
                continue
            missing = [part for part in at.parts if id(part) not in self._known]
            if missing:
                todo += [at, *missing]
            elif at.terms:
                self._known[id(at)] = at, self._leaf(at)
            else:
                self._known[id(at)] = at, self._joined(at, [self._known[id(part)][1] for part in at.parts])
        return self._known[id(formula)][1]


def evaluation(values: Values) -> Fold[bool]:
    """What evaluates formulas under some values."""

    def leaf(at: Formula) -> bool:
        return sum(values.get(name, 0) * factor for name, factor in at.terms) >= (1 if at.kind == "is" else at.bound)

    def joined(at: Formula, parts: list[bool]) -> bool:
        return all(parts) if at.kind == "and" else any(parts) if at.kind == "or" else not parts[0]

    return Fold(leaf, joined)


def renaming(names: Mapping[str, str]) -> Fold[Formula]:
    """What gives the same formula over other variables."""

    def leaf(at: Formula) -> Formula:
        return Formula(at.kind, (), tuple((names.get(name, name), factor) for name, factor in at.terms), at.bound)

    def joined(at: Formula, parts: list[Formula]) -> Formula:
        if all(one is two for one, two in zip(at.parts, parts, strict=True)):
            return at
        return Formula(at.kind, tuple(parts))

    def kept(at: Formula) -> Formula:
        return leaf(at) if any(name in names for name, _ in at.terms) else at

    return Fold(kept, joined)


def variables() -> Fold[frozenset[str]]:
    """What gives the variables of formulas."""
    return Fold(lambda at: frozenset(name for name, _ in at.terms), lambda _, parts: frozenset[str]().union(*parts))
