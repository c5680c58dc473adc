"""A case file for what the solver found: the values of its variables as the answers of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

from reportgen.cases.sides import BOTH
from reportgen.cases.validate import overridable
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import (
    Choice,
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    PanelElement,
    QuantityElement,
    Status,
    TextElement,
)
from reportgen.protocols.proof.admitted import OTHER_REGION, OTHER_SIDE
from reportgen.protocols.proof.answers import PER_AREA, amount, dated, third
from reportgen.protocols.proof.numbers import STEPS
from reportgen.protocols.proof.readings import Text
from reportgen.protocols.proof.scope import HEADER
from reportgen.protocols.scope import RECEIVED_AS
from reportgen.protocols.slots import Slot
from reportgen.units import plain

Data = dict[str, Any]
_INVENTED = "invented"
_ANOTHER = "B"  # the part that an answer refers to


class Witness:
    """Turns values into the data of a case file."""

    def __init__(
        self, made: Compiled, head: CompiledForm, texts: Mapping[str, Text], values: Mapping[str, int]
    ) -> None:
        self.made = made
        self.head = head
        self.texts = texts
        self.values = values
        self._refers = False

    def case(self) -> Data:
        """The case: its head, and one part, or two where an answer names another part."""
        protocol = self.made.protocol.id
        part: Data = {"label": "A", "protocol": protocol}
        if self._is("received_as ?"):
            part["received_as"] = self._text("received_as")
        part |= self._level(self.made, "", "")
        worded = [name for name in overridable(self.made) if self._is(f"override.{name}")]
        if worded:
            part["override"] = dict.fromkeys(worded, "Invented words of the pathologist.")
        more = [{"label": _ANOTHER, "protocol": protocol}] if self._refers else []
        return {"purpose": "test data", **self._level(self.head, "", HEADER), "parts": [part, *more]}

    def _is(self, name: str) -> bool:
        return bool(self.values.get(name))

    def _level(self, form: CompiledForm, above: str, prefix: str) -> Data:
        found = {}
        for key, slot in form.children.get(above, {}).items():
            if key == slot.element.id and not (prefix and slot.path == "purpose"):
                entry = self._entry(form, slot, prefix)
                if entry is not None:
                    found[key] = entry
        return found

    def _entry(self, form: CompiledForm, slot: Slot, prefix: str) -> object:
        path, element = prefix + slot.path, slot.element
        if slot.repeats:
            return self._further(slot) if slot.panel else None
        if slot.is_group:
            return self._level(form, slot.path, prefix) or None
        details = self._level(form, slot.path, prefix)
        if not self._is(f"{path} ?"):
            return details or None
        if self._is(f"{path} cannot"):
            return {"result": element.undetermined, "reason": self._text(f"{path}.reason"), **details}
        if isinstance(element, ChoiceElement):
            return self._choice(path, element, details)
        value = self._value(path, element)
        return {"result": value, **details} if details else value

    def _choice(self, path: str, element: ChoiceElement, details: Data) -> object:
        picked: list[Any] = []
        for choice in element.choices:
            if self._is(f"{path} = {choice.id}"):
                words = self._response(path, choice)
                picked.append({"result": choice.id, "text": words} if words else choice.id)
        if element.multiple:
            return {"result": picked, **details} if details else picked
        (only,) = picked
        answer = only if isinstance(only, dict) else {"result": only}
        return {**answer, **details} if details or len(answer) > 1 else only

    def _response(self, path: str, choice: Choice) -> str:
        """What is entered with an answer, where it must be or a condition wants it."""
        asked = choice.asks
        if asked is None or not (asked.status is Status.core or self._is(f"{path} = {choice.id} with text")):
            return ""
        if isinstance(asked, QuantityElement):
            return f"{max(asked.minimum, Decimal(0)):f} {asked.unit}".rstrip()
        if isinstance(asked, CountElement):
            return f"{asked.minimum:f} per {asked.per[0]}" if asked.per else f"{asked.minimum:f}"
        return "2020-01-02" if isinstance(asked, DateElement) else self._text(f"{path}.text")

    def _value(self, path: str, element: ElementBase) -> str:
        if isinstance(element, QuantityElement):
            return self._measure(path, element)
        if isinstance(element, CountElement):
            per = next((each for each in element.per if self._is(f"{path} per {each}")), "")
            name = amount(path, per)
            count = self._number(name) if per == PER_AREA else str(self.values.get(name, 0))
            return f"{self._sign(name)}{count} per {per}" if per else f"{self._sign(name)}{count}"
        if isinstance(element, DateElement):
            return self._date(path)
        if isinstance(element, TextElement) and element.part:
            self._refers = True
            return _ANOTHER
        return self._text(path)

    def _measure(self, path: str, element: QuantityElement) -> str:
        name = amount(path)
        numbers = [self._number(name)]
        if self._is(f"{path} in three"):
            numbers += [numbers[0], self._number(third(path))]
        least = f"{element.at_least} " * self._is(f"{path} at least")
        return f"{least}{self._sign(name)}{' x '.join(numbers)} {element.unit}".rstrip()

    def _number(self, name: str) -> str:
        return f"{plain(Decimal(self.values.get(name, 0)) / STEPS):f}"

    def _sign(self, name: str) -> str:
        return next((sign for sign in ("<=", ">=", "<", ">") if self._is(f"{name} {sign}")), "")

    def _date(self, path: str) -> str:
        year, month, day = (self.values.get(name, 0) for name in dated(path))
        if self._is(f"{path} only year"):
            return f"{year:04}"
        start = f"{year:04}-{month + 1:02}"
        return start if self._is(f"{path} only month") else f"{start}-{day + 1:02}"

    def _further(self, slot: Slot) -> list[Data] | None:
        panel = self.made.slots[slot.panel].element
        results = panel.results if isinstance(panel, PanelElement) else ()
        added = [each.id for each in results if self._is(f"{slot.path} = {each.id}")]
        return [{"name": f"{_INVENTED} stain {number}", "result": id} for number, id in enumerate(added, 1)] or None

    def _text(self, path: str) -> str:
        """Own words that name, and are, what the values say."""
        text = self.texts.get(path)
        if text is None:
            return "; ".join([*mislabeled(self.made, path, self._is), _INVENTED])
        same = next((word for word in text.equal if self._is(f"{path} is {word}")), "")
        if same:
            return same
        named = [word for word in text.looked_for if self._is(f"{path} names {word}")]
        named += [self._text(other) for other in text.others if self._is(f"{path} names the words of {other}")]
        needed = [word for word in named if not any(word != other and word in other for other in named)]
        needed += mislabeled(self.made, path, self._is)
        own = (
            " ".join(path.split(".")) if text.others or any(path in each.others for each in self.texts.values()) else ""
        )
        return "; ".join([*needed, f"{_INVENTED} {own}".strip()])


def mislabeled(made: Compiled, path: str, holds: Callable[[str], bool]) -> list[str]:
    """The words by which the label of the container names another side or region than the site and the laterality."""
    listed, body = made.prose.words, made.prose.body
    named = []
    if path == RECEIVED_AS and holds(OTHER_SIDE):
        entered = [side for side in listed.sides if holds(f"{listed.laterality} = {side}")]
        named += [words[0] for side, words in listed.sides.items() if side not in (*entered, BOTH)][:1]
    if holds(OTHER_REGION) and path in (RECEIVED_AS, listed.site):
        first, second = next(pair for pair in combinations(body.regions, 2) if body.apart(pair[:1], pair[1:]))
        named.append(body.regions[first if path == RECEIVED_AS else second].words[0])
    return named
