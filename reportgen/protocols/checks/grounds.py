"""What a condition depends on: the questions behind its names, and how these are defined."""

from __future__ import annotations

from reportgen.protocols.compiled import Compiled, condition
from reportgen.protocols.elements import ChoiceElement

_WORDS = {"title", "label", "heading", "help", "codes", "source", "aliases", "chapter", "key", "foreign_id"}
"""Fields of an element or an answer that no condition depends on."""
_PARTS = {"choices", "followups", "elements", "stains"}
"""Fields of an element that hold what has a definition of its own."""


class Grounds:
    """The questions of a protocol whose answers can decide about a condition or a name; each worked out once."""

    def __init__(self, made: Compiled) -> None:
        self._made = made
        self._of_names: dict[str, frozenset[str]] = {}
        self._of_texts: dict[str, frozenset[str]] = {}

    def question(self, path: str) -> str:
        """The question that a path asks: `lesions.size` for `lesions.2.size`, `margins.deep` for its `reason`."""
        path = without_numbers(path)
        special = None if path in self._made.slots else self._made.special_of(path)
        return special[0].path if special else path

    def of(self, text: str) -> frozenset[str]:
        """The questions behind a condition."""
        known = self._of_texts.get(text)
        if known is None:
            known = self._of_texts[text] = frozenset().union(*map(self.of_name, condition(text).names))
        return known

    def of_name(self, name: str) -> frozenset[str]:
        """The questions behind a name, with its own."""
        known = self._of_names.get(name)
        if known is None:
            found: set[str] = set()
            waiting = [self.question(name)]
            while waiting:
                name_behind = waiting.pop()
                if name_behind not in found:
                    found.add(name_behind)
                    _, names, texts = behind(self._made, name_behind)
                    waiting += [self.question(each) for each in names]
                    waiting += [self.question(each) for text in texts for each in condition(text).names]
            known = self._of_names[name] = frozenset(found)
        return known


def changed(base: Compiled, made: Compiled) -> dict[str, int]:
    """Statement → its first clause that may speak where it does not in `base`, which is without the changes.

    What decides about a clause are its own condition, those of the clauses before it, and all that these depend on.
    """
    before = {id: statement.clauses for id, _, statement in base.protocol.wording.statements()}
    known: dict[str, bool] = {}

    def differs(name: str) -> bool:
        """Whether a name, or anything that it depends on, is defined otherwise."""
        if name not in known:
            known[name] = False  # for a name that is met again below itself
            definition, names, conditions = behind(made, name)
            inner = [*names, *(each for text in conditions for each in condition(text).names)]
            known[name] = definition != behind(base, name)[0] or any(map(differs, inner))
        return known[name]

    found: dict[str, int] = {}
    for id, _, statement in made.protocol.wording.statements():
        old = [(each.when, each.silent) for each in before.get(id, ())]
        for index, clause in enumerate(statement.clauses):
            same = old[index : index + 1] == [(clause.when, clause.silent)]
            if not same or any(map(differs, condition(clause.when).names)):
                found[id] = index
                break
    return found


def behind(made: Compiled, name: str) -> tuple[object, tuple[str, ...], tuple[str, ...]]:
    """The definition of a name, without report wording, and the names and conditions that it depends on."""
    if name in made.facts:
        return made.facts[name], (), (made.facts[name],)
    if name.startswith("criteria."):
        conditions = tuple(text for each in made.protocol.criteria for text in (each.met, each.unmet))
        return conditions, (), tuple(filter(None, conditions))
    special = made.special_of(name)
    slot = special[0] if special else made.slots.get(name)
    if slot is None:
        return None, (), ()  # of the case's header, which is the same for every laboratory
    element = slot.element
    dumped = element.model_dump(exclude=_WORDS | _PARTS)
    choices = element.choices if isinstance(element, ChoiceElement) else ()
    answers = [each.model_dump(exclude=_WORDS | _PARTS) for each in choices]
    what = (slot.applies, slot.parent, slot.under, slot.repeated, dumped, answers)
    return (
        what,
        tuple(filter(None, (slot.parent, slot.repeated))),
        tuple(filter(None, (*slot.applies, element.required_when))),
    )


def without_numbers(path: str) -> str:
    """The path of the element behind one in an entry: `lesions.size` for `lesions.2.size`."""
    return ".".join(step for step in path.split(".") if not step.isdecimal())
