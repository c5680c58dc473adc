"""What words say, by lists of words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.laboratory.meanings import Side, load_meanings
from tests.support.labs import lab


@pytest.mark.parametrize(
    ("text", "side"),
    [("present", "affirms"), ("focally positive", "affirms"), ("not identified", "denies"), ("nonreactive", "denies"),
     ("not seen", "denies"), ("tumor-free", "denies"), ("cannot be assessed", "not_looked_at"),
     ("not represented", "not_looked_at"), ("not absent", "unclear"), ("equivocal", "neither")],
)  # fmt: skip
def test_which_way_words_point(text: str, side: str) -> None:
    assert load_meanings().side(text) is Side[side]


def test_a_word_keeps_its_built_in_meaning_whatever_a_profile_lists(tmp_path: Path) -> None:
    made = load_meanings(lab(tmp_path, "labels: {affirmations: absent vorhanden, negations: present kein}\n"))
    assert made.side("absent") is Side.denies
    assert made.side("present") is Side.affirms
    assert (made.side("vorhanden"), made.side("kein")) == (Side.affirms, Side.denies)


def test_a_profile_without_labels_of_its_own_shares_the_built_in_lists(tmp_path: Path) -> None:
    assert load_meanings(lab(tmp_path, "")) is load_meanings()


@given(st.sampled_from(sorted(load_meanings().affirmed)), st.sampled_from(["not", "never", "without", "no"]))
def test_a_denial_turns_what_affirms(word: str, denial: str) -> None:
    meanings = load_meanings()
    assert meanings.side(word) is Side.affirms
    assert meanings.side(f"{denial} {word}") is Side.denies
    assert meanings.side(f"non{word}") is Side.denies


@pytest.mark.parametrize(
    ("text", "word"),
    [("FINAL REPORT", "final"), ("Electronically signed by Dr. A", "signed"), ("Final diagnosis", ""),
     ("Final diagnosis, final", "final"), ("Finality Street 1", "")],
)  # fmt: skip
def test_a_claim_is_named_by_its_word(text: str, word: str) -> None:
    assert load_meanings().claim(text) == word


def test_a_month_is_known_by_its_name_and_by_three_letters_where_no_other_begins_so() -> None:
    months = load_meanings().months
    assert (months["july"], months["jul"], months["juillet"], months["temmuz"]) == (6, 6, 6, 6)
    assert months["feb"] == 1
    assert "jui" not in months
