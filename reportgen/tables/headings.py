"""The heading of a column to the element it stands for: one place says which headings there are.

A heading is a path as findings print it (`margins.deep.location`, `gross.blocks.2.id`), with aliases, and with the
words that a case file puts beside an answer: `result`, `count`, `reason`, `text`, `per`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from reportgen.cases.validate import said_beside
from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import ChoiceElement, CountElement, ElementBase
from reportgen.protocols.load import load_each, load_header, load_protocol
from reportgen.protocols.slots import Slot

_PART_TEXTS = ("label", "protocol", "received_as")
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")  # of an entry of a repeated group


class HeadingRole(StrEnum):
    """What a cell holds: an answer, words beside an answer (or instead of one), or what a count is counted per."""

    answer = "answer"
    words = "words"
    per = "per"


@dataclass(frozen=True, slots=True)
class Target:
    """What a heading stands for."""

    steps: tuple[str, ...]  # the keys from the case, or from the part, to it; numbers of repeated entries as text
    role: HeadingRole
    slot: Slot | None = None  # what is answered; None for words about a part

    @property
    def element(self) -> ElementBase | None:
        """The element that is answered; None for words about a part."""
        return self.slot.element if self.slot else None

    @property
    def path(self) -> str:
        """The heading, without aliases."""
        return ".".join(self.steps)


@dataclass(frozen=True)
class Headings:
    """All that a table may be headed with: the header form and the protocols that its rows may name."""

    header: CompiledForm
    protocols: dict[str, Compiled]

    def known(self, heading: str) -> bool:
        """Whether it stands for anything, in the header or in one of the protocols."""
        return any(target for _, target in self._each(heading))

    def targets(self, heading: str) -> dict[str, Target]:
        """What it stands for, by protocol; under "" where it belongs to the header."""
        return {id: target for id, target in self._each(heading) if target is not None}

    def _each(self, heading: str) -> Iterator[tuple[str, Target | None]]:
        yield "", target_of(self.header, heading)
        for id, made in self.protocols.items():
            is_beside = heading in self._beside[id]
            yield id, Target(tuple(heading.split(".")), HeadingRole.words) if is_beside else target_of(made, heading)

    @cached_property
    def _beside(self) -> dict[str, frozenset[str]]:
        """The headings of words about a part, by protocol."""
        return {id: frozenset((*_PART_TEXTS, *said_beside(made))) for id, made in self.protocols.items()}

    def columns(self) -> Iterator[tuple[CompiledForm, Target]]:
        """Every column, each repeated group with its first two entries, beside the form that it belongs to."""
        yield from ((self.header, target) for target in columns_of(self.header))
        for made in self.protocols.values():
            yield from ((made, target) for target in part_columns(made))

    def all(self) -> list[str]:
        """Every heading of `columns`."""
        return list(dict.fromkeys(target.path for _, target in self.columns()))


def headings(protocol: str, laboratory: Laboratory | None = None) -> Headings:
    """The headings for a protocol; with no protocol, for all that are installed and in order."""
    if protocol:
        return Headings(load_header(laboratory), {protocol: load_protocol(protocol, laboratory)})
    in_order = {id: made for id, made in load_each(laboratory) if not isinstance(made, FindingsError)}
    return Headings(load_header(laboratory), in_order)


def target_of(form: CompiledForm, heading: str) -> Target | None:
    """The element of a path with ids for aliases; None where there is no such path, or no cell can answer it."""
    words = heading.split(".")
    steps: list[str] = []
    slot: Slot | None = None
    numbered = True  # whether a repeated group above has its number
    role = HeadingRole.answer
    for position, word in enumerate(words):
        below = form.children.get(slot.path if slot else "", {}).get(word)
        if not numbered:
            if not _NUMBER.fullmatch(word):
                return None
            steps.append(word)
            numbered = True
        elif below is not None:
            slot = below
            steps.append(slot.element.id)
            numbered = not slot.repeats
        elif slot is not None and position == len(words) - 1 and (found := _beside(slot, word)):
            role = found
            if role is not HeadingRole.answer:
                steps.append(word)
        else:
            return None
    if slot is None or slot.is_group or not numbered:
        return None
    return Target(tuple(steps), role, slot)


def _beside(slot: Slot, word: str) -> HeadingRole | None:
    """What a word below an element means that is not a detail of it."""
    element = slot.element
    if slot.is_group:
        return None
    if word == "result" or (word == "count" and isinstance(element, CountElement)):
        return HeadingRole.answer
    if word == "per" and isinstance(element, CountElement) and element.per:
        return HeadingRole.per
    fills_in = isinstance(element, ChoiceElement) and any(choice.asks for choice in element.choices)
    if (word == "reason" and element.undetermined) or (word == "text" and fills_in):
        return HeadingRole.words
    return None


def columns_of(form: CompiledForm) -> Iterator[Target]:
    """Every column of a form, in its order; what accompanies an answer follows it."""
    for slot in form.slots.values():
        if slot.is_group:
            continue
        for steps in _numbered(form, slot.path.split("."), (), ""):
            yield Target(steps, HeadingRole.answer, slot)
            for word in ("text", "reason", "per"):
                if role := _beside(slot, word):
                    yield Target((*steps, word), role, slot)


def _numbered(form: CompiledForm, words: list[str], done: tuple[str, ...], path: str) -> Iterable[tuple[str, ...]]:
    """The steps of a slot's path, with 1 and 2 after each repeated group."""
    if not words:
        return [done]
    path = f"{path}.{words[0]}".lstrip(".")
    numbers = (("1",), ("2",)) if form.slots[path].repeats else ((),)
    return [steps for number in numbers for steps in _numbered(form, words[1:], (*done, words[0], *number), path)]


def part_columns(made: Compiled) -> Iterator[Target]:
    """Every column of a part: its label and protocol, the elements, and the words of the pathologist's own."""
    yield from (Target((name,), HeadingRole.words) for name in _PART_TEXTS)
    yield from columns_of(made)
    yield from (Target(tuple(path.split(".")), HeadingRole.words) for path in said_beside(made))
