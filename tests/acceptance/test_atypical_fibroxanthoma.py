"""Atypical fibroxanthoma and pleomorphic dermal sarcoma: what licenses the name and the recommendation.

The oracle is written from the fact sheet, not from the protocol.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from reportgen import compose
from reportgen.reading.source import source_of
from reportgen.scenarios.said import section
from tests.acceptance.support import BIOPSIES, TEMPLATES, changed, read_data

CASE = read_data(TEMPLATES / "protocols/afx-pds/scenarios.yaml")["case"]
GAP = "gap"
COMPLETE = {"SOX10": "negative", "p40": "negative", "AE1AE3": "negative", "desmin": "negative"}
LINES = {"melanocytic": "SOX10", "basal": "p40", "keratin": "AE1AE3", "smooth muscle": "desmin"}
PROCEDURES = ("shave biopsy", "punch biopsy", "excision", "Mohs debulking")
FEATURES: dict[str, dict[str, Any]] = {
    "none": {},
    "focal subcutis": {"subcutis": "focal"},
    "extensive subcutis": {"subcutis": "extensive"},
    "necrosis": {"necrosis": "present"},
    "nerve": {"perineural": "present"},
    "vessel": {"lymphovascular": "present"},
    "muscle": {"subcutis": "extensive", "deep_tissue": "present"},
    "not judged": {"necrosis": {"result": "cannot be determined", "reason": "crushed"}},
}
SARCOMA = ("extensive subcutis", "necrosis", "nerve", "vessel", "muscle")
PANELS = {
    "complete": COMPLETE,
    **{f"without {line}": {k: v for k, v in COMPLETE.items() if k != stain} for line, stain in LINES.items()},
    **{f"{line} pending": {**COMPLETE, stain: "pending"} for line, stain in LINES.items()},
    **{f"{line} focal": {**COMPLETE, stain: "focally positive"} for line, stain in LINES.items()},
}


def expected(procedure: str, whole: str, feature: str, panel: str) -> tuple[str, str]:
    """The headline and the recommendation; GAP where the pathologist has to word it."""
    asks = whole == "no" and procedure != "Mohs debulking"
    if panel.endswith("focal") or panel.startswith("without"):
        return GAP, GAP if asks else ""
    if panel.endswith("pending"):
        return "Pleomorphic spindle cell neoplasm", GAP if asks else ""
    complete = "Complete excision with examination of the whole lesion is recommended to assess its depth"
    if feature in SARCOMA:
        return "Pleomorphic dermal sarcoma", f"{complete}." if asks else ""
    if feature == "not judged":
        return GAP, GAP if asks else ""
    if whole == "yes":
        return "Atypical fibroxanthoma", ""
    surface = "Surface of pleomorphic dermal neoplasm"
    named = surface if procedure in BIOPSIES else "Pleomorphic dermal neoplasm, base not seen"
    return named, f"{complete} and features of pleomorphic dermal sarcoma." if asks else ""


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_name_rests_on_the_whole_lesion_and_on_every_line(procedure: str) -> None:
    wrong = []
    for whole, feature, panel in product(("yes", "no"), FEATURES, PANELS):
        changes: dict[str, Any] = {"procedure": procedure, "whole": whole, "stains": PANELS[panel], **FEATURES[feature]}
        if panel == "melanocytic focal":
            changes["acknowledge"] = {"F1": "the block will be recut"}
        report = compose(source_of(changed(CASE, changes)))
        head = section(report, "diagnosis")[1]
        spoken = GAP if head.gap else head.text.removesuffix(" (see comment)")
        said = [each for each in section(report, "comment") if each.clause.startswith("comment.recommendation.")]
        advised = "" if not said else GAP if said[0].gap else said[0].text
        if (spoken, advised) != expected(procedure, whole, feature, panel):
            wrong.append((whole, feature, panel, spoken, advised))
    assert wrong == []
