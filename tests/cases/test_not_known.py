"""A birth date of which only the year is known, and a number that nobody knows: answers, printed as entered."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.contradictions import impossible
from reportgen.cases.twins import People, Person
from reportgen.cases.validate import validate
from reportgen.findings import Place, Severity
from reportgen.protocols.load import load_header
from reportgen.protocols.schema import case_schema
from reportgen.protocols.starter import starter
from reportgen.reading.source import plain
from tests.support.gaps import gaps_printed
from tests.support.tables import bound, table
from tests.support.toy import Templates, scope_of, source_of, toy_case, toy_data, toy_findings, toy_report, valid_case

WHY = "brought in without papers"
NOT_KNOWN = f"not known ({WHY})"


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load()


def patient(**more: Any) -> dict[str, Any]:
    return {"patient": {"name": "N", "mrn": "1", "birth_date": "1950-01-01", "sex": "female", **more}}


@pytest.mark.parametrize(
    ("entered", "printed"),
    [
        ("1961", "1961"), ("1961-04", "1961-04"), (" 1961 ", "1961"), ("1961-04-02", "1961-04-02"),
        (NOT_KNOWN, NOT_KNOWN), ({"result": "not known", "reason": WHY}, NOT_KNOWN),
    ],
)  # fmt: skip
def test_a_birth_date_is_printed_as_it_was_entered(entered: Any, printed: str) -> None:
    report = toy_report(**patient(birth_date=entered))
    assert [pair.text for pair in report.identification.pairs if pair.label == "Date of birth"] == [printed]
    assert not gaps_printed(report)


@pytest.mark.parametrize("entered", [NOT_KNOWN, {"result": "not known", "reason": WHY}])
def test_a_number_that_is_not_known_is_told_on_every_page_with_its_reason(entered: Any) -> None:
    report = toy_report(**patient(mrn=entered))
    assert report.furniture.patient == ("N", f"MRN {NOT_KNOWN}", "S1")
    assert [pair.text for pair in report.identification.pairs if pair.label == "MRN"] == [NOT_KNOWN]
    assert not gaps_printed(report)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"birth_date": "unknown"}, "E107"), ({"birth_date": "not known"}, "E109"), ({"birth_date": "1961-13"}, "E107"),
        ({"birth_date": "0000"}, "E107"), ({"birth_date": "61"}, "E107"), ({"birth_date": "1961-4"}, "E107"),
        ({"mrn": "unknown"}, "E109"), ({"mrn": "Unknown - no ID"}, "E109"), ({"mrn": "not known"}, "E109"),
        ({"mrn": "N/A"}, "E109"), ({"mrn": "none"}, "E109"), ({"mrn": "no MRN"}, "E109"),
        ({"mrn": f"not known ({'x' * 201})"}, "E112"),
    ],
)  # fmt: skip
def test_what_does_not_say_why_is_refused_and_told_how_it_is_written(entry: dict[str, str], code: str) -> None:
    (finding,) = (each for each in toy_findings(**patient(**entry)) if each.severity is Severity.error)
    assert finding.code == code
    if finding.code == "E109" or entry == {"birth_date": "unknown"}:
        assert '"not known (why)"' in finding.step


@pytest.mark.parametrize("mrn", ["000123", "UNK-12", "X", "Pending-7", "NO4711"])
def test_a_number_that_only_looks_like_such_words_stays_one(mrn: str) -> None:
    assert toy_case(**patient(mrn=mrn)).written("patient.mrn") == mrn


def test_other_dates_need_their_day() -> None:
    (finding,) = toy_findings(collected="2026")
    assert (finding.code, finding.path) == ("E107", "collected")


@pytest.mark.parametrize(
    ("born", "condition", "truth"),
    [
        ("1961", "case.age >= 64", True), ("1961", "case.age < 64", False), ("1961", "case.age > 64", None),
        ("1961", "case.age == 64", None), ("1961", "case.age > 65", False),
        ("1961-01", "case.age == 64", None), ("1961-02", "case.age == 64", True),
        ("2026", "case.age < 1", True), (NOT_KNOWN, "case.age > 1", None), (NOT_KNOWN, "not (case.age > 1)", None),
    ],
)  # fmt: skip
def test_an_age_is_what_is_certain_of_it(born: str, condition: str, truth: bool | None) -> None:
    """The specimen was taken on 2026-01-01."""
    assert scope_of(toy_case(**patient(birth_date=born))).truth(condition).truth is truth


@given(born=st.dates(date(1930, 1, 1), date(2025, 12, 31)), taken=st.dates(date(2026, 1, 1)), limit=st.integers(0, 120))
def test_the_age_of_a_year_or_month_is_never_certain_of_what_the_day_denies(
    born: date, taken: date, limit: int
) -> None:
    texts = {form: born.isoformat()[:length] for form, length in (("day", 10), ("month", 7), ("year", 4))}
    validations = {
        form: valid_case(source_of(toy_data(collected=str(taken), received=None, **patient(birth_date=text))))
        for form, text in texts.items()
    }
    if None in validations.values():
        assert set(validations.values()) == {None}  # older than anyone
        return
    truths = {form: scope_of(case).truth(f"case.age > {limit}").truth for form, case in validations.items() if case}
    assert truths["month"] in (truths["day"], None)
    assert truths["year"] in (truths["month"], None)


@pytest.mark.parametrize(
    ("born", "codes"),
    [
        ("2026", []), ("2026-01", []), ("2026-02", ["E206"]), ("2027", ["E206"]), ("1905", ["E210"]), ("1906", []),
        ("1905-12", ["E210"]), (NOT_KNOWN, []),
    ],
)  # fmt: skip
def test_the_order_of_dates_is_refused_where_no_day_would_do(born: str, codes: list[str]) -> None:
    """The specimen was taken on 2026-01-01."""
    assert [each.code for each in toy_findings(**patient(birth_date=born))] == codes


@pytest.mark.parametrize(("born", "told"), [("2026", False), ("2026-11", False), ("2027", True), ("2026-12", True)])
def test_a_year_lies_in_the_future_where_its_first_day_does(born: str, told: bool) -> None:
    header = toy_case(collected=None, received=None, **patient(birth_date=born)).header
    assert [each.code for each in impossible(header, date(2026, 11, 29))] == ["E210"] * told


def test_a_year_and_a_day_of_it_are_the_birth_date_of_one_person() -> None:
    for other, two in (("1961", False), ("1961-04", False), ("1961-05", True), ("1962", True), ("", False)):
        people = People()
        people.add(Person("1", "N", "1961-04-02", Place("a", 1, 1)))
        assert bool(people.add(Person("1", "N", other, Place("b", 1, 1)))) is two


def test_two_fingerprints_of_a_year_and_its_first_day_differ() -> None:
    prints = {toy_case(**patient(birth_date=born)).fingerprint() for born in ("1961", "1961-01", "1961-01-01")}
    assert len(prints) == 3


# ------------------------------------------------------------------ tables, schema, starters

HEAD = {
    "accession": "S1", "patient.name": "N", "patient.mrn": "01", "patient.birth_date": "1950-01-01",
    "patient.sex": "female", "collected": "2026-01-01", "received": "2026-01-02", "submitted_by": "Dr",
    "laboratory.name": "Lab", "site": "arm",
}  # fmt: skip
DATED = """\
columns:
  patient.birth_date: {to: patient.birth_date, date: MM/DD/YYYY}
  patient.mrn: {to: patient.mrn, digits: 7}
"""


@pytest.mark.parametrize("text", ["", DATED])
@pytest.mark.parametrize("born", ["1961", "1961-04", NOT_KNOWN])
def test_a_table_takes_what_a_case_file_takes(born: str, text: str) -> None:
    header, made = table([{**HEAD, "patient.birth_date": born, "patient.mrn": NOT_KNOWN}])
    source, findings = bound(header, text, "toy").case(made)
    assert [*findings, *validate(source).findings] == []
    assert plain(source)["patient"]["birth_date"] == born  # type: ignore[index]


def test_two_patients_without_a_number_are_not_one() -> None:
    header, made = table([{**HEAD, "patient.name": name, "patient.mrn": NOT_KNOWN} for name in ("One", "Two")])
    people, binding = People(), bound(header, "", "toy")
    assert [people.add(binding.person(row)) for row in made] == [None, None]


def test_the_schema_and_the_empty_case_say_how_it_is_written(templates: Templates) -> None:
    header, made = load_header(), templates.load()
    born = json.loads(json.dumps(case_schema(header, made)))["properties"]["patient"]["properties"]["birth_date"]
    dated, unknown = born["anyOf"][0]["anyOf"]
    assert dated["pattern"].count("?") == 2
    assert unknown["pattern"].startswith("^not known")
    lines = starter(header, made, "x").splitlines()
    assert "  # YYYY-MM-DD | YYYY-MM | YYYY | not known (why)" in lines
