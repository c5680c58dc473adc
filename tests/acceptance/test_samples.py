"""Each file of `samples/` with what it must come to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import reportgen
from reportgen import check, compose
from reportgen.findings import FindingsError
from reportgen.scenarios.said import section
from tests.acceptance.laws import violations
from tests.acceptance.support import SAMPLES, changed, open_names, read_data, recommendations, source

RE_EXCISION = "Re-excision is recommended to ensure complete removal and to exclude deeper soft tissue involvement."
COMPLETE_EXCISION = "Complete excision is recommended to assess the architecture and the depth of the neoplasm."
ENTITY = "Atypical intradermal smooth muscle neoplasm (see comment)"
SURFACE = "Surface of smooth muscle neoplasm (see comment)"


@dataclass(frozen=True)
class Sample:
    """What a sample's report says: header line and diagnosis lines of each part, what is recommended, what is open."""

    lines: tuple[str, ...]
    recommendation: str = ""
    gaps: tuple[str, ...] = ()
    advisories: tuple[str, ...] = ()


EXPECTED = {
    "shave-biopsy": Sample(("Skin, left distal forearm, shave biopsy:", SURFACE), RE_EXCISION),
    "punch-clear": Sample(
        (
            "Skin, midline upper back, punch biopsy:",
            ENTITY,
            "Deep edge uninvolved in the planes examined",
            "Peripheral edge uninvolved in the planes examined",
        ),
        COMPLETE_EXCISION,
        advisories=("note A3", "note A11"),
    ),
    "q1-biopsy": Sample(("Skin, arm, shave biopsy:", SURFACE), RE_EXCISION),
    "q1-excision": Sample(
        (
            "Skin, arm, excision:",
            f"Residual {ENTITY[:1].lower()}{ENTITY[1:]}",
            "Deep margin uninvolved, distance 3 mm",
            "Peripheral margin uninvolved, closest distance 5 mm",
        )
    ),
    "re-excision": Sample(
        (
            "Skin, left distal forearm, re-excision:",
            f"Residual {ENTITY[:1].lower()}{ENTITY[1:]}",
            "Deep margin involved",
            "Peripheral margin uninvolved, closest distance 4.05 mm",
        ),
        RE_EXCISION,
        advisories=("note A3",),
    ),
    "re-excision-clear": Sample(
        (
            "Skin, left distal forearm, re-excision:",
            "No residual neoplasm identified (prior case S26-01234: Surface of smooth muscle neoplasm)",
            "Dermal scar",
        )
    ),
    "three-parts": Sample(
        (
            "A. Left cheek, shave biopsy:",
            "Seborrheic keratosis, irritated",
            "B. Skin, right thigh, incisional biopsy:",
            SURFACE,
            "C. Midline upper back, shave biopsy:",
            "Compound melanocytic nevus with mild architectural disorder (see comment)",
            "Edges uninvolved in the planes examined",
        ),
        RE_EXCISION,
        gaps=("B. Caldesmon",),
        advisories=("note A3", "note A7", "note A13", "note A15"),
    ),
    "unfinished": Sample(
        ("Skin, right shoulder, shave biopsy:", "Surface of spindle cell neoplasm (see comment)"),
        RE_EXCISION,
        gaps=("Perineural invasion", "SMA", "Desmin", "S100"),
    ),
}
REFUSED = {"q2-metastatic": ("parts.A.A4", "parts.A.A5")}


def test_every_sample_is_expected_to_come_to_something() -> None:
    assert {path.stem for path in SAMPLES.glob("*.yaml")} == EXPECTED.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_sample_says(name: str) -> None:
    path, expected = SAMPLES / f"{name}.yaml", EXPECTED[name]
    checked, report = check(path), compose(path)
    assert checked.findings == ()
    assert tuple(each.text for each in section(report, "diagnosis")) == expected.lines
    assert [each.text for each in recommendations(report)] == [text for text in (expected.recommendation,) if text]
    assert tuple(open_names(report)) == expected.gaps
    raised = tuple(f"{each.level.value} {each.id}" for made in checked.assessments for each in made.advisories)
    assert raised == expected.advisories
    assert violations(report, read_data(path)) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_sample_names_its_stops(name: str) -> None:
    path = SAMPLES / f"{name}.yaml"
    with pytest.raises(FindingsError) as refused:
        compose(path)
    assert [(each.code, each.path) for each in refused.value.findings] == [("E301", stop) for stop in REFUSED[name]]


def test_the_refused_sample_is_composed_once_both_stops_are_acknowledged() -> None:
    data = changed(
        read_data(SAMPLES / "q2-metastatic.yaml"),
        {"acknowledge": {"A4": "seen with a colleague", "A5": "the nodules are known"}},
    )
    report = compose(source(data))
    assert open_names(report) == ["Diagnosis", "Interpretation", "Recommendation"]
    printed = "\n".join(report.reading_order())
    assert "High-grade appearance: seen with a colleague; Metastasis: the nodules are known." in printed


def test_a_sample_is_rendered_through_the_public_door() -> None:
    assert callable(reportgen.render)
