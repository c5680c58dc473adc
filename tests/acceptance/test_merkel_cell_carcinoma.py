"""Merkel cell carcinoma: the stage and the name, each against an oracle of its own.

The oracles are written from the table of the sources and from the fact sheet, not from the protocol. None means that
the answers settle no category, or name nothing.
"""

from __future__ import annotations

import os
from itertools import product
from typing import Any

import pytest

from reportgen import compose
from reportgen.reading.source import source_of
from reportgen.reports.model import Report
from reportgen.scenarios.said import section
from tests.acceptance.support import TEMPLATES, changed, read_data

CASE = read_data(TEMPLATES / "protocols/merkel/scenarios.yaml")["case"]
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
LIMITS = (200, 500)  # of the table, in tenths of a mm
REACH = range(-20, 21) if LONG else range(-1, 2)
SIZES = (*sorted({limit + step for limit in LIMITS for step in REACH}), 1, 9_999, None)
EXTENSIONS = ("dermis", "subcutis", "fascia", "muscle", "cartilage", "bone", "cannot be determined (x)", None)
CLEAR = {
    "deep": {"result": "uninvolved", "distance": "5 mm"},
    "peripheral": {"result": "uninvolved", "distance": "9 mm"},
}
MARGINS: dict[str, dict[str, Any]] = {
    "clear": CLEAR,
    "deep involved": {**CLEAR, "deep": "involved"},
    "peripheral involved": {**CLEAR, "peripheral": "involved"},
    "not assessed": {**CLEAR, "peripheral": "cannot be assessed (x)"},
}
SETTINGS = {"initial": "", "recurrence": "r", "after treatment": "y"}


def expected(size: int | None, extension: str | None, whole: bool, prefix: str) -> str | None:
    """The category of a diameter in tenths of a mm."""
    if extension in ("fascia", "muscle", "cartilage", "bone"):
        return f"{prefix}pT4 (AJCC 8)"
    if size is None or extension not in ("dermis", "subcutis"):
        return None
    category = "pT1" if size <= 200 else "pT2" if size <= 500 else "pT3"
    return f"{'' if whole else 'at least '}{prefix}{category} (AJCC 8, clinical diameter)"


def line(report: Report, statement: str) -> str | None:
    """What a line of the diagnosis says; None for a gap, "" for nothing."""
    found = [each for each in section(report, "diagnosis") if each.clause.startswith(f"diagnosis.{statement}.")]
    return "" if not found else None if found[0].gap else found[0].text


@pytest.mark.parametrize("margins", MARGINS)
def test_the_stage_is_that_of_the_table(margins: str) -> None:
    wrong = []
    for size, extension, size_is, setting in product(SIZES, EXTENSIONS, ("measured", "at least"), SETTINGS):
        if not LONG and (setting != "initial") + (size_is == "at least") + (margins != "clear") > 1:
            continue
        answers = {
            "size": None if size is None else f"{size / 10} mm",
            "extension": extension,
            "size_is": size_is,
            "margins": MARGINS[margins],
            "staging": {"system": "AJCC 8", "setting": setting},
        }
        report = compose(source_of(changed(CASE, answers)))
        wanted = expected(size, extension, margins == "clear" and size_is == "measured", SETTINGS[setting])
        if (said := line(report, "stage")) != wanted:
            wrong.append((size, extension, size_is, setting, wanted, said))
    assert wrong == []


RESULTS = ("positive", "focally positive", "negative", "pending", "not performed", None)


def named(ck20: str | None, ttf1: str | None, endocrine: str | None, contrary: str | None, stated: bool) -> bool:
    """Whether the stains, and what the pathologist states, license the name."""
    shown = ck20 == "positive" or (ck20 in ("negative", "focally positive") and stated)
    return shown and ttf1 == "negative" and endocrine == "positive" and contrary in ("negative", "not performed", None)


OTHERS: dict[str, tuple[str | None, ...]] = {
    "S100": RESULTS if LONG else ("focally positive", "negative"),
    "SOX10": RESULTS if LONG else ("focally positive", "not performed"),
    "LCA": RESULTS if LONG else ("focally positive", "pending", None),
}


@pytest.mark.parametrize("contrary", OTHERS)
def test_the_name_rests_on_every_stain(contrary: str) -> None:
    wrong = []
    for ck20, ttf1, endocrine, other, stated in product(
        RESULTS, ("focally positive", "negative", None), ("positive", "focally positive"), OTHERS[contrary], "yn"
    ):
        if stated == "y" and ck20 not in ("negative", "focally positive"):
            continue
        results = {"CK20": ck20, "TTF1": ttf1, "synaptophysin": endocrine, contrary: other}
        answers: dict[str, Any] = {"stains": {stain: result for stain, result in results.items() if result}}
        if ck20 in ("negative", "focally positive"):
            answers["stated"] = "yes" if stated == "y" else "no"
        if ttf1 == "focally positive" and ck20 == "negative":
            answers["acknowledge"] = {"C1": "a reason is given"}
        said = line(compose(source_of(changed(CASE, answers))), "headline")
        if (said == "Merkel cell carcinoma (see comment)") != named(ck20, ttf1, endocrine, other, stated == "y"):
            wrong.append((results, stated, said))
    assert wrong == []
