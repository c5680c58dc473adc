"""What a macro answers in a part: each of its answers that was not entered there.

An answer that was entered counts, with all its details. So does an entry that is then refused: a macro never hides a
mistake.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from types import MappingProxyType
from typing import NamedTuple

from reportgen.cases.entries import OWN_KEYS
from reportgen.cases.model import Answer, Chosen
from reportgen.cases.typing import Misfit, typed_alone
from reportgen.findings import Place
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.macros import MACRO
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, is_empty


class Filled(NamedTuple):
    """A part with the answers of its macro, and those that the macro gave, by their paths."""

    part: Mapping
    macro: str = ""
    given: AnyMapping[str, tuple[str, ...]] = MappingProxyType({})

    def marked(self, answers: dict[str, Answer]) -> dict[str, Answer]:
        """The answers of the part, those that the macro gave with its name."""
        return {path: each._replace(macro=self.macro) if path in self.given else each for path, each in answers.items()}


def filled(part: Mapping, made: Compiled) -> Filled:
    """A part with the answers of the macro that it names, at the place of that name; as it is if it names none."""
    named = part.get(MACRO)
    if not made.protocol.macros or not isinstance(named, Text) or is_empty(named):
        return Filled(part)
    try:
        value = typed_alone(made, MACRO, named.text)
    except Misfit:
        return Filled(part)  # which the walk over the part tells
    macro = next(each for each in made.protocol.macros if isinstance(value, Chosen) and each.id == value.picks[0].id)
    given: dict[str, tuple[str, ...]] = {}
    for path, answers in sorted(macro.given.items(), key=lambda each: each[0].count(".")):  # details after answers
        above, _, _ = path.rpartition(".")
        if above in made.slots and not made.slots[above].is_group and above not in given:
            continue  # the answer above was entered, and its details with it
        changed = _with(part, made, "", path.split("."), _node(answers, named.place))
        if changed:
            part = changed
            given[path] = answers
    return Filled(part, macro.id, given)


def _with(node: Mapping, made: Compiled, above: str, steps: Sequence[str], value: Node) -> Mapping | None:
    """A mapping with an answer at a path below it; None where something was entered there."""
    path = f"{above}.{steps[0]}" if above else steps[0]
    known = made.children.get(above, {})
    at = next((n for n, each in enumerate(node.entries) if (slot := known.get(each.key)) and slot.path == path), None)
    old = None if at is None or is_empty(node.entries[at].value) else node.entries[at].value
    if old is not None and not isinstance(old, Mapping):
        return None
    inside = old if isinstance(old, Mapping) else Mapping((), value.place)
    if len(steps) > 1:
        new = _with(inside, made, path, steps[1:], value)
    else:
        new = None if _answered(inside) else _put(inside, "result", value)
    if new is None:
        return None
    return _put(node, steps[0] if at is None else node.entries[at].key, new)


def _answered(node: Mapping) -> bool:
    """Whether a mapping of an answer and its details has the answer, or words that belong to it."""
    return any(not is_empty(node.get(key)) for key in OWN_KEYS)


def _put(node: Mapping, key: str, value: Node) -> Mapping:
    kept = tuple(each for each in node if each.key != key)
    before = next((each.place for each in node if each.key == key), value.place)
    return Mapping((*kept, Entry(key, value, before)), node.place)


def _node(answers: tuple[str, ...], place: Place) -> Node:
    first, *others = (Text(each, place) for each in answers)
    return Items((first, *others), place) if others else first
