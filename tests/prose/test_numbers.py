"""Numbers that a text gives: sizes, counts, ages; and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.protocols.load import load_protocol

NUMBERS = {each.measure.id: each for each in load_protocol("aismn").prose.numbers}


@pytest.mark.parametrize(
    ("id", "text", "found"),
    [
        ("size", "a 6 mm papule", ["6"]),
        ("size", "a 0.6 x 0.4 cm firm nodule", ["6"]),
        ("size", "the lesion measures 9 x 7 mm", ["9"]),
        ("size", "the nodule is 5 mm from the edge", []),
        ("size", "a 4 mm punch of a lesion", []),
        ("size", "3 mm tumor-free margin", []),
        ("size", "40 mm ellipse, lesion in the center", []),
        ("size", "a nodule of less than 1 cm", ["0-10"]),
        ("mitoses", "30 mitoses per 10 HPF", ["30"]),
        ("mitoses", "mitotic rate is 3/10 HPF", ["3"]),
        ("mitoses", "Twelve mitotic figures in 10 high-power fields", ["12"]),
        ("mitoses", "2-3 mitoses per 10 HPF", ["2-3"]),
        ("age", "65-year-old woman", ["65"]),
        ("age", "Sixty-five-year-old woman", ["65"]),
        ("age", "65 y/o F", ["65"]),
        ("age", "82M, nodule", ["82"]),
        ("age", "man of 73", ["73"]),
        ("age", "woman, 65, with a papule", ["65"]),
        ("age", "F 78", ["78"]),
        ("age", "patient 10 days after", []),
        ("age", "a 10-year-old scar", []),
        ("age", "two-year history", []),
        ("age", "present 10 years", []),
    ],
)
def test_numbers(id: str, text: str, found: list[str]) -> None:
    ranges = {tuple(map(Decimal, (each.split("-") * 2)[:2])) for each in found}
    assert set(NUMBERS[id].found(text)) == ranges
