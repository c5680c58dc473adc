"""What the work list shows: its lines, what somebody wants to see of them, and a page of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reportgen.findings import Finding

ROWS = 50  # of one page of the list
SORTS = ("changed", "accession", "patient", "file", "status")


class Status(StrEnum):
    """How far a case is, for the work list."""

    unknown = "not looked at yet"
    refused = "not in order"
    stopped = "stopped"
    draft = "draft"
    complete = "complete"
    finalized = "finalized"
    changed = "changed since finalized"


@dataclass(frozen=True)
class Line:
    """One case of the work list; the texts are empty where they cannot be read.

    `twins` is what it has in common with another case of the folder and may not have.
    """

    id: str
    name: str
    status: Status
    accession: str = ""
    patient: str = ""
    titles: tuple[str, ...] = ()
    open: int = 0
    warnings: int = 0
    changed: float = 0.0
    twins: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class View:
    """What somebody wants to see of the list.

    Attributes:
        words: the words that the accession, the patient or the name of the file must have, all of them.
        status: the status that it must have; any where it is empty.
        sort: what it is sorted by, one of `SORTS`.
        page: which page, from 0 on.
    """

    words: str = ""
    status: str = ""
    sort: str = SORTS[0]
    page: int = 0

    @property
    def needs_heads(self) -> bool:
        """Whether every head must be known to tell which rows there are."""
        return bool(self.words.split()) or self.sort in ("accession", "patient")

    @property
    def needs_lines(self) -> bool:
        """Whether every line must be known for that."""
        return bool(self.status) or self.sort == "status"


@dataclass(frozen=True)
class Shown:
    """One page of the list.

    Attributes:
        lines: its rows.
        found: how many cases the view has on all its pages, as far as they are known.
        view: the view; its page is one that there is.
        pages: how many pages there are, at least one.
        counts: how many cases of the folder have each status.
        others: files of the folder that are no cases, with their ids.
        unknown: how many files have not been looked at yet.
    """

    lines: tuple[Line, ...]
    found: int
    view: View
    pages: int
    counts: dict[Status, int]
    others: tuple[tuple[str, str], ...]
    unknown: int
