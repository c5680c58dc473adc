"""The fields of a form as elements: kinds, units, limits."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.findings import Place
from reportgen.sdc.model import Response
from reportgen.sdc.responses import Field, field_of

NUMBER = {"kind": "quantity", "unit": "none"}


def made(type: str, unit: str = "", after: str = "", **limits: str) -> Field:
    return field_of(Response(place=Place(), type=type, unit=unit, after=after, limits=limits))


@pytest.mark.parametrize(
    ("type", "limits", "keys"),
    [
        ("string", {"maxlength": "80"}, {"kind": "text", "maximum": "80"}),
        ("string", {"maxlength": "9" * 5000}, {"kind": "text"}),
        ("anyuri", {}, {"kind": "text"}),
        ("integer", {"mininclusive": "1", "maxexclusive": "10"}, {"kind": "count", "minimum": "1", "maximum": "9"}),
        ("nonnegativeinteger", {}, {"kind": "count"}),
        ("decimal", {"fractiondigits": "2", "mininclusive": "0.010000000", "maxinclusive": "1000.000000000"},
         {**NUMBER, "decimals": "2", "minimum": "0.01", "maximum": "1000"}),
        ("decimal", {"fractiondigits": "1", "totaldigits": "3"}, {**NUMBER, "decimals": "1", "maximum": "99.9"}),
        ("double", {"maxinclusive": "1e999999999", "totaldigits": "999999"}, NUMBER),
        ("decimal", {"mininclusive": "5", "maxinclusive": "4"}, NUMBER),
        ("date", {}, {"kind": "date"}),
        ("boolean", {}, {"kind": "choice", "other": "false", "choices": [{"id": "yes"}, {"id": "no"}]}),
    ],
)  # fmt: skip
def test_kinds_and_limits(type: str, limits: dict[str, str], keys: dict[str, Any]) -> None:
    field = made(type, **limits)
    assert (field.keys, field.suffix, field.changes) == (keys, "", ())


@pytest.mark.parametrize(
    ("unit", "after", "found", "suffix"),
    [
        ("mm", "Millimeters (mm)", "mm", ""),
        ("", "Centimeters (cm)", "cm", ""),
        ("grams", "g", "g", ""),
        ("%", "", "%", ""),
        ("cells", "", "cells", ""),
        ("signals/cell", "signals/cell", "signals/cell", ""),
        ("mm", "mm from the ink", "mm", "mm from the ink"),
        ("", "per 10 fields", "none", "per 10 fields"),
        ("/mm2", "", "none", "/mm2"),
        ("", "", "none", ""),
    ],
)
def test_units(unit: str, after: str, found: str, suffix: str) -> None:
    field = made("decimal", unit, after)
    assert (field.keys["unit"], field.suffix) == (found, suffix)


def test_whole_numbers_with_a_unit_are_measured() -> None:
    assert made("int", "%", maxinclusive="100").keys == {
        "kind": "quantity",
        "unit": "%",
        "decimals": "0",
        "maximum": "100",
    }


def test_what_changes_is_told() -> None:
    assert made("string", "cm").changes == (("text with a unit", "asked as a number in cm", False),)
    assert made("string", "cm").keys == {"kind": "quantity", "unit": "cm", "dimensions": "3"}
    assert made("datetime").changes == (("data type: datetime", "asked as a text", False),)
    assert made("string", pattern="[A-Z]").changes == (("limit: pattern [A-Z]", "not checked", True),)
    assert made("decimal", mininclusive="-5").changes == (("negative numbers", "cannot be entered", True),)
    assert made("decimal", allowgt="true", quantenum="GT").changes == ()
