"""What a view of the work list asks for before its rows can be told."""

from __future__ import annotations

import pytest

from reportgen.web.listing import SORTS, Status, View


def test_the_usual_view_needs_neither_heads_nor_lines() -> None:
    assert not View().needs_heads
    assert not View().needs_lines


@pytest.mark.parametrize("sort", SORTS)
def test_a_view_needs_what_it_is_sorted_or_filtered_by(sort: str) -> None:
    assert View(sort=sort).needs_heads is (sort in ("accession", "patient"))
    assert View(sort=sort).needs_lines is (sort == "status")
    assert View(words=" x ", sort=sort).needs_heads
    assert not View(words="  ").needs_heads
    assert all(View(status=each).needs_lines for each in Status)
