"""What is wrong with a day: told by its kind, never with any of its digits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.days import SHORT_YEAR, TIMED, DatePattern, date_pattern, wrong_with


def pattern(text: str) -> DatePattern:
    made = date_pattern(text)
    assert isinstance(made, DatePattern)
    return made


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("11/02/2026 14:55", TIMED),
        ("11/02/2026 1455", TIMED),
        ("11/2/2026 2:55:10 PM", TIMED),
        ("2026-11-02T14:55:00Z", TIMED),
        ("2 Nov 2026 08:15", TIMED),
        ("07/04/49", SHORT_YEAR),
        ("3-Nov-26", SHORT_YEAR),
        ("4.7.49", SHORT_YEAR),
        ("07/04/49 12:30", SHORT_YEAR),
        ("2 Nov 2026", ""),
        ("2026/11/02", ""),
        ("Nov 2, 2026", ""),
        ("2026-11", "is not a whole date"),
        ("tomorrow", "is not a date"),
    ],
)
def test_what_is_wrong_is_told(text: str, why: str) -> None:
    assert wrong_with(text) == why


@pytest.mark.parametrize(
    ("spelled", "text", "why", "step"),
    [
        ("MM/DD/YYYY", "11/02/2026 1455", TIMED, "date: MM/DD/YYYY HH:mm"),
        ("MM/DD/YYYY HH:mm", "11/02/2026 1455", TIMED, "HHmm"),
        ("MM/DD/YYYY", "11/02/26", SHORT_YEAR, "four digits"),
        ("MM/DD/YYYY", "13/02/2026", "no such day", "pattern"),
        ("MM/DD/YYYY", "02/30/2026", "no such day", "pattern"),
        ("MM/DD/YYYY", "2026/11/02", "another order", "pattern"),
        ("MM/DD/YYYY", "2-Nov-2026", "another order", "pattern"),
        ("MM/DD/YYYY", "unclear", "is not a date", "pattern"),
    ],
)
def test_a_day_that_does_not_follow_its_pattern(spelled: str, text: str, why: str, step: str) -> None:
    made = pattern(spelled)
    assert made.read(text) is None
    message, hint = made.amiss(text)
    assert f"the pattern {spelled} of its column: it {why}"[:40] in message
    assert why in message
    assert step in hint


@given(st.text("0123456789/-. :APM", max_size=25))
def test_no_digit_of_a_cell_is_told(text: str) -> None:
    said = " ".join(pattern("MM/DD/YYYY").amiss(text))
    assert not any(sign.isdigit() for sign in said)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.sampled_from(["", " 08:15", " 23:59"]))
def test_a_column_with_times_may_leave_the_time_out(day: date, time: str) -> None:
    assert pattern("MM/DD/YYYY HH:mm").read(f"{day:%m/%d/%Y}{time}") == day.isoformat()
