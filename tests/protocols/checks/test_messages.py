"""What an author of a protocol is told about the slips that everybody makes: what is wrong, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.protocols.load import load_protocol
from tests.support.labs import protocol_lab, refused
from tests.support.toy import Templates, said

ELEMENTS = """
- id: growth
  kind: choice
  title: Growth
  source: {book: p1}
  choices: [{id: nodular}, {id: infiltrative}]
- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p1}}
"""
GROWTH = "sections › main › elements › growth"
SIZE = "sections › main › elements › size"
CLAUSE = '- {{id: a, when: "{}", say: Words., source: {{book: p1}}}}\n'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[{id: nodular}, {id: infiltrative}]", "[nodular, {id: infiltrative}]",
         f"{GROWTH} › choices › 1: must have keys and values (write {{id: nodular}})"),
        ("[{id: nodular}, {id: infiltrative}]", "nodular", f"{GROWTH} › choices: must be a list"),
        ("[{id: nodular}, {id: infiltrative}]", "[]\n  other: false", f"{GROWTH} › choices: must have at least one"),
        ("[{id: nodular}", "[{id: nodular, labl: x}", f"{GROWTH} › choices › nodular › labl: is not known here"),
        ("id: size", "id: tumor size", "elements › tumor size › id: must be letters, digits, _ and - only"),
        ("kind: quantity, ", "", f"{SIZE} › kind: is missing (one of: choice, quantity, count, text"),
        ("kind: quantity", "kind: number", f"{SIZE} › kind: is not known here (one of: choice, quantity"),
        ("unit: mm", "unit: ''", f"{SIZE} › unit: must not be empty"),
        ("title: Size", "title: ''", f"{SIZE} › title: must not be empty"),
        ("{id: infiltrative}", "{id: ''}", f"{GROWTH} › choices › 2 › id: must not be empty"),
        ("unit: mm", "unit: mm, maximum: many", f"{SIZE} › maximum: must be a number"),
        ("unit: mm", "unit: mm, bounds: perhaps", f"{SIZE} › bounds: must be true or false"),
        ("unit: mm", "unit: mm, dimensions: two", f"{SIZE} › dimensions: must be a whole number"),
        ("unit: mm", "unit: mm, status: needed", f"{SIZE} › status: must be 'core', 'conditional' or 'optional'"),
        ("source: {book: p1}}", "source: book}", f"{SIZE} › source: must have keys and values (write {{key: value}})"),
    ],
)  # fmt: skip
def test_the_shape(old: str, new: str, told: str, templates: Templates) -> None:
    assert old in ELEMENTS
    (finding,) = templates.refused(ELEMENTS.replace(old, new, 1))
    assert told in finding.as_line()


@pytest.mark.parametrize(
    ("when", "code", "told"),
    [
        ("growth = 'nodular'", "T403", "`=` cannot be used here: compare with =="),
        ("growth == 'nodular' & size > 1", "T403", "`&` cannot be used here: write `and`"),
        ("size > 2 mm", "T403", "`mm` cannot be used here: a number has no unit here"),
        ("growth == nodular", "T402", "put it in quotes: 'nodular' is an answer of growth"),
        ("nodular == growth", "T402", "put it in quotes: 'nodular' is an answer of growth"),
        ("main.size > 2", "T402", "sections are no part of names: write size"),
        ("sise > 2", "T402", 'did you mean "size"?'),
        ("size is not answered", "T406", "`size is answered` is never false"),
        ("growth is answered and not (size is answered)", "T406", "`size is answered` is never false"),
        ("growth == 'nodular' and growth == 'infiltrative'", "T406", "its condition contradicts itself"),
    ],
)
def test_a_condition(when: str, code: str, told: str, templates: Templates) -> None:
    (finding,) = templates.refused(ELEMENTS, wording=said(CLAUSE.format(when)))
    assert (finding.code, finding.path) == (code, "comment.remark.a")
    assert told in finding.as_line()


def test_a_clause_for_other_words_behind_one_that_waits_for_them(templates: Templates) -> None:
    clauses = CLAUSE.format("growth == 'nodular'") + CLAUSE.format("growth == 'other'").replace("id: a", "id: b")
    (finding,) = templates.refused(ELEMENTS, wording=said(clauses))
    assert (finding.code, finding.path) == ("T406", "comment.remark.b")
    assert "holds it back (put a clause for 'other' before those that ask the same question" in finding.as_line()


@pytest.mark.parametrize("words", ['""', '"  "', '"\\n"'])
def test_a_clause_without_words(words: str, templates: Templates) -> None:
    clause = CLAUSE.format("size > 2").replace("Words.", words)
    (finding,) = templates.refused(ELEMENTS, wording=said(clause))
    assert (finding.code, str(finding.place).startswith(templates.line("size > 2"))) == ("T401", True)
    assert "remark › clauses › a › say: must not be empty" in finding.as_line()


def test_words_are_not_held_against_a_condition_that_is_not_known(templates: Templates) -> None:
    clause = CLAUSE.format("main.size > 2").replace("Words.", "'{{ size }}'")
    assert [each.code for each in templates.refused(ELEMENTS, wording=said(clause))] == ["T402"]


def test_a_denial_behind_a_fact_is_told_by_the_element(templates: Templates) -> None:
    facts = "facts: [{id: high, when: growth == 'infiltrative'}]\n"
    clause = CLAUSE.format("not high").replace("Words.", "No infiltrative growth.")
    found = templates.refused(ELEMENTS, extra=facts, wording=said(clause))
    assert "compare growth with the answer that says so, by == or in" in found[0].as_line()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ("wording: {comment.interpretation: {order: [entity]}}", "T412"),
        ("wording: {comment.extent: {order: [deep_involved]}}", "T406"),
    ],
)
def test_an_order_that_is_wrong_is_found_where_it_is(changes: str, code: str, tmp_path: Path) -> None:
    made = protocol_lab(tmp_path, changes)
    found = refused(lambda: load_protocol("aismn", made))
    assert {each.code for each in found} == {code}
    assert {Path(each.place.file).name for each in found} == {"lab.yaml"}
    assert {each.place.line for each in found} == {6}
