"""Identifiers: what a spreadsheet did to them shows, spellings of one are one, and forms are what a mapping says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.identifiers import identifier_key, mask, spoiled
from reportgen.cases.validate import validate
from reportgen.findings import FindingsError
from reportgen.reading.readers import read_text
from tests.support.tables import bound, table


@pytest.mark.parametrize(
    "text",
    [
        "1.23E+11", "1.23e+11", "1E+11", "1,23E+11", "1.5E9", "####", "#####", "123.0", "123,00", "'000123", "’000123",
        '="T26-1"', "=A1", "26-Nov", "Nov-26", "26-Nov-2026", "Nov 26", "1-Sept", "11/26/2026", "2026-11-26 00:00:00",
        "2026-11-26T08:15", "12345678901234500000", "1234567890123450",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_leaves_is_known(text: str) -> None:
    assert spoiled(text)
    assert spoiled(f" {text} ")


@pytest.mark.parametrize(
    "text",
    [
        "S26-01234", "T26-1", "000123", "26-11", "26E123", "NOV26-12", "DEC-A1", "2026-11-123", "26.1234", "S-26/123",
        "123", "#12", "MAR", "12345678901234567", "E12", "O'Hara-1", "2026-1126",
    ],
)  # fmt: skip
def test_identifiers_as_laboratories_write_them_are_left_alone(text: str) -> None:
    assert spoiled(text) == ""


@pytest.mark.parametrize(
    "twin",
    ["T26-1", "t26-1", "T26 - 1", "T26–1", "T26—1", "T26−1", "T26‐1", "Ｔ２６－１", " T26-1 ", "T26 -1"],
)
def test_one_accession_in_all_its_spellings(twin: str) -> None:
    assert identifier_key(twin) == "t26-1"


@given(st.text(max_size=20))
def test_a_key_is_the_same_for_its_own_key(text: str) -> None:
    assert identifier_key(identifier_key(text)) == identifier_key(text)


def test_other_accessions_stay_others() -> None:
    assert len({identifier_key(text) for text in ("T26-1", "T261", "T26/1", "T26.1", "T26_1", "T2-61")}) == 6


def test_a_mask_says_digits_and_letters() -> None:
    assert mask("X99-9999").fullmatch("S26-0123")
    assert not mask("X99-9999").fullmatch("S26-123")
    assert not mask("9.9").fullmatch("123")


@pytest.mark.parametrize(
    ("form", "cell", "found"),
    [
        ("digits: 7", "0000987", []),
        ("digits: 7", "987", ["E118"]),
        ("digits: 7", "00009871", ["E118"]),
        ("pattern: X-999", "M-012", []),
        ("pattern: X-999", "M-12", ["E118"]),
    ],
)
def test_zeros_that_were_lost_show_where_the_mapping_says_the_form(form: str, cell: str, found: list[str]) -> None:
    header, rows = table([{"accession": "S1", "Name": "N O", "ID": cell, "site": "arm"}])
    mapping = f"columns: {{Name: patient.name, ID: {{to: patient.mrn, {form}}}}}\n"
    assert [each.code for each in bound(header, mapping, "general").case(rows)[1]] == found


@pytest.mark.parametrize("form", ["digits: many", "digits: 0", "digits: 7, pattern: X9"])
def test_a_form_that_says_nothing(form: str) -> None:
    with pytest.raises(FindingsError) as caught:
        bound(["accession", "ID"], f"columns: {{ID: {{to: patient.mrn, {form}}}}}\n", "general")
    assert [each.code for each in caught.value.findings] == ["E114"]


@pytest.mark.parametrize("path", ["accession", "patient.mrn"])
def test_a_case_file_is_held_to_it(path: str) -> None:
    data = {"accession": "S1", "patient.mrn": "1"} | {path: "1.23E+11"}
    text = (
        f"protocol: general\naccession: '{data['accession']}'\npatient: {{name: A B, mrn: '{data['patient.mrn']}'}}\n"
    )
    found = validate(read_text(f"{text}parts: [{{label: A, site: arm}}]", name="c")).findings
    assert ("E117", path) in [(each.code, each.path) for each in found]
