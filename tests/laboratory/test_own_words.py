"""What a profile says in its own words: refused where it is empty, holds an unknown name, or claims what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import FindingsError, Place
from reportgen.laboratory.own_words import check_own_words
from reportgen.laboratory.read import load_laboratory
from reportgen.laboratory.shape import LabFile
from reportgen.reading.source import Mapping
from tests.support.labs import lab, refused, write_lab

METHOD = (
    "These stains were developed and their performance characteristics determined by this laboratory. They have not "
    "been cleared or approved by the U.S. Food and Drug Administration."
)


def test_usual_words_are_taken_and_the_highest_profile_speaks(tmp_path: Path) -> None:
    write_lab(tmp_path / "low", f'stain_method: {{text: "{METHOD}"}}\nattestation: {{text: "I, {{name}}, saw it."}}\n')
    made = lab(tmp_path / "high", "extends: ../low\nattestation: {text: 'I, {name}, looked at it on {time}.'}\n")
    assert made.spec.stain_method is not None
    assert made.spec.stain_method.text == METHOD
    assert made.spec.attestation is not None
    assert made.spec.attestation.text == "I, {name}, looked at it on {time}."


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("stain_method: {text: '...'}", "T401", "stain_method.text"),
        ("stain_method: {text: ''}", "T401", "stain_method.text"),
        ("stain_method: {text: Made here., words: x}", "T401", "stain_method.words"),
        ("stain_method: A text.", "T401", "stain_method"),
        ("stain_method: {text: The tumor is malignant and positive.}", "T417", "stain_method.text"),
        ("stain_method: {text: Margins are negative.}", "T417", "stain_method.text"),
        ("stain_method: {text: Seen., version: No tumor identified.}", "T417", "stain_method.version"),
        ("attestation: {text: 'Electronically signed by {name}.'}", "T428", "attestation.text"),
        ("attestation: {text: 'Finalized by {name}.'}", "T428", "attestation.text"),
        ("attestation: {text: 'I, {name}, found no malignancy.'}", "T417", "attestation.text"),
        ("attestation: {text: 'I, {nam}, looked.'}", "T401", "attestation.text"),
        ("attestation: {text: 'I, {name, looked.'}", "T401", "attestation.text"),
        ("attestation: {text: 'I, {name.x}, looked.'}", "T401", "attestation.text"),
        ("attestation: {text: 'I, {name!r}, looked.'}", "T401", "attestation.text"),
        ("attestation: {text: 'I looked.'}", "T401", "attestation.text"),
        ("attestation: {text: 'I, {name}.', credentials: {Jane: signed}}", "T428", "attestation.credentials"),
        ("codes: [{protocol: aismn, system: CPT, code: ''}]", "T401", "codes.1.code"),
        ("codes: [{protocol: aismn, system: CPT}]", "T401", "codes.1.code"),
        ("codes: [{protocol: aismn, system: CPT, code: '1', stains: all}]", "T401", "codes.1.stains"),
        ("codes: [{protocol: aismn, system: CPT, code: '1', price: 3}]", "T401", "codes.1.price"),
        ("codes: {aismn: '1'}", "T401", "codes"),
        ("short_synopsis: aismn", "T401", "short_synopsis"),
    ],
)
def test_what_it_may_not_say(tmp_path: Path, text: str, code: str, path: str) -> None:
    (finding,) = refused(lambda: lab(tmp_path, text + "\n"))
    assert finding.code == code
    assert finding.path.replace(" › ", ".").replace("[0]", ".1") == path
    assert finding.place.line == 4


@given(st.text(max_size=40))
def test_any_text_is_taken_or_refused_with_a_finding(text: str) -> None:
    words = {"text": text or "x"}
    spec = LabFile.model_validate(
        {"name": "L", "version": "1", "made_for": "1", "attestation": words, "stain_method": words}
    )
    found = list(check_own_words(spec, Mapping((), Place("lab.yaml"))))
    if not any(finding.path == "attestation.text" for finding in found):
        assert "N. N." in words["text"].format(name="N. N.", time="today")


def test_a_profile_without_them_says_nothing(tmp_path: Path) -> None:
    made = lab(tmp_path)
    said = made.spec
    assert (said.stain_method, said.attestation, said.codes, said.short_synopsis) == (None, None, (), {})
    with pytest.raises(FindingsError):
        load_laboratory(tmp_path / "nowhere")
