"""A laboratory's wording over the built-in one: by id, field by field, and nothing is dropped silently."""

from __future__ import annotations

import pytest

from reportgen.findings import Finding, FindingsError
from reportgen.protocols.overrides import id_of, lay_over
from reportgen.reading.files import read_text
from reportgen.reading.source import Items, Mapping, Text, plain

WORDING = """\
terms:
  - id: edge
    clauses: [{id: biopsy, when: b, say: edge}]
header:
  id: header
  clauses: [{id: plain, when: s, say: head}]
comment:
  - id: extent
    clauses:
      - {id: deep, when: d, say: built-in}
      - {id: clear, when: c, say: clear}
"""


def laid(override: str) -> Mapping:
    return lay_over(read_text(WORDING, name="built-in"), read_text(override, name="own"))


def refused(override: str) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        laid(override)
    return list(caught.value.findings)


def test_only_the_fields_given_are_replaced() -> None:
    data = plain(laid("comment.extent.deep: {say: own}\n"))
    before = plain(read_text(WORDING, name="x"))
    assert isinstance(data, dict)
    assert isinstance(before, dict)
    assert data["comment"][0]["clauses"] == [
        {"id": "deep", "when": "d", "say": "own"},
        {"id": "clear", "when": "c", "say": "clear"},
    ]
    assert {**data, "comment": 0} == {**before, "comment": 0}


@pytest.mark.parametrize("name", ["terms.edge.biopsy", "header.plain", "comment.extent.deep", "comment.extent.clear"])
def test_every_clause_has_an_id_to_be_changed_by(name: str) -> None:
    assert "own words" in str(plain(laid(f"{name}: {{say: own words}}\n")))


def test_what_a_laboratory_wrote_keeps_its_own_place() -> None:
    comment = laid("comment.extent.deep:\n  say: own\n").get("comment")
    assert isinstance(comment, Items)
    statement = comment.items[0]
    assert isinstance(statement, Mapping)
    clauses = statement.get("clauses")
    assert isinstance(clauses, Items)
    clause = clauses.items[0]
    assert isinstance(clause, Mapping)
    say = clause.get("say")
    assert isinstance(say, Text)
    assert (say.place.file, say.place.line) == ("own", 2)
    assert clause.place.file == "built-in"


def test_nothing_laid_over_changes_nothing() -> None:
    assert plain(laid("{}\n")) == plain(read_text(WORDING, name="x"))


@pytest.mark.parametrize(
    ("override", "hint"),
    [
        ("comment.extent.deeep: {say: own}", 'did you mean "comment.extent.deep"?'),
        ("comment.extent: {say: own}", ""),
        ("deep: {say: own}", ""),
        ("zzz: {say: own}", "see `reportgen explain` for the ids of clauses"),
    ],
)
def test_an_id_that_is_not_there_is_refused_with_the_nearest_one(override: str, hint: str) -> None:
    (finding,) = refused(override)
    assert finding.code == "T402"
    assert (finding.place.file, finding.place.line, finding.place.column) == ("own", 1, 1)
    assert hint in finding.hint


def test_all_unknown_ids_are_named_at_once() -> None:
    assert [finding.path for finding in refused("a: {say: x}\nheader.plain: {say: y}\nb: {say: z}\n")] == ["a", "b"]


@pytest.mark.parametrize("value", ["own words", "[own, words]", ""])
def test_an_override_that_holds_no_fields_is_refused_and_not_dropped(value: str) -> None:
    (finding,) = refused(f"comment.extent.deep: {value}\n")
    assert (finding.code, finding.path) == ("T401", "comment.extent.deep")
    assert finding.place.file == "own"


def test_the_id_of_what_has_none_is_empty() -> None:
    assert id_of(read_text("a: b", name="x")) == ""
    assert id_of(read_text("id: [b]", name="x")) == ""
    assert id_of(read_text("id: b", name="x")) == "b"
