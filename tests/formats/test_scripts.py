"""Which way letters run: every letter of Hebrew and Arabic is known, and a text comes back whole."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.formats.scripts import begins_leftward, directed, runs_leftward


def test_every_letter_from_right_to_left_is_known() -> None:
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        if unicodedata.category(char) == "Cf":
            continue  # no letter; none may stand in a report
        assert runs_leftward(f"a{char}") is (unicodedata.bidirectional(char) in ("R", "AL")), f"U+{number:04X}"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("Smith 3 mm", [("Smith 3 mm", False)]),
        ("محمد العلي", [("محمد العلي", True)]),
        ("(كلمة) and more", [("(كلمة) and more", True)]),
        ("Nevus (שומה 3 שתיים) 4 mm", [("Nevus (", False), ("שומה 3 שתיים", True), (") 4 mm", False)]),
        ("p16 חיובי, CD10 שלילי", [("p16 ", False), ("חיובי", True), (", CD10 ", False), ("שלילי", True)]),
    ],
)
def test_a_text_is_parted_where_its_direction_turns(text: str, pieces: list[tuple[str, bool]]) -> None:
    assert list(directed(text)) == pieces


@given(st.text(st.sampled_from("ab שמحم\u0301\u05b8 1,(")))
def test_nothing_is_lost_and_every_letter_is_in_a_piece_of_its_direction(text: str) -> None:
    pieces = list(directed(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)
    if not begins_leftward(text):
        for piece, leftward in pieces:
            assert leftward or not runs_leftward(piece)
            assert not leftward or not set(piece) & set("ab")
