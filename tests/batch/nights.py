"""A folder into which one table after the other is rendered, and what people do to it in between."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from reportgen.batch.pool import Answers, Job, Limits, Local
from tests.batch.tables import write
from tests.cli.program import Outcome, invoke

NIGHTLY = "tonight.csv"


class Here(Local):
    """Works in this process: what happens to a folder needs no worker, and forking takes longer than the work."""

    def run(
        self,
        what: str,
        jobs: Iterable[Job],
        stop: Callable[[], bool],
        limits: Limits | None = None,
        *,
        alone: bool = False,
    ) -> Answers:
        """As `Local`."""
        for job in jobs:
            if stop():
                return
            yield from ((task, getattr(self.bench, what)(task)) for task in job)


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
