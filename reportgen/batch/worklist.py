"""The work list of a batch: the cases that need somebody, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from reportgen.batch import results
from reportgen.batch.model import CaseState
from reportgen.batch.store import PlannedCase, Store

MOST = 500  # cases that are named one by one
_FINDINGS = 2  # of a case that has no draft, the first ones


def work_list(store: Store) -> Iterator[dict[str, object]]:
    """What the page tells of each: why it is there, and where its documents are."""
    for case in store.to_look_at(MOST):
        yield {
            "row": case.number,
            "accession": case.accession,
            "state": str(case.state),
            "open": "" if case.open is None else case.open,
            "pending": "" if case.open is None else case.pending,
            "warnings": "" if case.state is CaseState.refused else case.warnings,
            "why": tuple(_why(case)),
            "links": tuple({"address": quote(path), "name": path.rpartition(".")[2].upper()} for path in case.files),
        }


def _why(case: PlannedCase) -> Iterator[str]:
    if note := results.note(case):
        yield note
    if case.state in (CaseState.refused, CaseState.failed):
        errors = [finding for finding in case.findings if finding.refuses]
        yield from (results.told(finding) for finding in errors[:_FINDINGS])
        if len(errors) > _FINDINGS:
            yield f"and {len(errors) - _FINDINGS} more findings"
        return
    yield from (each.short for each in case.raised)
    if case.open:
        yield results.first_open(case)
