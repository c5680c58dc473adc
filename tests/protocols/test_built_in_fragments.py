"""The built-in fragments: each is used or proven here; what no built-in protocol uses says what it must."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.findings import FindingsError
from reportgen.protocols.fragments import used
from reportgen.protocols.load import load_protocol, protocol_ids
from reportgen.reading.readers import read_file
from reportgen.reading.source import plain
from reportgen.reports.compose import Options
from reportgen.reports.model import Report
from tests.support.toy import BUILT_IN, Templates, toy_findings, toy_report

FRAGMENTS = sorted((BUILT_IN / "protocols" / "fragments").glob("*.yaml"))
PROVEN_HERE: tuple[str, ...] = ()
KNOWLEDGE = """\
id: toy
version: "1"
title: Toy
summary: A tumor with two components, staged by its size.
use: [skin-specimen, laterality, size, margins-two-components, staging]
change: {elements: {size: {status: conditional, required_when: excision}}, wording: {diagnosis: {order: [headline]}}}
sources: {book: {title: A book}}
codes:
  - {system: ICD-O-3, code: 8000/3, meaning: Invasive, when: "margins.components in ['both', 'invasive only']"}
  - {system: ICD-O-3, code: 8000/2, meaning: In situ, when: margins.components == 'in situ only'}
facts:
  - {id: staged, when: size <= 20 or size > 20}
"""
WORDING = """\
terms:
  - id: pt
    clauses:
      - {id: T1, when: size <= 20, say: pT1}
      - {id: T2, when: size > 20, say: pT2}
diagnosis:
  - id: headline
    title: Diagnosis
    clauses: [{id: plain, when: site is answered, say: Toy tumor, source: {book: p1}}]
comment:
  - id: components
    title: Components
    clauses:
      - {id: named, when: margins.components is answered, say: It is a toy tumor., coded: true, source: {book: p1}}
"""
CLEAR = {"result": "uninvolved", "distance": "2 mm"}
BOTH = {
    "components": "both",
    "invasive": {"deep": CLEAR, "peripheral": CLEAR},
    "in_situ": {"deep": CLEAR, "peripheral": CLEAR},
}
STAGING = {"system": "UICC 8", "setting": "initial"}
LESION = {"procedure": "excision", "laterality": "left", "size": "20 mm", "margins": BOTH, "staging": STAGING}


@pytest.fixture
def toy(templates: Templates) -> Templates:
    shutil.copytree(BUILT_IN / "protocols" / "fragments", templates.folder / "protocols" / "fragments")
    folder = templates.folder / "protocols" / "toy"
    folder.mkdir()
    (folder / "protocol.yaml").write_text(KNOWLEDGE, encoding="utf-8")
    (folder / "wording.yaml").write_text(WORDING, encoding="utf-8")
    return templates


def lines(report: Report) -> list[str]:
    """The lines of the diagnosis, but for the header."""
    return [each.text for each in report.sentences() if each.clause.startswith("diagnosis.")]


def diagnosis(**answers: Any) -> list[str]:
    return lines(toy_report({**LESION, **answers}))[1:]


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_each_is_used_by_a_built_in_protocol_or_proven_here(path: Path) -> None:
    in_use = {id for each in protocol_ids() for id in used(read_file(BUILT_IN / "protocols" / each / "protocol.yaml"))}
    assert (path.stem in in_use) != (path.stem in PROVEN_HERE)


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_each_says_what_it_is_in_few_lines_and_names_no_diagnosis(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) < 250
    assert not any(word in text.casefold() for word in ("smooth muscle", "aismn", "sarcoma", "carcinoma", "melanoma"))
    said: Any = plain(read_file(path))
    assert set(said["sources"]) <= {"convention", "icdo", "clearance", "stages"}
    assert set(said.get("answer_keys", ())) <= set(_answers_with_keys(said.get("sections")))


def _answers_with_keys(node: Any) -> Iterator[str]:
    """The answers that a key can pick: the choices, "other", and "cannot be determined" of a choice."""
    if isinstance(node, list):
        for each in node:
            yield from _answers_with_keys(each)
    elif isinstance(node, dict):
        for choice in node.get("choices") or node.get("results") or ():
            yield choice["id"]
        if node.get("kind") == "choice":
            yield from ("other", node.get("undetermined", ""))
        for each in node.values():
            yield from _answers_with_keys(each)


def test_the_margins_of_each_component_are_told_for_themselves(toy: Templates) -> None:
    load_protocol("toy", recheck=True)
    involved = {"result": "involved", "location": "3 o'clock"}
    margins = {**BOTH, "in_situ": {"deep": CLEAR, "peripheral": involved}}
    assert diagnosis(margins=margins)[:4] == [
        "Invasive component: deep margin uninvolved, distance 2 mm",
        "Invasive component: peripheral margin uninvolved, closest distance 2 mm",
        "In situ component: deep margin uninvolved, distance 2 mm",
        "In situ component: peripheral margin involved (3 o'clock)",
    ]


def test_of_a_component_that_is_not_there_nothing_is_said(toy: Templates) -> None:
    only = {"components": "in situ only", "in_situ": BOTH["in_situ"]}
    said = diagnosis(margins=only)
    assert len(said) == 3
    assert not any("Invasive" in line for line in said)
    refused = toy_findings({**LESION, "margins": {**only, "invasive": BOTH["invasive"]}})
    assert {finding.path for finding in refused} == {
        "parts.A.margins.invasive.deep",
        "parts.A.margins.invasive.peripheral",
    }


@pytest.mark.parametrize(
    ("edge", "line"),
    [
        ({"result": "cannot be assessed", "reason": "cut"}, "Invasive component: deep margin cannot be assessed (cut)"),
        ({"result": "other", "text": "near the ink"}, "Invasive component, deep margin: near the ink"),
        ("involved", "Invasive component: deep margin involved"),
        ("uninvolved", "[PENDING: Invasive component, deep clearance – waiting for Distance]"),
    ],
)  # fmt: skip
def test_every_answer_about_a_margin_has_its_line(edge: Any, line: str, toy: Templates) -> None:
    margins = {**BOTH, "invasive": {"deep": edge, "peripheral": CLEAR}}
    assert diagnosis(margins=margins)[0] == line


def test_a_biopsy_has_edges_in_the_planes_examined(toy: Templates) -> None:
    edge = {"deep": "uninvolved", "peripheral": "involved"}
    said = diagnosis(procedure="shave biopsy", margins={"components": "invasive only", "invasive": edge})
    assert said[:2] == [
        "Invasive component: deep edge uninvolved in the planes examined",
        "Invasive component: peripheral edge involved",
    ]


def test_a_margin_at_no_distance_is_a_contradiction(toy: Templates) -> None:
    touching = {"deep": {"result": "uninvolved", "distance": "0 mm"}, "peripheral": CLEAR}
    (finding,) = toy_findings({**LESION, "margins": {**BOTH, "in_situ": touching}})
    assert finding.message.startswith("a margin at a distance of 0 mm is involved")


@pytest.mark.parametrize(
    ("size", "staging", "line"),
    [
        ("20 mm", STAGING, "pT1 (UICC 8)"),
        ("20.1 mm", STAGING, "pT2 (UICC 8)"),
        ("2.1 cm", {"system": "AJCC 8", "setting": "recurrence"}, "rpT2 (AJCC 8)"),
        ("5 mm", {"system": "UICC 9", "setting": "after treatment"}, "ypT1 (UICC 9)"),
        (None, STAGING, "[PENDING: Stage – waiting for Tumor size]"),
        ("5 mm", {"system": "UICC 8"}, "[PENDING: Stage – waiting for Staged at]"),
    ],
)
def test_a_stage_is_that_of_its_edition_and_waits_for_what_it_rests_on(
    size: str | None, staging: dict[str, str], line: str, toy: Templates
) -> None:
    assert diagnosis(size=size, staging=staging)[-1] == line


def test_a_stage_that_cannot_be_settled_is_a_gap_and_never_missing(toy: Templates) -> None:
    for size in (">=10 mm", {"result": "cannot be determined", "reason": "fragmented"}):
        (gap,) = [
            each for each in toy_report({**LESION, "size": size}).sentences() if each.clause == "diagnosis.stage.open"
        ]
        assert gap.gap


@pytest.mark.parametrize("staging", [{"system": "none"}, {}])
def test_without_a_staging_system_no_stage_is_said(staging: dict[str, str], toy: Templates) -> None:
    assert not any("pT" in line or "Stage" in line for line in diagnosis(staging=staging))
    for answer in ({"setting": "initial"}, {"nodes": "pN0"}):
        (finding,) = toy_findings({**LESION, "staging": {**staging, **answer}})
        assert finding.path == f"parts.A.staging.{next(iter(answer))}"


def test_nodes_are_printed_as_they_were_entered(toy: Templates) -> None:
    assert diagnosis(staging={**STAGING, "nodes": "pN1a"})[-1] == "pN1a (UICC 8)"


def test_a_code_is_printed_only_where_its_condition_holds(toy: Templates) -> None:
    def codes(margins: Any) -> list[str]:
        report = toy_report({**LESION, "margins": margins}, options=Options(coding=True))
        return [each.text for each in report.sentences() if each.clause == "coding"]

    assert codes(BOTH) == ["ICD-O-3 8000/3"]
    assert codes({"components": "in situ only", "in_situ": BOTH["in_situ"]}) == ["ICD-O-3 8000/2"]


def test_a_code_with_a_condition_that_is_none_is_refused(toy: Templates) -> None:
    path = toy.folder / "protocols" / "toy" / "protocol.yaml"
    path.write_text(
        KNOWLEDGE.replace("margins.components == 'in situ only'", "margins.components == 'insitu'"), encoding="utf-8"
    )
    with pytest.raises(FindingsError, match="T407"):
        load_protocol("toy")
