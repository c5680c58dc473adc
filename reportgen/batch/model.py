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
    """What became of a case; the word stands in results.csv."""

    waiting = "not done"  # planned, and not reached before the batch was stopped
    refused = "refused"  # its rows are not in order, or something stands in the way of its documents
    rendered = "rendered"  # its documents were made by this batch
    kept = "kept"  # they were there already, as they would be made
    edited = "kept (edited)"  # somebody changed them since they were made: theirs is kept
    dated = "kept (out of date)"  # they would be made otherwise now, and were not asked for
    moved = "moved away"  # they were made, and somebody took them out of the folder
    failed = "failed"  # in order, but its documents could not be made


MADE = (
    CaseState.rendered,
    CaseState.kept,
    CaseState.edited,
    CaseState.dated,
)  # in which a case has a draft in the folder


class Newer(StrEnum):
    """What is newer than a draft."""

    nothing = ""
    table = "table"  # the rows of its case
    settings = "settings"  # settings, wording, profile or program
    either = "either"  # one of these: an older version did not note which


@dataclass(frozen=True)
class DraftStatus:
    """How the documents of a case compare with the plan.

    Attributes:
        newer: what is newer than they are.
        stale: those that were made from other data or with other settings, and are not made anew.
        gone: those that are no longer in the folder, while others of the case are.
        before: whether an earlier start of this very batch made them.
        held: whether somebody has one open in a word processor, which keeps it from being made anew.
    """

    newer: Newer = Newer.nothing
    stale: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    before: bool = False
    held: bool = False


ALL = "all"


@dataclass(frozen=True)
class BatchRequest:
    """A batch as it was asked for.

    Attributes:
        table: the CSV or XLSX file.
        folder: the local folder that holds the journal and the lock, and the documents unless `url` names another
            place.
        settings: how each case is rendered.
        columns: the file that maps the table's columns, if any.
        protocol: the protocol of rows that name none.
        encoding: the table's encoding, where it cannot be told.
        sheet: the sheet of a workbook with several.
        pattern: how documents are named; holds `{accession}`.
        shards: whether documents go into sub-folders by a hash of the accession.
        combine: one PDF of all reports in the order of the table.
        all_or_nothing: whether one refused case refuses the batch.
        only_failed: whether only those cases are rendered that an earlier run could not.
        overwrite: the accessions whose documents may be replaced although somebody edited or put them there; `ALL`
            among them is every case.
        again: the accessions whose documents are made again although somebody moved them away; `ALL` as for
            `overwrite`.
        resume: False renders every case again whose documents nobody edited or moved away.
        dry_run: whether to stop before the first document.
        raw_csv: whether results.csv is written without guarding against formulas.
        url: where the documents go, if that is not the folder.
    """

    table: Path
    folder: Path
    settings: Settings = field(default_factory=Settings)
    columns: Path | None = None
    protocol: str = ""
    encoding: str = ""
    sheet: str = ""
    pattern: str = "{accession}"
    shards: bool = False
    combine: Path | None = None
    all_or_nothing: bool = False
    only_failed: bool = False
    overwrite: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    resume: bool = True
    dry_run: bool = False
    raw_csv: bool = False
    url: str = ""

    @property
    def destination(self) -> Destination:
        """Where the documents go."""
        return Remote(self.url) if self.url else Folder(self.folder)

    def paths(self, stem: str) -> list[str]:
        """The paths of a case's documents, from their path without ending."""
        return [f"{stem}.{name}" for name in self.settings.formats]


@dataclass(frozen=True)
class Task:
    """One case for a worker: its rows, and for rendering the path of its documents without their ending.

    Attributes:
        number: the case.
        rows: pickled `Row`s: the parent hands them on without looking.
        key: what its accession is told apart by.
        stem: the path of its documents without ending.
        digest: the hash of all that decides about its documents.
        input: the hash of its rows alone.
        replace: the documents that may be replaced, with their hashes; one with another content may not.
    """

    number: int
    rows: tuple[bytes, ...]
    key: str = ""
    stem: str = ""
    digest: str = ""
    input: str = ""
    replace: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckResult:
    """What checking one case found.

    Attributes:
        number: the case.
        findings: everything found; an error refuses the case.
        stem: the name its documents get, without folder and ending.
        digest: the hash of all that decides about its documents.
        input: the hash of its rows alone.
        raised: the warnings and stops that it raises.
        warnings: how many warnings there are, those among the findings included.
    """

    number: int
    findings: tuple[Finding, ...] = ()
    stem: str = ""
    digest: str = ""
    input: str = ""
    raised: tuple[Raised, ...] = ()
    warnings: int = 0


@dataclass(frozen=True)
class CaseStats:
    """What one case adds to the summary.

    Attributes:
        elements: (protocol, element, its name, `answered`, `pending` or `open`) for each required element.
        advisories: (id, title, level) of each advisory raised.
        open: how many items are open in its report.
        pending: how many of these are answers to come.
        first: the first of them, by name.
    """

    elements: tuple[tuple[str, str, str, str], ...] = ()
    advisories: tuple[tuple[str, str, str], ...] = ()
    open: int = 0
    pending: int = 0
    first: tuple[str, ...] = ()


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
    """Something worth telling while a batch runs; `data` is plain and holds no value of a case.

    `accession` is that of the case, for those who asked for values.
    """

    kind: str
    data: dict[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    accession: str = field(default="", repr=False)


Listen = Callable[[Event], None]


@dataclass(frozen=True)
class BatchResult:
    """How a batch ended.

    Attributes:
        counts: how many cases are in each state.
        before: how many of the rendered ones an earlier start of this very batch made.
        warned: how many of those with a draft in the folder have warnings.
        newer: how many drafts are kept although the table has newer data.
        left: how many cases of earlier tables have documents in the folder.
        stopped: whether the user stopped it.
        broken: whether the disk stopped it.
        planned: whether it ended with the plan: nothing was to be rendered, or nothing may be.
    """

    counts: dict[CaseState, int]
    before: int = 0
    warned: int = 0
    newer: int = 0
    left: int = 0
    stopped: bool = False
    broken: bool = False
    planned: bool = False

    @property
    def complete(self) -> bool:
        """Whether every case has been accounted for: made, kept, or moved away by somebody."""
        lacking = (CaseState.waiting, CaseState.refused, CaseState.failed)
        return not (self.stopped or self.broken or self.planned or any(self.counts[state] for state in lacking))
