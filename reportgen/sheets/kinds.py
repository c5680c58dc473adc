"""The kinds of rows of a workbook: where each belongs in the files of a protocol, and what its columns say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from reportgen.sheets.codecs import ANY, CORE, LIST, PAIRS, TEXT, YES_NO, Codec

DEPTH, WHAT, MORE = "depth", "what", "more"
CONDITION = ("question", "is", "answer", "when")
"""The columns of a condition: the first three together, or the last alone."""


class Holds(Enum):
    """How the files hold the rows of one kind, under the key of the kind."""

    whole = auto()  # one mapping: what is above it, itself
    one = auto()  # one value
    list = auto()  # a list of values
    map = auto()  # values by name
    own = auto()  # values by name, without a key of their own: what else the mapping above has


Fields = dict[str, tuple[str, Codec]]


@dataclass(frozen=True)
class Kind:
    """One kind of row.

    Attributes:
        key: the key in the mapping above.
        is_mapping: whether it has several values, by key; else it is one value.
        fields: column → key and codec, for a mapping.
        condition: the key of a mapping's condition, which is in the columns of `CONDITION`.
        value: column and codec of a value; None for one that is a condition.
        name: the column of the name by which the value is held.
        below: the kinds of rows that may be below it.
        only, but: the names that are, or are not, held in this sheet.
    """

    what: str
    key: str
    holds: Holds
    fields: Fields = field(default_factory=dict)
    condition: str = ""
    value: tuple[str, Codec] | None = None
    is_mapping: bool = True
    name: str = ""
    below: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    def takes(self, name: str) -> bool:
        """Whether a name is held here."""
        return name not in self.but and (not self.only or name in self.only)

    def columns(self) -> Iterator[str]:
        """The columns in which such a row may say something."""
        yield from filter(None, (self.name, self.value[0] if self.value else ""))
        yield from CONDITION if self.condition or self.is_condition else ()
        yield from (*self.fields, MORE) if self.is_mapping else ()

    @property
    def is_condition(self) -> bool:
        """Whether its one value is a condition."""
        return not self.is_mapping and self.value is None


@dataclass(frozen=True)
class SheetPlan:
    """One sheet: its columns, each with its help and its width, and the kinds of its rows."""

    name: str
    columns: dict[str, tuple[str, int]]
    kinds: dict[str, Kind]
    top: dict[str, str]  # the kinds that are below nothing → the file that they belong to
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)  # column → the words of its drop-down


def _fields(*names: str, **others: str | tuple[str, Codec]) -> Fields:
    """Columns that are called as their keys, and others with the keys that they are for."""
    found: Fields = {name: (name, _CODECS.get(name, TEXT)) for name in names}
    for column, key in others.items():
        found[column] = key if isinstance(key, tuple) else (key, _CODECS.get(column, TEXT))
    return found


_CODECS = {
    "under": LIST, "uses": LIST, "source": PAIRS, "several": YES_NO, "gap": YES_NO, "override": YES_NO,
}  # fmt: skip
_SENTENCES = frozenset({"wording", "advisories", "facts"})
"""What of the changes to fragments is in the sheet of sentences."""
_BELOW_QUESTION = ("answer", "stain", "result", "detail", "question", "follow-up", "code", "append")


def _question(what: str, key: str, holds: Holds = Holds.list) -> Kind:
    fields = _fields(
        "id", "kind", "title", "label", "status", "under", "undetermined", "unit", "minimum", "maximum", "help",
        "chapter", "source", several="multiple", value="text",
    )  # fmt: skip
    return Kind(what, key, holds, fields, "applies_when", below=_BELOW_QUESTION)


def _answer(what: str, key: str) -> Kind:
    fields = _fields("id", "title", "label", "key", "help")
    return Kind(what, key, Holds.list, fields, below=("response", "follow-up", "code"))


def _value(what: str, key: str, column: str, holds: Holds = Holds.one, codec: Codec = TEXT, name: str = "") -> Kind:
    return Kind(what, key, holds, value=(column, codec), is_mapping=False, name=name)


def _named(*kinds: Kind) -> dict[str, Kind]:
    return {kind.what: kind for kind in kinds}


FORM = SheetPlan(
    "Form",
    {
        DEPTH: ("its depth: 1 is below the last 0 above it, 2 below the last 1 …", 7),
        WHAT: ("what the row is", 14),
        "id": ("its short name; of an answer, what a case file says", 30),
        "kind": ("of a question: what it asks for", 11),
        "title": ("its title on the form", 38),
        "label": ("what the report prints, if that is shorter", 24),
        "status": ("core: always required; conditional: where it applies", 12),
        CONDITION[0]: ("it applies where the answer to this question", 20),
        CONDITION[1]: ("compares so", 14),
        CONDITION[2]: ("with this; several with | between them", 22),
        CONDITION[3]: ("or the condition in full", 28),
        "under": ("of a follow-up: the answers it belongs to, with | between them", 20),
        "undetermined": ("the words of cannot be determined, if that is an answer", 20),
        "several": ("yes: several answers", 9),
        "unit": ("of a measurement", 9),
        "minimum": ("of a number", 10),
        "maximum": ("of a number", 10),
        "value": ("a text, a number or a fragment", 30),
        "key": ("of an answer: its key on the desk", 7),
        "help": ("help on the form", 24),
        "chapter": ("where it is printed", 12),
        "source": ("where it comes from, one a line, as name: page or heading", 32),
        MORE: ("what has no column, one a line, as in the file", 40),
    },
    _named(
        Kind(
            "protocol", "", Holds.whole, _fields("id", "title"),
            below=(
                "version", "summary", "report title", "review", "use", "change", "code", "answer key", "threshold",
                "macro", "section",
            ),
        ),
        _value("version", "version", "value"),
        _value("summary", "summary", "value"),
        _value("report title", "report_title", "value"),
        _value("review", "review", "value"),
        _value("use", "use", "value", Holds.list),
        Kind("change", "change", Holds.map, name="id", below=("order", "changed", "append"), but=_SENTENCES),
        Kind(
            "changed", "", Holds.own, _fields("title", "label", "status", "help", "source"), "applies_when", name="id",
            below=("order", "append"),
        ),
        _value("order", "order", "value", codec=LIST),
        Kind(
            "append", "append", Holds.list, _fields("id", "kind", "title", "label", "status", "source"), "applies_when",
            below=tuple(each for each in _BELOW_QUESTION if each != "append"),
        ),
        Kind("code", "codes", Holds.list, _fields(id="code", label="system", title="meaning"), "when"),
        _value("answer key", "answer_keys", "key", Holds.map, name="id"),
        Kind(
            "threshold", "thresholds", Holds.list,
            _fields("id", "title", "minimum", "maximum", "source", value="number"),
        ),
        Kind("macro", "macros", Holds.list, _fields("id", "title", "key", "source"), below=("given",)),
        _value("given", "answers", "value", Holds.map, ANY, name="id"),
        Kind(
            "section", "sections", Holds.list, _fields("id", "title", label="heading"), "applies_when",
            below=("question",),
        ),
        _question("question", "elements"),
        _question("follow-up", "followups"),
        _question("detail", "details"),
        _question("response", "response", Holds.one),
        _answer("answer", "choices"),
        _answer("result", "results"),
        Kind("stain", "stains", Holds.list, _fields("id", "title", "source", status=("core", CORE)), below=("code",)),
    ),
    {"protocol": "protocol"},
    {
        "kind": ("choice", "quantity", "count", "text", "date", "group", "note", "panel"),
        "status": ("core", "conditional", "optional"),
        "several": ("yes", "no"),
        "chapter": ("synoptic", "stains", "microscopic", "gross", "none"),
    },
)  # fmt: skip


def _statement(what: str, holds: Holds = Holds.list) -> Kind:
    return Kind(what, what, holds, _fields("id", "title", "override"), below=("clause", "quiet"))


SENTENCES = SheetPlan(
    "Sentences",
    {
        DEPTH: ("its depth: 1 is below the last 0 above it, 2 below the last 1 …", 7),
        WHAT: ("what the row is", 14),
        "id": ("its short name", 28),
        "title": ("its title", 28),
        "level": ("of an advisory: how loud", 10),
        CONDITION[0]: ("it holds where the answer to this question", 24),
        CONDITION[1]: ("compares so", 14),
        CONDITION[2]: ("with this; several with | between them", 24),
        CONDITION[3]: ("or the condition in full", 44),
        "say": ("the words; answers in double braces: {{ size }}", 60),
        "gap": ("yes: the pathologist must word it", 8),
        "override": ("yes: the pathologist may word it", 10),
        "uses": ("answers in the words that the condition does not ask for, with | between them", 26),
        "source": ("where it comes from, one a line, as name: page or heading", 36),
        MORE: ("what has no column, one a line, as in the file", 40),
    },
    _named(
        Kind("fact", "facts", Holds.list, _fields("id"), "when"),
        Kind("criterion", "criteria", Holds.list, _fields("id", "title", "source"), below=("met", "unmet")),
        Kind("met", "met", Holds.one, is_mapping=False),
        Kind("unmet", "unmet", Holds.one, is_mapping=False),
        Kind("advisory", "advisories", Holds.list, _fields("id", "title", "source"), below=("remark",)),
        Kind("remark", "levels", Holds.list, _fields("level", "say"), "when"),
        Kind("unjudged", "unjudged", Holds.one, _fields("id", "title", "say", "source")),
        Kind(
            "contradiction", "contradictions", Holds.list, _fields("id", "say", "source", uses=("elements", LIST)),
            "when",
        ),
        Kind("change", "change", Holds.map, name="id", below=("order", "changed", "append"), only=_SENTENCES),
        Kind(
            "changed", "", Holds.own, _fields("title", "say", "uses", "source"), "when", name="id",
            below=("order", "append", "quiet"),
        ),
        _value("order", "order", "say", codec=LIST),
        Kind(
            "append", "append", Holds.list, _fields("id", "title", "level", "say", "gap", "uses", "source"), "when",
            below=("clause", "quiet", "remark"),
        ),
        Kind("term", "terms", Holds.list, _fields("id"), below=("clause",)),
        _statement("header", Holds.one),
        _statement("diagnosis"),
        _statement("comment"),
        Kind("clause", "clauses", Holds.list, _fields("id", "say", "gap", "uses", "source"), "when"),
        Kind("quiet", "quiet", Holds.list, _fields(say="why"), "when"),
        _value("other", "", "say", Holds.own, ANY, name="id"),
    ),
    {
        "fact": "protocol", "criterion": "protocol", "advisory": "protocol", "unjudged": "protocol",
        "contradiction": "protocol", "change": "protocol", "term": "wording", "header": "wording",
        "diagnosis": "wording", "comment": "wording", "other": "wording",
    },
    {"level": ("note", "warning", "stop"), "gap": ("yes", "no"), "override": ("yes", "no")},
)  # fmt: skip
SOURCES = SheetPlan(
    "Sources",
    {
        DEPTH: ("always 0", 7),
        WHAT: ("always source", 10),
        "id": ("the short name that rows give under source", 24),
        "title": ("its title", 60),
        "cite": ("where it was published", 80),
        MORE: ("what has no column", 20),
    },
    _named(Kind("source", "sources", Holds.map, _fields("title", "cite"), name="id")),
    {"source": "protocol"},
)
CASES = SheetPlan(
    "Cases",
    {
        DEPTH: ("its depth: 1 is below the last 0 above it, 2 below the last 1 …", 7),
        WHAT: ("what the row is", 12),
        "name": ("of a scenario: its name; of an answer: the question; of what is raised: the advisory", 50),
        "value": ("the answer, or the words that the report must have; an empty answer takes it out", 90),
        MORE: ("what has no column", 40),
    },
    _named(
        _value("about", "about", "value"),
        _value("base", "base", "value"),
        Kind("case", "case", Holds.one, below=("answer", "part")),
        Kind("part", "parts", Holds.list, below=("answer",)),
        _value("answer", "", "value", Holds.own, ANY, name="name"),
        Kind(
            "scenario", "scenarios", Holds.list, _fields(name="name"),
            below=(
                "about", "base", "case", "change", "header", "diagnosis", "comment", "says", "never", "clause",
                "raised", "silenced", "open", "pair", "criterion",
            ),
        ),
        _value("change", "change", "value", Holds.map, ANY, name="name"),
        _value("header", "header", "value"),
        _value("diagnosis", "diagnosis", "value", Holds.list),
        _value("comment", "comment", "value", Holds.list),
        _value("says", "says", "value", Holds.list),
        _value("never", "never", "value", Holds.list),
        _value("raised", "advisories", "value", Holds.map, ANY, name="name"),
        _value("clause", "clauses", "value", Holds.map, name="name"),
        _value("silenced", "silenced", "value", Holds.list),
        _value("open", "gaps", "value", Holds.list),
        _value("pair", "pairs", "value", Holds.map, name="name"),
        _value("criterion", "criteria", "value", Holds.map, name="name"),
        _value("other", "", "value", Holds.own, ANY, name="name"),
    ),
    {
        "about": "scenarios", "base": "scenarios", "case": "scenarios", "raised": "scenarios", "scenario": "scenarios",
        "other": "scenarios",
    },
)  # fmt: skip
SHEETS = (FORM, SENTENCES, SOURCES, CASES)
