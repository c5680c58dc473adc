"""One cell: the laboratory's words become answers, bare numbers measurements; what could mean two things is refused."""

from __future__ import annotations

import pytest

from reportgen.cases.days import DatePattern, date_pattern
from reportgen.cases.typing import Misfit
from reportgen.tables.cells import Cell, cell_of, column_findings, is_answer
from reportgen.tables.headings import headings
from reportgen.tables.mapping import Columns
from tests.support.tables import mapping
from tests.support.toy import Templates

ELEMENTS = """\
- {id: kind, kind: choice, title: Kind, undetermined: cannot say, choices: [{id: none}, {id: b}], source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, undetermined: cannot say, choices: [{id: m}, {id: n}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10}, dimensions: 3, source: {book: p}}
- {id: deep, kind: quantity, title: Depth, unit: mm, at_least: at least, source: {book: p}}
- {id: number, kind: count, title: Number, per: [10 HPF, mm²], source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
- {id: words, kind: text, title: Words, source: {book: p}}
"""  # noqa: E501


@pytest.fixture
def written(templates: Templates) -> Templates:
    templates.write(ELEMENTS)
    return templates


def cell(path: str, column: str = "", more: str = "") -> Cell:
    """The cell of one element; `column` are the keys beside `to`, `more` further lines of the mapping."""
    target = headings("toy").targets(path)["toy"]
    said = f"columns: {{H: {{to: {path}{', ' if column else ''}{column}}}}}\n{more}"
    columns = mapping(said) if column or more else Columns()
    return cell_of(target, columns.columns.get("H"), columns)


READ: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("kind", "", "", "b", ("b",)),
    ("kind", "", "", "a|b", ("a|b",)),
    ("kind", "values: {POS: b}", "", "pos", ("b",)),
    ("kind", "values: {POS: b}", "", "NEG", ("NEG",)),
    ("kind", 'values: {N/A: ""}', "", "n/a", ()),
    ("kind", "", "values: {POS: b}", "Pos", ("b",)),
    ("kind", "", "values: {NONE: b}", "none", ("none",)),
    ("kind", "", "values: {POS: m}", "Pos", ("Pos",)),
    ("kind", "", 'values: {N/A: ""}', "N/A", ()),
    ("kind", "values: {X: b}", "values: {POS: b}", "POS", ("POS",)),
    ("many", "", "", "m|n", ("m", "n")),
    ("many", "", "", " m | | n ", ("m", "n")),
    ("many", "", "list_separator: ;", "m;n", ("m", "n")),
    ("many", "", "list_separator: ;", "m|n", ("m|n",)),
    ("many", "values: {EM: m, ND: ''}", "", "EM|nd|n", ("m", "n")),
    ("many", "", "", "cannot say (m|n are alike)", ("cannot say (m|n are alike)",)),
    ("size", "", "", "4", ("4",)),
    ("size", "unit: cm", "", "1.2", ("1.2 cm",)),
    ("size", "unit: cm", "", "<1.2", ("<1.2 cm",)),
    ("size", "unit: cm", "", "1.2 x 3", ("1.2 x 3 cm",)),
    ("size", "unit: cm", "", "12 mm", ("12 mm",)),
    ("size", "unit: cm", "", "large", ("large",)),
    ("size", "", "", "1,2 mm", ("1,2 mm",)),
    ("size", "unit: cm", "decimal_comma: yes", "1,2 x 3,4", ("1.2 x 3.4 cm",)),
    ("size", "unit: cm", "decimal_comma: yes", "12", ("12 cm",)),
    ("size", "values: {tiny: 1 mm}", "", "Tiny", ("1 mm",)),
    ("deep", "unit: mm", "decimal_comma: yes", "At least  1,2", ("At least 1.2 mm",)),
    ("deep", "unit: mm", "", "1.2", ("1.2 mm",)),
    ("number", "per: 10 HPF", "", "4", ("4 per 10 HPF",)),
    ("number", "per: 10 HPF", "", "4 per mm²", ("4 per mm²",)),
    ("number", "per: mm2", "", "<1", ("<1 per mm²",)),
    ("number", "", "", "4", ("4",)),
    ("day", "date: MM/DD/YYYY", "", "04/02/1961", ("1961-04-02",)),
    ("day", "date: MM/DD/YYYY", "", "1961-04-02", ("1961-04-02",)),
    ("day", "", "", "04/02/1961", ("04/02/1961",)),
    ("words", "", "values: {POS: b}", "POS", ("POS",)),
    ("words", "", "", "1,2 and | 3", ("1,2 and | 3",)),
    ("words", "values: {A1: tip}", "", "a1", ("tip",)),
    ("kind.reason", "", "decimal_comma: yes", "1.5 mm seen", ("1.5 mm seen",)),
]


@pytest.mark.parametrize(("path", "column", "more", "text", "expected"), READ)
def test_a_cell_is_read_by_its_column(
    written: Templates, path: str, column: str, more: str, text: str, expected: tuple[str, ...]
) -> None:
    made = cell(path, column, more)
    assert made.read(text) == expected
    if made.as_it_is:
        assert expected == (text,)


@pytest.mark.parametrize(
    ("path", "column", "more", "text", "code"),
    [
        ("size", "unit: cm", "", "1,2", "E115"),
        ("size", "unit: cm", "decimal_comma: yes", "1.200", "E115"),
        ("size", "unit: cm", "decimal_comma: yes", "1.200,5", "E115"),
        ("number", "per: 10 HPF", "", "1,000", "E115"),
        ("day", "date: MM/DD/YYYY", "", "2.4.1961", "E107"),
        ("day", "date: MM/DD/YYYY", "", "31/12/1961", "E107"),
    ],
)
def test_a_cell_of_two_meanings_is_refused(
    written: Templates, path: str, column: str, more: str, text: str, code: str
) -> None:
    with pytest.raises(Misfit) as caught:
        cell(path, column, more).read(text)
    assert caught.value.code == code
    assert text not in caught.value.message + caught.value.hint


def test_a_number_cell_has_its_own_point_and_no_zeros_in_front(written: Templates) -> None:
    assert cell("size", "unit: cm", "decimal_comma: yes").read("1.25", number=True) == ("1.25 cm",)
    assert cell("words").lost("123")
    assert cell("kind.text").lost("123")
    assert not cell("words", "values: {1: one}").lost("1")
    assert not cell("size").lost("123")
    assert not cell("kind").lost("1")


WRONG: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("kind", "values: {POS: b, DONE: none, ND: cannot say, NA: ''}", []),
    ("kind", "values: {POS: bb}", [("columns.H.values.POS", 'did you mean "b"?')]),
    ("kind", "values: {b: none}", [("columns.H.values.b", "remove it")]),
    ("kind", "values: {b: ''}", [("columns.H.values.b", "remove it")]),
    ("kind", "values: {B: b}", []),
    ("size", "values: {tiny: 1}", []),
    ("size", "values: {tiny: small}", [("columns.H.values.tiny", "write it as 1.5 mm")]),
    ("size", "unit: c", [("columns.H.unit", 'did you mean "cm"?')]),
    ("kind", "unit: cm", [("columns.H.unit", "remove unit")]),
    ("number", "per: 10 HPFs", [("columns.H.per", 'did you mean "10 HPF"?')]),
    ("words", "per: 10 HPF", [("columns.H.per", "remove per")]),
    ("words", "date: MM/DD/YYYY", [("columns.H.date", "remove date")]),
    ("kind.reason", "date: MM/DD/YYYY", [("columns.H.date", "remove date")]),
    ("words", "values: {A1: tip}", []),
]


@pytest.mark.parametrize(("path", "column", "expected"), WRONG)
def test_a_mapping_that_does_not_fit_its_element_is_refused(
    written: Templates, path: str, column: str, expected: list[tuple[str, str]]
) -> None:
    made = mapping(f"columns: {{H: {{to: {path}, {column}}}}}").columns["H"]
    findings = list(column_findings(made, list(headings("toy").targets(path).values())))
    assert [(finding.path, finding.step) for finding in findings] == expected
    assert {finding.code for finding in findings} <= {"E114"}
    assert all(finding.place.file == "map.yaml" and finding.place.line == 1 for finding in findings)


def test_what_asks_for_words_is_an_answer_all_the_same(written: Templates) -> None:
    element = headings("toy").protocols["toy"].slots["kind"].element
    assert all(is_answer(element, text) for text in ("b", "B", "other", "cannot say", "cannot say (crushed)"))
    assert not is_answer(element, "c")


@pytest.mark.parametrize(
    ("pattern", "cell", "day"),
    [
        ("MM/DD/YYYY HH:mm", "11/16/2026 14:30", "2026-11-16"),
        ("YYYY-MM-DDTHH:mm:ssZ", "2026-11-17T08:15:00Z", "2026-11-17"),
        ("MM/DD/YYYY", "04/02/1961 00:00", "1961-04-02"),
        ("MM/DD/YYYY", "04/02/1961 00:00:00", "1961-04-02"),
        ("MM/DD/YYYY HH:mm", "2026-11-16 14:30", "2026-11-16"),  # a date cell of a workbook
        ("MM/DD/YYYY", "11/16/2026 14:30", ""),
        ("MM/DD/YYYY", "2026-11-16 14:30", ""),
    ],
)
def test_a_time_of_day_is_left_out_where_the_mapping_says_so_and_a_midnight_always(
    pattern: str, cell: str, day: str
) -> None:
    made = date_pattern(pattern)
    assert isinstance(made, DatePattern)
    read = Cell("collected", date=made)
    if day:
        assert read.read(cell) == (day,)
    else:
        with pytest.raises(Misfit) as caught:
            read.read(cell)
        assert caught.value.code == "E107"
