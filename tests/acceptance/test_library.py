"""The protocols of the library: their scenarios, the boundaries of their sources, and that each is proven and whole."""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import Any

import pytest

from reportgen import template_files
from reportgen.findings import Place
from reportgen.laboratory.own_protocols import FOLDER, SCENARIOS
from reportgen.proofs.prove import prove
from reportgen.protocols.load import load_protocol, protocol_ids, read_protocol
from reportgen.reading.readers import read_file
from reportgen.reading.source import Mapping, plain
from reportgen.scenarios.model import Scenario
from reportgen.scenarios.read import read_scenarios
from reportgen.scenarios.run import Runner, Tried
from reportgen.scenarios.said import advisories
from tests.acceptance.support import HERE

RUNNER = Runner()
BOUNDARIES = HERE / "boundaries.csv"


def _file(id: str) -> Mapping | None:
    path = template_files.folder() / FOLDER / id / SCENARIOS
    return read_file(path) if path.exists() else None


LIBRARY = tuple(id for id in protocol_ids() if _file(id) is not None)


@cache
def scenarios(id: str) -> tuple[Scenario, ...]:
    """The scenarios of a protocol."""
    source = _file(id)
    assert source is not None
    return tuple(read_scenarios(source, _no_other_case))


def _no_other_case(name: str, _: Place) -> Mapping:
    raise AssertionError(name)


@cache
def tried(scenario: Scenario) -> Tried:
    """What came of a scenario."""
    return RUNNER.run(scenario)


@pytest.mark.parametrize("id", protocol_ids())
def test_a_label_of_the_report_leaves_no_alternative_of_the_question_out(id: str) -> None:
    """Else "Regression: present" would be printed for dermal fibrosis, where both were asked in one."""
    elements = [slot.element for slot in load_protocol(id).slots.values()]
    assert elements
    for each in elements:
        asked = re.sub(r"\(.*\)", "", each.title)
        if " or " in asked and "{{" not in each.name:  # a label with "{{" names the one that applies
            assert " or " in each.name, each.id


@pytest.mark.parametrize("id", LIBRARY)
def test_every_scenario_is_as_expected(id: str) -> None:
    failures = [each.as_line(show_values=True) for one in scenarios(id) for each in tried(one).failures]
    assert failures == []
    bases = {one.base.case.place: one.base for one in scenarios(id) if one.base}
    assert [each for base in bases.values() for each in RUNNER.base_failures(base)] == []


@pytest.mark.parametrize("id", LIBRARY)
def test_the_protocol_is_proven(id: str) -> None:
    proof = prove(id)
    assert [fault.finding.as_line() for fault in proof.faults] == []
    assert proof.undecided == []


def _merged(id: str) -> dict[str, Any]:
    merged = plain(read_protocol(id))
    assert isinstance(merged, dict)
    return merged


FROM_FRAGMENTS = ("header", "diagnosis.stage", "diagnosis.nodes")  # their clauses are tried with the protocols before


@pytest.mark.parametrize("id", LIBRARY)
def test_every_clause_of_its_own_is_printed_by_some_scenario(id: str) -> None:
    said = {each.clause for one in scenarios(id) if (made := tried(one).report) for each in made.sentences()}
    own = read_file(template_files.folder() / FOLDER / id / "wording.yaml")
    known = {
        f"{part}.{statement['id']}.{clause['id']}"
        for part, statements in _plain(own).items()
        if part in ("diagnosis", "comment")
        for statement in statements
        if statement.get("on_request") != "true"
        for clause in statement["clauses"]
    }
    assert known - said == set()


@pytest.mark.parametrize("id", LIBRARY)
def test_every_advisory_of_its_own_is_raised_at_every_level(id: str) -> None:
    own = _plain(read_file(template_files.folder() / FOLDER / id / "protocol.yaml"))
    known = {(each["id"], level["level"]) for each in own.get("advisories", ()) for level in each["levels"]}
    raised = {
        (id, level)
        for one in scenarios(id)
        for id, levels in advisories(tried(one).checked).items()
        for level in levels
    }
    assert known - raised == set()


def _plain(source: Mapping) -> dict[str, Any]:
    data = plain(source)
    assert isinstance(data, dict)
    return data


def test_every_boundary_of_the_sources_is_a_scenario() -> None:
    with BOUNDARIES.open(encoding="utf-8", newline="") as file:
        rows = [(row["protocol"], row["inputs"]) for row in csv.DictReader(file)]
    tested = {
        (id, one.expected.about.removeprefix("boundary: "))
        for id in LIBRARY
        for one in scenarios(id)
        if one.expected.about.startswith("boundary: ")
    }
    assert {row for row in rows if row[0] in LIBRARY} == tested


@pytest.mark.parametrize("id", LIBRARY)
def test_it_waits_for_a_review(id: str) -> None:
    """Medicine that was not found in a readable source stays marked until a laboratory signs it."""
    assert load_protocol(id).protocol.review == "needed"
