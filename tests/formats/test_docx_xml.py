"""Lengths, switches and paragraphs as the parts of a Word file spell them."""

from __future__ import annotations

import pytest

from reportgen.formats.docx_xml import FILLED, WORD, is_on, local, number, paragraphs, parsed, points, serialized, words
from reportgen.formats.docx_xml import value as value_of

BODY = (
    f'<w:body xmlns:w="{WORD}"><w:p><w:r><w:t>one </w:t></w:r><w:r><w:t>line</w:t><w:b w:val="0"/><w:i/></w:r></w:p>'
    "<!-- no --><w:p><w:r><w:t>out</w:t><w:x><w:p><w:r><w:t>in</w:t></w:r></w:p></w:x></w:r></w:p></w:body>"
)


@pytest.mark.parametrize(
    ("text", "expected"), [("240", 12), ("12pt", 12), ("1in", 72), ("2.54cm", 72), ("-20", -1), ("", 7), ("x", 7)]
)
def test_lengths_come_in_twips_or_with_a_unit(text: str, expected: float) -> None:
    assert points(text, 7) == pytest.approx(expected)


@pytest.mark.parametrize(("text", "expected"), [("12", 12), ("-1.5", -1.5), ("", None), ("1e5", None), ("٣", None)])
def test_numbers_are_plain(text: str, expected: float | None) -> None:
    assert number(text) == expected


def test_a_paragraph_has_its_own_words_and_a_number() -> None:
    tree = parsed(BODY.encode())
    assert [(words(each), where) for each, where in paragraphs(tree, "part")] == [
        ("one line", "part, paragraph 1"), ("out", "part, paragraph 2"), ("in", "part, paragraph 3"),
    ]  # fmt: skip
    assert [local(each) for each in tree] == ["p", "", "p"]
    assert parsed(serialized(tree)).tag == tree.tag


def test_a_switch_is_on_unless_it_says_no() -> None:
    tree = parsed(BODY.encode())
    bold, italic = (next(tree.iter(f"{{{WORD}}}{name}")) for name in "bi")
    assert [is_on(bold), is_on(italic), is_on(None)] == [False, True, False]
    assert [value_of(bold), value_of(italic), value_of(None)] == ["0", "", ""]


def test_the_parts_with_words_are_known() -> None:
    names = ("word/document.xml", "word/header12.xml", "word/footer1.xml", "word/footnotes.xml", "word/endnotes.xml")
    assert all(FILLED.match(name) for name in names)
    assert not any(FILLED.match(name) for name in ("word/styles.xml", "word/headers.xml", "x/word/document.xml"))
