"""Conditions of clauses, under three-valued logic.

A condition is true, false or not known. It is not known where it leans on something unanswered, and then says what it
waits for; it never becomes true or false by default. `x and y` is false as soon as one side is, `x or y` true as soon
as one side is: a finding that does not matter holds nothing back.

What the language offers: names (`procedure`, `margins.deep`, `stains['Ki-67']`), words in quotes, numbers, lists,
`== != < <= > >= in`, `and or not`, and the tests `is applicable`, `is answered`, `is naming('word')`. `is answered` is
never false, so that nothing can be said *because* something was not entered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from reportgen.protocols.syntax import COMPARISONS, ExpressionError, Tree, read_condition
from reportgen.units import Interval

Value = str | frozenset[str] | Interval | date | bool
_NOTHING: frozenset[str] = frozenset()
_ORDER = frozenset({"<", "<=", ">", ">="})
_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
_TURNED = {"!=": "==", "not in": "in"}  # a comparison that says "not", and what it denies


class Use(StrEnum):
    """What a condition takes a name for; the protocol's check knows what each name can be used for."""

    truth = "asked alone"
    word = "compared with words"
    number = "compared with numbers"
    several = "searched with `in`"
    day = "compared with another date"
    answered = "asked `is answered`"
    applicable = "asked `is applicable`"


class Outcome(NamedTuple):
    """A truth value, the answers looked at, and the unanswered elements it waits for (only where not known)."""

    truth: bool | None
    used: frozenset[str] = _NOTHING
    waiting: frozenset[str] = _NOTHING


class Reading(NamedTuple):
    """What looking at a name gives: a value, or nothing, with what to wait for (empty: there is nothing to wait for).

    `words` is set where an element was answered "cannot be determined": it equals those words, and says nothing else.
    """

    value: Value | None = None
    used: frozenset[str] = _NOTHING
    waiting: frozenset[str] = _NOTHING
    words: str = ""


class Resolver(Protocol):
    """Where a condition gets its values from."""

    def reading(self, path: str) -> Reading:
        """What stands at a dotted path."""

    def applicable(self, path: str) -> Outcome:
        """Whether the element at a path applies to this case."""


Step = Callable[[Resolver], Outcome]
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
    _step: Step

    def evaluate(self, resolver: Resolver) -> Outcome:
        """Evaluate under three-valued logic; pure."""
        return self._step(resolver)


class _Compiler:
    """Turns one tree into closures, collecting names and comparisons on the way."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.compared: list[tuple[str, str]] = []
        self.named: set[str] = set()
        self.bounds: list[tuple[str, Decimal]] = []
        self.uses: set[tuple[str, Use]] = set()
        self.pairs: set[tuple[str, str]] = set()

    def step(self, tree: Tree) -> Step:
        kind = tree[0]
        if kind in COMPARISONS:
            return self._comparison(kind, tree[1], tree[2])
        match tree:
            case ("and" | "or", left, right):
                return _both(self.step(left), self.step(right), decisive=kind == "or")
            case ("not", inner):
                return _negated(self.step(inner))
            case ("is", subject, test, argument):
                return self._test(subject, test, argument)
            case ("truth", truth):
                return lambda _: Outcome(truth)
            case ("name", path):
                self.uses.add((path, Use.truth))
                return _asked(self._operand(tree))
        raise ExpressionError(f"a {kind} alone is no condition")

    def _comparison(self, operator: str, left: Tree, right: Tree) -> Step:
        self._note(left, right)
        self._note(right, left)
        self._use(left, operator, right)
        plain = _TURNED.get(operator, operator)
        if left[0] == "name" and right[0] != "name":
            self.names.add(left[1])
            step = _compare_with(left[1], plain, _constant(right))
        else:
            step = _compare(self._operand(left), plain, self._operand(right))
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
            self.uses |= {(path, Use.number) for path in paths}
        elif len(paths) > 1:
            self.pairs.add((paths[0], paths[1]))
        else:
            self.uses.add((paths[0], Use.word if words else Use.number))

    def _test(self, subject: Tree, test: str, argument: Tree | None) -> Step:
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
        if test == "naming" and argument is not None:
            self._use(subject, "==", argument)
            self.named.update(_words(argument))
            return _compare(self._operand(subject), "naming", self._operand(argument))
        raise ExpressionError(f"the test '{test}' is not offered in conditions")

    def _operand(self, tree: Tree) -> _Operand:
        if tree[0] == "name":
            path = tree[1]
            self.names.add(path)
            return lambda resolver: resolver.reading(path)
        known = Reading(_constant(tree))
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


def _constant(tree: Tree) -> Value:
    match tree:
        case ("list", words):
            return frozenset(words)
        case ("word", str(word)):
            return word
        case ("number", number):
            return Interval(number, number)
    raise ExpressionError("compare names with words, numbers or lists of words")


def _both(first: Step, second: Step, *, decisive: bool) -> Step:
    def step(resolver: Resolver) -> Outcome:
        left = first(resolver)
        if left.truth is decisive:
            return left
        right = second(resolver)
        if right.truth is decisive:
            return right
        used = left.used | right.used
        if left.truth is None or right.truth is None:
            return Outcome(None, used, left.waiting | right.waiting)
        return Outcome(not decisive, used)

    return step


def _negated(inner: Step) -> Step:
    def step(resolver: Resolver) -> Outcome:
        outcome = inner(resolver)
        return outcome if outcome.truth is None else Outcome(not outcome.truth, outcome.used)

    return step


def _asked(operand: _Operand) -> Step:
    def step(resolver: Resolver) -> Outcome:
        reading = operand(resolver)
        truth = reading.value if isinstance(reading.value, bool) else None
        return Outcome(truth, reading.used, reading.waiting)

    return step


def _is_answered(reading: Reading) -> Outcome:
    there = reading.value is not None or bool(reading.words)
    return Outcome(True if there else None, reading.used, reading.waiting)


def _compare_with(path: str, operator: str, constant: Value) -> Step:
    """`_compare` with what does not change, which is what nearly every condition does."""
    words = constant if isinstance(constant, frozenset) else frozenset({constant})
    takes_words = operator in ("==", "in")
    is_word = operator == "==" and isinstance(constant, str)

    def step(resolver: Resolver) -> Outcome:
        value, used, waiting, undetermined = resolver.reading(path)
        if undetermined and takes_words:
            return Outcome(True if undetermined in words else None, used)
        if value is None:
            return Outcome(None, used, waiting)
        return Outcome(value == constant if is_word else _truth(value, operator, constant), used)

    return step


def _compare(left: _Operand, operator: str, right: _Operand) -> Step:
    def step(resolver: Resolver) -> Outcome:
        one, two = left(resolver), right(resolver)
        used, waiting = one.used | two.used, one.waiting | two.waiting
        if one.words and operator in ("==", "in") and two.value is not None:
            words = two.value if isinstance(two.value, frozenset) else frozenset({two.value})
            return Outcome(True if one.words in words else None, used)
        if one.value is None or two.value is None:
            return Outcome(None, used, waiting)
        return Outcome(_truth(one.value, operator, two.value), used)

    return step


def _truth(one: Value, operator: str, two: Value) -> bool | None:
    if operator == "naming":
        return bool(re.search(rf"\b{re.escape(str(two))}\b", str(one), re.IGNORECASE))
    if operator == "in":
        return one in two if isinstance(two, frozenset) else None
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
