"""Findings of a table by kind: one line for a column, whatever the number of its cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.finding_groups import FindingGroups
from reportgen.findings import Finding, Place
from reportgen.tables.table import place


def cell(number: int, column: int = 5, heading: str = "Coll. Date", sheet: str = "") -> Place:
    return place("t.csv", sheet, number, number, column, ("",) * column + (heading,))


def row(number: int) -> Place:
    return place("t.csv", "", number, number, -1)


def day(number: int, value: str = "") -> Finding:
    return Finding("E107", cell(number), "collected", "has a time of day", "drop it", value)


def lines(*findings: Finding, show_values: bool = False) -> list[str]:
    return list(FindingGroups(findings).lines(show_values=show_values))


def test_one_line_for_all_cells_of_a_column() -> None:
    assert lines(*(day(number) for number in range(2, 202))) == [
        't.csv: E107 collected, 200 cells of column "Coll. Date" (first F2): has a time of day (drop it)'
    ]
    assert lines(day(7)) == ['t.csv:F7: E107 collected, column "Coll. Date": has a time of day (drop it)']


def test_a_heading_that_is_the_path_is_not_said_twice() -> None:
    own = [Finding("E107", cell(n, heading="collected"), "collected", "is no day", "x") for n in (2, 3)]
    assert lines(*own) == ['t.csv: E107 2 cells of column "collected" (first F2): is no day (x)']
    assert lines(own[0]) == ["t.csv:F2: E107 collected: is no day (x)"]


def test_kinds_stay_apart() -> None:
    findings = [
        day(2),
        Finding("E107", cell(3), "collected", "has a year of two digits", "drop it"),
        Finding("E107", cell(4, 6, "Rec. Date"), "received", "has a time of day", "drop it"),
        Finding("W302", cell(5), "collected", "has a time of day"),
        Finding("E107", cell(6, sheet="Other"), "collected", "has a time of day", "drop it"),
    ]
    assert len(lines(*findings)) == 5


def test_the_parts_and_the_rows_that_a_message_names_are_not_what_makes_a_kind() -> None:
    why = "which are not all labeled"
    spread = [
        *(Finding("E208", cell(n), "patient.name", f"is not what t.csv:B{n - 1} says") for n in range(3, 9)),
        *(Finding("E209", row(n), "parts", f"is in rows {n}, {n + 1}, {why}") for n in range(20, 30, 2)),
    ]
    one, other = lines(*spread)
    assert one.startswith('t.csv: E208 patient.name, 6 cells of column "Coll. Date" (first F3): ')
    assert other.startswith("t.csv: E209 parts, 5 rows (first 20): is in rows 20, 21, which ")
    parts = [Finding("E103", cell(n), f"parts.{label}.kind", "is no answer") for n, label in ((2, "A"), (3, "B"))]
    assert lines(*parts)[0].startswith('t.csv: E103 kind, 2 cells of column "Coll. Date" (first F2)')


def test_headings_that_nobody_knows_are_one_line() -> None:
    headings = ("Case ID", "kid", "2026-11-02", "Doe, Jane")
    found = [
        Finding("E113", place("t.csv", "", 1, 1, n, headings), "", "neither knows", 'did you mean "kind"?' * (n == 1))
        for n in range(4)
    ]
    (line,) = lines(*found)
    assert (
        't.csv: E113 4 headings: A1 "Case ID", B1 "kid" (did you mean "kind"?), C1, D1: neither knows (map it, or'
        in line
    )
    assert "2026" not in line, "a first line of data is no line of headings"
    assert "Doe" not in line


def test_what_stands_in_no_table_is_a_line_each() -> None:
    found = [Finding("E103", Place("c.yaml", n, 1), "parts.A.kind", "is no answer") for n in (1, 2)]
    assert lines(*found) == [finding.as_line() for finding in found]
    assert lines(found[0], found[0]) == [found[0].as_line()]
    (kind,) = FindingGroups(found, apart=False)
    assert kind.count == 2


def test_values_are_told_where_they_were_asked_for_and_few() -> None:
    found = [day(n, value=f"v{n % 40}") for n in range(2, 500)]
    assert "v3" not in "".join(lines(*found))
    (line,) = lines(*found, show_values=True)
    assert ': has a time of day: "v2" (13), "v3" (13)' in line
    assert line.count('"v') == 12


def test_next_steps_that_differ_are_told_where_they_are_few() -> None:
    found = [Finding("E103", cell(n), "kind", "is no answer", f"step {n % 2}") for n in range(2, 9)]
    assert lines(*found)[0].endswith("is no answer (step 0 · step 1)")
    many = [Finding("E103", cell(n), "kind", "is no answer", f"step {n}") for n in range(2, 9)]
    assert lines(*many)[0].endswith("is no answer (use an allowed answer)")


@given(st.lists(st.tuples(st.integers(2, 10_000), st.integers(0, 9), st.sampled_from(["E107", "W302"])), min_size=1))
def test_none_is_lost(found: list[tuple[int, int, str]]) -> None:
    kinds = FindingGroups(Finding(code, cell(number, column), "collected", "is so") for number, column, code in found)
    assert sum(kind.count for kind in kinds) == len(found)
    assert len(kinds) == len({(column, code) for _, column, code in found})


@pytest.mark.parametrize("number", [1, 3])
def test_programs_get_the_same(number: int) -> None:
    (kind,) = FindingGroups(day(n, value="secret") for n in range(2, 2 + number))
    data = kind.as_data()
    assert (data["count"], data["cell"], data["heading"], data["code"]) == (number, "F2", "Coll. Date", "E107")
    assert "secret" not in str(data) + kind.meaning
    assert ("cells of column" in kind.meaning) == (number > 1)
