"""What is said of a case as a whole: refused, or in order with what was raised."""

from __future__ import annotations

import pytest

from reportgen.assessment.checked import Checked
from reportgen.findings import Finding, Place
from reportgen.pipeline import check
from tests.cli.program import sample

WARNING = Finding("W302", Place("c.yaml", 1, 1), "site", "is a placeholder")
ERROR = Finding("E103", Place("c.yaml", 2, 1), "site", "is not an answer")


@pytest.mark.parametrize(
    ("findings", "verdict", "warnings"),
    [((), "in order", 0), ((WARNING,), "in order, 1 warning", 1), ((WARNING, ERROR), "refused", 1)],
)
def test_an_error_refuses_and_a_warning_is_counted(findings: tuple[Finding, ...], verdict: str, warnings: int) -> None:
    checked = Checked(None, findings)
    assert (checked.verdict, checked.warnings) == (verdict, warnings)
    assert checked.errors == tuple(each for each in findings if each is ERROR)


def test_what_a_part_raises_is_told_with_its_part() -> None:
    checked = check(sample("shave-biopsy"))
    assert checked.case is not None
    assert [part for part, _ in checked.advisories] == [checked.case.parts[0]] * len(checked.advisories)
    assert {each.part for each in checked.raised} <= {"A"}
    assert len(checked.raised) == sum(state.warns for _, state in checked.advisories)
