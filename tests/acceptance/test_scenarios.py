"""Every scenario file, line by line; and that the files together leave no clause, advisory or contradiction untried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from reportgen.protocols.load import read_protocol
from reportgen.reading.source import plain
from reportgen.scenarios.model import Base
from reportgen.scenarios.said import advisories
from tests.acceptance.laws import shares, violations
from tests.acceptance.scenarios import RUNNER, Told, case_of, scenarios
from tests.acceptance.support import HERE, read_data

PROTOCOLS = ("aismn", "general")
BASES = read_data(HERE / "cases/advisories.yaml")  # base → id → levels; a base that is not listed raises none
LEFT_OPEN_BY_NUMBERS = {"A3", "A6"}

each_of_all = pytest.mark.parametrize("told", scenarios(), ids=str)
composed = [each for each in scenarios() if not each.scenario.expected.is_refused]


@each_of_all
def test_it_is_as_expected_and_keeps_the_laws(told: Told) -> None:
    assert [each.as_line(show_values=True) for each in told.tried.failures] == []
    if told.tried.report is not None:
        assert violations(told.report, told.data) == []


@pytest.mark.parametrize("name", sorted({each.scenario.base.name for each in scenarios() if each.scenario.base}))
def test_advisories_of_the_bases(name: str) -> None:
    wanted = {id: set(levels) for id, levels in BASES.get(name, {}).items()}
    assert list(RUNNER.base_failures(Base(name, case_of(name), wanted))) == []


def _wording(protocol: str) -> Iterator[str]:
    """The full ids of all clauses of a protocol that can be printed, from its files and those of its fragments."""
    wording = _merged(protocol)["wording"]
    yield from (f"{protocol}: header.{clause['id']}" for clause in wording["header"]["clauses"])
    for part in ("diagnosis", "comment"):
        for statement in wording[part]:
            if statement.get("on_request") == "true":
                continue  # printed for a laboratory alone: see test_academic.py
            yield from (f"{protocol}: {part}.{statement['id']}.{clause['id']}" for clause in statement["clauses"])


def _protocol(told: Told) -> str:
    """The protocol of the scenario's first part."""
    return str(told.data["parts"][0].get("protocol") or told.data["protocol"])


def _printed() -> Iterator[str]:
    """The clauses printed by the scenarios."""
    for told in composed:
        for share in shares(told.report, told.data):
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
    raised = {
        (id, level) for each in scenarios() for id, levels in advisories(each.tried.checked).items() for level in levels
    }
    assert {pair for pair in raised if pair[1] != "possibly"} == levels
    assert {id for id, level in raised if level == "possibly"} == LEFT_OPEN_BY_NUMBERS


def test_every_advisory_is_told_by_the_words_of_its_condition() -> None:
    """Two levels of one name (A3: above 20, above 28) are told apart by what they say."""
    found = [made for each in scenarios() for part in each.tried.checked.assessments for made in part.advisories]
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
        messages = [finding.message for each in refused for finding in each.tried.checked.errors]
        for contradiction in _knowledge(protocol, "contradictions"):
            found = any(message.startswith(contradiction["say"]) for message in messages)
            assert found, f"{protocol}: {contradiction['id']}"


def test_every_criterion_is_seen_in_every_state() -> None:
    seen = [made for each in scenarios() for part in each.tried.checked.assessments for made in part.criteria]
    every = product((each["id"] for each in _knowledge("aismn", "criteria")), ("met", "unmet", "unknown"))
    assert {(made.id, made.state) for made in seen} == set(every)
