"""Thresholds: named in conditions and remarks, moved by a laboratory within their range."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.pipeline import Settings, check
from reportgen.protocols.load import load_protocol
from reportgen.protocols.thresholds import fill_in
from reportgen.reading.readers import read_text
from reportgen.reading.source import plain
from tests.acceptance.support import base, changed, source
from tests.support.labs import protocol_lab, refused

SOURCE = """\
thresholds: [{id: many, number: 5}]
facts: [{id: f, when: mitoses > thresholds.many or x > thresholds.unknown}]
advisories: [{id: A, levels: [{when: mitoses > thresholds.many, say: "Above {{ thresholds.many }}."}]}]
title: thresholds.many
"""


def test_names_become_numbers_where_conditions_and_words_stand_and_nowhere_else() -> None:
    data = plain(fill_in(read_text(SOURCE, name="x")))
    assert isinstance(data, dict)
    assert data["facts"][0]["when"] == "mitoses > 5 or x > thresholds.unknown"
    assert data["advisories"][0]["levels"] == [{"when": "mitoses > 5", "say": "Above 5."}]
    assert data["title"] == "thresholds.many"
    without = read_text("facts: []\n", name="x")
    assert fill_in(without) is without


def advisories(mitoses: int, settings: Settings) -> dict[str, str]:
    case = source(changed(base("shave-biopsy"), {"mitoses": f"{mitoses} per 10 HPF"}))
    (made,) = check(case, settings).assessments
    return {each.id: f"{each.level.value}: {each.say}" for each in made.advisories if each.id == "A3"}


def test_a_laboratory_moves_a_threshold_and_the_remark_follows(tmp_path: Path) -> None:
    own = Settings(laboratory=protocol_lab(tmp_path, "thresholds: {mitoses_high: 12}"))
    assert advisories(13, Settings())["A3"].startswith("note")
    assert advisories(13, own)["A3"].startswith("warning: Above 12 per 10 HPF")
    assert advisories(12, own)["A3"].startswith("note")


@pytest.mark.parametrize("number", ["21", "0", "-1", "1000000"])
def test_a_threshold_stays_within_its_range(number: str, tmp_path: Path) -> None:
    made = protocol_lab(tmp_path, f"thresholds: {{mitoses_high: {number}}}")
    (finding,) = refused(lambda: load_protocol("aismn", made))
    assert (finding.code, finding.path) == ("T412", "thresholds.mitoses_high")
    assert "from 1 to 20" in finding.hint


def test_the_built_in_numbers_are_within_their_own_ranges() -> None:
    known = load_protocol("aismn").protocol.thresholds
    assert len(known) >= 6
    for each in known:
        assert each.minimum <= each.number <= each.maximum, each.id
        assert each.source
