"""XLSX: texts as typed; what a spreadsheet changed, computed, hid or merged is refused by the address of its cell."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.exceptions import IllegalCharacterError

from reportgen.findings import FindingsError
from reportgen.reading.table import Table, open_table


def known(heading: str) -> bool:
    return heading in ("accession", "site", "size")


def workbook(path: Path, *rows: tuple[Any, ...], change: Callable[[Any], None] = lambda book: None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Export"
    sheet.append(("accession", "site", "size"))
    for row in rows:
        sheet.append(row)
    change(book)
    book.save(path)
    return path


def opened(path: Path, *rows: tuple[Any, ...], **more: Any) -> Table:
    return open_table(workbook(path, *rows, **more), known, name="t.xlsx")


def found(path: Path, *rows: tuple[Any, ...], sheet: str = "", **more: Any) -> list[tuple[str, str]]:
    try:
        table = open_table(workbook(path, *rows, **more), known, name="t.xlsx", sheet=sheet)
    except FindingsError as error:
        return [(finding.code, str(finding.place)) for finding in error.findings]
    kept = [finding for row in table.rows() for finding in row.findings]
    return [(finding.code, str(finding.place)) for finding in (*table.findings, *kept)]


def test_texts_and_dates_come_as_they_were_typed(tmp_path: Path) -> None:
    rich = CellRichText("left ", TextBlock(InlineFont(b=True), "arm"))
    table = opened(
        tmp_path / "t.xlsx",
        ("000123", "Hüfte\nlinks", "<1.0 mm"),
        ("S26-2", rich, datetime.date(2026, 11, 2)),
        (None, None, None),
        ("S26-3", datetime.datetime.fromisoformat("2026-11-03"), None),
    )
    rows = list(table.rows())
    assert [row.cells for row in rows] == [
        ("000123", "Hüfte\nlinks", "<1.0 mm"),
        ("S26-2", "left arm", "2026-11-02"),
        ("S26-3", "2026-11-03", ""),
    ]
    assert [row.number for row in rows] == [2, 3, 5]
    assert all(not row.numbers and not row.findings for row in rows)
    assert str(table.place(5, 5, 1)) == "t.xlsx:Export!B5"


def test_numbers_keep_the_digits_that_are_shown_and_are_marked(tmp_path: Path) -> None:
    (row,) = opened(tmp_path / "t.xlsx", (123, 0.1 + 0.2, 5.0)).rows()
    assert row.cells == ("123", "0.3", "5")
    assert row.numbers == {0, 1, 2}


def percent(book: Any) -> None:
    book.active["C2"].number_format = "0%"


def hide_row(book: Any) -> None:
    book.active.row_dimensions[2].hidden = True


def hide_column(book: Any) -> None:
    book.active.column_dimensions["B"].hidden = True


def merge(book: Any) -> None:
    book.active.merge_cells("B2:B3")


def second(book: Any) -> None:
    book.create_sheet("More").append(("accession", "site"))


@pytest.mark.parametrize(
    ("rows", "change", "expected"),
    [
        ([("S1", "#N/A", "x")], None, [("E016", "t.xlsx:Export!B2")]),
        ([("S1", "=1+1", "x")], None, [("E016", "t.xlsx:Export!B2")]),
        ([("S1", "arm", True)], None, [("E018", "t.xlsx:Export!C2")]),
        ([("S1", "arm", 0.8)], percent, [("E018", "t.xlsx:Export!C2")]),
        ([("S1", "arm", 123456789012345678)], None, [("E018", "t.xlsx:Export!C2")]),
        ([("S1", "arm", datetime.datetime.fromisoformat("2026-01-02T03:04"))], None, [("E018", "t.xlsx:Export!C2")]),
        ([("S1", "arm", datetime.time(3, 4))], None, [("E018", "t.xlsx:Export!C2")]),
        ([("S1", "arm", "x", "beyond")], None, [("E014", "t.xlsx:Export!D2")]),
        ([("S1", "arm", "x")], hide_row, [("E019", "t.xlsx:Export!2")]),
        ([("S1", "arm", "x")], hide_column, [("E019", "t.xlsx:Export!B1")]),
        ([("S1", "arm", "x"), ("S2", None, "y")], merge, [("E019", "t.xlsx:Export!B2:B3")]),
        ([("S1", "arm", "x")], second, [("E012", "t.xlsx")]),
        ([("S1", "a\u202eb", "x")], None, [("E005", "t.xlsx:Export!B2")]),
    ],
)
def test_what_is_refused_and_where(
    tmp_path: Path, rows: list[tuple[Any, ...]], change: Callable[[Any], None] | None, expected: list[tuple[str, str]]
) -> None:
    more: dict[str, Any] = {"change": change} if change else {}
    assert found(tmp_path / "t.xlsx", *rows, **more) == expected


def test_the_sheet_is_the_one_with_known_headings_or_the_one_asked_for(tmp_path: Path) -> None:
    def around(book: Any) -> None:
        book.create_sheet("Notes", 0).append(("something", "else"))
        book.create_sheet("Old").append(("accession", "site"))
        book["Old"].sheet_state = "hidden"

    table = opened(tmp_path / "t.xlsx", ("S1", "arm", "x"), change=around)
    assert table.sheet == "Export"
    assert len(list(table.rows())) == 1
    assert found(tmp_path / "t.xlsx", sheet="None") == [("E012", "t.xlsx")]
    path = workbook(tmp_path / "two.xlsx", change=second)
    assert open_table(path, known, sheet="More").header == ("accession", "site")
    assert found(tmp_path / "t.xlsx", sheet="Export", change=second) == []


def test_headings_are_held_to_the_same_rules(tmp_path: Path) -> None:
    def twin(book: Any) -> None:
        book.active["D1"] = "Site"

    assert found(tmp_path / "t.xlsx", change=twin) == [("E013", "t.xlsx:Export!D1")]


_TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=15)


@settings(max_examples=25)
@given(cells=st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=4))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]) -> None:
    from reportgen.reading.characters import normal

    rows = [(f"x{one}", f"y{two}", "") for one, two in cells]
    try:
        path = workbook(tmp_path_factory.mktemp("xlsx") / "t.xlsx", *rows)
    except IllegalCharacterError:
        return
    table = open_table(path, known)
    assert [row.cells[:2] for row in table.rows()] == [(normal(one), normal(two)) for one, two, _ in rows]
