"""A table: rows of text with the address of every cell; nothing is guessed, nothing is converted.

Rows come one by one, so that a table of any length takes little memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from reportgen.findings import Finding, FindingsError, Place
from reportgen.reading.characters import letters, normal, refused

Known = Callable[[str], bool]
_DATA = re.compile(r"[0-9]{4}|[0-9][-/.][0-9]+[-/.][0-9]|^[^\W\d_][^,;/()]*, ?[^\W\d_][^,;/()]*$")
_SHOWN = 200  # structural findings that are named one by one
_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!")
)

_FORMULA = re.compile(r"=\s*(?:[+\-@]*[A-Za-z_.]+[0-9]*\(|[+\-]*\$?[A-Za-z]{1,3}\$?[0-9]+\b|\"|'[^']+'!)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: as a spreadsheet counts it; the headings are row 1.
        line: the line of the file at which it begins; in a workbook the same as `number`.
        cells: the text of each cell, as many as there are headings.
        numbers: which cells are number or date cells of a workbook: what was typed may have been another text.
        findings: what is wrong with single cells; the text of such a cell is empty.
    """

    number: int
    line: int
    cells: tuple[str, ...]
    numbers: frozenset[int] = frozenset()
    findings: tuple[Finding, ...] = ()


@dataclass
class Table:
    """A table that was opened.

    Attributes:
        name: what places call the file.
        header: the headings.
        read: gives the rows anew, adding to the findings it is given what is wrong with the table as a whole.
        sheet: the sheet of a workbook, "" for CSV.
        head: the line of the headings; their row is 1, for a spreadsheet does not show a line `sep=;` above them.
        findings: what was found wrong with the table while its rows were read (E014; and what ended the reading: E011,
            E015 or E017).
    """

    name: str
    header: tuple[str, ...]
    read: Callable[[Table], Iterator[Row]]
    sheet: str = ""
    head: int = 1
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
        found = refused(word)
        if found:
            findings.append(Finding(found[0], where, "", f"{found[2]} is not allowed"))
        elif not word:
            findings.append(Finding("E013", where, "", "has no heading"))
        elif (other := first.setdefault(word.casefold(), column)) != column:
            findings.append(Finding("E013", where, "", f"repeats the heading of column {letters(other)}"))
    if findings:
        raise FindingsError(findings)
    return tuple(words)


def checked(cells: Sequence[str], where: Callable[[int], Place]) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Cells as they may stand in a report, and a finding for each that may not (it comes back empty)."""
    whole = "".join(cells)
    if whole.isascii() and whole.isprintable() and "#" not in whole and "=" not in whole:
        return tuple(cells), ()
    if (
        "#" not in whole and "=" not in whole and "\r" not in whole
    ):  # the row at once: composing never reaches across a line end
        row = normal("\n".join(cells))
        if row.count("\n") == len(cells) - 1 and not refused(row):
            return tuple(row.split("\n")), ()
    texts, findings = [], []
    for column, cell in enumerate(cells):
        text = normal(cell)
        found = refused(text)
        if found:
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
    shown = header[column] if 0 <= column < len(header) and not _may_be_data(header[column]) else ""
    return Place(name, line, column + 1, f"{sheet}!{cell}" if sheet else cell, shown)


def _may_be_data(heading: str) -> bool:
    """Whether a first line that is no line of headings may have put a number, a day or a name in their place."""
    return _DATA.search(heading) is not None
