"""results.csv: one line a row, safe in a spreadsheet."""

from __future__ import annotations

import re
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


@pytest.mark.parametrize(("option", "shown"), [((), "'@cmd|' /C calc'!A0"), (("--raw-csv",), "@cmd|' /C calc'!A0")])
def test_an_accession_that_a_spreadsheet_would_run(tmp_path: Path, option: tuple[str, ...], shown: str) -> None:
    table = rows(1)
    table[0]["accession"] = "@cmd|' /C calc'!A0"
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
        assert next(iter(file)).decode().strip() == (
            "row,accession,status,findings,files,advisories,warnings,open,pending,first open items,"
            "acknowledged stops,note,table,table hash,run"
        )


def test_warnings_and_open_items_have_columns_also_where_documents_are_kept(tmp_path: Path) -> None:
    table = rows(3)
    table[0]["stains.S100"] = "positive"  # one warning at least, in one case
    table[0]["mitoses"] = table[0]["necrosis"] = ""
    file = write(tmp_path / "table.csv", table)
    planned = batch(file, tmp_path / "out", "--dry-run")
    (count,) = re.findall(r"3 in order \((\d+) with warnings\), 0 refused", planned.err)
    assert len(re.findall(r"warning \w+ parts\.A: ", planned.err)) >= int(count) >= 1
    for state in ("rendered", "kept"):
        outcome = batch(file, tmp_path / "out")
        assert f"3 {state} ({count} with warnings)" in outcome.err
        lines = results(tmp_path / "out")
        assert sum(int(line["warnings"]) > 0 for line in lines) == int(count)
        assert re.match(r"A: warning \w+ \w+", lines[0]["advisories"])
        assert lines[0]["advisories"].count("warning") == int(lines[0]["warnings"])
        for line in lines:
            text = (tmp_path / "out" / f"{line['accession']}.txt").read_text(encoding="utf-8")
            counted = re.search(r"(\d+) items? (?:is|are) open", text)
            assert int(line["open"]) == int(counted[1] if counted else 0)
    told = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert "Work list" in told
    assert lines[0]["advisories"].partition(": ")[2].partition(";")[0] in told


def test_each_advisory_stands_in_the_row_of_its_part(tmp_path: Path) -> None:
    table = rows(1, ("three-parts",))
    base = [line["advisories"] for line in dry(tmp_path / "before", table)]
    number = next(n for n, row in enumerate(table) if row.get("stains.SMA"))
    table[number]["stains.S100"] = "positive"
    changed = [line["advisories"] for line in dry(tmp_path / "after", table)]
    assert [one != other for one, other in zip(base, changed, strict=True)] == [n == number for n in range(len(table))]
    assert changed[number].startswith(f"{'ABC'[number]}: ")


def dry(folder: Path, table: list[dict[str, str]]) -> list[dict[str, str]]:
    folder.mkdir()
    assert batch(write(folder / "table.csv", table), folder / "out").code == 0
    return results(folder / "out")
