"""Answers that a laboratory's profile may give: those that a convention decides, and never a finding.

A protocol says of each question whether a convention decides it. So no profile can answer what is seen in the tissue.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, did_you_mean, one_of
from reportgen.protocols.addresses import id_of
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import ChoiceElement
from reportgen.reading.source import Entry, Items, Mapping, Text, items_at, text_at

_ENTER = "leave it out: it is entered in each case"


def wrong_usual(address: str, element: Mapping, field: Entry) -> Iterator[Finding]:
    """What is wrong with the usual answer that a profile gives to an element; an empty list takes it back."""
    path = f"elements.{address}"
    if text_at(element, "kind") != "choice":
        yield Finding("T438", field.place, path, "has no list of answers, so it has no usual one", _ENTER)
        return
    if text_at(element, "by_convention").lower() not in ("true", "yes"):
        message = "may be a finding: the protocol does not let a profile answer it"
        yield Finding("T438", field.place, path, message, _ENTER)
        return
    answers = field.value.items if isinstance(field.value, Items) else (field.value,)
    if len(answers) > 1 and text_at(element, "multiple").lower() not in ("true", "yes"):
        yield Finding("T438", field.place, path, "takes one answer, and is given several", "give it one")
    choices = {id_of(item): item for item in items_at(element, "choices")}
    for answer in answers:
        said = answer.text.strip() if isinstance(answer, Text) else ""
        choice = choices.get(said)
        if not said:
            hint = "write the id of an answer; [] takes back what a profile below gives"
            yield Finding("T401", answer.place, path, "usual takes an answer of its list", hint)
        elif choice is None:
            hint = did_you_mean(said, choices, otherwise=one_of(choices))
            yield Finding("T407", answer.place, path, f'"{said}" is not an answer of it', hint)
        elif text_at(choice, "fill_in") or (isinstance(choice, Mapping) and choice.get("response")):
            message = f'"{said}" is an answer with which something is entered'
            yield Finding("T438", answer.place, path, message, _ENTER)
        elif len(answers) > 1 and text_at(choice, "exclusive"):
            message = f'"{said}" excludes all other answers, and is given with others'
            yield Finding("T438", answer.place, path, message, "give one of them")


def as_list(field: Entry) -> Items:
    """The usual answers as a list, as the protocol then holds them."""
    return field.value if isinstance(field.value, Items) else Items((field.value,), field.value.place)


def wrong_conventions(made: CompiledForm) -> Iterator[tuple[str, str, str]]:
    """Element, message and next step for each that no convention can decide, and each that no profile answers."""
    judged = made.names_behind(*(text for both in made.criteria.values() for text in both))
    findings = {made.element_of(name) for name in judged}
    for path, slot in made.slots.items():
        element = slot.element
        if not isinstance(element, ChoiceElement):
            continue
        if element.usual and path not in made.usual:
            yield path, "has a usual answer in the protocol itself", "remove it; a profile gives usual answers"
        if element.by_convention and path in findings:
            yield path, "is called a convention, but a criterion rests on it", "remove by_convention"
        if element.by_convention and (slot.repeated or slot.panel or slot.parent or slot.judges):
            message = "is called a convention, but is a detail of another answer or of an entry"
            yield path, message, "remove by_convention, or ask it on its own"


def own_conventions(base: CompiledForm, made: CompiledForm) -> Iterator[str]:
    """What a profile calls a convention; `base` is the form without its changes."""
    for path, slot in made.slots.items():
        before = base.slots.get(path)
        if _by_convention(slot.element) and not (before and _by_convention(before.element)):
            yield path


def _by_convention(element: object) -> bool:
    return isinstance(element, ChoiceElement) and element.by_convention
