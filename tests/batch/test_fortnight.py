"""A made fortnight of one folder: edits, moves, refusals, quiet nights, kills, two table names, changed settings.

Invented and seeded, with a plain account of what the people of the laboratory did beside it. After every night: each
edit is there byte for byte, each draft is accounted for in results.csv, no case has two drafts, and nothing that was
moved away has come back.
"""

from __future__ import annotations

import csv
import os
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reportgen.batch import lock
from reportgen.batch.model import BatchRequest, BatchResult, Event
from reportgen.batch.run import run
from reportgen.pipeline import Settings
from tests.batch.tables import rows, write

NIGHTS = 14
NAMES = ("morphology.csv", "dermatopathology.csv")
OWN = ("results", "summary")


@dataclass
class Case:
    """One accession and what became of its draft."""

    row: dict[str, str]
    version: int = 1  # of its row
    made: bool = False
    edited: bytes | None = None
    away: bool = False

    @property
    def wrong(self) -> bool:
        """Whether its row is refused."""
        return self.row["necrosis"] == "presnt"


@dataclass
class Fortnight:
    """The folder, the cases of the laboratory's system, and the people who work with the drafts."""

    root: Path
    chance: random.Random
    cases: dict[str, Case] = field(default_factory=dict)
    notes: list[bytes] = field(default_factory=list)  # what somebody saved as results.csv
    replaced: list[bytes] = field(default_factory=list)  # edited drafts that were replaced because that was asked for
    table: list[str] = field(default_factory=list)
    is_dead: bool = False  # whether the night was killed and not begun again
    did: set[str] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        return self.root / "drafts"

    def path(self, accession: str) -> Path:
        return self.folder / f"{accession}.txt"

    # -------------------------------------------------------------- the laboratory's system

    def day(self) -> None:
        """New cases come, rows change, some are spoiled and some mended."""
        for row in rows(len(self.cases) + self.chance.randint(2, 4), ("shave-biopsy",))[len(self.cases) :]:
            row["necrosis"] = self.chance.choice(["present", "not identified", "presnt"])
            self.cases[row["accession"]] = Case({**row, "clinical_history": "Version 1."})
        for case in self.cases.values():
            if self.chance.random() < 0.15:
                case.version += 1
                case.row["clinical_history"] = f"Version {case.version}."
                self.did.add("change")
            if self.chance.random() < 0.2:
                case.row["necrosis"] = "present"

    def export(self) -> Path:
        """Tonight's table: the latest cases, none at all, or a part of them, under one of two names."""
        latest = list(self.cases)[-9:]
        kind = self.chance.random()
        self.table = [] if kind < 0.15 else latest[::2] if kind < 0.3 else latest
        name = NAMES[self.chance.random() < 0.35]
        self.did |= {name, "empty" if not self.table else "full"}
        path = write(self.root / name, [self.cases[each].row for each in latest])
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines[1:] if any(each in line for each in self.table)]
        path.write_text("".join([lines[0], *kept]), encoding="utf-8")
        return path

    # -------------------------------------------------------------- the people

    def morning(self) -> None:
        """Drafts are edited, signed and moved away; somebody writes into results.csv."""
        for accession, case in self.cases.items():
            path = self.path(accession)
            if not path.exists():
                continue
            if self.chance.random() < 0.2:
                path.write_bytes(path.read_bytes() + f"{self.chance.random()} by hand\n".encode())
                case.edited = path.read_bytes()
                self.did.add("edit")
            if self.chance.random() < 0.15 and not self.is_dead:  # its journal may not know yet what was made
                path.rename(self.root / f"{accession}-signed-{self.chance.random()}.txt")
                case.edited, case.away = None, True
                self.did.add("move")
        results = self.folder / "results.csv"
        if results.exists() and self.chance.random() < 0.4:
            before = results.read_bytes()
            self.notes = [note for note in self.notes if note != before]  # their own file, after a dead night
            results.write_bytes(before + b",,,,,,,,,,,call back\r\n")
            self.notes.append(results.read_bytes())
            self.did.add("note")

    # -------------------------------------------------------------- the nights

    def night(self) -> None:
        """A batch, killed at times and begun again, at times with a wish."""
        settings = Settings(("txt",), coding=self.chance.random() < 0.3)
        request = BatchRequest(self.export(), self.folder, settings, **self.wish())
        while self.chance.random() < 0.35:
            self.did.add("kill")
            killed(request, self.chance.randint(0, 4))
            self.granted(request)
            self.nothing_lost()
        if self.chance.random() < 0.15 and not request.overwrite and not request.again:
            self.did.add("dead night")
            killed(request, self.chance.randint(0, 4))
            self.nothing_lost()
            self.is_dead = True
            for accession in self.table:
                self.cases[accession].made |= self.path(accession).exists()
            return
        self.is_dead = False
        outcome = run(request, lambda event: None)
        self.granted(request)
        for accession in self.table:
            case = self.cases[accession]
            case.made = case.made or self.path(accession).exists()  # with `only_failed`, a new case is not reached
            assert case.wrong or not case.away or accession not in request.again
        self.all_is_well(request, outcome)

    def granted(self, request: BatchRequest) -> None:
        """What was asked for by name may have been done: a draft replaced, or made again."""
        for accession in {*request.overwrite, *request.again}:
            case, path = self.cases[accession], self.path(accession)
            if case.edited is not None and accession in request.overwrite and path.read_bytes() != case.edited:
                self.replaced.append(case.edited)
                case.edited = None
            case.away = case.away and not path.exists()

    def wish(self) -> dict[str, Any]:
        known = [each for each, case in self.cases.items() if case.made]
        kind = self.chance.random()
        if kind < 0.1:
            return {"only_failed": True}
        if kind < 0.2:
            return {"resume": False}
        if kind < 0.5 and known:
            self.wished = self.chance.choice(known)
            wish = "overwrite" if kind < 0.35 else "again"
            if self.wished in self.table:
                self.did.add(wish)
                return {wish: (self.wished,)}
        return {}

    # -------------------------------------------------------------- what must hold

    def nothing_lost(self) -> None:
        """Holds at any moment, a killed batch included."""
        for accession, case in self.cases.items():
            there = self.path(accession).read_bytes() if self.path(accession).exists() else None
            if case.edited is not None:
                assert there == case.edited, f"{accession} was edited"
            if case.away:
                assert there is None, f"{accession} was moved away"

    def all_is_well(self, request: BatchRequest, outcome: BatchResult) -> None:
        self.nothing_lost()
        documents = {path.name for path in self.folder.glob("*.txt")}
        assert documents == {f"{path.name}" for path in self.folder.rglob("*.txt") if "replaced" not in path.parts}
        with (self.folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = {line["accession"]: line for line in csv.DictReader(file)}
        told = [name for line in lines.values() for name in line["files"].split()]
        assert sorted(told) == sorted(documents), "each draft has one line, and each line is of a draft that is there"
        made = {accession for accession, case in self.cases.items() if case.made}
        assert made | set(self.table) == set(lines), "every case of tonight and of all nights before"
        for accession, line in lines.items():
            self.is_told(accession, line, request)
        kept = {path.read_bytes() for path in self.folder.glob("results-*.csv")}
        assert kept == set(self.notes)
        assert set(self.replaced) <= {path.read_bytes() for path in (self.folder / "replaced").rglob("*.txt")}
        lacking = [case for case in map(self.cases.__getitem__, self.table) if case.wrong or not case.made]
        assert outcome.complete == (not lacking)

    def is_told(self, accession: str, line: dict[str, str], request: BatchRequest) -> None:
        case, tonight = self.cases[accession], accession in self.table
        state = "edited" if case.edited is not None else "moved away" if case.away else "kept"
        if not tonight:
            assert line["status"] == f"earlier table ({state})"
        elif case.wrong:
            assert line["status"] == "refused"
        elif state == "edited":
            assert line["status"] == "kept (edited)"
        elif state == "moved away":
            assert line["status"] == "moved away"
        elif request.only_failed and line["status"] in ("kept (out of date)", "not done"):
            assert case.made == (line["status"] != "not done")
        else:
            assert line["status"] in ("rendered", "kept")
            assert f"Version {case.version}.".encode() in self.path(accession).read_bytes()


def killed(request: BatchRequest, after: int) -> None:
    """A batch in a process of its own that is killed after some cases, or ends before."""
    child = os.fork()
    if child == 0:
        seen = 0

        def listen(event: Event) -> None:
            nonlocal seen
            seen += event.kind == "case"
            if seen >= after and event.kind in ("begun", "case"):
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            run(request, listen)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    if request.folder.exists():
        with lock.locked(request.folder, "when its last worker has ended"):
            pass


@pytest.mark.parametrize("seed", [1, 2])
def test_a_fortnight_loses_nothing(tmp_path: Path, seed: int) -> None:
    time = Fortnight(tmp_path, random.Random(seed))
    for _ in range(NIGHTS):
        time.day()
        time.night()
        time.morning()
    assert {"change", "empty", "full", "edit", "move", "note", "kill", *NAMES} <= time.did
    assert sum(case.made for case in time.cases.values()) >= 20
