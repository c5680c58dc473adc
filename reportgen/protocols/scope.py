"""What a name in a condition means, given answers: elements and when they apply, facts, criteria, the case itself.

The rules that keep a report honest are here, once: an element that does not apply, or is optional and was not
answered, says nothing and holds nothing back; a required one that was not answered is waited for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from reportgen.language.conditions import OTHER, UNNAMED, ConditionResult, Reading, Rows, paths_in
from reportgen.protocols.compiled import CONTAINER, CompiledForm, condition, has_prop
from reportgen.protocols.elements import Choice, ChoiceElement
from reportgen.protocols.slots import Slot

_ALWAYS, _NEVER = ConditionResult(True), ConditionResult(False)
_NOTHING: frozenset[str] = frozenset()
_YES_NO = {"yes": True, "no": False}
RECEIVED_AS = "received_as"  # what conditions call the label of the specimen


class NameScope(ABC):
    """Resolves names for one part; subclasses say what was answered. Results are kept, so answers must not change."""

    def __init__(self, form: CompiledForm) -> None:
        self.form = form
        self.readings: dict[str, Reading] = {}
        self._applicable: dict[str, ConditionResult] = {}  # by the first of the elements that apply alike
        self._truths: dict[str, ConditionResult] = {}
        self.presuming = False  # whether an element applies while a missing answer leaves that open
        self.group = ""  # the repeated group of which this is one entry

    @abstractmethod
    def looked_at(self, slot: Slot) -> Reading:
        """What was answered to an element that applies; what to wait for where it was not, if it may not stay so."""

    @abstractmethod
    def special(self, slot: Slot, name: str) -> Reading:
        """`reason` or `text` of an answer."""

    @abstractmethod
    def header(self, name: str) -> Reading:
        """A value of the case's own header, or `age`."""

    @abstractmethod
    def label_received(self) -> Reading:
        """The label of the specimen as it was received."""

    @abstractmethod
    def is_answered(self, path: str) -> bool:
        """Whether there is an answer, in whatever words."""

    def still_open(self, waiting: frozenset[str]) -> frozenset[str]:
        """Of what is waited for, what has no answer yet; the rest was answered in other words."""
        return frozenset([path for path in waiting if not self.is_answered(path)])

    @abstractmethod
    def override(self, path: str) -> Reading:
        """Whether the pathologist put words of their own in place of composed ones; only asked for, never compared."""

    @abstractmethod
    def container(self, name: str) -> Reading:
        """`other_side` or `other_region`: whether the container's label disagrees with what was entered."""

    @abstractmethod
    def rows(self, group: str) -> Rows:
        """The entries of a repeated group, each a scope in which the names of its elements mean its answers."""

    def each(self, path: str) -> tuple[Reading, ...]:
        """The reading of a path, or of every entry where it is inside a repeated group."""
        slot = self.form.owner(path)
        if slot is None or not slot.repeated:
            return (self.reading(path),)
        rows = self.rows(slot.repeated)
        if not rows.entries:
            return (Reading(None, rows.used, rows.waiting),)
        found = (in_row(row, slot.repeated, scope.reading(path)) for row, scope in rows.entries)
        return tuple(each._replace(used=each.used | rows.used) for each in found)

    def truth(self, text: str) -> ConditionResult:
        """The outcome of a condition."""
        known = self._truths.get(text)
        if known is None:
            known = self._truths[text] = condition(text).evaluate(self)
        return known

    def reading(self, path: str) -> Reading:
        """The reading of a dotted path; an empty one for a name the protocol's check has already refused."""
        known = self.readings.get(path)
        if known is None:
            known = self.readings[path] = self._read(path)
        return known

    def applicable(self, path: str) -> ConditionResult:
        """Whether the element at a path applies to this case; what nothing answered makes apply does not.

        Why: that something was *not* entered may take a question away, but can never license a sentence.
        """
        slot = self.form.slots.get(path)
        if slot is None:
            return _NEVER
        known = self._applicable.get(slot.like)
        if known is None:
            known = self._applies(slot)
            if known.truth is None and (self.presuming or not self.still_open(known.waiting)):
                known = ConditionResult(bool(self.still_open(known.waiting)), known.used)
            self._applicable[slot.like] = known
        return known

    def _read(self, path: str) -> Reading:
        slot = self.form.slots.get(path)
        if slot is not None:
            truth, used, waiting = self.applicable(path)
            return self.looked_at(slot) if truth else Reading(None, used, waiting)
        if path in self.form.facts:
            return Reading(*self.truth(self.form.facts[path]))
        if path.startswith("case."):
            return self.header(path.removeprefix("case."))
        if path.startswith("override."):
            return self.override(path)
        if path in CONTAINER:
            return self.container(path.removeprefix("container."))
        if path == RECEIVED_AS:
            return self.label_received()
        if path.startswith("criteria."):
            return self._criterion(path.removeprefix("criteria."))
        found = self.form.special_of(path)
        return self._detail(*found) if found else Reading()

    def _detail(self, slot: Slot, name: str) -> Reading:
        reading = self.reading(slot.path)
        if has_prop(slot, name):
            prop = self._prop(slot, name, reading)
            return Reading(prop, reading.used, frozenset() if reading.words else reading.waiting)
        if reading.value is None and not reading.words and not slot.is_group:
            return Reading(None, reading.used, reading.waiting)
        return self.special(slot, name)

    def _prop(self, slot: Slot, name: str, reading: Reading) -> str | bool | None:
        answer = reading.words or reading.value
        if not isinstance(slot.element, ChoiceElement) or not isinstance(answer, str):
            return None
        choice = slot.element.choice(answer)
        prop = choice.props.get(name) if choice else None
        return _YES_NO.get(prop, prop) if prop is not None else None

    def _applies(self, slot: Slot) -> ConditionResult:
        if not slot.parent and len(slot.applies) < 2:
            return self.truth(slot.applies[0]) if slot.applies else _ALWAYS
        if slot.parent and not slot.applies:
            return self._under_parent(slot)
        used: frozenset[str] = frozenset()
        waiting: frozenset[str] = frozenset()
        unknown = False
        for outcome in (self._under_parent(slot), *(self.truth(text) for text in slot.applies)):
            if outcome.truth is False:
                return outcome
            unknown = unknown or outcome.truth is None
            used, waiting = used | outcome.used, waiting | outcome.waiting
        return ConditionResult(None if unknown else True, used, waiting)

    def _under_parent(self, slot: Slot) -> ConditionResult:
        if not slot.parent or self.form.slots[slot.parent].repeated not in ("", self.group):
            return _ALWAYS  # inside a repeated entry, each entry is judged by itself when it is read
        reading = self.reading(slot.parent)
        above = self.form.slots[slot.parent].element
        chosen: object = reading.value
        if reading.words:
            if not isinstance(above, ChoiceElement) or above.choice(reading.words) is None:
                return ConditionResult(False, reading.used)
            chosen = reading.words
        if chosen is None:
            return ConditionResult(None, reading.used, reading.waiting)
        chosen = chosen if isinstance(chosen, frozenset) else frozenset({chosen})
        return ConditionResult(not slot.under or not chosen.isdisjoint(slot.under), reading.used)

    def _criterion(self, name: str) -> Reading:
        """`criteria.met`, `criteria.unmet` over all, or one criterion's state as a word."""
        if name in self.form.criteria:
            met, unmet = self.criterion(name)
            state = "met" if met.truth else "unmet" if unmet.truth else "unknown"
            if state == "unknown" and (met.waiting or unmet.waiting):
                return Reading(None, met.used | unmet.used, met.waiting | unmet.waiting)
            return Reading(state, met.used | unmet.used)
        states = [self.criterion(each) for each in self.form.criteria]
        used = frozenset[str]().union(*(met.used | unmet.used for met, unmet in states))
        any_unmet = any(unmet.truth is True for _, unmet in states)
        all_met = all(met.truth is True for met, _ in states)
        if any_unmet or all_met:
            return Reading((name == "unmet") is any_unmet, used)
        open_ones = (met.waiting | unmet.waiting for met, unmet in states if met.truth is not True)
        return Reading(None, used, frozenset[str]().union(*open_ones))

    def criterion(self, name: str) -> tuple[ConditionResult, ConditionResult]:
        """The outcomes of a criterion's `met` and `unmet` conditions."""
        met, unmet = self.form.criteria[name]
        return self.truth(met), self.truth(unmet)


def reading_of_choice(choice: Choice, used: frozenset[str]) -> Reading:
    """What an answer of a list says; an unclear one settles nothing.

    "Other" settles nothing and is waited for all the same; so is an answer that was added to the list, for it may or
    may not mean what one of the other answers means.
    """
    if choice.added or choice.id == OTHER:
        return Reading(None, used, used, choice.id)
    return Reading(None, used, _NOTHING, choice.id) if choice.unclear else Reading(choice.id, used)


def reading_of_choices(choices: Iterable[Choice], used: frozenset[str]) -> Reading:
    """What several answers of a list say together."""
    picked = tuple(choices)
    unnamed = {UNNAMED} if any(choice.added for choice in picked) else frozenset[str]()
    return Reading(frozenset({choice.id for choice in picked} | unnamed), used)


def in_row(row: str, group: str, reading: Reading) -> Reading:
    """A reading in one entry of a repeated group, with the paths of that entry."""
    used, waiting = paths_in(row, group, reading.used), paths_in(row, group, reading.waiting)
    return reading._replace(used=used, waiting=waiting)
