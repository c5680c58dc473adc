"""A filled form to a case: each answer at its place in the protocol that was made from the form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.cases.validate import validate
from reportgen.findings import Finding, FindingsError, Severity, refuse
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import Choice, ChoiceElement, ElementBase, QuantityElement, Status
from reportgen.protocols.load import load_header, load_protocol, usable_protocols
from reportgen.protocols.slots import Slot, judge_of
from reportgen.reading.source import source_of
from reportgen.sdc.form import FILLED, base_id
from reportgen.sdc.model import Answer, Form, Item, Kind, Response
from reportgen.units import read_quantity

Data = dict[str, Any]
_LABEL = "A"
_TWIN = re.compile(r" \([0-9]+\)$")
_SIGNS = {"": "", "eq": "", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "approx": "~"}
_COMPARATOR = ("quantenum", "quantifier")
_TRUE, _FALSE = ("true", "1"), ("false", "0")
_NOWHERE = "cannot be carried into the case"


def protocol_for(form: Form, id: str, laboratory: Laboratory) -> Compiled:
    """The protocol that was made from a form.

    Args:
        form: the form.
        id: the id of the protocol; empty: the one protocol that has the id of the form.
        laboratory: the profile that has it.

    Raises:
        FindingsError: E110 where there is none, or more than one; T4xx for one that is not in order.
    """
    if id:
        return load_protocol(id, laboratory)
    found = [each for each in usable_protocols(laboratory).values() if each.protocol.foreign_id == form.id]
    if len(found) == 1:
        return found[0]
    if found:
        named = " or ".join(each.protocol.id for each in found)
        raise refuse(
            "E110", "several protocols were made from this form", form.place, form.id, hint=f"add --id {named}"
        )
    hint = "import the form itself first, without --case"
    raise refuse("E110", "no protocol was made from this form", form.place, form.id, hint=hint)


def case_of(form: Form, made: Compiled, laboratory: Laboratory) -> tuple[Data, tuple[Finding, ...]]:
    """The case that a filled form describes, and warnings. Its head is empty: a form does not identify the patient.

    Raises:
        FindingsError: everything that was filled in and cannot be carried, each with its place in the form.
    """
    filling = _Filling(made)
    for part in form.parts:
        filling.items(part.below, {})
    header = load_header(laboratory)
    answers = {"label": _LABEL, **filling.data()}
    data = {"protocol": made.protocol.id, **_blank(header, ""), "parts": [answers]}
    found = [*filling.findings, *filling.checked(data, laboratory)]
    if any(each.severity is Severity.error for each in found):
        raise FindingsError(found)
    for loss in form.losses:
        if loss.what == FILLED:
            found.append(Finding("W322", loss.place, loss.id, "is another form, whose answers are not in the case"))
    return data, tuple(found)


def _blank(form: CompiledForm, above: str) -> Data:
    """The entries of the head that every case needs, without a value."""
    found: Data = {}
    for key, slot in form.children.get(above, {}).items():
        if slot.is_group and not slot.repeats and (below := _blank(form, slot.path)):
            found[key] = below
        elif slot.element.status is Status.core and key == slot.element.id:
            found[key] = None
    return found


class _Filling:
    """Puts answers where the protocol asks for them."""

    def __init__(self, made: Compiled) -> None:
        self.made = made
        self.slots = {slot.element.foreign_id: slot for slot in made.slots.values() if slot.element.foreign_id}
        self.entered: dict[tuple[str | int, ...], Data] = {}  # steps in the case → what was entered there
        self.asked: dict[str, Item] = {}  # path in the case → the question of the form
        self.findings: list[Finding] = []
        self.met: Counter[str] = Counter()  # how often each id was met, for those that the form uses twice

    def find(self, item: Item | Response, id: str, message: str, value: str, hint: str = "") -> None:
        self.findings.append(Finding("E119", item.place, id, message, hint, value))

    def items(self, items: tuple[Item, ...], entries: Mapping[str, int]) -> None:
        """Read the items of one level; `entries` numbers the entries of the repeated groups around them, from 0."""
        for item in items:
            if item.kind is Kind.note:
                continue
            before = Counter(self.met) if item.further else self.met
            for number, each in enumerate((item, *item.further)):
                self.met = Counter(before) if item.further else self.met
                slot = self.slot(each)
                group = slot and (slot.path if slot.repeats else slot.repeated)
                new = bool(group) and group not in entries
                if number and not new and any(_filled(each)):
                    self.find(each, each.id, f"is a further entry, and {_NOWHERE}", "", "the protocol asks for it once")
                else:
                    self.item(each, slot, {**entries, group: number} if group and new else entries)

    def slot(self, item: Item) -> Slot | None:
        id = base_id(item.id)
        self.met[id] += 1
        known = f"{id} ({self.met[id]})" if self.met[id] > 1 else id
        return self.slots.get(known) or self.slots.get(id) or self.slots.get(item.id)

    def item(self, item: Item, slot: Slot | None, entries: Mapping[str, int]) -> None:
        if item.kind is Kind.question:
            self.question(item, slot, entries)
        for answer in item.answers:
            self.items(answer.below, entries)
        self.items(item.below, entries)

    def question(self, item: Item, slot: Slot | None, entries: Mapping[str, int]) -> None:
        for answer in item.answers:
            if answer.response and answer.response.value and not answer.selected:
                value = answer.response.value
                self.find(answer.response, answer.id, f"has a value but is not selected, and {_NOWHERE}", value)
        picked = [answer for answer in item.answers if answer.selected]
        value = item.response.value if item.response else ""
        if slot is None or slot.is_group:
            if picked or value:
                hint = f"the protocol {self.made.protocol.id} does not ask for it"
                hint = hint if item.id else "the question has no id: give it one in the form, and import the form again"
                self.find(item, item.id, _NOWHERE, value or "; ".join(each.title for each in picked), hint)
            return
        steps = tuple(self.steps(slot.path, entries))
        self.asked[".".join(str(step + 1) if isinstance(step, int) else step for step in steps)] = item
        if (picked or value) and steps in self.entered:
            self.find(item, item.id, f"is answered a second time, and {_NOWHERE}", value)
        elif picked:
            self.enter(slot, steps, self.picks(item, slot.element, picked), entries)
        elif item.response and value:
            self.enter(slot, steps, {"result": self.value(item.response, item.id, slot.element)}, entries)

    def enter(self, slot: Slot, steps: tuple[str | int, ...], entry: Data, entries: Mapping[str, int]) -> None:
        """Enter an answer; what was answered applies, and so does what it is below."""
        keys = slot.path.split(".")
        for judge in (judge_of(".".join(keys[:number])) for number in range(1, len(keys) + 1)):
            if judge in self.made.slots:
                self.entered[tuple(self.steps(judge, entries))] = {"result": "yes"}
        self.entered[steps] = entry

    def steps(self, path: str, entries: Mapping[str, int]) -> Iterator[str | int]:
        """The keys and positions that lead to a path of the protocol."""
        above = ""
        for key in path.split("."):
            yield key
            above = f"{above}.{key}" if above else key
            if self.made.slots[above].repeats:
                yield entries.get(above, 0)

    def picks(self, item: Item, element: ElementBase, picked: list[Answer]) -> Data:
        choices = element.choices if isinstance(element, ChoiceElement) else ()
        known = {_TWIN.sub("", each.foreign_id): each for each in choices}
        found: list[Data] = []
        for answer in picked:
            choice = known.get(answer.id) or known.get(base_id(answer.id))
            if choice is None:
                hint = f"the protocol {self.made.protocol.id} does not have this answer"
                self.find(item, answer.id, _NOWHERE, answer.title, hint)
            else:
                found.append({"result": choice.id, **self.text(answer, choice)})
        if len(found) < 2:
            return found[0] if found else {}
        return {"result": [each if len(each) > 1 else each["result"] for each in found]}

    def text(self, answer: Answer, choice: Choice) -> Data:
        response = answer.response
        if response is None or not response.value:
            return {}
        if choice.asks is None:
            self.find(response, answer.id, f"has a value, and {_NOWHERE}", response.value)
            return {}
        return {"text": self.value(response, answer.id, choice.asks)}

    def value(self, response: Response, id: str, element: ElementBase) -> str:
        """What was entered into a field, as the case says it."""
        value = " ".join(response.value.split())
        if isinstance(element, ChoiceElement):
            return "yes" if value.lower() in _TRUE else "no" if value.lower() in _FALSE else value
        said = next((response.limits[name] for name in _COMPARATOR if response.limits.get(name)), "").lower()
        if said not in _SIGNS:
            self.find(response, id, f"has the comparator {said}, and {_NOWHERE}", value)
        number = f"0{value}" if value.startswith(".") else value
        read = read_quantity(number)
        unit = element.unit if isinstance(element, QuantityElement) and read and not read.unit else ""
        return f"{_SIGNS.get(said, '')}{number if read else value} {unit}".strip()

    def data(self) -> Data:
        """The entries of the part."""
        tree: dict[str | int, Any] = {}
        for steps, entry in self.entered.items():
            node = tree
            for step in steps:
                node = node.setdefault(step, {})
            node[""] = entry
        return {str(step): _plain(node) for step, node in tree.items()}

    def checked(self, data: Data, laboratory: Laboratory) -> Iterator[Finding]:
        """What validation finds in the answers, at their places in the form."""
        start = f"parts.{_LABEL}."
        for each in validate(source_of(data), laboratory).findings:
            path = each.path.removeprefix(start) if each.path.startswith(start) else ""
            while path and path not in self.asked:
                path = path.rpartition(".")[0]
            if item := self.asked.get(path):
                yield Finding(each.code, item.place, item.id, each.message, each.hint, each.value)


def _filled(item: Item) -> Iterator[bool]:
    """Whether anything was entered, for an item and everything below it."""
    yield bool(item.response and item.response.value)
    for answer in item.answers:
        yield answer.selected
        for below in answer.below:
            yield from _filled(below)
    for below in item.below:
        yield from _filled(below)


def _plain(node: dict[str | int, Any]) -> object:
    """A node of the tree as a case has it: an answer alone, or with what is below it; a list for what repeats."""
    own = node.get("", {})
    below = {key: _plain(child) for key, child in node.items() if key != ""}
    if below and all(isinstance(key, int) for key in below):
        return [below[key] for key in sorted(below)]
    if set(own) <= {"result"} and not below:
        return own.get("result")
    return {**own, **below}
