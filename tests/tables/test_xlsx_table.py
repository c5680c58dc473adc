"""XLSX: texts as typed; what a spreadsheet changed, computed, hid or merged is refused by the address of its cell."""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import IllegalCharacterError

from reportgen.findings import FindingsError
from reportgen.tables.registry import open_table
from reportgen.tables.table import Table

SHEET = "xl/worksheets/sheet1.xml"


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
    assert all(not row.findings for row in rows)
    assert [row.numbers for row in rows] == [frozenset(), {2}, {1}], "a date may have been typed as another text: 1-2"
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
        ([("S1", "arm", datetime.datetime.fromisoformat("2026-01-02T03:04"))], None, []),
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


def edited(path: Path, change: Callable[[str], str], *rows: tuple[Any, ...]) -> Path:
    """A workbook whose sheet was changed as a text."""
    workbook(path, *(rows or [("S1", "arm", "x"), ("S2", "leg", "y"), ("S3", "toe", "z")]))
    with zipfile.ZipFile(path) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    before = parts[SHEET].decode()
    parts[SHEET] = change(before).encode()
    assert parts[SHEET] != before.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return path


def third(cell: str) -> Callable[[str], str]:
    """Replaces cell C2."""
    return lambda text: re.sub(r'<c r="C2".*?</c>', cell, text, count=1)


@pytest.mark.parametrize("stated", ["A1", "A1:B2", "A1:ZZ9", "B3:C3"])
def test_no_row_is_lost_where_the_sheet_states_wrong_dimensions(tmp_path: Path, stated: str) -> None:
    path = edited(tmp_path / "t.xlsx", lambda text: text.replace('ref="A1:C4"', f'ref="{stated}"'))
    assert [row.cells for row in open_table(path, known).rows()] == [
        ("S1", "arm", "x"), ("S2", "leg", "y"), ("S3", "toe", "z"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "cell"),
    [
        ('<row r="2"', '<row r="9"', "9"),  # the sheet says so before row 3
        ('<row r="3"', '<row r="2"', "2"),
        ('<row r="4"', '<row r="1048577"', "1048577"),
        ('r="B2"', 'r="A2"', "A2"),
        ('r="B2"', 'r="B4"', "2"),
        ('r="C2"', 'r="XFE2"', "XFE2"),
    ],
)
def test_rows_and_cells_that_would_be_lost_are_refused(tmp_path: Path, old: str, new: str, cell: str) -> None:
    path = edited(tmp_path / "t.xlsx", lambda text: text.replace(old, new))
    with pytest.raises(FindingsError) as caught:
        open_table(path, known, name="t.xlsx")
    (finding,) = caught.value.findings
    assert (finding.code, str(finding.place)) == ("E017", f"t.xlsx:Export!{cell}")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<c r="C2" t="str"><f>1+1</f><v>2</v></c>', "E016"),
        ('<c r="C2"><f/><v>2</v></c>', "E016"),
        ('<c r="C2"><f t="shared" si="0"/><v>2</v></c>', "E016"),
        ('<c r="C2"><f t="array" ref="C2">A1</f><v>2</v></c>', "E016"),
        ('<c r="C2"><v>1e400</v></c>', "E018"),
        ('<c r="C2" t="inlineStr"><is><t>a_x0007_b</t></is></c>', "E004"),
    ],
)
def test_cells_as_other_programs_write_them(tmp_path: Path, cell: str, code: str) -> None:
    rows = list(open_table(edited(tmp_path / "t.xlsx", third(cell)), known, name="t.xlsx").rows())
    assert [(finding.code, str(finding.place)) for finding in rows[0].findings] == [(code, "t.xlsx:Export!C2")]
    assert rows[0].cells == ("S1", "arm", "")
    assert len(rows) == 3


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="C2"><v>secret</v></c>',
        '<c r="C2"><v>' + "9" * 6_000 + "</v></c>",
        '<c r="C2" t="s"><v>999</v></c>',
        '<c r="C2" t="b"><v>secret</v></c>',
    ],
)
def test_a_damaged_cell_ends_the_reading_at_its_row(tmp_path: Path, cell: str) -> None:
    table = open_table(edited(tmp_path / "t.xlsx", third(cell)), known, name="t.xlsx")
    assert list(table.rows()) == []
    assert [(finding.code, str(finding.place)) for finding in table.findings] == [("E017", "t.xlsx:Export!2")]
    assert "secret" not in table.findings[0].message


def test_line_ends_that_a_workbook_spells_out_are_line_ends(tmp_path: Path) -> None:
    (row,) = opened(tmp_path / "t.xlsx", ("S1", "one_x000D_\ntwo", "a_x_b")).rows()
    assert row.cells == ("S1", "one\ntwo", "a_x_b")


def test_a_date_that_no_calendar_has_is_an_error_and_is_not_printed(tmp_path: Path) -> None:
    def far(book: Any) -> None:
        book.active["C2"].number_format = "yyyy-mm-dd"

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert found(tmp_path / "t.xlsx", ("S1", "arm", 1e9), change=far) == [("E016", "t.xlsx:Export!C2")]
    assert caught == []


def test_dates_count_from_the_epoch_of_the_workbook(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active["C2"] = datetime.date(2026, 11, 2)

    (row,) = opened(tmp_path / "t.xlsx", ("S1", "arm", None), change=change).rows()
    assert row.cells[2] == "2026-11-02"


@pytest.mark.parametrize(("value", "code"), [(2026, "E018"), (True, "E018"), ("=A1", "E016"), ("#REF!", "E016")])
def test_a_heading_is_a_text(tmp_path: Path, value: object, code: str) -> None:
    def change(book: Any) -> None:
        book.active["D1"] = value

    assert found(tmp_path / "t.xlsx", change=change) == [(code, "t.xlsx:Export!D1")]


def test_rows_and_columns_too_small_to_be_seen_are_hidden(tmp_path: Path) -> None:
    def flat(text: str) -> str:
        columns = '<cols><col min="3" max="3" width="0" customWidth="1"/></cols>'
        text = text.replace("<sheetData>", f"{columns}<sheetData>")
        return text.replace('<row r="2"', '<row r="2" ht="0" customHeight="1"')

    with pytest.raises(FindingsError) as caught:
        open_table(edited(tmp_path / "t.xlsx", flat), known, name="t.xlsx")
    assert [(finding.code, str(finding.place)) for finding in caught.value.findings] == [
        ("E019", "t.xlsx:Export!C1"), ("E019", "t.xlsx:Export!2"),
    ]  # fmt: skip


_UNSEEN = "\u115f\u1160\u3164\uffa0\ufffc\ufffd"  # letters and signs that no report may hold
_TEXT = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], exclude_characters=_UNSEEN), max_size=15
)


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


def test_a_title_above_the_headings_is_told_with_the_rows_to_delete(tmp_path: Path) -> None:
    rows = [("Export of the week",), (), ("accession", "site"), ("S1", "arm")]
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    sheet.title = "Report"
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(FindingsError) as caught:
        open_table(tmp_path / "t.xlsx", known, name="t.xlsx")
    (line,) = (finding.as_line() for finding in caught.value.findings)
    assert line == "t.xlsx:Report!3: E012 is the row of headings (delete the 2 rows above it)"
