"""Tables for tests: the sample cases, over and over, each with a patient of its own."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from reportgen.tables.case_to_rows import part_rows
from tests.cli.program import SAMPLES, loaded

_TIME = re.compile(rb"20[0-9-]{8}T[0-9:]{8}\+00:00")  # of a run
ONE_PART = ("shave-biopsy", "punch-clear", "re-excision", "re-excision-clear", "q1-biopsy", "unfinished")
_ROWS = {name: part_rows(loaded(SAMPLES / f"{name}.yaml")) for name in (*ONE_PART, "three-parts")}


def rows(count: int, names: Sequence[str] = ONE_PART) -> list[dict[str, str]]:
    """The rows of `count` cases, each with an accession, a name and a number of its own."""
    made = []
    for number in range(1, count + 1):
        own = {
            "accession": f"B26-{number:05d}",
            "patient.name": f"Row, Number{number}",
            "patient.mrn": f"{number:06d}",
        }
        made += [{**row, **own} for row in _ROWS[names[number % len(names)]]]
    return made


def write(path: Path, rows: Iterable[dict[str, str]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as CSV; the columns are all paths that occur."""
    kept = list(rows)
    headings = list(dict.fromkeys(key for row in kept for key in row))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, headings, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(kept)
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every document of a folder and results.csv without the time: what must not depend on how a run went."""
    return {
        str(path.relative_to(folder)): _TIME.sub(b"TIME", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name != "summary.html"
    }


def temporary(folder: Path) -> list[Path]:
    """Files that a run should have taken away."""
    return list(folder.rglob(".reportgen-*.tmp"))
