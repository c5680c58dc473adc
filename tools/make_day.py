"""Draw the table of a day's work, samples/day/day.csv, of samples/day/mix.yaml: plausible cases of each protocol.

Usage: python tools/make_day.py
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from reportgen.invented.plausible import plausible_cases
from reportgen.protocols.load import frozen_templates, load_header, load_protocol
from reportgen.tables.case_to_rows import part_rows
from reportgen.tables.starter import table_headings

DAY = Path(__file__).parent.parent / "samples" / "day"
_SEED, _FIRST = 2026, date(2026, 1, 5)


def cases() -> list[dict[str, Any]]:
    """The cases of the day, in the order of their accessions; the same each time."""
    mix = yaml.safe_load((DAY / "mix.yaml").read_text(encoding="utf-8"))["cases"]
    with frozen_templates():
        drawn = [
            case for id, count in mix.items() for case in plausible_cases(id, count, _SEED, prefix="", first=_FIRST)
        ]
    Random(_SEED).shuffle(drawn)
    return [{**case, "accession": f"D26-{number:05d}"} for number, case in enumerate(drawn, start=1)]


def table(drawn: list[dict[str, Any]]) -> str:
    """The table of these cases: a row for each, and a column for each element that one of them answers."""
    rows = [row for case in drawn for row in part_rows(case)]
    used = {heading for row in rows for heading in row}
    text = io.StringIO(newline="")
    known = dict.fromkeys(heading for heading in _headings(rows) if heading in used)
    writer = csv.DictWriter(text, [*known, *sorted(used - known.keys())])  # last, what is said beside an answer
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _headings(rows: list[dict[str, str]]) -> Iterator[str]:
    """The headings of all protocols, each once, in the order of the forms."""
    forms = [load_protocol(id) for id in dict.fromkeys(row["protocol"] for row in rows)]
    yield from dict.fromkeys(heading for made in forms for heading in table_headings(load_header(), made))


if __name__ == "__main__":
    (DAY / "day.csv").write_text(table(cases()), encoding="utf-8", newline="")
    print(DAY / "day.csv")
