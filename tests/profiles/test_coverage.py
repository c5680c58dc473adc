"""Coverage: which clauses pairwise cases print, and which none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.profiles.coverage import coverage
from reportgen.protocols import load
from tests.support.labs import protocol_lab


def test_pairwise_cases_print_every_built_in_clause() -> None:
    made = coverage("aismn", None)
    assert set(made.never) <= {
        "diagnosis.deep_margin.elsewhere", "diagnosis.peripheral_margin.elsewhere", "comment.extent.deep_elsewhere",
        "diagnosis.headline.no_residual_entity", "diagnosis.headline.lineage_unclear", "diagnosis.headline.no_atypia",
    }, "but for a second part, words of a prior diagnosis, an unclear procedure, or all criteria but one"  # fmt: skip
    assert len(made.printed) >= 75
    assert made.cases >= 100


def test_a_clause_that_needs_the_improbable_is_named_and_one_that_was_taken_away_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "{id: odd, when: case.age == 117, say: x}"
    own = protocol_lab(
        tmp_path,
        f"wording: {{comment: {{append: [{{id: odd, title: O, clauses: [{new}]}}]}}, "
        "comment.comment: {remove: [entered]}}",
        id="general",
    )
    looked: list[str] = []
    monkeypatch.setattr(load, "require_known", lambda id, laboratory: looked.append(id))
    made = coverage("general", own)
    assert looked == ["general"], "its files are looked at once, not for every case"
    assert "comment.odd.odd" in {**made.never, **made.printed}
    assert "comment.comment.entered" not in {**made.never, **made.printed}
