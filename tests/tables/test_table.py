"""What CSV and XLSX share: addresses, headings, characters."""

from __future__ import annotations

import pytest

from reportgen.findings import FindingsError, Place
from reportgen.reading.characters import normal
from reportgen.tables.table import checked, headings, place


def test_places() -> None:
    assert str(place("t.csv", "", 14, 20, 2)) == "t.csv:C14"
    assert str(place("t.xlsx", "Sheet1", 14, 14, 2)) == "t.xlsx:Sheet1!C14"
    assert str(place("t.csv", "", 14, 20, -1)) == "t.csv:14"
    assert sorted([place("t", "", 10, 10, 0), place("t", "", 9, 9, 5)])[0].line == 9


def test_headings_are_squeezed_and_every_misfit_is_named() -> None:
    assert headings([" a ", "b\n c", ""], "t") == ("a", "b c")
    with pytest.raises(FindingsError) as caught:
        headings(["a", "", "A", "b\u200bc"], "t")
    assert [(finding.code, finding.place.cell) for finding in caught.value.findings] == [
        ("E013", "B1"), ("E013", "C1"), ("E005", "D1"),
    ]  # fmt: skip


def test_cells_come_back_whole_or_empty_with_a_finding() -> None:
    def where(column: int) -> Place:
        return place("t", "", 2, 2, column)

    assert checked(["a", "# 1", "x\r\ny", "µ"], where) == (("a", "# 1", "x\ny", "µ"), ())
    texts, findings = checked(["a", "\x07", "#REF!", "z"], where)
    assert texts == ("a", "", "", "z")
    assert [(finding.code, finding.place.cell) for finding in findings] == [("E004", "B2"), ("E016", "C2")]


def test_a_whole_row_is_checked_as_its_cells_are() -> None:
    def where(column: int) -> Place:
        return place("t", "", 2, 2, column)

    cells = ["e\u0301", "\u0301", "two\nlines", "a\tb", "", "µ\r\nx"]
    assert checked(cells, where) == (tuple(normal(cell) for cell in cells), ())
    assert checked([*cells, "# 1"], where) == ((*(normal(cell) for cell in cells), "# 1"), ())
    assert checked(["é\r", "", "\n"], where) == (("é\n", "", "\n"), ())
    assert checked(["é", "", "ü"], where) == (("é", "", "ü"), ())
