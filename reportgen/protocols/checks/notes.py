"""Whether the notes of a form are words of the form alone: what a report states of a case rests on an answer."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.laboratory.meanings import Meanings
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import ElementBase, NoteElement, Status


def wrong_with_note(element: ElementBase) -> Iterator[tuple[str, str]]:
    """Message and next step for each thing that a note cannot have."""
    if isinstance(element, NoteElement):
        given = {key: bool(getattr(element, key)) for key in ("followups", "required_when", "undetermined")}
        given["status"] = element.status is not Status.optional
        for key in [key for key, is_given in given.items() if is_given]:
            yield f"is a note, which has no {key}", f"remove {key}"


def stating_notes(made: CompiledForm, meanings: Meanings) -> Iterator[str]:
    """The path of each printed note that finds or denies something."""
    for path, slot in made.slots.items():
        note = slot.element
        if isinstance(note, NoteElement) and note.print and meanings.states(note.text):
            yield path
