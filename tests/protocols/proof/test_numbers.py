"""Numbers in logic compare as measured numbers do."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.conditions import compared
from reportgen.protocols.proof.formula import Formula, evaluation
from reportgen.protocols.proof.numbers import STEPS, against, between, entered
from reportgen.units import Interval, Quantity

SIGNS = {"": "", "<": "<", "≤": "<=", ">": ">", "≥": ">="}
OPERATORS = st.sampled_from(("==", "<", "<=", ">", ">="))
NUMBERS = st.decimals(0, 5, places=1) | st.decimals(0, 2, places=6)
SIGNED = st.tuples(st.sampled_from(sorted(SIGNS)), NUMBERS)


def values(name: str, signed: tuple[str, Decimal]) -> dict[str, int]:
    sign, number = signed
    return {name: int(number * STEPS), **({f"{name} {SIGNS[sign]}": 1} if sign else {})}


def interval(signed: tuple[str, Decimal]) -> Interval:
    sign, number = signed
    return Quantity((number,), "mm", sign).interval()


def truth(found: tuple[Formula, Formula], given: dict[str, int]) -> bool | None:
    holds = evaluation(given)
    true, false = map(holds.of, found)
    assert not (true and false)
    return True if true else False if false else None


@given(one=SIGNED, operator=OPERATORS, bound=NUMBERS | st.decimals(0, 5, places=8))
def test_a_number_against_a_bound(one: tuple[str, Decimal], operator: str, bound: Decimal) -> None:
    found = against(tuple(entered("n", signs=True)), operator, bound)
    assert truth(found, values("n", one)) is interval(one).compare(operator, Interval.exactly(bound))


@given(one=SIGNED, operator=OPERATORS, two=SIGNED)
def test_a_number_against_another(one: tuple[str, Decimal], operator: str, two: tuple[str, Decimal]) -> None:
    found = between(tuple(entered("n", signs=True)), operator, tuple(entered("m", signs=True)))
    expected = compared(interval(one), operator, interval(two))
    assert truth(found, {**values("n", one), **values("m", two)}) is expected
