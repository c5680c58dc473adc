"""Bad input of every kind, as files: each is refused at once with its findings, or taken at its word.

`expected.yaml` says for each file what is found (code and place) or, for what is accepted, what must be printed of it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen.findings import FindingsError, Severity
from reportgen.pipeline import check, compose
from reportgen.protocols.load import load_protocol, protocol_ids

FOLDER = Path(__file__).parent
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))
REFUSED: dict[str, list[str]] = EXPECTED["refused"]
ACCEPTED: dict[str, list[str]] = EXPECTED["accepted"]


def test_every_file_of_the_corpus_is_expected() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py"}
    assert files - {"expected.yaml"} == REFUSED.keys() | ACCEPTED.keys()
    assert len(REFUSED) >= 40
    assert len(ACCEPTED) >= 10


def found(path: Path) -> list[Any]:
    try:
        return list(check(path).findings)
    except FindingsError as error:
        return list(error.findings)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_hostile_file_is_refused_with_its_findings(name: str) -> None:
    for id in protocol_ids():  # their own check is no part of what is timed
        load_protocol(id)
    start = time.perf_counter()
    findings = found(FOLDER / name)
    assert time.perf_counter() - start < 0.5
    places = [
        f"{finding.code} {finding.place.line}:{finding.place.column}" if finding.place.line else finding.code
        for finding in findings
    ]
    if name == "alias-bomb.yaml":
        assert set(places) > {"E003 1:5"}
        assert {finding.code for finding in findings} == {"E003"}
    else:
        assert places == REFUSED[name]
    for finding in findings:
        assert finding.step
        assert finding.place.file in ("", str(FOLDER / name))


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_what_only_looks_hostile_is_taken_at_its_word(name: str) -> None:
    assert not [finding for finding in found(FOLDER / name) if finding.severity is Severity.error]
    printed = list(compose(FOLDER / name).reading_order())
    for words in ACCEPTED[name]:
        assert words in printed, words
