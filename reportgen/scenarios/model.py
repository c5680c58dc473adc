"""A scenario file: a case, some changes to it, and what the report of each changed case must say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, StringConstraints

from reportgen.findings import Place
from reportgen.reading.shaped import Frozen
from reportgen.reading.source import Mapping, items_at, place_at, text_at

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Answers = dict[str, object]


class RaisedAs(StrEnum):
    """How an advisory is raised: at its level, or only possibly, since something that decides is not known."""

    note = "note"
    warning = "warning"
    stop = "stop"
    possibly = "possibly"


_Levels = Annotated[
    tuple[RaisedAs, ...], BeforeValidator(lambda levels: (levels,) if isinstance(levels, str) else levels)
]


class ExpectedFinding(Frozen):
    """A finding about the case: what `names` lists and what `says` quotes must be in its message."""

    code: str
    path: str = ""
    names: tuple[str, ...] = ()
    says: str = ""


class Expected(Frozen):
    """One scenario as its file has it.

    Attributes:
        name: what is shown, in words; no other scenario of the file has the name.
        about: why, if the name does not say it.
        case: a whole case; without it, the case of the file or of `base` is changed.
        base: the name of a case file whose case is changed.
        change: path of an answer → the new answer; without a value, the answer is taken out.
        header, diagnosis, comment: the exact lines and sentences, in order.
        says: sentences that the diagnosis or the comment must have.
        never: words that they must not have.
        clauses: statement → the id of the clause that speaks, or `gap`, `own words` or `none`.
        advisories: id → level of each advisory that the change adds; of a whole case, of every advisory.
        silenced: the advisories of the unchanged case that are no longer raised.
        gaps: what the report names as open, in order; nothing if it is missing.
        pairs: element → answer in the synopsis.
        criteria: id → met, unmet or unknown.
        findings: what is found in the case, which is refused unless they are all warnings.
    """

    name: _Words
    about: str = ""
    base: str = ""
    case: _Answers | None = None
    change: _Answers = Field(default_factory=dict)
    header: str = ""
    diagnosis: tuple[str, ...] | None = None
    comment: tuple[str, ...] | None = None
    says: tuple[_Words, ...] = ()
    never: tuple[_Words, ...] = ()
    clauses: dict[str, str] = Field(default_factory=dict)
    advisories: dict[str, _Levels] = Field(default_factory=dict)
    silenced: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    pairs: dict[str, str] = Field(default_factory=dict)
    criteria: dict[str, str] = Field(default_factory=dict)
    findings: tuple[ExpectedFinding, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the case must be refused."""
        return any(not finding.code.startswith("W") for finding in self.findings)


EXPECTATIONS = frozenset(Expected.model_fields) - {"name", "about", "base", "case", "change"}


class ScenarioFile(Frozen):
    """A whole file; `advisories` are those that its own `case` raises as it is."""

    about: str = ""
    base: str = ""
    case: _Answers | None = None
    advisories: dict[str, _Levels] = Field(default_factory=dict)
    scenarios: Annotated[tuple[Expected, ...], Field(min_length=1)]


class Base(NamedTuple):
    """A case that scenarios change; `raises` is what it must raise as it is, or None if nobody says."""

    name: str
    case: Mapping
    raises: dict[str, set[str]] | None = None


@dataclass(frozen=True, eq=False)
class Scenario:
    """One case with what is expected of it.

    Attributes:
        expected: what its report must say.
        case: the case, after its changes.
        base: the case that was changed; None for a whole case.
        source: the scenario in its file.
    """

    expected: Expected
    case: Mapping
    base: Base | None
    source: Mapping

    @property
    def name(self) -> str:
        """What it shows."""
        return self.expected.name

    def place(self, *path: str | int) -> Place:
        """The place of what is expected, or of the nearest thing around it."""
        return place_at(self.source, path)

    def protocols(self) -> Iterator[str]:
        """The ids of the protocols that its case names."""
        for node in (self.case, *items_at(self.case, "parts")):
            if id := text_at(node, "protocol"):
                yield id
