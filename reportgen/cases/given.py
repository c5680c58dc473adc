"""What answers in a part where nothing was entered: a macro that the case names, then the laboratory's profile.

An answer that was entered counts, with all its details. So does an entry that is then refused: what is given never
hides a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.entries import OWN_KEYS
from reportgen.cases.model import Answer, Chosen, Giver, Part
from reportgen.cases.typing import Misfit, typed_alone
from reportgen.findings import Place
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.macros import MACRO
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, is_empty

PROFILE: Literal["profile"] = "profile"


class Given(NamedTuple):
    """What was answered, and what gave it."""

    answers: tuple[str, ...]
    by: Giver


class Filled(NamedTuple):
    """A part with the answers that were given, and these by their paths."""

    part: Mapping
    given: AnyMapping[str, Given] = MappingProxyType({})

    def marked(self, answers: dict[str, Answer]) -> dict[str, Answer]:
        """The answers of the part, those that were given with what gave them."""
        return {path: each._replace(by=self.given[path].by) if path in self.given else each
                for path, each in answers.items()}  # fmt: skip


def filled(part: Mapping, made: Compiled) -> Filled:
    """A part with the answers of the macro that it names, and of the laboratory's profile; as it is without both.

    Whether an answer of the profile may stay there, `settled` tells.
    """
    given: dict[str, Given] = {}
    for path, answer, place in (*_of_macro(part, made), *_of_profile(made)):
        above, _, _ = path.rpartition(".")
        if above in made.slots and not made.slots[above].is_group and above not in given:
            continue  # the answer above was entered, and its details with it
        changed = _with(part, made, "", path.split("."), _node(answer.answers, place))
        if changed:
            part = changed
            given[path] = answer
    return Filled(part, given)


def settled(part: Part, header: AnyMapping[str, Answer]) -> tuple[Part, AnswerScope]:
    """The part without answers of the profile that do not apply or contradict what was entered; and its scope.

    Why: nobody entered them in this case. So they are silent where they are not asked for, and refuse nothing.
    """
    while True:
        scope = AnswerScope.of_part(part, header)
        gone = set(_out_of_place(part, scope))
        if not gone:
            return part, scope
        part = replace(part, answers={path: each for path, each in part.answers.items() if path not in gone})


def _out_of_place(part: Part, scope: AnswerScope) -> Iterator[str]:
    usual = [path for path, each in part.answers.items() if each.by and each.by.kind == PROFILE]
    refused = [each.when for each in part.protocol.protocol.contradictions if usual and scope.truth(each.when).truth]
    behind = part.protocol.names_behind(*refused)
    for path in usual:
        if path in behind or scope.applicable(path).truth is not True:
            yield path


def _of_macro(part: Mapping, made: Compiled) -> Iterator[tuple[str, Given, Place]]:
    """The answers of the macro that a part names, at the place of that name."""
    named = part.get(MACRO)
    if not made.protocol.macros or not isinstance(named, Text) or is_empty(named):
        return
    try:
        value = typed_alone(made, MACRO, named.text)
    except Misfit:
        return  # which the walk over the part tells
    macro = next(each for each in made.protocol.macros if isinstance(value, Chosen) and each.id == value.picks[0].id)
    for path, answers in sorted(macro.given.items(), key=lambda each: each[0].count(".")):  # details after answers
        yield path, Given(answers, Giver("macro", macro.id)), named.place


def _of_profile(made: Compiled) -> Iterator[tuple[str, Given, Place]]:
    """The usual answers of the laboratory's profile, each at its place there."""
    for path, usual in made.usual.items():
        yield path, Given(usual.answers, Giver(PROFILE, usual.profile)), usual.place


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
