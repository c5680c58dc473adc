"""A protocol: sections of elements, criteria, advisories, contradictions, and the wording that reports them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from reportgen.protocols.elements import Code, Element, ElementId, ForeignId, HeadingText, Key, SourceRef, Words
from reportgen.reading.shaped import Frozen
from reportgen.reading.source import NodePath


class DiagnosisCode(Code):
    """A code of the diagnosis; with `when`, it is printed only where its condition holds."""

    when: str = ""


class SourceText(Frozen):
    """A publication or convention that facts are taken from."""

    title: Words
    cite: str = ""


ConditionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A condition that says something: an empty one is a slip."""


class FormSection(Frozen):
    """Elements under one title of the form; they apply only where the section does. The report prints `heading`."""

    id: ElementId
    title: Words
    heading: HeadingText = ""
    foreign_id: ForeignId = ""
    applies_when: str = ""
    elements: tuple[Element, ...]


class Fact(Frozen):
    """A named condition, for reuse in others."""

    id: ElementId
    when: ConditionText


class Threshold(Frozen):
    """A number that conditions name (`thresholds.<id>`); a laboratory may move it between `minimum` and `maximum`."""

    id: ElementId
    title: Words
    number: Decimal
    minimum: Decimal
    maximum: Decimal
    source: SourceRef


class Criterion(Frozen):
    """One essential criterion, met or unmet by conditions of its own; neither of the two is "unknown"."""

    id: ElementId
    title: Words
    met: ConditionText
    unmet: ConditionText
    source: SourceRef


class Level(StrEnum):
    """How loudly an advisory speaks, the quietest first. Each entry says its word, its look and what it asks for.

    Attributes:
        look: the look of its remarks on the desk: `plain`, `open` or `bad`, as desk.css draws them.
        warns: whether it must be acknowledged before a report is finalized.
        stops: whether it must be acknowledged before a report is rendered at all.
    """

    look: str
    warns: bool
    stops: bool

    note = "note", "plain"
    warning = "warning", "open", "warns"
    stop = "stop", "bad", "warns", "stops"

    def __new__(cls, word: str, look: str, *asks: str) -> Self:
        """A level from its entry."""
        level = str.__new__(cls, word)
        level._value_ = word
        level.look, level.warns, level.stops = look, "warns" in asks, "stops" in asks
        return level

    @property
    def loudness(self) -> int:
        """Its place among the levels, from 0 for the quietest."""
        return list(Level).index(self)


class Remark(Frozen):
    """One level of an advisory: its condition and its words."""

    level: Level
    when: ConditionText
    say: Words


class Advisory(Frozen):
    """A remark to the pathologist, never printed in the report; the first level whose condition holds speaks."""

    id: ElementId
    title: Words
    levels: Annotated[tuple[Remark, ...], Field(min_length=1)]
    source: SourceRef


class Unjudged(Frozen):
    """The remark made where an answer that settles nothing keeps an advisory from being judged.

    Its words may name `advisory` and `answers`; `in_other_words` says what "other" is called there.
    """

    id: ElementId
    title: Words
    say: Words
    in_other_words: str
    source: SourceRef


class Contradiction(Frozen):
    """Entries that cannot be true together."""

    id: ElementId
    when: ConditionText
    say: Words
    elements: Annotated[tuple[str, ...], Field(min_length=2)]
    source: SourceRef = Field(default_factory=dict)


class Clause(Frozen):
    """One sentence or line: its condition, its words, its source. With `gap` it prints as a visible gap.

    `uses` declares the answers that its words print and its condition does not touch.
    """

    id: ElementId
    when: ConditionText
    say: Words
    uses: tuple[str, ...] = ()
    source: SourceRef = Field(default_factory=dict)
    gap: bool = False
    waits: bool = True  # whether a missing answer that it leans on holds its statement back; else the next is asked
    silent: bool = False  # taken away by a laboratory: where it would have spoken, nothing is said
    coded: bool = False  # whether it names what the protocol's codes stand for, so that they may be printed


class Quiet(Frozen):
    """Answers for which a statement is meant to say nothing, and why."""

    when: ConditionText
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Statement(Frozen):
    """A place for one sentence: the first of its clauses that is licensed speaks, or it is pending, or silent."""

    id: ElementId
    title: Words
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    override: bool = False  # whether the pathologist may put words of their own here
    lines: bool = False  # whether line breaks in its words begin lines of their own
    quiet: tuple[Quiet, ...] = ()  # where it is meant to say nothing; proofs accept no other silence
    one_of: ElementId | None = None  # of the statements that name the same, only one may be printed: `stage`
    on_request: bool = False  # whether it is printed only where a laboratory asks for it, by setting this to false


class Term(Frozen):
    """A word or phrase that depends on answers, for use in clauses (`edge` or `margin`)."""

    id: ElementId
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]


class Wording(Frozen):
    """What a protocol says: terms, the header line, the diagnosis lines, the comment."""

    terms: tuple[Term, ...] = ()
    header: Statement
    diagnosis: tuple[Statement, ...]
    comment: tuple[Statement, ...] = ()

    def statements(self) -> Iterator[tuple[str, NodePath, Statement]]:
        """The full id of each statement (`comment.extent`), the path of its clauses in the file, and the statement."""
        yield "header", ("wording", "header", "clauses"), self.header
        for part in ("diagnosis", "comment"):
            for index, statement in enumerate(getattr(self, part)):
                yield f"{part}.{statement.id}", ("wording", part, index, "clauses"), statement


class Macro(Frozen):
    """A word for usual answers, which a case takes from it wherever it says nothing itself.

    `answers` is the path of an element → one answer of its list, or several; `key` picks the macro on the desk.
    """

    id: ElementId
    title: Words
    key: Key = ""
    answers: Annotated[dict[str, Words | tuple[Words, ...]], Field(min_length=1)]
    source: Annotated[SourceRef, Field(min_length=1)]

    @property
    def given(self) -> dict[str, tuple[str, ...]]:
        """The answers, each as a list."""
        return {path: (each,) if isinstance(each, str) else each for path, each in self.answers.items()}

    @property
    def in_words(self) -> str:
        """The answers in one line."""
        return "; ".join(f"{path}: {', '.join(each)}" for path, each in self.given.items())


class Form(Frozen):
    """What is asked: sections of elements, with facts about them and what cannot be true together."""

    id: ElementId
    version: Words
    title: Words
    foreign_id: ForeignId = ""
    sources: dict[str, SourceText]
    thresholds: tuple[Threshold, ...] = ()
    facts: tuple[Fact, ...] = ()
    sections: tuple[FormSection, ...]
    answer_keys: dict[str, Key] = Field(
        default_factory=dict
    )  # answer → the key that picks it, wherever it is an answer
    contradictions: tuple[Contradiction, ...] = ()
    macros: tuple[Macro, ...] = ()


class Judgement(Frozen):
    """What is made of a filled form: its codes, how it is judged, what is said of it."""

    summary: str
    report_title: str = ""  # the title of reports of which all parts have it; empty: that of the labels
    review: Literal["needed"] | None = None  # needed: reports say that no pathologist reviewed it, until it is signed
    codes: tuple[DiagnosisCode, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    advisories: tuple[Advisory, ...] = ()
    unjudged: Unjudged | None = None
    wording: Wording


class Protocol(Form, Judgement):
    """The reporting knowledge for one diagnosis: a form and what is made of it."""

    @classmethod
    def of(cls, form: Form, judgement: Judgement) -> Protocol:
        """Put both together; each has been validated by its own type."""
        return cls.model_construct(**dict(form), **dict(judgement))
