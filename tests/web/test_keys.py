"""A key for each answer of a list."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.web.keys import answer_keys

ANSWERS = st.lists(st.text(max_size=12) | st.sampled_from(["yes", "no", "not identified", "10 HPF", "Ünknown", "-"]))


@given(ANSWERS.filter(lambda words: len(words) <= 35))
def test_every_answer_of_a_list_has_a_key_of_its_own(words: list[str]) -> None:
    keys = answer_keys(words)
    assert len(keys) == len(set(keys)) == len(words)
    assert all(len(key) == 1 and key.isascii() and key.isalnum() and key == key.lower() for key in keys)


@given(ANSWERS, ANSWERS)
def test_keys_stay_when_a_list_grows_at_its_end(words: list[str], more: list[str]) -> None:
    assert answer_keys([*words, *more])[: len(words)] == answer_keys(words)


def test_thirty_five_answers_have_keys_and_what_comes_after_them_has_none() -> None:
    keys = answer_keys(["same"] * 37)
    assert "" not in keys[:35]
    assert keys[35:] == ("", "")


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["positive", "negative", "pending"], ("p", "n", "e")),
        (["not identified", "present", "not represented"], ("n", "p", "r")),
        (["re-excision", "re excision"], ("r", "e")),
        (["1+", "2+", "3+"], ("1", "2", "3")),
        (["", "²", "½"], ("1", "2", "3")),
        (["aa", "a", "A"], ("a", "1", "2")),
        (["b", "ab", "ba", "a"], ("b", "a", "1", "2")),
    ],
)
def test_a_key_is_taken_from_the_words_as_far_as_they_go(words: list[str], keys: tuple[str, ...]) -> None:
    assert answer_keys(words) == keys


def test_every_answer_of_the_built_in_protocols_has_a_key() -> None:
    forms = [load_header(), *(load_protocol(id) for id in protocol_ids())]
    lists = [
        [*(choice.title or choice.words for choice in element.choices), element.undetermined or "none of them"]
        for form in forms
        for slot in form.slots.values()
        if isinstance(element := slot.element, ChoiceElement)
    ]
    assert len(lists) > 40
    for words in lists:
        assert all(first < second for first, second in pairwise(sorted(answer_keys(words))))
        assert "" not in answer_keys(words)
