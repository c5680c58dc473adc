"""A macro answers what was not entered, and nothing else; what it answered can be told from what was entered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.toy import Templates, codes, toy_case, toy_data, toy_findings, toy_report

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
        told[path] = text + "*" * bool(each.macro)
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
    tops = {path.partition(".")[0] for path, each in found.items() if each.macro}
    assert tops == {"kind", "many", "margins", "edge"} - names


@pytest.mark.usefixtures("toy")
def test_the_data_of_a_case_stays_as_it_was() -> None:
    data = toy_data({"macro": "w"})
    toy_case({"macro": "w"})
    assert data["parts"][0].keys() == {"label", "protocol", "site", "macro"}
