"""A protocol made ready for use: its elements unfolded, its facts and terms by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.protocols.elements import Chapter, ChoiceElement, PanelElement, Status
from reportgen.protocols.expressions import Condition, compile_condition
from reportgen.protocols.model import Advisory, Form, Level, Protocol, Statement, Term
from reportgen.protocols.slots import Slot, unfold

if TYPE_CHECKING:
    from reportgen.laboratory.model import Waiver
    from reportgen.protocols.overrides import Change

SPECIAL = frozenset({"reason", "text"})  # what an answer shows beside its props and follow-ups
REQUIRED_RESULTS = "required_results"  # what a stain panel shows: its required stains with their results


@dataclass(frozen=True)
class CompiledForm:
    """A form with its slots by path; `hash` is the sha256 of the files it was made of."""

    form: Form
    slots: dict[str, Slot]
    hash: str

    @cached_property
    def children(self) -> dict[str, dict[str, Slot]]:
        """Path (or "" for the top) → the keys, aliases included, that a case file may use below it."""
        table: dict[str, dict[str, Slot]] = {}
        for path, slot in self.slots.items():
            below = table.setdefault(path.rpartition(".")[0], {})
            below |= dict.fromkeys((slot.element.id, *slot.element.aliases), slot)
        return table

    @cached_property
    def single_slots(self) -> tuple[tuple[Slot, bool], ...]:
        """The slots outside repeated groups, in order, each with whether it is optional."""
        slots = (slot for slot in self.slots.values() if not slot.repeated)
        return tuple((slot, slot.element.status is Status.optional) for slot in slots)

    @cached_property
    def chapters(self) -> dict[Chapter, tuple[tuple[Slot, bool], ...]]:
        """The slots of each chapter, in order, each with whether there is nothing to say of it without an answer.

        The synopsis also answers for those that no chapter shows.
        """
        found: dict[Chapter, list[tuple[Slot, bool]]] = {chapter: [] for chapter in Chapter}
        for slot in self.slots.values():
            optional = slot.element.status is Status.optional and not slot.is_group
            found[slot.element.chapter].append((slot, optional))
            if slot.element.chapter is Chapter.none:
                found[Chapter.synoptic].append((slot, optional))
        return {chapter: tuple(slots) for chapter, slots in found.items()}

    @cached_property
    def panels(self) -> dict[str, tuple[Slot, ...]]:
        """Path of each stain panel → those of its stains of which it needs at least one."""
        needed = {path: list[Slot]() for path, slot in self.slots.items() if isinstance(slot.element, PanelElement)}
        for slot in self.slots.values():
            if slot.required_stain:
                needed[slot.panel].append(slot)
        return {path: tuple(stains) for path, stains in needed.items()}

    @cached_property
    def stains(self) -> tuple[Slot, ...]:
        """The named stains of all panels, in order."""
        return tuple(slot for slot in self.slots.values() if slot.panel and not slot.parent and not slot.repeated)

    @cached_property
    def stain_details(self) -> tuple[str, ...]:
        """The names of what stains are asked for, in order."""
        return tuple(dict.fromkeys(slot.element.name for slot in self.slots.values() if slot.panel))

    @cached_property
    def typed_before(self) -> dict[Any, Any]:
        """For the validation of many cases: answers of lists that were given their type already, by path and text."""
        return {}

    def special_of(self, path: str) -> tuple[Slot, str] | None:
        """The slot and the name for `procedure.noun`, `margins.deep.reason` …; None where there is no such thing."""
        above, _, name = path.rpartition(".")
        slot = self.slots.get(above)
        if slot is None:
            return None
        if isinstance(slot.element, PanelElement):
            return (slot, name) if name == REQUIRED_RESULTS else None
        if name not in SPECIAL and name not in props_of(slot):
            return None
        return slot, name


@dataclass(frozen=True)
class Compiled(CompiledForm):
    """A protocol with its facts, terms and statements by name."""

    protocol: Protocol
    facts: dict[str, str]
    terms: dict[str, Term]
    changes: tuple[Change, ...] = ()  # what a laboratory's profiles changed
    waivers: tuple[Waiver, ...] = ()  # the safeguards that they weakened; printed in every report

    @cached_property
    def stopping(self) -> tuple[Advisory, ...]:
        """The advisories that can stop a report."""
        advisories = self.protocol.advisories
        return tuple(each for each in advisories if any(remark.level is Level.stop for remark in each.levels))

    def statements(self) -> dict[str, Statement]:
        """Id → statement, for all statements."""
        wording = self.protocol.wording
        return {statement.id: statement for statement in (wording.header, *wording.diagnosis, *wording.comment)}


def props_of(slot: Slot) -> frozenset[str]:
    """The names of the props that any choice of the element carries."""
    if not isinstance(slot.element, ChoiceElement):
        return frozenset()
    return frozenset(name for choice in slot.element.choices for name in choice.props)


def compiled_form(form: Form, hash: str) -> CompiledForm:
    """Unfold a form."""
    return CompiledForm(form, unfold(form), hash)


def compiled(
    protocol: Protocol, hash: str, changes: tuple[Change, ...] = (), waivers: tuple[Waiver, ...] = ()
) -> Compiled:
    """Unfold a protocol; conditions and words compile when first used, once per process."""
    return Compiled(
        form=protocol,
        slots=unfold(protocol),
        hash=hash,
        protocol=protocol,
        facts={fact.id: fact.when for fact in protocol.facts},
        terms={term.id: term for term in protocol.wording.terms},
        changes=changes,
        waivers=waivers,
    )


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """The compiled form of a condition, once per process."""
    return compile_condition(text)
