"""Tables in memory: rows and addresses without a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reportgen.findings import Place
from reportgen.reading.readers import read_text
from reportgen.tables import table as table_files
from reportgen.tables.bind_headings import bind
from reportgen.tables.case_to_rows import part_rows
from reportgen.tables.mapping import Columns, columns_from
from reportgen.tables.rows_to_case import Binding
from reportgen.tables.table import Row


def place(number: int, line: int, column: int) -> Place:
    """The address of a cell of `t.csv`."""
    return table_files.place("t.csv", "", number, line, column)


def table(dicts: Iterable[dict[str, str]]) -> tuple[tuple[str, ...], list[Row]]:
    """Headings and rows of what was flattened; a path that a row lacks is an empty cell."""
    rows = list(dicts)
    header = tuple(dict.fromkeys(heading for row in rows for heading in row))
    cells = [tuple(row.get(heading, "") for heading in header) for row in rows]
    return header, [Row(number, number, each) for number, each in enumerate(cells, start=2)]


def case_table(*cases: dict[str, Any]) -> tuple[tuple[str, ...], list[Row]]:
    """The table of whole cases."""
    return table(row for case in cases for row in part_rows(case))


def mapping(text: str) -> Columns:
    """A mapping from YAML text, called `map.yaml`."""
    return columns_from(read_text(text, name="map.yaml"))


def bound(header: Sequence[str], text: str = "", protocol: str = "toy") -> Binding:
    """A binding to the headings of a table; `text` is the mapping."""
    return bind(tuple(header), place, mapping(text) if text else Columns(), protocol)
