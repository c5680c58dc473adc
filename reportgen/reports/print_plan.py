"""What a report can print of a form, element by element: all that is known before there is any answer."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import Chapter, NoteElement, Status, TextElement
from reportgen.protocols.slots import Slot


class Printing(Enum):
    """How an element is printed."""

    pair = "one pair"
    rows = "a pair for each entry of a repeated group"
    note = "words of the form, where they apply"
    text = "paragraphs of its own, as entered"
    elsewhere = "by clauses alone: the synopsis shows only that it is missing"


class PlannedLine(NamedTuple):
    """One element in a chapter: how it is printed, under which name, and whether it is silent without an answer."""

    slot: Slot
    path: str
    printing: Printing
    name: str
    depth: int
    optional: bool


class StainRow(NamedTuple):
    """One named stain: its path, its name, and the path and column of each of its details."""

    path: str
    name: str
    details: tuple[tuple[str, str], ...]


class PrintPlan(NamedTuple):
    """What a form can print.

    Attributes:
        lines: the lines of each chapter, in the order of the form.
        stains: the named stains of all panels, in order.
        stain_details: the names of what stains are asked for, in order.
    """

    lines: dict[Chapter, tuple[PlannedLine, ...]]
    stains: tuple[StainRow, ...]
    stain_details: tuple[str, ...]


@lru_cache(maxsize=32)
def print_plan(form: CompiledForm) -> PrintPlan:
    """Plan once what every report of a form prints."""
    slots = form.slots.values()
    return PrintPlan(
        {chapter: tuple(line for slot in slots if (line := _line(slot, chapter))) for chapter in Chapter},
        tuple(_stain_row(form, slot) for slot in slots if slot.is_named_stain),
        tuple(dict.fromkeys(slot.element.name for slot in slots if slot.panel)),
    )


def _line(slot: Slot, chapter: Chapter) -> PlannedLine | None:
    printing = _printing(slot, chapter)
    if printing is None:
        return None
    optional = slot.element.status is Status.optional
    return PlannedLine(slot, slot.path, printing, slot.element.name, slot.depth, optional)


def _printing(slot: Slot, chapter: Chapter) -> Printing | None:
    """How a chapter prints an element; None where it does not."""
    element = slot.element
    if element.chapter is not chapter:
        unseen = element.chapter is Chapter.none and chapter is Chapter.synoptic and not slot.repeated
        return Printing.elsewhere if unseen else None
    if slot.repeats and not slot.panel:
        return Printing.rows
    if isinstance(element, NoteElement) and element.print and not (slot.repeated or slot.panel):
        return Printing.note
    if slot.repeated or slot.is_group or slot.panel:
        return None
    own_words = isinstance(element, TextElement) and element.lines and chapter is not Chapter.synoptic
    return Printing.text if own_words else Printing.pair


def _stain_row(form: CompiledForm, stain: Slot) -> StainRow:
    details = {each.path: each.element.name for each in form.children.get(stain.path, {}).values()}
    return StainRow(stain.path, stain.element.name, tuple(details.items()))
