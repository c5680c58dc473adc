"""A table: rows of text with the address of every cell; nothing is guessed, nothing is converted.

Rows come one by one, so that a table of any length takes little memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from reportgen.findings import Finding, FindingsError, Place
from reportgen.reading.characters import letters, normal, refused

Known = Callable[[str], bool]  # whether a heading is one of those that are expected
Address = Callable[[int, int, int], Place]  # of a cell, by row number, line and column (from 0; -1 for the row)
# What a first line that is no line of headings may have in their place: a number, a day or a name.
_DATA = re.compile(r"[0-9]{4}|[0-9][-/.][0-9]+[-/.][0-9]|^[^\W\d_][^,;/()]*, ?[^\W\d_][^,;/()]*$")
TITLES = 10  # lines above the headings that are looked over
HOW_TO_HEAD = "spelled as in `new table` (capitals matter), or map them with --columns"
_SHOWN = 200  # structural findings that are named one by one
_ERRORS = (
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
)
_FORMULA = re.compile(r"=\s*(?:[+\-@]*[A-Za-z_.]+[0-9]*\(|[+\-]*\$?[A-Za-z]{1,3}\$?[0-9]+\b|\"|'[^']+'!)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row."""

    number: int  # as a spreadsheet counts it; the headings are row 1
    line: int  # of the file, at which it begins; in a workbook the same as `number`
    cells: tuple[str, ...]  # the text of each cell, as many as there are headings
    numbers: frozenset[int] = frozenset()  # number and date cells of a workbook, where another text may have been typed
    findings: tuple[Finding, ...] = ()  # what is wrong with single cells; the text of such a cell is empty


@dataclass
class Table:
    """A table that was opened."""

    name: str  # what places call the file
    header: tuple[str, ...]  # the headings
    read: Callable[[Table], Iterator[Row]]  # gives the rows anew, and adds to the findings
    sheet: str = ""  # of a workbook
    head: int = 1  # the line of the headings; their row is 1, for a spreadsheet does not show a line `sep=;` above them
    # What was wrong with the table while its rows were read: E014, and what ended the reading (E011, E015, E017).
    findings: list[Finding] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows from the first on; rows without any entry are passed over, ragged ones become findings."""
        self.findings.clear()
        return self.read(self)

    def place(self, number: int, line: int, column: int) -> Place:
        """The place of a cell; `column` counts from 0, -1 is the row as a whole."""
        return place(self.name, self.sheet, number, line, column, self.header)

    def find(self, code: str, row: Sequence[int], column: int, message: str, hint: str = "") -> None:
        """Note what is wrong with one row; `row` is its number and line."""
        if len(self.findings) < _SHOWN:
            self.end(code, row, column, message, hint)
        elif len(self.findings) == _SHOWN:
            self.end(code, row, -1, f"is wrong too, and more may follow: the first {_SHOWN} are named", hint)

    def end(self, code: str, row: Sequence[int], column: int, message: str, hint: str = "") -> None:
        """Note what no further row can be read after; named however much was found before."""
        self.findings.append(Finding(code, self.place(row[0], row[1], column), "", message, hint))


def heading(cell: str) -> str:
    """A heading as it is compared: composed, with single spaces."""
    return " ".join(normal(cell).split())


def headings(raw: Sequence[str], name: str, sheet: str = "", head: int = 1) -> tuple[str, ...]:
    """The headings of a table, in line `head`: squeezed, each with words and different from all others (E013)."""
    words = [heading(cell) for cell in raw]
    while words and not words[-1]:
        words.pop()
    findings = []
    first: dict[str, int] = {}
    for column, word in enumerate(words):
        where = place(name, sheet, 1, head, column)
        if found := refused(word):
            findings.append(Finding(found[0], where, "", f"{found[2]} is not allowed"))
        elif not word:
            findings.append(Finding("E013", where, "", "has no heading"))
        elif (other := first.setdefault(word.casefold(), column)) != column:
            findings.append(Finding("E013", where, "", f"repeats the heading of column {letters(other)}"))
    if findings:
        raise FindingsError(findings)
    return tuple(words)


def checked(cells: Sequence[str], where: Callable[[int], Place]) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Cells that a report may contain, and a finding for each of the others (which comes back empty)."""
    whole = "".join(cells)
    if "#" not in whole and "=" not in whole and "\r" not in whole:
        if whole.isascii() and whole.isprintable():
            return tuple(cells), ()
        row = normal("\n".join(cells))  # the row at once: composing never reaches across a line end
        if row.count("\n") == len(cells) - 1 and not refused(row):
            return tuple(row.split("\n")), ()
    texts, findings = [], []
    for column, cell in enumerate(cells):
        text = normal(cell)
        if found := refused(text):
            findings.append(Finding(found[0], where(column), "", f"{found[2]} is not allowed"))
        elif text.strip().upper() in _ERRORS:
            findings.append(Finding("E016", where(column), "", "holds an error of the spreadsheet it came from"))
        elif _FORMULA.match(text.strip()):
            findings.append(Finding("E016", where(column), "", "holds a formula"))
        texts.append("" if findings and findings[-1].place == where(column) else text)
    return tuple(texts), tuple(findings)


def place(name: str, sheet: str, number: int, line: int, column: int, header: Sequence[str] = ()) -> Place:
    """The place of a cell: `C14`, or `Sheet1!C14` in a workbook; with its heading, where that is no patient's data."""
    cell = f"{letters(column) if column >= 0 else ''}{number}"
    shown = header[column] if 0 <= column < len(header) and not _DATA.search(header[column]) else ""
    return Place(name, line, column + 1, f"{sheet}!{cell}" if sheet else cell, shown)
