"""A spindle cell neoplasm whose line is not settled: what licenses a favored entity and a recommendation.

The oracle is written from the fact sheet, not from the protocol.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from reportgen import compose
from reportgen.reading.source import source_of
from reportgen.scenarios.said import section
from tests.acceptance.support import BIOPSIES, EXCISIONS, TEMPLATES, changed, read_data

CASE = read_data(TEMPLATES / "protocols/spindle-workup/scenarios.yaml")["case"]
GAP = "gap"
SMOOTH = {"SMA": "positive", "caldesmon": "negative"}
MELANOCYTIC = {"S100": "focally positive"}
SQUAMOUS = {"p40": "negative", "CK56": "negative"}
MARGINS = ("involved", "uninvolved", "cannot be assessed")
FAVORED = (None, "leiomyosarcoma", "desmoplastic melanoma")


@dataclass(frozen=True)
class Panel:
    """Stains, whether all three main lines have a result, and whether both melanocytic markers are negative."""

    stains: dict[str, str]
    complete: bool
    not_melanocytic: bool = False


PANELS = (
    Panel({**SMOOTH, **MELANOCYTIC, **SQUAMOUS}, complete=True),
    Panel({**SMOOTH, **MELANOCYTIC, **SQUAMOUS, "S100": "negative", "SOX10": "negative"}, True, not_melanocytic=True),
    Panel({**SMOOTH, **MELANOCYTIC, **SQUAMOUS, "SOX10": "pending"}, complete=False),
    Panel({**SMOOTH, **MELANOCYTIC, **SQUAMOUS, "CD10": "pending"}, complete=True),
    Panel({**SMOOTH, **MELANOCYTIC, **SQUAMOUS, "SMA": "equivocal"}, complete=False),
    Panel({**SMOOTH, **MELANOCYTIC, "p40": "negative"}, complete=False),
    Panel({**SMOOTH, **SQUAMOUS}, complete=False),
    Panel({"SMA": "positive", **MELANOCYTIC, **SQUAMOUS}, complete=False),
    Panel({**MELANOCYTIC, **SQUAMOUS, "desmin": "positive", "SMA": "not performed"}, complete=False),
)


def headline(procedure: str, deep: str, favored: str | None, panel: Panel) -> str:
    """The first line of the diagnosis; GAP where the pathologist has to word it."""
    if favored == "desmoplastic melanoma" and panel.not_melanocytic:
        return GAP
    named = "Spindle cell neoplasm"
    if procedure in BIOPSIES and deep != "uninvolved":
        named = "Surface of spindle cell neoplasm"
    elif procedure == "re-excision":
        named = "Residual spindle cell neoplasm"
    return f"{named}, favor {favored}" if panel.complete and favored else named


def recommendation(procedure: str, deep: str, favored: str | None, panel: Panel) -> str:
    """What is recommended: only to see the base, where it was not seen."""
    if favored == "desmoplastic melanoma" and panel.not_melanocytic:
        return GAP
    if procedure == "Mohs debulking" or deep == "uninvolved":
        return ""
    again = "Excision" if procedure in BIOPSIES else "Re-excision"
    return f"{again} is recommended to assess the architecture and the depth of the neoplasm."


def case_of(procedure: str, deep: str, favored: str | None, panel: Panel) -> dict[str, Any]:
    """The case of a combination."""
    distance = {} if procedure in BIOPSIES else {"distance": "2 mm"}
    answers = {
        "uninvolved": {"result": "uninvolved", **distance},
        "cannot be assessed": {"result": "cannot be assessed", "reason": "cautery artifact"},
    }
    changes: dict[str, Any] = {
        "procedure": procedure,
        "margins": {"deep": answers.get(deep, deep), "peripheral": answers["uninvolved"]},
        "stains": panel.stains,
    }
    if favored is not None:
        changes["favored"] = favored
    if favored == "desmoplastic melanoma" and panel.not_melanocytic:
        changes["acknowledge"] = {"W9": "the stains will be repeated"}
    if procedure == "re-excision":
        changes |= {"prior": {"accession": "S25-00009", "diagnosis": "spindle cell neoplasm"}, "residual": "present"}
    return changed(CASE, changes)


@pytest.mark.parametrize("procedure", [*BIOPSIES, *EXCISIONS])
def test_an_entity_is_favored_and_an_excision_recommended_only_where_licensed(procedure: str) -> None:
    wrong = []
    for deep, favored, panel in product(MARGINS, FAVORED, PANELS):
        report = compose(source_of(case_of(procedure, deep, favored, panel)))
        head = section(report, "diagnosis")[1]
        spoken = GAP if head.gap else head.text.removesuffix(" (see comment)")
        said = [each for each in section(report, "comment") if each.clause.startswith("comment.recommendation.")]
        advised = "" if not said else GAP if said[0].gap else said[0].text
        expected = headline(procedure, deep, favored, panel), recommendation(procedure, deep, favored, panel)
        if (spoken, advised) != expected:
            wrong.append((deep, favored, panel.stains, spoken, advised))
    assert wrong == []
