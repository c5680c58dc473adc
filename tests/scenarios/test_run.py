"""Reports held to what scenarios expect: each failure says what was expected, what the report says, and where."""

from __future__ import annotations

from functools import cache

import pytest

from reportgen.findings import Place
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping
from reportgen.scenarios.model import Base
from reportgen.scenarios.read import read_scenarios
from reportgen.scenarios.run import Runner, Tried
from tests.acceptance.scenarios import case_of

RUNNER = Runner()


def tried(scenario: str, base: str = "general") -> Tried:
    text = f"base: {base}\nscenarios:\n  - {{name: tried, {scenario}}}\n"
    (made,) = read_scenarios(read_text(text, name="s.yaml"), _case)
    return RUNNER.run(made)


@cache
def _case(name: str, place: Place) -> Mapping:
    return case_of(name)


@pytest.mark.parametrize(
    "scenario",
    [
        "diagnosis: [Seborrheic keratosis (see comment), Edges uninvolved]",
        "comment: [Levels were examined., Clinical correlation is advised.]",
        'header: "Left cheek, shave biopsy:", never: [carcinoma], says: [Edges uninvolved]',
        "change: {diagnosis: }, gaps: [Diagnosis]",
        "change: {laterality: lefft}, findings: [{code: E103, path: parts.A.laterality}]",
    ],
)
def test_a_report_as_expected_fails_in_nothing(scenario: str) -> None:
    assert tried(scenario).failures == ()


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        ("says: [Edges uninvolved., x]", 'tried › says: the report does not say "Edges uninvolved."; the '
         'nearest that it says is "Edges uninvolved" (correct the protocol; or correct the scenario'),
        ("never: [Levels]", '"Levels" must not be said; the report says "Levels were examined."'),
        ("diagnosis: [Seborrheic keratosis (see comment)]", 'the report also says "Edges uninvolved"'),
        ("comment: [Levels were examined.]", 'the report also says "Clinical correlation is advised."'),
        ("comment: [Levels., Clinical correlation is advised.]",
         '"Levels." is expected; the report says "Levels were examined."'),
        ("header: 'Cheek:'", '"Cheek:" is expected; the report says "Left cheek, shave biopsy:"'),
        ("gaps: [Margin]", '"Margin" is expected; the report does not say it'),
        ("change: {diagnosis: }, says: []", 'tried › gaps: the report also says "Diagnosis"'),
        ("clauses: {comment.none: x}", "T402 tried › clauses: is not a statement of the protocol"),
        ("pairs: {Sight: x}", 'the synopsis has no "Sight"'),
        ("criteria: {K: met}", "T402 tried › criteria: the protocol has no K"),
        ("change: {laterality: lefft}, says: []",
         'the case is refused: E103 parts.A.laterality: is not an answer (did you mean "left"?)'),
        ("change: {latrality: left}, says: []",
         'E101 parts.A.latrality: is not known here (did you mean "laterality"?)'),
        ("findings: [{code: E103, path: parts.A.laterality}]", "E103 parts.A.laterality is expected and not found"),
    ],
)  # fmt: skip
def test_a_failure_says_what_was_expected_and_what_is_said(scenario: str, says: str) -> None:
    failure = tried(scenario).failures[0]
    assert says in failure.as_line()
    assert (failure.place.file, failure.place.line) == ("s.yaml", 3)


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        ("change: {mitoses: 6 per 10 HPF}, says: []", "A3: nothing is expected; note is raised"),
        ("change: {mitoses: 6 per 10 HPF}, advisories: {A3: warning}", "A3: warning is expected; note is raised"),
        ("advisories: {A99: note}", "T402 tried › advisories: the protocol has no A99"),
        ("silenced: [A3]", "A3 is not raised before the change (remove it)"),
        ("criteria: {subcutis: met}", "subcutis is unknown; met is expected"),
        ("clauses: {comment.recommendation: gap}", "gap is expected; what speaks is re_excision"),
        ("pairs: {Growth pattern: x}", 'Growth pattern: "x" is expected; the synopsis says "'),
        ("change: {growth: other}, findings: [{code: E301, path: parts.A.A1}]", "E301 parts.A.A1 is expected and not"),
    ],
)  # fmt: skip
def test_what_is_judged_is_held_to_the_scenario_too(scenario: str, says: str) -> None:
    failures = [each.as_line() for each in tried(scenario, "shave-biopsy").failures]
    assert [line for line in failures if says in line], failures


def test_the_advisories_of_the_unchanged_case_are_those_that_are_told() -> None:
    case = case_of("re-excision")
    assert list(RUNNER.base_failures(Base("", case, {"A3": {"note"}}))) == []
    (failure,) = RUNNER.base_failures(Base("", case, {}))
    assert failure.message == "A3: nothing is expected; note is raised"
    assert list(RUNNER.base_failures(Base("", case))) == []


def test_an_advisory_of_the_unchanged_case_need_not_be_told_again() -> None:
    assert tried("says: []", "re-excision").failures == ()
    assert tried("change: {mitoses: 1 per 10 HPF}, silenced: [A3]", "re-excision").failures == ()
    (failure,) = tried("change: {mitoses: 1 per 10 HPF}, says: []", "re-excision").failures
    assert failure.hint == "list it under `silenced` if the change silences it"
