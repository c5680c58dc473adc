"""What remains at the end of a batch: results.csv, summary.html and, where asked for, one PDF of all reports.

These are the batch's own, and are always written anew. Where somebody changed one, or no batch wrote it, a copy is kept
beside it, with the day and time in its name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reportgen.batch import combine, names, results, summary
from reportgen.batch.compare_folder import look
from reportgen.batch.destinations import Destination, Folder, content
from reportgen.batch.history import EarlierCase, History, Run
from reportgen.batch.journal import Journal
from reportgen.batch.model import MADE, BatchRequest, CaseState
from reportgen.batch.plan import Tally
from reportgen.batch.store import Store
from reportgen.findings import Finding, Place, refuse

_COPIES = "replaced"  # the folder that holds copies of documents which were replaced because that was asked for


@dataclass(frozen=True)
class FinalFiles:
    """Writes the files that remain at the end of a batch; `report` hears where somebody's own copy of one is kept."""

    request: BatchRequest
    store: Store
    history: History
    journal: Journal
    run: Run
    report: Callable[[Finding], None]

    def write(self, tally: Tally, *, complete: bool) -> int:
        """Write what remains; returns how many cases of earlier tables have documents in the folder."""
        place = self.request.destination
        earlier = partial(self.history.earlier, partial(look, self.request, self.store))
        self._put(place, names.OWN[0], results.table(self.store, earlier(), self.run, raw=self.request.raw_csv))
        left = 0

        def counted() -> Iterator[EarlierCase]:
            nonlocal left
            for case in earlier():
                left += bool(case.files)
                yield case

        page = summary.page(self.request, self.store, tally, counted(), self.run)
        self._put(place, names.OWN[1], page.encode())
        if self.request.combine and complete and any(self.store.counts()[state] for state in MADE):
            data, target = combine.combined(self.request, self.store), self.request.combine.resolve()
            self._put(Folder(target.parent), target.name, data, os.path.relpath(target, self.request.folder.resolve()))
        return left

    def _put(self, place: Destination, path: str, data: bytes, known_as: str = "") -> None:
        name = known_as or path
        there = place.contents([path]).get(path, "")
        if there and not self.history.wrote(name, there):
            copy = _beside(place, path, self.run.began)
            place.put({copy: place.read(path)})
            message = f"was not as this folder's batch wrote it: a copy is kept as {copy}"
            hint = "look there for what was added to it"
            self.report(Finding("W340", Place(place.shown(path)), "", message, hint))
        self.journal.add(do="write", files={name: hashlib.sha256(data).hexdigest()})
        place.put({path: data}, overwrite=bool(there))


def check_combined(request: BatchRequest, store: Store, history: History) -> None:
    """Refuse a PDF of all reports that would take the place of something else.

    Raises:
        FindingsError: E505 for that of one report, E508 for a file that no batch of this folder wrote.
    """
    if not request.combine:
        return
    known_as = os.path.relpath(request.combine.resolve(), request.folder.resolve())
    if content(request.combine) and not history.knows(known_as):
        hint = "choose another name for the PDF of all reports"
        raise refuse("E508", "is not as this folder's batch wrote it", str(request.combine), hint=hint)
    own = known_as.removesuffix(request.combine.suffix)
    for case in store.cases(CaseState.waiting, *MADE):
        if case.stem.casefold() == own.casefold():
            message = f"would take the place of the report of row {case.number}"
            raise refuse("E505", message, str(request.combine))


def keep_copies(request: BatchRequest, paths: list[str], run: Run) -> str:
    """Copy documents before they are replaced; returns where the copies are, "" where there are none.

    Raises:
        FindingsError: E502 where one could not be copied; nothing was replaced then.
    """
    if not paths:
        return ""
    folder = f"{_COPIES}/{_stamp(run.began)}"
    for path in paths:
        request.destination.put({_beside(request.destination, f"{folder}/{path}"): request.destination.read(path)})
    return request.destination.shown(folder)


def _stamp(began: str) -> str:
    """A day and time as a part of a file's name: 2026-11-29-201500."""
    day, _, time = began.partition("T")
    return f"{day}-{time[:8].replace(':', '')}"


def _beside(place: Destination, path: str, began: str = "") -> str:
    """A name for a copy that nothing has yet."""
    folder, _, name = path.rpartition("/")
    above = f"{folder}/" if folder else ""
    stem = f"{Path(name).stem}-{_stamp(began)}" if began else Path(name).stem
    numbers = ("", *(f"-{number}" for number in range(2, 10_000)))
    tries = (f"{above}{stem}{number}{Path(name).suffix}" for number in numbers)
    return next(path for path in tries if not place.has(path))
