"""A header or footer leaves room for the report."""

from __future__ import annotations

from tests.formats.word_templates import good, line_xml, told, with_header

GOOD = good()


def test_a_header_that_fills_the_page_is_refused() -> None:
    assert "points high on a page of 792" in told(with_header(line_xml("Ours") * 60, GOOD))[0]
    empty = '<w:p><w:pPr><w:spacing w:before="14000"/></w:pPr></w:p>'
    assert "points high on a page of 792" in told(with_header(empty, GOOD))[0]
    assert told(with_header(line_xml("Ours") * 4, GOOD)) == []
