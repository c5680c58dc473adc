"""A protocol made ready for use: its elements unfolded, its facts and terms by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from reportgen.findings import Place
from reportgen.language.compiler import Condition, compile_condition
from reportgen.protocols.elements import ChoiceElement, PanelElement, QuantityElement, SourceRef, Status
from reportgen.protocols.model import Form, Protocol, Statement, Term
from reportgen.protocols.slots import Slot, keys_below, required_stains, stain_names, unfold
from reportgen.reading.source import Mapping

if TYPE_CHECKING:
    from reportgen.laboratory.model import Laboratory
    from reportgen.laboratory.shape import Waiver
    from reportgen.prose.load import Prose
    from reportgen.protocols.addresses import Change

SPECIAL = frozenset({"reason", "text"})  # what an answer shows beside its props and follow-ups
CONTAINER = frozenset({"container.other_side", "container.other_region"})  # what the label of the container may show
REQUIRED_RESULTS = "required_results"  # what a stain panel shows: its required stains with their results
PENDING = "pending"  # asked of a stain panel: whether any of its stains, named or added, is still to come
THIRD = "third"  # what a measurement in three dimensions shows: the last of them
AT_LEAST = "at_least"  # asked of a measurement: whether it is a minimum
TOLD_RESULTS = "told_results"  # and, for each result that is told in words, the stains that have it
PENDING_RESULTS = "pending_results"  # and the stains whose result is to come
OF_PANEL = frozenset({REQUIRED_RESULTS, TOLD_RESULTS, PENDING_RESULTS})


class UsualAnswer(NamedTuple):
    """What a laboratory's profile answers where a case enters nothing, and where the profile says so."""

    answers: tuple[str, ...]
    profile: str
    place: Place

    @property
    def in_words(self) -> str:
        """The answers in one line."""
        return ", ".join(self.answers)

    @property
    def note(self) -> str:
        """The same for those who enter cases."""
        return f"where nothing is entered, the profile {self.profile} answers: {self.in_words}"


@dataclass(frozen=True, kw_only=True, eq=False)
class CompiledForm:
    """A form with its elements unfolded.

    Attributes:
        form: the form as its file declares it.
        slots: path → element, in the order of the file.
        children: path ("" for the top) → the keys, aliases included, that a case file may use below it.
        panels: path of each stain panel → the stains of which it needs at least one.
        stain_names: path of each stain panel → the id of each of its stains, with its names as `bare_name` gives them.
        needed: the elements outside repeated groups that may be required, in order.
        facts: name → condition of each fact.
        criteria: id → the conditions under which a criterion is met and unmet; a form alone has none.
        hash: the sha256 of the files it was read from, and of what is laid over them.
        changes: what a laboratory's profiles changed.
    """

    form: Form
    slots: dict[str, Slot]
    children: dict[str, dict[str, Slot]]
    panels: dict[str, tuple[Slot, ...]]
    stain_names: dict[str, tuple[tuple[str, frozenset[str]], ...]]
    needed: tuple[Slot, ...]
    facts: dict[str, str]
    criteria: dict[str, tuple[str, str]]
    hash: str
    changes: tuple[Change, ...] = ()

    @cached_property
    def usual(self) -> dict[str, UsualAnswer]:
        """Path → the usual answer that a laboratory's profile gives there, in the order of the form."""
        by = {each.address: each for each in self.changes if (each.space, each.field) == ("elements", "usual")}
        given = ((path, slot.element) for path, slot in self.slots.items() if path in by)
        return {
            path: UsualAnswer(element.usual, by[path].profile.spec.name, by[path].place)
            for path, element in given
            if isinstance(element, ChoiceElement) and element.usual
        }

    def inside(self, group: str) -> tuple[Slot, ...]:
        """The elements of a repeated group, in order."""
        return tuple(slot for slot in self.slots.values() if slot.repeated == group)

    def owner(self, name: str) -> Slot | None:
        """The element behind a name: `margins.deep` for itself and for `margins.deep.reason`."""
        special = None if name in self.slots else self.special_of(name)
        return special[0] if special else self.slots.get(name)

    def element_of(self, name: str) -> str:
        """The path of the element behind a name; the name itself for what is no element."""
        slot = self.owner(name)
        return slot.path if slot else name

    def names_behind(self, *texts: str) -> frozenset[str]:
        """The names in conditions, and those behind the facts and criteria among them."""
        seen: set[str] = set()
        todo = [name for text in texts for name in condition(text).names]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            of, _, id = name.partition(".")
            behind = [self.facts[name]] if name in self.facts else []
            if of == "criteria":
                asked = [self.criteria[id]] if id in self.criteria else self.criteria.values()
                behind = [text for both in asked for text in both]
            todo += [inner for text in behind for inner in condition(text).names]
        return frozenset(seen)

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
        if name == AT_LEAST and isinstance(slot.element, QuantityElement) and slot.element.at_least:
            return slot, name
        if name not in SPECIAL and not has_prop(slot, name):
            return None
        return slot, name


@dataclass(frozen=True, kw_only=True, eq=False)
class Compiled(CompiledForm):
    """A protocol with its facts, terms and statements by name.

    Attributes:
        protocol: the protocol as its files declare it.
        terms: id → term.
        acknowledgeable: the ids of the advisories that can be a warning or a stop, so that a case may acknowledge them.
        waivers: the safeguards that they weakened, which every report prints.
        laboratory: the profile.
        words: the hash of the words that free text is read with.
        source: what it was read from, with the changes of a laboratory.
    """

    protocol: Protocol
    terms: dict[str, Term]
    acknowledgeable: tuple[str, ...]
    waivers: tuple[Waiver, ...] = ()
    laboratory: Laboratory | None = None
    words: str = ""
    source: Mapping

    @property
    def waits_for_review(self) -> bool:
        """Whether a pathologist has yet to review it: it says so itself, and the laboratory has not signed it."""
        own = self.laboratory
        return self.protocol.review == "needed" and not (own and own.has_signed(self.protocol.id, self.hash))

    @cached_property
    def prose(self) -> Prose:
        """The words that free text of a part is read with; raises `FindingsError` for words of the wrong shape."""
        from reportgen.prose.load import load_prose

        panels: dict[str, dict[str, tuple[str, ...]]] = {}
        for path, slot in self.slots.items():
            element = slot.element
            if slot.is_named_stain:
                panels.setdefault(slot.panel, {})[path] = (element.id, element.title, *element.aliases)
        return load_prose(self.protocol.id, self.laboratory, panels)

    def cite(self, source: SourceRef) -> tuple[str, ...]:
        """A source as people read it: the publication's title and the heading in it."""
        return tuple(f"{self.protocol.sources[name].title}: {heading}" for name, heading in source.items())

    def statements(self) -> dict[str, Statement]:
        """Id → statement, for all statements."""
        return {statement.id: statement for _, _, statement in self.protocol.wording.statements()}


def props_of(slot: Slot) -> frozenset[str]:
    """The names of the props that any choice of the element carries."""
    if not isinstance(slot.element, ChoiceElement):
        return frozenset()
    return frozenset(name for choice in slot.element.choices for name in choice.props)


def has_prop(slot: Slot, name: str) -> bool:
    """Whether any choice of the element carries a prop of that name."""
    return isinstance(slot.element, ChoiceElement) and any(name in choice.props for choice in slot.element.choices)


def compiled_form(form: Form, hash: str, changes: tuple[Change, ...] = ()) -> CompiledForm:
    """Unfold a form."""
    slots = unfold(form)
    return CompiledForm(
        form=form,
        slots=slots,
        children=keys_below(slots),
        panels=required_stains(slots),
        stain_names=stain_names(slots),
        needed=tuple(
            each for each in slots.values() if not each.repeated and each.element.status is not Status.optional
        ),
        facts={fact.id: fact.when for fact in form.facts},
        criteria={each.id: (each.met, each.unmet) for each in form.criteria} if isinstance(form, Protocol) else {},
        hash=hash,
        changes=changes,
    )


def compiled(
    protocol: Protocol,
    source: Mapping,
    hash: str,
    changes: tuple[Change, ...] = (),
    waivers: tuple[Waiver, ...] = (),
    laboratory: Laboratory | None = None,
    words: str = "",
) -> Compiled:
    """Unfold a protocol; conditions and words compile when first used, once per process."""
    unjudged = (protocol.unjudged.id,) if protocol.unjudged else ()
    loud = (each.id for each in protocol.advisories if any(remark.level.warns for remark in each.levels))
    return Compiled(
        **vars(compiled_form(protocol, hash, changes)),
        protocol=protocol,
        terms={term.id: term for term in protocol.wording.terms},
        acknowledgeable=(*loud, *unjudged),
        waivers=waivers,
        laboratory=laboratory,
        words=words,
        source=source,
    )


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """The compiled form of a condition, once per process."""
    return compile_condition(text)
