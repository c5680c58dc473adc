"""Whether numbers are asked for in a way that a case can answer, and a minimum is never taken for the measurement."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.language.compiler import Use
from reportgen.language.sentences import compile_words
from reportgen.protocols.compiled import AT_LEAST, Compiled, condition
from reportgen.protocols.elements import CountElement, ElementBase, QuantityElement
from reportgen.protocols.model import Clause


def wrong_with_number(element: ElementBase) -> Iterator[tuple[str, str, str]]:
    """Field, message and next step for each fault of an element that asks for a number."""
    if not isinstance(element, QuantityElement | CountElement):
        return
    if element.maximum is not None and element.minimum > element.maximum:
        yield "minimum", "is greater than the maximum", "exchange the two"
    if isinstance(element, QuantityElement):
        if element.units and not element.unit:
            yield "units", "are given for a number without a unit", "name the unit, or remove the others"
        if element.at_least and element.dimensions > 1:
            yield "at_least", "cannot be said of several dimensions", "remove at_least or dimensions"
        if element.undetermined and element.undetermined.casefold().startswith(element.at_least.casefold() or "\0"):
            yield "at_least", "begins the words of undetermined", "use other words"


def taken_as_measured(made: Compiled, clause: Clause, earlier: list[str]) -> Iterator[str]:
    """The measurements that a clause compares without asking, or printing, whether they are a minimum."""
    compared = {name for text in _behind(made, clause.when) for name, use in condition(text).uses if use in _NUMBERS}
    minima = {name for name in compared if _may_be_minimum(made, name)} - compile_words(clause.say).names
    if minima:
        behind = [each for text in (clause.when, *earlier) for each in _behind(made, text)]
        asked = {name for text in behind for name in condition(text).names}
        yield from sorted(name for name in minima if f"{name}.{AT_LEAST}" not in asked)


_NUMBERS = (Use.number, Use.order)


def _may_be_minimum(made: Compiled, name: str) -> bool:
    slot = made.slots.get(name)
    return slot is not None and isinstance(slot.element, QuantityElement) and bool(slot.element.at_least)


def _behind(made: Compiled, text: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """A condition and those of the facts in it."""
    yield text
    for name in sorted(condition(text).names & made.facts.keys() - seen):
        yield from _behind(made, made.facts[name], seen | {name})
