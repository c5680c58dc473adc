"""A compiled form: what may be entered below each path, and the names that are no elements."""

from __future__ import annotations

import pytest

from reportgen.protocols.compiled import condition, props_of
from tests.protocols.test_slots import NESTED
from tests.support.toy import Templates

PROPS = """\
- id: procedure
  kind: choice
  title: Procedure
  aliases: [method, way]
  source: {book: p}
  choices: [{id: shave, props: {noun: biopsy}}, {id: excision, props: {noun: excision, wide: "yes"}}]
"""


def test_the_keys_below_a_path_are_ids_and_aliases(templates: Templates) -> None:
    children = templates.load(NESTED + PROPS).children
    assert list(children[""]) == ["site", "a", "rows", "stains", "procedure", "method", "way"]
    assert children[""]["way"] is children[""]["procedure"]
    assert list(children["a"]) == ["b", "g", "of_x"]
    assert list(children["stains"]) == ["S1", "one", "Ki-67", "other"]
    assert list(children["stains.other"]) == ["name", "result", "extent"]


@pytest.mark.parametrize(
    ("path", "above", "name"),
    [
        ("procedure.noun", "procedure", "noun"),
        ("procedure.wide", "procedure", "wide"),
        ("procedure.text", "procedure", "text"),
        ("a.b.reason", "a.b", "reason"),
        ("stains.required_results", "stains", "required_results"),
        ("stains.S1.text", "stains.S1", "text"),
    ],
)
def test_names_that_are_no_elements_lead_to_their_element(
    path: str, above: str, name: str, templates: Templates
) -> None:
    found = templates.load(NESTED + PROPS).special_of(path)
    assert found is not None
    assert (found[0].path, found[1]) == (above, name)


@pytest.mark.parametrize("path", ["procedure.verb", "nothing.text", "site", "a.required_results", "stains.text", ""])
def test_other_names_lead_nowhere(path: str, templates: Templates) -> None:
    assert templates.load(NESTED + PROPS).special_of(path) is None


def test_props_are_those_of_any_choice(templates: Templates) -> None:
    slots = templates.load(PROPS).slots
    assert props_of(slots["procedure"]) == {"noun", "wide"}
    assert props_of(slots["site"]) == frozenset()


def test_statements_are_known_by_id(templates: Templates) -> None:
    assert list(templates.load("").statements()) == ["header", "headline"]


def test_a_condition_is_compiled_once() -> None:
    assert condition("a == 'b'") is condition("a == 'b'")
