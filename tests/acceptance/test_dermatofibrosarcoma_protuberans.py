"""Dermatofibrosarcoma protuberans: what licenses the name, against an oracle that is written from the fact sheet."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from reportgen import compose
from reportgen.reading.source import source_of
from reportgen.scenarios.said import section
from tests.acceptance.support import TEMPLATES, changed, read_data

CASE = read_data(TEMPLATES / "protocols/dfsp/scenarios.yaml")["case"]
GAP = "gap"
VARIANTS = {"classic": "", "fibrosarcomatous": ", with fibrosarcomatous transformation"}
RESULTS = ("positive", "focally positive", "negative", "pending")
FUSIONS = ("detected", "not detected", "pending", "not performed", None)
NEURAL = ("negative", "focally positive", "pending", None)


def expected(variant: str, cd34: str, pattern: str | None, neural: str | None, fusion: str | None) -> str:
    """The headline; GAP where the pathologist has to word it."""
    by_stain = cd34 == "positive" and pattern == "diffuse" and neural in ("negative", None)
    return f"Dermatofibrosarcoma protuberans{VARIANTS[variant]}" if fusion == "detected" or by_stain else GAP


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_name_rests_on_cd34_or_on_the_fusion(variant: str) -> None:
    wrong = []
    for cd34, diffuse, neural, fusion in product(RESULTS, (True, False), NEURAL, FUSIONS):
        asked = cd34 in ("positive", "focally positive")
        if diffuse and cd34 != "positive":  # does not apply, or is refused
            continue
        pattern = ("diffuse" if diffuse else "patchy") if asked else None
        answers: dict[str, Any] = {
            "variant": variant,
            "CD34_pattern": pattern,
            "stains": {"CD34": cd34, **({"SOX10": neural} if neural else {})},
        }
        if variant == "fibrosarcomatous":
            answers["transformed"] = "40 %"
        if fusion:
            answers["fusion"] = fusion
        head = section(compose(source_of(changed(CASE, answers))), "diagnosis")[1]
        said = GAP if head.gap else head.text.removesuffix(" (see comment)")
        if said != expected(variant, cd34, pattern, neural, fusion):
            wrong.append((cd34, pattern, neural, fusion, said))
    assert wrong == []
