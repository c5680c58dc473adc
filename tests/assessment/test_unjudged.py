"""Advisories that an answer in other words, undetermined or unclear, keeps from being judged."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen import check
from tests.acceptance.support import base, changed, source


def _unjudged(change: dict[str, Any]) -> list[tuple[str, str]]:
    """Level and title of each."""
    (made,) = check(source(changed(base("shave-biopsy"), change))).assessments
    return [(each.level.value, each.title.partition(": ")[2]) for each in made.advisories if each.id == "A24"]


OTHER = {"result": "other", "text": "see the note"}
WHY = {"result": "cannot be determined", "reason": "crushed"}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"necrosis": OTHER}, [("warning", "Necrosis")]),
        ({"metastasis": OTHER}, [("stop", "Metastasis")]),
        ({"perineural": WHY}, [("note", "Perineural or lymphovascular invasion")]),
        ({"mitoses": WHY}, [("warning", "Mitotic count")]),
        ({"stains.S100": "equivocal"}, [("warning", "S100 or SOX10 expression")]),
        ({"stains.CD10": "equivocal"}, [("note", "CD10 expression")]),
        ({"atypia.features": [OTHER]}, [("note", "Giant cells, or ulceration with solar elastosis")]),
        ({"necrosis": OTHER, "pleomorphism": "marked"}, [("warning", "Necrosis")]),  # 3 mitoses rule the stop out
        ({"melanoma_in_situ": OTHER}, [("note", "Melanoma in situ or lymphoid aggregates")]),
        ({"stains.S100": "pending"}, []),
        ({"margins.deep": OTHER}, []),
    ],
)
def test_each_answer_that_settles_nothing_is_told_at_the_level_it_leaves_open(
    change: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    assert _unjudged(change) == wanted


def test_the_remark_names_advisory_and_answer_without_the_words_entered() -> None:
    (made,) = check(source(changed(base("shave-biopsy"), {"necrosis": OTHER}))).assessments
    (remark,) = [each for each in made.advisories if each.id == "A24"]
    assert remark.say.startswith("A2, Necrosis, could not be judged, given Necrosis (answered in other words).")
    assert "see the note" not in remark.say
    assert remark.used == ("necrosis",)


def test_a_stop_that_could_not_be_judged_blocks_until_it_is_acknowledged() -> None:
    data = changed(base("shave-biopsy"), {"metastasis": OTHER})
    assert [(each.code, each.path) for each in check(source(data)).errors] == [("E301", "parts.A.A24")]
    acknowledged = changed(data, {"acknowledge": {"A24": "staging is not complete"}})
    assert check(source(acknowledged)).errors == ()
