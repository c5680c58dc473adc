"""Numbers as a pathologist enters them: Decimal from text, comparators, units, half-up rounding; never a float.

A number is printed as it was entered; what is derived from it (a converted unit, a count per mm²) is marked as such.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

_SIGNS = {"<": "<", "<=": "≤", "≤": "≤", ">": ">", ">=": "≥", "≥": "≥", "~": "~"}
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"
_UNIT = r"(?![eE][+-]?[0-9])[^\s0-9.,'_/–-].*"  # what follows a number in `1,5`, `1'000`, `1e3` or `3-4` is no unit
_MEASURE = re.compile(
    rf"(?P<sign><=|>=|[<>~≤≥])?\s*(?P<numbers>{_NUMBER}(?:\s*[x×]\s*{_NUMBER})*)\s*(?P<unit>{_UNIT})?"
)
_RANGE = re.compile(r"[0-9]\s*(?:[-\u2010-\u2015\u2212]|\bto\b|\band\b)\s*[0-9.]")
_OPPOSITE = {"<=": ">", "<": ">=", "!=": "=="}
_COUNT = re.compile(rf"(?P<sign><=|>=|[<>~≤≥])?\s*(?P<number>{_NUMBER})(?:\s*(?:per|/)\s*(?P<per>\S.*))?")


class Interval(NamedTuple):
    """What a number says about the true value: an exact number is an interval of one point."""

    low: Decimal
    high: Decimal | None  # None: no upper limit
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def exactly(cls, number: Decimal) -> Interval:
        """The interval of one number."""
        return cls(number, number)

    def compare(self, operator: str, other: Interval) -> bool | None:
        """Whether `one operator other` holds for all values of both intervals (True), for none (False), or some (None).

        The operator is one of `== != < <= > >=`.
        """
        if operator in _OPPOSITE:
            truth = self.compare(_OPPOSITE[operator], other)
            return None if truth is None else not truth
        return self._is(other) if operator == "==" else self._is_above(other, strictly=operator == ">")

    def _is_above(self, other: Interval, *, strictly: bool) -> bool | None:
        """Whether every value of this one is above every value of the other, or at least as great."""
        if other.high is not None:
            apart = self.low_open or other.high_open or not strictly
            if self.low > other.high or (self.low == other.high and apart):
                return True
        if self.high is not None:
            apart = self.high_open or other.low_open or strictly
            if self.high < other.low or (self.high == other.low and apart):
                return False
        return None

    def _is(self, other: Interval) -> bool | None:
        if self.low == self.high and other.low == other.high:
            return self.low == other.low
        apart = self._is_above(other, strictly=True) or other._is_above(self, strictly=True)
        return False if apart else None


class Quantity(NamedTuple):
    """One measurement, or several dimensions of one thing, with unit and comparator, in the words entered."""

    numbers: tuple[Decimal, ...]
    unit: str = ""
    sign: str = ""  # "", "<", "≤", ">", "≥" or "~"

    def __str__(self) -> str:
        """The measurement as entered, with `×` between dimensions: `<1.0 mm`, `12 × 8 × 4 mm`."""
        digits = " × ".join(str(number) for number in self.numbers)
        glue = "" if self.unit == "×" else " "
        return f"{self.sign}{digits}{glue}{self.unit}".strip()

    @property
    def largest(self) -> Decimal:
        """The largest dimension, in the unit entered."""
        return max(self.numbers)

    def interval(self, factor: Decimal = Decimal(1)) -> Interval:
        """What the largest dimension says about the true value, times `factor` (a unit conversion).

        "~" (about) is taken at its number: a pathologist who writes "~3 mm" reports 3 mm.
        """
        value = self.largest * factor
        match self.sign:
            case "<":
                return Interval(Decimal(0), value, high_open=True)
            case "≤":
                return Interval(Decimal(0), value)
            case ">":
                return Interval(value, None, low_open=True)
            case "≥":
                return Interval(value, None)
        return Interval(value, value)

    def converted(self, factor: Decimal, unit: str) -> Quantity:
        """The same measurement in another unit, exact (a conversion of 10 adds no digits)."""
        numbers = tuple(plain(number * factor) for number in self.numbers)
        return Quantity(numbers, unit, self.sign)


def read_quantity(text: str) -> Quantity | None:
    """Read `12 mm`, `<= 0.5 cm`, `10 x 8 x 4 mm`, `80 %`; None where the text is no such measurement."""
    found = _MEASURE.fullmatch(_in_one_line(text))
    if not found:
        return None
    numbers = tuple(Decimal(number) for number in re.split(r"\s*[x×]\s*", found["numbers"]))
    unit = (found["unit"] or "").strip()
    return Quantity(numbers, unit.replace("mm2", "mm²"), _SIGNS.get(found["sign"] or "", ""))


def read_count(text: str) -> tuple[Quantity, str] | None:
    """Read `12`, `<1 per 10 HPF`, `3/mm²` as a number and what it is counted per ("" if not said)."""
    found = _COUNT.fullmatch(_in_one_line(text))
    if not found:
        return None
    per = (found["per"] or "").strip().replace("mm2", "mm²")
    return Quantity((Decimal(found["number"]),), "", _SIGNS.get(found["sign"] or "", "")), per


def _in_one_line(text: str) -> str:
    """With one space wherever there is any, line breaks too: how an entry was folded does not change its number."""
    return " ".join(text.split())


def unreadable(text: str) -> tuple[str, str]:
    """Why a text is not read as a number, and the next step; "" where nothing better than the usual can be said."""
    if _RANGE.search(text):
        return "is a range", "enter one number, or < or > with it, or put the range into a text"
    if re.search(r"(?<![0-9])\.[0-9]", text):
        return "begins with a point", "write a 0 before the point, as in 0.5"
    ambiguous = re.search(r"[0-9][,'_\u00a0\u202f ][0-9]", text)  # a decimal comma, or thousands separators
    return ("could be read in two ways", "") if ambiguous else ("", "")


def rounded(number: Decimal, places: int = 1) -> Decimal:
    """Round half up, the way people round (2.05 → 2.1), on the decimal digits themselves."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent."""
    short = number.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def field_area(field_number: Decimal, objective: Decimal) -> Decimal:
    """Area in mm² of one high-power field: π·(field number / objective / 2)².

    The field number is that of the eyepiece, in mm; the magnification of the objective is a positive number.
    """
    radius = field_number / objective / 2
    return Decimal(repr(math.pi)) * radius * radius
