"""The workbook of a protocol: four sheets with drop-downs, frozen headings and rows that are set in by their depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.sheets.codecs import REMARK
from reportgen.sheets.condition_cells import IS, WORDS
from reportgen.sheets.kinds import DEPTH, SHEETS, WHAT, SheetPlan
from reportgen.sheets.lines import Files, Line, lines_of
from reportgen.tables.xlsx_writing import new_book, saved, text_cell, text_column

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SPARE = 300  # rows below the last one that have drop-downs too
_DEEP = 10  # levels that are drawn
_HEAD, _TOP, _SECTION = "D9E2EC", "E4ECF4", "F3F6F9"  # backgrounds
_GRAY = "5F6B76"
_HEADED = ("section", "statement", "term", "header", "diagnosis", "comment", "scenario", "advisory", "criterion")


def workbook(files: Files) -> bytes:
    """The bytes of the workbook; raises `ValueError` as `lines_of`."""
    book = new_book()
    lines = lines_of(files)
    for plan in SHEETS:
        _fill(book.create_sheet(plan.name), plan, lines[plan.name])
    return saved(book)


def _fill(sheet: Worksheet, plan: SheetPlan, lines: list[Line]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    fills = {color: PatternFill("solid", fgColor=color) for color in (_HEAD, _TOP, _SECTION)}
    for column, (name, (help, width)) in enumerate(plan.columns.items(), start=1):
        text_column(sheet, column, width)
        head = text_cell(sheet, 1, column, name)
        head.font, head.fill, head.alignment = Font(bold=True), fills[_HEAD], Alignment(vertical="center")
        below = text_cell(sheet, 2, column, f"{REMARK} {help}" if column == 1 else help)
        below.font, below.alignment = Font(italic=True, size=9, color=_GRAY), Alignment(wrap_text=True, vertical="top")
    for number, line in enumerate(lines, start=3):
        cells = {DEPTH: str(line.depth), WHAT: line.kind.what, **line.cells}
        fill = fills[_TOP if line.depth == 0 else _SECTION] if line.kind.what in _HEADED else None
        for column, name in enumerate(plan.columns, start=1):
            cell = text_cell(sheet, number, column, cells[name]) if name in cells else sheet.cell(number, column)
            indent = min(line.depth, _DEEP) if name in (WHAT, "id", "name") else 0
            cell.alignment = Alignment(wrap_text=name not in (DEPTH, WHAT), vertical="top", indent=indent)
            cell.number_format = "@"
            if fill:
                cell.fill = fill
    sheet.freeze_panes = "D3"
    _choices(sheet, plan, len(lines) + 2 + _SPARE)


def _choices(sheet: Worksheet, plan: SheetPlan, last: int) -> None:
    """The drop-downs: a cell takes one of a few words, and says so."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = {WHAT: tuple(plan.kinds), **({IS: WORDS} if IS in plan.columns else {}), **plan.choices}
    for number, name in enumerate(plan.columns, start=1):
        if name in choices:
            rule = DataValidation(
                "list", formula1=f'"{",".join(choices[name])}"', allow_blank=True, showErrorMessage=True
            )
            rule.errorTitle, rule.error = name, "Choose one of the list."
            letter = get_column_letter(number)
            rule.add(f"{letter}3:{letter}{last}")
            sheet.add_data_validation(rule)
