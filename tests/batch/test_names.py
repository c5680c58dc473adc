"""Names of documents: legal everywhere, inside their folder, one for each accession."""

from __future__ import annotations

import string
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.batch import names
from reportgen.cases.model import Case
from reportgen.files import safe_name
from reportgen.pipeline import check
from tests.support.toy import source_of

ALLOWED = set(string.ascii_letters + string.digits + "._-")
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{digit}" for port in ("COM", "LPT") for digit in range(10))}


def case(accession: str, **header: str) -> Case:
    data = {
        "accession": accession,
        "patient": {"name": "N", "mrn": "1"},
        **header,
        "parts": [{"label": "A", "protocol": "general", "site": "arm", "laterality": "left"}],
    }
    made = check(source_of(data)).case
    assert made
    return made


@given(st.text(max_size=300))
def test_a_name_is_legal_everywhere_and_stays_in_its_folder(text: str) -> None:
    name = safe_name(text, text)
    assert name
    assert set(name) <= ALLOWED
    assert len(name) <= 89
    assert name[0] not in ".-"
    assert not name.endswith(".")
    assert name.split(".")[0].upper() not in RESERVED
    assert (Path("/out") / f"{name}.pdf").resolve().parent == Path("/out")


@given(st.lists(st.text(alphabet="aA0 /\\:.-_éé\u0301CON", max_size=12), min_size=2, max_size=40))
def test_different_accessions_have_different_names(texts: list[str]) -> None:
    """Apart from case and Unicode form, by which the plan takes two accessions for twins."""
    told = {unicodedata.normalize("NFC", text).casefold(): text for text in texts}
    assert len({safe_name(text, text).casefold() for text in told.values()}) == len(told)


@pytest.mark.parametrize(
    "text", ["../../evil", "/etc/passwd", "S26/123", "CON", "nul.txt", "..", "", "a" * 300, "x.", "S26:1"]
)
def test_hostile_accessions_are_changed_and_marked(text: str) -> None:
    name = safe_name(text, text)
    assert name != text
    assert name.rpartition("-")[2].isalnum()
    assert safe_name("S26-01234", "x") == "S26-01234"


def test_a_pattern_is_filled_from_the_case() -> None:
    made = case("S26-1", collected="2026-11-02")
    assert names.stem("{accession}", made) == "S26-1"
    assert names.stem("{collected}_{received}_{protocol}_{accession}", made) == "2026-11-02_undated_general_S26-1"
    assert names.stem("report {accession}", made).startswith("report-S26-1-")


@pytest.mark.parametrize("accession", ["summary", "Results", "SUMMARY"])
def test_a_case_never_takes_the_name_of_the_batch_s_own_files(accession: str) -> None:
    assert names.stem("{accession}", case(accession)).casefold() not in ("summary", "results")


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("{accession}", ""),
        ("x-{accession}-{collected}", ""),
        ("report", "must hold {accession}"),
        ("{patient}", "not one of"),
        ("{accession!r}", "in braces alone"),
        ("{accession:>9}", "in braces alone"),
        ("{accession", "brace"),
        ("a/{accession}", "slash"),
        ("{}", "not one of"),
    ],
)
def test_patterns_are_checked(pattern: str, wrong: str) -> None:
    assert (wrong in names.problem(pattern)) if wrong else not names.problem(pattern)


def test_shards_spread() -> None:
    assert len({names.shard(str(number)) for number in range(5000)}) == 256


def test_a_name_that_is_no_text_has_a_safe_one_too() -> None:
    names = {safe_name(text, text) for text in (b"S\xff".decode("utf-8", "surrogateescape"), "S\ud800", "S")}
    assert len(names) == 3
    assert all(name.isascii() for name in names)
