"""One number, two people: told at both; the same person in two spellings is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.twins import Filed, People, Person, filed, twins
from reportgen.findings import Place
from tests.support.toy import Templates, source_of, toy_data, valid_case

ONE = Person("000123", "Sample, Ida", "1980-01-02", Place("t.csv", 2, 1, "C2"))


def told(mrn: str, name: str, birth_date: str) -> list[str]:
    people = People()
    assert people.add(ONE) is None
    pair = people.add(Person(mrn, name, birth_date, Place("t.csv", 3, 1, "C3")))
    return [f"{each.code} {each.place.cell} {each.message}" for each in pair or ()]


@pytest.mark.parametrize(
    ("name", "birth_date", "what"),
    [("Other, Bob", "1980-01-02", "name"), ("Sample, Ida", "1981-01-02", "birth date"), ("X, Y", "", "name")],
)
def test_two_people_of_one_number(name: str, birth_date: str, what: str) -> None:
    found = told("000 123", name, birth_date)
    assert found == [
        f"W314 C3 goes with another {what} than in t.csv:C2",
        f"W314 C2 goes with another {what} than in t.csv:C3",
    ]


@pytest.mark.parametrize("name", ["Sample, Ida", "SAMPLE,IDA", "Ida  Sample", "Sample, Ida M.", "Sample", ""])
def test_one_person_in_other_spellings(name: str) -> None:
    assert told("000123", name, "1980-01-02") == []


def test_another_number_or_none_is_another_matter() -> None:
    assert told("000124", "Other, Bob", "1970-01-01") == []
    people = People()
    assert not any(people.add(Person("", f"Person {n}", "", Place())) for n in range(3))


FILES: dict[str, tuple[str, str, str, str]] = {
    "a": ("S1", "1", "Sample, Ida", "1980"),
    "b": ("S 1", "2", "Other, Bob", "1970"),
    "c": ("S2", "2", "Other, Bob", "1970-05"),
    "d": ("S3", " 2", "Third, Tom", "1970"),
    "e": ("", "", "", ""),
    "f": ("", "", "Nobody", ""),
}


def told_of(files: dict[str, tuple[str, str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    made = {
        name: Filed(accession, Place(name), Person(mrn, called, born, Place(name)))
        for name, (accession, mrn, called, born) in files.items()
    }
    return {name: [(each.path, each.message) for each in found] for name, found in twins(made).items()}


def test_files_of_one_number_are_told_of_each_other() -> None:
    assert told_of(FILES) == {
        "a": [("accession", "is also in b")],
        "b": [("accession", "is also in a"), ("patient.mrn", "goes with another name than in d")],
        "d": [("patient.mrn", "goes with another name than in b")],
    }


@given(st.permutations(list(FILES)))
def test_the_order_of_the_files_hides_none_of_them(order: list[str]) -> None:
    assert told_of({name: FILES[name] for name in order}).keys() >= {"a", "b", "d"}


def test_a_case_tells_what_is_compared(templates: Templates) -> None:
    templates.load()
    case = valid_case(source_of(toy_data(accession="S 1")))
    assert case is not None
    assert filed(case)[0] == "S 1"
    assert filed(case).person[:3] == ("1", "N", "1950-01-01")


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d", ""])
def test_joiners_inside_a_name_make_no_other_name(joiner: str) -> None:
    """Persian and Sinhala names are written with and without them."""
    for one, two in ((f"علی{joiner}رضا", "علیرضا"), (f"ශ්{joiner}රී", "ශ්රී")):
        people = People()
        people.add(ONE._replace(name=one))
        assert people.add(ONE._replace(name=two)) is None


def test_a_changed_name_is_entered_with_the_old_one() -> None:
    assert told("000123", "Married, Ida (formerly Sample)", "1980-01-02") == []
