"""The names that conditions and words may use, and what each can be used for.

Why so strict: a name used for what it cannot give (`site > 3`, `features == 'x'` where several answers are possible) is
neither true nor false for ever, or false for ever, and its negation true: a statement nobody licensed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from reportgen.findings import did_you_mean
from reportgen.language.compiler import Condition, Use
from reportgen.protocols.compiled import (
    AT_LEAST,
    CONTAINER,
    OF_PANEL,
    PENDING,
    SPECIAL,
    THIRD,
    Compiled,
    CompiledForm,
    props_of,
)
from reportgen.protocols.elements import (
    ChoiceElement,
    CountElement,
    DateElement,
    PanelElement,
    QuantityElement,
    TextElement,
)
from reportgen.protocols.macros import asks_macro
from reportgen.protocols.scope import RECEIVED_AS
from reportgen.protocols.slots import Slot

_STATES = ("met", "unmet", "unknown")
_ALL_CRITERIA = ("criteria.met", "criteria.unmet")
TITLES = frozenset({"criteria.unmet_titles", "criteria.unknown_titles"})
_HEADER = "case."
_AGE = f"{_HEADER}age"
_WORDED = "override."
_YES_NO = frozenset({"yes", "no"})
_ASKED = frozenset({Use.answered, Use.applicable})


@dataclass(frozen=True)
class Vocabulary:
    """The names of one form.

    Attributes:
        form: the form whose elements can be named as they are.
        header: the elements of the case's header, named with `case.` before them.
        criteria: ids of criteria.
        terms: ids of terms; words may print them, conditions may not look at them.
    """

    form: CompiledForm
    header: Mapping[str, Slot] = field(default_factory=dict)
    criteria: tuple[str, ...] = ()
    terms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, made: Compiled, header: CompiledForm) -> Vocabulary:
        """The names of a protocol."""
        criteria = tuple(criterion.id for criterion in made.protocol.criteria)
        return cls(made, header.slots, criteria, frozenset(made.terms))

    @cached_property
    def conditions(self) -> dict[str, frozenset[Use]]:
        """Every name that a condition may use → what it can be used for."""
        names: dict[str, frozenset[Use]] = {}
        for path, slot in self.form.slots.items():
            if not asks_macro(slot):  # a sentence rests on answers, whatever gave them
                names |= _names_of(path, slot)
        for path, slot in self.header.items():
            if not slot.repeated:  # conditions ask no entries of the header
                names[_HEADER + path] = _element(slot) - {Use.applicable, Use.entries}
        if self.header:
            names[_AGE] = frozenset({Use.number, Use.answered})
            names |= dict.fromkeys(CONTAINER, frozenset({Use.truth}))
            names |= {_WORDED + id: frozenset({Use.answered}) for id in self._worded()}
            names[RECEIVED_AS] = frozenset({Use.word, Use.answered})
        names |= {fact.id: frozenset({Use.truth, Use.unproven}) for fact in self.form.form.facts}
        if self.criteria:
            names |= dict.fromkeys(_ALL_CRITERIA, frozenset({Use.truth}))
        return names | {f"criteria.{id}": frozenset({Use.word}) for id in self.criteria}

    def _worded(self) -> list[str]:
        """What a case may put words of its own in place of."""
        if not isinstance(self.form, Compiled):
            return []
        comment = self.form.protocol.wording.comment
        return ["diagnosis", "comment", *(each.id for each in comment if each.override)]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name that words may print."""
        printed = frozenset({Use.word, Use.several, Use.number, Use.day})
        names = {
            name
            for name, uses in self.conditions.items()
            if uses & printed and not name.startswith("criteria.") and not self.group_of(name)
        }
        return frozenset(names - {_AGE, RECEIVED_AS}) | self.terms | (TITLES if self.criteria else frozenset())

    def meant(self, name: str, used: Condition, otherwise: str) -> str:
        """The next step for a name that conditions do not know: an answer without quotes, a section, or a slip."""
        compared = [one if two == name else two for one, two in used.pairs if name in (one, two)]
        for path in (*compared, *self.form.slots):
            if name in (self.answers(path) or ()):
                return f"put it in quotes: '{name}' is an answer of {path}"
        section, _, rest = name.partition(".")
        if rest in self.conditions and any(each.id == section for each in self.form.form.sections):
            return f"sections are no part of names: write {rest}"
        return did_you_mean(name, self.conditions, otherwise=otherwise)

    def group_of(self, name: str) -> str:
        """The repeated group whose entries a name is in, or ""."""
        slot = self.form.owner(name)
        return slot.repeated if slot else ""

    def unit(self, name: str) -> str | None:
        """What the number of a name is measured in or counted per ("": by the piece); None where it has no number."""
        if name == _AGE:
            return "years"
        slot = self.header.get(name.removeprefix(_HEADER)) if name.startswith(_HEADER) else self.form.owner(name)
        element = slot.element if slot else None
        if isinstance(element, QuantityElement):
            return element.unit
        return "".join(element.per[:1]) if isinstance(element, CountElement) else None

    def answers(self, name: str) -> list[str] | None:
        """The words that a name can equal; None where it can equal any."""
        if name.startswith("criteria."):
            return list(_STATES)
        slot = self._slot(name)
        if slot is None:
            found = self.form.special_of(name)
            choices = found[0].element.choices if found and isinstance(found[0].element, ChoiceElement) else ()
            props = [choice.props[found[1]] for choice in choices if found and found[1] in choice.props]
            return list(dict.fromkeys(props)) or None
        if isinstance(slot.element, TextElement):
            return None
        choices = slot.element.choices if isinstance(slot.element, ChoiceElement) else ()
        return [*(choice.id for choice in choices), *filter(None, (slot.element.undetermined,))] or None

    def _slot(self, name: str) -> Slot | None:
        if name.startswith(_HEADER):
            return self.header.get(name.removeprefix(_HEADER))
        return self.form.slots.get(name)


def _names_of(path: str, slot: Slot) -> dict[str, frozenset[Use]]:
    """An element's own name and the names below it that are no elements."""
    names = {path: _element(slot)}
    if isinstance(slot.element, PanelElement):
        names |= {f"{path}.{name}": frozenset({Use.word, Use.answered}) for name in OF_PANEL}
        names[f"{path}.{PENDING}"] = frozenset({Use.truth})
    elif not slot.is_group:
        names |= {f"{path}.{name}": frozenset({Use.word, Use.answered}) for name in SPECIAL}
    if isinstance(slot.element, QuantityElement) and slot.element.dimensions > 2:
        names[f"{path}.{THIRD}"] = frozenset({Use.order, Use.number})
    if isinstance(slot.element, QuantityElement) and slot.element.at_least:
        names[f"{path}.{AT_LEAST}"] = frozenset({Use.truth})
    for name in props_of(slot):
        names[f"{path}.{name}"] = frozenset({Use.truth if _is_yes_no(slot, name) else Use.word})
    return names


def _is_yes_no(slot: Slot, name: str) -> bool:
    choices = slot.element.choices if isinstance(slot.element, ChoiceElement) else ()
    return _YES_NO.issuperset(choice.props[name] for choice in choices if name in choice.props)


def _element(slot: Slot) -> frozenset[Use]:
    """What an element's own name can be used for."""
    element = slot.element
    if slot.is_group:
        return frozenset({Use.applicable, Use.entries} if slot.repeats else {Use.applicable})
    words = frozenset({Use.word}) if element.undetermined else frozenset()
    if isinstance(element, ChoiceElement):
        return _ASKED | words | {Use.several if element.multiple else Use.word}
    if isinstance(element, TextElement):
        return _ASKED | {Use.word}
    return _ASKED | words | {Use.day if isinstance(element, DateElement) else Use.number, Use.order}
