"""Invented cases, made from the protocol alone: valid, varied, and the same for the same seed.

Answers are drawn element by element, around those that the case is to show (`reportgen.invented.aims`). What a check
then refuses (an element that does not apply to the answers drawn) is taken out again, so that every case is in order.
Some are incomplete, as real drafts are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from reportgen.assessment.checked import Checked
from reportgen.cases.element_path import ElementPath
from reportgen.cases.validate import overridable
from reportgen.findings import Finding
from reportgen.invented.aims import Aims, Wishes, entered
from reportgen.invented.patients import head, letters
from reportgen.laboratory.model import Laboratory
from reportgen.language.conditions import Reading
from reportgen.pipeline import Settings, check
from reportgen.prose.model import FreeText
from reportgen.protocols.compiled import AT_LEAST, PENDING, Compiled, CompiledForm
from reportgen.protocols.elements import (
    Choice,
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    GroupElement,
    QuantityElement,
    Status,
    TextElement,
)
from reportgen.protocols.load import load_protocol
from reportgen.protocols.macros import asks_macro
from reportgen.protocols.slots import Slot
from reportgen.reading.source import source_of
from reportgen.units import Interval

Data = dict[str, Any]
_UNLISTED = "W306"  # a block that the list of blocks does not name
_ROUNDS = 25  # of taking out what was refused
FIRST = date(2026, 1, 1)
PREFIX = "T26-"
_DAYS = 300  # over which the cases of a run are spread
_SEXES = ("female", "male", "female", "male", "intersex", "unknown")
_SHARES = {Status.core: 0.94, Status.conditional: 0.9, Status.optional: 0.4}
_COMPLETE = {**_SHARES, Status.core: 1.0, Status.conditional: 1.0}
_GROUPED = 0.92  # a group under one key; its elements are then drawn one by one
_RARE = 0.2  # how often an answer in own words, or one still to come, is drawn beside the others
_UNDETERMINED, _OVERRIDDEN, _SEVERAL_PARTS = 0.06, 0.04, 0.2


def cases(
    protocol: str,
    count: int,
    seed: int,
    *,
    parts: int = 1,
    prefix: str = PREFIX,
    first: date = FIRST,
    laboratory: Laboratory | None = None,
) -> Iterator[Data]:
    """Invented cases, as the data of case files; raises E110 for an unknown protocol.

    The same seed gives the same cases, and case k is the same however many are made. `parts` is the largest number of
    parts of a case, `prefix` the beginning of every accession, `first` the day before the first case was collected.
    """
    made = checked_cases(protocol, count, seed, parts=parts, prefix=prefix, first=first, laboratory=laboratory)
    return (data for data, _ in made)


def checked_cases(
    protocol: str,
    count: int,
    seed: int,
    *,
    parts: int = 1,
    prefix: str = PREFIX,
    first: date = FIRST,
    laboratory: Laboratory | None = None,
) -> Iterator[tuple[Data, Checked]]:
    """The same cases, each with the result of its check, so that nobody checks it again to compose it."""
    made = load_protocol(protocol, laboratory)
    turns = Aims(made, seed).turns()
    settings = Settings((), laboratory=laboratory)
    for number, wishes in zip(range(1, count + 1), turns, strict=False):
        drawing = _CaseDrawing(made, Random(f"{seed}/{number}"), wishes, parts)  # noqa: S311 - no secret
        yield drawing.in_order(accession(number, prefix), first + timedelta(days=number % _DAYS), settings)


def accession(number: int, prefix: str = PREFIX) -> str:
    """The accession of a case."""
    return f"{prefix}{number:05d}"


class _CaseDrawing:
    """One case while it is drawn; `wishes` are the answers that its first part should give."""

    def __init__(self, made: Compiled, random: Random, wishes: Wishes, parts: int) -> None:
        self.made = made
        self.random = random
        self.wishes = wishes
        self.parts = parts
        self.shares = _SHARES

    def in_order(self, accession: str, collected: date, settings: Settings) -> tuple[Data, Checked]:
        """The case, without what a check refuses, and the result of its check."""
        data = self._drawn(accession, collected)
        for _ in range(_ROUNDS):
            vetted = check(source_of(data), settings)
            errors = vetted.errors + tuple(each for each in vetted.findings if each.code == _UNLISTED)
            if not errors:
                return data, vetted
            for finding in errors:
                _mend(data, finding, self.made.prose.words)
        raise RuntimeError(f"no case in order was found for protocol {self.made.protocol.id}: {errors[0].code}")

    def _drawn(self, accession: str, collected: date) -> Data:
        several = self.parts > 1 and self._chance(_SEVERAL_PARTS)
        count = self.random.randint(2, self.parts) if several else 1
        born = collected - timedelta(days=self.random.randrange(18 * 365, 95 * 365))
        return {
            **head(self.random, accession, collected, born, _SEXES),
            "parts": [self._part(label, collected) for label in "ABCDEFGH"[:count]],
        }

    def _part(self, label: str, collected: date) -> Data:
        self.earlier = collected - timedelta(days=self.random.randint(14, 90))
        part: Data = {"label": label, "protocol": self.made.protocol.id}
        if self._chance(0.7):
            part["received_as"] = self._received(self._site())  # of the site, as soon as it is drawn
        wishes = self.wishes if label == "A" else {}
        self._wish(wishes)
        part |= self._level(self.made, "")
        site = part.get(self.made.prose.words.site)
        if "received_as" in part and isinstance(site, str):
            part["received_as"] = self._received(site)
        received = wishes.get("received_as", Reading()).value
        if received is not None:
            part["received_as"] = str(received) or self._received("").rstrip(" ,")
        words = overridable(self.made)
        wished = [name for name in words if wishes.get(f"override.{name}", Reading()).value is not None]
        if words and not wishes and self._chance(_OVERRIDDEN):
            wished = [self.random.choice(words)]
        return part | ({"override": dict.fromkeys(wished, "Invented words of the pathologist.")} if wished else {})

    def _site(self) -> str:
        examples = self.made.prose.words.site_examples
        return self.random.choice(examples) if examples else "invented site"

    def _received(self, site: str) -> str:
        return self.made.prose.words.received_example.format(site=site) or "invented label"

    def _wish(self, wishes: Wishes) -> None:
        """Note what the part drawn next should and should not answer; one with wishes answers all that is asked."""
        self.answers = {path: reading for path, reading in wishes.items() if reading.value is not None or reading.words}
        self.silent = wishes.keys() - self.answers.keys()
        panels = {path.removesuffix(f".{PENDING}"): reading.value for path, reading in wishes.items()}
        self.complete = {panel for panel, pending in panels.items() if pending is False}
        self.to_come = {panel for panel, pending in panels.items() if pending is True}
        self.needed = _with_all_above(self.answers)
        self.shares = _COMPLETE if wishes else _SHARES

    def _asks(self, slot: Slot) -> bool:
        share = _GROUPED if slot.is_group else self.shares[slot.element.status]
        return slot.path in self.needed or (slot.path not in self.silent and self._chance(share))

    def _level(self, form: CompiledForm, above: str) -> Data:
        answers = {}
        for key, slot in form.children.get(above, {}).items():
            if key == slot.element.id and not asks_macro(slot) and self._asks(slot):
                answers[key] = self._entry(form, slot)
        return {key: answer for key, answer in answers.items() if answer not in ({}, [])}

    def _entry(self, form: CompiledForm, slot: Slot) -> object:
        if isinstance(slot.element, GroupElement) and slot.element.repeats:
            return [entry for number in self._numbered(slot.path) if (entry := self._row(form, slot.path, number))]
        if slot.is_group:
            return self._level(form, slot.path)
        wished = self.answers.get(slot.path)
        if wished:
            return self._wished(form, slot, wished)
        if slot.element.undetermined and self._chance(_UNDETERMINED):
            return f"{slot.element.undetermined} (invented reason)"
        if isinstance(slot.element, ChoiceElement):
            return self._choice(form, slot, slot.element)
        return self._with_details(form, slot, {"result": self._minimum(slot, self._value(slot.element))}, "")

    def _minimum(self, slot: Slot, text: str) -> str:
        """A measurement, now and then as a minimum where that is an answer."""
        words = slot.element.at_least if isinstance(slot.element, QuantityElement) else ""
        wished = self.answers.get(f"{slot.path}.{AT_LEAST}")
        if not words or not text[:1].isdigit() or not (wished.value if wished else self._chance(_RARE)):
            return text
        return f"{words} {text}"

    def _numbered(self, group: str) -> range:
        """The numbers of the entries of a repeated group, as many as are wished for."""
        wished = self.answers.get(group)
        number = int(wished.value.low) if wished and isinstance(wished.value, Interval) else self.random.choice((1, 2))
        return range(1, number + 1)

    def _row(self, form: CompiledForm, group: str, number: int) -> Data:
        """One entry of a repeated group, with what is wished of it."""
        row, around = f"{group}.{number}.", (self.answers, self.silent, self.needed)
        own = {f"{group}.{path.removeprefix(row)}": each for path, each in self.answers.items() if path.startswith(row)}
        self.answers = {**self.answers, **own}
        self.silent = self.silent | {
            f"{group}.{path.removeprefix(row)}" for path in self.silent if path.startswith(row)
        }
        self.needed = self.needed | _with_all_above(own)
        entry = self._level(form, group)
        self.answers, self.silent, self.needed = around
        return entry

    def _wished(self, form: CompiledForm, slot: Slot, wished: Reading) -> object:
        element = slot.element
        if isinstance(element, ChoiceElement):
            if isinstance(wished.value, frozenset) and not wished.words:
                picked = [each for each in element.choices if each.id in wished.value]
                return [self._chosen(each) if each.asks else each.id for each in picked]
            # by its words "other", which settles nothing and yet is an answer
            if choice := element.choice(wished.words or str(wished.value)):
                return self._with_details(form, slot, self._chosen(choice), choice.id)
        if wished.words:
            return f"{wished.words} (invented reason)"
        text = str(self.earlier) if isinstance(element, DateElement) else entered(element, wished.value)
        return self._with_details(form, slot, {"result": self._minimum(slot, text) or self._words(element)}, "")

    def _value(self, element: ElementBase) -> str:
        if isinstance(element, QuantityElement):
            return self._quantity(element)
        if isinstance(element, CountElement):
            per = f" per {self.random.choice(element.per)}" if element.per else ""
            return f"{max(self.random.choice((0, 1, 2, 3, 4, 6, 9, 14, 21, 30)), element.minimum)}{per}"
        return str(self.earlier) if isinstance(element, DateElement) else self._words(element)

    def _words(self, element: ElementBase) -> str:
        if element.id == self.made.prose.words.site:
            return self._site()
        if element.id == "accession":
            return f"T25-{self.random.randrange(10**5):05d}"
        if "block" in element.title.lower():
            return f"{self.random.choice('AB')}{self.random.randint(1, 6)}"
        limit = element.maximum if isinstance(element, TextElement) else 60
        return f"Invented {element.title.lower()} {letters(self.random)}"[:limit].strip()

    def _quantity(self, element: QuantityElement) -> str:
        top = min(element.maximum or Decimal(50), Decimal(50))
        digits = Decimal("0.1") if element.minimum < 1 and element.decimals != 0 else Decimal(1)
        numbers = [
            (Decimal(self.random.random()) * (top - element.minimum) + element.minimum).quantize(digits) + 0
            for _ in range(self.random.randint(1, element.dimensions))
        ]
        sign = self.random.choice(("", "", "", "", "", "<", ">", "~")) if len(numbers) == 1 else ""
        sign = sign if element.about or sign != "~" else ""
        return f"{sign}{' x '.join(str(max(number, digits)) for number in numbers)} {element.unit}".rstrip()

    def _choice(self, form: CompiledForm, slot: Slot, element: ChoiceElement) -> object:
        if element.multiple and self._chance(0.7):
            several = [each.id for each in element.choices if not each.exclusive and not each.asks]
            if several:
                return self.random.sample(several, self.random.randint(1, len(several)))
        weights = [_RARE if isinstance(each.asks, TextElement) or each.pending else 1.0 for each in element.choices]
        if slot.panel in self.complete:  # nothing of this panel is still to come
            weights = [0.0 if each.pending else weight for each, weight in zip(element.choices, weights, strict=True)]
        elif slot.panel in self.to_come and any(each.pending for each in element.choices):  # and one of this panel is
            weights = [float(each.pending) for each in element.choices]
            self.to_come.discard(slot.panel)
        (choice,) = self.random.choices(element.choices, weights)
        return self._with_details(form, slot, self._chosen(choice), choice.id)

    def _chosen(self, choice: Choice) -> Data:
        asked = choice.asks
        text = "invented words" if isinstance(asked, TextElement) else self._value(asked) if asked else ""
        return {"result": choice.id, **({"text": text} if text else {})}

    def _with_details(self, form: CompiledForm, slot: Slot, answer: Data, chosen: str) -> object:
        for key, detail in form.children.get(slot.path, {}).items():
            belongs = detail.element.independent or not detail.under or chosen in detail.under
            if key == detail.element.id and belongs and self._asks(detail):
                answer[key] = self._entry(form, detail)
        return answer["result"] if len(answer) == 1 else answer

    def _chance(self, share: float) -> bool:
        return self.random.random() < share


def _with_all_above(paths: Iterable[str]) -> set[str]:
    """Paths, and those of all that they are in."""
    steps = [path.split(".") for path in paths]
    return {".".join(each[:end]) for each in steps for end in range(1, len(each) + 1)}


def _mend(data: Data, finding: Finding, words: FreeText) -> None:
    """Acknowledge a stop; take out any other thing that a finding is about (`parts.A.margins.deep.distance`)."""
    at = ElementPath.parse(finding.path)
    node: Any = next(part for part in data["parts"] if part["label"] == at.part) if at.part else data
    if at.part and finding.code == "E201" and at.from_part == words.topography_of:
        node[words.site] = "invented site"  # so that every topography occurs
        node.pop("received_as", None)
        return
    if at.part and finding.code == "E301":
        node.setdefault("acknowledge", {})[at.steps[0]] = "The case is invented."
        return
    for step in at.steps[:-1]:
        if not isinstance(node, list | dict) or (isinstance(node, dict) and step not in node):
            return  # taken out with what it was in
        node = node[int(step) - 1] if isinstance(node, list) else node[step]
    if isinstance(node, list) and len(node) >= int(at.name):
        del node[int(at.name) - 1]
    elif isinstance(node, dict):
        node.pop(at.name, None)
