"""The shape of a mapping: what it says is read as it stands, and every mistake is named at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.days import DatePattern, date_pattern
from reportgen.findings import FindingsError
from reportgen.tables.mapping import load_columns
from tests.support.tables import mapping

WHOLE = """\
protocol: toy
columns:
  Accession  No.: accession
  Deep margin: {to: margins.deep, values: {POS: involved, N/A: ""}}
  "Size (cm)": {to: size, unit: cm}
  DOB: {to: patient.birth_date, date: MM/DD/YYYY}
  MF: {to: mitoses, per: 10 mm2}
  Old: {to: reported, optional: yes}
ignore: [Billing code]
constants: {laboratory.name: Lab}
values: {Neg.: negative}
decimal_comma: true
list_separator: ;
"""


def test_what_a_mapping_says_is_read() -> None:
    made = mapping(WHOLE)
    assert made.protocol
    assert made.protocol.text == "toy"
    assert [(heading, column.path) for heading, column in made.columns.items()] == [
        ("Accession No.", "accession"), ("Deep margin", "margins.deep"), ("Size (cm)", "size"),
        ("DOB", "patient.birth_date"), ("MF", "mitoses"), ("Old", "reported"),
    ]  # fmt: skip
    columns = made.columns
    assert [(word.word, word.answer) for word in columns["Deep margin"].words] == [("POS", "involved"), ("N/A", "")]
    assert (columns["Size (cm)"].unit, columns["MF"].per, columns["Old"].optional) == ("cm", "10 mm²", True)
    assert columns["DOB"].date
    assert made.ignore == {"Billing code"}
    assert [(each.path, each.text.text) for each in made.constants] == [("laboratory.name", "Lab")]
    assert [(word.word, word.answer) for word in made.words] == [("Neg.", "negative")]
    assert (made.decimal_comma, made.list_separator) == (True, ";")


def test_a_mapping_of_nothing_changes_nothing() -> None:
    made = mapping("columns:\n")
    assert (made.protocol, made.columns, made.ignore, made.constants, made.words) == (None, {}, frozenset(), (), ())
    assert (made.decimal_comma, made.list_separator) == (False, "|")


MISTAKES: list[tuple[str, list[tuple[str, str]]]] = [
    ("colums: {}", [("1:1", "colums")]),
    ("columns: x", [("1:10", "columns")]),
    ("columns: {A: {too: x, to: y}}", [("1:15", "columns.A.too")]),
    ("columns: {A: {unit: cm}}", [("1:11", "columns.A")]),
    ("columns: {A: [x]}", [("1:14", "columns.A")]),
    ("columns: {A: }", [("1:14", "columns.A")]),
    ("columns: {A: {to: }}", [("1:19", "columns.A.to")]),
    ("columns: {A: {to: [x]}}", [("1:19", "columns.A.to")]),
    ("columns: {A: {to: x, unit: }}", [("1:28", "columns.A.unit")]),
    ("columns: {A B: x, A  B: y}", [("1:19", "columns.A B")]),
    ("columns: {A: {to: x, values: y}}", [("1:30", "columns.A.values")]),
    ("columns: {A: {to: x, values: {POS: y, pos: z}}}", [("1:39", "columns.A.values.pos")]),
    ("columns: {A: {to: x, values: {POS: }}}", [("1:31", "columns.A.values.POS")]),
    ("columns: {A: {to: x, values: {POS: [y]}}}", [("1:31", "columns.A.values.POS")]),
    ('columns: {A: {to: x, values: {"": y}}}', [("1:31", "columns.A.values")]),
    ("columns: {A: {to: x, date: MM/DD/YY}}", [("1:28", "columns.A.date")]),
    ("columns: {A: {to: x, date: [MM]}}", [("1:28", "columns.A.date")]),
    ("columns: {A: {to: x, optional: perhaps}}", [("1:32", "columns.A.optional")]),
    ("ignore: x", [("1:9", "ignore")]),
    ("ignore: [[x]]", [("1:10", "ignore")]),
    ("columns: {A: x}\nignore: [A]", [("2:10", "ignore.A")]),
    ("constants: x", [("1:12", "constants")]),
    ("constants: {laboratory.name: [x]}", [("1:30", "constants.laboratory.name")]),
    ("values: [x]", [("1:9", "values")]),
    ("decimal_comma: maybe", [("1:16", "decimal_comma")]),
    ("list_separator: and", [("1:17", "list_separator")]),
    ("list_separator: a", [("1:17", "list_separator")]),
    ("list_separator: [x]", [("1:17", "list_separator")]),
    ("protocol: [toy]", [("1:11", "protocol")]),
    ("decimal_comma: maybe\nlist_separator: a", [("1:16", "decimal_comma"), ("2:17", "list_separator")]),
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES, ids=[text for text, _ in MISTAKES])
def test_every_mistake_is_named_at_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(FindingsError) as caught:
        mapping(text)
    found = [(str(finding.place), finding.path) for finding in caught.value.findings]
    assert found == [(f"map.yaml:{place}", path) for place, path in expected]
    assert {finding.code for finding in caught.value.findings} == {"E114"}


def test_a_misspelt_key_has_a_suggestion() -> None:
    with pytest.raises(FindingsError, match=r'map.yaml:1:1: E114 colums: is not known here \(did you mean "columns"'):
        mapping("colums: {}")


def test_a_mapping_is_read_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("map.yaml").write_text(WHOLE, encoding="utf-8")
    assert load_columns(Path("map.yaml")) == mapping(WHOLE)
    with pytest.raises(FindingsError, match="E009"):
        load_columns(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("pattern", "text", "day"),
    [
        ("MM/DD/YYYY", "04/02/1961", "1961-04-02"),
        ("MM/DD/YYYY", "4/2/1961", None),
        ("M/D/YYYY", "4/2/1961", "1961-04-02"),
        ("M/D/YYYY", "12/31/1961", "1961-12-31"),
        ("M/D/YYYY", "31/12/1961", None),
        ("DD.MM.YYYY", "02.04.1961", "1961-04-02"),
        ("DD.MM.YYYY", "02x04x1961", None),
        ("DD-MMM-YYYY", "02-APR-1961", "1961-04-02"),
        ("DD-MMM-YYYY", "02-Abr-1961", None),
        ("YYYYMMDD", "19610402", "1961-04-02"),
        ("YYYYMMDD", "19610230", None),
        ("YYYY-MM-DD 00:00:00", "1961-04-02 00:00:00", "1961-04-02"),
        ("YYYY-MM-DD 00:00:00", "1961-04-02 12:00:00", None),
        ("YYYY-MM-DDT00:00", "1961-04-02T00:00", "1961-04-02"),
    ],
)
def test_a_day_is_read_by_the_pattern_and_by_nothing_else(pattern: str, text: str, day: str | None) -> None:
    made = date_pattern(pattern)
    assert isinstance(made, DatePattern)
    assert made.read(text) == day


@given(st.dates(), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y%m%d"]))
def test_every_day_comes_back(day: object, form: str) -> None:
    pattern = date_pattern(form.replace("%d", "DD").replace("%m", "MM").replace("%Y", "YYYY"))
    assert isinstance(pattern, DatePattern)
    text = form
    for sign, digits in (("%d", str(day)[8:]), ("%m", str(day)[5:7]), ("%Y", str(day)[:4])):
        text = text.replace(sign, digits)
    assert pattern.read(text) == str(day)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("MM/DD/YY", "two digits"),
        ("DD/YYYY", "once each"),
        ("DD/DD/YYYY", "once each"),
        ("MM/MMM/DD/YYYY", "once each"),
        ("YYYY-DD-MM", "day before the month"),
        ("Month DD YYYY", "letters"),
        ("MDYYYY", "sign after"),
        ("", "once each"),
    ],
)
def test_a_pattern_that_could_be_read_in_two_ways_is_refused(pattern: str, why: str) -> None:
    made = date_pattern(pattern)
    assert isinstance(made, str)
    assert why in made
