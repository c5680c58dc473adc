"""The head of a case file is told as the whole file would tell it, and nothing in a file is too much for that."""

from __future__ import annotations

import json

import pytest

from reportgen.protocols.load import load_header
from reportgen.web.heads import Head, Kind, head_of

CASE = Head(Kind.case, "S26-1", "Sample, Ida", "000123", "1961-04-02")
PATIENT = "patient:\n  name: Sample, Ida\n  mrn: '000123'\n  birth_date: 1961-04-02\n"
INLINE = "patient: {name: 'Sample,  Ida', mrn: '000123', birth_date: 1961-04-02 00:00:00}\n"
IN_JSON = {"name": "Sample, Ida", "mrn": "000123", "birth_date": "1961-04-02"}
HEADS: tuple[tuple[str, str, Head], ...] = (
    ("a.yaml", f"accession: S26-1\n{PATIENT}parts:\n- a: b\n", CASE),
    ("a.yaml", f"parts:\n- a: b\n{PATIENT}accession: S26-1\n", CASE),
    ("a.yaml", f"accession: {{result: S26-1}}\n{INLINE}", CASE),
    ("a.yaml", "\ufeff" + f"accession: S26-1\n{PATIENT}parts:\n- a: [\n".replace("\n", "\r\n"), CASE),
    ("a.json", json.dumps({"accession": "S26-1", "patient": IN_JSON}), CASE),
    ("a.json", '{"accession": 12, "parts": []}', Head(Kind.case, "12")),
    ("a.yaml", "accession: null\npatient: {mrn: not known (brought in without papers), name: ~}", Head(Kind.case)),
    ("a.yaml", 'accession: "x\nparts:\n  y"', Head(Kind.case, "x parts: y")),
    ("a.yaml", "patient: [1]\naccession: [S26-1]", Head(Kind.case, "S26-1")),
    ("a.yaml", "accession: 0123 # no", Head(Kind.case, "0123")),
    ("a.yaml", "columns: {}", Head(Kind.other)),
    ("a.yaml", "- 1", Head(Kind.other)),
    ("a.yaml", "", Head()),
    ("a.yaml", "accession: [", Head()),
    ("a.yaml", "accession: *x", Head()),
    ("a.json", "{", Head()),
    ("a.json", "[" * 100_000, Head()),
)


@pytest.mark.parametrize(("name", "text", "head"), HEADS)
def test_the_head_of_a_file(name: str, text: str, head: Head) -> None:
    assert head_of(text.encode(), name, load_header()) == head


def test_bytes_that_are_no_text_have_no_head() -> None:
    assert head_of(b"\xff\xfe\x00accession", "a.yaml", load_header()) == Head()
