"""Data elements: the questions of a synoptic report, as a protocol's file declares them.

The shape is that of an IHE SDC form: sections hold elements; a group nests elements and may repeat; a choice may carry
a fill-in and follow-up elements of its own, exclude the other choices, or be left out of the report.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from reportgen.reading.shaped import Frozen

SourceRef = dict[str, str]
"""Where a fact comes from: a key of the protocol's `sources` → the heading or page there."""

Words = Annotated[str, Field(pattern=r"\S")]
"""Words that say something: empty ones are a slip."""

ElementId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
RESERVED = frozenset({
    "result", "reason", "text", "count", "per", "case", "criteria", "label", "protocol", "received_as", "acknowledge",
    "override", "parts",
})  # fmt: skip
"""Ids that case files use for something else."""


Key = Annotated[str, Field(pattern=r"^[a-z0-9]?$")]
"""What picks an answer on the sign-out desk: one small letter or digit; empty: no key does."""


ForeignId = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
"""What the form that a protocol was taken from calls a thing, for the way back; empty: it has no such name."""


class Code(Frozen):
    """One concept of a terminology."""

    system: str
    code: str
    meaning: Annotated[str, Field(max_length=120)]


HeadingText = Annotated[str, Field(max_length=120, pattern=r"^[^{}]*$")]
"""Words printed above what they head; empty: none are printed."""

LONGEST = 20_000
"""Characters of a text of the pathologist's own: some seven pages, which every format can hold."""

KINDS = ("choice", "quantity", "count", "text", "date", "group", "panel", "note")
"""The kinds of elements."""
OTHER = "other"
NO_LABEL = "none"
"""The label of an element whose answer is printed without a name."""
NO_UNIT = "none"
"""The unit of a number without one."""


def _id(choice: object) -> object:
    return choice.get("id") if isinstance(choice, dict) else getattr(choice, "id", None)


class Status(StrEnum):
    """Whether an element must be answered: always, where it applies, or as the pathologist likes."""

    core = "core"
    conditional = "conditional"
    optional = "optional"


class Chapter(StrEnum):
    """Where in the report an element's answer is printed."""

    synoptic = "synoptic"
    stains = "stains"
    microscopic = "microscopic"
    gross = "gross"
    history = "history"
    signature = "signature"  # who took part, and who was told: in the head of a case
    none = "none"  # only through clauses


_REQUIRED = {"true": Status.core, "yes": Status.core, "false": Status.optional, "no": Status.optional}


class Shown(StrEnum):
    """What the report prints of an answer with a response."""

    both = "both"
    answer = "answer"
    response = "response"


class Omit(StrEnum):
    """What the synopsis does not print of an answer."""

    nothing = "false"
    answer = "true"
    question = "question"  # nor the other answers, nor what is below them


class Choice(Frozen):
    """One allowed answer. `id` is what the case file says; `label` what the report prints (the same where empty)."""

    id: Words
    label: str = ""
    title: str = ""
    fill_in: bool = False  # needs the pathologist's own words: short for a required response of that kind
    response: Element | None = None  # what may be entered with it as `text`: words, a number, a day
    print: Shown = Shown.both
    followups: tuple[Element, ...] = ()
    exclusive: bool = False
    omit: Omit = Omit.nothing
    pending: bool = False  # an answer that is still to come
    unclear: bool = False  # an answer that settles nothing ("equivocal"): what it leaves open is told
    added: bool = (
        False  # put into a list that was written without it: conditions on the other answers know nothing of it
    )
    props: dict[str, str] = Field(default_factory=dict)  # words and yes/no facts that clauses may use: `procedure.noun`
    codes: tuple[Code, ...] = ()
    help: str = ""
    foreign_id: ForeignId = ""
    key: Key | None = None  # where `answer_keys` of the form say nothing, or something else, of this answer

    @model_validator(mode="before")
    @classmethod
    def _names_response(cls, data: object) -> object:
        """Make an element of a response: one without an id and a title, required or not."""
        if not isinstance(data, dict) or not isinstance(asked := data.get("response"), dict) or "id" in asked:
            return data
        status = _REQUIRED.get(str(asked.get("required", "true")).lower())
        if status is None:
            raise PydanticCustomError("required", "required must be true or false")
        rest = {key: value for key, value in asked.items() if key != "required"}
        return {**data, "response": {"id": "response", "title": "response", "status": status, **rest}}

    @property
    def words(self) -> str:
        """The words of the report."""
        return self.label or self.id

    @property
    def asks(self) -> Element | None:
        """What is entered with the answer; None where it stands alone."""
        return self.response or (_OWN_WORDS if self.fill_in else None)


class Judged(Frozen):
    """A yes/no question by which the pathologist says whether an element applies.

    `title` is its title on the form; `no` is what the report prints in place of an answer where it does not apply.
    """

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    no: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ElementBase(Frozen):
    """What every kind of element has."""

    id: ElementId
    title: Words
    label: str = ""
    status: Status = Status.optional
    applies_when: str = ""
    required_when: str = ""  # narrows a conditional element: it may be entered wherever it applies, and must be here
    undetermined: str = ""  # the words of "cannot be determined", where that is an answer; it needs a reason
    help: str = ""
    foreign_id: ForeignId = ""
    codes: tuple[Code, ...] = ()
    source: SourceRef = Field(default_factory=dict)
    asked_by: SourceRef = Field(default_factory=dict)  # the accreditations that ask for it, each with its scope
    aliases: tuple[str, ...] = ()
    chapter: Chapter = Chapter.synoptic
    followups: tuple[Element, ...] = ()
    under: tuple[str, ...] = ()  # the answers of the element above that this follow-up belongs to; empty: any answer
    independent: bool = False  # a follow-up that is asked whatever is answered above it, or is not answered there
    judged: Judged | None = None  # where the pathologist, and no condition alone, decides whether it applies

    @property
    def name(self) -> str:
        """The name by which the report calls it; where it prints the answer alone, a gap still needs the title."""
        return self.title if self.label in ("", NO_LABEL) else self.label

    @property
    def unlabeled(self) -> bool:
        """Whether its answer is printed without a name."""
        return self.label == NO_LABEL

    @property
    def plain_name(self) -> str:
        """The name without words that depend on answers: the title, where the label has such words."""
        return self.title if "{{" in self.name else self.name


class ChoiceElement(ElementBase):
    """One answer of a list, or (with `multiple`) several."""

    kind: Literal["choice"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=1)]
    multiple: bool = False
    other: bool = True  # whether "other", with words of the pathologist's own, is an answer too
    by_convention: bool = False  # whether a convention decides it and no finding, so that a profile may answer it
    usual: tuple[Words, ...] = ()  # what a laboratory's profile answers where the case enters nothing

    @model_validator(mode="before")
    @classmethod
    def _takes_other(cls, data: object) -> object:
        """Add the choice "other" to what the file lists; a list that has one of its own keeps it."""
        if isinstance(data, dict) and str(data.get("other", "true")).lower() in ("true", "yes"):
            choices = data.get("choices") or ()
            if isinstance(choices, list | tuple) and not any(_id(choice) == OTHER for choice in choices):
                return {**data, "choices": [*choices, {"id": OTHER, "fill_in": True}]}
        return data

    def choice(self, id: str) -> Choice | None:
        """The choice of that id."""
        return next((choice for choice in self.choices if choice.id == id), None)

    def choice_as_typed(self, word: str) -> Choice | None:
        """The choice of that id, in capital or small letters."""
        folded = word.casefold()
        return next((choice for choice in self.choices if choice.id.casefold() == folded), None)


class QuantityElement(ElementBase):
    """A measurement: a number with a comparator and a unit, or up to three dimensions of one thing."""

    kind: Literal["quantity"]
    unit: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1),
        AfterValidator(lambda unit: unit * (unit != NO_UNIT)),
    ]  # empty: a number without a unit
    units: dict[str, Decimal] = Field(default_factory=dict)  # other accepted units → how many of `unit` one of them is
    dimensions: Annotated[int, Field(ge=1, le=3)] = 1
    bounds: bool = True  # whether it takes `<` and `>`
    about: bool = True  # whether it takes "~", which conditions read as the number itself
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None  # the most behind the point, in `unit`
    rounded: Annotated[int, Field(ge=0, le=6)] | None = None  # the decimals to which it is printed rounded as well
    at_least: Annotated[str, Field(pattern=r"^(|[^\W\d_].*)$")] = ""  # the words of a minimum, where that is an answer
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None

    def factor(self, unit: str) -> Decimal | None:
        """How many of this element's unit one `unit` is; None for a unit it does not take."""
        return Decimal(1) if unit == self.unit else self.units.get(unit)


class CountElement(ElementBase):
    """A count, plain or per something (`10 HPF`, `mm²`); the first of `per` is what conditions compare."""

    kind: Literal["count"]
    per: tuple[str, ...] = ()
    about: bool = True  # whether it takes "~", which conditions read as the number itself
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(100_000)


class TextElement(ElementBase):
    """The pathologist's own words; with `lines`, line breaks are kept; an `identifier` is held to what identifies."""

    kind: Literal["text"]
    lines: bool = False
    identifier: bool = False
    maximum: int = LONGEST
    part: bool = False  # whether it names another part of the case, by its letter


class DateElement(ElementBase):
    """A calendar day; with `coarse`, a year or a month is an answer too."""

    kind: Literal["date"]
    coarse: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """How it may be written."""
        return ("YYYY-MM-DD", "YYYY-MM", "YYYY") if self.coarse else ("YYYY-MM-DD",)


class GroupElement(ElementBase):
    """Elements under one key; with `repeats`, a list of such."""

    kind: Literal["group"]
    elements: tuple[Element, ...]
    repeats: bool = False
    heading: HeadingText = ""


class NoteElement(ElementBase):
    """Words of the form itself, which take no answer; with `print`, the report prints them where they apply."""

    kind: Literal["note"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    print: bool = False


class Stain(Frozen):
    """One marker of a panel; `core` stains are those of which at least one must be answered."""

    id: ElementId
    title: str = ""
    core: bool = False
    foreign_id: ForeignId = ""
    aliases: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    source: SourceRef = Field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return (self.id, self.title or self.id, *self.aliases)


class PanelElement(ElementBase):
    """A stain panel: each stain takes the same results and the same details (extent, intensity, block)."""

    kind: Literal["panel"]
    stains: tuple[Stain, ...]
    results: tuple[Choice, ...]
    details: tuple[Element, ...] = ()
    other: str = ""  # the title of further stains, entered by name; empty: none are taken


Element = Annotated[
    ChoiceElement
    | QuantityElement
    | CountElement
    | TextElement
    | DateElement
    | GroupElement
    | PanelElement
    | NoteElement,
    Field(discriminator="kind"),
]
_OWN_WORDS = TextElement.model_construct(kind="text", id="response", title="response", status=Status.core)
