"""Scenario files: what they may say, and what is wrong with one that cannot be followed."""

from __future__ import annotations

from textwrap import dedent

import pytest

from reportgen.findings import Finding, Place
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping, plain
from reportgen.scenarios.model import Scenario
from reportgen.scenarios.read import read_scenarios
from tests.support.labs import refused

GOOD = """
case: {protocol: toy, parts: [{label: A, size: 3 mm}]}
scenarios:
  - {name: as it is, gaps: []}
  - {name: larger, change: {size: 4 mm}, says: [Large.], advisories: {A1: note, A2: [note, possibly]}}
  - {name: whole, case: {protocol: other, parts: []}, comment: []}
  - {name: named, base: elsewhere, never: [Small]}
"""


def case_of(name: str, place: Place) -> Mapping:
    return read_text(f"{{protocol: {name}, parts: []}}", name="named.yaml")


def read(text: str) -> tuple[Scenario, ...]:
    return read_scenarios(read_text(dedent(text), name="s.yaml"), case_of)


def found(text: str) -> list[Finding]:
    return list(refused(lambda: read(text)))


def test_a_scenario_has_a_case_of_its_own_or_changes_one() -> None:
    made = read(GOOD)
    assert [each.name for each in made] == ["as it is", "larger", "whole", "named"]
    assert [list(each.protocols()) for each in made] == [["toy"], ["toy"], ["other"], ["elsewhere"]]
    assert plain(made[1].case) == {"protocol": "toy", "parts": [{"label": "A", "size": "4 mm"}]}
    assert [each.base.name if each.base else None for each in made] == ["", "", None, "elsewhere"]
    assert made[0].base is made[1].base
    assert made[1].expected.advisories == {"A1": ("note",), "A2": ("note", "possibly")}


def test_a_file_may_name_the_case_of_all_its_scenarios() -> None:
    (made,) = read("{base: elsewhere, scenarios: [{name: x, change: {case.accession: S1}, gaps: []}]}")
    assert plain(made.case) == {"protocol": "elsewhere", "parts": [], "accession": "S1"}


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "says"),
    [
        ("says: [Large.]", "sayz: [Large.]", 5, "T401", "scenarios › larger › sayz: is not known here"),
        ("says: [Large.]", "says: Large.", 5, "T401", "scenarios › larger › says: must be a list"),
        ("says: [Large.]", "says: ['']", 5, "T401", "scenarios › larger › says › 1:"),
        ("says: [Large.]", "says: ", 5, "T401", "says: has no value (write [] if nothing is expected there"),
        ("A1: note", "A1: severe", 5, "T401",  "larger › advisories › A1: must be 'note', 'warning', 'stop' or"),
        ("name: larger", "name: as it is", 5, "T404", "is the name of two scenarios, first at s.yaml:4:6"),
        ("name: larger, ", "", 5, "T401", "scenarios › 2 › name: is missing"),
        ("never: [Small]", "about: why", 7, "T401", "named: expects nothing (say what the report must say"),
        ("name: whole,", "name: whole, base: x,", 6, "T401", "whole: has a whole case and changes another"),
        ("{size: 4 mm}", "{size.deep: 4 mm}", 5, "T402", "size.deep: size has an answer without details"),
        ("never: [Small]", "findings: [{code: E0103, path: x}]", 7, "T402", "E0103: there is no such finding"),
        ("never: [Small]", "never: [x], findings: [{code: E103, path: x}]", 7, "T401",
         "named: expects words of a report that is refused (remove never, or the finding)"),
        ("never: [Small]", "findings: [{path: x}]", 7, "T401", "findings › 1 › code: is missing"),
        ("case: {protocol: toy, parts: [{label: A, size: 3 mm}]}", "about: x", 4, "T401", "as it is: has no case"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_with_its_place(old: str, new: str, line: int, code: str, says: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    finding = found(text)[0]
    assert (finding.code, finding.place.line) == (code, line)
    assert says in finding.as_line()


@pytest.mark.parametrize("text", ["scenarios: []", "{about: x, case: {parts: []}}", "scenarios: ", "scenarios: x"])
def test_a_file_without_scenarios_is_refused(text: str) -> None:
    assert [(each.code, each.path) for each in found(text)] == [("T401", "scenarios")]


def test_everything_is_found_at_once() -> None:
    text = GOOD.replace("name: larger", "name: as it is").replace("never: [Small]", "about: why")
    assert [each.code for each in found(text)] == ["T404", "T401"]
