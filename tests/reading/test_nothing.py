"""What a machine writes for nothing, alone and inside a text, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.reading.nothing import database_nothing, nothing_in, trial_name

FOLDER = Path(__file__).parent / "nothing"


def lines(name: str) -> list[str]:
    """The texts of one list, one a line."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", lines("alone"))
def test_a_word_for_nothing_is_known_alone(text: str) -> None:
    assert nothing_in(text)
    assert nothing_in(f"  {text} ")


@pytest.mark.parametrize("text", lines("inside"))
def test_a_word_for_nothing_is_known_inside_a_text(text: str) -> None:
    assert nothing_in(text) in text
    assert nothing_in(text)


@pytest.mark.parametrize("text", lines("says-something"))
def test_what_says_something_is_left_alone(text: str) -> None:
    assert nothing_in(text) == ""


def test_a_short_name_may_be_one_letter() -> None:
    assert nothing_in("A", prose=True)
    assert not nothing_in("A")
    assert nothing_in("-")
    assert nothing_in("?")


@given(st.text(max_size=60))
def test_every_text_is_judged(text: str) -> None:
    assert nothing_in(text) in text
    assert isinstance(database_nothing(text), bool)


@pytest.mark.parametrize("text", ["NULL", "None", "nan", "N/A", "#N/A", "\\N", "(null)", " null "])
def test_database_words(text: str) -> None:
    assert database_nothing(text)


@pytest.mark.parametrize("text", ["Null, Anna", "none known", "Nana", "123", ""])
def test_not_database_words(text: str) -> None:
    assert not database_nothing(text)


@pytest.mark.parametrize(
    "name", ["TEST, DO NOT USE", "ZZTEST, Anna", "Test, Patient", "zz test patient", "Example, Test", "DUMMY"]
)
def test_names_of_trial_runs(name: str) -> None:
    assert trial_name(name)


@pytest.mark.parametrize("name", ["Sample, Alexandra", "Testa, Maria", "Contest, Ann", "Testino, Mario", "Protest, B."])
def test_names_of_people(name: str) -> None:
    assert not trial_name(name)
