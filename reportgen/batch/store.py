"""The plan on disk: rows and cases of one run in a private temporary database, so that memory stays flat.

The database has no name and is gone with the process; what must survive is in the journal.
"""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import TypeVar

from reportgen.assessment.model import Raised
from reportgen.batch.model import MADE, CaseState, CaseStats, CheckResult, DraftStatus, RenderResult, Task
from reportgen.cases.twins import Person
from reportgen.findings import Finding
from reportgen.tables.table import Row

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE lines (number INTEGER PRIMARY KEY, key TEXT, accession TEXT, row BLOB);
CREATE TABLE cases (
    number INTEGER PRIMARY KEY, key TEXT UNIQUE, accession TEXT, state TEXT, stem TEXT DEFAULT '',
    digest TEXT DEFAULT '', input TEXT DEFAULT '', findings BLOB, files TEXT DEFAULT '{}', seconds REAL DEFAULT 0,
    at REAL DEFAULT 0, raised BLOB, warnings INTEGER DEFAULT 0, open INTEGER, pending INTEGER DEFAULT 0, first BLOB,
    status BLOB, before INTEGER DEFAULT 0, newer TEXT DEFAULT '', replace_files TEXT DEFAULT '{}',
    skip INTEGER DEFAULT 0
);
CREATE TABLE people (mrn TEXT PRIMARY KEY, person BLOB) WITHOUT ROWID;
CREATE TABLE listed (path TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_CHUNK = 500
_T = TypeVar("_T")


@dataclass(frozen=True)
class PlannedCase:
    """One case of the plan; its fields are columns of the table `cases`."""

    number: int
    key: str
    accession: str
    state: CaseState
    stem: str
    digest: str
    input: str
    findings: tuple[Finding, ...]
    files: dict[str, str]  # its documents in the folder, with their hashes, whenever they were made
    seconds: float
    raised: tuple[Raised, ...]
    warnings: int
    open: int | None  # how many items are open in its report; None where that was not composed
    pending: int  # how many of these are answers to come
    first: tuple[str, ...]  # the first of them, by name
    status: DraftStatus  # how what was in the folder before compares with the plan


def _among(*states: CaseState) -> str:
    """A condition on the state of a case, for a query."""
    names = ", ".join(f"'{state}'" for state in states)
    return f"state IN ({names})"


_FIELDS = tuple(field.name for field in fields(PlannedCase))
_PLANNED = ", ".join(f"cases.{name}" for name in _FIELDS)
_TO_DO = f"{_among(CaseState.waiting)} AND NOT skip"
_HAS_DRAFT = _among(*MADE)
_LOST = _among(CaseState.waiting, CaseState.refused, CaseState.failed)  # no draft was made
_NEWER = "newer IN ('table', 'either')"
_BEHIND = f"({_among(CaseState.edited, CaseState.dated, CaseState.moved)} AND {_NEWER})"  # the table is newer


class Store:
    """The rows and cases of one run."""

    def __init__(self) -> None:
        self._doubts: dict[int, list[Finding]] = {}  # by row
        self._listed = False
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Give the space back."""
        self._database.close()

    def add_rows(self, rows: Iterable[tuple[Row, str, str]]) -> None:
        """Keep the rows of a table, each with the key and the spelling of its accession."""
        self._database.executemany(
            "INSERT INTO lines VALUES (?, ?, ?, ?)",
            ((row.number, key, accession, pickle.dumps(row, 5)) for row, key, accession in rows),
        )

    def make_cases(self) -> None:
        """Make one case for each accession, numbered in the order in which they begin."""
        self._database.execute("CREATE INDEX by_key ON lines (key, number)")
        self._database.execute(
            "INSERT INTO cases (key, accession, state, number) SELECT key, accession, ?, MIN(number) FROM lines "
            "GROUP BY key",
            (CaseState.waiting,),
        )

    def spellings(self, number: int) -> list[int]:
        """The first row of each spelling of a case's accession."""
        question = (
            "SELECT MIN(number) FROM lines WHERE key = (SELECT key FROM cases WHERE number = ?) "
            "GROUP BY accession ORDER BY 1"
        )
        return [row for (row,) in self._database.execute(question, (number,))]

    def twins(self) -> set[int]:
        """The cases whose accession is spelled in several ways."""
        question = "SELECT MIN(number) FROM lines GROUP BY key HAVING COUNT(DISTINCT accession) > 1"
        return {number for (number,) in self._database.execute(question)}

    def first_person(self, key: str, person: Person) -> Person:
        """Keep whom a number was given to first, and say who that was."""
        self._database.execute("INSERT OR IGNORE INTO people VALUES (?, ?)", (key, pickle.dumps(person, 5)))
        (kept,) = self._database.execute("SELECT person FROM people WHERE mrn = ?", (key,)).fetchone()
        found: Person = pickle.loads(kept)  # noqa: S301 - our own, in memory
        return found

    def doubt(self, *findings: Finding) -> None:
        """Keep what was found about rows while they were read; a finding's place has the row's line."""
        for finding in findings:
            number = int("".join(filter(str.isdigit, finding.place.cell.rpartition("!")[2])) or 0)
            self._doubts.setdefault(number, []).append(finding)

    def doubts(self, number: int) -> list[Finding]:
        """What was found about the rows of a case."""
        rows = self._database.execute(
            "SELECT number FROM lines WHERE key = (SELECT key FROM lines WHERE number = ?) ORDER BY number", (number,)
        )
        return [finding for (row,) in rows for finding in self._doubts.get(row, ())] if self._doubts else []

    def tasks(self) -> Iterator[Task]:
        """Every case with its rows, to be checked."""
        return self._tasks("TRUE")

    def work(self) -> Iterator[Task]:
        """The cases to be rendered, in the order of the table."""
        return self._tasks(_TO_DO)

    def unchanged(self) -> Iterator[Task]:
        """The cases with a draft in the folder that this run did not make."""
        return self._tasks(_HAS_DRAFT)

    def _tasks(self, which: str) -> Iterator[Task]:
        wanted = "cases.number, cases.key, stem, digest, input, replace_files, row"
        joined = f"cases JOIN lines USING (key) WHERE {which}"
        question = f"SELECT {wanted} FROM {joined} ORDER BY cases.number, lines.number"  # noqa: S608 - own words
        for (number, key, stem, digest, input, replace), rows in groupby(self._paged(question), lambda each: each[:6]):
            yield Task(number, tuple(row for *_, row in rows), key, stem, digest, input, json.loads(replace))

    def judge(self, result: CheckResult, state: CaseState, findings: tuple[Finding, ...]) -> None:
        """Keep what checking a case found."""
        self._update(
            result.number, state=state, stem=result.stem, digest=result.digest, input=result.input,
            findings=_packed(findings), raised=_packed(result.raised), warnings=result.warnings,
        )  # fmt: skip

    def refuse(self, number: int, *findings: Finding) -> None:
        """Refuse a case for what only the whole table, or the folder, shows."""
        self._find(number, findings)
        self._update(number, state=CaseState.refused)

    def collisions(self) -> list[tuple[int, int]]:
        """Cases whose documents would have the name of an earlier case's: (the case, the earlier one)."""
        named = f"SELECT number, LOWER(stem) AS name FROM cases WHERE {_among(CaseState.waiting)}"  # noqa: S608 - own words
        question = (
            f"WITH named AS ({named}) SELECT number, first FROM named JOIN "  # noqa: S608
            "(SELECT name, MIN(number) AS first FROM named GROUP BY name HAVING COUNT(*) > 1) USING (name) "
            "WHERE number > first"
        )
        return [(number, earlier) for number, earlier in self._database.execute(question)]

    def set_path(self, number: int, stem: str) -> None:
        """Put a case's documents into a sub-folder."""
        self._update(number, stem=stem)

    def set_status(self, number: int, state: CaseState, files: dict[str, str], status: DraftStatus) -> None:
        """Keep what is in the folder of a case, and what that makes of it."""
        self._update(
            number, state=state, files=json.dumps(files), status=pickle.dumps(status, 5), before=status.before,
            newer=status.newer,
        )  # fmt: skip

    def accession(self, number: int) -> str:
        """The accession of a case."""
        (accession,) = self._database.execute("SELECT accession FROM cases WHERE number = ?", (number,)).fetchone()
        return str(accession)

    def may_replace(self, number: int, files: dict[str, str]) -> None:
        """Let a case's documents take the place of these, given with their hashes."""
        self._update(number, replace_files=json.dumps(files))

    def skip(self, number: int) -> None:
        """Leave out a case that is in order, but not asked for in this run."""
        self._update(number, skip=True)

    def finish(self, done: Sequence[RenderResult], at: float) -> None:
        """Keep what rendering some cases came to; `at` is when, in seconds from the start."""
        for each in done:
            if each.files:
                self._database.execute(
                    "UPDATE cases SET files = json_patch(files, ?) WHERE number = ?",
                    (json.dumps(dict(each.files)), each.number),
                )
                self.keep_stats(each.number, each.stats)
            state = CaseState.rendered if each.files else CaseState.failed
            self._update(each.number, state=state, seconds=each.seconds, at=at)
            if each.findings:
                self._find(each.number, each.findings)

    def _update(self, number: int, **values: object) -> None:
        """Set columns of a case."""
        columns = ", ".join(f"{name} = ?" for name in values)
        self._database.execute(f"UPDATE cases SET {columns} WHERE number = ?", (*values.values(), number))  # noqa: S608

    def _find(self, number: int, more: tuple[Finding, ...]) -> None:
        """Keep findings of a case beside those that it has."""
        (kept,) = self._database.execute("SELECT findings FROM cases WHERE number = ?", (number,)).fetchone()
        self._update(number, findings=_packed((*_unpacked(kept, ()), *more)))

    def cases(self, *states: CaseState) -> Iterator[PlannedCase]:
        """The cases in these states (any, where none is named), in the order of the table."""
        return self._planned(f"WHERE {_among(*states) if states else 'TRUE'} ORDER BY number")

    def keep_stats(self, number: int, stats: CaseStats) -> None:
        """Keep what is open in the report of a case."""
        self._update(number, open=stats.open, pending=stats.pending, first=_packed(stats.first))

    def told(self) -> Iterator[PlannedCase]:
        """The cases in which something was found or raised, in the order of the table."""
        return self._planned("WHERE findings IS NOT NULL OR raised IS NOT NULL ORDER BY number")

    def warned(self, *states: CaseState) -> int:
        """How many cases in these states have warnings or acknowledged stops."""
        return self._number("cases", f"(warnings OR raised IS NOT NULL) AND {_among(*states)}")

    def slowest(self, limit: int) -> Iterator[PlannedCase]:
        """The cases that took longest to render in this run."""
        return self._planned("WHERE at > 0 ORDER BY seconds DESC, number LIMIT ?", limit)

    def moments(self) -> list[float]:
        """When each case that this run worked on was ready, in seconds from the start."""
        return [at for (at,) in self._database.execute("SELECT at FROM cases WHERE at > 0")]

    def _planned(self, which: str, *values: object) -> Iterator[PlannedCase]:
        question = f"SELECT {_PLANNED} FROM cases {which}"  # noqa: S608 - made of this file's own words
        return map(_as_planned, self._paged(question, *values))

    def counts(self) -> dict[CaseState, int]:
        """How many cases are in each state."""
        found = dict(self._database.execute("SELECT state, COUNT(*) FROM cases GROUP BY state"))
        return {state: found.get(state, 0) for state in CaseState}

    def before(self) -> int:
        """How many of the rendered cases an earlier start of this batch made."""
        return self._number("cases", "before")

    def behind(self) -> Iterator[PlannedCase]:
        """The cases whose draft is kept although the table has newer data, in the order of the table."""
        return self._planned(f"WHERE {_BEHIND} AND files != '{{}}' ORDER BY number")

    def to_look_at(self, limit: int) -> Iterator[PlannedCase]:
        """The cases that need somebody: those without a draft, those the table is newer than, those with open items."""
        unfinished = f"({_HAS_DRAFT} AND (open > 0 OR warnings > 0 OR raised IS NOT NULL))"
        order = f"NOT {_LOST}, NOT {_BEHIND}, COALESCE(open, 0) DESC, warnings DESC, number"
        return self._planned(f"WHERE {_LOST} OR {_BEHIND} OR {unfinished} ORDER BY {order} LIMIT ?", limit)

    def has_case(self, key: str) -> bool:
        """Whether the table has a case of this key."""
        return bool(self._number("cases", "key = ?", key))

    def to_do(self) -> int:
        """How many cases are to be rendered."""
        return self._number("cases", _TO_DO)

    def lines(self) -> Iterator[tuple[int, str, PlannedCase]]:
        """Every row: its number, the accession as written there, and its case."""
        joined = "lines JOIN cases USING (key) ORDER BY lines.number"
        question = f"SELECT {_PLANNED}, lines.number, lines.accession FROM {joined}"  # noqa: S608 - own words
        return ((found[-2], found[-1], _as_planned(found)) for found in self._paged(question))

    def take_listing(self, paths: Iterable[str]) -> None:
        """Keep the paths of all that is where the documents go."""
        self._listed = True
        self._database.executemany("INSERT OR IGNORE INTO listed VALUES (?)", ((path,) for path in paths))

    def may_exist(self, path: str) -> bool:
        """Whether a document may be there: False where the place was listed without it."""
        return not self._listed or bool(self._number("listed", "path = ?", path))

    def _number(self, table: str, which: str, *values: object) -> int:
        question = f"SELECT COUNT(*) FROM {table} WHERE {which}"  # noqa: S608 - made of this file's own words
        (number,) = self._database.execute(question, values).fetchone()
        return int(number)

    def _paged(self, question: str, *values: object) -> Iterator[sqlite3.Row]:
        """The answers to a question, some at a time, with other questions allowed in between."""
        cursor = self._database.execute(question, values)
        while found := cursor.fetchmany(_CHUNK):
            yield from found


def _as_planned(found: sqlite3.Row) -> PlannedCase:
    """A case from a row that begins with its columns."""
    values = dict(zip(_FIELDS, found, strict=False))
    for name in ("findings", "raised", "first"):
        values[name] = _unpacked(values[name], ())
    values["status"] = _unpacked(values["status"], DraftStatus())
    return PlannedCase(**{**values, "state": CaseState(values["state"]), "files": json.loads(values["files"])})


def _packed(items: tuple[object, ...]) -> bytes | None:
    return pickle.dumps(items, 5) if items else None


def _unpacked(packed: bytes | None, otherwise: _T) -> _T:
    return pickle.loads(packed) if packed else otherwise  # noqa: S301 - from our own private database
