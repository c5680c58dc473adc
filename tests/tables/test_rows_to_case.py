"""Rows to cases: every text at its cell's address, and no cell of one patient in the report of another."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from typing import Any, cast

import pytest

from reportgen.cases.identifiers import identifier_key
from reportgen.cases.validate import validate
from reportgen.findings import Finding, Place
from reportgen.reading.source import Mapping, plain
from tests.support.tables import bound, case_table, table
from tests.support.toy import Templates, toy_data, valid_case

ELEMENTS = """\
- {id: kind, kind: choice, title: Kind, aliases: [sort], undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p},
   followups: [{id: of_a, kind: text, title: Of a, under: [a]}]}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10}, source: {book: p},
   followups: [{id: at, kind: text, title: At}]}
- {id: number, kind: count, title: Number, per: [10 HPF], source: {book: p}}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: text, title: One}]}
"""  # noqa: E501
HEAD = {
    "accession": "S1", "patient.name": "N", "patient.mrn": "01", "patient.birth_date": "1950-01-01",
    "patient.sex": "female", "collected": "2026-01-01", "received": "2026-01-02", "submitted_by": "Dr",
    "laboratory.name": "Lab", "site": "arm",
}  # fmt: skip


@pytest.fixture(autouse=True)
def written(templates: Templates) -> Templates:
    templates.write(ELEMENTS)
    return templates


def cased(*rows: dict[str, str], text: str = "", protocol: str = "toy") -> tuple[Mapping, list[Finding]]:
    """The source of rows with the usual head, and all that is found: by the table and by validation."""
    header, made = table({**HEAD, **row} for row in rows)
    source, findings = bound(header, text, protocol).case(made)
    return source, [*findings, *validate(source).findings]


def found(*rows: dict[str, str], text: str = "") -> list[tuple[str, str, str]]:
    """Code, address and path of each finding."""
    findings = cased(*rows, text=text)[1]
    return [(finding.code, finding.place.cell, finding.path) for finding in findings]


def part(source: Mapping, number: int = 0) -> Any:
    """What the source says of one part, without its site."""
    made = cast(Any, plain(source))["parts"][number]
    return {key: value for key, value in made.items() if key not in ("site", "protocol")}


# ------------------------------------------------------------------ one row


def test_a_row_is_a_case_and_every_text_has_its_address() -> None:
    source, findings = cased({"kind": "a", "kind.of_a": "x", "many": "m|n", "number": "4", "number.per": "10 HPF"})
    assert findings == []
    assert part(source) == {
        "label": "A", "kind": {"result": "a", "of_a": "x"}, "many": ["m", "n"],
        "number": {"count": "4", "per": "10 HPF"},
    }  # fmt: skip
    case = valid_case(source)
    assert case is not None
    assert case.header["patient.mrn"].place == Place("t.csv", 2, 3, "C2")
    assert case.parts[0].answers["kind.of_a"].place.cell == "L2"
    assert str(case.parts[0].place) == "t.csv:2"


def test_what_is_not_filled_in_is_not_entered() -> None:
    source, findings = cased({"kind": " ", "kind.of_a": "", "rows.1.one": ""})
    assert part(source) == {"label": "A"}
    assert findings == []


def test_an_empty_entry_of_a_group_leaves_no_gap() -> None:
    source, _ = cased({"rows.3.one": "z", "rows.1.one": "x", "rows.2.one": ""})
    assert part(source)["rows"] == [{"one": "x"}, {"one": "z"}]


def test_aliases_and_written_out_answers_meet_in_one_place() -> None:
    assert part(cased({"sort.result": "a", "kind.of_a": "x"})[0])["kind"] == {"result": "a", "of_a": "x"}
    assert part(cased({"sort": "a", "sort.of_a": "x"})[0])["kind"] == {"result": "a", "of_a": "x"}


MISFITS: list[tuple[dict[str, str], list[tuple[str, str, str]]]] = [
    ({"kind": "c"}, [("E103", "K2", "parts.A.kind")]),
    ({"kind.of_a": "x"}, [("E102", "2", "parts.A.kind")]),
    ({"kind": "", "kind.of_a": "x"}, [("E102", "K2", "parts.A.kind")]),
    ({"kind": "b", "kind.of_a": "x"}, [("E204", "L2", "parts.A.kind.of_a")]),
    ({"size": "1,5 mm"}, [("E106", "K2", "parts.A.size")]),
    ({"size": "15"}, [("E105", "K2", "parts.A.size")]),
    ({"collected": "01/01/2026"}, [("E107", "F2", "collected")]),
    ({"label": "B"}, [("W313", "K2", "parts.B.label")]),
    ({"patient.name": ""}, [("E102", "2", "patient.name")]),
    ({"patient.mrn": "NULL"}, [("E115", "C2", "patient.mrn")]),
    ({"patient.mrn": "nan"}, [("E115", "C2", "patient.mrn")]),
    ({"protocol": "tow"}, [("E110", "K2", "parts.A.protocol")]),
    (
        {"override.diagnosis": "{{ x }}", "kind": "d"},
        [("W302", "K2", "parts.A.override.diagnosis"), ("E103", "L2", "parts.A.kind")],
    ),
]


@pytest.mark.parametrize(("row", "expected"), MISFITS, ids=[str(row) for row, _ in MISFITS])
def test_what_validation_finds_is_found_at_the_cell(row: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    known = [each for each in found(row) if each[0] != "E110" or each[1]]
    assert known == expected


def test_a_cell_that_the_mapping_cannot_read_is_found_once_with_its_address() -> None:
    text = "columns: {T: {to: size, unit: cm}, D: {to: collected, date: MM/DD/YYYY}}"
    row = {"T": "1,5", "size.at": "x", "D": "2.1.2026"}
    header, made = table([{key: value for key, value in {**HEAD, **row}.items() if key != "collected"}])
    source, findings = bound(header, text).case(made)
    assert [(each.code, each.place.cell, each.path) for each in findings] == [
        ("E107", "L2", "collected"), ("E115", "J2", "parts.A.size"),
    ]  # fmt: skip
    assert [each.value for each in findings] == ["2.1.2026", "1,5"]
    assert not any(each.value in each.as_line() for each in findings)
    assert validate(source).findings == ()


def test_number_cells_of_texts_are_refused() -> None:
    header, made = table([{**HEAD, "rows.1.one": "7", "size": "7 mm", "label": "A"}])
    numbers = frozenset(header.index(name) for name in ("accession", "patient.mrn", "rows.1.one", "size"))
    _, findings = bound(header).case([replace(made[0], numbers=numbers)])
    assert [(each.code, each.path) for each in findings] == [
        ("E018", "accession"), ("E018", "patient.mrn"), ("E018", "parts.A.rows.1.one"),
    ]  # fmt: skip


def test_what_was_found_of_a_row_travels_with_its_case() -> None:
    finding = Finding("E016", Place("t.csv", 2, 1, "A2"), "", "is a formula")
    header, made = table([HEAD])
    assert bound(header).case([replace(made[0], findings=(finding,))])[1] == (finding,)


def test_a_short_row_has_empty_cells() -> None:
    header, made = table([{**HEAD, "kind": "a"}])
    source, findings = bound(header).case([replace(made[0], cells=made[0].cells[:-1])])
    assert findings == ()
    assert part(source) == {"label": "A"}
    short = replace(made[0], cells=())
    assert (bound(header).accession(short), bound(header).label(short)) == ("", "")


# ------------------------------------------------------------------ rows of one case


def test_rows_of_one_accession_are_its_parts_by_their_labels() -> None:
    rows = [{"label": label, "kind": kind} for label, kind in (("C", "a"), ("A", "b"), ("B", "a"))]
    source, findings = cased(*rows)
    assert findings == []
    assert [part(source, number) for number in range(3)] == [
        {"label": "A", "kind": "b"}, {"label": "B", "kind": "a"}, {"label": "C", "kind": "a"},
    ]  # fmt: skip


def test_many_parts_come_in_the_order_of_their_labels() -> None:
    labels = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB"]
    source, findings = cased(*({"label": label} for label in reversed(labels)))
    assert findings == []
    assert [part(source, number)["label"] for number in range(28)] == labels


WRONG_PATIENT: list[tuple[str, str]] = [
    ("patient.name", "M"), ("patient.mrn", "1"), ("patient.birth_date", "1950-01-02"), ("patient.sex", "male"),
    ("collected", "2025-12-31"), ("submitted_by", "Other"), ("laboratory.name", "Else"), ("accession", "S2"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG_PATIENT)
def test_rows_that_disagree_about_the_case_are_refused(path: str, value: str) -> None:
    findings = cased({"label": "A"}, {"label": "B", path: value})[1]
    column = "ABCDEFGHI"[list(HEAD).index(path)]
    assert [(each.code, each.place.cell, each.path) for each in findings] == [("E208", f"{column}3", path)]
    assert f"t.csv:{column}2" in findings[0].message
    assert not re.search(rf"\b{value}\b", findings[0].message)


def test_every_disagreeing_row_is_named() -> None:
    rows = [{"label": "A"}, {"label": "B", "patient.name": "M"}, {"label": "C", "patient.name": "M", "collected": "x"}]
    assert found(*rows)[:3] == [
        ("E208", "B3", "patient.name"), ("E208", "B4", "patient.name"), ("E208", "F4", "collected"),
    ]  # fmt: skip


def test_what_one_row_says_counts_for_the_case_and_spelling_alone_is_no_difference() -> None:
    one = {"label": "A", "patient.mrn": "", "patient.sex": "Female", "submitted_by": "Dr  X"}
    two = {"label": "B", "submitted_by": " Dr X ", "accession": "s1 "}
    source, findings = cased(one, two)
    assert findings == []
    assert cast(Any, plain(source))["patient"]["mrn"] == "01"
    text = "columns: {DOB: {to: patient.birth_date, date: M/D/YYYY}}"
    head = {key: value for key, value in HEAD.items() if key != "patient.birth_date"}
    header, made = table([{**head, "DOB": "1/2/1950", "label": "A"}, {**head, "DOB": "01/02/1950", "label": "B"}])
    assert bound(header, text).case(made)[1] == ()


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        (("", ""), "not all labeled"),
        (("A", ""), "not all labeled"),
        (("A", "a"), "label twice"),
        (("A", "\uff21"), "label twice"),
        (("1", "01"), "label twice"),
    ],
)
def test_rows_that_are_no_parts_of_one_case_are_refused(labels: tuple[str, ...], why: str) -> None:
    findings = [each for each in cased(*({"label": label} for label in labels))[1] if each.code == "E209"]
    assert [(each.place.cell, each.path) for each in findings] == [("K2", "parts")]
    assert "rows 2, 3" in findings[0].message
    assert why in findings[0].message


def test_rows_without_a_column_of_labels_are_refused_and_many_are_not_all_listed() -> None:
    findings = [each for each in cased(*({} for _ in range(20)))[1] if each.code == "E209"]
    assert [each.place.cell for each in findings] == ["2"]
    assert "13 …" in findings[0].message


def test_rows_may_be_of_different_protocols(written: Templates) -> None:
    written.write("- {id: colour, kind: text, title: Colour, source: {book: p}}\n", id="other")
    rows = [{"label": "A", "protocol": "toy", "kind": "a"}, {"label": "B", "protocol": "other", "colour": "red"}]
    source, findings = cased(*rows, protocol="")
    assert findings == []
    case = valid_case(source)
    assert case is not None
    assert [each.protocol.protocol.id for each in case.parts] == ["toy", "other"]
    wrong = [{**rows[0], "colour": "blue"}, {**rows[1], "kind": "a"}]
    assert found(*wrong) == [("E101", "N2", "parts.A.colour"), ("E101", "M3", "parts.B.kind")]


def test_a_row_without_a_protocol_takes_the_mapping_s_and_then_the_order_s(written: Templates) -> None:
    written.write("- {id: colour, kind: text, title: Colour, source: {book: p}}\n", id="other")
    rows = [{"label": "A", "protocol": ""}, {"label": "B", "protocol": "other"}]

    def protocols(text: str, protocol: str) -> list[str]:
        return [each["protocol"] for each in cast(Any, plain(cased(*rows, text=text, protocol=protocol)[0]))["parts"]]

    assert protocols("protocol: toy", "other") == ["toy", "other"]
    assert protocols("", "toy") == ["toy", "other"]
    assert found(*rows)[:1] == []
    assert [each.code for each in cased(*rows, protocol="")[1]] == ["E102"]


def test_accessions_are_told_apart_by_what_matters() -> None:
    assert identifier_key(" S26-1  b ") == identifier_key("s26-1 B")
    assert identifier_key("Å1") == identifier_key("A\u030a1") == identifier_key("\u212b1")
    assert identifier_key("S26-1") != identifier_key("S26-01")


def test_a_binding_can_travel_to_another_process() -> None:
    header, made = case_table(toy_data({"kind": "a"}, {"kind": "b"}))
    binding = bound(header)
    again = pickle.loads(pickle.dumps(binding))
    assert again.case(made) == binding.case(made)


def test_a_column_names_a_macro_and_cells_with_answers_count(written: Templates) -> None:
    written.write(
        ELEMENTS, extra="macros: [{id: ka, title: Ka, answers: {kind: a, many: [m, n]}, source: {book: p}}]\n"
    )
    rows = ({"label": "A", "macro": "ka", "kind": "b", "many": ""}, {"label": "B", "macro": "", "kind": "", "many": ""})
    source, findings = cased(*rows)
    assert findings == []
    case = valid_case(source)
    assert case is not None
    first, second = case.parts
    assert {path for path, each in first.answers.items() if each.by} == {"many"}
    assert "kind" in first.answers
    assert second.answers.keys() == {"site"}
    assert [(each.code, each.path) for each in cased({"macro": "kb"})[1]] == [("E103", "parts.A.macro")]
