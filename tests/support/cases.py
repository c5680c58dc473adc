"""Random valid cases of any protocol, made from the protocol alone, with texts that break careless formats.

Answers are drawn element by element; what a check then refuses (an element that does not apply, say) is taken
out again, so that every case made here is in order.
"""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

from reportgen.assessment.checked import Checked
from reportgen.pipeline import check
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import (
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    GroupElement,
    QuantityElement,
    TextElement,
)
from reportgen.protocols.load import load_protocol
from reportgen.protocols.slots import Slot
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping, source_of

NASTY = "< > & \" ' ≥ µ ² ½ é β ± ≤ </p> <b> &amp; {{ x }} {% if %} ]]> <w:t> -- µm² Ångström naïve 5% a_b *c* #d \\n"
_WORDS = NASTY.split()
_PLAIN = ("tan", "papule", "ulcer", "nodule", "margin", "ink", "sectioned", "submitted", "tip", "entirely", "clear")


class CaseMaker:
    """Makes cases from one seed.

    Args:
        seed: the same seed makes the same case.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def case(self) -> Mapping:
        """A valid case of one to three parts."""
        return self.judged()[0]

    def judged(self) -> tuple[Mapping, Checked]:
        """The same with what a check says of it, from which a report is composed without checking it once more."""
        data = self._data()
        for _ in range(12):
            source = read_text(json.dumps(data, ensure_ascii=False), name="case.json", format="json")
            checked = check(source)
            if not checked.errors:
                return source, checked
            for finding in checked.errors:
                _remove(data, finding.path)
        raise AssertionError(f"no valid case found: {[finding.code for finding in checked.errors]}")

    def text(self, limit: int = 60) -> str:
        """Some words, nasty ones among them, now and then one very long word."""
        chosen = [self.random.choice(_WORDS if self.random.random() < 0.5 else _PLAIN) for _ in range(1 + limit // 12)]
        if self.random.random() < 0.08:
            chosen.append("W" * min(limit, 120))
        words = " ".join(chosen)[:limit].strip()
        return words if any(char.isalnum() for char in words) else "word"

    def _data(self) -> dict[str, Any]:
        count = self.random.choice((1, 1, 2, 3))
        return {
            "accession": f"S26-{self.text(20)}",
            "patient": {"name": self.text(200), "mrn": "00123", "birth_date": "1961-04-02", "sex": "female"},
            "collected": "2026-11-16",
            "received": "2026-11-17",
            "submitted_by": self.text(),
            "clinical_history": self.text(400),
            **({"laboratory": {"name": self.text(), "address": self.text()}} if self.random.random() < 0.8 else {}),
            "parts": [self._part(label) for label in "ABC"[:count]],
        }

    def _part(self, label: str) -> dict[str, Any]:
        protocol = self.random.choice(("aismn", "aismn", "aismn", "general"))
        part = {"label": label, "protocol": protocol, **self._level(load_protocol(protocol), "")}
        if self.random.random() < 0.5:
            part["received_as"] = self.text(400)
        if protocol == "aismn":
            part["acknowledge"] = {id: f"{self.text(100)} seen with colleagues" for id in ("A4", "A5", "A24")}
            if self.random.random() < 0.1:
                part["override"] = {"diagnosis": self.text(), "recommendation": self.text(200)}
        return part

    def _level(self, form: CompiledForm, above: str) -> dict[str, Any]:
        answers = {}
        for key, slot in form.children.get(above, {}).items():
            asked = key == slot.element.id and self.random.random() < (
                0.9 if slot.element.status != "optional" else 0.4
            )
            if asked:
                answers[key] = self._entry(form, slot)
        return {key: answer for key, answer in answers.items() if answer not in ({}, [])}

    def _entry(self, form: CompiledForm, slot: Slot) -> Any:
        if isinstance(slot.element, GroupElement) and slot.element.repeats:
            return [entry for _ in range(self.random.choice((1, 2))) if (entry := self._level(form, slot.path))]
        if slot.is_group:
            return self._level(form, slot.path)
        if slot.element.undetermined and self.random.random() < 0.12:
            return {"result": slot.element.undetermined, "reason": self.text()}
        return self._answer(form, slot, slot.element)

    def _answer(self, form: CompiledForm, slot: Slot, element: ElementBase) -> Any:
        if isinstance(element, ChoiceElement):
            return self._choice(form, slot, element)
        if isinstance(element, QuantityElement):
            return self._quantity(element)
        if isinstance(element, CountElement):
            return {"count": str(self.random.choice((0, 1, 4, 6, 21, 29))), "per": self.random.choice(element.per)}
        if isinstance(element, DateElement):
            return "2026-09-16"
        limit = element.maximum if isinstance(element, TextElement) else 60
        return self.text(self.random.choice((limit, 60)) if limit < 1000 else 400)

    def _choice(self, form: CompiledForm, slot: Slot, element: ChoiceElement) -> Any:
        choice = self.random.choice(element.choices)
        answer: dict[str, Any] = {"result": choice.id, **({"text": self.text()} if choice.fill_in else {})}
        if element.multiple:
            several = [each.id for each in element.choices if not each.exclusive and not each.fill_in]
            return self.random.sample(several, self.random.randint(1, len(several))) if several else [choice.id]
        for key, detail in form.children.get(slot.path, {}).items():
            if (not detail.under or choice.id in detail.under) and self.random.random() < 0.8:
                answer[key] = self._entry(form, detail)
        return answer

    def _quantity(self, element: QuantityElement) -> str:
        top = float(min(element.maximum or Decimal(50), Decimal(50)))
        low = float(element.minimum)
        numbers = [f"{self.random.uniform(low, top):.2f}" for _ in range(self.random.randint(1, element.dimensions))]
        sign = self.random.choice(("", "", "", "<", ">=", "~")) if len(numbers) == 1 else ""
        return f"{sign}{' x '.join(numbers)} {element.unit}"


def _remove(data: dict[str, Any], path: str) -> None:
    """Take out what a finding is about: `parts.A.margins.deep.distance`, `patient.sex`, `parts.A.gross.blocks.1`."""
    steps = path.split(".")
    node: Any = data
    if steps[0] == "parts":
        node = next(part for part in data["parts"] if part["label"] == steps[1])
        steps = steps[2:]
    for step in steps[:-1]:
        if not isinstance(node, list | dict) or (isinstance(node, dict) and step not in node):
            return  # taken out with what it stood in
        node = node[int(step) - 1] if isinstance(node, list) else node[step]
    if isinstance(node, list):
        del node[int(steps[-1]) - 1]
    elif isinstance(node, dict):
        node.pop(steps[-1], None)


def warned(case: dict[str, Any]) -> bool:
    """Whether an advisory of a case must be acknowledged before its report is finalized."""
    judged = check(source_of(case)).assessments
    return any(each.level.warns for assessment in judged for each in assessment.advisories)
