"""The plan on disk: rows and cases of one run in a private temporary database, so that memory stays flat.

The database has no name and is gone with the process; what must survive stands in the journal.
"""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reportgen.assessment.model import Raised
from reportgen.batch.model import Done, State, Task, Verdict
from reportgen.cases.twins import Person
from reportgen.findings import Finding
from reportgen.reading.table import Row

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE lines (number INTEGER PRIMARY KEY, key TEXT, accession TEXT, row BLOB);
CREATE TABLE cases (
    number INTEGER PRIMARY KEY, key TEXT UNIQUE, accession TEXT, state TEXT, stem TEXT DEFAULT '',
    digest TEXT DEFAULT '', findings BLOB, files TEXT DEFAULT '{}', seconds REAL DEFAULT 0, at REAL DEFAULT 0,
    kept INTEGER DEFAULT 0, raised BLOB, warnings INTEGER DEFAULT 0, open INTEGER,
    replace_files INTEGER DEFAULT 0, skip INTEGER DEFAULT 0
);
CREATE TABLE people (mrn TEXT PRIMARY KEY, person BLOB) WITHOUT ROWID;
CREATE TABLE past (key TEXT PRIMARY KEY, state TEXT, digest TEXT DEFAULT '', files TEXT DEFAULT '{}') WITHOUT ROWID;
CREATE TABLE current (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE listed (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE sent (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE known (path TEXT, hash TEXT, PRIMARY KEY (path, hash)) WITHOUT ROWID;
"""
_CHUNK = 500
_PLANNED = (  # the fields of `Planned`
    "cases.number, cases.key, cases.accession, state, stem, digest, findings, files, seconds, raised, warnings, open"
)


@dataclass(frozen=True)
class Planned:
    """One case of the plan; `open` is None where its report was not made."""

    number: int
    key: str
    accession: str
    state: State
    stem: str
    digest: str
    findings: tuple[Finding, ...]
    files: dict[str, str]
    seconds: float = 0.0
    raised: tuple[Raised, ...] = ()
    warnings: int = 0
    open: int | None = None


@dataclass(frozen=True)
class Past:
    """What the journal tells of a case: how it last ended, by what input, and its files with their hashes."""

    state: str
    digest: str
    files: dict[str, str]


class Store:
    """The rows, cases and journal records of one run."""

    def __init__(self) -> None:
        self._doubts: dict[int, list[Finding]] = {}  # by row
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Give the space back."""
        self._database.close()

    def add_rows(self, rows: Iterable[tuple[Row, str, str]]) -> int:
        """Keep the rows of a table, each with the key and the spelling of its accession; returns how many."""
        before = self._number("SELECT COUNT(*) FROM lines")
        self._database.executemany(
            "INSERT INTO lines VALUES (?, ?, ?, ?)",
            ((row.number, key, accession, pickle.dumps(row, 5)) for row, key, accession in rows),
        )
        return self._number("SELECT COUNT(*) FROM lines") - before

    def make_cases(self) -> int:
        """One case for each accession, numbered in the order in which they begin; returns how many."""
        self._database.execute("CREATE INDEX by_key ON lines (key, number)")
        self._database.execute(
            "INSERT INTO cases (key, accession, state, number) SELECT key, accession, ?, MIN(number) FROM lines "
            "GROUP BY key",
            (State.waiting,),
        )
        return self._number("SELECT COUNT(*) FROM cases")

    def spelled(self, number: int) -> list[tuple[str, int]]:
        """The spellings of a case's accession, each with the first row that has it."""
        return list(
            self._database.execute(
                "SELECT accession, MIN(number) FROM lines WHERE key = (SELECT key FROM cases WHERE number = ?) "
                "GROUP BY accession ORDER BY 2",
                (number,),
            )
        )

    def twins(self) -> set[int]:
        """The cases whose accession is spelled in several ways."""
        return {
            number
            for (number,) in self._database.execute(
                "SELECT MIN(number) FROM lines GROUP BY key HAVING COUNT(DISTINCT accession) > 1"
            )
        }

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
        return self._tasks("", ())

    def work(self) -> Iterator[Task]:
        """The cases to be rendered, in the order of the table."""
        return self._tasks("WHERE state = ? AND NOT skip", (State.waiting,))

    def unchanged(self) -> Iterator[Task]:
        """The cases that were kept from an earlier run."""
        return self._tasks("WHERE kept", ())

    def _tasks(self, which: str, values: tuple[str, ...]) -> Iterator[Task]:
        wanted = "cases.number, cases.key, stem, digest, replace_files, row"
        joined = "cases JOIN lines USING (key)"
        question = f"SELECT {wanted} FROM {joined} {which} ORDER BY cases.number, lines.number"  # noqa: S608 - own words
        for (number, key, stem, digest, replace), rows in groupby(
            self._paged(question, *values), lambda each: each[:5]
        ):
            yield Task(number, tuple(row for *_, row in rows), key, stem, digest, bool(replace))

    def judge(self, verdict: Verdict, state: State, findings: tuple[Finding, ...]) -> None:
        """Keep what checking a case found."""
        self._database.execute(
            "UPDATE cases SET state = ?, stem = ?, digest = ?, findings = ?, raised = ?, warnings = ? WHERE number = ?",
            (
                state,
                verdict.stem,
                verdict.digest,
                _packed(findings),
                _packed(verdict.raised),
                verdict.warnings,
                verdict.number,
            ),
        )

    def refuse(self, number: int, finding: Finding) -> None:
        """Refuse a case for what only the whole table shows."""
        self._find(number, (finding,))
        self._database.execute("UPDATE cases SET state = ? WHERE number = ?", (State.refused, number))

    def collisions(self) -> list[tuple[int, int]]:
        """Cases whose documents would have the name of an earlier case's: (the case, the earlier one)."""
        return list(
            self._database.execute(
                "WITH named AS (SELECT number, LOWER(stem) AS name FROM cases WHERE state = :waiting) "
                "SELECT number, first FROM named JOIN (SELECT name, MIN(number) AS first FROM named GROUP BY name "
                "HAVING COUNT(*) > 1) USING (name) WHERE number > first",
                {"waiting": State.waiting},
            )
        )

    def set_path(self, number: int, stem: str) -> None:
        """Put a case's documents into a sub-folder."""
        self._database.execute("UPDATE cases SET stem = ? WHERE number = ?", (stem, number))

    def keep(self, number: int, files: dict[str, str]) -> None:
        """A case whose documents stand there already, as they would be made."""
        self._database.execute(
            "UPDATE cases SET state = ?, files = ?, kept = 1 WHERE number = ?",
            (State.rendered, json.dumps(files), number),
        )
        self._place(files)

    def may_replace(self, number: int) -> None:
        """A case whose documents may take the place of those that stand there."""
        self._database.execute("UPDATE cases SET replace_files = 1 WHERE number = ?", (number,))

    def skip(self, number: int) -> None:
        """A case that is in order, but not asked for in this run."""
        self._database.execute("UPDATE cases SET skip = 1 WHERE number = ?", (number,))

    def _place(self, files: Iterable[str]) -> None:
        self._database.executemany("INSERT OR IGNORE INTO current VALUES (?)", ((path,) for path in files))

    def finish(self, done: Sequence[Done], at: float) -> None:
        """Keep what rendering some cases came to; `at` is when, in seconds from the start."""
        self._database.executemany(
            "UPDATE cases SET state = ?, files = ?, seconds = ?, at = ?, open = ? WHERE number = ?",
            (
                (
                    State.rendered if each.files else State.failed,
                    json.dumps(dict(each.files)),
                    each.seconds,
                    at,
                    each.share.open if each.files else None,
                    each.number,
                )
                for each in done
            ),
        )
        for each in done:
            if each.findings:
                self._find(each.number, each.findings)
        self._place(path for each in done for path, _ in each.files)

    def _find(self, number: int, more: tuple[Finding, ...]) -> None:
        """Keep findings of a case beside those that it has."""
        (kept,) = self._database.execute("SELECT findings FROM cases WHERE number = ?", (number,)).fetchone()
        findings = _packed((*_unpacked(kept), *more))
        self._database.execute("UPDATE cases SET findings = ? WHERE number = ?", (findings, number))

    def cases(self, *states: State) -> Iterator[Planned]:
        """The cases in these states (any, where none is named), in the order of the table."""
        marks = ", ".join("?" * len(states))
        which = f"WHERE state IN ({marks})" if states else ""
        return self._planned(f"{which} ORDER BY number", *states)

    def count_open(self, number: int, open: int) -> None:
        """Keep how many items are open in the report of a case that an earlier run rendered."""
        self._database.execute("UPDATE cases SET open = ? WHERE number = ?", (open, number))

    def told(self) -> Iterator[Planned]:
        """The cases in which something was found or raised, in the order of the table."""
        return self._planned("WHERE findings IS NOT NULL OR raised IS NOT NULL ORDER BY number")

    def warned(self, *states: State) -> int:
        """How many cases in these states have warnings or acknowledged stops."""
        marks = ", ".join("?" * len(states))
        return self._number(
            f"SELECT COUNT(*) FROM cases WHERE (warnings OR raised IS NOT NULL) AND state IN ({marks})",  # noqa: S608
            *states,
        )

    def slowest(self, limit: int) -> Iterator[Planned]:
        """The cases that took longest to render in this run."""
        return self._planned("WHERE at > 0 ORDER BY seconds DESC, number LIMIT ?", limit)

    def moments(self) -> list[float]:
        """When each case that this run worked on was ready, in seconds from the start."""
        return [at for (at,) in self._database.execute("SELECT at FROM cases WHERE at > 0")]

    def _planned(self, which: str, *values: object) -> Iterator[Planned]:
        question = f"SELECT {_PLANNED} FROM cases {which}"  # noqa: S608 - made of this file's own words
        return (_as_planned(*found) for found in self._paged(question, *values))

    def counts(self) -> dict[State, int]:
        """How many cases are in each state."""
        found = dict(self._database.execute("SELECT state, COUNT(*) FROM cases GROUP BY state"))
        return {state: found.get(state, 0) for state in State}

    def kept(self) -> int:
        """How many cases were kept from an earlier run."""
        return self._number("SELECT COUNT(*) FROM cases WHERE kept")

    def to_do(self) -> int:
        """How many cases are to be rendered."""
        return self._number("SELECT COUNT(*) FROM cases WHERE state = ? AND NOT skip", State.waiting)

    def lines(self) -> Iterator[tuple[int, str, Planned]]:
        """Every row: its number, the accession as it stands there, and its case."""
        joined = "lines JOIN cases USING (key) ORDER BY lines.number"
        question = f"SELECT lines.number, lines.accession, {_PLANNED} FROM {joined}"  # noqa: S608 - own words
        return ((row, accession, _as_planned(*found)) for row, accession, *found in self._paged(question))

    def remember(self, records: Iterable[dict[str, Any]]) -> None:
        """Take in what the journal of the folder tells."""
        for record in records:
            files, key, paths = record.get("files"), record.get("case"), record.get("paths")
            if record.get("do") == "sent" and isinstance(paths, list):
                self._database.executemany("INSERT OR IGNORE INTO sent VALUES (?)", ((str(path),) for path in paths))
            if isinstance(files, dict):
                self._database.executemany("INSERT OR IGNORE INTO known VALUES (?, ?)", files.items())
            if isinstance(key, str) and record.get("do") in ("done", "failed", "refused"):
                self._database.execute("INSERT OR IGNORE INTO past (key) VALUES (?)", (key,))
                self._database.execute("UPDATE past SET state = ? WHERE key = ?", (record["do"], key))
            if isinstance(key, str) and record.get("do") == "done" and isinstance(files, dict):
                self._database.execute(
                    "UPDATE past SET digest = ?, files = ? WHERE key = ?",
                    (str(record.get("digest", "")), json.dumps(files), key),
                )
                self._database.executemany("DELETE FROM sent WHERE path = ?", ((path,) for path in files))

    def past(self, key: str) -> Past | None:
        """What the journal tells of a case; `key` is its hashed key."""
        found = self._database.execute("SELECT state, digest, files FROM past WHERE key = ?", (key,)).fetchone()
        return Past(found[0], found[1], json.loads(found[2])) if found else None

    def is_ours(self, path: str, digest: str) -> bool:
        """Whether the journal tells that a file of this content was written here."""
        found = self._database.execute("SELECT 1 FROM known WHERE path = ? AND hash = ?", (path, digest)).fetchone()
        return found is not None

    def take_listing(self, paths: Iterable[str]) -> None:
        """Keep what stands at the place of the documents."""
        self._database.executemany("INSERT OR IGNORE INTO listed VALUES (?)", ((path,) for path in paths))

    def is_listed(self, path: str) -> bool:
        """Whether a document was listed."""
        return bool(self._number("SELECT COUNT(*) FROM listed WHERE path = ?", path))

    def is_sent(self, path: str) -> bool:
        """Whether the journal tells that a document was sent to a cluster to be made, and not what came of it."""
        return bool(self._number("SELECT COUNT(*) FROM sent WHERE path = ?", path))

    def earlier_files(self) -> Iterator[str]:
        """The documents that the journal names as a case's latest, and that are no case's now."""
        for (files,) in self._paged("SELECT files FROM past"):
            yield from (path for path in json.loads(files) if not self._is_current(path))

    def _is_current(self, path: str) -> bool:
        return bool(self._number("SELECT COUNT(*) FROM current WHERE path = ?", path))

    def _number(self, question: str, *values: object) -> int:
        (number,) = self._database.execute(question, values).fetchone()
        return int(number)

    def _paged(self, question: str, *values: object) -> Iterator[Any]:
        """The answers to a question, some at a time, with other questions allowed in between."""
        cursor = self._database.execute(question, values)
        while found := cursor.fetchmany(_CHUNK):
            yield from found


def _as_planned(*found: Any) -> Planned:
    number, key, accession, state, stem, digest, findings, files, seconds, raised, warnings, open = found
    kept, there = _unpacked(findings), json.loads(files)
    said = pickle.loads(raised) if raised else ()  # noqa: S301 - from our own private database
    return Planned(number, key, accession, State(state), stem, digest, kept, there, seconds, said, warnings, open)


def _packed(items: tuple[object, ...]) -> bytes | None:
    return pickle.dumps(items, 5) if items else None


def _unpacked(findings: bytes | None) -> tuple[Finding, ...]:
    return pickle.loads(findings) if findings else ()  # noqa: S301 - from our own private database
