"""The kinds of table files that can be read, by their endings.

A new kind is one module here and one line in `MODULES`. Its module has a function

    open_file(path, known, name, encoding, sheet) -> Table

with the arguments of `open_table`; it may ignore an encoding or a sheet that its files do not have.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from reportgen.findings import either, refuse
from reportgen.tables.table import Known, Table

MODULES = {
    ".csv": "reportgen.tables.csv_table",
    ".tsv": "reportgen.tables.csv_table",
    ".txt": "reportgen.tables.csv_table",
    ".xlsx": "reportgen.tables.xlsx_table",
}


def endings() -> tuple[str, ...]:
    """The endings of table files, each with its dot."""
    return tuple(MODULES)


def open_table(path: Path, known: Known, *, name: str = "", encoding: str = "", sheet: str = "") -> Table:
    """Open a table file, which places call `name`, and read its headings.

    The encoding is that of a CSV file which is not UTF-8 and has no byte order mark; the sheet is that of a workbook in
    which several have known headings.

    Raises:
        FindingsError: E004, E005, E009–E013, E015–E019.
    """
    shown, ending = name or str(path), path.suffix.lower()
    if ending not in MODULES:
        message = f'"{path.suffix}" is not a supported table file type'
        raise refuse("E010", message, shown, hint=f"use {either(MODULES)}")
    try:
        if path.exists() and not path.is_file():
            raise refuse("E009", "cannot be read: it is a folder or a device", shown)
        table: Table = import_module(MODULES[ending]).open_file(path, known, shown, encoding, sheet)
    except OSError as error:
        raise refuse("E009", f"cannot be read: {error.strerror or type(error).__name__}", shown) from None
    return table
