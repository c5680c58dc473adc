"""What a list writes before a placeholder cannot be read with the answer."""

from __future__ import annotations

import re

import pytest

from tests.formats.word_templates import good, line_xml, parts_of, told, with_body, with_part

GOOD = good()
WORDS = "{{ report.title }}"


@pytest.mark.parametrize("sign", ["-", "¬", "X", "0", "✓", "– "])
def test_a_sign_of_a_list_that_could_be_read_with_an_answer_is_refused(sign: str) -> None:
    assert any("a list writes" in each for each in told(_listed("bullet", sign)))
    assert told(_listed("bullet", "•")) == []


def test_a_number_of_a_list_needs_its_point() -> None:
    assert any("a list writes “%1”" in each for each in told(_listed("decimal", "%1")))
    assert told(_listed("decimal", "%1.")) == []


def _listed(kind: str, sign: str) -> bytes:
    """A template with a placeholder in a list."""
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/><w:lvlText w:val="{sign}"/></w:lvl>'
    part = parts_of(GOOD)["word/numbering.xml"].decode()
    part = re.sub(
        "(<w:numbering[^>]*>)", rf'\1<w:abstractNum w:abstractNumId="77">{level}</w:abstractNum>', part, count=1
    )
    part = part.replace("</w:numbering>", '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num></w:numbering>')
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'
    return with_body(line_xml(WORDS, paragraph=numbered), with_part(GOOD, "word/numbering.xml", part))
