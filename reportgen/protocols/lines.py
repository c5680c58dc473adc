"""What a report can print of a form, element by element: all that is known before there is any answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from reportgen.protocols.elements import Chapter, GroupElement, Status, TextElement
from reportgen.protocols.slots import Slot


class Kind(Enum):
    """How an element is printed."""

    pair = "one pair"
    rows = "a pair for each entry of a repeated group"
    text = "paragraphs of its own, as entered"
    elsewhere = "by clauses alone: the synopsis shows only that it is missing"


class Line(NamedTuple):
    """One element in a chapter: how it is printed, under which name, and whether it is silent without an answer."""

    slot: Slot
    path: str
    kind: Kind
    name: str
    depth: int
    optional: bool


class StainRow(NamedTuple):
    """One named stain: its path, its name, and the path and column of each of its details."""

    path: str
    name: str
    details: tuple[tuple[str, str], ...]


def lines(slots: Iterable[Slot], chapter: Chapter, section: str = "") -> tuple[Line, ...]:
    """The lines of one chapter, in the order of the form; `section` limits them to one of its sections."""
    return tuple(_lines(slots, chapter, section))


def _lines(slots: Iterable[Slot], chapter: Chapter, section: str) -> Iterator[Line]:
    for slot in slots:
        kind = _kind(slot, chapter)
        if kind and (kind is Kind.elsewhere or not section or slot.section == section):
            optional = slot.element.status is Status.optional and kind is not Kind.rows
            yield Line(slot, slot.path, kind, slot.element.name, slot.depth, optional)


def _kind(slot: Slot, chapter: Chapter) -> Kind | None:
    """How a chapter prints an element; None where it does not."""
    element = slot.element
    if element.chapter is not chapter:
        unseen = element.chapter is Chapter.none and chapter is Chapter.synoptic
        return Kind.elsewhere if unseen else None
    if isinstance(element, GroupElement) and element.repeats and not slot.panel:
        return Kind.rows
    if slot.repeated or slot.is_group or slot.panel:
        return None
    own_words = isinstance(element, TextElement) and element.lines and chapter is not Chapter.synoptic
    return Kind.text if own_words else Kind.pair


def stain_rows(slots: dict[str, Slot]) -> tuple[StainRow, ...]:
    """The named stains of all panels, in order."""
    below: dict[str, list[tuple[str, str]]] = {}
    for path, slot in slots.items():
        below.setdefault(path.rpartition(".")[0], []).append((path, slot.element.name))
    return tuple(
        StainRow(path, slot.element.name, tuple(below.get(path, ())))
        for path, slot in slots.items()
        if slot.panel and not slot.parent and not slot.repeated and not slot.is_group
    )
