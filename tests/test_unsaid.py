"""A machine's word for nothing in a core element, an identity or own words: no strict and no finalized report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen import FindingsError
from reportgen.pipeline import Settings, check, compose
from reportgen.reading.readers import read_text
from reportgen.reports.model import State
from tests.cli.program import sample

CASE = """
protocol: general
accession: T26-1
patient: {name: "Invented, Ida", mrn: "1", birth_date: 1970-01-01, sex: female}
collected: 2026-11-01
received: 2026-11-02
submitted_by: Dr. Example
clinical_history: Papule.
laboratory: {name: Lab}
parts:
  - label: A
    site: left arm
    laterality: left
    procedure: punch biopsy
    diagnosis: Nevus.
    comment: None of the edges is involved.
"""
FINAL = Settings(finalized_by="Dr. Example", finalized_at="2026-11-03T10:00")
STRICT = Settings(strict=True)
BLOCKING = [
    ("Nevus.", '"***"', "parts.A.diagnosis"),
    ("Nevus.", "TBD", "parts.A.diagnosis"),
    ("Nevus.", '"Skin ***: nevus"', "parts.A.diagnosis"),
    ("Nevus.", '"NULL"', "parts.A.diagnosis"),
    ("site: left arm", 'site: "None"', "parts.A.site"),
    ("site: left arm", 'site: "-"', "parts.A.site"),
    ("site: left arm", "site: l", "parts.A.site"),
    ("Invented, Ida", "@NAME@", "patient.name"),
    ("Invented, Ida", "DOE^JANE", "patient.name"),
    ('mrn: "1"', 'mrn: "TBD"', "patient.mrn"),
    ("accession: T26-1", 'accession: "nan"', "accession"),
    ("Dr. Example\n", "nan\n", "submitted_by"),
]


def codes(error: FindingsError) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in error.findings]


def test_the_case_itself_is_finalized() -> None:
    assert check(read_text(CASE, name="case.yaml")).findings == ()
    assert compose(read_text(CASE, name="case.yaml"), FINAL).state is not State.draft


@pytest.mark.parametrize(("old", "new", "path"), BLOCKING)
def test_a_placeholder_where_words_are_needed_blocks(old: str, new: str, path: str) -> None:
    assert CASE.count(old) == 1
    source = read_text(CASE.replace(old, new), name="case.yaml")
    assert [(each.code, each.path) for each in check(source).findings] == [("W302", path)]
    assert compose(source).state is State.draft
    for settings, code in ((FINAL, "E303"), (STRICT, "E302")):
        with pytest.raises(FindingsError) as caught:
            compose(source, settings)
        assert codes(caught.value) == [(code, path)]


def test_own_words_that_say_nothing_block_too() -> None:
    text = sample("shave-biopsy").read_text(encoding="utf-8") + "override: {diagnosis: '***'}\n"
    source = read_text(text, name="case.yaml")
    assert [(each.code, each.path) for each in check(source).findings] == [("W302", "override.diagnosis")]
    with pytest.raises(FindingsError) as caught:
        compose(source, replace(FINAL, finalized_at="2026-11-23T10:00"))
    assert ("E303", "override.diagnosis") in codes(caught.value)


def test_a_placeholder_elsewhere_only_warns() -> None:
    source = read_text(CASE.replace("Papule.", "Papule. TBD"), name="case.yaml")
    assert [(each.code, each.path) for each in check(source).findings] == [("W302", "clinical_history")]
    assert compose(source, STRICT).state is State.draft
