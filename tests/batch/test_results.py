"""results.csv: one line a row, safe in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.batch.results import guarded
from tests.batch.tables import rows, write
from tests.batch.test_run import batch, results


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    safe = guarded(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe.removeprefix("'") == text.removeprefix("'") or safe == text


@pytest.mark.parametrize(("option", "shown"), [((), "'=cmd|' /C calc'!A0"), (("--raw-csv",), "=cmd|' /C calc'!A0")])
def test_an_accession_that_a_spreadsheet_would_run(tmp_path: Path, option: tuple[str, ...], shown: str) -> None:
    table = rows(1)
    table[0]["accession"] = "=cmd|' /C calc'!A0"
    assert batch(write(tmp_path / "table.csv", table), tmp_path / "out", *option).code == 0
    (line,) = results(tmp_path / "out")
    assert line["accession"] == shown
    assert line["files"].startswith("cmd-")


def test_every_row_has_its_line_and_every_finding_its_row(tmp_path: Path) -> None:
    table = rows(2, ("three-parts",)) + rows(3)[2:]
    table[1]["laterality"] = "lft"
    table[2]["procedure"] = ""
    table[4]["necrosis"] = "presnt"
    assert batch(write(tmp_path / "table.csv", table), tmp_path / "out").code == 1
    lines = results(tmp_path / "out")
    assert [line["row"] for line in lines] == [str(number) for number in range(2, 2 + len(table))]
    assert [line["status"] for line in lines] == ["refused"] * 6 + ["rendered"]
    assert ["E103" in line["findings"] for line in lines] == [False, True, False, False, True, False, False]
    with (tmp_path / "out" / "results.csv").open("rb") as file:
        assert file.read(3) == b"\xef\xbb\xbf"
        assert next(iter(file)).decode().strip() == "row,accession,status,findings,files"
