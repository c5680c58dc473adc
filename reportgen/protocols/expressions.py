"""Conditions of clauses: Jinja2 expressions under three-valued logic.

A condition is true, false or not known. It is not known where it leans on something unanswered, and then says what it
waits for; it never becomes true or false by default. `x and y` is false as soon as one side is, `x or y` true as soon
as one side is: a finding that does not matter holds nothing back.

What the language offers: names (`procedure`, `margins.deep`, `stains['Ki-67']`), words in quotes, numbers, lists,
`== != < <= > >= in`, `and or not`, and the tests `is applicable`, `is answered`, `is naming('word')`. `is answered` is
never false, so that nothing can be said *because* something was not entered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from jinja2 import TemplateSyntaxError, nodes

from reportgen.sandbox import environment
from reportgen.units import Interval

Value = str | frozenset[str] | Interval | date | bool
_NOTHING: frozenset[str] = frozenset()
_ORDER = ("gt", "gteq", "lt", "lteq")
_NAME = (nodes.Name, nodes.Getattr, nodes.Getitem)
_LIST = (nodes.List, nodes.Tuple)


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


class ExpressionError(ValueError):
    """A condition the language does not offer; the text says what, and never comes from a case."""


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
    """Turns one Jinja2 expression into closures, collecting names and comparisons on the way."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.compared: list[tuple[str, str]] = []
        self.named: set[str] = set()
        self.bounds: list[tuple[str, Decimal]] = []
        self.uses: set[tuple[str, Use]] = set()
        self.pairs: set[tuple[str, str]] = set()

    def step(self, node: nodes.Node) -> Step:
        match node:
            case nodes.And(left=left, right=right):
                return _both(self.step(left), self.step(right), decisive=False)
            case nodes.Or(left=left, right=right):
                return _both(self.step(left), self.step(right), decisive=True)
            case nodes.Not(node=inner):
                return _negated(self.step(inner))
            case nodes.Compare(expr=left, ops=[nodes.Operand(op=operator, expr=right)]):
                return self._comparison(left, operator, right)
            case nodes.Test(node=subject, name=name, args=args):
                return self._test(subject, name, args or [])
            case nodes.Const(value=bool(value)):
                return lambda _: Outcome(value)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                self.uses.add((path_of(node), Use.truth))
                return _asked(self._operand(node))
        raise ExpressionError(f"{type(node).__name__.lower()} is not offered in conditions")

    def _comparison(self, left: nodes.Expr, operator: str, right: nodes.Expr) -> Step:
        self._note(left, right)
        self._note(right, left)
        self._use(left, operator, right)
        plain = {"notin": "in", "ne": "eq"}.get(operator, operator)
        if isinstance(left, _NAME) and isinstance(right, nodes.Const | nodes.List | nodes.Tuple):
            self.names.add(path_of(left))
            step = _compare_with(path_of(left), plain, self._constant(right))
        else:
            step = _compare(self._operand(left), plain, self._operand(right))
        return step if plain == operator else _negated(step)

    def _note(self, side: nodes.Expr, other: nodes.Expr) -> None:
        if not isinstance(side, nodes.Name | nodes.Getattr | nodes.Getitem):
            return
        path = path_of(side)
        for constant in _constants(other):
            if isinstance(constant, str):
                self.compared.append((path, constant))
            else:
                self.bounds.append((path, Decimal(str(constant))))

    def _use(self, left: nodes.Expr, operator: str, right: nodes.Expr) -> None:
        """Note what the names of a comparison are taken for; refuse what no name could be taken for."""
        paths = [path_of(side) for side in (left, right) if isinstance(side, _NAME)]
        constants = [constant for side in (left, right) for constant in _constants(side)]
        words = any(isinstance(constant, str) for constant in constants)
        if not paths:
            raise ExpressionError("a comparison needs a name")
        if operator in ("in", "notin"):
            if not isinstance(right, (*_NAME, *_LIST)):
                raise ExpressionError("`in` takes a list of words, or a name with several answers")
            self.uses |= {(path_of(right), Use.several)} if isinstance(right, _NAME) else set()
            self.uses |= {(path_of(left), Use.word)} if isinstance(left, _NAME) else set()
        elif isinstance(left, _LIST) or isinstance(right, _LIST):
            raise ExpressionError("a list goes with `in` only")
        elif operator in _ORDER:
            if words:
                raise ExpressionError("words can be compared with ==, != and in only")
            self.uses |= {(path, Use.number) for path in paths}
        elif len(paths) > 1:
            self.pairs.add((paths[0], paths[1]))
        else:
            self.uses.add((paths[0], Use.word if words else Use.number))

    def _test(self, subject: nodes.Expr, name: str, args: list[nodes.Expr]) -> Step:
        path = path_of(subject)
        self.names.add(path)
        if name == "applicable" and not args:
            self.uses.add((path, Use.applicable))
            return lambda resolver: resolver.applicable(path)
        if name == "answered" and not args:
            self.uses.add((path, Use.answered))
            return lambda resolver: _is_answered(resolver.reading(path))
        if name == "naming" and len(args) == 1:
            self._use(subject, "eq", args[0])
            self.named.update(map(str, _constants(args[0])))
            return _compare(self._operand(subject), "naming", self._operand(args[0]))
        raise ExpressionError(f"the test '{name}' is not offered in conditions")

    def _operand(self, node: nodes.Expr) -> _Operand:
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            path = path_of(node)
            self.names.add(path)
            return lambda resolver: resolver.reading(path)
        known = Reading(self._constant(node))
        return lambda _: known

    def _constant(self, node: nodes.Expr) -> Value:
        constants = list(_constants(node))
        if isinstance(node, nodes.List | nodes.Tuple):
            return frozenset(str(constant) for constant in constants)
        if len(constants) != 1:
            raise ExpressionError("compare names with words, numbers or lists of words")
        constant = constants[0]
        if isinstance(constant, str):
            return constant
        number = Decimal(str(constant))
        return Interval(number, number)


def compile_condition(text: str) -> Condition:
    """Compile a condition; raises `ExpressionError` where the language does not offer what it asks for."""
    compiler = _Compiler()
    step = compiler.step(condition_tree(text))
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


def condition_tree(text: str) -> nodes.Node:
    """The expression that a condition is; raises `ExpressionError` where it is none."""
    try:
        tree = _ENVIRONMENT.parse("{{ (" + text + ") }}")
    except TemplateSyntaxError as error:
        raise ExpressionError(f"not an expression ({error.message})") from None
    output = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise ExpressionError("not a single expression")
    return output.nodes[0]


def path_of(node: nodes.Node) -> str:
    """The dotted path that a name in an expression stands for."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=inner, attr=attribute):
            return f"{path_of(inner)}.{attribute}"
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str(key))):
            return f"{path_of(inner)}.{key}"
    raise ExpressionError("only names of elements, facts and terms can be looked at")


_ENVIRONMENT = environment(escape=False)
_ENVIRONMENT.tests |= dict.fromkeys(("applicable", "answered", "naming"), lambda *_: False)


def _constants(node: nodes.Node) -> Iterable[Any]:
    match node:
        case nodes.Const(value=str() | int() | float() as value) if not isinstance(value, bool):
            yield value
        case nodes.List(items=items) | nodes.Tuple(items=items):
            for item in items:
                if not isinstance(item, nodes.Const) or not isinstance(item.value, str):
                    raise ExpressionError("lists hold words only")
                yield from _constants(item)


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
    takes_words = operator in ("eq", "in")
    is_word = operator == "eq" and isinstance(constant, str)

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
        if one.words and operator in ("eq", "in") and two.value is not None:
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
    if operator == "eq":
        return one == two
    raise ExpressionError("words can be compared with == and in only")


def _between(one: Interval, operator: str, two: Interval) -> bool | None:
    """Compare two measured values, either of which may be a range; only "greater" and "less" are asked."""
    if one.low == one.high:
        mirrored = {"gt": "lt", "lt": "gt", "gteq": "lteq", "lteq": "gteq"}.get(operator, operator)
        return two.compare(mirrored, one.low)
    return None
