"""Profiles from a library beside the checkout, where there is one: each comes to the findings that it deserves."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.findings import FindingsError, Severity
from reportgen.laboratory.read import load_laboratory
from reportgen.profiles.check import check

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "profiles"
OUTCOMES = {
    "yaml-L4_zz": {"T401", "T412"},
    "yaml-L6_fr": {"T412"},
    "yaml-i5_neg2": {"T417"},
    "yaml-i9_answers_ambig": {"T426"},
    "yaml-i11_stain_answers": {"T426"},
    "yaml-i28_per": {"T412"},
    "yaml-i29_comma": {"T412"},
    "yaml-r3_stain": set(),
    "yaml-k23_cmyk": set(),
    "yaml-i21_many": {"T401"},
    "yaml-k10_font": {"T402"},
    "css-c12_border": set(),
    "css-c23_comment": {"T413"},
    "css-c26_brk": {"T413"},
    "css-c28_selector_bomb": {"T413"},
    "css-c29_has": {"T413"},
    "css-g7": {"T413"},
    "html-h13_loop": {"T415"},
    "html-h21_sub_all": {"T413"},
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_each_comes_to_its_findings(name: str) -> None:
    if not (SHARED / name).is_dir():
        pytest.skip("this library is not here")
    try:
        found = check(load_laboratory(SHARED / name))
    except FindingsError as error:
        found = list(error.findings)
    errors = [each for each in found if each.severity is Severity.error]
    assert {each.code for each in errors} == OUTCOMES[name]
    assert all(each.place.file.startswith(str(SHARED / name)) for each in errors)
