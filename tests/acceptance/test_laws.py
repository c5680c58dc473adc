"""The laws of every report, held over cases that chance makes; and what no report may say, answer by answer."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen import check, compose
from reportgen.pipeline import Settings
from reportgen.reading.source import plain
from reportgen.reports.model import Paragraph, Report, Sentence
from reportgen.scenarios.said import section
from tests.acceptance.laws import violations
from tests.acceptance.support import base, changed, source
from tests.support.cases import CaseMaker

_CHUNK = 100


@pytest.mark.parametrize("chunk", range(2))
def test_made_cases_keep_the_laws(chunk: int) -> None:
    broken = {}
    for seed in range(chunk * _CHUNK, (chunk + 1) * _CHUNK):
        case, checked = CaseMaker(seed).judged()
        data = plain(case)
        assert isinstance(data, dict)
        found = violations(compose(checked), data)
        if found:
            broken[seed] = found
    assert broken == {}


def _with(report: Report, clause: str, text: str) -> Report:
    """The report with one sentence replaced."""

    def other(sentence: Sentence) -> Sentence:
        return sentence._replace(text=text) if sentence.clause == clause else sentence

    sections = tuple(
        section._replace(
            blocks=tuple(
                block._replace(sentences=tuple(map(other, block.sentences))) if isinstance(block, Paragraph) else block
                for block in section.blocks
            ),
        )
        for section in report.sections
    )
    return report._replace(sections=sections)


@pytest.mark.parametrize(
    ("clause", "text", "law"),
    [
        ("comment.extent.deep_involved_biopsy", "It reaches the deep margin.", "wrong word"),
        ("comment.atypia.features_pleomorphic", "Clinical follow-up is recommended.", "recommends twice"),
        ("diagnosis.headline.surface", "Surface of smooth muscle neoplasm", "does not refer to the comment"),
    ],
)
def test_a_report_that_breaks_a_law_is_found_out(clause: str, text: str, law: str) -> None:
    data = base("shave-biopsy")
    (found,) = violations(_with(compose(source(data)), clause, text), data)
    assert found.startswith(law)


def test_a_sentence_that_leans_on_nothing_entered_is_found_out() -> None:
    data = base("shave-biopsy")
    report = compose(source(data))
    del data["parts"][0]["margins"]
    assert {each.partition(",")[0] for each in violations(report, data)} == {"leans on parts.A.margins.deep"}


@pytest.mark.parametrize("statement", ["interpretation", "recommendation"])
def test_a_worded_diagnosis_is_not_followed_by_what_was_composed_for_another(statement: str) -> None:
    data = changed(base("shave-biopsy"), {"override": {"diagnosis": "Surface of leiomyoma"}})
    comment = section(compose(source(data)), "comment")
    (sentence,) = [each for each in comment if each.clause.startswith(f"comment.{statement}.")]
    assert sentence.gap


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("re-excision-clear", {}),  # there is no neoplasm to be coded
        ("unfinished", {}),  # smooth muscle differentiation is not confirmed
        ("shave-biopsy", {"growth": "circumscribed"}),  # the entity is withheld
        ("shave-biopsy", {"override": {"diagnosis": "Surface of leiomyoma", "comment": "Leiomyoma."}}),
    ],
)
def test_the_entity_is_not_coded_where_it_is_not_named(name: str, change: dict[str, Any]) -> None:
    report = compose(source(changed(base(name), change)), Settings(coding=True))
    assert not any("8897/1" in sentence.text for sentence in report.sentences())


def test_the_entity_is_coded_where_it_is_named() -> None:
    report = compose(source(base("shave-biopsy")), Settings(coding=True))
    assert any("8897/1" in sentence.text for sentence in report.sentences())


@pytest.mark.parametrize("name", ["SOX10", "sox-10", "SOX 10", "S-100", "alpha SMA"])
def test_a_stain_of_the_panel_cannot_hide_among_the_further_ones(name: str) -> None:
    data = changed(
        base("shave-biopsy"), {"stains": {"SMA": "positive", "other": [{"name": name, "result": "positive"}]}}
    )
    assert check(source(data)).errors
