"""Values that programs read in different ways, or that carry words off a page, are refused with place and value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.word_templates import (
    BODY,
    box_xml,
    cell_xml,
    changed_part,
    good,
    let_in,
    line_xml,
    told,
    with_body,
    with_style,
)

GOOD = good()
WORDS = "{{ report.title }}"
SETTINGS = "word/settings.xml"
_RUNS = {
    '<w:sz w:val="1pt"/>': "“1pt” is not a plain number (sz, val)", '<w:sz w:val=" 2"/>': "is not a plain number",
    '<w:sz w:val="+2"/>': "is not a plain number", '<w:w w:val=" 1"/>': "is not a plain number",
    '<w:color w:val="#FFFFFF"/>': "the color “#FFFFFF” is not written as six digits",
    '<w:color w:val="white"/>': "is not written as six digits", '<w:sz w:val="400"/>': "its size is 200 points",
    '<w:b/><w:b w:val="0"/>': "b is set twice in one place", "<w:rtl/>": "from right to left",
    '<w:bdr w:val="single" w:sz="255" w:space="0"/>': "a border is 31.875 points wide",
    '<w:w w:val="50"/><w:spacing w:val="-33"/>': "its letters are set",
    '<w:smallCaps/><w:sz w:val="13"/>': "its size is 5.2 points",
}  # fmt: skip
_PARAGRAPHS = {
    '<w:ind w:left="-1500pt"/>': "is not a plain number (ind, left)",
    '<w:spacing w:before="-200"/>': "spacing before is -200",
    '<w:spacing w:line="-240" w:lineRule="exact"/>': "spacing line is -240", "<w:bidi/>": "from right to left",
    '<w:spacing w:line="31680" w:lineRule="atLeast"/>': "spacing line is 31680",
    '<w:spacing w:beforeLines="30000"/>': "spacing beforeLines is 30000",
}  # fmt: skip
_TABLES = {
    cell_xml(line_xml("x"), '<w:gridSpan w:val="60"/>'): "a row takes 60 columns of a table that has 1",
    cell_xml(line_xml("x"), '<w:tcMar><w:left w:w="6000" w:type="dxa"/></w:tcMar>'): "left w is 6000",
    cell_xml(line_xml("x"), table='<w:tblInd w:w="-20000" w:type="dxa"/>'): "tblInd w is -20000",
    cell_xml(line_xml("x"), table='<w:tblLayout w:type="fixed"/>', width=30000): "a table is 1500 points wide",
    cell_xml(line_xml(WORDS), table="<w:bidiVisual/>"): "runs from right to left",
    cell_xml(line_xml("x"), '<w:tcBorders><w:tl2br w:val="single" w:sz="96"/></w:tcBorders>'): "a border is 12 points",
}  # fmt: skip


@pytest.mark.parametrize("properties", _RUNS)
def test_a_value_of_a_run_that_is_not_plain_is_refused(properties: str) -> None:
    found = told(with_body(line_xml(WORDS, properties), GOOD))
    assert any(f"{BODY}, paragraph 1: " in each and _RUNS[properties] in each for each in found), found


@pytest.mark.parametrize("properties", _PARAGRAPHS)
def test_a_value_of_a_paragraph_that_is_not_plain_is_refused(properties: str) -> None:
    found = told(with_body(line_xml(WORDS, paragraph=properties), GOOD))
    assert any(f"{BODY}, paragraph 1: " in each and _PARAGRAPHS[properties] in each for each in found), found


@pytest.mark.parametrize("xml", _TABLES)
def test_a_table_that_leads_off_the_page_is_refused(xml: str) -> None:
    found = told(with_body(xml, GOOD))
    assert any(_TABLES[xml] in each for each in found), found


def test_a_value_of_a_style_is_named_with_it() -> None:
    size = '<w:rPr><w:sz w:val="1pt"/></w:rPr>'
    style = f'<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quiet"/>{size}</w:style>'
    (found,) = told(with_style(style, GOOD))
    assert found.startswith("T413 word/styles.xml, style “Quiet”: “1pt” is not a plain number (sz, val)")


def test_two_styles_of_one_id_or_two_defaults_are_refused() -> None:
    style = '<w:style w:type="paragraph" %s><w:name w:val="N2"/></w:style>'
    assert "two styles have one id" in told(with_style(style % 'w:styleId="Header"', GOOD))[0]
    assert "two styles have one default" in told(with_style(style % 'w:default="1" w:styleId="N2"', GOOD))[0]


def test_settings_that_no_page_needs_are_left_out() -> None:
    more = '<w:docVars><w:docVar w:name="x" w:val="FINAL"/></w:docVars><w:evil/><w:trackRevisions/>words'
    kept = let_in(changed_part(GOOD, SETTINGS, "</w:settings>", f"{more}<w:evenAndOddHeaders/></w:settings>"))[SETTINGS]
    assert not any(each in kept for each in (b"FINAL", b"evil", b"trackRevisions", b"words"))
    assert b"evenAndOddHeaders" in kept


def test_a_box_at_the_foot_of_the_page_is_refused() -> None:
    assert "a text box lies off the page" in told(with_body(box_xml(line_xml(WORDS), at=(330, 780)), GOOD))[0]


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(["sz", "w", "spacing", "position", "kern"]), st.text("0123456789+- .%ptm", max_size=6))
def test_whatever_passes_as_a_number_is_plain(tag: str, said: str) -> None:
    if not told(with_body(line_xml(WORDS, f'<w:{tag} w:val="{said}"/>'), GOOD)):
        assert re.fullmatch(r"(-?[0-9]+(\.[0-9]+)?%?)?", said)
