"""Words of answers and names of elements, changed by a laboratory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.protocols.load import load_protocol
from tests.support.labs import protocol_lab, refused

ALLOWED = [
    ("necrosis", {"not identified": "not seen", "present": "seen"}),
    ("margins.deep", {"involved": "positive", "uninvolved": "free of tumor"}),
    ("stains", {"negative": "nonreactive", "positive": "reactive"}),
    ("atypia.grade", {"mild": "low grade", "severe": "high grade"}),
    ("procedure", {"shave biopsy": "tangential biopsy (shave)"}),
    ("subcutis", {"not represented": "not sampled"}),
]
REFUSED = [
    ("necrosis", {"not identified": "seen"}, "denies"),
    ("margins.deep", {"involved": "clear", "uninvolved": "positive"}, "affirms"),
    ("margins.deep", {"involved": "reaches the ink"}, "says neither"),
    ("stains", {"positive": "nonreactive", "negative": "positive for marker"}, "denies"),
    ("stains", {"equivocal": "negative"}, "alike"),
    ("atypia.grade", {"mild": "mild to severe"}, "severe"),
    ("procedure", {"excision": "wide local excision"}, "wide"),
    ("subcutis", {"not represented": "not identified"}, "alike"),
]


@pytest.mark.parametrize(("path", "answers"), ALLOWED)
def test_other_words_of_the_same_meaning_are_allowed(path: str, answers: dict[str, str], tmp_path: Path) -> None:
    changes = f"elements: {{{path}: {{answers: {json.dumps(answers)}}}}}"
    assert load_protocol("aismn", protocol_lab(tmp_path, changes)).changes


@pytest.mark.parametrize(("path", "answers", "why"), REFUSED)
def test_words_that_would_be_read_as_another_answer_are_refused(
    path: str, answers: dict[str, str], why: str, tmp_path: Path
) -> None:
    made = protocol_lab(tmp_path, f"elements: {{{path}: {{answers: {json.dumps(answers)}}}}}")
    found = refused(lambda: load_protocol("aismn", made))
    assert {each.path for each in found} == {path}
    assert any(each.code in ("T426", "T412") and why in each.message for each in found)


def test_a_waiver_allows_them_and_is_printed(tmp_path: Path) -> None:
    waiver = "waivers: [{protocol: aismn, id: margins.deep, reason: words of the tumor board, by: Dr. Example}]"
    made = protocol_lab(tmp_path, "elements: {margins.deep: {answers: {involved: reaches the ink}}}", more=waiver)
    assert load_protocol("aismn", made).waivers[0].id == "margins.deep"


def test_words_of_another_language_are_declared(tmp_path: Path) -> None:
    changes = "elements: {necrosis: {answers: {not identified: nicht nachweisbar, present: vorhanden}}}"
    assert refused(lambda: load_protocol("aismn", protocol_lab(tmp_path / "bare", changes)))
    words = "labels: {language: de, affirmations: vorhanden, negations: nicht}"
    assert load_protocol("aismn", protocol_lab(tmp_path / "told", changes, more=words)).changes


def test_an_added_stain_is_asked_for_what_all_stains_are(tmp_path: Path) -> None:
    changes = "elements: {stains: {append: [{id: WT1, title: WT1, source: {laboratory: x}}]}}"
    slots = load_protocol("aismn", protocol_lab(tmp_path, changes)).slots
    details = {path.rpartition(".")[2] for path in slots if path.startswith("stains.SMA.")}
    assert details == {path.rpartition(".")[2] for path in slots if path.startswith("stains.WT1.")} != set()
