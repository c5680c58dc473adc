"""XLSX: cells as text, never as what a spreadsheet made of them; what it changed or computed is refused by address.

Source: threat 21 of the project's threat list.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from reportgen.findings import Finding, FindingsError, one_of, refuse
from reportgen.reading.table import Known, Row, Table, checked, headings
from reportgen.reading.workbook import Sheet, hidden_or_merged, require_safe

_DIGITS = 15  # what a spreadsheet keeps of a number


class _Spoiled(Exception):
    """A cell that does not say what was typed: finding code and message."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def open_xlsx(path: Path, known: Known, name: str, sheet: str) -> Table:
    """Open a workbook; see `open_table`."""
    chosen, raw = _chosen(path, require_safe(path, name), known, name, sheet)
    header = headings(raw, name, chosen.name)
    findings = hidden_or_merged(path, chosen, name, len(header))
    if findings:
        raise FindingsError(findings)
    return Table(name, header, partial(_rows, path), sheet=chosen.name)


def _chosen(path: Path, sheets: list[Sheet], known: Known, name: str, asked: str) -> tuple[Sheet, list[str]]:
    """The sheet asked for, or the only one with known headings; and its first row."""
    names = [sheet.name for sheet in sheets]
    if asked and asked not in names:
        raise refuse("E012", "has no visible sheet of that name", name, path="--sheet", hint=one_of(names))
    firsts = {sheet.name: _first_row(path, sheet.name) for sheet in sheets if asked in ("", sheet.name)}
    hits = [each for each, cells in firsts.items() if any(known(" ".join(cell.split())) for cell in cells)]
    if not hits:
        raise refuse("E012", "has no sheet with headings that the protocols or the mapping know", name)
    if len(hits) > 1:
        raise refuse("E012", "has several sheets with known headings", name, hint=f"choose with --sheet {one_of(hits)}")
    return next(sheet for sheet in sheets if sheet.name == hits[0]), firsts[hits[0]]


def _first_row(path: Path, sheet: str) -> list[str]:
    with closing(_opened(path)) as book:
        cells = next(iter(book[sheet].iter_rows(min_row=1, max_row=1)), ())
        return [str(cell.value) if cell.data_type in ("s", "inlineStr", "str") else "" for cell in cells]


def _opened(path: Path) -> Any:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that play no part in the cells' texts
        return openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)


def _rows(path: Path, table: Table) -> Iterator[Row]:
    width = len(table.header)
    with closing(_opened(path)) as book:
        for number, cells in enumerate(book[table.sheet].iter_rows(), start=1):
            if number > 1 and any(cell.value is not None for cell in cells):
                row = _row(table, cells, number, width)
                if row is not None and (row.findings or any(row.cells)):
                    yield row


def _row(table: Table, cells: Any, number: int, width: int) -> Row | None:
    texts = [""] * width
    numbers, findings = set[int](), []
    for column, cell in enumerate(cells):
        if cell.value is None or cell.value == "":
            continue
        if column >= width:
            table.find("E014", (number, number), column, "stands under no heading")
            return None
        try:
            texts[column] = _text(cell)
        except _Spoiled as spoiled:
            findings.append(
                Finding(spoiled.code, table.place(number, number, column), "", spoiled.message, spoiled.hint)
            )
        if cell.data_type == "n" and not cell.is_date:
            numbers.add(column)
    where = partial(table.place, number, number)
    kept, more = checked(texts, where)
    return Row(number, number, kept, frozenset(numbers), (*findings, *more))


def _text(cell: Any) -> str:
    """A cell as it was typed, or `_Spoiled`."""
    value = cell.value
    if cell.data_type == "f" or (isinstance(value, str) and cell.data_type not in ("s", "inlineStr", "str", "e")):
        raise _Spoiled("E016", "holds a formula")
    if cell.data_type == "e":
        raise _Spoiled("E016", "holds an error")
    if isinstance(value, bool):
        raise _Spoiled("E018", "is a logical value of the spreadsheet", "format the column as text and type the answer")
    if isinstance(value, datetime.datetime | datetime.date):
        return _day(value)
    if isinstance(value, datetime.time | datetime.timedelta):
        raise _Spoiled("E018", "is a time of day")
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return str(value)


def _day(value: datetime.datetime | datetime.date) -> str:
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            raise _Spoiled("E018", "is a date with a time of day", "enter the date alone")
        return value.date().isoformat()
    return value.isoformat()


def _number(value: float, form: str) -> str:
    """A number in the digits that the spreadsheet shows, never rounded and never with an exponent."""
    if "%" in form:
        raise _Spoiled("E018", "is a number shown as per cent", "format the column as text and type it with its sign")
    if value != value or abs(value) >= 10**_DIGITS:
        raise _Spoiled("E018", f"is a number of more than {_DIGITS} digits")
    plain = Decimal(f"{value:.{_DIGITS}g}")
    text = f"{plain:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
