"""One number, two people: told at both; the same person in two spellings is not."""

from __future__ import annotations

import pytest

from reportgen.cases.twins import Cases, People, Person
from reportgen.cases.validate import validate
from reportgen.findings import Place
from tests.support.toy import Templates, source_of, toy_data

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


def test_case_files_of_one_accession(templates: Templates) -> None:
    templates.load("- {id: kind, kind: text, title: Kind, source: {book: p}}\n")
    cases = Cases()
    found = []
    for number, accession in enumerate(["S1", "S 1", "S2"]):
        case = validate(source_of({**toy_data(accession=accession)})).case
        assert case is not None
        place = Place(f"{number}.yaml", 1, 1)
        header = {path: answer._replace(place=place) for path, answer in case.header.items()}
        found.append(
            [
                (each.code, each.path)
                for each in cases.add(
                    type(case)(header_form=case.header_form, header=header, parts=case.parts, place=place)
                )
            ]
        )
    assert found == [[], [("W314", "accession")], []]
