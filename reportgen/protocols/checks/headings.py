"""Whether each printed answer can be told by what is above or beside it: its label, its heading, its parent."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import Chapter, ElementBase, NoteElement, PanelElement, TextElement
from reportgen.protocols.slots import Slot


def misplaced(made: CompiledForm) -> Iterator[tuple[str, str, str]]:
    """Path, message and next step for each answer that the report would print under another's heading, or nameless."""
    current: dict[Chapter, tuple[str, ...]] = {}
    headed = any(slot.headings for slot in made.slots.values())
    for path, slot in made.slots.items():
        named = not slot.element.unlabeled or isinstance(slot.element, NoteElement)
        if not named and not (slot.headings or slot.parent or slot.repeated):
            yield path, "would be printed without a name", "give it a label, or a heading above it"
        if isinstance(slot.element, PanelElement) and made.panels[path] and headed and not slot.headings:
            yield path, "may leave a gap under another section's heading", "give its section a heading"
        chapter = _printed_in(slot)
        if chapter is None:
            continue
        above = current.get(chapter, ())
        if above and not slot.headings:  # a heading above is printed again behind one that is inside it
            hint = "give it a heading of its own, or move it before what has one"
            yield path, f'would be printed under the heading "{above[-1]}"', hint
        current[chapter] = slot.headings


def _printed_in(slot: Slot) -> Chapter | None:
    """The chapter that prints the element as a pair; None where none does."""
    element: ElementBase = slot.element
    if isinstance(element, NoteElement):
        return element.chapter if element.print else None
    if slot.panel or (slot.repeated and not slot.repeats) or (slot.is_group and not slot.repeats):
        return None
    if element.chapter is Chapter.none:  # its gap is printed there
        return Chapter.synoptic
    prose = isinstance(element, TextElement) and element.lines and element.chapter is not Chapter.synoptic
    return None if prose else element.chapter
