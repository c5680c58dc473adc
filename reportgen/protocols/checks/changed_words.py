"""Whether the words that a laboratory gives to answers and elements still mean what they meant.

An answer that affirms must affirm, one that denies must deny, and no answer may take the words of its neighbor. Words
that the lists do not know keep nothing, so a profile in another language names its own words for yes and no.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.laboratory.meanings import Meanings, Side
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import Choice, ChoiceElement, ElementBase, PanelElement

_OWN_WORDS = (
    "use words of the same meaning; in another language list yours under labels.affirmations and labels.negations"
)
_WAIVE = "or name {path} under waivers, with a reason and who decided; every report will print it"


def changed_names(base: CompiledForm, made: CompiledForm, meanings: Meanings) -> Iterator[tuple[str, str, str]]:
    """Path, message and next step for each changed answer or name that would be read as another."""
    waived = {waiver.id for waiver in made.waivers} if isinstance(made, Compiled) else set[str]()
    headings = {section.heading for section in base.form.sections}
    for section in made.form.sections:
        if section.heading not in headings and meanings.side(section.heading) is not Side.neither:
            yield f"sections.{section.id}", f'its heading "{section.heading}" answers a question', _OWN_WORDS
    for path, slot in made.slots.items():
        if path in waived or (slot.panel and slot.panel in waived):
            continue
        before = base.slots.get(path)
        found = list(_names(before.element if before else None, slot.element, meanings))
        if not slot.panel or isinstance(slot.element, PanelElement) or slot.parent:
            found += _answers(before.element if before else None, slot.element, meanings)
        for message in dict.fromkeys(found):
            yield path, message, f"{_OWN_WORDS}; {_WAIVE.format(path=slot.panel or path)}"


def _names(before: ElementBase | None, now: ElementBase, meanings: Meanings) -> Iterator[str]:
    """Names of elements that answer their own question."""
    if now.unlabeled and before and not before.unlabeled:
        yield "its answer would be printed without the name of what was asked"
    for name in ("title", "label", "heading"):
        old, new = (getattr(before, name, "") if before else ""), getattr(now, name, "")
        side = Side.neither if name == "label" and now.unlabeled else meanings.side(new)
        if new != old and side not in (Side.neither, meanings.side(old)):
            yield f'its {name} "{new}" {side}, so that an answer beside it would be read in another way'


def _answers(before: ElementBase | None, now: ElementBase, meanings: Meanings) -> Iterator[str]:
    known = {choice.id: choice.words for choice in _choices(before)} if before else {}
    for choice in _choices(now):
        old = known.get(choice.id, choice.id)
        if choice.words == old:
            continue
        was, now_is = meanings.side(old), meanings.side(choice.words)
        if was is not now_is:
            yield f'"{choice.id}" {was}, but "{choice.words}" {now_is}'
        taken = _taken(choice, old, now, meanings, known)
        if taken:
            yield f'"{choice.words}" for "{choice.id}" holds "{taken[0]}", a word of its answer "{taken[1]}"'


def _taken(
    choice: Choice, old: str, element: ElementBase, meanings: Meanings, known: dict[str, str]
) -> tuple[str, str] | None:
    """A word of another answer that the new words of one hold and its old words do not, with that answer."""
    gained = meanings.telling(choice.words) - meanings.telling(old) - meanings.telling(choice.id)
    for other in _choices(element):
        if other.id != choice.id:
            shared = gained & (meanings.telling(other.id) | meanings.telling(known.get(other.id, other.words)))
            if shared:
                return min(shared), other.id
    return None


def _choices(element: ElementBase | None) -> tuple[Choice, ...]:
    if isinstance(element, PanelElement):
        return element.results
    return element.choices if isinstance(element, ChoiceElement) else ()
