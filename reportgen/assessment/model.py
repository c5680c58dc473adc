"""The assessment of one part."""

from __future__ import annotations

from typing import NamedTuple

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
        return self.level is Level.stop and not self.acknowledged

    @property
    def warns(self) -> bool:
        """Whether it is more than a note: a warning, a stop, or a level that this program does not know yet."""
        return self.level is not Level.note

    @property
    def holds(self) -> bool:
        """Whether it keeps the report from being finalised."""
        return self.warns and not self.acknowledged

    @property
    def words(self) -> str:
        """Its title and what it says, on one line."""
        return f"{self.title}: {' '.join(self.say.split())}"


class Assessment(NamedTuple):
    """The assessment of one part."""

    completeness: Completeness
    criteria: tuple[CriterionState, ...]
    advisories: tuple[AdvisoryState, ...]
