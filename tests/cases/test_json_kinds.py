"""A number or a truth of JSON where a text is asked for, and a list where one value is: refused, with the place."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.cases.validate import validate
from reportgen.reading.readers import read_text
from tests.support.toy import Templates, codes, toy_data, toy_findings

FORM = """\
- {id: kind, kind: choice, title: Kind, choices: [{id: a}, {id: b}, {id: "1"}], source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}, {id: x, fill_in: true}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}
- {id: number, kind: count, title: Number, per: [10 HPF], source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
"""  # noqa: E501


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load(FORM)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"site": True}, [("E022", "parts.A.site")]), ({"site": False}, [("E022", "parts.A.site")]),
        ({"site": 1.1}, [("E022", "parts.A.site")]), ({"site": -3}, [("E022", "parts.A.site")]),
        ({"site": ["arm"]}, [("E108", "parts.A.site")]), ({"kind": ["a"]}, [("E108", "parts.A.kind")]),
        ({"size": ["1 mm"]}, [("E108", "parts.A.size")]), ({"day": ["2026-01-01"]}, [("E108", "parts.A.day")]),
        ({"received_as": True}, [("E022", "parts.A.received_as")]),
        ({"many": {"result": "x", "text": 1.5}}, [("E022", "parts.A.many.text")]),
        ({"site": 12}, []), ({"site": "true"}, []), ({"site": "1.10"}, []), ({"kind": 1}, []),
        ({"many": ["m"]}, []), ({"many": "m"}, []), ({"number": {"count": 3, "per": "10 HPF"}}, []),
    ],
)  # fmt: skip
def test_a_text_is_a_text(answer: dict[str, Any], found: list[tuple[str, str]]) -> None:
    findings = toy_findings(answer)
    assert codes(findings) == found
    assert all(each.place.line for each in findings)


def test_the_digits_as_they_stand_do_not_make_a_number_a_text() -> None:
    part = '{"label": "A", "protocol": "toy", "site": 1.10}'
    text = f'{{"accession": "S1", "patient": {{"name": "N"}}, "parts": [{part}]}}'
    case = read_text(text, name="c.json", format="json")
    assert ("E022", "parts.A.site") in codes(validate(case).findings)


@pytest.mark.parametrize("number", [123, 1.5, 10**20])
def test_an_identifier_is_never_a_number(number: float) -> None:
    """Its zeros may be gone: JSON has no 000123."""
    data = toy_data()
    assert ("E022", "accession") in codes(toy_findings(accession=number))
    assert ("E022", "patient.mrn") in codes(toy_findings(patient={**data["patient"], "mrn": number}))


def test_yaml_keeps_what_was_typed() -> None:
    text = "accession: 007\npatient: {name: N, mrn: 1.10}\nprotocol: toy\nparts:\n  - label: A\n    site: yes\n"
    assert "E022" not in {each.code for each in validate(read_text(text, name="c.yaml")).findings}
