"""A protocol made ready for use: its elements unfolded, its facts and terms by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.language.conditions import OTHER, Condition, Reading, compile_condition
from reportgen.protocols.elements import Chapter, ChoiceElement, PanelElement, QuantityElement, SourceRef, Status
from reportgen.protocols.lines import Line, StainRow, lines, stain_rows
from reportgen.protocols.model import Form, Protocol, Statement, Term
from reportgen.protocols.slots import Slot, unfold

if TYPE_CHECKING:
    from reportgen.laboratory.model import Laboratory, Waiver
    from reportgen.prose.load import Prose
    from reportgen.protocols.changes import Change

SPECIAL = frozenset({"reason", "text"})  # what an answer shows beside its props and follow-ups
CONTAINER = frozenset({"container.other_side", "container.other_region"})  # what the label of the container may show
REQUIRED_RESULTS = "required_results"  # what a stain panel shows: its required stains with their results
PENDING = "pending"  # asked of a stain panel: whether any of its stains, named or added, is still to come
THIRD = "third"  # what a measurement in three dimensions shows: the last of them
TOLD_RESULTS = "told_results"  # and, for each result that is told in words, the stains that have it
PENDING_RESULTS = "pending_results"  # and the stains whose result is to come
OF_PANEL = frozenset({REQUIRED_RESULTS, TOLD_RESULTS, PENDING_RESULTS})


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
    def facts(self) -> dict[str, str]:
        """Name → condition of each fact."""
        return {fact.id: fact.when for fact in self.form.facts}

    @cached_property
    def criteria(self) -> dict[str, tuple[str, str]]:
        """Id → the conditions under which a criterion is met and unmet; a form alone has none."""
        return {}

    @cached_property
    def alike(self) -> dict[str, str]:
        """Path → the first element that applies whenever this one does: whether they apply is asked once."""
        first: dict[tuple[object, ...], str] = {}
        return {
            path: first.setdefault((slot.parent, slot.under, slot.applies), path) for path, slot in self.slots.items()
        }

    @cached_property
    def alone(self) -> dict[str, frozenset[str]]:
        """Each path as a set of its own: what a look at its answer leans on."""
        return {path: frozenset({path}) for path in self.slots}

    @cached_property
    def multiple(self) -> frozenset[str]:
        """The paths of the elements that take several answers."""
        elements = ((path, slot.element) for path, slot in self.slots.items())
        return frozenset(path for path, each in elements if isinstance(each, ChoiceElement) and each.multiple)

    @cached_property
    def unsettling(self) -> dict[str, dict[str, Reading]]:
        """Path → what looking at its answers that settle nothing gives: "other" is waited for all the same."""
        table: dict[str, dict[str, Reading]] = {}
        for path, slot in self.slots.items():
            if isinstance(slot.element, ChoiceElement) and not slot.element.multiple:
                unclear = [each.id for each in slot.element.choices if each.unclear or each.id == OTHER]
                alone = self.alone[path]
                table[path] = {id: Reading(None, alone, alone if id == OTHER else frozenset(), id) for id in unclear}
        return {path: readings for path, readings in table.items() if readings}

    def settled(self, path: str, id: str) -> Reading:
        """What looking at one answer of a list gives."""
        return self.unsettling.get(path, {}).get(id) or Reading(id, self.alone[path])

    @cached_property
    def open_ones(self) -> dict[str, Reading]:
        """What looking at an element that was left open gives, where that hangs on nothing else."""
        plain = {path: slot for path, slot in self.slots.items() if not slot.required_stain}
        may = {path: Reading() for path, slot in plain.items() if slot.element.status is Status.optional}
        must = {path: self.alone[path] for path, slot in plain.items() if slot.element.status is Status.core}
        return may | {path: Reading(waiting=waiting) for path, waiting in must.items()}

    @cached_property
    def order(self) -> dict[str, int]:
        """Path → its number in the order of the file."""
        return {path: number for number, path in enumerate(self.slots)}

    @cached_property
    def needed(self) -> tuple[Slot, ...]:
        """The slots outside repeated groups that are not optional, in order."""
        return tuple(
            slot for slot in self.slots.values() if not slot.repeated and slot.element.status is not Status.optional
        )

    @cached_property
    def inside(self) -> dict[str, tuple[Slot, ...]]:
        """Path of each repeated group → the slots inside it, in order."""
        found: dict[str, list[Slot]] = {}
        for slot in self.slots.values():
            if slot.repeated:
                found.setdefault(slot.repeated, []).append(slot)
        return {path: tuple(slots) for path, slots in found.items()}

    def lines(self, chapter: Chapter, section: str = "") -> tuple[Line, ...]:
        """What a chapter can print, in order; `section` limits it to one section of the form."""
        known = self._lines.get((chapter, section))
        if known is None:
            known = self._lines[chapter, section] = lines(self.slots.values(), chapter, section)
        return known

    @cached_property
    def _lines(self) -> dict[tuple[Chapter, str], tuple[Line, ...]]:
        return {}

    @cached_property
    def panels(self) -> dict[str, tuple[Slot, ...]]:
        """Path of each stain panel → those of its stains of which it needs at least one."""
        needed = {path: list[Slot]() for path, slot in self.slots.items() if isinstance(slot.element, PanelElement)}
        for slot in self.slots.values():
            if slot.required_stain:
                needed[slot.panel].append(slot)
        return {path: tuple(stains) for path, stains in needed.items()}

    @cached_property
    def stains(self) -> tuple[StainRow, ...]:
        """The named stains of all panels, in order."""
        return stain_rows(self.slots)

    @cached_property
    def stain_details(self) -> tuple[str, ...]:
        """The names of what stains are asked for, in order."""
        return tuple(dict.fromkeys(slot.element.name for slot in self.slots.values() if slot.panel))

    @cached_property
    def typed_before(self) -> dict[Any, Any]:
        """For the validation of many cases: answers of lists and numbers that have their type, by path and text."""
        return {}

    @cached_property
    def props(self) -> dict[str, frozenset[str]]:
        """Path → the names of the props that any choice of the element carries."""
        return {path: props_of(slot) for path, slot in self.slots.items()}

    def special_of(self, path: str) -> tuple[Slot, str] | None:
        """The slot and the name for `procedure.noun`, `margins.deep.reason` …; None where there is no such thing."""
        above, _, name = path.rpartition(".")
        slot = self.slots.get(above)
        if slot is None:
            return None
        if isinstance(slot.element, PanelElement):
            return (slot, name) if name == PENDING or name in OF_PANEL else None
        if name == THIRD and isinstance(slot.element, QuantityElement) and slot.element.dimensions > 2:
            return slot, name
        if name not in SPECIAL and name not in self.props[above]:
            return None
        return slot, name


@dataclass(frozen=True)
class Compiled(CompiledForm):
    """A protocol with its facts, terms and statements by name."""

    protocol: Protocol
    terms: dict[str, Term]
    changes: tuple[Change, ...] = ()  # what a laboratory's profiles changed
    waivers: tuple[Waiver, ...] = ()  # the safeguards that they weakened; printed in every report
    laboratory: Laboratory | None = None
    words: str = ""  # the hash of the words that free text is read with

    @cached_property
    def prose(self) -> Prose:
        """The words that free text of a part is read with; raises `FindingsError` for words of the wrong shape."""
        from reportgen.prose.load import load_prose

        panels: dict[str, dict[str, tuple[str, ...]]] = {}
        for path, slot in self.slots.items():
            element = slot.element
            if slot.panel and not slot.parent and not slot.repeated and isinstance(element, ChoiceElement):
                panels.setdefault(slot.panel, {})[path] = (element.id, element.title, *element.aliases)
        return load_prose(self.protocol.id, self.laboratory, panels)

    @cached_property
    def criteria(self) -> dict[str, tuple[str, str]]:
        """Id → the conditions under which a criterion is met and unmet."""
        return {criterion.id: (criterion.met, criterion.unmet) for criterion in self.protocol.criteria}

    def cite(self, source: SourceRef) -> tuple[str, ...]:
        """A source as people read it: the publication's title and the heading in it."""
        key = tuple(source.items())
        known = self._cited.get(key)
        if known is None:
            sources = self.protocol.sources
            known = self._cited[key] = tuple(f"{sources[name].title}: {heading}" for name, heading in key)
        return known

    @cached_property
    def _cited(self) -> dict[tuple[tuple[str, str], ...], tuple[str, ...]]:
        return {}

    @cached_property
    def acknowledgeable(self) -> tuple[str, ...]:
        """The ids of the advisories that can be a warning or a stop, so that a case may acknowledge them."""
        unjudged = (self.protocol.unjudged.id,) if self.protocol.unjudged else ()
        advisories = self.protocol.advisories
        loud = (each.id for each in advisories if any(remark.level.warns for remark in each.levels))
        return (*loud, *unjudged)

    @cached_property
    def by_line(self) -> frozenset[str]:
        """The statements of the comment in whose words line breaks count."""
        return frozenset(statement.id for statement in self.protocol.wording.comment if statement.lines)

    @cached_property
    def coded(self) -> frozenset[str]:
        """The full ids of the clauses that name what the protocol's codes stand for."""
        comment = self.protocol.wording.comment
        return frozenset(
            f"comment.{each.id}.{clause.id}" for each in comment for clause in each.clauses if clause.coded
        )

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
    protocol: Protocol,
    hash: str,
    changes: tuple[Change, ...] = (),
    waivers: tuple[Waiver, ...] = (),
    laboratory: Laboratory | None = None,
    words: str = "",
) -> Compiled:
    """Unfold a protocol; conditions and words compile when first used, once per process."""
    return Compiled(
        form=protocol,
        slots=unfold(protocol),
        hash=hash,
        protocol=protocol,
        terms={term.id: term for term in protocol.wording.terms},
        changes=changes,
        waivers=waivers,
        laboratory=laboratory,
        words=words,
    )


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """The compiled form of a condition, once per process."""
    return compile_condition(text)
