"""Labels of parts: taken as given, never changed, and a next one that no other part has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.part_labels import in_sequence, label_in, label_key, next_label, out_of_sequence, part_names
from reportgen.reading.characters import letters


@pytest.mark.parametrize("text", ["A", "a", "1", "12", "1A", "AA", "B2", "A-1", " C ", "Ä"])
def test_what_is_a_label(text: str) -> None:
    assert label_in(text) == text.strip()


@pytest.mark.parametrize("text", ["", " ", "A.", "A.1", "A B", "A,B", "A/B", "LEFT", "Smith", "1234", "-A", "_"])
def test_what_is_none(text: str) -> None:
    assert label_in(text) == ""


LABELS = st.sampled_from(
    [
        "",
        "A",
        "a",
        "B",
        "C",
        "1",
        "2",
        "10",
        "01",
        "999",
        "x.y",
        "AA",
        "ZZZ",
        "A1",
        "A-1",
        "A2",
        "zz9",
        "\uff21",
        "\u0410",
        "\xe4",
    ]
)


@given(st.lists(LABELS, max_size=12))
def test_each_part_has_a_name_of_its_own_and_only_a_label_is_a_name(given_labels: list[str]) -> None:
    names = part_names(given_labels)
    assert len(set(names)) == len(given_labels)
    for place, (text, name) in enumerate(zip(given_labels, names, strict=True)):
        first = label_in(text) and label_key(text) not in map(label_key, given_labels[:place])
        assert (name == text) == bool(first)
        assert bool(label_in(name)) == bool(first), "what no one entered never looks like a label"


@given(st.lists(LABELS | st.from_regex(r"[A-Za-z]{0,3}-?[0-9]{1,3}", fullmatch=True), max_size=12))
def test_the_next_label_is_one_and_no_part_has_it(given_labels: list[str]) -> None:
    new = next_label(part_names(given_labels))
    assert label_in(new) == new
    assert label_key(new) not in map(label_key, filter(label_in, given_labels))


@pytest.mark.parametrize(
    ("rows", "printed"),
    [
        ("B A", "A B"),
        ("10 2 1", "1 2 10"),
        ("A10 B1 A2", "A2 A10 B1"),
        ("AA Z", "Z AA"),
        ("c a", "a c"),
        ("B 1 A", "B 1 A"),
        ("2a 1b 1a", "1a 1b 2a"),
        ("L1 R", "L1 R"),
    ],
)
def test_parts_are_in_the_order_of_labels_of_one_kind(rows: str, printed: str) -> None:
    labels = rows.split()
    assert [labels[place] for place in in_sequence(labels)] == printed.split()


@given(st.lists(LABELS, max_size=12))
def test_no_part_is_lost_by_the_order(labels: list[str]) -> None:
    assert sorted(in_sequence(labels)) == list(range(len(labels)))


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
