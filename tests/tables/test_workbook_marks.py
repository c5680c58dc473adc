"""What the look of a cell takes back: struck through, unseen, raised; and notes, which nobody but people read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill

from reportgen.tables.registry import open_table
from tests.tables.test_xlsx_table import SHEET, found, known, opened, workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def rich(*runs: tuple[str, dict[str, Any]]) -> CellRichText:
    return CellRichText(*(TextBlock(InlineFont(**look), text) if look else text for text, look in runs))


@pytest.mark.parametrize(
    "cell",
    [
        rich(("Melanoma ", {}), ("in situ ", {"strike": True}), ("invasive", {})),
        rich(
            ("all of it", {"strike": True}),
        ),
        rich(("seen ", {}), ("unseen", {"color": "FFFFFFFF"})),
        rich(("10", {}), ("3", {"vertAlign": "superscript"}), (" cells", {})),
    ],
)
def test_a_part_of_a_text_that_is_taken_back(tmp_path: Path, cell: CellRichText) -> None:
    assert found(tmp_path / "t.xlsx", ("S1", cell, "x"), ("S2", "arm", "y")) == [("E021", "t.xlsx:Export!B2")]


@pytest.mark.parametrize(
    "cell",
    [
        rich(("bold", {"b": True}), (" plain", {"strike": False})),
        rich(("5 mm", {}), ("2", {"vertAlign": "superscript"})),
        rich(("pT1", {}), ("a", {"vertAlign": "superscript"})),
        rich(("red", {"color": "FFFF0000"}), (" black", {"color": "FF000000"})),
        rich((" ", {"strike": True}), ("arm", {})),
    ],
)
def test_a_look_that_takes_nothing_back(tmp_path: Path, cell: CellRichText) -> None:
    assert found(tmp_path / "t.xlsx", ("S1", cell, "x")) == []


def looking(**look: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for name, value in look.items():
            setattr(book.active["B2"], name, value)

    return change


WHITE, DARK = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF0B4F3C")


@pytest.mark.parametrize(
    ("look", "refused"),
    [
        ({"font": Font(strike=True)}, True),
        ({"font": WHITE}, True),
        ({"font": Font(color=Color(theme=0))}, True),
        ({"font": WHITE, "fill": PatternFill("solid", fgColor="FFFFFFFF")}, True),
        ({"font": Font(color="FF0B4F3C"), "fill": DARK}, True),
        ({"number_format": ";;;"}, True),
        ({"number_format": '0;-0;"a;b";'}, True),
        ({"font": WHITE, "fill": DARK}, False),
        ({"font": Font(color=Color(theme=1), italic=True)}, False),
        ({"number_format": "0;-0;;@"}, False),
        ({"number_format": "@"}, False),
    ],
)
def test_the_look_of_a_whole_cell(tmp_path: Path, look: dict[str, Any], refused: bool) -> None:
    table = opened(tmp_path / "t.xlsx", ("S1", "arm", "x"), ("S2", "leg", "y"), change=looking(**look))
    first, second = table.rows()
    assert [(each.code, each.place.cell) for each in first.findings] == ([("E021", "Export!B2")] if refused else [])
    assert first.cells == ("S1", "" if refused else "arm", "x")
    assert second.cells == ("S2", "leg", "y")
    assert not second.findings


@pytest.mark.parametrize("look", ["<strike/>", '<color rgb="FFFFFFFF"/>'])
def test_a_text_that_cells_share(tmp_path: Path, look: str) -> None:
    """As spreadsheets save it; above the texts stand in the sheet itself."""
    path = workbook(tmp_path / "t.xlsx", ("S1", "arm", "x"))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    shared = f"<si><r><rPr>{look}</rPr><t>arm</t></r><r><t> leg</t></r></si>"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'.encode()
    parts[SHEET] = re.sub(rb'<c r="B2"[^>]*>.*?</c>', b'<c r="B2" t="s"><v>0</v></c>', parts[SHEET])
    kind = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", kind.encode())
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    table = open_table(path, known, name="t.xlsx")
    assert [(each.code, each.place.cell) for row in table.rows() for each in row.findings] == [("E021", "Export!B2")]


def test_a_note_is_told_by_its_cell_and_refuses_nothing(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for cell in ("A1", "C2", "B3"):
            book.active[cell].comment = Comment("melanoma, see there", "Dr. Example")

    table = opened(tmp_path / "t.xlsx", ("S1", "arm", "x"), ("S2", None, "y"), change=change)
    rows = list(table.rows())
    assert [row.cells for row in rows] == [("S1", "arm", "x"), ("S2", "", "y")]
    told = [(each.code, each.place.cell, each.severity.value) for row in rows for each in row.findings]
    assert told == [("W312", "Export!C2", "warning"), ("W312", "Export!B3", "warning")]
