"""XLSX: cells as text, never as what a spreadsheet made of them; what it changed or computed is refused by address.

Source: threat 21 of the project's threat list.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from reportgen.findings import Finding, FindingsError, Place, counted, one_of, refuse
from reportgen.tables.table import HOW_TO_HEAD, TITLES, Known, Row, Table, checked, heading, headings, place
from reportgen.tables.workbook import Looks, looks_of, require_safe, whole

_DIGITS = 15  # what a spreadsheet keeps of a number
_TEXTS = ("s", "inlineStr", "str")
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")


class _Cell(Protocol):
    """What is used of a cell of openpyxl."""

    value: object
    data_type: str
    number_format: str


@dataclass(frozen=True)
class _Sheet:
    """A visible sheet: its name, its part of the package and the cells of its first row."""

    name: str
    part: str
    first: tuple[_Cell, ...]


class _Spoiled(Exception):
    """A cell that does not say what was typed: the code, the message and perhaps the hint of a finding."""


def open_file(path: Path, known: Known, name: str, _: str, sheet: str) -> Table:
    """Open a workbook; see `reportgen.tables.registry`."""
    require_safe(path, name)
    sheets = _sheets(path, name, sheet)
    hits = [each for each in sheets if _known_in(each.first, known)]
    if not hits:
        raise _without_headings(path, sheets, known, name)
    chosen = _chosen(hits, name, sheet)
    header = headings(_heading_texts(chosen, name), name, chosen.name)
    looks = looks_of(path, chosen.part, chosen.name, name, len(header))
    if looks.findings:
        raise FindingsError(looks.findings)
    return Table(name, header, partial(_rows, path, looks), sheet=chosen.name)


def sheet_names(path: Path, name: str, too_large: str) -> tuple[list[str], list[str]]:
    """The names of the visible sheets of a workbook, and of the hidden ones.

    Args:
        path: the workbook.
        name: what findings call it.
        too_large: what to do if it would unpack to too much.

    Raises:
        FindingsError: E009 for a file that cannot be read, E017 for one that is not safe to open.
    """
    try:
        require_safe(path, name, too_large=too_large)
        with _opened(path, name) as book, whole(name):
            seen = [(sheet.title, sheet.sheet_state == "visible") for sheet in book.worksheets]
    except OSError as error:
        raise refuse("E009", f"cannot be read: {error.strerror or type(error).__name__}", name) from None
    return [title for title, visible in seen if visible], [title for title, visible in seen if not visible]


def _sheets(path: Path, name: str, asked: str) -> list[_Sheet]:
    """The visible sheets, with their first rows; only the one asked for, if there is such."""
    with _opened(path, name) as book, whole(name):
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if asked and asked not in (names := [sheet.title for sheet in visible]):
            raise refuse("E012", "has no visible sheet of that name", name, path="--sheet", hint=one_of(names))
        return [
            _Sheet(sheet.title, sheet._worksheet_path, next(_cells(sheet, last=1), ()))
            for sheet in visible
            if asked in ("", sheet.title)
        ]


def _known_in(cells: tuple[_Cell, ...], known: Known) -> int:
    """How many headings of a row are known."""
    return sum(known(heading(str(cell.value))) for cell in cells if _is_text(cell))


def _without_headings(path: Path, sheets: list[_Sheet], known: Known, name: str) -> FindingsError:
    """That no sheet begins with known headings, and where they are further down."""
    with _opened(path, name) as book, whole(name):
        for sheet in sheets:
            for above, cells in enumerate(_cells(book[sheet.name], last=TITLES + 1)):
                if above and _known_in(cells, known) > 1:
                    where = Place(name, above + 1, 0, f"{sheet.name}!{above + 1}")
                    hint = f"delete the {counted(above, 'row')} above it"
                    return refuse("E012", "is the row of headings", where, hint=hint)
    hint = f"begin with the row of headings, {HOW_TO_HEAD}"
    return refuse("E012", "no sheet has a known heading in row 1", name, hint=hint)


def _chosen(hits: list[_Sheet], name: str, asked: str) -> _Sheet:
    """The sheet with known headings: there must be one."""
    if len(hits) > 1:
        hint = "give every sheet its own name" if asked else f"choose with --sheet {one_of(each.name for each in hits)}"
        raise refuse("E012", "has several sheets with known headings", name, hint=hint)
    return hits[0]


def _heading_texts(sheet: _Sheet, name: str) -> list[str]:
    findings, texts = [], []
    for column, cell in enumerate(sheet.first):
        texts.append(_unescaped(str(cell.value)) if _is_text(cell) else "")
        if cell.value is not None and not _is_text(cell):
            code, kind = ("E016", "a formula or an error") if cell.data_type in ("f", "e") else ("E018", "no text")
            where = place(name, sheet.name, 1, 1, column)
            findings.append(Finding(code, where, "", f"is a heading that is {kind}"))
    if findings:
        raise FindingsError(findings)
    return texts


def _is_text(cell: _Cell) -> bool:
    return isinstance(cell.value, str) and cell.data_type in _TEXTS


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Any]:
    import openpyxl

    with path.open("rb") as file:
        with whole(name):
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        with closing(book):
            yield book


def _cells(sheet: Any, last: int | None = None) -> Generator[tuple[_Cell, ...], None, None]:
    """The rows of a sheet.

    Why not with the dimensions that the sheet states: exporters get them wrong, and cells outside them would be lost.
    """
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_row=last)


def _rows(path: Path, looks: Looks, table: Table) -> Iterator[Row]:
    number = 0
    with _opened(path, table.name) as book, closing(_cells(book[table.sheet])) as source:
        while True:
            try:
                with whole(table.name):
                    cells = next(source, None)
            except FindingsError as error:
                table.end("E017", (number + 1, number + 1), -1, error.findings[0].message)
                return
            if cells is None:
                return
            number += 1
            if number > 1 and any(cell.value is not None for cell in cells):
                row = _row(table, cells, number, looks)
                if row is not None and (row.findings or any(map(str.strip, row.cells))):
                    yield row


def _row(table: Table, cells: tuple[_Cell, ...], number: int, looks: Looks) -> Row | None:
    width, where = len(table.header), partial(table.place, number, number)
    texts = [""] * width
    numbers, findings = set[int](), []
    for column, cell in enumerate(cells):
        if cell.value is None or cell.value == "":
            continue
        if column >= width:
            table.find("E014", (number, number), column, "has no heading above it")
            return None
        try:
            texts[column] = _text(cell)
        except _Spoiled as spoiled:
            code, *message = spoiled.args
            findings.append(Finding(code, where(column), "", *message))
        if cell.data_type in ("n", "d"):
            numbers.add(column)
    if looks.taken_back or looks.notes:
        findings += _looked_at(texts, number, looks, where)
    kept, more = checked(texts, where)
    return Row(number, number, kept, frozenset(numbers), (*findings, *more))


def _looked_at(texts: list[str], number: int, looks: Looks, where: Callable[[int], Place]) -> Iterator[Finding]:
    """What the looks of a row's cells say; a text that is taken back is not kept."""
    for column, text in enumerate(texts):
        why = looks.taken_back.get((number, column))
        if why and text:
            texts[column] = ""
            yield Finding("E021", where(column), "", why)
        if (number, column) in looks.notes:
            yield Finding("W312", where(column), "", "has a note or comment in the workbook, which is not read")


def _text(cell: _Cell) -> str:
    """A cell as it was typed, or `_Spoiled`."""
    value = cell.value
    if cell.data_type == "f" or (isinstance(value, str) and cell.data_type not in (*_TEXTS, "e")):
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
    return _unescaped(str(value))


def _unescaped(text: str) -> str:
    """Text with the control characters that a workbook spells `_x000D_`: line ends are kept, others refused later."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x00" in text else text


def _day(value: datetime.datetime | datetime.date) -> str:
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            return value.isoformat(" ", "minutes")  # only a mapping may drop the time of day
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
