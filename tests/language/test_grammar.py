"""Grammar of printed words: right for none, one, two and more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.grammar import (
    FILTERS,
    Several,
    also,
    bare,
    cap,
    first,
    items_of,
    join,
    listing,
    lower,
    phrase,
    plural,
    upper,
)


@pytest.mark.parametrize(
    ("items", "printed"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a and b"),
        (("a", "b", "c"), "a, b and c"),
        (("a", "b", "c", "d"), "a, b, c and d"),
        ("a word", "a word"),
        ("", ""),
    ],
)
def test_a_list_is_written_as_people_write_it(items: object, printed: str) -> None:
    assert listing(items) == printed


def test_a_list_can_take_another_conjunction() -> None:
    assert listing(("a", "b", "c"), "or") == "a, b or c"


@given(st.lists(st.text("xyz", min_size=1, max_size=3), min_size=2, max_size=6))
def test_every_item_of_a_list_is_printed_once_and_in_order(items: list[str]) -> None:
    printed = listing(items)
    assert printed.replace(" and ", ", ").split(", ") == items
    assert printed.count(" and ") == 1


def test_also_adds_in_order() -> None:
    assert also(("a", "b"), "c") == ("a", "b", "c")
    assert also("a", ("b", "c")) == ("a", "b", "c")
    assert listing(also((), "c")) == "c"


@pytest.mark.parametrize(
    ("text", "printed"), [("left arm", "Left arm"), ("SMA", "SMA"), ("", ""), ("éa", "Éa"), ("ßa", "ßa")]
)
def test_a_capital_changes_the_first_letter_only(text: str, printed: str) -> None:
    assert cap(text) == printed


def test_plural_follows_the_number_of_items() -> None:
    assert plural(("a",), "feature", "features") == "feature"
    assert plural("a", "feature", "features") == "feature"
    assert plural(("a", "b"), "feature", "features") == "features"
    assert plural((), "feature", "features") == "features"


def test_anything_has_items() -> None:
    assert items_of("ab") == ("ab",)
    assert items_of(("a", 1)) == ("a", "1")
    assert items_of(5) == ("5",)


def test_several_words_stand_with_commas_between_them() -> None:
    assert str(Several(("a", "b"))) == "a, b"
    assert (join(("a", "b"), "/"), join(("a", "b")), join("ab", "/")) == ("a/b", "ab", "ab")
    assert (upper(Several(("a", "b"))), lower("SMA")) == ("A, B", "sma")
    assert (first(("a", "b")), first("ab"), first(())) == ("a", "ab", "")


def test_free_text_loses_its_full_stop_and_keeps_its_capitals() -> None:
    assert bare("Touton giant cells. ") == ("Touton giant cells",)
    assert bare(("Nuclear grooves.", "mucin ...")) == ("Nuclear grooves", "mucin")


def test_a_phrase_begins_small_unless_it_is_a_sign() -> None:
    assert phrase(("Amputation.", "A ray", "Cross-section")) == ("amputation", "a ray", "cross-section")
    assert phrase(("MRI-guided biopsy", "pT1", "p16")) == ("MRI-guided biopsy", "pT1", "p16")


def test_the_filters_are_those_of_the_grammar() -> None:
    assert set(FILTERS) == {"listing", "also", "bare", "cap", "plural", "first", "join", "lower", "phrase", "upper"}


@pytest.mark.parametrize(
    "sign",
    [
        "pT1", "pN0", "cT4d", "p53", "p16 area", "α-SMA", "β-catenin", "c-kit", "mRNA", "hTERT", "r (recurrent)",
        "x", "ﬁnger", "ßcalp", "ŉ", "µm", "ſa", "ილია", "ა", "يد", "22 mm", "½ of it", "m² of skin", "(lip)",
        "“lip”", "-", " lip", "", "SMA", "Lip", "miR-21", "let-7", "e.g. lip", "l’épaule", "ıa", "₂a",
    ],
)  # fmt: skip
def test_what_is_no_ordinary_word_keeps_its_letters(sign: str) -> None:
    assert cap(sign) == sign


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("left forearm", "Left forearm"), ("e\u0301tat", "E\u0301tat"), ("état", "État"), ("ухо", "Ухо"),
        ("ώμος", "Ώμος"), ("ǆep", "ǅep"), ("and/or", "And/or"), ("lip, p16 area", "Lip, p16 area"),
    ],
)  # fmt: skip
def test_an_ordinary_word_gets_its_capital(text: str, printed: str) -> None:
    assert cap(text) == printed


@given(st.text(max_size=12))
def test_a_capital_changes_one_letter_and_no_more(text: str) -> None:
    made = cap(text)
    assert made[1:] == text[1:]
    assert made[:1].lower() == text[:1].lower()
    assert cap(made) == made
    if made != text:
        assert text.split()[0] == text.split()[0].lower()
        assert len(made) == len(text)
