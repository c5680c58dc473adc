"""A folder into which one table after the other is rendered, and what people do to it in between."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from reportgen.batch.executor import Answers, LocalExecutor, Round, T, grouped
from reportgen.batch.model import Task
from tests.batch.tables import write
from tests.cli.program import Outcome, invoke

NIGHTLY = "tonight.csv"


class Here(LocalExecutor):
    """Works in this process: what happens to a folder needs no worker, and forking takes longer than the work."""

    def run(self, round: Round[T], tasks: Iterable[Task]) -> Answers[T]:
        """Work here."""
        for group in grouped(tasks, round.size):
            if round.stop():
                return
            yield group, round.work(self.runner, group)


class Nights:
    """A folder into which one table after the other is rendered, in this process, as text."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.folder = folder / "out"

    def __call__(self, table: list[dict[str, str]], *options: str | Path, name: str = NIGHTLY) -> Outcome:
        write(self.root / name, table)
        formats = () if "-f" in options else ("-f", "txt")
        return invoke("batch", self.root / name, "-o", self.folder, *formats, "-j", "1", *options)

    def edit(self, name: str, words: str = "my own words") -> bytes:
        path = self.folder / name
        path.write_bytes(path.read_bytes() + words.encode())
        return path.read_bytes()

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def lines(self) -> dict[str, dict[str, str]]:
        with (self.folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
            return {line["accession"]: line for line in csv.DictReader(file)}

    def statuses(self) -> dict[str, str]:
        return {accession: line["status"] for accession, line in self.lines().items()}

    def summary(self) -> str:
        return self.read("summary.html").decode()


def codes(told: Outcome) -> list[str]:
    """The codes of the findings that were printed, each once."""
    return list(dict.fromkeys(re.findall(r"(?<![A-Za-z0-9])[EWTS][0-9]{3}(?= )", told.err)))


def last(told: Outcome) -> str:
    """The line that counts the cases, or the last one before the hints."""
    return told.err.splitlines()[-1]
