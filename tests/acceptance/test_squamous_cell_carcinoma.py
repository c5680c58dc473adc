"""Squamous cell carcinoma: the stage, against an oracle of its own, and what is printed where a laboratory asks for it.

The oracle is written from the stage tables, not from the protocol. None means that the answers settle no category.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from reportgen import compose
from reportgen.pipeline import Settings
from reportgen.reading.source import source_of
from reportgen.reports.model import Report
from reportgen.scenarios.said import section
from tests.acceptance.support import TEMPLATES, changed, read_data
from tests.support.labs import protocol_lab

CASE = read_data(TEMPLATES / "protocols/scc/scenarios.yaml")["case"]
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
HEAD_AND_NECK = ("C44.0", "C44.2", "C44.3", "C44.4")
BONE = ("not identified", "minor erosion", "gross cortical or marrow", "skull base", "axial skeleton", None)
SIZES = (None, "19.9 mm", "20 mm", "20.1 mm", "40 mm", "40.1 mm", ">=15 mm", "12 x 41 x 3 mm")
DEPTHS = (None, "2 mm", "6.0 mm", "6.1 mm", ">=4 mm", ">=7 mm")
LEVELS = ("dermis", "subcutaneous fat", "beyond subcutaneous fat", None)
CALIBRES = (None, "0.09 mm", "0.1 mm", "100 µm")
LOCATIONS = (None, "dermis", "deeper than dermis")
NERVES = (None, 4, 5)


class Row(NamedTuple):
    """The answers that decide a category; None is one that was not entered."""

    system: str
    site: str
    size: str | None = "10 mm"
    depth: str | None = "2 mm"
    level: str | None = "dermis"
    bone: str | None = "not identified"
    perineural: str | None = "not identified"
    calibre: str | None = None
    location: str | None = None
    named: str | None = None
    nerves: int | None = None
    perianal: str | None = None


def expected(row: Row) -> str | None:
    """The category; "" where the system has no table for the site."""
    head = row.site in HEAD_AND_NECK
    uicc = row.system != "AJCC 8"
    if row.site == "C44.5" and uicc and row.perianal is None:
        return None
    trunk = row.site in ("C44.6", "C44.7") or (row.site == "C44.5" and row.perianal == "no")
    if not head and not (uicc and trunk):
        return ""
    if row.bone == "skull base":
        return "pT4b" if head and row.system in ("AJCC 8", "UICC 8") else None
    if row.bone == "axial skeleton":
        return "pT4b" if uicc else None
    if row.bone == "gross cortical or marrow":
        return "pT4a"
    if row.bone is None:
        return None
    lowest, highest = _range(row.size)
    shallow, deep = _range(row.depth)
    raised, cleared = _nerves(row)
    if row.bone == "minor erosion" or lowest > 40 or shallow > 6 or row.level == "beyond subcutaneous fat" or raised:
        return "pT3"
    if deep > 6 or row.level is None or not cleared:
        return None
    if highest <= 20:
        return "pT1"
    return "pT2" if lowest > 20 and highest <= 40 else None


def _range(text: str | None) -> tuple[float, float]:
    """The smallest and the largest that a measurement can be."""
    if text is None:
        return 0, float("inf")
    number = max(float(word) for word in text.removeprefix(">=").removesuffix("mm").split(" x "))
    return number, float("inf") if text.startswith(">=") else number


def _nerves(row: Row) -> tuple[bool, bool]:
    """Whether the nerves raise the category, and whether they are known not to."""
    if row.perineural != "present":
        return False, row.perineural == "not identified"
    calibre = {None: None, "0.09 mm": 0.09}.get(row.calibre, 0.1)
    thick, thin = calibre is not None and calibre >= 0.1, calibre is not None and calibre < 0.1
    if row.system == "UICC 8":
        return row.named == "yes", row.named == "no"
    raised, cleared = thick or row.location == "deeper than dermis", thin and row.location == "dermis"
    if row.system == "AJCC 8":
        return raised or row.named == "yes", cleared and row.named == "no"
    many, few = row.nerves is not None and row.nerves >= 5, row.nerves is not None and row.nerves < 5
    return raised or many, cleared and few


def case_of(row: Row) -> dict[str, Any]:
    changes = {
        "site": "one", "topography": row.site, "perianal": row.perianal,
        "size": row.size, "depth": row.depth, "level": row.level,
        "bone": row.bone, "perineural": row.perineural, "staging": {"system": row.system, "setting": "initial"},
        "nerve_calibre": row.calibre, "nerve_location": row.location, "named_nerve": row.named,
        "nerves_in_section": row.nerves if row.system == "UICC 9" else None,
    }  # fmt: skip
    entered = CASE["parts"][0]
    return changed(CASE, {key: value for key, value in changes.items() if value is not None or key in entered})


def stage(report: Report) -> str | None:
    """The category printed with its system; None for a gap, "" for nothing."""
    found = [each for each in section(report, "diagnosis") if each.clause.startswith("diagnosis.stage.")]
    return "" if not found else None if found[0].gap else found[0].text


def rows() -> list[Row]:
    """Each boundary with each system on each kind of site, and many combinations of all."""
    systems, sites = ("AJCC 8", "UICC 8", "UICC 9"), ("C44.3", "C44.6")
    made = [Row(system, f"C44.{n}", perianal="no" if n == 5 else None) for system in systems for n in range(10)]
    made += [Row(system, "C44.5", perianal=answer) for system in systems for answer in ("yes", None)]
    for system, site in product(systems, sites):
        made += [Row(system, site, level="subcutaneous fat", bone=bone) for bone in BONE] + [
            Row(system, site, size=size) for size in SIZES
        ]
        made += [Row(system, site, depth=depth) for depth in DEPTHS] + [
            Row(system, site, level=level) for level in LEVELS
        ]
        made += [Row(system, site, perineural=None)]
        made += [
            Row(system, site, "10 mm", "2 mm", "dermis", "not identified", "present", *nerve, perianal=None)
            for nerve in product(CALIBRES, LOCATIONS, (None, "yes", "no"), NERVES if system == "UICC 9" else (None,))
        ]
    draw = Random(8).choice
    for _ in range(4_000 if LONG else 250):
        nerve = (draw(CALIBRES), draw(LOCATIONS), draw((None, "yes", "no")), draw(NERVES))
        has = draw(("present", "not identified", None))
        made.append(Row(draw(systems), draw(sites), draw(SIZES), draw(DEPTHS), draw(LEVELS), draw(BONE), has,
                        *(nerve if has == "present" else ())))  # fmt: skip
    return [row for row in made if row.level != "dermis" or row.bone in ("not identified", None)]  # else refused


def test_the_stage_is_that_of_the_table() -> None:
    wrong = []
    for row in rows():
        wanted = expected(row)
        said = stage(compose(source_of(case_of(row))))
        if said != (f"{wanted} ({row.system})" if wanted else wanted):
            wrong.append((row, wanted, said))
    assert wrong == []


def test_the_oracle_knows_every_category() -> None:
    assert {expected(row) for row in rows()} == {"pT1", "pT2", "pT3", "pT4a", "pT4b", "", None}


ASKED = "wording: {diagnosis.bwh: {on_request: false}, diagnosis.bad: {on_request: false}}"
LOW = {"immunosuppression": "no", "scar": "no"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"size": "20 mm", "depth": "6 mm"}, "BWH T2a"),
        ({"size": "19 mm", "depth": "2 mm"}, "BWH T1"),
        ({"size": "10 mm", "perineural": "present", "nerve_calibre": "0.09 mm"}, "BWH T1"),
        ({"size": "10 mm", "perineural": "present", "nerve_calibre": "0.1 mm"}, "BWH T2a"),
        ({"size": "22 mm", "grade": "poor"}, "BWH T2b"),
        ({"size": "22 mm", "grade": "poor", "perineural": "present", "nerve_calibre": "0.1 mm",
          "level": "beyond subcutaneous fat"}, "BWH T3"),
        ({"size": "10 mm", "bone": "minor erosion", "level": "subcutaneous fat"}, "BWH T3"),
        ({"size": "10 mm", "perineural": "present"}, ""),
        ({"size": "20 mm", "depth": "4.0 mm", **LOW}, "Risk class low (BAD 2020)"),
        ({"size": "20 mm", "depth": "4.1 mm", **LOW}, "Risk class high (BAD 2020)"),
        ({"size": "20 mm", "depth": "6.0 mm", **LOW}, "Risk class high (BAD 2020)"),
        ({"size": "20 mm", "depth": "6.1 mm", **LOW}, "Risk class very high (BAD 2020)"),
        ({"size": "20 mm", "depth": "4.0 mm"}, ""),
    ],
)  # fmt: skip
def test_classes_are_told_where_a_laboratory_asks(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    laboratory = protocol_lab(tmp_path, ASKED, id="scc")
    report = compose(source_of(changed(CASE, changes)), Settings(laboratory=laboratory))
    lines = [each for each in section(report, "diagnosis") if each.clause.split(".")[1] in ("bwh", "bad")]
    assert len(lines) == 2
    assert said in [each.text for each in lines] if said else any(each.gap for each in lines)


@pytest.mark.parametrize("changes", [{"override": {"diagnosis": "Melanoma"}}, {"type": "spindle cell"}])
def test_no_class_is_told_of_another_diagnosis(changes: dict[str, Any], tmp_path: Path) -> None:
    laboratory = protocol_lab(tmp_path, ASKED, id="scc")
    report = compose(source_of(changed(CASE, {**changes, **LOW})), Settings(laboratory=laboratory))
    told = [each for each in section(report, "diagnosis") if each.clause.split(".")[1] in ("bwh", "bad", "stage")]
    assert [each.gap for each in told] == [True, True, True]
