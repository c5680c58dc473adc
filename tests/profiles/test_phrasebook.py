"""The phrasebook as a document: every entry, the hash of the footer, a place to sign, the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings, compose
from reportgen.profiles.phrasebook import as_report, document
from reportgen.profiles.phrases import phrasebook
from tests.acceptance.support import CHECKOUT
from tests.formats.readback import expected_body, read, squeeze

PROFILE = load_laboratory(CHECKOUT / "samples" / "profiles" / "dermatopathology")


@pytest.mark.parametrize("format", ["docx", "pdf", "html", "txt"])
def test_every_format_holds_every_entry(format: str) -> None:
    report = as_report(phrasebook("aismn", PROFILE), PROFILE)
    back = read(format, document("aismn", PROFILE, format), report)
    assert back.body == expected_body(report)
    for words in ("We recommend re-excision with clear margins", "base_not_seen", "Approved by"):
        assert squeeze(words) in back.body


def test_it_carries_the_hash_that_reports_carry() -> None:
    report = as_report(phrasebook("aismn", PROFILE), PROFILE)
    digest = PROFILE.hash[:12]
    assert digest in [pair.text for pair in report.identification.pairs]
    made = compose(CHECKOUT / "samples" / "shave-biopsy.yaml", Settings(laboratory=PROFILE))
    assert digest in made.furniture.record[0]


def test_the_same_profile_gives_the_same_bytes_and_the_built_in_words_have_a_book_too(tmp_path: Path) -> None:
    assert document("aismn", PROFILE, "docx") == document("aismn", PROFILE, "docx")
    assert b"built-in templates" in document("bcc", None, "html")
