"""What a batch is asked for, what it says while it works, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from reportgen.assessment.model import Raised
from reportgen.batch.destinations import Destination, Folder, Remote
from reportgen.findings import Finding
from reportgen.pipeline import Settings


class CaseState(StrEnum):
    """What became of a case, in the words of results.csv."""

    waiting = "not done"  # planned, and not reached before the batch was stopped
    refused = "refused"  # its rows are not in order, or something is in the way of its documents
    rendered = "rendered"  # its documents were made by this batch
    kept = "kept"  # they were there already, as they would be made
    edited = "kept (edited)"  # somebody changed them since they were made: theirs is kept
    dated = "kept (out of date)"  # they would be made otherwise now, and were not asked for
    moved = "moved away"  # they were made, and somebody took them out of the folder
    failed = "failed"  # in order, but its documents could not be made


# in which a case has a draft in the folder
MADE = (CaseState.rendered, CaseState.kept, CaseState.edited, CaseState.dated)


class Newer(StrEnum):
    """What is newer than a draft."""

    nothing = ""
    table = "table"  # the rows of its case
    settings = "settings"  # settings, wording, profile or program
    either = "either"  # one of these: an older version did not note which


@dataclass(frozen=True)
class DraftStatus:
    """How the documents of a case compare with the plan."""

    newer: Newer = Newer.nothing  # what is newer than they are
    stale: tuple[str, ...] = ()  # those made from other data or with other settings, and not made anew
    gone: tuple[str, ...] = ()  # those that are no longer in the folder, while others of the case are
    before: bool = False  # whether an earlier start of this very batch made them
    held: bool = False  # whether somebody has one open in a word processor, which keeps it from being made anew


ALL = "all"


@dataclass(frozen=True)
class BatchRequest:
    """A batch as it was asked for."""

    table: Path  # a CSV or XLSX file
    folder: Path  # holds the journal and the lock, and the documents unless `url` names another place
    settings: Settings = field(default_factory=Settings)  # how each case is rendered
    columns: Path | None = None  # the file that maps the table's columns
    protocol: str = ""  # the protocol of rows that name none
    encoding: str = ""  # of the table, where it cannot be detected
    sheet: str = ""  # of a workbook with several
    pattern: str = "{accession}"  # how documents are named; always holds `{accession}`
    shards: bool = False  # whether documents go into sub-folders by a hash of the accession
    combine: Path | None = None  # one PDF of all reports in the order of the table
    all_or_nothing: bool = False  # whether one refused case refuses the batch
    only_failed: bool = False  # whether only those cases are rendered that an earlier run could not
    # accessions (`ALL`: every case) whose documents may be replaced although somebody edited or put them there
    overwrite: tuple[str, ...] = ()
    again: tuple[str, ...] = ()  # likewise: those whose documents are made again although somebody moved them away
    resume: bool = True  # False renders every case again whose documents nobody edited or moved away
    dry_run: bool = False  # whether to stop before the first document
    raw_csv: bool = False  # whether results.csv is written without guarding against formulas
    url: str = ""  # where the documents go, if that is not the folder

    @property
    def destination(self) -> Destination:
        """Where the documents go."""
        return Remote(self.url) if self.url else Folder(self.folder)

    def paths(self, stem: str) -> list[str]:
        """The paths of a case's documents, from their path without ending."""
        return [f"{stem}.{name}" for name in self.settings.formats]


@dataclass(frozen=True)
class Task:
    """One case for a worker."""

    number: int
    rows: tuple[bytes, ...]  # pickled `Row`s, which the parent never unpickles
    key: str = ""  # its accession, in the form in which accessions are compared
    stem: str = ""  # the path of its documents without ending
    digest: str = ""  # the hash of all that decides about its documents
    input: str = ""  # the hash of its rows alone
    replace: dict[str, str] = field(default_factory=dict)  # document that may be replaced → the hash it must have


@dataclass(frozen=True)
class CheckResult:
    """What checking one case found; an error among the findings refuses the case."""

    number: int
    findings: tuple[Finding, ...] = ()
    stem: str = ""  # the name of its documents, without folder and ending
    digest: str = ""  # as in `Task`
    input: str = ""
    raised: tuple[Raised, ...] = ()  # the warnings and stops of its protocols
    warnings: int = 0  # how many warnings there are, those among the findings included


@dataclass(frozen=True)
class CaseStats:
    """What one case adds to the summary."""

    # (protocol, element, its name, `answered`, `pending` or `open`) for each required element
    elements: tuple[tuple[str, str, str, str], ...] = ()
    advisories: tuple[tuple[str, str, str], ...] = ()  # (id, title, level) of each one raised
    open: int = 0  # how many items are open in its report
    pending: int = 0  # how many of these are answers to come
    first: tuple[str, ...] = ()  # the first open items, by name


@dataclass(frozen=True)
class RenderResult:
    """What rendering one case came to: its files (path in the folder → sha256) or what kept it from being rendered."""

    number: int
    files: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    stats: CaseStats = field(default_factory=CaseStats)

    @property
    def is_unwritten(self) -> bool:
        """Whether the disk or the folder did not take its documents."""
        return any(finding.code == "E502" for finding in self.findings)


@dataclass(frozen=True)
class Event:
    """Something that happened while a batch runs."""

    kind: str
    data: dict[str, object] = field(default_factory=dict)  # plain, and without any value of a case
    findings: tuple[Finding, ...] = ()
    accession: str = field(default="", repr=False)  # of the case, for those who asked for values


Listen = Callable[[Event], None]


@dataclass(frozen=True)
class BatchResult:
    """How a batch ended."""

    counts: dict[CaseState, int]
    before: int = 0  # rendered cases that an earlier start of this very batch made
    warned: int = 0  # cases with a draft in the folder and with warnings
    newer: int = 0  # drafts that are kept although the table has newer data
    left: int = 0  # cases of earlier tables with documents in the folder
    stopped: bool = False  # whether the user stopped it
    broken: bool = False  # whether the disk stopped it
    planned: bool = False  # whether it ended with the plan: nothing was to be rendered, or nothing may be

    @property
    def complete(self) -> bool:
        """Whether every case has been accounted for: made, kept, or moved away by somebody."""
        lacking = (CaseState.waiting, CaseState.refused, CaseState.failed)
        return not (self.stopped or self.broken or self.planned or any(self.counts[state] for state in lacking))
