"""Numbers as entered: read without guessing, compared as the ranges they are, rounded half up on their digits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.units import (
    Interval,
    Quantity,
    field_area,
    plain,
    read_count,
    read_quantity,
    rounded,
    unreadable,
)

OPERATORS = ("==", "!=", "<", "<=", ">", ">=")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("12 mm", "12 mm"),
        ("12mm", "12 mm"),
        (" 1.10  mm ", "1.10 mm"),
        ("012 mm", "12 mm"),
        ("<1.0 mm", "<1.0 mm"),
        ("< 1.0 mm", "<1.0 mm"),
        ("<=0.5 cm", "≤0.5 cm"),
        ("≤0.5 cm", "≤0.5 cm"),
        (">= 18 mm", "≥18 mm"),
        ("≥18 mm", "≥18 mm"),
        ("> 3 mm", ">3 mm"),
        ("~3 mm", "~3 mm"),
        ("12 x 8 x 4 mm", "12 × 8 × 4 mm"),
        ("12x8 mm", "12 × 8 mm"),
        ("12 × 8 mm", "12 × 8 mm"),
        ("80 %", "80 %"),
        ("80%", "80 %"),
        ("40 ×", "40×"),
        ("0.2 mm2", "0.2 mm²"),
        ("0.2 mm²", "0.2 mm²"),
        ("5", "5"),
        ("1 000 000", None),
        ("123456789.123456 mm", "123456789.123456 mm"),
    ],
)
def test_a_measurement_is_printed_as_entered(text: str, printed: str | None) -> None:
    quantity = read_quantity(text)
    assert (str(quantity) if quantity else None) == printed


AMBIGUOUS = ("1,5", "1 000", "1'000", "1_000", "1,000.5", "1\u00a0000", "1\u202f000")
UNREADABLE = (
    *AMBIGUOUS, "1e3", "1E3", "1e-3", "1e+3", "nan", "NaN", "inf", "-inf", "Infinity", "１２", "٣", "-1", "+1", ".5",
    "5.", "5. mm", "1.2.3", "1..2", "", "mm", "< mm", "<<1", "=1", "<-1", "1/2", "½", "²", "1 x", "x 2", "1 x x 2",
    "1234567890", "1.1234567", "12-14", "12–14", "12 to 14",
)  # fmt: skip


@pytest.mark.parametrize("unit", ["", " mm", "mm"])
@pytest.mark.parametrize("text", UNREADABLE)
def test_what_could_be_read_in_two_ways_is_not_read_at_all(text: str, unit: str) -> None:
    quantity = read_quantity(text + unit)
    assert quantity is None or quantity.unit not in ("", "mm")


@pytest.mark.parametrize("text", [text for text in UNREADABLE if text not in ("12 to 14", "1 x", "1 x x 2")])
def test_an_unreadable_number_gives_no_quantity(text: str) -> None:
    assert read_quantity(text) is None


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_a_decimal_comma_or_a_thousands_separator_is_named_as_such(text: str) -> None:
    assert unreadable(text + " mm") == ("could be read in two ways", "")
    assert unreadable("1234.5 mm") == ("", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3-4 mm", "range"), ("3 – 4 mm", "range"), ("0-1 per 10 HPF", "range"), ("3 to 4 mm", "range"),
        ("between 3 and 4 mm", "range"), ("8-9 x 4 mm", "range"), (".5 mm", "point"), ("<.5 mm", "point"),
        ("8 x .5 mm", "point"), ("1,5 mm", "two ways"), ("1e-3 mm", ""), ("-1 mm", ""), ("x mm", ""), ("", ""),
    ],
)  # fmt: skip
def test_why_a_number_is_not_read_is_said_with_what_to_write(text: str, why: str) -> None:
    message, hint = unreadable(text)
    assert why in message
    assert bool(message) is bool(why)
    if why in ("range", "point"):
        assert hint
        assert (read_quantity(text) or Quantity((), "?")).unit not in ("", "mm")
        assert read_count(text) is None


@pytest.mark.parametrize(
    ("text", "count", "per"),
    [
        ("12", "12", ""),
        ("<1 per 10 HPF", "<1", "10 HPF"),
        ("3/mm²", "3", "mm²"),
        ("3 / mm2", "3", "mm²"),
        ("2.5 per mm²", "2.5", "mm²"),
        (">= 18 per 10  HPF", "≥18", "10 HPF"),
    ],
)
def test_a_count_says_what_it_is_counted_per(text: str, count: str, per: str) -> None:
    found = read_count(text)
    assert found is not None
    assert (str(found[0]), found[1]) == (count, per)


@pytest.mark.parametrize("text", [*UNREADABLE[:30], "3 mm", "3 per", "3/", "per 10 HPF", "three", "1,5 per 10 HPF"])
def test_what_is_no_count_is_refused(text: str) -> None:
    assert read_count(text) is None


def half_up(digits: str) -> str:
    """`digits` with one decimal place, by string arithmetic alone."""
    whole, _, decimals = digits.partition(".")
    decimals = decimals.ljust(2, "0")
    tenths = int(whole) * 10 + int(decimals[0]) + (1 if int(decimals[1]) >= 5 else 0)
    return f"{tenths // 10}.{tenths % 10}"


def test_all_steps_of_a_twentieth_from_0_to_10_are_rounded_half_up() -> None:
    seen = 0
    for step in range(201):
        digits = f"{step * 5 // 100}.{step * 5 % 100:02d}"
        assert str(rounded(Decimal(digits))) == half_up(digits), digits
        seen += 1
    assert seen == 201
    assert [str(rounded(Decimal(text))) for text in ("0.85", "2.05", "4.05")] == ["0.9", "2.1", "4.1"]


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_any_two_decimals_are_rounded_half_up(whole: int, decimals: int) -> None:
    digits = f"{whole}.{decimals:02d}"
    assert str(rounded(Decimal(digits))) == half_up(digits)


@pytest.mark.parametrize("text", ["12 mm", "10 x 8 mm", "<= 0.5 cm", "0: 0", "12 mm 14 mm", "1 000 mm", "3 per 10 HPF"])
@pytest.mark.parametrize("read", [read_quantity, read_count])
def test_a_line_break_is_a_space_to_a_number(read: Callable[[str], object], text: str) -> None:
    assert read(text.replace(" ", "\n")) == read(text.replace(" ", " \n\t ")) == read(text)


@given(st.decimals(0, 10**6, places=4, allow_nan=False))
def test_plain_keeps_the_number_and_drops_zeros(number: Decimal) -> None:
    short = plain(number)
    assert short == number
    assert "E" not in str(short)
    assert not ("." in str(short) and str(short).endswith(("0", ".")))


numbers = st.decimals(0, 12, places=1, allow_nan=False)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """An interval that holds at least one number."""
    low = draw(numbers)
    kind = draw(st.sampled_from(("point", "from", "to", "between")))
    if kind == "point":
        return Interval(low, low)
    if kind == "from":
        return Interval(low, None, low_open=draw(st.booleans()))
    high = low + draw(st.decimals(Decimal("0.1"), 5, places=1, allow_nan=False))
    base = Decimal(0) if kind == "to" else low
    return Interval(base, high, low_open=kind == "between" and draw(st.booleans()), high_open=draw(st.booleans()))


def samples(interval: Interval, bound: Decimal) -> set[Fraction]:
    """Numbers of the interval near all that matters: its ends and the bound, and steps between and beyond."""
    ends = [interval.low, bound, *([] if interval.high is None else [interval.high])]
    points = {Fraction(end) + Fraction(step, 40) for end in ends for step in range(-2, 3)} | {Fraction(10**6)}
    return {
        point
        for point in points
        if (point > interval.low or (point == interval.low and not interval.low_open))
        and (
            interval.high is None or point < interval.high or (point == interval.high and not interval.high_open)
        )
    }  # fmt: skip


def oracle(operator: str, values: set[Fraction], bound: Fraction) -> bool | None:
    truths = {
        {
            "==": value == bound,
            "!=": value != bound,
            "<": value < bound,
            "<=": value <= bound,
            ">": value > bound,
            ">=": value >= bound,
        }[operator]
        for value in values
    }
    return truths.pop() if len(truths) == 1 else None


@given(intervals(), st.sampled_from(OPERATORS), numbers)
def test_a_range_compares_as_all_its_numbers_do(interval: Interval, operator: str, bound: Decimal) -> None:
    values = samples(interval, bound)
    assert values
    assert interval.compare(operator, Interval.exactly(bound)) is oracle(operator, values, Fraction(bound))


@pytest.mark.parametrize(
    ("text", "operator", "bound", "truth"),
    [
        ("<1.0 mm", "<", "1", True),
        ("<1.0 mm", ">=", "1", False),
        ("<1.0 mm", "<", "0.5", None),
        ("<=1.0 mm", "<", "1", None),
        ("<=1.0 mm", "<=", "1", True),
        (">=18 mm", ">", "20", None),
        (">=18 mm", ">=", "18", True),
        (">=18 mm", ">", "5", True),
        (">20 mm", ">", "20", True),
        (">20 mm", "==", "20", False),
        ("~3 mm", "==", "3", True),
        ("12 x 8 mm", "==", "12", True),
        ("<1 mm", "==", "0.5", None),
        ("<1 mm", "!=", "1", True),
    ],
)
def test_a_comparator_is_taken_at_its_word(text: str, operator: str, bound: str, truth: bool | None) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert quantity.interval().compare(operator, Interval.exactly(Decimal(bound))) is truth


def test_a_conversion_keeps_comparator_and_dimensions_and_adds_no_digits() -> None:
    size = read_quantity("1.20 x 0.8 cm")
    assert size is not None
    assert str(size.converted(Decimal(10), "mm")) == "12 × 8 mm"
    less = read_quantity("<0.05 cm")
    assert less is not None
    assert str(less.converted(Decimal(10), "mm")) == "<0.5 mm"
    assert less.interval(Decimal(10)).compare("<", Interval.exactly(Decimal("0.5"))) is True


def test_the_largest_dimension_speaks_for_the_measurement() -> None:
    assert Quantity((Decimal(8), Decimal(12), Decimal(4)), "mm").largest == 12


@pytest.mark.parametrize(
    ("field_number", "objective", "area"), [("22", "40", "0.238"), ("26.5", "40", "0.345"), ("18", "40", "0.159")]
)
def test_the_area_of_a_field_is_that_of_a_circle(field_number: str, objective: str, area: str) -> None:
    assert str(rounded(field_area(Decimal(field_number), Decimal(objective)), 3)) == area
