"""Kinds of table files: what the endings say, and a further kind that is one module and one line."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from reportgen.findings import FindingsError
from reportgen.tables import registry
from reportgen.tables.table import Known, Row, Table
from tests.batch.tables import rows, write
from tests.cli.program import invoke
from tests.web.asgi import visitor

ENDING = ".jsonl"


def open_file(path: Path, _known: Known, name: str, _encoding: str, _sheet: str) -> Table:
    """A table whose lines are JSON lists: a stand-in for any further kind of file."""
    header, *lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def read(_: Table) -> Iterator[Row]:
        for number, cells in enumerate(lines, start=2):
            yield Row(number, number, tuple(cells))

    return Table(name, tuple(header), read)


@pytest.fixture
def further_kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """One more kind of table file, as a module and a line would add it."""
    module = ModuleType("tests_json_lines")
    module.__dict__["open_file"] = open_file
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(registry.MODULES, ENDING, module.__name__)
    return ENDING


def as_json_lines(table: Path) -> Path:
    with table.open(encoding="utf-8", newline="") as file:
        lines = [json.dumps(cells) for cells in csv.reader(file)]
    target = table.with_suffix(ENDING)
    target.write_text("\n".join(lines), encoding="utf-8")
    return target


@pytest.mark.parametrize("name", ["t.xls", "t", "t.jsonl"])
def test_an_ending_that_is_not_supported_is_refused_with_those_that_are(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"accession\n")
    with pytest.raises(FindingsError) as caught:
        registry.open_table(tmp_path / name, lambda _: True)
    (finding,) = caught.value.findings
    assert (finding.code, finding.step) == ("E010", "use .csv, .tsv, .txt or .xlsx")


def test_a_further_kind_goes_through_a_batch(tmp_path: Path, further_kind: str) -> None:
    table = as_json_lines(write(tmp_path / "t.csv", rows(2)))
    assert table.suffix == further_kind
    done = invoke("batch", table, "-o", tmp_path / "out", "--format", "txt")
    assert done.code == 0, done.both
    assert {path.name for path in tmp_path.glob("out/*.txt")} == {"B26-00001.txt", "B26-00002.txt"}


def test_the_desk_takes_a_further_kind(tmp_path: Path, further_kind: str) -> None:
    page = visitor(tmp_path / "cases").get("/").text
    assert f'accept=".csv,.tsv,.txt,.xlsx,{further_kind}"' in page
