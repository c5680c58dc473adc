"""One PDF of all reports of a batch, in the order of the table, with a bookmark for each accession: to be printed.

The structure that reads a report aloud stays in the single files; a print file does without.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from reportgen.batch.model import MADE, BatchRequest
from reportgen.batch.store import Store
from reportgen.reports.load_labels import load_labels

_TOGETHER = 200  # reports that are open at once


def combined(request: BatchRequest, store: Store) -> bytes:
    """All drafts of the table as one PDF; the same reports give the same bytes."""
    groups: list[tuple[bytes, list[tuple[str, int]]]] = []
    waiting: list[tuple[str, Path]] = []
    for title, path in _reports(request, store):
        waiting.append((title, path))
        if len(waiting) == _TOGETHER:
            groups.append(_joined([(name, file) for name, file in waiting]))
            waiting = []
    if waiting:
        groups.append(_joined([(name, file) for name, file in waiting]))
    return _whole(groups)


def _reports(request: BatchRequest, store: Store) -> Iterator[tuple[str, Path]]:
    for case in store.cases(*MADE):
        for path in case.files:
            if path.endswith(".pdf") and path not in case.status.stale:
                yield case.accession, request.folder / path


def _joined(reports: list[tuple[str, Path]]) -> tuple[bytes, list[tuple[str, int]]]:
    """Some reports as one PDF, and the page on which each begins."""
    import pikepdf

    marks = []
    with pikepdf.new() as target, ExitStack() as stack:
        for title, path in reports:
            source = stack.enter_context(pikepdf.open(path))
            marks.append((title, len(target.pages)))
            target.pages.extend(source.pages)
            _without_structure(target, marks[-1][1])
        return _saved(target), marks


def _without_structure(target: object, first: int) -> None:
    """Cut the pages from structure trees that do not come along."""
    for page in target.pages[first:]:  # type: ignore[attr-defined]  # pikepdf's stubs lack it
        for key in ("/StructParents", "/Tabs"):
            if key in page.obj:
                del page.obj[key]


def _whole(groups: list[tuple[bytes, list[tuple[str, int]]]]) -> bytes:
    import pikepdf

    with pikepdf.new() as target, ExitStack() as stack:
        marks: list[tuple[str, int]] = []
        for data, inner in groups:
            source = stack.enter_context(pikepdf.open(io.BytesIO(data)))
            marks += [(title, page + len(target.pages)) for title, page in inner]
            target.pages.extend(source.pages)
        with target.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(title, page) for title, page in marks)
        labels = load_labels()
        target.docinfo["/Title"] = f"{labels.report_title} ({labels.draft_mark})"
        target.docinfo["/Subject"] = labels.report_subject
        return _saved(target)


def _saved(target: object) -> bytes:
    import pikepdf

    data = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate
    target.save(data, deterministic_id=True, object_stream_mode=mode)  # type: ignore[attr-defined]  # the same
    return data.getvalue()
