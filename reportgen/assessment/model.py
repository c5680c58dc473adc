"""The assessment of one part."""

from __future__ import annotations

from typing import NamedTuple

from reportgen.findings import Place
from reportgen.protocols.model import Level


class Missing(NamedTuple):
    """One required element without an answer, or an answer that is still to come; `slot` is its path."""

    slot: str
    name: str
    pending: bool = False


class Completeness(NamedTuple):
    """How many elements were required, and which of them are open."""

    required: int
    missing: tuple[Missing, ...]

    @property
    def answered(self) -> int:
        """How many required elements have an answer."""
        return self.required - sum(not item.pending for item in self.missing)


class CriterionState(NamedTuple):
    """One essential criterion: `met`, `unmet` or `unknown`, with the answers it was judged by."""

    id: str
    title: str
    state: str
    used: tuple[str, ...]
    source: str


class AdvisoryState(NamedTuple):
    """One remark to the pathologist. `certain` is false where a number entered with < or > leaves it open."""

    id: str
    title: str
    level: Level
    say: str
    used: tuple[str, ...]
    source: str
    certain: bool
    acknowledged: str = ""  # the reason, for a warning or a stop that was acknowledged

    @property
    def blocks(self) -> bool:
        """Whether it keeps the report from being rendered."""
        return self.level.stops and not self.acknowledged

    @property
    def warns(self) -> bool:
        """Whether it is more than a note, so that it must be acknowledged."""
        return self.level.warns

    @property
    def holds(self) -> bool:
        """Whether it keeps the report from being finalized."""
        return self.warns and not self.acknowledged


class Raised(NamedTuple):
    """A warning or a stop that a part raises, as it is told wherever reports are made: its place and its part."""

    place: Place
    part: str
    state: AdvisoryState

    @property
    def short(self) -> str:
        """Part, level, id and title, for a cell of a table."""
        answered = " (acknowledged)" if self.state.acknowledged else ""
        return f"{self.part}: {self.state.level.value} {self.state.id} {self.state.title}{answered}"

    def as_data(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "place": str(self.place),
            "part": self.part,
            "level": self.state.level.value,
            "id": self.state.id,
            "title": self.state.title,
            "say": " ".join(self.state.say.split()),
            "acknowledged": bool(self.state.acknowledged),
        }


def raised_line(data: dict[str, object]) -> str:
    """What was raised as `file:line:col: warning A9 parts.A: title: words`."""
    where = f"{data['place']}: " if data["place"] else ""
    answered = " (acknowledged)" if data["acknowledged"] else ""
    return f"{where}{data['level']} {data['id']} parts.{data['part']}: {data['title']}: {data['say']}{answered}"


class Assessment(NamedTuple):
    """The assessment of one part."""

    completeness: Completeness
    criteria: tuple[CriterionState, ...]
    advisories: tuple[AdvisoryState, ...]
