"""What finalizing a report asks for, and what a strict run refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reportgen import FindingsError
from reportgen.pipeline import Settings, compose
from reportgen.reports.model import State
from tests.cli.program import sample


def codes(error: FindingsError) -> set[str]:
    return {finding.code for finding in error.findings}


def test_strict_refuses_what_is_open_with_its_path() -> None:
    with pytest.raises(FindingsError) as caught:
        compose(sample("unfinished"), Settings(strict=True))
    assert codes(caught.value) == {"E302"}
    assert "parts.A.perineural" in {finding.path for finding in caught.value.findings}
    assert compose(sample("punch-clear"), Settings(strict=True)).state is State.draft


def test_finalized_reports_carry_name_and_time() -> None:
    final = compose(sample("punch-clear"), Settings(finalized_by=" Dr.  Sample ", finalized_at="2026-11-23T14:30"))
    assert final.state is State.finalized
    assert final.furniture.state_mark == ""
    assert final.metadata.author == "Dr. Sample"
    assert final.metadata.stamp == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    assert "Prepared for sign-out by Dr. Sample, 2026-11-23T14:30." in list(final.reading_order())


@pytest.mark.parametrize(
    ("name", "time", "code"),
    [
        ("Dr. Sample", "", "E303"),
        ("", "2026-11-23", "E303"),
        ("   ", "2026-11-23", "E303"),
        ("Dr. Sample", "23.11.2026", "E107"),
        ("Dr.\u200bSample", "2026-11-23", "E005"),
        ("Dr.\x1bSample", "2026-11-23", "E004"),
    ],
)
def test_a_name_or_a_time_that_cannot_be_printed_is_refused(name: str, time: str, code: str) -> None:
    with pytest.raises(FindingsError) as caught:
        compose(sample("punch-clear"), Settings(finalized_by=name, finalized_at=time))
    assert codes(caught.value) == {code}


@pytest.mark.parametrize(("at", "code"), [("1999-11-23T14:30", "E206"), ("2031-01-01", "E210")])
def test_a_time_of_finalizing_that_cannot_be(at: str, code: str) -> None:
    settings = Settings(finalized_by="Dr. Sample", finalized_at=at, today=date(2026, 11, 29))
    with pytest.raises(FindingsError) as caught:
        compose(sample("punch-clear"), settings)
    assert [(each.code, each.path) for each in caught.value.findings] == [(code, "--at")]
