"""Text in columns: no line too wide for the eye, no mark parted from its letter, nothing lost."""

from __future__ import annotations

import unicodedata
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.formats.columns import clusters, columns, padded, shortened, wrapped

_WIDE = "王小明田中ひろ김서연，。１２"
_LETTERS = st.sampled_from([*"abc", *_WIDE, *"สมชายใจดี", *"ọ̀ṣun", *"नमस्ते", *"محمد", "ක්\u200dෂ", "\u0301"])
_TEXTS = st.lists(st.one_of(_LETTERS, st.just(" ")), max_size=200).map("".join)
_MARKS = ("Mn", "Me", "Mc")


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("", 0), ("Nevus", 5), ("王小明", 6), ("Ọ̀ṣun", 4), ("สมชาย ใจดี", 9), ("ＡＢ", 4), ("김서연", 6), ("≥ ½ µm", 6),
        ("e\u0301\u0323", 1), ("علی\u200cرضا", 6), ("\u1112\u1161\u11ab", 2),
    ],
)  # fmt: skip
def test_a_text_takes_the_columns_that_the_eye_sees(text: str, wide: int) -> None:
    assert columns(text) == wide
    assert columns(padded(text, 20)) == 20


@given(_TEXTS, st.integers(2, 80), st.integers(0, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int, indent: int) -> None:
    lines = list(wrapped(text, width + indent, " " * indent))
    assert all(line.startswith(" " * indent) for line in lines)
    assert max(map(columns, lines), default=0) <= width + indent
    assert "".join("".join(lines).split()) == "".join(text.split())
    # A mark begins a line only where it began a word.
    for line in lines:
        first = line[indent : indent + 1]
        assert unicodedata.category(first) not in _MARKS or first in {word[:1] for word in text.split()}


@given(st.text(st.sampled_from("ab éß- \n"), max_size=300), st.integers(1, 80))
def test_narrow_letters_are_wrapped_as_ever(text: str, width: int) -> None:
    usual = wrap(text.strip(), width, break_on_hyphens=False)
    assert list(wrapped(text, width)) == [line.rstrip(" ") for line in usual] or text.isascii()


@given(_TEXTS, st.integers(0, 40))
def test_letters_keep_their_marks(text: str, width: int) -> None:
    assert "".join(clusters(text)) == text
    assert text.startswith(shortened(text, width))
    assert columns(shortened(text, width)) <= width
    for letter in list(clusters(text))[1:]:
        assert unicodedata.category(letter[0]) not in (*_MARKS, "Cf")
