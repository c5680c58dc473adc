"""The rows of a report as its reader sees them: lines, paragraphs, and rows of tables, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reportgen.findings import Place

_LEADER = re.compile(r"\s*(?:\.\s?){4,}\s*")
_COLUMNS = re.compile(r"\t+| {2,}|\s*\|\s*")
_WORDS = 12  # of a heading in capitals, at most


class Row(NamedTuple):
    """One row.

    Attributes:
        place: where it is: a line of a text file, else words such as `page 1, line 7`.
        cells: its texts from left to right; several where they are in columns.
        heading: whether it is set as a heading.
        deep: whether it begins where answers are, to the right of where labels begin.
        table: whether its columns are those of a table, drawn or set, and not made of spaces.
    """

    place: Place
    cells: tuple[str, ...]
    heading: bool = False
    deep: bool = False
    table: bool = False

    @property
    def text(self) -> str:
        """The row as one text."""
        return " ".join(self.cells)


def plain(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def columns(line: str) -> tuple[str, ...]:
    """The columns of a line, parted by two or more spaces, a tab, an upright line or a leader of dots."""
    return tuple(map(plain, _COLUMNS.split(_LEADER.sub("\t", line.strip(" \t|"), count=1).strip(" "))))


def in_capitals(text: str) -> bool:
    """Whether a line is set in capitals, as plain text sets its headings."""
    letters = [letter for letter in text if letter.isalpha()]
    return (
        text[:1].isalnum()
        and len(letters) > 3
        and text == text.upper()
        and not re.search(r":\s*\S", text)
        and len(text.split()) < _WORDS
    )


def as_data(rows: Iterable[Row]) -> list[list[object]]:
    """Rows as plain data, which a child process can send."""
    return [[*row.place[:2], row.place.cell, list(row.cells), row.heading, row.deep, row.table] for row in rows]


def from_data(data: list[tuple[str, int, str, list[str], bool, bool, bool]]) -> Iterator[Row]:
    """The rows that `as_data` gave."""
    for file, line, cell, cells, heading, deep, table in data:
        yield Row(Place(file, line, 1 if line else 0, cell), tuple(cells), heading, deep, table)
