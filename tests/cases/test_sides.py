"""The container, the site, the laterality and the topography against each other."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.pipeline import check
from tests.support.toy import source_of

GENERAL = {"protocol": "general", "procedure": "punch biopsy", "diagnosis": "Nevus."}


def found(part: dict[str, Any]) -> list[tuple[str, str]]:
    case = {
        "accession": "S26-1",
        "patient": {"name": "Invented, Ida"},
        "parts": [{"label": "A", **GENERAL, **part}],
    }
    return [(each.code, each.path.removeprefix("parts.A.")) for each in check(source_of(case)).findings]


@pytest.mark.parametrize(
    ("received_as", "stops"),
    [
        ("right thigh", ["A25", "A26"]),
        ("right arm", ["A25"]),
        ("Rt forearm", ["A25"]),
        ("(R) forearm", ["A25"]),
        ("left thigh", ["A26"]),
        ("left arm", []),
        ("L forearm", []),
        ("lesion", []),
        ("R/O melanoma", []),
        ("wrist, left", []),
        ("scalp", ["A26"]),
    ],
)
@pytest.mark.parametrize("protocol", ["general", "aismn"])
def test_a_container_of_another_side_or_region_stops(protocol: str, received_as: str, stops: list[str]) -> None:
    part = {"site": "left distal forearm", "laterality": "left", "received_as": received_as}
    own = {"protocol": protocol, **({"diagnosis": None, "procedure": "shave biopsy"} if protocol == "aismn" else {})}
    part |= {key: value for key, value in own.items() if value}
    case = {**GENERAL, **part}
    if protocol == "aismn":
        case.pop("diagnosis")
    data = {"accession": "S26-1", "patient": {"name": "Invented, Ida"}, "parts": [{"label": "A", **case}]}
    raised = [each.path.removeprefix("parts.A.") for each in check(source_of(data)).findings if each.code == "E301"]
    assert raised == stops


@pytest.mark.parametrize(
    ("received_as", "codes"),
    [
        ("lesion R", ["W307"]),
        ("Specimen R: skin", ["W307"]),
        ('container "R"', ["W307"]),
        ("lesion L", []),
        ("lesion Q", []),
        ("lesion R arm", ["E301"]),
        ("lesion R, right arm", ["E301"]),
        ("Lesion R, left arm", []),
        ("lesion Rt", ["E301"]),
        ("lesion, R", ["E301"]),
        ("R", ["E301"]),
    ],
)
def test_the_letter_of_a_container_is_doubted_and_does_not_stop(received_as: str, codes: list[str]) -> None:
    part = {"site": "left distal forearm", "laterality": "left", "received_as": received_as}
    assert [code for code, _ in found(part)] == codes


def test_a_stop_is_acknowledged_by_its_id() -> None:
    part = {"site": "left forearm", "laterality": "left", "received_as": "right forearm"}
    assert ("E301", "A25") in found(part)
    assert not found({**part, "acknowledge": {"A25": "clarified with the submitter"}})


@pytest.mark.parametrize(
    ("site", "laterality", "code"),
    [
        ("thigh", "midline", "W307"),
        ("upper back", "midline", ""),
        ("both arms, bilateral", "left", "W307"),
        ("left arm", "not specified", "W307"),
        ("arm", "not specified", ""),
        ("R forearm", "left", "W307"),
        ("L forearm", "left", ""),
        ("left arm", "right", "E201"),
        ("back, left of midline", "left", ""),
        ("lateral L5 region", "right", ""),
    ],
)
def test_a_site_against_the_laterality(site: str, laterality: str, code: str) -> None:
    assert [each for each, _ in found({"site": site, "laterality": laterality})] == ([code] if code else [])
