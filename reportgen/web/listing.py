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
    """What somebody wants to see of the list."""

    words: str = ""  # the words that the accession, the patient or the name of the file must have, all of them
    status: str = ""  # the status that it must have; any where it is empty
    sort: str = SORTS[0]
    page: int = 0  # from 0 on

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
    """One page of the list."""

    lines: tuple[Line, ...]
    found: int  # how many cases the view has on all its pages, as far as they are known
    view: View  # its page is one that exists
    pages: int  # how many there are, at least one
    counts: dict[Status, int]  # how many cases of the folder have each status
    others: tuple[tuple[str, str], ...]  # files of the folder that are not cases, with their ids
    unknown: int  # how many files have not been looked at yet
