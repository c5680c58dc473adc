"""Conditions in three cells, and back letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.sheets.condition_cells import WORDS, cells_of, condition_of


@pytest.mark.parametrize(
    ("condition", "cells"),
    [
        ("growth == 'mixed'", ("growth", "is", "mixed")),
        ("growth != 'not identified'", ("growth", "is not", "not identified")),
        ("growth in ['a b', 'c']", ("growth", "is one of", "a b | c")),
        ("growth not in ['a', 'c']", ("growth", "is none of", "a | c")),
        ("size > 20", ("size", "is more than", "20")),
        ("size <= thresholds.wide", ("size", "is at most", "thresholds.wide")),
        ("mitoses == 5", ("mitoses", "is", "5")),
        ("'a' in atypia.features", ("atypia.features", "includes", "a")),
        ("site is naming('left')", ("site", "names", "left")),
        ("size is answered", ("size", "is answered", "")),
        ("residual is applicable", ("residual", "applies", "")),
        ("few is unproven", ("few", "is not proven", "")),
        ("biopsy", ("biopsy", "is true", "")),
        ("not biopsy", ("biopsy", "is not true", "")),
    ],
)
def test_a_simple_condition_is_three_cells(condition: str, cells: tuple[str, str, str]) -> None:
    said = cells_of(condition)
    assert tuple(said.get(column, "") for column in ("question", "is", "answer")) == cells
    assert condition_of(said) == condition


@pytest.mark.parametrize(
    "condition",
    ["a == 'x' and b", "grade == '5'", "growth == \"x\"", "growth=='x'", "a == 'it\\'s'", "a == ' x'", "a == 'x|y'",
     "site is naming(['lung', 'liver'])", "stains['Ki-67'] == 'positive'", "at_least(2, a, b)", "a ==", "", "true",
     "a in ['x ', 'y']", "a + b >= 3", "count(lesions) > 2", "a is naming(b)"],
)  # fmt: skip
def test_any_other_is_one_cell(condition: str) -> None:
    assert cells_of(condition) == {"when": condition}
    assert condition_of({"when": condition}) == condition


_RIGHT = r"('[ab |']{0,3}'|\[('a',? ?){0,2}\]|[0-9.]{1,3}|true)"


@given(st.from_regex(rf"[a-c.]{{1,3}} (==|!=|<|in|is|not) {_RIGHT}", fullmatch=True))
def test_no_condition_changes(condition: str) -> None:
    assert condition_of(cells_of(condition)) == condition


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"question": "a", "when": "b"}, "says a second condition"),
        ({"question": "a", "answer": "b"}, "needs question and is"),
        ({"is": "is", "answer": "b"}, "needs question and is"),
        ({"question": "a", "is": "equals", "answer": "b"}, "is not a comparison; choose is, is not"),
        ({"question": "a", "is": "is"}, "needs an answer"),
        ({"question": "a", "is": "is answered", "answer": "b"}, "takes no answer"),
        ({"question": "a", "is": "is", "answer": "b | c"}, "write the whole condition under when"),
        ({"question": "a", "is": "is", "answer": "it's"}, "write the whole condition under when"),
    ],
)
def test_cells_that_say_no_condition_are_refused(cells: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        condition_of(cells)


def test_a_drop_down_can_hold_the_words() -> None:
    assert len(",".join(WORDS)) <= 255
    assert not any("," in word for word in WORDS)
