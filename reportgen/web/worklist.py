"""The work list: what each file of the folder is, kept in memory and read in pieces.

Three things are known of a file, each at a higher price: that it exists (its stamp), whose case it is (its head), and
how far it is (its line, for which the case is evaluated). A page of the list reads what its rows need, as far as its
time allows; it says how much is still to come, and asks again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from threading import RLock

from reportgen.cases.identifiers import identifier_key
from reportgen.cases.model import ESSENTIAL
from reportgen.cases.twins import twins
from reportgen.clock import today
from reportgen.findings import Finding, FindingsError
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.load import load_header
from reportgen.web.evaluation import Evaluation
from reportgen.web.finalized import Ledger
from reportgen.web.folder import CaseFolder, NoSuchCaseError, Stamp
from reportgen.web.heads import Head, Kind, head_in, head_of
from reportgen.web.listing import ROWS, Line, Shown, Status, View

_AT_ONCE = 10  # of them are waited for: a folder of few cases is shown whole
Look = Callable[[str, bytes], Evaluation]


@dataclass
class _Row:
    """What is known of a file so far."""

    stamp: Stamp
    head: Head | None = None
    line: Line | None = None
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def known_head(self) -> Head:
        """The head; an empty one as long as it is not known."""
        return self.head or Head()

    @property
    def is_other(self) -> bool:
        """Whether it is known that the file is not a case."""
        return self.known_head.kind is Kind.other


class WorkList:
    """The cases of one folder; `look` evaluates the content of a file."""

    def __init__(self, folder: CaseFolder, ledger: Ledger, look: Look) -> None:
        self._folder = folder
        self._ledger = ledger
        self._look = look
        self._lock = RLock()
        self._rows: dict[str, _Row] = {}
        self._same: dict[tuple[str, str], dict[str, None]] = {}  # (what, key) → the files that have it
        self._seen = -1  # the folder's own stamp when it was last listed
        self._day: date | None = None

    def show(self, view: View, seconds: float) -> Shown:
        """A page of the list, with what can be found out in about so many seconds."""
        until = time.monotonic() + seconds
        self.refresh()
        with self._lock:
            newest = sorted(self._rows, key=lambda name: -self._rows[name].stamp.time)
        if view.needs_heads or view.needs_lines:
            self._read(newest, until)
        if view.needs_lines:
            self._read(newest, until, lines=True)
        names = self._paged(view)[1]
        self._read(names)
        self._read(names[:_AT_ONCE], lines=True)
        self._read(names, until, lines=True)
        self._read(newest, until)
        self._read(newest, until, lines=True)
        view, names, found, pages = self._paged(view)
        with self._lock:
            cases = {name: row for name, row in self._rows.items() if not row.is_other}
            no_cases = sorted((*(self._rows.keys() - cases.keys()), *self._folder.left_out))
            others = tuple((self._folder.id_of(name), name) for name in no_cases)
            counts = Counter(self._status(name, row) for name, row in cases.items())
        unknown = counts.pop(Status.unknown, 0)
        return Shown(tuple(map(self._told, names)), found, view, pages, dict(counts), others, unknown)

    def twins_of(self, name: str, evaluation: Evaluation) -> tuple[Finding, ...]:
        """What a case in this state has in common with another of the folder and may not have."""
        self._know_heads()
        with self._lock:
            own = self._rows.get(name)
            if own is None:
                return ()
            if evaluation.data is not None:
                self._put(name, own, head_in(evaluation.data, load_header()))
            return self._found(name)

    def with_accession(self, text: str) -> str:
        """The first file with an accession; "" where there is none."""
        self._know_heads()
        with self._lock:
            return min(self._same.get(("accession", identifier_key(text)), ()), default="")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While this desk itself writes into the folder: its own change does not make it list the folder again."""
        before = self._folder.tick()
        yield
        if before == self._seen:
            self._seen = self._folder.tick()

    def refresh(self) -> None:
        """List the folder: forget what is gone, and what was known of a file that is another now."""
        tick = self._folder.tick()
        fixed = self._ledger.stamps()
        listed = self._folder.stamps()
        stamps = {name: stamp._replace(fixed=fixed.get(self._ledger.stem(name), ())) for name, stamp in listed}
        with self._lock:
            if self._day != today():  # what a case comes to hangs on the day
                self._day = today()
                for row in self._rows.values():
                    row.line = None
            for name in self._rows.keys() - stamps.keys():
                self._drop(name)
            for name, stamp in stamps.items():
                known = self._rows.get(name)
                if known is None:
                    self._rows[name] = _Row(stamp)
                elif known.stamp != stamp:
                    known.stamp, known.line = stamp, None
                    self._put(name, known, None)
            self._seen = tick

    # --- inside

    def _know_heads(self) -> None:
        """Know the head of every file; the folder is listed only where something came or went since."""
        if self._seen != self._folder.tick():
            self.refresh()
        with self._lock:
            unread = [each for each, row in self._rows.items() if row.head is None]
        self._read(unread)

    def _read(self, names: Iterable[str], until: float = float("inf"), *, lines: bool = False) -> None:
        """Read the heads, or the lines, of files whose own is not known yet, as long as there is time."""
        form = load_header()
        for name in names:
            row = self._rows.get(name)
            if row is None or (row.line or row.is_other if lines else row.head):
                continue
            if time.monotonic() > until:
                return
            stamp = row.stamp
            try:
                found = self._line(name, row) if lines else self._head(name, form)
            except NoSuchCaseError:  # deleted meanwhile
                with self._lock:
                    self._drop(name)
                continue
            with self._lock:
                if row.stamp != stamp:
                    continue
                if isinstance(found, Line):
                    row.line = found
                else:
                    self._put(name, row, found)

    def _head(self, name: str, form: CompiledForm) -> Head:
        try:
            return head_of(self._folder.read(name), name, form)
        except FindingsError:
            return Head()

    def _line(self, name: str, row: _Row) -> Line:
        id = self._folder.id_of(name)
        try:
            content = self._folder.read(name)
            evaluation = self._look(name, content)
        except FindingsError:
            return Line(id, name, Status.refused)
        if row.head is None:
            with self._lock:
                self._put(name, row, head_in(evaluation.data, load_header()))
        line = _line(id, name, evaluation)
        try:
            fixed = self._ledger.in_force(name)
        except FindingsError:
            return replace(line, status=Status.changed)
        if fixed is None:
            return line
        return replace(line, status=Status.finalized if fixed.is_of(evaluation.revision) else Status.changed)

    def _told(self, name: str) -> Line:
        """A line with what it has in common with others."""
        with self._lock:
            row = self._rows[name]
            head = row.known_head
            line = row.line or Line(self._folder.id_of(name), name, Status.unknown, head.accession, head.patient)
            status, found = self._status(name, row), self._found(name)
        return replace(line, status=status, twins=found, changed=row.stamp.time / 1e9)

    def _status(self, name: str, row: _Row) -> Status:
        """How far a case is; one that cannot be finalized for its twins is not complete."""
        status = row.line.status if row.line else Status.unknown
        return Status.draft if status is Status.complete and self._found(name) else status

    def _matching(self, view: View) -> list[str]:
        """The names of the cases of a view, sorted."""
        wanted = view.words.casefold().split()
        kept = []
        with self._lock:
            for name, row in self._rows.items():
                head = row.known_head
                text = f"{head.accession} {head.patient} {name}".casefold()
                if row.is_other or not all(word in text for word in wanted):
                    continue
                status = self._status(name, row) if view.needs_lines else Status.unknown
                if not view.status or status == view.status:
                    kept.append((_order(view.sort, name, row, status), name))
        return [name for _, name in sorted(kept)]

    def _paged(self, view: View) -> tuple[View, list[str], int, int]:
        names = self._matching(view)
        pages = max(1, -(-len(names) // ROWS))
        page = min(max(0, view.page), pages - 1)
        return replace(view, page=page), names[page * ROWS : (page + 1) * ROWS], len(names), pages

    def _put(self, name: str, row: _Row, head: Head | None) -> None:
        """Note the head of a file, and which numbers it has."""
        for key in row.keys:
            self._same[key].pop(name, None)
            if not self._same[key]:
                del self._same[key]
        row.head = head
        row.keys = _keys(head) if head else ()
        for key in row.keys:
            self._same.setdefault(key, {})[name] = None

    def _drop(self, name: str) -> None:
        if row := self._rows.pop(name, None):
            self._put(name, row, None)

    def _found(self, name: str) -> tuple[Finding, ...]:
        """What a file has in common with the files that have one of its numbers."""
        row = self._rows[name]
        beside = dict.fromkeys(sorted(each for key in row.keys for each in self._same[key]))
        if len(beside) < 2:
            return ()
        return twins({each: self._rows[each].known_head.filed(each) for each in beside}).get(name, ())


def _order(sort: str, name: str, row: _Row, status: Status) -> tuple[object, ...]:
    """The place of a case in the list; what is not known comes last, and of equals the last changed first."""
    head = row.known_head
    said = {"accession": head.accession, "patient": head.patient, "file": name}.get(sort, "").casefold()
    rank = list(Status).index(status) if sort == "status" else 0
    return (rank, not said, said, -row.stamp.time, name)


def _keys(head: Head) -> tuple[tuple[str, str], ...]:
    numbers = {"accession": head.accession, "mrn": head.mrn}
    return tuple((what, identifier_key(text)) for what, text in numbers.items() if text.strip())


def _line(id: str, name: str, evaluation: Evaluation) -> Line:
    """What an evaluation comes to, as a line of the list."""
    case = evaluation.checked.case if evaluation.checked else None
    if case is None:
        return Line(id, name, Status.refused)
    status = Status.complete if evaluation.complete else Status.draft if evaluation.in_order else Status.refused
    if status is Status.refused and len(evaluation.stopped) == len(evaluation.errors):
        status = Status.stopped
    head = {item.slot for item in evaluation.header.missing}
    essential = ESSENTIAL.keys() & head and {each.path for each in evaluation.errors} <= head
    accession, patient = ("" if path in head else case.written(path) for path in ESSENTIAL)
    titles = tuple(part.protocol.protocol.title for part in case.parts)
    status = Status.draft if essential else status
    return Line(id, name, status, accession, patient, titles, len(evaluation.missing()), evaluation.warnings)
