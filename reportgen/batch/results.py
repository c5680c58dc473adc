"""results.csv: what became of every row of the table, in its order."""

from __future__ import annotations

import csv
import io

from reportgen.assessment.model import Raised
from reportgen.batch.model import State
from reportgen.batch.store import Planned, Store
from reportgen.findings import Finding

HEADINGS = ("row", "accession", "status", "findings", "files", "advisories", "warnings", "open")
_FORMULA = tuple("=+-@\t\r")  # what a spreadsheet may take as the beginning of a formula


def table(store: Store, *, raw: bool = False) -> bytes:
    """One line for each row; UTF-8 with a byte order mark, which spreadsheets ask for.

    Args:
        store: the batch.
        raw: write cells as they are; else one that a spreadsheet could run as a formula begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row, accession, case in store.lines():
        writer.writerow([cell if raw else guarded(cell) for cell in _cells(row, accession, case)])
    return text.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. Source: threat 16 of the project's threat list."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cells(row: int, accession: str, case: Planned) -> tuple[str, ...]:
    findings = "; ".join(_told(finding) for finding in case.findings if _row(finding, case) == row)
    raised = "; ".join(each.short for each in case.raised if _row(each, case) == row)
    paths = " ".join(case.files) if case.state is State.rendered else ""
    open = "" if case.open is None else str(case.open)
    warnings = "" if case.state is State.refused else str(case.warnings)
    return str(row), accession, str(case.state), findings, paths, raised, warnings, open


def _row(told: Finding | Raised, case: Planned) -> int:
    """The row that something stands in; what concerns the case as a whole stands in its first."""
    digits = "".join(char for char in told.place.cell.rpartition("!")[2] if char.isdigit())
    return int(digits) if digits else case.number


def _told(finding: Finding) -> str:
    path = f"{finding.path}: " if finding.path else ""
    where = f"{finding.place.cell} " if finding.place.cell else ""
    return f"{where}{finding.code} {path}{finding.message} ({finding.step})"
