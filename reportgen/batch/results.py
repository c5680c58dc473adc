"""results.csv: what became of every row of the table, in its order, and of the cases of earlier tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import chain

from reportgen.assessment.model import Raised
from reportgen.batch.history import EarlierCase, Run
from reportgen.batch.model import CaseState, Newer
from reportgen.batch.store import PlannedCase, Store
from reportgen.findings import Finding, counted

HEADINGS = (
    "row", "accession", "status", "findings", "files", "advisories", "warnings", "open", "pending",
    "first open items", "acknowledged stops", "note", "table", "table hash", "run",
)  # fmt: skip
_FORMULA = tuple("=+-@\t\r")  # what a spreadsheet may take as the beginning of a formula
_HASH = 16  # digits of a table's hash that are written
_NEWER = {
    Newer.table: "the table has newer data than this draft",
    Newer.settings: "other settings or another version of the program would make it otherwise",
    Newer.either: "the table, the settings or the program are newer than this draft",
}


def table(store: Store, earlier: Iterable[EarlierCase], run: Run, *, raw: bool = False) -> bytes:
    """One line for each row, then one for each earlier case; UTF-8 with a byte order mark, which spreadsheets ask for.

    A cell that a spreadsheet could run as a formula begins with an apostrophe, unless `raw`.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    lines = (_cells(row, accession, case, run) for row, accession, case in store.lines())
    for cells in chain(lines, map(_earlier, earlier)):
        writer.writerow([cell if raw else guarded(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. Source: threat 16 of the project's threat list."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cells(row: int, accession: str, case: PlannedCase, run: Run) -> tuple[str, ...]:
    findings = "; ".join(told(finding) for finding in case.findings if _row(finding, case) == row)
    own = [each for each in case.raised if _row(each, case) == row]
    stops = [each for each in own if each.state.level.stops and each.state.acknowledged]
    is_open = ("", "", "") if case.open is None else (str(case.open), str(case.pending), first_open(case))
    return (
        str(row), accession, str(case.state), findings, " ".join(case.files), "; ".join(each.short for each in own),
        "" if case.state is CaseState.refused else str(case.warnings), *is_open,
        "; ".join(each.short for each in stops), note(case), run.table, run.hash[:_HASH], run.began,
    )  # fmt: skip


def _earlier(case: EarlierCase) -> tuple[str, ...]:
    own = {"accession": case.accession, "status": f"earlier table ({case.state})", "files": " ".join(case.files)}
    of = {"table": case.run.table, "table hash": case.run.hash[:_HASH], "run": case.run.began}
    return tuple({**own, **of}.get(heading, "") for heading in HEADINGS)


def first_open(case: PlannedCase) -> str:
    """The first open items of a case, by name."""
    more = (case.open or 0) - len(case.first)
    return "; ".join((*case.first, *([f"and {more} more"] if more > 0 else ())))


def note(case: PlannedCase) -> str:
    """What is to be known of the documents of a case beside its status; "" where there is nothing."""
    compared, said = case.status, []
    if case.state is CaseState.edited:
        said.append("edited after it was made, and kept")
    elif compared.held:
        said.append("open in a word processor, and not made anew")
    elif case.state is CaseState.moved:
        said.append("its documents were moved away and are not made again; --again with the accession makes them")
    elif case.files and case.state in (CaseState.refused, CaseState.failed, CaseState.waiting):
        said.append("an earlier draft of this case is in the folder")
    if (
        case.state not in (CaseState.rendered, CaseState.kept)
        and compared.newer
        and (case.files or case.state is CaseState.moved)
    ):
        said.append(_NEWER[compared.newer])
    if compared.stale and case.state not in (CaseState.refused, CaseState.failed, CaseState.waiting):
        said.append(f"made from older data or settings: {' '.join(compared.stale)}")
    if compared.gone and case.state is not CaseState.moved:
        said.append(f"no longer in the folder: {counted(len(compared.gone), 'document')}")
    return "; ".join(said)


def _row(each: Finding | Raised, case: PlannedCase) -> int:
    """The row that something was found in; for what concerns the case as a whole, its first row."""
    digits = "".join(char for char in each.place.cell.rpartition("!")[2] if char.isdigit())
    return int(digits) if digits else case.number


def told(finding: Finding) -> str:
    """A finding with its cell and its next step, for a cell of a table."""
    about = f"{finding.about}: " if finding.about else ""
    where = f"{finding.place.cell} " if finding.place.cell else ""
    return f"{where}{finding.code} {about}{finding.message} ({finding.step})"
