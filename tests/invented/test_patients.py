"""The head of an invented case: marked, the same for the same seed, and nobody's."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from reportgen.invented.patients import head, letters

DAY, BORN = date(2026, 1, 5), date(1950, 1, 1)


@given(st.integers())
def test_a_head_is_marked_and_depends_on_the_seed_alone(seed: int) -> None:
    made = head(Random(seed), "T26-00001", DAY, BORN, ("female",))
    assert made == head(Random(seed), "T26-00001", DAY, BORN, ("female",))
    assert made["purpose"] == "test data"
    assert made["patient"]["name"].startswith("Test, ")
    assert (made["patient"]["sex"], made["patient"]["birth_date"]) == ("female", "1950-01-01")
    assert str(DAY) == made["collected"] <= made["received"]


@given(st.integers())
def test_letters_make_a_word_of_four(seed: int) -> None:
    assert len(letters(Random(seed))) == 4
    assert letters(Random(seed)).isalpha()
