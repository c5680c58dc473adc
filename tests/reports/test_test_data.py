"""Reports of invented cases: the mark stands in the notices, on every page and in the file's properties."""

from __future__ import annotations

import pytest

from reportgen.invented.cases import cases
from reportgen.pipeline import Settings, compose
from reportgen.reading.source import source_of
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Report, Tone
from tests.support.cases import warned

LABELS = load_labels()


def report(purpose: str = "test data", **settings: str) -> Report:
    """A complete report without a warning, so that it can be finalized."""
    for case in cases("general", 50, 2):
        case["purpose"] = purpose
        made = compose(source_of(case))
        if "[" not in "".join(made.reading_order()) and not warned(case):
            return compose(source_of(case), Settings(**settings))  # type: ignore[arg-type]
    raise AssertionError("no complete case")


def test_a_draft_of_test_data_says_both() -> None:
    made = report()
    assert [notice.text for notice in made.notices[:2]] == [LABELS.test_notice, LABELS.draft_notice]
    assert made.notices[0].tone is Tone.gap
    assert made.furniture.state_mark == LABELS.test_draft_mark
    assert f"({LABELS.test_draft_mark})" in made.metadata.title
    assert LABELS.test_mark in made.metadata.keywords


def test_finalizing_keeps_the_mark() -> None:
    made = report(finalized_by="Dr. Test", finalized_at="2026-11-23")
    assert [notice.text for notice in made.notices] == [LABELS.test_notice]
    assert made.furniture.state_mark == LABELS.test_mark
    assert made.metadata.title.endswith(f"({LABELS.test_mark})")
    assert LABELS.test_mark in made.metadata.keywords


@pytest.mark.parametrize("settings", [{}, {"finalized_by": "Dr. Test", "finalized_at": "2026-11-23"}])
def test_other_reports_say_nothing_of_it(settings: dict[str, str]) -> None:
    made = report("", **settings)
    assert "TEST DATA" not in "".join([*made.reading_order(), made.furniture.state_mark, made.metadata.title])
    assert LABELS.test_mark not in made.metadata.keywords


def test_the_purpose_is_no_pair_of_the_report() -> None:
    made = report()
    assert not [pair for pair in made.pairs() if pair.path == "purpose"]
