"""Formulas keep their meaning when they are built, negated and renamed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reportgen.protocols.proof.formula import (
    FALSE,
    TRUE,
    Number,
    all_of,
    any_of,
    at_most_one,
    evaluation,
    implies,
    is_,
    no,
    number,
    renaming,
    variables,
)

A, B, C = is_("a"), is_("b"), is_("c")


def test_what_is_decided_is_not_built() -> None:
    assert all_of() is TRUE
    assert any_of() is FALSE
    assert all_of(A, FALSE) is FALSE
    assert any_of(A, TRUE) is TRUE
    assert all_of(A, TRUE) is A
    assert no(no(A)) is A


@pytest.mark.parametrize(("given", "expected"), [({}, True), ({"a": 1}, True), ({"a": 1, "c": 1}, False)])
def test_at_most_one(given: dict[str, int], expected: bool) -> None:
    assert evaluation(given).of(at_most_one([A, B, C])) is expected


def test_bounds_need_not_be_whole() -> None:
    three = evaluation({"n": 3})
    assert three.of(number("n").above(Fraction(5, 2)))
    assert not three.of(number("n").equals(Fraction(5, 2)))
    assert three.of(number("n").times(2).minus(Number((("n", 1),), 1)).equals(2))
    assert Number((), 4).at_least(4) is TRUE


def test_another_name_changes_only_what_names_it() -> None:
    both = all_of(implies(A, B), C)
    renamed = renaming({"a": "z"}).of(both)
    assert variables().of(renamed) == {"z", "b", "c"}
    assert renaming({"z": "y"}).of(both) is both
