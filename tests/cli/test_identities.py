"""Who a report is about, at the command line: twins, patients of whom not all is known, garbled names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.program import edited, files_below, invoke


def test_both_files_of_one_accession_are_told_and_neither_is_finalized(tmp_path: Path) -> None:
    one = edited(tmp_path / "one.yaml", name="shave-biopsy")
    two = edited(tmp_path / "two.yaml", ("000123", "000777"), ("Sample, Alexandra", "Other, Olga"), name="shave-biopsy")
    outcome = invoke("render", one, two, "-f", "txt")
    assert outcome.code == 0
    lines = [line for line in outcome.err.splitlines() if "W314" in line]
    assert [(line.split(":")[0].rpartition("/")[2], "two.yaml" in line.split("W314")[1]) for line in lines] == [
        ("one.yaml", True), ("two.yaml", False),
    ]  # fmt: skip
    for options in (["--strict"], ["--finalized-by", "Dr. P", "--at", "2026-11-23T14:30"]):
        held = tmp_path / "held"
        assert invoke("render", one, two, "-f", "txt", "-o", held, *options).code == 1
        assert not held.exists() or not list(files_below(held))
    assert invoke("render", one, "-f", "txt", "-o", tmp_path / "alone", "--strict").code == 0


@pytest.mark.parametrize(
    ("born", "mrn"),
    [
        ("1961", '"000123"'),
        ("not known (no papers)", "not known (no papers)"),
        ("1961-04", "{result: not known, reason: r}"),
    ],
)
def test_a_patient_of_whom_not_all_is_known_is_finalized(born: str, mrn: str, tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", ('"000123"', mrn), ("1961-04-02", born), name="shave-biopsy")
    options = ("--strict", "--finalized-by", "Dr. P", "--at", "2026-11-23T14:30")
    assert invoke("render", case, "-f", "docx,pdf,html,txt", *options).code == 0
    text = (tmp_path / "case.txt").read_text(encoding="utf-8")
    number = mrn.strip('"') if mrn[0] != "{" else "not known (r)"
    assert f"· MRN {number} ·" in text
    assert re.search(rf"Date of birth: +{re.escape(born)}\n", text)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "case.pdf").pages]
    assert all(number in " ".join(page.split()) for page in pages)


def test_a_name_in_letters_of_another_encoding_is_not_finalized(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", ("Sample, Alexandra", "Sample, ZoÃ«"), name="shave-biopsy")
    assert invoke("render", case, "-f", "txt").code == 0
    outcome = invoke("render", case, "-f", "txt", "--overwrite", "--finalized-by", "P", "--at", "2026-11-23T14:30")
    assert outcome.code == 1
    assert "E303 patient.name: may have lost letters" in outcome.err
    assert invoke("render", case, "-f", "txt", "--overwrite", "--strict").code == 1


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "/dev/fd/63"])
@pytest.mark.parametrize("command", ["render", "check", "explain"])
def test_a_case_from_standard_input_is_told_what_to_do(command: str, name: str) -> None:
    outcome = invoke(command, name)
    assert outcome.code != 0
    assert "not read from standard input" in outcome.out + outcome.err
    assert "save it as a file" in outcome.out + outcome.err
