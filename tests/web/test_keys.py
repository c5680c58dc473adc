"""The key that each answer of a list shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reportgen.web.keys import shown_keys

SET = st.lists(st.none() | st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"), max_size=14).filter(
    lambda keys: len(found := [key for key in keys if key]) == len(set(found))
)


@given(SET)
def test_an_author_s_key_stays_and_every_other_answer_shows_a_digit_of_its_own(keys: list[str | None]) -> None:
    shown = shown_keys(keys)
    assert len(shown) == len(keys)
    assert all(now == key for now, key in zip(shown, keys, strict=True) if key is not None)
    made = [now for now, key in zip(shown, keys, strict=True) if key is None]
    assert all(not key or key in "123456789" for key in made)
    found = [key for key in shown if key]
    assert len(found) == len(set(found))
    assert "" not in made or len({key for key in shown if key in "123456789"} - {""}) == 9


def test_an_answer_that_no_key_shall_pick_shows_none_and_takes_none_from_the_others() -> None:
    assert shown_keys(["", None, "2", None]) == ("", "1", "2", "3")
    assert shown_keys([None] * 11) == (*"123456789", "", "")
