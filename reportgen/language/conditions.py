"""Conditions of clauses, under three-valued logic.

A condition is true, false or not known. It is not known where it leans on something unanswered, and then says what it
waits for; it never becomes true or false by default. `x and y` is false as soon as one side is, `x or y` true as soon
as one side is: a finding that does not matter holds nothing back.

What the language offers: names (`procedure`, `margins.deep`, `stains['Ki-67']`), words in quotes, numbers, lists,
`== != < <= > >= in`, `and or not`, and the tests `is applicable`, `is answered`, `is naming('word')`, `is unproven`.
`is answered` is never false, so that nothing can be said *because* something was not entered. `is unproven` turns what
is not known of a fact against it: it may hold a sentence back or raise a remark, and never licenses a sentence.

An answer in other words ("other") is not known to be, or not to be, any of the named ones: compared with them it gives
"not known", and what leans on it waits for it, though it was answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from operator import eq, ge, gt, le, lt, methodcaller
from typing import NamedTuple, Protocol

from reportgen.language.syntax import COMPARISONS, ExpressionError, Tree, read_condition
from reportgen.units import Interval

ConditionValue = str | frozenset[str] | Interval | date | bool
_NOTHING: frozenset[str] = frozenset()
_ORDER = frozenset({"<", "<=", ">", ">="})
_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
TURNED = {"!=": "==", "not in": "in"}  # a comparison that says "not", and what it denies
_DAYS: dict[str, Callable[[date, date], bool]] = {"==": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
OTHER = "other"  # the answer "in other words" of a list


class Use(StrEnum):
    """What a condition takes a name for; the protocol's check knows what each name can be used for."""

    truth = "asked alone"
    word = "compared with words"
    number = "compared with numbers"
    several = "searched with `in`"
    day = "compared with another date"
    answered = "asked `is answered`"
    applicable = "asked `is applicable`"
    unproven = "asked `is unproven`"
    order = "put in order with another"


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


Evaluate = Callable[[Resolver], ConditionResult]
_Operand = Callable[[Resolver], Reading]


@dataclass(frozen=True)
class Condition:
    """A compiled condition, with the names it touches and its comparisons for the protocol's own check."""

    text: str
    names: frozenset[str]
    compared: tuple[tuple[str, str], ...]  # (path, word it is compared with)
    named: frozenset[str]  # words looked for with `is naming`
    bounds: tuple[tuple[str, Decimal], ...]  # (path, number it is compared with)
    uses: frozenset[tuple[str, Use]]
    pairs: frozenset[tuple[str, str]]  # names that are compared with each other
    evaluate: Evaluate  # under three-valued logic; pure


class _Compiler:
    """Turns one tree into closures, collecting names and comparisons on the way."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.compared: list[tuple[str, str]] = []
        self.named: set[str] = set()
        self.bounds: list[tuple[str, Decimal]] = []
        self.uses: set[tuple[str, Use]] = set()
        self.pairs: set[tuple[str, str]] = set()

    def step(self, tree: Tree) -> Evaluate:
        kind = tree[0]
        if kind in COMPARISONS:
            return self._comparison(kind, tree[1], tree[2])
        match tree:
            case ("and" | "or", _, _):
                return _several(tuple(map(self.step, row_of(tree, kind))), decisive=kind == "or")
            case ("not", inner):
                return _negated(self.step(inner))
            case ("is", subject, test, argument):
                return self._test(subject, test, argument)
            case ("truth", truth):
                known = ConditionResult(truth)
                return lambda _: known
            case ("name", path):
                self.uses.add((path, Use.truth))
                self.names.add(path)
                return _asked(path)
        raise ExpressionError(f"a {kind} alone is not a condition")

    def _comparison(self, operator: str, left: Tree, right: Tree) -> Evaluate:
        self._note(left, right)
        self._note(right, left)
        self._use(left, operator, right)
        plain = TURNED.get(operator, operator)
        if right[0] == "name":
            step = _compare(self._operand(left), plain, self._operand(right))
        else:
            step = _compare_with(self._operand(left), plain, constant(right))
        return step if plain == operator else _negated(step)

    def _note(self, side: Tree, other: Tree) -> None:
        if side[0] != "name":
            return
        if other[0] == "number":
            self.bounds.append((side[1], other[1]))
        else:
            self.compared += [(side[1], word) for word in _words(other)]

    def _use(self, left: Tree, operator: str, right: Tree) -> None:
        """Note what the names of a comparison are taken for; refuse what no name could be taken for."""
        paths = [side[1] for side in (left, right) if side[0] == "name"]
        words = bool(_words(left) or _words(right))
        if not paths:
            raise ExpressionError("a comparison needs a name")
        if operator in ("in", "not in"):
            if right[0] not in ("name", "list"):
                raise ExpressionError("`in` takes a list of words, or a name with several answers")
            self.uses |= {(right[1], Use.several)} if right[0] == "name" else set()
            self.uses |= {(left[1], Use.word)} if left[0] == "name" else set()
        elif "list" in (left[0], right[0]):
            raise ExpressionError("a list goes with `in` only")
        elif operator in _ORDER:
            if words:
                raise ExpressionError("words can be compared with ==, != and in only")
            self.uses |= {(path, Use.order if len(paths) > 1 else Use.number) for path in paths}
            if len(paths) > 1:
                self.pairs.add((paths[0], paths[1]))
        elif len(paths) > 1:
            self.pairs.add((paths[0], paths[1]))
        else:
            self.uses.add((paths[0], Use.word if words else Use.number))

    def _test(self, subject: Tree, test: str, argument: Tree | None) -> Evaluate:
        if subject[0] != "name":
            raise ExpressionError("only names of elements, facts and terms can be looked at")
        path = subject[1]
        self.names.add(path)
        if test == "applicable" and argument is None:
            self.uses.add((path, Use.applicable))
            return lambda resolver: resolver.applicable(path)
        if test == "answered" and argument is None:
            self.uses.add((path, Use.answered))
            return lambda resolver: _is_answered(resolver.reading(path))
        if test == "unproven" and argument is None:
            self.uses.add((path, Use.unproven))
            return lambda resolver: _is_unproven(resolver.reading(path))
        if test == "naming" and argument is not None:
            self._use(subject, "in" if argument[0] == "list" else "==", argument)
            self.named.update(_words(argument))
            return _compare(self._operand(subject), "naming", self._operand(argument))
        raise ExpressionError(f"the test '{test}' is not offered in conditions")

    def _operand(self, tree: Tree) -> _Operand:
        if tree[0] == "name":
            path = tree[1]
            self.names.add(path)
            return methodcaller("reading", path)
        known = Reading(constant(tree))
        return lambda _: known


def compile_condition(text: str) -> Condition:
    """Compile a condition; raises `ExpressionError` where the language does not offer what it asks for."""
    compiler = _Compiler()
    step = compiler.step(read_condition(text))
    return Condition(
        text,
        frozenset(compiler.names),
        tuple(compiler.compared),
        frozenset(compiler.named),
        tuple(compiler.bounds),
        frozenset(compiler.uses),
        frozenset(compiler.pairs),
        step,
    )


def _words(tree: Tree) -> tuple[str, ...]:
    """The words of a word or a list; none for anything else."""
    if tree[0] == "list":
        return tuple(tree[1])
    return (tree[1],) if tree[0] == "word" else ()


def constant(tree: Tree) -> ConditionValue:
    """The value of a word, a number or a list of words; raises `ExpressionError` for anything else."""
    match tree:
        case ("list", words):
            return frozenset(words)
        case ("word", str(word)):
            return word
        case ("number", number):
            return Interval(number, number)
    raise ExpressionError("compare names with words, numbers or lists of words")


def row_of(tree: Tree, kind: str) -> Iterator[Tree]:
    """The members of a row of `and`, or of `or`: `a and b and c` is read as `(a and b) and c`."""
    if tree[0] == kind:
        yield from row_of(tree[1], kind)
        yield from row_of(tree[2], kind)
    else:
        yield tree


def _several(steps: tuple[Evaluate, ...], *, decisive: bool) -> Evaluate:
    """A row of `and` or of `or`: the first decisive member alone decides, else all of them.

    A row of `and` of which one member is not known, and waits for nothing, will never be true: it waits for nothing.
    """

    def step(resolver: Resolver) -> ConditionResult:
        used: list[frozenset[str]] = []
        waiting: list[frozenset[str]] = []
        truth: bool | None = not decisive
        hopeless = False
        for each in steps:
            outcome = each(resolver)
            if outcome[0] is decisive:
                return outcome
            if outcome[0] is None:
                truth = None
                hopeless = hopeless or not (decisive or outcome[2])
                waiting.append(outcome[2])
            used.append(outcome[1])
        if hopeless:
            return ConditionResult(truth, _NOTHING.union(*used), _NOTHING)
        return ConditionResult(truth, _NOTHING.union(*used), _NOTHING.union(*waiting) if waiting else _NOTHING)

    return step


def _negated(inner: Evaluate) -> Evaluate:
    def step(resolver: Resolver) -> ConditionResult:
        outcome = inner(resolver)
        truth = outcome[0]
        return outcome if truth is None else ConditionResult(not truth, outcome[1], _NOTHING)

    return step


def _asked(path: str) -> Evaluate:
    def step(resolver: Resolver) -> ConditionResult:
        value, used, waiting, _ = resolver.reading(path)
        return ConditionResult(value if value is True or value is False else None, used, waiting)

    return step


def _is_answered(reading: Reading) -> ConditionResult:
    there = reading.value is not None or bool(reading.words)
    return ConditionResult(True if there else None, reading.used, reading.waiting)


def _is_unproven(reading: Reading) -> ConditionResult:
    if reading.value is None and reading.waiting:
        return ConditionResult(None, reading.used, reading.waiting)
    return ConditionResult(reading.value is not True, reading.used)


def _compare(left: _Operand, operator: str, right: _Operand) -> Evaluate:
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


def _compare_with(left: _Operand, operator: str, two: ConditionValue) -> Evaluate:
    """`_compare` with a constant, which is what nearly every condition does."""
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
        return (one in two or (None if OTHER in two else False)) if isinstance(two, frozenset) else None
    if isinstance(one, date) and isinstance(two, date):
        return _DAYS[operator](one, two)
    if isinstance(one, Interval) and isinstance(two, Interval):
        return one.compare(operator, two.low) if two.low == two.high else _between(one, operator, two)
    if operator == "==":
        return one == two
    raise ExpressionError("words can be compared with == and in only")


def _between(one: Interval, operator: str, two: Interval) -> bool | None:
    """Compare two measured values, either of which may be a range; only "greater" and "less" are asked."""
    if one.low == one.high:
        return two.compare(_MIRRORED.get(operator, operator), one.low)
    return None


@lru_cache(maxsize=1024)
def _named(words: frozenset[str]) -> re.Pattern[str]:
    """What finds any of some words in a text; a space in a word stands for any spaces or a hyphen."""
    looked_for = (r"[\s\u2010-]+".join(map(re.escape, word.split())) for word in sorted(words))
    return re.compile(rf"(?<!\w)(?:{'|'.join(filter(None, looked_for)) or '(?!)'})(?!\w)", re.IGNORECASE)
