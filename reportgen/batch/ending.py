"""What remains at the end of a batch: results.csv, summary.html and, where asked for, one PDF of all reports."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from reportgen import files
from reportgen.batch import combine, names, results, summary
from reportgen.batch.journal import Journal
from reportgen.batch.model import Order, State
from reportgen.batch.places import content
from reportgen.batch.plan import Tally, not_ours
from reportgen.batch.store import Store
from reportgen.findings import Finding, FindingsError, Place


def replaceable(order: Order, store: Store) -> set[str]:
    """The files of the ending that stand there and may be replaced.

    Raises:
        FindingsError: E508 where one stands there that no batch wrote, E505 where the PDF of all reports would take the
            place of one report.
    """
    there = order.place.contents(names.OWN)
    if order.combine and (digest := content(order.combine)):
        there[_known_as(order, order.combine)] = digest
    if not order.overwrite:
        foreign = [order.place.shown(path) for path, digest in there.items() if not store.is_ours(path, digest)]
        if foreign:
            raise FindingsError(map(not_ours, foreign))
    if order.combine:
        own = os.path.relpath(order.combine.resolve().with_suffix(""), order.folder.resolve())
        for case in store.cases(State.waiting, State.rendered):
            if case.stem.casefold() == own.casefold():
                message = f"would take the place of the report of row {case.number}"
                raise FindingsError([Finding("E505", Place(str(order.combine)), "", message)])
    return set(there)


def write(order: Order, store: Store, tally: Tally, journal: Journal, there: set[str], *, complete: bool) -> int:
    """Write what remains; returns how many documents of earlier runs this table no longer gives."""
    left = list(_left(order, store))
    made = {names.OWN[0]: results.table(store, raw=order.raw_csv)}
    made[names.OWN[1]] = summary.page(order, store, tally, left).encode()
    for path, data in made.items():
        _note(journal, path, data)
        order.place.put({path: data}, overwrite=path in there)
    if order.combine and complete:
        data, path = combine.combined(order, store), _known_as(order, order.combine)
        _note(journal, path, data)
        files.write_files({order.combine: data}, overwrite=path in there)
    return len(left)


def _note(journal: Journal, path: str, data: bytes) -> None:
    journal.add(do="write", files={path: hashlib.sha256(data).hexdigest()})


def _known_as(order: Order, path: Path) -> str:
    return os.path.relpath(path.resolve(), order.folder.resolve())


def _left(order: Order, store: Store) -> Iterator[str]:
    """Documents of earlier runs that stand in the folder and are no case's now."""
    place = order.place
    return (path for path in store.earlier_files() if place.has(path))
