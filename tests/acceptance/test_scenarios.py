"""Every scenario file, line by line; and that the files together leave no clause, advisory or contradiction untried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from reportgen.protocols.load import read_protocol
from reportgen.reading.source import plain
from reportgen.reports.model import Pairs, Report
from tests.acceptance.laws import shares, violations
from tests.acceptance.scenarios import Scenario, advisories, finding_fits, raised_by, scenarios
from tests.acceptance.support import HERE, read_data, section

pytestmark = pytest.mark.usefixtures("held_templates")

PROTOCOLS = ("aismn", "general")
BASES = read_data(HERE / "cases/advisories.yaml")  # base → id → levels; a base that is not listed raises none
LEFT_OPEN_BY_NUMBERS = {"A3", "A6"}

each_of_all = pytest.mark.parametrize("scenario", scenarios(), ids=str)
composed = pytest.mark.parametrize("scenario", [each for each in scenarios() if not each.refused], ids=str)


@each_of_all
def test_findings(scenario: Scenario) -> None:
    findings = scenario.checked.findings
    unexpected = [each.as_line() for each in findings if not any(finding_fits(each, one) for one in scenario.findings)]
    missed = [one for one in scenario.findings if not any(finding_fits(each, one) for each in findings)]
    assert (unexpected, missed) == ([], [])
    assert bool(scenario.checked.errors) is scenario.refused


@each_of_all
def test_advisories(scenario: Scenario) -> None:
    """A case whose entries are refused is not assessed."""
    wanted = scenario.raised if scenario.checked.assessments else {}
    assert advisories(scenario.checked) == wanted


@pytest.mark.parametrize("name", sorted({each.base for each in scenarios() if not each.case}))
def test_advisories_of_the_bases(name: str) -> None:
    wanted = {id: set(levels) for id, levels in BASES.get(name, {}).items()}
    assert raised_by(name) == wanted


@composed
def test_diagnosis_and_comment(scenario: Scenario) -> None:
    header, *lines = [sentence.text for sentence in section(scenario.report, "diagnosis")]
    comment = [sentence.text for sentence in section(scenario.report, "comment")]
    if scenario.header:
        assert header == scenario.header
    if scenario.diagnosis is not None:
        assert lines == scenario.diagnosis
    if scenario.comment is not None:
        assert comment == scenario.comment
    assert [words for words in scenario.says if words not in (header, *lines, *comment)] == []
    assert [words for words in scenario.never if any(words in text for text in (header, *lines, *comment))] == []


@composed
def test_recommendation(scenario: Scenario) -> None:
    if scenario.recommendation:
        comment = section(scenario.report, "comment")
        found = [each for each in comment if each.clause.startswith("comment.recommendation.")]
        ids = ["gap" if each.gap else each.clause.rpartition(".")[2] for each in found] or ["none"]
        assert ids == [scenario.recommendation.replace("own words", "override")]


@composed
def test_gaps_and_synopsis(scenario: Scenario) -> None:
    notices = [notice.text for notice in scenario.report.notices if notice.tone == "gap"]
    count = len(scenario.gaps)
    wanted = f"{count} item{'s are' if count > 1 else ' is'} open: {'; '.join(scenario.gaps)}."
    assert notices == ([wanted] if scenario.gaps else [])
    pairs = dict(_synopsis(scenario.report))
    assert {label: pairs.get(label) for label in scenario.pairs} == scenario.pairs
    states = {each.id: each.state for made in scenario.checked.assessments for each in made.criteria}
    assert {id: states.get(id) for id in scenario.criteria} == scenario.criteria


@composed
def test_laws_of_every_report(scenario: Scenario) -> None:
    assert violations(scenario.report, scenario.data) == []


def _synopsis(report: Report) -> Iterator[tuple[str, str]]:
    """Label and answer; what hangs below another is called by both: `Deep margin, Distance`."""
    for block in report.blocks():
        above = ""
        for pair in block.pairs if isinstance(block, Pairs) else ():
            above = above if pair.depth else pair.label
            yield f"{above}, {pair.label}" if pair.depth else pair.label, pair.text


def _wording(protocol: str) -> Iterator[str]:
    """The full ids of all clauses of a protocol that can be printed, from its files and those of its fragments."""
    wording = _merged(protocol)["wording"]
    yield from (f"{protocol}: header.{clause['id']}" for clause in wording["header"]["clauses"])
    for part in ("diagnosis", "comment"):
        for statement in wording[part]:
            if statement.get("on_request") == "true":
                continue  # printed for a laboratory alone: see test_academic.py
            yield from (f"{protocol}: {part}.{statement['id']}.{clause['id']}" for clause in statement["clauses"])


def _protocol(scenario: Scenario) -> str:
    """The protocol of the scenario's first part."""
    return str(scenario.data["parts"][0].get("protocol") or scenario.data["protocol"])


def _printed() -> Iterator[str]:
    """The clauses printed by the scenarios."""
    for scenario in scenarios():
        for share in () if scenario.refused else shares(scenario.report, scenario.data):
            yield from (f"{share.protocol}: {each.clause}" for each in (*share.diagnosis, *share.comment))


def _knowledge(protocol: str, key: str) -> list[dict[str, Any]]:
    return list(_merged(protocol).get(key, ()))


def _merged(protocol: str) -> dict[str, Any]:
    """The protocol with what its fragments bring."""
    merged = plain(read_protocol(protocol))
    assert isinstance(merged, dict)
    return merged


def test_every_clause_is_printed_by_some_scenario() -> None:
    printed = {id for id in _printed() if not id.endswith((".pending", ".own_words", ".override", " comment.missing"))}
    assert printed == {id for protocol in PROTOCOLS for id in _wording(protocol)}


def test_every_advisory_is_raised_at_every_level() -> None:
    levels = {(each["id"], level["level"]) for each in _knowledge("aismn", "advisories") for level in each["levels"]}
    levels |= {("A24", level) for level in ("note", "warning", "stop")}  # at the level of what it could not judge
    raised = {(id, level) for each in scenarios() for id, levels in each.raised.items() for level in levels}
    assert {pair for pair in raised if pair[1] != "possibly"} == levels
    assert {id for id, level in raised if level == "possibly"} == LEFT_OPEN_BY_NUMBERS


def test_every_advisory_is_told_by_the_words_of_its_condition() -> None:
    """Two levels of one name (A3: above 20, above 28) are told apart by what they say."""
    found = [made for each in scenarios() for part in each.checked.assessments for made in part.advisories]
    raised = [made for made in found if made.id != "A24"]
    known = [(each["id"], level["say"]) for each in _knowledge("aismn", "advisories") for level in each["levels"]]
    numbers = {each["id"]: str(each["number"]) for each in _knowledge("aismn", "thresholds")}
    filled = [(id, re.sub(r"{{ thresholds\.(\w+) }}", lambda found: numbers[found[1]], say)) for id, say in known]
    assert {(made.id, _plain(made.say)) for made in raised} == {(id, _plain(words)) for id, words in filled}


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_every_contradiction_is_refused_by_some_scenario() -> None:
    for protocol in PROTOCOLS:
        refused = [each for each in scenarios() if _protocol(each) == protocol]
        messages = [finding.message for each in refused for finding in each.checked.errors]
        for contradiction in _knowledge(protocol, "contradictions"):
            found = any(message.startswith(contradiction["say"]) for message in messages)
            assert found, f"{protocol}: {contradiction['id']}"


def test_every_criterion_is_seen_in_every_state() -> None:
    seen = [made for each in scenarios() for part in each.checked.assessments for made in part.criteria]
    every = product((each["id"] for each in _knowledge("aismn", "criteria")), ("met", "unmet", "unknown"))
    assert {(made.id, made.state) for made in seen} == set(every)
