"""A case: frozen, typed answers with the places they came from. Nothing in it has a default that could be a finding."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from json import JSONEncoder
from typing import Literal, NamedTuple

from reportgen.cases.element_path import ElementPath
from reportgen.findings import Place
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import OTHER, Omit, Shown, Status
from reportgen.units import Quantity

ESSENTIAL = {"accession": "the accession", "patient.name": "the patient's name"}
"""What identifies a case, path → words: without either of them a report could reach the wrong patient."""


class Pick(NamedTuple):
    """One chosen answer: its id, the words the report prints, and the response entered with it.

    `print`, `omit`, `pending` and `unclear` are those of its `Choice`.
    """

    id: str
    words: str
    response: Response | None
    print: Shown
    omit: Omit
    pending: bool
    unclear: bool

    @property
    def text(self) -> str:
        """The response as entered, or ""."""
        return " per ".join(filter(None, _content(self.response)[1:])) if self.response else ""

    @property
    def is_own_words(self) -> bool:
        """Whether the response is the whole answer: "other" says nothing beside the pathologist's own words."""
        return bool(self.response) and (self.id == OTHER or self.print is Shown.response)

    @property
    def printed(self) -> str:
        """The words of a sentence, with the response as entered."""
        return self.with_response(self.text)

    def with_response(self, text: str) -> str:
        """The words of a sentence: `involved`, `involved (at 3 o'clock)`, or the response alone for "other"."""
        if not text or self.print is Shown.answer:
            return self.words
        return text if self.is_own_words else f"{self.words} ({text})"


class Chosen(NamedTuple):
    """One or several choices."""

    picks: tuple[Pick, ...]


class Measured(NamedTuple):
    """A measurement as entered; `factor` turns its unit into the element's own."""

    quantity: Quantity
    unit: str
    factor: str  # a Decimal as text
    at_least: str  # the words that say that it is a minimum; "" where nothing says so
    rounded: str  # the measurement rounded, in the element's own unit; "" where it is not to be, or is already

    @property
    def entered(self) -> str:
        """The measurement as entered."""
        return f"{self.at_least} {self.quantity}".lstrip()


class Counted(NamedTuple):
    """A count as entered, and what it is counted per."""

    number: Quantity
    per: str = ""


class Written(NamedTuple):
    """The pathologist's own words; lines are separated by a line feed."""

    text: str


class Dated(NamedTuple):
    """A calendar day."""

    day: date

    @property
    def first(self) -> date:
        """The day itself, as `Period.first`."""
        return self.day

    @property
    def last(self) -> date:
        """The day itself, as `Period.last`."""
        return self.day


class Period(NamedTuple):
    """A year or a month (`1961`, `1961-04`), of which the day is not known: some day from `first` to `last`."""

    text: str
    first: date
    last: date


class Undetermined(NamedTuple):
    """Answered with "cannot be determined" (or assessed), and why."""

    words: str
    reason: str


Response = Measured | Counted | Written | Dated | Period
Value = Chosen | Measured | Counted | Written | Dated | Period | Undetermined


class Giver(NamedTuple):
    """What answered where nothing was entered: a `macro` that the case names, or the laboratory's `profile`."""

    kind: Literal["macro", "profile"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Answer(NamedTuple):
    """The answer to one element; `path` has numbers inside repeated groups (`gross.blocks.2.id`), `slot` has none.

    `by` is what gave it, None for one that was entered.
    """

    path: str
    slot: str
    value: Value
    place: Place
    by: Giver | None = None

    @property
    def is_to_come(self) -> bool:
        """Whether what was answered is that the answer is still to come."""
        return isinstance(self.value, Chosen) and any(pick.pending for pick in self.value.picks)


class Words(NamedTuple):
    """Words of the pathologist's own in place of composed ones, or the reason of an acknowledgement."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One specimen with its protocol and answers."""

    label: str
    protocol: Compiled
    received_as: str = ""
    answers: Mapping[str, Answer]
    acknowledged: Mapping[str, Words] = field(default_factory=dict)
    overrides: Mapping[str, Words] = field(default_factory=dict)
    place: Place

    @property
    def prefix(self) -> str:
        """What the paths of its entries begin with: `parts.A.`."""
        return part_prefix(self.label)


def part_prefix(label: str) -> str:
    """What the paths of the entries of a part begin with: `parts.A.`."""
    return f"parts.{label}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One accession."""

    header_form: CompiledForm
    header: Mapping[str, Answer]
    parts: tuple[Part, ...]
    place: Place

    def written(self, path: str) -> str:
        """A text of the header, or "" where it was not entered."""
        answer = self.header.get(path)
        return answer.value.text if answer and isinstance(answer.value, Written) else ""

    def day(self, path: str) -> date | None:
        """A date of the header, or None where it was not entered."""
        answer = self.header.get(path)
        return answer.value.day if answer and isinstance(answer.value, Dated) else None

    def date_as_entered(self, path: str) -> str:
        """A date of the header as its ISO text, a year or month as such; "" where it is not entered or not known."""
        answer = self.header.get(path)
        match answer.value if answer else None:
            case Dated(day=day):
                return day.isoformat()
            case Period(text=text):
                return text
        return ""

    def needs(self, path: str) -> bool:
        """Whether a report needs what is at a path: a core element, or words in place of composed ones."""
        entry = ElementPath.parse(path)
        if entry.steps[:1] == ("override",):
            return True
        forms: dict[str, CompiledForm] = {"": self.header_form} | {part.label: part.protocol for part in self.parts}
        slots = forms[entry.part].slots if entry.part in forms else {}
        slot = next((slots[each.slot] for each in entry.line[:2] if each.slot in slots), None)
        return slot is not None and slot.element.status is Status.core

    def fingerprint(self) -> str:
        """The sha256 of what was entered, whatever the file's format, order of keys or comments."""
        parts = [
            (
                part.protocol.protocol.id,
                part.label,
                part.received_as,
                _answered(part.answers),
                _said(part.acknowledged),
                _said(part.overrides),
            )
            for part in self.parts
        ]
        return hashlib.sha256(_as_json((_answered(self.header), parts)).encode()).hexdigest()


_as_json = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def _answered(answers: Mapping[str, Answer]) -> list[list[str]]:
    """Path, kind and content of each answer, ordered by path, and what gave it; numbers with the digits as entered."""
    return [[path, *((each := answers[path]).by or ()), *_content(each.value)] for path in sorted(answers)]


def _content(value: Value) -> list[str]:
    """What was entered; kinds differ in how many texts they have, and a choice has two for each answer."""
    if isinstance(value, Chosen):
        return ["chosen", *[text for pick in value.picks for text in (pick.id, pick.text)]]
    match value:
        case Written(text=text):
            return ["written", text]
        case Measured():
            return ["measured", value.entered]
        case Counted(number=number, per=per):
            return ["counted", str(number), per]
        case Undetermined(words=words, reason=reason):
            return ["undetermined", words, reason]
        case Period(text=text):
            return ["dated", text]
    return ["dated", str(value.day)]


def _said(words: Mapping[str, Words]) -> list[list[str]]:
    return [[name, words[name].text] for name in sorted(words)]
