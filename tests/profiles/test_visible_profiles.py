"""Profiles that pass let every word of a report be seen, whichever engine makes the PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.pipeline import Settings, render
from tests.formats.visible import faults
from tests.support.labs import lab

SAMPLES = Path(__file__).parents[2] / "samples"
CASES = [SAMPLES / "shave-biopsy.yaml", SAMPLES / "unfinished.yaml"]
PROFILES = {
    "border": ("layout: {css: lab.css}\n", "* {border-left: 12pt solid #1a1d21}"),
    "looks": ("layout: {css: lab.css}\n", ".gap, .mark { color: #1a1d21; background: #ffffff; font-size: 7pt }"),
    "translated": ("labels: {language: de, draft_mark: ENTWURF, not_entered: '[KEINE ANGABE]', page: Seite}\n", ""),
    "stain": (
        "protocols: {aismn: {elements: {stains: {append: [{id: WT1, title: WT1, source: {laboratory: x}}]}}}}\n",
        "",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_every_word_is_seen(name: str, case: Path, engine: str, tmp_path: Path) -> None:
    text, css = PROFILES[name]
    if css and engine == "typst":
        pytest.skip("a style sheet is WeasyPrint's alone")
    own = lab(tmp_path, text, **({"lab_css": css} if css else {}))
    settings = Settings(("pdf",), laboratory=own, pdf_engine=engine)
    made = render(case, settings)
    assert faults(made.report, made.documents["pdf"]) == []
