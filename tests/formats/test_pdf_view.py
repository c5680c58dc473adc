"""What a layout that sets lines itself is given: nothing lost, long words marked, enough lines reckoned with."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reportgen.formats.layout import load_layout
from reportgen.formats.pdf_view import TypstView
from reportgen.formats.widths import width, widths
from tests.formats.specimen import HOSTILE, REPORT, long_report, with_text

VIEW = TypstView(load_layout())
WORDS = st.lists(st.text("abcWmi.,-ß", min_size=1, max_size=90), max_size=30).map(" ".join)


def joined(text: Any) -> str:
    return text if isinstance(text, str) else "".join(each if isinstance(each, str) else each["long"] for each in text)


@given(WORDS, st.floats(6, 30), st.floats(60, 500))
def test_no_letter_is_lost_and_every_word_that_is_too_wide_is_marked(text: str, size: float, wide: float) -> None:
    made = VIEW.text(text, size, wide)
    assert joined(made) == text
    if not isinstance(made, str):
        assert any(isinstance(each, dict) for each in made)
    whole = [made] if isinstance(made, str) else [each for each in made if isinstance(each, str)]
    known = widths()
    assert all(width(word, size, known) <= wide for each in whole for word in each.split(" "))


@given(WORDS, st.floats(6, 30), st.floats(100, 500))
def test_a_text_of_one_line_is_told_from_one_of_several(text: str, size: float, wide: float) -> None:
    lines = VIEW.heights.lines(text, size, wide)
    assert (lines == 1) <= (width(text, size, widths()) <= wide)
    assert lines <= 2 + width(text, size, widths()) * 1.1 / wide


def test_white_space_is_one_space_and_a_no_break_space_stays() -> None:
    assert VIEW.text("a \n\tb\u00a0c", 10) == "a b\u00a0c"


def test_every_printed_word_of_a_report_is_handed_on() -> None:
    for report in (REPORT, long_report(3), with_text(HOSTILE)):
        told: list[str] = []

        def collect(node: Any, told: list[str] = told) -> None:
            if isinstance(node, dict):
                for value in node.values():
                    collect(value)
            elif isinstance(node, list) and any(isinstance(each, dict) and len(each) == 1 for each in node):
                told.append(joined(node))
            elif isinstance(node, list):
                for each in node:
                    collect(each)
            elif isinstance(node, str):
                told.append(node)

        collect(VIEW.report(report))
        missing = [text for text in report.reading_order() if re.sub("[ \n]+", " ", text) not in told]
        assert missing == []
