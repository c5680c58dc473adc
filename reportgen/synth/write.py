"""Invented cases as files: one YAML file for each case, or one table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from reportgen import files
from reportgen.cases.validate import said_beside
from reportgen.findings import refuse
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_header
from reportgen.tables.case_to_rows import part_rows
from reportgen.tables.starter import table_headings

Data = dict[str, Any]
_TOGETHER = 200  # cases that are written to a table at once
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the same text, and faster
_ONE_LINE = 1 << 30  # no text is folded: a reader would have to guess whether its lines mean something
_HEAD = "# An invented case, marked as test data.\n"


def write_yaml(cases: Iterable[Data], folder: Path, *, overwrite: bool = False, accessions: Iterable[str] = ()) -> None:
    """Write each case as `<accession>.yaml` into a folder; raises E501 and E502.

    `accessions` are those of the cases, if they are known, so that an existing file is found before any is written.
    """
    there = {path.name for path in folder.iterdir()} if folder.is_dir() and not overwrite else set[str]()
    for accession in accessions if there else ():
        if f"{accession}.yaml" in there:
            raise refuse("E501", "exists already", str(folder / f"{accession}.yaml"))
    for case in cases:
        text = _HEAD + yaml.dump(case, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=_ONE_LINE)
        files.write_files({folder / f"{case['accession']}.yaml": text.encode()}, overwrite=overwrite)


def write_csv(cases: Iterable[Data], path: Path, made: Compiled, *, overwrite: bool = False) -> None:
    """Write one UTF-8 table of all columns of the protocol, with a row for each part; raises E501 and E502."""
    headings = [*table_headings(load_header(made.laboratory), made), *said_beside(made)]
    files.write_chunks(path, _table(cases, headings), overwrite=overwrite)


def _table(cases: Iterable[Data], headings: list[str]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings)  # refuses a path that is not a heading
    writer.writeheader()
    for number, case in enumerate(cases, start=1):
        writer.writerows(part_rows(case))
        if number % _TOGETHER == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
