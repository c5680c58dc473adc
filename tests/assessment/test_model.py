"""The values of an assessment."""

from __future__ import annotations

import pytest

from reportgen.assessment.model import AdvisoryState, Completeness, Missing
from reportgen.protocols.model import Level


def test_what_is_still_to_come_counts_as_answered_and_stays_listed() -> None:
    completeness = Completeness(5, (Missing("a", "A"), Missing("b", "B", pending=True)))
    assert completeness.answered == 4


@pytest.mark.parametrize(
    ("level", "reason", "blocks"),
    [(Level.stop, "", True), (Level.stop, "a reason", False), (Level.warning, "", False), (Level.note, "", False)],
)
def test_only_a_stop_without_a_reason_blocks(level: Level, reason: str, blocks: bool) -> None:
    state = AdvisoryState("A1", "Title", level, "Words.", (), "Source", certain=True, acknowledged=reason)
    assert state.blocks is blocks
