"""A form as its file says it, filled or not: sections, questions, answers, notes, and what could not be taken over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from reportgen.findings import Place


class Kind(Enum):
    """What an item of a form is."""

    section = "section"
    question = "question"
    note = "note"


class Loss(NamedTuple):
    """Something of a form that was lost or changed: by the form's own id, with what became of it."""

    id: str
    place: Place
    what: str
    outcome: str
    lost: bool = True


class Code(NamedTuple):
    """A concept of a terminology."""

    system: str
    code: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What items and answers have in common.

    Attributes:
        id: what the form calls it; "" where it has no id.
        title: its words on the form.
        report: its words in the report where they differ from the title; "" for none; None where the form says nothing.
        shown: whether the report shows it.
        help: remarks of the form on it.
    """

    id: str
    place: Place
    title: str = ""
    report: str | None = None
    shown: bool = True
    help: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()

    @property
    def words(self) -> str:
        """Its words in the report; "" for none."""
        return self.title if self.report is None else self.report


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A field that takes a value.

    Attributes:
        type: the data type, as XML Schema calls it, in small letters.
        unit: the unit of the value.
        after: the words that the form prints behind the field.
        limits: name in small letters → what limits the value.
        value: what was entered; "" for nothing.
    """

    place: Place
    type: str
    unit: str = ""
    after: str = ""
    limits: dict[str, str] = field(default_factory=dict)
    required: bool = True
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Named):
    """One answer of a list."""

    exclusive: bool = False
    omits: bool = False  # whether the report then shows nothing of the question
    closes: bool = False  # whether what is below the question is then not asked
    response: Response | None = None
    value: str = ""  # what the form counts it as
    selected: bool = False
    below: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Named):
    """A section, a question or a note. `further` are the further entries of a repeated one, in a filled form."""

    kind: Kind
    needed: bool = False
    repeats: bool = False
    answers: tuple[Answer, ...] = ()
    multiple: bool = False
    response: Response | None = None
    below: tuple[Item, ...] = ()
    further: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: its parts (header, body, footer) as sections, its properties, and what of it was lost or changed."""

    id: str
    place: Place
    title: str
    version: str
    properties: tuple[tuple[str, str], ...]
    parts: tuple[Item, ...]
    losses: tuple[Loss, ...]

    def property(self, name: str) -> tuple[str, ...]:
        """The values of a property, whose name is given in small letters."""
        return tuple(value for each, value in self.properties if each.lower() == name)

    def items(self) -> Iterator[Item]:
        """Every section, question and note, in the order of the form."""
        for part in self.parts:
            yield from _inside(part.below)


def _inside(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        for answer in item.answers:
            yield from _inside(answer.below)
        yield from _inside(item.below)
