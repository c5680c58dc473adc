"""A workbook of a protocol as a person edits it, by the id of a row and the heading of a column."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter


class BookRow:
    """One row of a sheet."""

    def __init__(self, sheet: Any, number: int) -> None:
        self.sheet = sheet
        self.number = number
        self.columns = {cell.value: cell.column for cell in sheet[1]}

    def __setitem__(self, column: str, value: object) -> None:
        self.sheet.cell(self.number, self.columns[column]).value = value

    def __getitem__(self, column: str) -> Any:
        return self.sheet.cell(self.number, self.columns[column]).value

    def cell(self, column: str) -> str:
        """The address of one of its cells, as findings give it."""
        return f"{self.sheet.title}!{get_column_letter(self.columns[column])}{self.number}"


class Book:
    """An opened workbook, which is saved at the end of a `with`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.book.save(self.path)

    def row(self, sheet: str, *, at: int = 0, **cells: str) -> BookRow:
        """A row by its number, or the first with these cells."""
        rows = [BookRow(self.book[sheet], number) for number in range(3, self.book[sheet].max_row + 1)]
        if at:
            return BookRow(self.book[sheet], at)
        return next(row for row in rows if all(row[column] == text for column, text in cells.items()))
