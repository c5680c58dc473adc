"""Leiomyosarcoma: the FNCLCC grade and the stage, each against an oracle of its own.

The oracles are written from the sources, not from the protocol. None means that the answers settle nothing.
"""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from reportgen import compose
from reportgen.reading.source import source_of
from reportgen.scenarios.said import section
from tests.acceptance.support import TEMPLATES, changed, read_data

CASE = read_data(TEMPLATES / "protocols/leiomyosarcoma/scenarios.yaml")["case"]
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
FIELD = Fraction("0.1734")  # of which the score counts ten
DIFFERENTIATION = {"well": 1, "intermediate": 2, "poor": 3}
MITOSES = range(31) if LONG else (0, 9, 10, 19, 20)
NECROSES = (None, "0.5", "49", "49.9", "50", "50.1", "99") if LONG else (None, "49.9", "50")


def line(changes: dict[str, Any], statement: str) -> str | None:
    """What a line of the diagnosis says of the changed case; None for a gap, "" for nothing."""
    report = compose(source_of(changed(CASE, changes)))
    found = [each for each in section(report, "diagnosis") if each.clause.startswith(f"diagnosis.{statement}.")]
    return "" if not found else None if found[0].gap else found[0].text


def score(per_ten: Fraction) -> int:
    """The score of mitoses in ten fields of 0.1734 mm²."""
    return 1 if per_ten < 10 else 2 if per_ten < 20 else 3


def grade(differentiation: int, mitoses: int, necrosis: Fraction, least: bool = False) -> str:
    """The line of the grade; necrosis in percent."""
    dead = 0 if not necrosis else 1 if necrosis < 50 else 2
    total = differentiation + mitoses + dead
    found = 1 if total <= 3 else 2 if total <= 5 else 3
    words = f"{'at least ' if least and found < 3 else ''}{found}{' in this specimen' if least and found < 3 else ''}"
    return f"FNCLCC grade {words} (differentiation {differentiation}, mitoses {mitoses}, necrosis {dead})"


def answers(differentiation: str, mitoses: dict[str, Any], necrosis: str | None) -> dict[str, Any]:
    dead = {"result": "present", "percent": f"{necrosis} %"} if necrosis else "not identified"
    return {"differentiation": differentiation, "mitoses": mitoses, "necrosis": dead}


@pytest.mark.parametrize("residual", [False, True])
def test_the_grade_is_that_of_the_sum(residual: bool) -> None:
    wrong = []
    before = {"procedure": "re-excision", "prior": {"accession": "S25-1", "diagnosis": "x"}, "residual": "present"}
    for differentiation, count, necrosis in product(DIFFERENTIATION, MITOSES, NECROSES):
        changes = answers(differentiation, {"count": count, "per": "10 HPF", "field_area": "0.1734 mm²"}, necrosis)
        said = line({**changes, **(before if residual else {})}, "grade")
        dead = Fraction(necrosis or 0)
        if said != grade(DIFFERENTIATION[differentiation], score(Fraction(count)), dead, residual):
            wrong.append((differentiation, count, necrosis, said))
    assert wrong == []


AREAS = (None, "0.1", "0.15", "0.1733", "0.1734", "0.1735", "0.237")
COUNTS = (0, 5, 9, 10, 15, 19, 20, 40)


@pytest.mark.parametrize("per", ["10 HPF", "mm²"])
def test_no_grade_rests_on_mitoses_of_another_area(per: str) -> None:
    """What is printed is the score of 1.734 mm², and in fields of this size something is always printed."""
    wrong = []
    for area, count in product(AREAS, COUNTS):
        changes = answers("well", {"count": count, "per": per, **({"field_area": f"{area} mm²"} if area else {})}, None)
        said = line(changes, "grade")
        counted = Fraction(count) * FIELD * 10 if per == "mm²" else Fraction(count) * FIELD / Fraction(area or 1)
        wanted = None if area is None else grade(1, score(counted), Fraction(0))
        if said != wanted and (said is not None or area == "0.1734"):
            wrong.append((area, count, said, wanted))
    assert wrong == []


TRUNK = ("C49.1", "C49.2", "C49.6", "C49.8", "C49.9", "C47.1", "C47.2", "C47.6", "C47.8", "C47.9")
WALLED = ("C49.3", "C49.4", "C49.5", "C47.3", "C47.5")
LIMITS = (200, 400, 500, 1000, 1500)  # of both tables, in tenths of a mm
REACH = range(-10, 11) if LONG else range(-1, 2)
SIZES = (*sorted({limit + step for limit in LIMITS for step in REACH}), 10, None)
CLEAR = {
    "deep": {"result": "uninvolved", "distance": "5 mm"},
    "peripheral": {"result": "uninvolved", "distance": "9 mm"},
}
NECK = {"none of these": "", "T4a structure": "pT4a", "T4b structure": "pT4b", None: None}


def stage(size: int | None, site: str, further: str | None, whole: bool) -> str | None:
    """The category of a greatest dimension in tenths of a mm."""
    neck = site == "C49.0"
    if neck and further != "none of these":
        category = NECK[further]
    elif size is None or (not neck and site not in TRUNK and further != "external"):
        return None
    elif neck:
        category = "pT1" if size <= 200 else "pT2" if size <= 400 else "pT3"
    else:
        category = "pT1" if size <= 500 else "pT2" if size <= 1000 else "pT3" if size <= 1500 else "pT4"
    if category is None:
        return None
    least = not whole and category not in ("pT4", "pT4b")
    return f"{'at least ' if least else ''}{category} (AJCC 8, {'head and neck' if neck else 'trunk and extremities'})"


def sites() -> list[tuple[str, str | None]]:
    """Each topography with what is asked of it; of the alike ones the first, but for long runs."""
    trunk, walled = (TRUNK, WALLED) if LONG else (TRUNK[:1], WALLED[:1])
    return [
        *((site, None) for site in trunk),
        *product(walled, ("external", "internal", None)),
        *(("C49.0", structure) for structure in NECK),
        ("unlisted", None),
    ]


@pytest.mark.parametrize("margin", ["uninvolved", "involved"])
def test_the_stage_is_that_of_the_table(margin: str) -> None:
    wrong = []
    cases = [(size, *site) for size, site in product(SIZES, sites())]
    cases += [(1000, site, None) for site in TRUNK] + [(1001, site, "external") for site in WALLED]
    for size, site, further in cases:
        if not LONG and margin == "involved" and size not in (200, 400, 1500, 1501, None):
            continue
        changes: dict[str, Any] = {"size": size and f"{size / 10} mm", "soft_topography": site}
        if further:
            changes["neck_extension" if site == "C49.0" else "wall"] = further
        if margin == "involved":
            changes["margins"] = {**CLEAR, "deep": "involved"}
        said = line(changes, "stage")
        if said != (wanted := stage(size, site, further, margin == "uninvolved")):
            wrong.append((size, site, further, wanted, said))
    assert wrong == []
