"""The source: what stands where."""

from __future__ import annotations

import pytest

from reportgen.findings import Place
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping, Text, by_names, is_empty, place_at, plain

TEXT = """\
accession: S1
patient:
  name: N
  mrn:
parts:
  - label: A
    site: arm
  - label: B
"""


@pytest.fixture(name="source")
def fixture_source() -> Mapping:
    return read_text(TEXT, name="c.yaml")


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, 1),
        (("accession",), 1, 1),
        (("patient", "name"), 3, 3),
        (("parts", 0, "site"), 7, 5),
        (("parts", 1), 8, 5),
        (("parts", 1, "site"), 8, 5),  # not there: the nearest thing above
        (("parts", 9, "site"), 5, 1),
        (("nowhere", "at", "all"), 1, 1),
        (("accession", "below"), 1, 1),
    ],
)
def test_a_path_has_the_place_of_its_key_or_of_what_is_above(
    source: Mapping, path: tuple[str | int, ...], line: int, column: int
) -> None:
    assert place_at(source, path) == Place("c.yaml", line, column)


def test_plain_data_is_text_lists_and_mappings(source: Mapping) -> None:
    assert plain(source) == {
        "accession": "S1",
        "patient": {"name": "N", "mrn": None},
        "parts": [{"label": "A", "site": "arm"}, {"label": "B"}],
    }


def test_what_is_empty_was_not_entered() -> None:
    empty = read_text("{a: , b: '', c: ' ', d: [], e: [[], '', {}], f: {}, g: {h: {i: }}, j: null, k: ~}", name="c")
    assert all(is_empty(entry.value) for entry in empty)
    assert is_empty(None)
    assert is_empty(empty)
    assert not is_empty(read_text("{a: {b: [x]}}", name="c"))
    assert not is_empty(Text("0", Place()))


def test_a_key_is_found_with_its_value_and_place(source: Mapping) -> None:
    assert isinstance(source.get("accession"), Text)
    assert source.get("nothing") is None
    assert source.place_of("patient") == Place("c.yaml", 2, 1)
    assert source.place_of("nothing") == source.place


def test_a_path_is_told_by_the_names_of_entries() -> None:
    node = read_text("{a: {b: x}, s: [{id: one, e: [{name: two}, {k: v}]}]}", name="x.yaml")
    assert by_names(node, ("a", "b")) == "a.b"
    assert by_names(node, ("s", 0, "e", 0, "k")) == "s › one › e › two › k"
    assert by_names(node, ("s", 0, "e", 1, "k")) == "s › one › e › 2 › k"
    assert by_names(node, ("s", 5, "e")) == "s › 6 › e"
    assert by_names(node, ("a", 0)) == "a"  # a single value that was taken as a list
