"""The fonts of further scripts: what is written down of them is true, and every script of the list can be printed."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from reportgen import template_files
from reportgen.findings import FindingsError
from reportgen.formats import fallback
from reportgen.formats.fallback import LATIN, UNDRAWN, Fallback, fallbacks, has_mark, named, needed
from reportgen.formats.fonts import coverage

NAMES = {
    "Chinese": "王小明 喆堃玥 𠮷", "Japanese": "高橋 はなこ 﨑", "Korean": "김서연", "Arabic": "محمد العلي",
    "Hebrew": "כהן, דוד", "Persian": "علی\u200cرضا", "Thai": "สมชาย ใจดี", "Hindi": "श्रीमती नमस्ते", "Georgian": "გიორგი",
    "Armenian": "Աննա", "Yoruba": "Ọlọ́runtóbi Ọ̀ṣun", "Guarani": "G̃uarani", "Lithuanian": "J̇onas", "Navajo": "Hastą́ą́ Ǫ́",
    "Sinhala": "ක්\u200dරිස්ටි", "Malayalam": "അവന്\u200d", "Tamil": "தமிழ்", "Telugu": "తెలుగు", "Kannada": "ಕನ್ನಡ",
    "Bengali": "বাংলা ক্ষ", "Gujarati": "ગુજરાતી", "Punjabi": "ਪੰਜਾਬੀ", "Odia": "ଓଡ଼ିଆ", "Khmer": "ភាសា", "Burmese": "မြန်မာ",
    "Lao": "ລາວ", "Tibetan": "བོད", "Amharic": "አማርኛ", "Mongolian": "ᠮᠣᠩᠭᠣᠯ", "Cherokee": "ᏣᎳᎩ", "Cree": "ᓀᐦᐃᔭᐍᐏᐣ",
    "Syriac": "ܣܘܪܝܝܐ", "Dhivehi": "ދިވެހި", "N'Ko": "ߒߞߏ", "Fulani": "𞤀𞤣𞤤𞤢𞤥", "Greek": "Ελένη", "Russian": "Ольга",
}  # fmt: skip


@pytest.mark.parametrize("font", fallbacks(), ids=lambda font: font.name)
def test_every_face_has_what_is_written_down_and_is_as_wide(font: Fallback) -> None:
    for path in font.files().values():
        with TTFont(path, lazy=True) as opened:
            known, em = opened.getBestCmap(), int.from_bytes(opened.reader["head"][18:20], "big")
            assert set(map(ord, font.widths)) <= set(known)
            for char, wide in font.widths.items():
                assert opened["hmtx"][known[ord(char)]][0] * 1000 <= wide * em
            assert opened["name"].getDebugName(1) == font.name
            assert "fpgm" not in opened


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_names_of_every_script_need_no_further_font(name: str) -> None:
    assert needed(set(unicodedata.normalize("NFC", name)) - coverage())[1] == frozenset()


def test_each_font_lies_alone_in_its_folder_and_its_licence_beside_them() -> None:
    for font in fallbacks():
        assert {path.name for path in (template_files.folder() / "fonts" / font.name).iterdir()} == {
            path.name for path in font.files().values()
        }
    texts = [
        (template_files.folder() / "fonts" / name).read_text(encoding="utf-8") for name in ("OFL.txt", "Apache-2.0.txt")
    ]
    assert "SIL OPEN FONT LICENSE Version 1.1" in texts[0]
    assert "Apache License" in texts[1]
    sources = (template_files.folder() / "fonts/SOURCES.txt").read_text(encoding="utf-8")
    assert all(f"{font.name}-{face}: " in sources for font in fallbacks() for face in font.faces)


def test_a_letter_with_a_mark_that_unicode_has_not_composed_is_one_glyph() -> None:
    with TTFont(named(LATIN).files()["regular"]) as font:
        ligatures = font["GSUB"].table.LookupList.Lookup[0].SubTable[0].ligatures
        known = font.getBestCmap()
        for pair in ("Ọ̀", "ọ́", "J̇", "G̃", "g̃", "Ǫ́", "ą́", "Ẹ̀", "ɛ̀", "ŋ́"):
            letter, mark = (known[ord(char)] for char in unicodedata.normalize("NFC", pair))
            assert [each for each in ligatures[letter] if each.Component == [mark]], pair


def test_marks_are_known() -> None:
    assert has_mark("Ọ̀")
    assert not has_mark("Ọọ")
    assert all(unicodedata.combining(char) for char in map(chr, range(0x300, 0x34F)))
    assert not any(map(has_mark, coverage()))


@given(st.text(st.sampled_from([*"abc", *NAMES["Arabic"], *NAMES["Chinese"], "\U00012000", "\u200d", "\u0301"])))
def test_what_no_font_has_is_what_stands_in_none(text: str) -> None:
    names, left = needed(text)
    assert left == {char for char in text if not any(char in font.widths for font in fallbacks())} - UNDRAWN
    order = [font.name for font in fallbacks()]
    assert all(order.index(one) < order.index(two) for one, two in pairwise(names))


def test_nothing_is_read_for_a_text_that_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallback, "fallbacks", lambda: pytest.fail("read"))
    assert needed("") == ((), frozenset())


def test_a_missing_list_or_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    font = named(LATIN)
    monkeypatch.setattr(template_files, "exists", lambda _: False)
    with pytest.raises(FindingsError, match="S603"):
        font.files()
    fallbacks.cache_clear()
    with pytest.raises(FindingsError, match="S603"):
        fallbacks()
