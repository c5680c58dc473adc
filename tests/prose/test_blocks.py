"""Names of blocks in a text."""

from __future__ import annotations

import pytest

from reportgen.prose.blocks import block_pattern, blocks_in, named_blocks

WORDS = block_pattern(("block", "blocks", "submitted in"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("in block B3.", ["B3"]),
        ("blocks A1 to A3", ["A1", "A3", "A2"]),
        ("Blocks A1 (tips), A2-A3 (center) and A4", ["A1", "A2", "A3", "A4"]),
        ("submitted in A7", ["A7"]),
        ("stains for S100 in block A1", ["A1"]),
        ("CD10 and S100", []),
        ("a road block", []),
    ],
)
def test_blocks(text: str, names: list[str]) -> None:
    assert sorted(blocks_in(text, WORDS)) == sorted(names)


def test_a_list_of_names_needs_no_word_before_it() -> None:
    assert sorted(named_blocks("A2–A4")) == ["A2", "A3", "A4"]
