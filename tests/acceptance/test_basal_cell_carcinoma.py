"""Basal cell carcinoma: what is printed where a laboratory asks for it, and the codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen import compose
from reportgen.pipeline import Settings
from reportgen.reading.source import source_of
from reportgen.reports.model import Report
from reportgen.scenarios.said import section
from tests.acceptance.support import TEMPLATES, changed, read_data
from tests.support.labs import protocol_lab

CASE = read_data(TEMPLATES / "protocols/bcc/scenarios.yaml")["case"]
ASKED = "wording: {diagnosis.growth_class: {on_request: false}, diagnosis.close_margin: {on_request: false}}"
BASED = ["nodular", "superficial", "fibroepithelial", "infundibulocystic"]
HIGHER, LOWER = "Higher-risk growth pattern", "Lower-risk growth pattern"


def report(folder: Path, asked: str = ASKED, /, **changes: Any) -> Report:
    data = changed(CASE, {name.replace("__", "."): value for name, value in changes.items()})
    return compose(source_of(data), Settings(laboratory=protocol_lab(folder, asked, id="bcc"), coding=True))


def lines(made: Report) -> list[str]:
    return [each.text for each in section(made, "diagnosis")]


@pytest.mark.parametrize("pattern", ["infiltrating", "sclerosing", "micronodular", "basosquamous", "sarcomatoid"])
def test_one_pattern_of_higher_risk_decides(pattern: str, tmp_path: Path) -> None:
    for subtype in ([pattern], ["nodular", pattern], [*BASED, pattern]):
        said = lines(report(tmp_path, subtype=subtype))
        assert (HIGHER in said, LOWER in said) == (True, False)


@pytest.mark.parametrize("subtype", [["superficial"], ["nodular"], BASED])
def test_the_other_patterns_are_of_lower_risk(subtype: list[str], tmp_path: Path) -> None:
    said = lines(report(tmp_path, subtype=subtype))
    assert (HIGHER in said, LOWER in said) == (False, True)


@pytest.mark.parametrize("beside", ["nodular", "infiltrating"])
def test_a_pattern_in_other_words_leaves_the_class_open(beside: str, tmp_path: Path) -> None:
    made = report(tmp_path, subtype=[beside, {"result": "other", "text": "adamantinoid"}])
    assert not {HIGHER, LOWER} & set(lines(made))
    assert [each.text for each in section(made, "diagnosis") if each.gap] == [
        "[PENDING: Class of the growth pattern – a growth pattern was entered in other words; enter its class yourself]"
    ]


def test_without_a_pattern_nothing_is_said_of_its_class(tmp_path: Path) -> None:
    for subtype in ("not further specified", {"result": "cannot be determined", "reason": "crushed"}):
        assert not any("risk" in line or "class" in line for line in lines(report(tmp_path, subtype=subtype)))


@pytest.mark.parametrize(
    ("deep", "peripheral", "said"),
    [("0.9 mm", "3 mm", "Deep margin close"), ("1 mm", "<1.0 mm", "Peripheral margin close"),
     ("0.1 mm", "0.9 mm", "Deep and peripheral margins close"), ("1.0 mm", "1 mm", "")],
)  # fmt: skip
def test_a_close_margin_is_told_where_the_laboratory_asks(
    deep: str, peripheral: str, said: str, tmp_path: Path
) -> None:
    made = report(tmp_path, margins__deep__distance=deep, margins__peripheral__distance=peripheral)
    assert [line for line in lines(made) if line.endswith(" close")] == ([said] if said else [])


@pytest.mark.parametrize(
    ("subtype", "codes"),
    [("nodular", "8097/3"), ("superficial", "8091/3"), (["superficial", "sclerosing"], "8092/3; ICD-O-3 8091/3"),
     ("basosquamous", "8094/3"), ("fibroepithelial", "8093/3"), ("not further specified", "8090/3")],
)  # fmt: skip
def test_the_code_follows_the_pattern(subtype: Any, codes: str, tmp_path: Path) -> None:
    made = report(tmp_path, "wording: {}", subtype=subtype)
    assert [each.text for each in section(made, "coding")] == [f"ICD-O-3 {codes}"]


def test_a_diagnosis_in_other_words_is_not_coded(tmp_path: Path) -> None:
    made = report(tmp_path, "wording: {}", override={"diagnosis": "Trichoblastoma"})
    assert not [each for each in made.sections if each.id == "coding"]
