"""A workbook back to the files of a protocol. Nothing is guessed: what a spreadsheet changed is refused by its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reportgen.findings import Finding, FindingsError, Place, either, one_of
from reportgen.reading.source import Mapping
from reportgen.sheets.codecs import REMARK
from reportgen.sheets.kinds import DEPTH, SHEETS, WHAT, SheetPlan
from reportgen.sheets.tree import Given, Tree
from reportgen.tables.registry import open_table
from reportgen.tables.table import Row, Table, place
from reportgen.tables.xlsx_table import sheet_names

_NUMERIC = frozenset({DEPTH, "minimum", "maximum"})  # columns in which a number of the spreadsheet is what was typed
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_MOST = 20_000  # rows of a sheet; the largest forms that are known have some 3,000
_TOO_LARGE = "delete pictures and what is not of the protocol, or write the workbook anew (protocols sheet)"
_AS_TEXT = "format the cell as text, and type it again"


def read_workbook(path: Path) -> tuple[dict[str, Mapping], list[Finding]]:
    """What the files of a protocol say by a workbook, each node with its cell as its place; and warnings.

    Raises:
        FindingsError: E0xx and T401, each with sheet and cell, for everything that is wrong with the workbook itself.
    """
    name = str(path)
    if path.suffix.lower() != ".xlsx":
        raise FindingsError([Finding("E010", Place(name), "", "is not a workbook", "use a file that ends in .xlsx")])
    findings = list(_sheets(path, name))
    if any(finding.refuses for finding in findings):
        raise FindingsError(findings)
    tree = Tree(name)
    for plan in SHEETS:
        try:
            table = open_table(path, plan.columns.__contains__, name=name, sheet=plan.name)
            findings += _headings(plan, table)
            tree.add(plan, list(_rows(plan, table, findings)))
        except FindingsError as error:
            findings += error.findings
    findings += tree.findings
    files = tree.files()
    if not findings and not ("protocol" in files and files["protocol"].place.cell):
        findings.append(Finding("T401", Place(name, cell="Form!A3"), "", "has no row that is a protocol", "add one"))
    if any(finding.refuses for finding in findings):
        raise FindingsError(findings)
    return files, findings


def _sheets(path: Path, name: str) -> Iterator[Finding]:
    """Sheets that are missing, hidden, or no sheets of a protocol."""
    visible, hidden = sheet_names(path, name, _TOO_LARGE)
    wanted = [plan.name for plan in SHEETS]
    others = [sheet for sheet in (*visible, *hidden) if sheet not in wanted]
    for sheet in wanted:
        if sheet in hidden:
            yield Finding("E019", Place(name, cell=sheet), "", "is hidden", "unhide the sheet")
        elif sheet not in visible:
            hint = f"give the sheet that was renamed its name again ({one_of(others)})" if others else "add it again"
            yield Finding("E012", Place(name, cell=sheet), "", "is missing from the workbook", hint)
    for sheet in others:
        hint = f"move what it says to {either(wanted)}, or keep it elsewhere"
        yield Finding("W355", Place(name, cell=sheet), "", "is a sheet that is not read", hint)


def _headings(plan: SheetPlan, table: Table) -> Iterator[Finding]:
    for number, heading in enumerate(table.header):
        if heading not in plan.columns:
            where = place(table.name, table.sheet, 1, 1, number)
            yield Finding("E013", where, "", "is not a heading of this sheet", one_of(plan.columns))
    for heading in plan.columns:
        if heading not in table.header:
            where = place(table.name, table.sheet, 1, 1, -1)
            yield Finding("E013", where, "", f"has no column {heading}", "add the column; it may be empty")


def _rows(plan: SheetPlan, table: Table, findings: list[Finding]) -> Iterator[Given]:
    """The rows of a sheet that are no remarks."""
    for row in table.rows():
        if row.number > _MOST:
            where = table.place(row.number, row.line, -1)
            findings.append(Finding("E008", where, "", f"is below row {_MOST:,}", "delete what is not of the protocol"))
            break
        cells = zip(table.header, row.cells, strict=True)
        texts = {heading: text.strip() for heading, text in cells if text.strip()}
        if not texts.get(DEPTH, "").startswith(REMARK):
            findings += row.findings
            findings += _changed(table, row)
            places = {each: table.place(row.number, row.line, number) for number, each in enumerate(table.header)}
            here = table.place(row.number, row.line, -1)
            missing = {each: here for each in plan.columns if each not in places}
            if texts:
                yield Given(places.get("id") or places.get("name") or places.get(WHAT, here), texts, places | missing)
    findings += table.findings


def _changed(table: Table, row: Row) -> Iterator[Finding]:
    """Numbers and days of the spreadsheet where a text was typed: 1.10 may have become 1.1, and 8890/1 a day."""
    for column in sorted(row.numbers):
        text, heading = row.cells[column], table.header[column]
        if text and not (heading in _NUMERIC and _NUMBER.fullmatch(text)):
            kind = "number" if _NUMBER.fullmatch(text) else "day"
            message = f"is a {kind} of the spreadsheet, so that what was typed is not known"
            yield Finding("E018", table.place(row.number, row.line, column), "", message, _AS_TEXT)
