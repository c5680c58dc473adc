"""What a laboratory changes, held against what it changes: gaps, names, and what is in the head of a case."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, Place
from reportgen.laboratory.meanings import Meanings
from reportgen.protocols.addresses import place_of_order
from reportgen.protocols.checks.changed_words import changed_names
from reportgen.protocols.checks.conventions import own_conventions
from reportgen.protocols.checks.notes import stating_notes
from reportgen.protocols.checks.protocol import spoken
from reportgen.protocols.checks.safeguards import gaps_spoken_over, names_taken
from reportgen.protocols.checks.wording import check_bound
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import ChoiceElement, ElementBase, GroupElement, NoteElement
from reportgen.reading.source import Mapping, place_at


def check_changes(base: Compiled, made: Compiled, source: Mapping, meanings: Meanings) -> list[Finding]:
    """Check what a laboratory's changes do to the gaps of a protocol; `base` is the protocol without them."""
    places = {f"{id}.{clause.id}": (*path, index) for path, id, clauses, _ in spoken(made)
              for index, clause in enumerate(clauses)}  # fmt: skip
    found = check_bound(made, source, list(spoken(made)))
    found += check_names(base, made, meanings)
    for statement, clause, gap in gaps_spoken_over(base, made):
        id = f"{statement}.{clause}"
        place = place_of_order(made.changes, statement) or place_at(source, places[id])
        hint = "narrow its condition, or move it behind the gap"
        found.append(Finding("T412", place, id, f"could speak in place of the gap {gap}", hint))
    return found


def check_names(base: CompiledForm, made: CompiledForm, meanings: Meanings) -> list[Finding]:
    """Check the names that a laboratory gives to elements and answers; `base` is the form without its changes."""
    found = [
        Finding("T412", _place_of(made, path), path, f"would be printed under the name of {other}", "use another name")
        for path, other in names_taken(base, made)
    ]
    for path in own_conventions(base, made):
        message = "is called a convention by the profile: only a protocol can say that no finding decides it"
        found.append(Finding("T438", _place_of(made, path), path, message, "remove by_convention"))
    return found + [
        Finding("T426", _place_of(made, path), path, message, hint)
        for path, message, hint in changed_names(base, made, meanings)
    ]


def check_head(base: CompiledForm, made: CompiledForm, meanings: Meanings) -> list[Finding]:
    """Check what a laboratory makes of the head of a case, which is printed beside the patient and the signature.

    `base` is the form without its changes.
    """
    found = check_names(base, made, meanings)
    for path in stating_notes(made, meanings):
        message, hint = "states something of every case, and rests on no answer", "print a finding by a clause"
        found.append(Finding("T417", _place_of(made, path), path, message, hint))
    for path, slot in made.slots.items():
        before = frozenset(_printed(base.slots[path].element)) if path in base.slots else frozenset[str]()
        for claim in filter(None, (meanings.claim(text) for text in _printed(slot.element) if text not in before)):
            message = f'uses the word "{claim}", which claims a state that no report made here has'
            found.append(Finding("T428", _place_of(made, path), path, message))
    return found


def _printed(element: ElementBase) -> Iterator[str]:
    """The words of an element that a report can print."""
    yield from (element.title, element.label, element.undetermined)
    if isinstance(element, NoteElement):
        yield element.text
    if isinstance(element, GroupElement):
        yield element.heading
    if isinstance(element, ChoiceElement):
        yield from (choice.words for choice in element.choices)


def names_in_both(made: Compiled, header: CompiledForm, base: CompiledForm) -> list[Finding]:
    """T404 for what a laboratory adds to the head of a case under the name of an element: tables have both in one row.

    `base` is the form of the head without the additions.
    """
    added = header.children[""].keys() - base.children[""].keys()
    message = f"is an element of the protocol {made.protocol.id}, too"
    return [
        Finding("T404", _place_of(header, name), f"case.{name}", message, "give it another id")
        for name in sorted(added & made.children[""].keys())
    ]


def _place_of(made: CompiledForm, path: str) -> Place:
    """Where a laboratory changes or adds an element."""
    own = [each.place for each in made.changes if each.space == "elements"]
    return next((each.place for each in made.changes if each.address == path), own[0] if own else Place())
