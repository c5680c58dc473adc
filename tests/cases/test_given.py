"""A macro and a profile answer what was not entered, and nothing else; what they answered can be told from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.validate import Validation, validate
from reportgen.laboratory.model import Laboratory
from tests.support.labs import protocol_lab
from tests.support.toy import Templates, codes, source_of, toy_case, toy_data, toy_findings, toy_report

FORM = """\
- {id: kind, kind: choice, title: Kind, source: {book: p}, choices: [{id: wart}, {id: tag}],
    followups: [{id: form, kind: choice, title: Form, under: [wart], choices: [{id: flat}, {id: tall}]},
      {id: size, kind: quantity, title: Size, unit: mm}]}
- {id: many, aliases: [several], kind: choice, multiple: true, title: Many, source: {book: p}, choices: [{id: m}, {id: n}]}
- id: margins
  kind: group
  title: Margins
  source: {book: p}
  elements: [{id: deep, kind: choice, title: Deep, choices: [{id: reached}, {id: clear}]}]
- {id: edge, kind: choice, title: Edge, applies_when: "kind == 'wart'", source: {book: p}, choices: [{id: open}, {id: shut}]}
"""  # noqa: E501
MACROS = """\
macros:
  - id: w
    title: Wart
    answers: {kind.form: flat, kind: wart, many: [m, n], margins.deep: clear, edge: open}
    source: {book: p}
"""
ALL = {"kind": "wart", "kind.form": "flat", "many": "m n", "margins.deep": "clear", "edge": "open"}


@pytest.fixture
def toy(templates: Templates) -> Templates:
    templates.write(FORM, extra=MACROS)
    return templates


def answers(*parts: dict[str, Any], part: int = 0) -> dict[str, str]:
    """Each answer of a part; with a star, one that a macro gave."""
    found = toy_case(*parts).parts[part].answers
    told = {}
    for path, each in found.items():
        picks = getattr(each.value, "picks", ())
        text = " ".join(pick.id for pick in picks) or str(getattr(each.value, "quantity", ""))
        told[path] = text + "*" * bool(each.by)
    return {path: text for path, text in told.items() if path not in ("site", "macro")}


def starred(**entered: str) -> dict[str, str]:
    return {path: f"{text}*" for path, text in ALL.items()} | {
        path.replace("__", "."): each for path, each in entered.items()
    }


def without(found: dict[str, str], *paths: str) -> dict[str, str]:
    return {path: text for path, text in found.items() if path not in paths}


@pytest.mark.usefixtures("toy")
def test_it_answers_everything_that_was_not_entered() -> None:
    assert answers({"macro": "w"}) == starred()
    assert answers({"macro": "W", "kind": "", "margins": None, "many": []}) == starred()
    assert answers({}) == {}


@pytest.mark.usefixtures("toy")
def test_what_was_entered_counts_with_all_its_details() -> None:
    assert answers({"macro": "w", "margins": {"deep": "reached"}}) == starred(margins__deep="reached")
    assert answers({"macro": "w", "several": "n"}) == starred(many="n")
    assert answers({"macro": "w", "kind": "wart"}) == without(starred(kind="wart"), "kind.form")
    measured = {"result": "wart", "size": "3 mm"}
    assert answers({"macro": "w", "kind": measured}) == without(starred(kind="wart", kind__size="3 mm"), "kind.form")
    assert answers({"macro": "w", "kind": {"result": "wart", "form": "tall"}}) == starred(
        kind="wart", kind__form="tall"
    )


@pytest.mark.usefixtures("toy")
def test_a_detail_may_be_entered_beside_an_answer_of_the_macro() -> None:
    assert answers({"macro": "w", "kind": {"form": "tall"}}) == starred(kind__form="tall")
    assert answers({"macro": "w", "kind": {"size": "3 mm"}}) == starred(kind__size="3 mm")


@pytest.mark.usefixtures("toy")
def test_it_belongs_to_its_part() -> None:
    assert answers({"macro": "w"}, {}, part=1) == {}


@pytest.mark.usefixtures("toy")
def test_an_answer_that_is_refused_is_not_replaced() -> None:
    assert ("E103", "parts.A.kind") in codes(toy_findings({"macro": "w", "kind": "wrt"}))
    assert ("E102", "parts.A.kind") in codes(toy_findings({"macro": "w", "kind": {"text": "flat"}}))
    assert codes(toy_findings({"macro": "nope"})) == [("E103", "parts.A.macro")]
    assert codes(toy_findings({"macro": ["w"]}))[0][1] == "parts.A.macro"


@pytest.mark.usefixtures("toy")
def test_an_answer_that_does_not_apply_beside_what_was_entered_is_told() -> None:
    found = toy_findings({"macro": "w", "kind": "tag"})
    assert codes(found) == [("E205", "parts.A.edge")]
    case = toy_case({"macro": "w"})
    assert case.parts[0].answers["edge"].place == case.parts[0].answers["macro"].place


@pytest.mark.usefixtures("toy")
def test_the_same_answers_entered_are_another_case_with_the_same_sentences() -> None:
    entered = {
        "kind": {"result": "wart", "form": "flat"},
        "many": ["m", "n"],
        "margins": {"deep": "clear"},
        "edge": "open",
    }
    given, typed = toy_report({"macro": "w"}), toy_report({"macro": "w", **entered})
    assert [each.text for each in given.sentences()] == [each.text for each in typed.sentences()]
    assert [(each.label, each.text) for each in given.pairs()] == [(each.label, each.text) for each in typed.pairs()]
    prints = {toy_case(part).fingerprint() for part in ({"macro": "w"}, {"macro": "w", **entered}, entered)}
    assert len(prints) == 3


@pytest.mark.usefixtures("toy")
@given(st.sets(st.sampled_from(["kind", "many", "margins", "edge"])))
def test_whatever_was_entered_is_never_marked_as_given(names: set[str]) -> None:
    entered: dict[str, Any] = {"kind": "wart", "many": "m", "margins": {"deep": "clear"}, "edge": "shut"}
    part = {name: entered[name] for name in names}
    found = toy_case({"macro": "w", **part}).parts[0].answers
    tops = {path.partition(".")[0] for path, each in found.items() if each.by}
    assert tops == {"kind", "many", "margins", "edge"} - names


@pytest.mark.usefixtures("toy")
def test_the_data_of_a_case_stays_as_it_was() -> None:
    data = toy_data({"macro": "w"})
    toy_case({"macro": "w"})
    assert data["parts"][0].keys() == {"label", "protocol", "site", "macro"}


CONVENTION = f"""\
{FORM}\
- id: staging
  kind: group
  title: Stage
  source: {{book: p}}
  elements:
    - {{id: system, aliases: [edition], kind: choice, title: System, other: false, by_convention: true,
        choices: [{{id: e8}}, {{id: e9}}, {{id: none}}]}}
    - {{id: setting, kind: choice, title: Setting, status: conditional, applies_when: "staging.system == 'e8'",
        choices: [{{id: initial}}]}}
- {{id: table, kind: choice, title: Table, other: false, by_convention: true, applies_when: "kind == 'wart'",
    source: {{book: p}}, choices: [{{id: t}}]}}
- {{id: column, kind: choice, title: Column, other: false, by_convention: true, applies_when: "table == 't'",
    source: {{book: p}}, choices: [{{id: c}}]}}
"""
AGAINST = """\
contradictions:
  - {id: no_e8, when: "named and kind == 'tag'", say: a tag has no stage, elements: [kind, staging.system]}
  - {id: flat, when: "kind == 'wart' and edge == 'shut'", say: a wart is open, elements: [kind, edge]}
facts: [{id: named, when: "staging.system in ['e8', 'e9']"}]
"""
USUAL = "elements: {staging.system: {usual: e8}, table: {usual: t}, column: {usual: c}}\n"


@pytest.fixture
def profile(templates: Templates, tmp_path: Path) -> Laboratory:
    templates.write(CONVENTION, extra=MACROS + AGAINST)
    return protocol_lab(tmp_path / "lab", USUAL, "toy")


def usual(laboratory: Laboratory, part: dict[str, Any]) -> tuple[Validation, dict[str, str]]:
    """What comes of a part, and which answers the profile gave."""
    found = validate(source_of(toy_data(part)), laboratory)
    assert found.case
    answers = found.case.parts[0].answers
    assert found.scopes[0].answers == answers
    return found, {path: each.by.kind for path, each in answers.items() if each.by}


@pytest.mark.parametrize(
    ("part", "given"),
    [
        ({}, ["staging.system"]),
        ({"kind": "wart"}, ["staging.system", "table", "column"]),
        ({"staging": None}, ["staging.system"]),
        ({"staging": {"system": ""}}, ["staging.system"]),
        ({"staging": {"system": {"result": ""}}}, ["staging.system"]),
        ({"staging": {"setting": "initial"}}, ["staging.system"]),
        ({"staging": {"system": "none"}}, []),
        ({"staging": {"system": "e8"}}, []),
        ({"staging": {"edition": "e9"}}, []),
        ({"staging": {"system": {"result": "none"}}, "kind": "wart", "table": "t"}, ["column"]),
        ({"kind": "tag"}, []),
        ({"kind": "tag", "staging": {"system": "none"}}, []),
    ],
)
def test_a_profile_answers_where_nothing_is_entered_and_the_question_is_asked(
    part: dict[str, Any], given: list[str], profile: Laboratory
) -> None:
    found, by = usual(profile, part)
    assert by == dict.fromkeys(given, "profile")
    assert found.findings == ()
    assert found.refused == ()


@pytest.mark.parametrize("wrong", ["e7", ["e8", "e9"], {"text": "e9"}, {"result": "e7"}])
def test_a_profile_never_answers_in_place_of_a_mistake(wrong: object, profile: Laboratory) -> None:
    found, by = usual(profile, {"staging": {"system": wrong}})
    assert by == {}
    assert {each.path for each in found.findings} >= {"parts.A.staging.system"}


def test_what_is_entered_against_a_refused_contradiction_is_still_refused(profile: Laboratory) -> None:
    found, _ = usual(profile, {"kind": "tag", "staging": {"system": "e8"}})
    assert [each.code for each in found.findings] == ["E201"]


def test_an_answer_of_the_profile_leaves_with_the_answer_that_it_applied_by(profile: Laboratory) -> None:
    found, by = usual(profile, {"kind": {"result": "wart", "size": "x"}})
    assert [each.path for each in found.findings if each.refuses] == ["parts.A.kind.size"]
    assert by == dict.fromkeys(["staging.system", "table", "column"], "profile")
    found, by = usual(profile, {"kind": "wrt"})
    assert by == {"staging.system": "profile"}
    found, by = usual(profile, {"kind": "wart", "edge": "shut"})  # of two that contradict each other, neither is kept
    assert {str(path) for path in found.refused} == {f"parts.A.{name}" for name in ("kind", "edge", "table", "column")}
    assert by == {"staging.system": "profile"}


def test_a_macro_counts_before_the_profile(templates: Templates, tmp_path: Path) -> None:
    templates.write(CONVENTION, extra=MACROS.replace("{kind.form", "{staging.system: none, kind.form"))
    _, by = usual(protocol_lab(tmp_path / "lab", USUAL, "toy"), {"macro": "w"})
    assert by["staging.system"] == "macro"
    assert by["table"] == "profile"  # it applies by what the macro answered


def test_its_place_is_that_of_the_profile_and_it_makes_another_case(profile: Laboratory) -> None:
    found, _ = usual(profile, {})
    assert found.case
    place = found.case.parts[0].answers["staging.system"].place
    assert str(place).endswith("lab.yaml:6:33")
    typed, _ = usual(profile, {"staging": {"system": "e8"}})
    assert typed.case
    assert found.case.fingerprint() != typed.case.fingerprint()
