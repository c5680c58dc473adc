"""Melanoma: the category, against an oracle of its own, and how the thickness is told.

The oracle is written from the table of the sources, on whole thousandths of a mm, not from the protocol. None means
that the answers settle no category, and "" that none belongs to the specimen.
"""

from __future__ import annotations

import os
from itertools import product
from random import Random
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from reportgen import compose
from reportgen.pipeline import check
from reportgen.reading.source import source_of
from reportgen.reports.model import Report
from reportgen.scenarios.said import advisories, section
from tests.acceptance.support import TEMPLATES, changed, read_data

CASE = read_data(TEMPLATES / "protocols/melanoma/scenarios.yaml")["case"]
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
LIMITS = (750, 800, 1000, 1050, 2000, 2050, 4000, 4050)  # of the table, and of what is rounded to it
REACH = range(-60, 61) if LONG else range(-1, 2)
THICKNESSES = (*sorted({limit + step for limit in LIMITS for step in REACH}), 10, 100_000, None, "cannot")
ULCERATIONS = ("not identified", "present", "cannot be determined", None)
BASES = ("measured", "at least", None)
PRIORS = ("no", "yes", "not known", None)
SPECIMENS = ((False, False), (True, False), (True, True))  # residual, and in situ only
SYSTEMS = ("AJCC 8", "UICC 8", "UICC 9", "none")
SETTINGS = {"initial": "", "recurrence": "r", "after treatment": "y"}


class Row(NamedTuple):
    """The answers that decide a category; None is one that was not entered. Thickness in thousandths of a mm."""

    thickness: int | str | None
    ulceration: str | None = "not identified"
    basis: str | None = "measured"
    prior: str | None = "no"
    residual: bool = False
    in_situ: bool = False
    biopsy: bool = False
    system: str = "AJCC 8"
    setting: str = "initial"
    category: str | None = None


def expected(row: Row) -> str | None:
    """The line of the stage without its system."""
    if row.system == "none" or (row.in_situ and row.prior == "yes"):
        return ""
    if row.in_situ:
        return None
    prefix = SETTINGS[row.setting]
    if row.system == "UICC 9" or row.prior in ("yes", "not known"):
        return f"{prefix}{row.category}" if row.category else None
    if row.prior is None:
        return None
    if row.thickness == "cannot":
        return f"{prefix}pTX"
    if row.thickness is None or (row.basis is None and not row.biopsy):
        return None
    category = _category(int(row.thickness), row.ulceration)
    least = "at least " if row.biopsy or row.basis == "at least" else ""
    return f"{least}{prefix}{category}" if category else None


def _category(thickness: int, ulceration: str | None) -> str | None:
    tenths = (thickness + 50) // 100
    if 8 <= tenths <= 10:
        return "pT1b"
    if ulceration is None:
        return None
    number = 1 if tenths < 8 else 2 if tenths <= 20 else 3 if tenths <= 40 else 4
    with_letter = {"not identified": "a", "present": "b", "cannot be determined": ""}
    return f"pT{number}{with_letter[ulceration]}"


def case_of(row: Row) -> dict[str, Any]:
    """A case with the answers of a row; what follows from them is answered too."""
    why = " (invented reason)"
    thickness = f"cannot be determined{why}" if row.thickness == "cannot" else in_mm(row.thickness)
    changes: dict[str, Any] = {
        "thickness": thickness,
        "thickness_basis": None if row.thickness == "cannot" else row.basis,
        "ulceration": row.ulceration and row.ulceration + why * row.ulceration.startswith("cannot"),
        "staging": {"system": row.system} | ({"setting": row.setting} if row.system != "none" else {}),
        "category": row.category,
        "prior_invasive": row.prior,
    }
    sides = {"deep": "uninvolved", "peripheral": "uninvolved"}
    if row.biopsy:
        changes |= {"procedure": "punch biopsy", "margins": {"components": "invasive only", "invasive": sides}}
    if row.residual:
        changes |= {"residual": "present", "residual_component": "invasive",
                    "prior": {"accession": "S25-00009", "diagnosis": "melanoma"}}  # fmt: skip
    if row.in_situ:
        invasive = ("type", "thickness", "thickness_basis", "ulceration", "mitoses", "microsatellites", "satellites",
                    "lymphovascular", "neurotropism")  # fmt: skip
        distances = {side: {"result": "uninvolved", "distance": "2 mm"} for side in sides}
        changes |= dict.fromkeys(invasive) | {"residual_component": "in situ only"}
        changes["margins"] = {"components": "in situ only", "in_situ": sides if row.biopsy else distances}
    entered = CASE["parts"][0]
    return changed(CASE, {key: value for key, value in changes.items() if value is not None or key in entered})


def in_mm(thousandths: int | str | None) -> str | None:
    """A thickness in mm, without zeros at its end."""
    if thousandths is None:
        return None
    whole, rest = divmod(int(thousandths), 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") + " mm"


def stage(report: Report) -> str | None:
    """The category printed with its system; None for a gap, "" for none."""
    found = [each for each in section(report, "diagnosis") if each.clause.startswith("diagnosis.stage.")]
    if not found or found[0].text.startswith("No category"):
        return ""
    return None if found[0].gap else found[0].text


def rows() -> list[Row]:
    """The whole table around each limit, and many combinations of all that decides a category."""
    made = [Row(*answers) for answers in product(THICKNESSES, ULCERATIONS, BASES[:2])]
    draw = Random(5).choice
    for _ in range(4_000 if LONG else 150):
        row = Row(draw(THICKNESSES), draw(ULCERATIONS), draw(BASES), draw(PRIORS), *draw(SPECIMENS),
                  draw((True, False)), draw(SYSTEMS), draw(tuple(SETTINGS)))  # fmt: skip
        by_hand = row.system == "UICC 9" or row.prior in ("yes", "not known")
        in_situ = row.in_situ and row.prior in ("yes", "not known")
        entered = draw(("pT4b", "pTX", None)) if by_hand and not row.in_situ and row.system != "none" else None
        made.append(row._replace(in_situ=in_situ, category=entered))
    return made


def test_the_category_is_that_of_the_table() -> None:
    wrong = []
    for row in rows():
        wanted = expected(row)
        said = stage(compose(source_of(case_of(row))))
        if said != (f"{wanted} ({row.system})" if wanted else wanted):
            wrong.append((row, wanted, said))
    assert wrong == []


def test_the_oracle_knows_every_category() -> None:
    known = {each.removeprefix("at least ").lstrip("ry") for row in rows() if (each := expected(row))}
    assert known == {"pTX", *(f"pT{number}{letter}" for number in "1234" for letter in ("", "a", "b"))}


def test_neither_pt0_nor_ptis_is_ever_printed() -> None:
    wording = (TEMPLATES / "protocols/melanoma/wording.yaml").read_text(encoding="utf-8")
    said = [line for line in wording.splitlines() if "say:" in line]
    assert len(said) > 60
    assert not [line for line in said if "pT0" in line or "pTis" in line]


@given(st.integers(10, 6_000), st.sampled_from(BASES[:2]))
def test_both_thicknesses_are_printed(thousandths: int, basis: str) -> None:
    report = compose(source_of(case_of(Row(thousandths, basis=basis))))
    (line,) = [each.text for each in section(report, "diagnosis") if each.clause.startswith("diagnosis.thickness.")]
    tenths = (thousandths + 50) // 100
    rounded = f" (rounded to {tenths // 10}.{tenths % 10} mm)" if thousandths % 100 else ""
    least = "at least " if basis == "at least" else ""
    assert line == f"Breslow thickness {least}{in_mm(thousandths)}{rounded}"


def by_rounded(thousandths: int) -> str | None:
    return _category(thousandths, "not identified")


def as_measured(thousandths: int) -> str:
    return ("pT1a" if thousandths < 800 else "pT1b" if thousandths <= 1000 else "pT2a" if thousandths <= 2000
            else "pT3a" if thousandths <= 4000 else "pT4a")  # fmt: skip


def test_a_warning_is_raised_where_the_rounded_thickness_has_another_category() -> None:
    wrong = []
    for limit in LIMITS:
        for thousandths in (limit + step for step in REACH):
            raised = "E3" in advisories(check(source_of(case_of(Row(thousandths)))))
            if raised != (by_rounded(thousandths) != as_measured(thousandths)):
                wrong.append((thousandths, raised))
    assert wrong == []
