"""The written form of conditions made ready: what is asked of each name, and a function that works the condition out.

What the language offers: names (`procedure`, `margins.deep`, `stains['Ki-67']`), words in quotes, numbers, lists,
`== != < <= > >= in`, `and or not`, `at_least(2, …, …)`, and the tests `is applicable`, `is answered`,
`is naming('word')`, `is unproven`. Numbers may be put together: `a + b`, `total(…)`, `largest(…)`, `smallest(…)`.
Entries of a repeated group are asked by `any(group, …)`, `all(group, …)` and `count(group, …)`; a name inside them
means the answer of one entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import methodcaller

from reportgen.language.conditions import (
    TURNED,
    ConditionResult,
    ConditionValue,
    Evaluate,
    Operand,
    Reading,
    asked,
    at_least,
    compare,
    compare_with,
    is_answered,
    is_unproven,
    negated,
    over_entries,
    row_of,
)
from reportgen.language.numbers import (
    Number,
    compare_numbers,
    constant_number,
    counted_entries,
    named_number,
    put_together,
)
from reportgen.language.syntax import COMPARISONS, NUMBERS, PUT_TOGETHER, ExpressionError, Tree, read_condition
from reportgen.units import Interval

_ORDER = frozenset({"<", "<=", ">", ">="})
_TURNED_ROUND = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_TRUE: Tree = ("truth", True)
EACH = "each entry"  # where a number is looked at in all entries of the group that holds it


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
    entries = "asked for its entries"


@dataclass(frozen=True)
class Condition:
    """A compiled condition, with the names it touches and its comparisons for the protocol's own check."""

    text: str
    tree: Tree
    names: frozenset[str]
    compared: tuple[tuple[str, str], ...]  # (path, word it is compared with)
    named: frozenset[str]  # words looked for with `is naming`
    bounds: tuple[tuple[str, Decimal], ...]  # (path, number it is compared with)
    uses: frozenset[tuple[str, Use]]
    pairs: frozenset[tuple[str, str]]  # names that are compared with each other
    measured: frozenset[frozenset[str]]  # names whose numbers are put together or in order: they share a unit
    places: frozenset[tuple[str, str]]  # (path, repeated group in whose entries it is looked at; "" for none; or EACH)
    evaluate: Evaluate  # under three-valued logic; pure


class _Compiler:
    """Turns one tree into closures, collecting names and comparisons on the way."""

    def __init__(self) -> None:
        self.places: set[tuple[str, str]] = set()
        self.place = ""
        self.compared: list[tuple[str, str]] = []
        self.named: set[str] = set()
        self.bounds: list[tuple[str, Decimal]] = []
        self.uses: set[tuple[str, Use]] = set()
        self.pairs: set[tuple[str, str]] = set()
        self.measured: set[frozenset[str]] = set()

    def look_at(self, path: str, *uses: Use) -> None:
        """Note a name, where it is looked at, and what for."""
        self.places.add((path, self.place))
        self.uses.update((path, use) for use in uses)

    def step(self, tree: Tree) -> Evaluate:
        kind = tree[0]
        if kind in COMPARISONS:
            return self._comparison(kind, tree[1], tree[2])
        match tree:
            case ("and" | "or", _, _):
                steps = tuple(map(self.step, row_of(tree, kind)))
                return at_least(1 if kind == "or" else len(steps), steps)
            case ("at_least", needed, members):
                return at_least(needed, tuple(map(self.step, members)))
            case ("any" | "all", group, inner):
                return over_entries(group[1], self._inside(group, inner), every=kind == "all")
            case ("not", inner):
                turned = _turned(inner)
                return self.step(turned) if turned else negated(self.step(inner))
            case ("is", subject, test, argument):
                return self._test(subject, test, argument)
            case ("truth", truth):
                known = ConditionResult(truth)
                return lambda _: known
            case ("name", path):
                self.look_at(path, Use.truth)
                return asked(path)
        raise ExpressionError(f"{'a ' * (kind not in NUMBERS)}{kind} alone is not a condition")

    def _inside(self, group: Tree, inner: Tree) -> Evaluate:
        """A condition that is asked of the entries of a group."""
        if self.place not in ("", EACH):
            raise ExpressionError("entries cannot be asked inside entries; name the inner part as a fact")
        around, self.place = self.place, ""
        self.look_at(group[1], Use.entries)
        self.place = group[1]
        step = self.step(inner)
        self.place = around
        return step

    def _comparison(self, operator: str, left: Tree, right: Tree) -> Evaluate:
        if left[0] in NUMBERS or right[0] in NUMBERS:
            return self._numbers(operator, left, right)
        self._note(left, right)
        self._note(right, left)
        self._use(left, operator, right)
        plain = TURNED.get(operator, operator)
        if right[0] == "name":
            step = compare(self._operand(left), plain, self._operand(right))
        else:
            step = compare_with(self._operand(left), plain, constant(right))
        return step if plain == operator else negated(step)

    def _numbers(self, operator: str, left: Tree, right: Tree) -> Evaluate:
        if operator in ("in", "not in"):
            raise ExpressionError("numbers can be compared with ==, !=, <, <=, > and >= only")
        numbers = self._number(left), self._number(right)
        if not any(_measured(side, counts=True) for side in (left, right)):
            raise ExpressionError("a comparison needs a name")
        if names := frozenset([*_measured(left), *_measured(right)]):
            self.measured.add(names)
        for side, other in ((left, right), (right, left)):
            if other[0] == "number":
                self.bounds += [(name, other[1]) for name in _measured(side, counts=True)]
        return compare_numbers(numbers[0], operator, numbers[1])

    def _number(self, tree: Tree) -> Number:
        match tree:
            case ("number", number):
                return constant_number(number)
            case ("name", path):
                self.look_at(path, Use.number)
                return named_number(path)
            case ("count", group, inner):
                return counted_entries(group[1], self._inside(group, inner or _TRUE))
            case (function, members) if function in PUT_TOGETHER:
                place, self.place = self.place, self.place if function == "+" else EACH
                numbers = tuple(map(self._number, members))
                self.place = place
                return put_together(function, numbers)
        raise ExpressionError("only numbers can be put together")

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
                self.measured.add(frozenset(paths))
        elif len(paths) > 1:
            self.pairs.add((paths[0], paths[1]))
            self.measured.add(frozenset(paths))
        else:
            self.uses.add((paths[0], Use.word if words else Use.number))

    def _test(self, subject: Tree, test: str, argument: Tree | None) -> Evaluate:
        if subject[0] != "name":
            raise ExpressionError("only names of elements, facts and terms can be looked at")
        path = subject[1]
        if test == "applicable" and argument is None:
            self.look_at(path, Use.applicable)
            return lambda resolver: resolver.applicable(path)
        if test == "answered" and argument is None:
            self.look_at(path, Use.answered)
            return lambda resolver: is_answered(resolver.reading(path))
        if test == "unproven" and argument is None:
            self.look_at(path, Use.unproven)
            return lambda resolver: is_unproven(resolver.reading(path))
        if test == "naming" and argument is not None:
            self._use(subject, "in" if argument[0] == "list" else "==", argument)
            self.named.update(_words(argument))
            return compare(self._operand(subject), "naming", self._operand(argument))
        raise ExpressionError(f"the test '{test}' is not offered in conditions")

    def _operand(self, tree: Tree) -> Operand:
        if tree[0] == "name":
            path = tree[1]
            self.look_at(path)
            return methodcaller("reading", path)
        known = Reading(constant(tree))
        return lambda _: known


def compile_condition(text: str) -> Condition:
    """Compile a condition; raises `ExpressionError` where the language does not offer what it asks for."""
    compiler = _Compiler()
    tree = read_condition(text)
    step = compiler.step(tree)
    return Condition(
        text,
        tree,
        frozenset(path for path, _ in compiler.places),
        tuple(compiler.compared),
        frozenset(compiler.named),
        tuple(compiler.bounds),
        frozenset(compiler.uses),
        frozenset(compiler.pairs),
        frozenset(compiler.measured),
        frozenset(compiler.places),
        step,
    )


def _turned(tree: Tree) -> Tree | None:
    """What says the opposite of counted conditions, compared numbers or asked entries; None for anything else.

    Why: so that `not` waits for what could make it true, and not for what could make it false.
    """
    match tree:
        case ("at_least", needed, members):
            return "at_least", len(members) - needed + 1, tuple(("not", each) for each in members)
        case ("any" | "all" as kind, group, inner):
            return "all" if kind == "any" else "any", group, ("not", inner)
        case (operator, left, right) if operator in _TURNED_ROUND and (left[0] in NUMBERS or right[0] in NUMBERS):
            return _TURNED_ROUND[operator], left, right
    return None


def _measured(tree: Tree, *, counts: bool = False) -> list[str]:
    """The names of what is measured in a number; with `counts`, also the groups whose entries are counted."""
    match tree:
        case ("name", path):
            return [path]
        case ("count", group, _):
            return [group[1]] if counts else []
        case (function, members) if function in PUT_TOGETHER:
            return [name for each in members for name in _measured(each, counts=counts)]
    return []


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
