"""Which characters may stand in a report: every code point is decided, and NFC never becomes NFKC."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.reading.characters import count_words, letters, mixed_script_word, normal, refused


def test_every_code_point_is_decided_by_its_category() -> None:
    seen = {"kept": 0, "E004": 0, "E005": 0}
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        category = unicodedata.category(char)
        found = refused(f"a{char}")
        if category == "Cf" or char in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0":
            wanted = "E005"
        elif char in "\ufffc\ufffd" or (category in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp") and char not in "\t\n"):
            wanted = "E004"
        else:
            wanted = "kept"
        assert (found[0] if found else "kept") == wanted, f"U+{number:04X}"
        seen[wanted] += 1
    assert seen["kept"] > 140_000
    assert seen["E004"] > 900_000
    assert seen["E005"] > 100


@pytest.mark.parametrize(
    ("char", "code", "named"),
    [
        ("\x00", "E004", "U+0000 unnamed"),
        ("\x07", "E004", "U+0007 unnamed"),
        ("\x0b", "E004", "U+000B unnamed"),
        ("\x1b", "E004", "U+001B unnamed"),
        ("\x7f", "E004", "U+007F unnamed"),
        ("\x85", "E004", "U+0085 unnamed"),
        ("\u2028", "E004", "U+2028 line separator"),
        ("\u2029", "E004", "U+2029 paragraph separator"),
        ("\ue000", "E004", "U+E000 unnamed"),
        ("\ud800", "E004", "U+D800 unnamed"),
        ("\ufffe", "E004", "U+FFFE unnamed"),
        ("\uffff", "E004", "U+FFFF unnamed"),
        ("\U0001fffe", "E004", "U+1FFFE unnamed"),
        ("\u202a", "E005", "U+202A left-to-right embedding"),
        ("\u202e", "E005", "U+202E right-to-left override"),
        ("\u2066", "E005", "U+2066 left-to-right isolate"),
        ("\u2069", "E005", "U+2069 pop directional isolate"),
        ("\u200b", "E005", "U+200B zero width space"),
        ("\u200d", "E005", "U+200D zero width joiner"),
        ("\u200e", "E005", "U+200E left-to-right mark"),
        ("\u00ad", "E005", "U+00AD soft hyphen"),
        ("\ufeff", "E005", "U+FEFF zero width no-break space"),
        ("\U000e0041", "E005", "U+E0041 tag latin capital letter a"),
    ],
)
def test_what_is_refused_is_named_with_its_position(char: str, code: str, named: str) -> None:
    assert refused(f"ab{char}c{char}") == (code, 2, named)


@pytest.mark.parametrize(
    "text",
    ["< > & \" '", "≥ ≤ ± × µ μ ² ½ é β", "mm²", "Ångström", "naïve", "日本語", "😀", "a\tb\nc", "\u00a0", "n\u0303"],
)
def test_what_pathologists_write_is_kept(text: str) -> None:
    assert refused(text) is None


@pytest.mark.parametrize(
    "name",
    ["علی\u200cرضا", "می\u200cرود", "ක්\u200dෂ", "ක්\u200dරි", "അവന്\u200d", "ന്\u200d പേര്", "क्\u200cष", "ক্\u200dষ"],
    ids=["Persian", "Persian verb", "Sinhala", "Sinhala vowel", "Malayalam end", "Malayalam", "Hindi", "Bengali"],
)
def test_a_joiner_is_kept_where_spelling_needs_it(name: str) -> None:
    assert refused(name) is None
    assert normal(name) == name


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Smi\u200cth", 3), ("S26\u200d-1", 3), ("\u200cعلی", 0), ("علی\u200c", 3), ("علی\u200c رضا", 3),
        ("ع\u200c\u200cر", 1),
        ("ع\u200dz", 1), ("王\u200d小", 1), ("ש\u200cל", 1), ("क\u200d", 1), ("1\u200cر", 1), ("👩\u200d👩", 1),
    ],
)  # fmt: skip
def test_a_joiner_is_refused_where_it_only_hides(text: str, at: int) -> None:
    found = refused(text)
    assert found
    assert found[:2] == ("E005", at)


@given(st.text(st.sampled_from("\u200c\u200daعکक््ക്ක්ab -1"), max_size=8))
def test_no_joiner_stands_at_a_begin_or_among_latin_letters(text: str) -> None:
    if refused(text) is None:
        for at, char in enumerate(text):
            if char in "\u200c\u200d":
                assert at > 0
                assert text[at - 1] not in "\u200c\u200dab -1"


def test_text_is_composed_but_never_changed_in_meaning() -> None:
    assert normal("e\u0301") == "é"
    assert normal("5/mm²") == "5/mm²"
    assert normal("½ µm ﬁ Ⅳ １２") == "½ µm ﬁ Ⅳ １２"
    assert normal("a\r\nb\rc\td") == "a\nb\nc d"


@given(st.text())
def test_composing_twice_changes_nothing_and_adds_nothing_refused(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert unicodedata.is_normalized("NFC", once)
    if refused(text.replace("\r", "\n")) is None:
        assert refused(once) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Рositive", "Рositive"),
        ("all clear but nоt here", "nоt"),
        ("βcαtenin", "βcαtenin"),
        ("β-catenin", None),
        ("αSMA", None),
        ("SMAβ and α", None),
        ("TCRγδ and TCRαβ", None),
        ("αβTCR", None),
        ("CΟΡ", "CΟΡ"),
        ("Mαrgιn", "Mαrgιn"),
        ("положительно", None),
        ("positive", None),
        ("µm 5 µg", None),
    ],
)
def test_words_that_mix_look_alike_letters_are_found(text: str, word: str | None) -> None:
    assert mixed_script_word(text) == word


@pytest.mark.parametrize(("column", "word"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(column: int, word: str) -> None:
    assert letters(column) == word


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("ok", 1),
        ("… - . !", 0),
        ("known in 2024", 3),
        ("S100-positive cells occur", 3),
        ("the patient’s own words", 4),
        ("肺転移", 3),
        ("известно из истории", 3),
    ],
)
def test_words_are_counted_and_marks_are_not(text: str, number: int) -> None:
    assert count_words(text) == number
