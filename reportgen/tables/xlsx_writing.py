"""Workbooks of text: an accession keeps its zeros, and no code becomes a day. The same cells give the same bytes."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_STAMP = (1980, 1, 1, 0, 0, 0)
_AS_TEXT = "@"


def new_book() -> Workbook:
    """A workbook without a sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.creator, book.properties.created = "reportgen", datetime(*_STAMP, tzinfo=UTC)
    book.remove(book.worksheets[0])
    return book


def text_cell(sheet: Worksheet, row: int, column: int, text: str) -> Cell | MergedCell:
    """Write a text, which stays a text even if it begins with "="."""
    cell = sheet.cell(row, column)
    cell.value, cell.number_format = text, _AS_TEXT
    cell.data_type = "s"
    if text.startswith("'"):
        cell.quotePrefix = True  # else a spreadsheet drops the sign as soon as someone edits the cell
    return cell


def text_column(sheet: Worksheet, column: int, width: float) -> None:
    """Give a column its width, and have the spreadsheet take what is typed there as text."""
    from openpyxl.utils import get_column_letter

    dimension = sheet.column_dimensions[get_column_letter(column)]
    dimension.width, dimension.number_format = width, _AS_TEXT


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook, without the time of its making."""
    packed, target = io.BytesIO(), io.BytesIO()
    book.save(packed)
    with ZipFile(packed) as made, ZipFile(target, "w", ZIP_DEFLATED) as settled:
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = ZipInfo(name, _STAMP)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 0, 0x20
            data = made.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", data)
            settled.writestr(entry, data)
    return target.getvalue()
