"""One PDF of all reports of a batch, in the order of the table, with a bookmark for each accession: to be printed.

The structure that reads a report aloud stays in the single files; a print file does without.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.batch.model import MADE, BatchRequest
from reportgen.batch.store import Store
from reportgen.reports.load_labels import load_labels

if TYPE_CHECKING:
    from pikepdf import Pdf

_TOGETHER = 200  # reports that are open at once
_Group = tuple[bytes, list[tuple[str, int]]]  # a PDF, and the title and the first page of each of its reports


def combined(request: BatchRequest, store: Store) -> bytes:
    """All drafts of the table as one PDF; the same reports give the same bytes."""
    reports = _reports(request, store)
    groups = []
    while group := tuple(islice(reports, _TOGETHER)):
        groups.append(_joined(group))
    return _whole(groups)


def _reports(request: BatchRequest, store: Store) -> Iterator[tuple[str, Path]]:
    for case in store.cases(*MADE):
        for path in case.files:
            if path.endswith(".pdf") and path not in case.status.stale:
                yield case.accession, request.folder / path


def _joined(reports: Iterable[tuple[str, Path]]) -> _Group:
    """Some reports as one PDF, and the page on which each begins."""
    import pikepdf

    marks = []
    with pikepdf.new() as target, ExitStack() as stack:
        for title, path in reports:
            source = stack.enter_context(pikepdf.open(path))
            marks.append((title, len(target.pages)))
            target.pages.extend(source.pages)
        for page in target.pages:  # their structure trees do not come along
            for key in ("/StructParents", "/Tabs"):
                if key in page.obj:
                    del page.obj[key]
        return _saved(target), marks


def _whole(groups: Iterable[_Group]) -> bytes:
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


def _saved(target: Pdf) -> bytes:
    from pikepdf import ObjectStreamMode

    data = io.BytesIO()
    target.save(data, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return data.getvalue()
