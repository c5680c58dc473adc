"""What conditions are worked out from and to, under three-valued logic; `compiler.py` reads their written form.

A condition is true, false or not known. It is not known where it leans on something unanswered, and then says what it
waits for; it never becomes true or false by default. `x and y` is false as soon as one side is, `x or y` true as soon
as one side is: a finding that does not matter holds nothing back.

`is answered` is never false, so that nothing can be said *because* something was not entered. `is unproven` turns what
is not known of a fact against it: it may hold a sentence back or raise a remark, and never licenses a sentence.

An answer in other words ("other") is not known to be, or not to be, any of the named ones: compared with them it gives
"not known", and what leans on it waits for it, though it was answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import repeat
from operator import call, eq, ge, gt, le, lt
from typing import NamedTuple, Protocol

from reportgen.language.syntax import ExpressionError, Tree
from reportgen.units import Interval

ConditionValue = str | frozenset[str] | Interval | date | bool
_NOTHING: frozenset[str] = frozenset()
TURNED = {"!=": "==", "not in": "in"}  # a comparison that says "not", and what it denies
_DAYS: dict[str, Callable[[date, date], bool]] = {"==": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
OTHER = "other"  # the answer "in other words" of a list
UNNAMED = ""  # among several answers: there is one that was added to the list, and may mean one of the others


class ConditionResult(NamedTuple):
    """A truth value, the answers looked at, and the elements it waits for (only where not known).

    An element is waited for that was not answered, or was answered in other words than those it is compared with.
    """

    truth: bool | None
    used: frozenset[str] = _NOTHING
    waiting: frozenset[str] = _NOTHING


class Reading(NamedTuple):
    """What looking at a name gives: a value, or nothing, with what to wait for (empty: there is nothing to wait for).

    `words` is set where an answer settles nothing ("cannot be determined", "other", "equivocal"): it equals those
    words, and says nothing else.
    """

    value: ConditionValue | None = None
    used: frozenset[str] = _NOTHING
    waiting: frozenset[str] = _NOTHING
    words: str = ""


class Resolver(Protocol):
    """Where a condition gets its values from."""

    def reading(self, path: str) -> Reading:
        """The reading of a dotted path."""

    def applicable(self, path: str) -> ConditionResult:
        """Whether the element at a path applies to this case."""

    def rows(self, group: str) -> Rows:
        """The entries of a repeated group."""

    def each(self, path: str) -> tuple[Reading, ...]:
        """The reading of a path, or of every entry where it is inside a repeated group."""


class Rows(NamedTuple):
    """The entries of a repeated group: path (`lesions.2`) and what gives the answers of that entry.

    Attributes:
        entries: path and answers of each.
        used: what decides how many there are.
        waiting: where there are none, what to wait for.
    """

    entries: tuple[tuple[str, Resolver], ...] = ()
    used: frozenset[str] = _NOTHING
    waiting: frozenset[str] = _NOTHING


Evaluate = Callable[[Resolver], ConditionResult]
Operand = Callable[[Resolver], Reading]


def row_of(tree: Tree, kind: str) -> Iterator[Tree]:
    """The members of a row of `and`, or of `or`: `a and b and c` is read as `(a and b) and c`."""
    if tree[0] == kind:
        yield from row_of(tree[1], kind)
        yield from row_of(tree[2], kind)
    else:
        yield tree


def at_least(needed: int, steps: tuple[Evaluate, ...]) -> Evaluate:
    """Whether so many of some conditions hold: `or` is one of them, `and` is all of them."""
    number = len(steps)
    return lambda resolver: counted(needed, number, map(call, steps, repeat(resolver)))


def counted(needed: int, number: int, outcomes: Iterable[ConditionResult]) -> ConditionResult:
    """Whether so many of a number of outcomes are true; no more of them are looked at than settle it.

    Where it is not known, and what waits for nothing keeps it from ever being true, it waits for nothing.
    """
    sure, possible = 0, number
    seen: list[ConditionResult] = []
    for outcome in outcomes:
        seen.append(outcome)
        truth = outcome[0]
        if truth:
            sure += 1
            if sure == needed:
                return outcome if sure == 1 else _alike(seen, truth=True)
        elif truth is False:
            possible -= 1
            if possible < needed:
                return outcome if possible == number - 1 else _alike(seen, truth=False)
    used = _NOTHING.union(*[outcome[1] for outcome in seen])
    waiting = [outcome[2] for outcome in seen if outcome[0] is None and outcome[2]]
    return ConditionResult(None, used, _NOTHING.union(*waiting) if sure + len(waiting) >= needed else _NOTHING)


def _alike(outcomes: list[ConditionResult], *, truth: bool) -> ConditionResult:
    return ConditionResult(truth, _NOTHING.union(*[outcome[1] for outcome in outcomes if outcome[0] is truth]))


def over_entries(group: str, inner: Evaluate, *, every: bool) -> Evaluate:
    """Whether a condition holds for some entry of a repeated group, or for every one; not known without entries."""

    def step(resolver: Resolver) -> ConditionResult:
        rows = resolver.rows(group)
        number = len(rows.entries)
        if not number:
            return ConditionResult(None, rows.used, rows.waiting)
        truth, used, waiting = counted(number if every else 1, number, outcomes_in(rows, group, inner))
        return ConditionResult(truth, used | rows.used, waiting)

    return step


def outcomes_in(rows: Rows, group: str, inner: Evaluate) -> Iterator[ConditionResult]:
    """The outcome of a condition in each entry of a group, with the paths of that entry."""
    for row, resolver in rows.entries:
        truth, used, waiting = inner(resolver)
        yield ConditionResult(truth, paths_in(row, group, used), paths_in(row, group, waiting))


def paths_in(row: str, group: str, paths: frozenset[str]) -> frozenset[str]:
    """Paths with the entry `lesions.2` in place of its group: `lesions.2.size` for `lesions.size`; others stay."""
    inside = f"{group}."
    return frozenset(
        row + path[len(group) :] if path.startswith(inside) and not path[len(inside)].isdecimal() else path
        for path in paths
    )


def negated(inner: Evaluate) -> Evaluate:
    """A condition turned round."""

    def step(resolver: Resolver) -> ConditionResult:
        outcome = inner(resolver)
        truth = outcome[0]
        return outcome if truth is None else ConditionResult(not truth, outcome[1], _NOTHING)

    return step


def asked(path: str) -> Evaluate:
    """Whether a fact, or a yes/no property of an answer, is true."""

    def step(resolver: Resolver) -> ConditionResult:
        value, used, waiting, _ = resolver.reading(path)
        return ConditionResult(value if value is True or value is False else None, used, waiting)

    return step


def is_answered(reading: Reading) -> ConditionResult:
    """`is answered`, which is never false."""
    there = reading.value is not None or bool(reading.words)
    return ConditionResult(True if there else None, reading.used, reading.waiting)


def is_unproven(reading: Reading) -> ConditionResult:
    """`is unproven`, which takes what is not known for false."""
    if reading.value is None and reading.waiting:
        return ConditionResult(None, reading.used, reading.waiting)
    return ConditionResult(reading.value is not True, reading.used)


def compare(left: Operand, operator: str, right: Operand) -> Evaluate:
    """One of `== < <= > >= in naming` between two names."""

    def step(resolver: Resolver) -> ConditionResult:
        one, two = left(resolver), right(resolver)
        used, waiting = one.used | two.used, one.waiting | two.waiting
        if one.words and operator in ("==", "in") and two.value is not None:
            words = two.value if isinstance(two.value, frozenset) else frozenset({two.value})
            return ConditionResult(True, used) if one.words in words else ConditionResult(None, used, waiting)
        if operator == "naming" and two.words:
            return ConditionResult(None, used)  # no text names what was answered in other words
        if one.value is None or two.value is None:
            return ConditionResult(None, used, waiting)
        return ConditionResult(compared(one.value, operator, two.value), used)

    return step


def compare_with(left: Operand, operator: str, two: ConditionValue) -> Evaluate:
    """`compare` with a constant, which is what nearly every condition does."""
    words = two if isinstance(two, frozenset) else frozenset({two})
    takes_words = operator in ("==", "in")
    is_one_of = takes_words and not isinstance(two, Interval)

    def step(resolver: Resolver) -> ConditionResult:
        value, used, waiting, own_words = left(resolver)
        if own_words and takes_words:
            return ConditionResult(True, used) if own_words in words else ConditionResult(None, used, waiting)
        if value is None:
            return ConditionResult(None, used, waiting)
        return ConditionResult(value in words if is_one_of else compared(value, operator, two), used)

    return step


def compared(one: ConditionValue, operator: str, two: ConditionValue) -> bool | None:
    """How two values compare; None where an inexact number, or one answer of several in other words, leaves it open.

    `naming` looks for a word in a text, or for any of a list.
    """
    if operator == "naming":
        return _named(two if isinstance(two, frozenset) else frozenset({str(two)})).search(str(one)) is not None
    if operator == "in":
        if not isinstance(two, frozenset):
            return None
        return one in two or (None if OTHER in two or UNNAMED in two else False)
    if isinstance(one, date) and isinstance(two, date):
        return _DAYS[operator](one, two)
    if isinstance(one, Interval) and isinstance(two, Interval):
        return one.compare(operator, two)
    if operator == "==":
        return one == two
    raise ExpressionError("words can be compared with == and in only")


@lru_cache(maxsize=1024)
def _named(words: frozenset[str]) -> re.Pattern[str]:
    """What finds any of some words in a text; a space in a word stands for any spaces or a hyphen."""
    looked_for = (r"[\s\u2010-]+".join(map(re.escape, word.split())) for word in sorted(words))
    return re.compile(rf"(?<!\w)(?:{'|'.join(filter(None, looked_for)) or '(?!)'})(?!\w)", re.IGNORECASE)
