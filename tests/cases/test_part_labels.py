"""Labels of parts: taken as given, never changed, and a next one that no other part has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.part_labels import label_in, next_label, out_of_sequence, part_names
from reportgen.reading.characters import letters


@pytest.mark.parametrize("text", ["A", "a", "1", "12", "1A", "AA", "B2", "A-1", " C ", "Ä"])
def test_what_is_a_label(text: str) -> None:
    assert label_in(text) == text.strip()


@pytest.mark.parametrize("text", ["", " ", "A.", "A.1", "A B", "A,B", "A/B", "LEFT", "Smith", "1234", "-A", "_"])
def test_what_is_none(text: str) -> None:
    assert label_in(text) == ""


@given(st.lists(st.sampled_from(["", "A", "a", "B", "C", "1", "2", "x.y", "AA"]), max_size=12))
def test_each_part_has_a_name_of_its_own_and_a_label_keeps_its_part(given_labels: list[str]) -> None:
    names = part_names(given_labels)
    assert len({name.casefold() for name in names}) == len(given_labels)
    for text, name in zip(given_labels, names, strict=True):
        first = next((each for each in given_labels if each.casefold() == text.casefold()), "")
        assert name == text or not label_in(text) or first != text or given_labels.count(text) > 1
    assert next_label(names).casefold() not in {name.casefold() for name in names}


@given(st.integers(1, 800))
def test_the_usual_letters_and_numbers_are_a_sequence(number: int) -> None:
    assert out_of_sequence([letters(n) for n in range(number)]) is None
    assert out_of_sequence([letters(n).lower() for n in range(number)]) is None
    assert out_of_sequence([str(n + 1) for n in range(number)]) is None
    assert next_label([letters(n) for n in range(number)]) == letters(number)


def test_labels_of_no_known_sequence_are_not_judged() -> None:
    assert out_of_sequence(["L1", "R2"]) is None
    assert out_of_sequence(["A", "1"]) is None
    assert out_of_sequence(["A", "C"]) == 1
