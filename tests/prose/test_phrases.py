"""Phrases as expressions: word boundaries, open ends, gaps."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.prose.phrases import any_of, marker


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("margin", "the margin is", True),
        ("margin", "marginal", False),
        ("margin*", "margins", True),
        ("excision", "re-excision", False),
        ("free of tumor", "free of  tumor", True),
        ("residual ~ tumor", "residual spindle cell tumor", True),
        ("residual ~ tumor", "residual and one two three four tumor", False),
        ("-positive", "S100-positive", True),
        ("r/o", "R/O nevus", True),
    ],
)
def test_a_phrase_is_found_as_words(phrase: str, text: str, found: bool) -> None:
    assert bool(any_of([phrase]).search(text)) is found


def test_no_phrases_find_nothing() -> None:
    assert any_of([]).search("anything") is None


@pytest.mark.parametrize("text", ["S100", "S-100", "S 100", "s100"])
def test_a_marker_is_known_with_hyphens_and_spaces(text: str) -> None:
    assert re.fullmatch(marker("S100"), text, re.IGNORECASE)


@given(st.text(max_size=20))
def test_every_phrase_compiles(phrase: str) -> None:
    any_of([phrase] if phrase.split() else [])
