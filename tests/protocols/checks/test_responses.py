"""What may be entered with an answer is asked for in a way that a case can answer."""

from __future__ import annotations

import pytest

from tests.support.toy import Templates

EDGE = "- {{id: edge, kind: choice, title: Edge, source: {{book: p}}, choices: [{{id: free, {0}}}]}}\n"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("response: {kind: choice, choices: [{id: a}]}", "cannot be a choice"),
        ("response: {kind: group, elements: []}", "cannot be a group"),
        ("response: {kind: text, label: Words}", "cannot have label"),
        ("response: {kind: text, applies_when: site is answered}", "cannot have applies_when"),
        ("response: {kind: text}, fill_in: true", "has a response and fill_in"),
        ("print: response", "has no response, so that print says nothing"),
        ("response: {kind: text}, print: response, omit: true", "would not be printed: its answer is omitted"),
    ],
)
def test_a_response_that_no_case_could_answer_is_refused(choice: str, message: str, templates: Templates) -> None:
    found = templates.refused(EDGE.format(choice))
    assert [(each.code, each.path, each.message) for each in found] == [("T401", "edge = free", message)]
    assert str(found[0].place).startswith(templates.line("id: edge"))


@pytest.mark.parametrize(
    "choice",
    [
        "response: {unit: mm}",
        "response: {kind: text, required: ture}",
        "response: {kind: text, unit: mm}",
        "omit: never",
        "print: x",
    ],
)
def test_a_response_of_the_wrong_shape_is_refused(choice: str, templates: Templates) -> None:
    assert {each.code for each in templates.refused(EDGE.format(choice))} == {"T401"}


@pytest.mark.parametrize(
    "choice",
    [
        "response: {kind: quantity, unit: mm, required: false}", "response: {kind: count}, print: response",
        "fill_in: true, print: response", "omit: question",
    ],
)  # fmt: skip
def test_a_response_in_order_is_taken(choice: str, templates: Templates) -> None:
    templates.load(EDGE.format(choice))
