"""What the journal of a folder tells: how each case last ended, and which documents the batch itself wrote.

It is kept in a private temporary database, like the plan, so that memory stays flat.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from reportgen.batch import names
from reportgen.cases.identifiers import identifier_key

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE past (
    key TEXT PRIMARY KEY, state TEXT DEFAULT '', digest TEXT DEFAULT '', input TEXT DEFAULT '',
    files TEXT DEFAULT '{}', older TEXT DEFAULT '{}', begun TEXT DEFAULT '{}', run INTEGER DEFAULT 0,
    batch INTEGER DEFAULT 0, tonight INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE sent (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE known (path TEXT, hash TEXT, owner TEXT, PRIMARY KEY (path, hash, owner)) WITHOUT ROWID;
"""
_PAST = "state, digest, input, files, older, begun, run, batch"
_TOGETHER = 100


@dataclass(frozen=True)
class Run:
    """One start of a batch: the name and the hash of its table, and when it began."""

    table: str = ""
    hash: str = ""
    began: str = ""


@dataclass(frozen=True)
class CaseRecord:
    """What the journal tells of a case."""

    state: str  # how it last ended: `done`, or `failed` or `refused` with documents of an earlier end; "" if it did not
    digest: str = ""  # the hash of all that decided about its documents
    input: str = ""  # the hash of its rows alone; "" where an older version wrote the journal
    files: dict[str, str] = field(default_factory=dict)  # its documents, with their hashes
    # Documents of earlier ends that were not made anew since, and those that were about to be written when the batch
    # was killed, which may be there or not; with their hashes.
    older: dict[str, str] = field(default_factory=dict)
    run: Run = field(default_factory=Run)  # the start that made its documents
    batch: int = 0  # the batch, which may have been started several times

    @property
    def made(self) -> dict[str, str]:
        """All documents that were ever made of the case, each with the hash it last got."""
        return {**self.older, **self.files}


@dataclass(frozen=True)
class EarlierCase:
    """A case of an earlier table, and what is left of its documents."""

    accession: str  # as the name of its documents spells it; "" where that was changed to be a legal name
    state: str  # `kept`, `edited` or `moved away`
    files: tuple[str, ...]  # the documents that are in the folder
    run: Run  # the start that made them


class History:
    """The journal of a folder, taken in."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        self._runs = [Run()]
        self._ended = True
        self.batch = 0  # the number of the batch that is at work, or worked last

    def close(self) -> None:
        """Give the space back."""
        self._database.close()

    def remember(self, records: Iterable[Mapping[str, object]]) -> None:
        """Take in the records of a journal, oldest first; what has not the shape of a record is passed over."""
        for record in records:
            kind = record.get("do")
            if kind == "batch":
                self.begin(Run(*(str(record.get(name, "")) for name in ("table", "hash", "began"))))
            elif kind == "ended":
                self._ended = True
            elif kind == "sent" and isinstance(paths := record.get("paths"), list):
                self._database.executemany("INSERT OR IGNORE INTO sent VALUES (?)", ((str(path),) for path in paths))
            key, files = record.get("case"), _hashes(record.get("files"))
            owner = key if isinstance(key, str) else ""
            if files:
                known = ((path, digest, owner) for path, digest in files.items())
                self._database.executemany("INSERT OR IGNORE INTO known VALUES (?, ?, ?)", known)
            if owner and kind in ("write", "done", "failed", "refused"):
                latest = (owner, len(self._runs) - 1, self.batch)
                self._database.execute("INSERT OR IGNORE INTO past (key, run, batch) VALUES (?, ?, ?)", latest)
                change = "begun = json_patch(begun, ?)" if kind == "write" else "state = ?"
                value = json.dumps(files) if kind == "write" else kind
                self._database.execute(f"UPDATE past SET {change} WHERE key = ?", (value, owner))  # noqa: S608 - own words
            if owner and kind == "done" and files:
                self._done(owner, str(record.get("digest", "")), str(record.get("input", "")), files)

    def begin(self, run: Run) -> None:
        """A batch was started: the one before goes on where it did not come to its end and the table is the same."""
        goes_on = not self._ended and run.hash and run.hash == self._runs[-1].hash
        self.batch += not goes_on
        self._ended = False
        self._runs.append(run)

    def _done(self, key: str, digest: str, input: str, files: dict[str, str]) -> None:
        past = self.past(key)
        same = past is not None and past.digest == digest
        before = past.made if past else {}
        current = {**(past.files if past and same else {}), **files}
        older = {path: hash for path, hash in before.items() if path not in current}
        self._database.execute(
            "UPDATE past SET digest = ?, input = ?, files = ?, older = ?, begun = '{}', run = ?, batch = ? "
            "WHERE key = ?",
            (digest, input, json.dumps(current), json.dumps(older), len(self._runs) - 1, self.batch, key),
        )
        self._database.executemany("DELETE FROM sent WHERE path = ?", ((path,) for path in files))

    def past(self, key: str) -> CaseRecord | None:
        """What the journal tells of a case; `key` is its hashed key."""
        found = self._database.execute(f"SELECT {_PAST} FROM past WHERE key = ?", (key,)).fetchone()  # noqa: S608
        return self._as_past(*found) if found else None

    def _as_past(
        self, state: str, digest: str, input: str, files: str, older: str, begun: str, run: int, batch: int
    ) -> CaseRecord:
        made = json.loads(files)
        others = {path: hash for path, hash in {**json.loads(begun), **json.loads(older)}.items() if path not in made}
        return CaseRecord(state, digest, input, made, others, self._runs[run], batch)

    def wrote(self, path: str, digest: str, owner: str = "") -> bool:
        """Whether the journal tells that this content was written here for this case; "" for what is no case's."""
        question = "SELECT COUNT(*) FROM known WHERE (path, hash, owner) = (?, ?, ?)"
        return bool(self._number(question, path, digest, owner))

    def knows(self, path: str) -> bool:
        """Whether the journal tells that something was written under this name."""
        return bool(self._number("SELECT COUNT(*) FROM known WHERE path = ?", path))

    def is_of_another(self, path: str, owner: str) -> bool:
        """Whether a document of this name was written for another case."""
        return bool(self._number("SELECT COUNT(*) FROM known WHERE path = ? AND owner NOT IN ('', ?)", path, owner))

    def is_sent(self, path: str) -> bool:
        """Whether the journal tells that a document was sent to a cluster to be made, and not what came of it."""
        return bool(self._number("SELECT COUNT(*) FROM sent WHERE path = ?", path))

    def is_in_table(self, key: str) -> None:
        """Take note that a case is one of the table at hand; `key` is its hashed key."""
        self._database.execute("UPDATE past SET tonight = 1 WHERE key = ?", (key,))

    def earlier(self, look: Callable[[list[str]], dict[str, str]]) -> Iterator[EarlierCase]:
        """The cases that are not in the table at hand and of which documents were made, oldest first.

        `look` gives the hashes of what is at some paths, as `Destination.contents`.
        """
        which = "WHERE NOT tonight AND (files != '{}' OR begun != '{}') ORDER BY run, files, begun, key"
        found = self._database.execute(f"SELECT key, {_PAST} FROM past {which}")  # noqa: S608 - own words
        while some := list(islice(found, _TOGETHER)):
            pasts = [(key, self._as_past(*rest)) for key, *rest in some]
            standing = look([path for _, past in pasts for path in past.made])
            for key, past in pasts:
                if past.files or past.older.keys() & standing.keys():
                    yield self._as_earlier(key, past, standing)

    def _as_earlier(self, key: str, past: CaseRecord, standing: dict[str, str]) -> EarlierCase:
        files = tuple(path for path in past.made if path in standing)
        edited = any(not self.wrote(path, standing[path], key) for path in files)
        state = "edited" if edited else "kept" if files else "moved away"
        return EarlierCase(_accession(key, past.made), state, files, past.run)

    def _number(self, question: str, *values: object) -> int:
        (number,) = self._database.execute(question, values).fetchone()
        return int(number)


def _hashes(files: object) -> dict[str, str]:
    """The hashes that a record names, by path."""
    named = files.items() if isinstance(files, dict) else ()
    return {path: digest for path, digest in named if isinstance(path, str) and isinstance(digest, str)}


def _accession(key: str, paths: Iterable[str]) -> str:
    """The accession that a file's name holds, where its hash proves it."""
    for path in paths:
        words = path.rpartition("/")[2].rpartition(".")[0].split("_")
        spans = ("_".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1))
        for said in islice(spans, 200):
            if names.hashed(identifier_key(said)) == key:
                return said
    return ""
