"""The path of an entry, taken apart and put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.element_path import ElementPath


@pytest.mark.parametrize(
    ("text", "part", "slot", "bare"),
    [
        ("patient.name", "", "patient.name", "patient.name"),
        ("specimens.2.letter", "", "specimens.letter", "specimens.letter"),
        ("parts.A", "A", "", "parts.A"),
        ("parts.A.margins.deep", "A", "margins.deep", "parts.A.margins.deep"),
        ("parts.1.gross.blocks.12.id", "1", "gross.blocks.id", "parts.1.gross.blocks.id"),
        ("parts.A~2.label", "A~2", "label", "parts.A~2.label"),
        ("parts", "", "parts", "parts"),
        ("parts..x", "", "parts..x", "parts..x"),
        ("rows.².x", "", "rows.².x", "rows.².x"),
        ("", "", "", ""),
    ],
)
def test_a_path_has_a_part_and_an_element(text: str, part: str, slot: str, bare: str) -> None:
    path = ElementPath.parse(text)
    assert (path.part, path.slot, str(path.bare)) == (part, slot, bare)


@given(st.lists(st.sampled_from(["parts", "A", "1", "x", "", "²", "~"]), max_size=6).map(".".join))
def test_every_text_is_a_path_and_the_path_is_the_text(text: str) -> None:
    assert str(ElementPath.parse(text)) == text


def test_the_line_of_a_path_ends_with_its_part() -> None:
    line = ElementPath.parse("parts.A.gross.blocks.2").line
    assert [str(path) for path in line] == [
        "parts.A.gross.blocks.2",
        "parts.A.gross.blocks",
        "parts.A.gross",
        "parts.A",
    ]
    assert line[0].name == "2"
    assert line[0].above == line[1]
    assert line[-1].name == ""
    assert ElementPath.parse("parts.AB.gross") not in line, "a part whose label begins alike is another"
