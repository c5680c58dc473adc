"""What was answered, as the values that conditions compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from reportgen.cases.model import Answer, Chosen, Counted, Dated, Measured, Part, Period, Undetermined, Value, Written
from reportgen.cases.sides import container_region, container_side
from reportgen.language.conditions import OTHER, ConditionResult, Reading, Rows, paths_in
from reportgen.protocols.compiled import (
    AT_LEAST,
    OF_PANEL,
    PENDING,
    PENDING_RESULTS,
    REQUIRED_RESULTS,
    THIRD,
    Compiled,
    CompiledForm,
)
from reportgen.protocols.elements import Choice, ChoiceElement, CountElement, PanelElement, Status
from reportgen.protocols.scope import RECEIVED_AS, NameScope, in_row, reading_of_choice, reading_of_choices
from reportgen.protocols.slots import Slot
from reportgen.units import Interval, field_area

_NOTHING: frozenset[str] = frozenset()
_TEN_FIELDS = (Decimal(1), Decimal(4))  # mm²: what ten high-power fields measure, in any usual microscope

_TOLD = "told"  # the prop of a panel's results that sentences tell


class AnswerScope(NameScope):
    """The scope of a filled form."""

    def __init__(
        self,
        form: CompiledForm,
        answers: Mapping[str, Answer],
        *,
        header: Mapping[str, Answer] | None = None,
        overrides: Iterable[str] = (),
        received_as: str = "",
    ) -> None:
        super().__init__(form)
        self.answers = answers
        self.header_answers = header or {}
        self.received_as = received_as
        self.supposed: Mapping[str, Reading] = {}
        self._rows: dict[str, AnswerScope] = {}
        self.overridden = frozenset(f"override.{name}" for name in overrides)

    @classmethod
    def of_part(cls, part: Part, header: Mapping[str, Answer]) -> AnswerScope:
        """The scope of one part, with the case's header behind it."""
        return cls(part.protocol, part.answers, header=header, overrides=part.overrides, received_as=part.received_as)

    def looked_at(self, slot: Slot) -> Reading:
        """What was answered; what to wait for where the element was left open and may not stay so."""
        answer = self.answers.get(slot.path)
        if answer is None:
            return Reading(waiting=self.awaited(slot))
        value, used = answer.value, frozenset({slot.path})
        if isinstance(value, Chosen) and isinstance(slot.element, ChoiceElement):
            choices = [choice for pick in value.picks if (choice := slot.element.choice(pick.id))]
            return reading_of_choices(choices, used) if slot.element.multiple else reading_of_choice(choices[0], used)
        if isinstance(value, Counted) and isinstance(slot.element, CountElement):
            return Reading(_in_first_basis(value, slot.element, slot.path, self.answers), used)
        return _plain_reading(value, used)

    @cached_property
    def entries(self) -> dict[str, str]:
        """The path of each entry of a repeated group, such as `gross.blocks.1`, and of its group."""
        found = {}
        for path, answer in self.answers.items():
            if path != answer.slot:
                group = self.form.slots[answer.slot].repeated
                found[path.removesuffix(answer.slot.removeprefix(group))] = group
        return found

    def rows(self, group: str) -> Rows:
        """The entries of a repeated group that were entered; a list that was begun is taken to be all of it."""
        applies = self.applicable(group)
        if applies.truth is not True:
            return Rows((), applies.used, applies.waiting)
        found = tuple((row, self._row(row, group)) for row, each in self.entries.items() if each == group)
        return Rows(found) if found else Rows(waiting=self.awaited(self.form.slots[group]))

    def _row(self, row: str, group: str) -> AnswerScope:
        """The scope of one entry of a repeated group."""
        known = self._rows.get(row)
        if known is None:
            inside = f"{row}."
            supposed = {
                group + path.removeprefix(row) if path.startswith(inside) else path: each
                for path, each in self.supposed.items()
            }
            known = self._rows[row] = self.supposing(supposed)
            own = {each.slot: each for path, each in self.answers.items() if path.startswith(inside)}
            known.answers = {**self.answers, **own}
            known.group = group
        return known

    def _read(self, path: str) -> Reading:
        """A reading; a path in an entry of a repeated group is read there."""
        answer = self.answers.get(path)
        if answer is None or answer.slot == path:
            return super()._read(path)
        group = self.form.slots[answer.slot].repeated
        row = path.removesuffix(answer.slot.removeprefix(group))
        return in_row(row, group, self._row(row, group).reading(answer.slot))

    def awaited(self, slot: Slot) -> frozenset[str]:
        """What must still be entered where an element that applies was left open; empty for what may stay open."""
        if slot.required_stain:
            return _NOTHING if self._some_required_stain(slot.panel) else frozenset({slot.panel})
        if slot.element.status is Status.core:
            return frozenset({slot.path})
        if slot.element.status is Status.conditional:
            outcome = self.truth(slot.element.required_when or "true")
            return frozenset({slot.path}) if outcome.truth else self.still_open(outcome.waiting)
        return _NOTHING

    def _some_required_stain(self, panel: str) -> bool:
        return any(slot.path in self.answers for slot in self.form.panels[panel])

    def panel_is_open(self, slot: Slot) -> bool:
        """Whether a stain panel lacks the one stain that it needs."""
        return bool(self.form.panels[slot.path]) and not self._some_required_stain(slot.path)

    def grounds(self, outcome: ConditionResult) -> set[str]:
        """All that the outcome of a condition rests on: what it looked at, and what makes that apply to this case.

        As long as nothing of this changes, the outcome does not.
        """
        found: set[str] = set()
        todo = {*outcome.used, *outcome.waiting}
        while todo:
            path = todo.pop()
            found.add(path)
            todo |= self._behind(path) - found
        return found

    def _behind(self, path: str) -> frozenset[str]:
        """What makes an element apply, also that of an entry of a repeated group."""
        answer = self.answers.get(path)
        if answer is None or answer.slot == path:
            _, used, waiting = self.applicable(path)
            return used | waiting
        group = self.form.slots[answer.slot].repeated
        row = path.removesuffix(answer.slot.removeprefix(group))
        _, used, waiting = self._row(row, group).applicable(answer.slot)
        return paths_in(row, group, used | waiting) | self._behind(group)

    def as_answered(self) -> AnswerScope:
        """The same scope, in which an answer counts although a missing one leaves open whether it was to be asked."""
        open_ones = (self.applicable(answer.slot).truth is None for answer in self.answers.values())
        return self._presuming if any(open_ones) else self

    @cached_property
    def _presuming(self) -> AnswerScope:
        return self.supposing({}, presuming=True)

    def supposing(self, readings: dict[str, Reading], *, presuming: bool = False) -> AnswerScope:
        """The same scope with other readings at some paths."""
        supposed = AnswerScope(self.form, self.answers, header=self.header_answers, received_as=self.received_as)
        supposed.presuming = presuming or self.presuming
        supposed.overridden = self.overridden
        supposed.supposed = readings
        supposed.readings |= readings
        return supposed

    def special(self, slot: Slot, name: str) -> Reading:
        """`reason`, `text` or the required stains of a panel."""
        used = frozenset({slot.path})
        if name == REQUIRED_RESULTS:
            return Reading(", ".join(self.required_results(slot.path)) or None, used)
        if name == PENDING:
            return self._pending(slot.path)
        if name in OF_PANEL:
            found = self.stains_by_result(slot, pending=name == PENDING_RESULTS)
            there = [stain for _, stains in found for stain in stains]
            return Reading(", ".join(each for each, _ in there) or None, frozenset(path for _, path in there))
        answer = self.answers.get(slot.path)
        if answer and isinstance(answer.value, Undetermined) and name == "reason":
            return Reading(answer.value.reason, used)
        if answer and isinstance(answer.value, Chosen) and name == "text":
            return Reading(", ".join(pick.text for pick in answer.value.picks if pick.text) or None, used)
        if answer and isinstance(answer.value, Measured) and name == THIRD and len(answer.value.quantity.numbers) > 2:
            last = answer.value.quantity.numbers[2] * Decimal(answer.value.factor)
            return Reading(Interval(last, last), used)
        if answer and isinstance(answer.value, Measured) and name == AT_LEAST:
            return Reading(bool(answer.value.at_least), used)
        return Reading()

    def _pending(self, panel: str) -> Reading:
        """Whether any stain of a panel is still to come, with the answers that say so."""
        inside = f"{panel}."
        found = [path for path, answer in self.answers.items() if path.startswith(inside) and answer.is_to_come]
        return Reading(bool(found), frozenset(found))

    def required_results(self, panel: str) -> list[str]:
        """The panel's required stains that were answered, with their results: `SMA pending`."""
        results = []
        for slot in self.form.panels[panel]:
            answer = self.answers.get(slot.path)
            if answer and isinstance(answer.value, Chosen):
                results.append(f"{slot.element.id} {answer.value.picks[0].printed}")
        return results

    def label_received(self) -> Reading:
        """The label of the specimen; nothing to wait for where it was not entered."""
        return Reading(self.received_as or None, frozenset({RECEIVED_AS}) if self.received_as else _NOTHING)

    def is_answered(self, path: str) -> bool:
        """Whether there is an answer."""
        return path in self.answers

    def stains_by_result(self, panel: Slot, *, pending: bool) -> list[tuple[Choice, list[tuple[str, str]]]]:
        """Each result of a panel that is told in words, with the name and the path of the stains that have it.

        With `pending`, the results that are still to come instead.
        """
        element = panel.element
        wanted = [
            each
            for each in (element.results if isinstance(element, PanelElement) else ())
            if (each.pending if pending else not each.pending and each.props.get(_TOLD) == "yes")
        ]
        stains = list(self._stains_of(panel.path))
        found = [(each, [(name, path) for name, path, result in stains if result == each.id]) for each in wanted]
        return [(each, named) for each, named in found if named]

    def _stains_of(self, panel: str) -> Iterator[tuple[str, str, str]]:
        """Name, path and result of each stain of a panel that has a result, as sentences call it."""
        for path, slot in self.form.slots.items():
            stain = self.answers.get(path) if slot.panel == panel and slot.is_named_stain else None
            if stain and isinstance(stain.value, Chosen):
                shown = slot.element.name
                small = (
                    each for each in (slot.element.id, *slot.element.aliases) if each.casefold() == shown.casefold()
                )
                yield next(small, shown), path, stain.value.picks[0].id
        for row, group in self.entries.items():
            if self.form.slots[group].panel == panel:
                name, result = self.answers.get(f"{row}.name"), self.answers.get(f"{row}.result")
                if name and result and isinstance(name.value, Written) and isinstance(result.value, Chosen):
                    yield name.value.text, f"{row}.result", result.value.picks[0].id

    def override(self, path: str) -> Reading:
        """Something where the pathologist's own words were entered, nothing to wait for where they were not."""
        return Reading("worded", frozenset({path})) if path in self.overridden else Reading()

    def container(self, name: str) -> Reading:
        """Whether the label of the container names another side or region than was entered."""
        if not self.received_as or not isinstance(self.form, Compiled):
            return Reading(False)
        prose = self.form.prose
        asked = {"other_side": container_side, "other_region": container_region}[name]
        used = frozenset({prose.words.site, prose.words.laterality} & self.answers.keys())
        return Reading(asked(prose, self.answers, self.received_as), used)

    def header(self, name: str) -> Reading:
        """An entry of the case's header, or the patient's age in years when the specimen was taken (or received)."""
        if name == "age":
            return self._age()
        answer = self.header_answers.get(name)
        return _plain_reading(answer.value, frozenset({f"case.{name}"})) if answer else Reading()

    def _age(self) -> Reading:
        """A range where only the year or month of birth is known; nothing where it is not known at all."""
        days = {}
        for path in ("patient.birth_date", "collected", "received"):
            answer = self.header_answers.get(path)
            if answer and isinstance(answer.value, Dated | Period):
                days[path] = answer.value
        born, taken = days.get("patient.birth_date"), days.get("collected") or days.get("received")
        if born is None or taken is None:
            return Reading()
        youngest, oldest = _years(born.last, taken.first), _years(born.first, taken.last)
        low = youngest if isinstance(born, Dated) else max(youngest, Decimal(0))
        return Reading(Interval(low, oldest), frozenset({"case.patient.birth_date"}))


def _years(born: date, then: date) -> Decimal:
    """The whole years from one day to another."""
    return Decimal(then.year - born.year - ((then.month, then.day) < (born.month, born.day)))


def _plain_reading(value: Value, used: frozenset[str]) -> Reading:
    match value:
        case Undetermined(words=words):
            return Reading(None, used, words=words)
        case Chosen(picks=picks):
            return Reading(None, used, words=OTHER) if picks[0].id == OTHER else Reading(picks[0].id, used)
        case Measured(quantity=quantity, factor=factor):
            return Reading(quantity.interval(Decimal(factor)), used)
        case Counted(number=count):
            return Reading(count.interval(), used)
        case Written(text=text):
            return Reading(text, used)
        case Dated(day=day):
            return Reading(day, used)
        case Period(text=text):
            return Reading(None, used, words=text)


def _in_first_basis(counted: Counted, element: CountElement, path: str, answers: Mapping[str, Answer]) -> Interval:
    """The count per what the element lists first; as a range where it was counted per mm² in a field not entered.

    Why: no field is assumed, but every field lies within bounds, and 40 per mm² are many in any of them.
    """
    first = element.per[0] if element.per else ""
    if counted.per == first:
        return counted.number.interval()
    area = area_of_field(path, answers)
    if area is not None:
        return counted.number.interval(area * 10)
    least, most = (counted.number.interval(limit) for limit in _TEN_FIELDS)
    return Interval(least.low, most.high, least.low_open, most.high_open)


def entered_area(path: str, answers: Mapping[str, Answer]) -> Decimal | None:
    """The area in mm² of one high-power field as entered; None where it is not, or only bounded ("<0.3 mm²")."""
    return _number(answers.get(f"{path}.field_area"))


def area_of_field(path: str, answers: Mapping[str, Answer]) -> Decimal | None:
    """The area in mm² of one high-power field, as entered or from field number and objective; None if not known."""
    entered = entered_area(path, answers)
    if entered is not None:
        return entered
    field_number, objective = _number(answers.get(f"{path}.field_number")), _number(answers.get(f"{path}.objective"))
    return field_area(field_number, objective) if field_number and objective else None


def _number(answer: Answer | None) -> Decimal | None:
    if answer and isinstance(answer.value, Measured) and answer.value.quantity.sign in ("", "~"):
        return answer.value.quantity.largest * Decimal(answer.value.factor)
    return None
