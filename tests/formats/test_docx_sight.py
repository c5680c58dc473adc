"""Texts and styles that could not be read, with the value at fault; what common letterheads set passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.word_templates import (
    BODY,
    cell_xml,
    codes,
    filled,
    good,
    line_xml,
    refused,
    told,
    with_body,
    with_header,
    with_style,
)

DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F3F5F"/>'
WHITE = '<w:color w:val="FFFFFF"/>'
_PLACES = {
    '<w:ind w:left="-30000" w:right="25000"/>': "its indent of -1500 points takes it off the page",
    '<w:ind w:left="0" w:hanging="5000"/>': "its indent of -250 points takes it off the page",
    '<w:ind w:right="-9000"/>': "its indent of -450 points takes it off the page",
    '<w:ind w:left="12000"/>': "its indents of 600 and 0 points leave no room for a line",
    '<w:ind w:left="4400" w:right="4400"/>': "its indents of 220 and 220 points leave no room",
    '<w:ind w:leftChars="-9000"/>': "its indent in characters",
    '<w:tabs><w:tab w:val="left" w:pos="31000"/></w:tabs>': "a tab stop at 1550 points lies off the page",
    '<w:spacing w:before="31000"/>': "it keeps 1550 points free",
}  # fmt: skip


@pytest.mark.parametrize("paragraph", _PLACES)
def test_a_text_that_is_moved_off_the_page_is_refused(paragraph: str) -> None:
    (found,) = told(with_body(line_xml("Words", paragraph=paragraph)))
    assert found.startswith(f"T413 {BODY}, paragraph 1: {_PLACES[paragraph]}")


def test_white_on_a_dark_bar_passes_and_its_reverse_does_not() -> None:
    assert told(with_header(cell_xml(line_xml("Our banner {{ report.mark }}", WHITE), DARK))) == []
    assert told(with_body(line_xml("Our banner", WHITE, DARK))) == []
    dark = told(with_body(cell_xml(line_xml("Our banner", '<w:color w:val="000000"/>'), DARK)))
    assert "its color #000000 on #1f3f5f is too pale or too dark" in dark[0]
    assert told(with_body(cell_xml(line_xml("Our banner"), DARK))) == []  # the color that Word chooses


def test_a_placeholder_needs_more_contrast_than_a_letterhead() -> None:
    grey = '<w:color w:val="999999"/>'
    assert told(with_body(line_xml("Accredited", grey))) == []
    assert "(2.8 to 1, 3 is the least)" in told(with_body(line_xml("{{ report.title }}", grey)))[0]


def test_a_raised_placeholder_counts_as_small_as_it_is_printed() -> None:
    raised = '<w:vertAlign w:val="superscript"/><w:sz w:val="16"/>'
    assert told(with_body(line_xml("®", raised))) == []
    assert "its size is 5.2 points" in told(with_body(line_xml("{{ report.title }}", raised)))[0]


def test_a_block_on_a_dark_ground_is_refused() -> None:
    found = told(with_body(cell_xml(line_xml("{{p block.gross }}"), DARK)))
    assert "a block of the report would be on a dark background (#1f3f5f)" in found[0]
    light = DARK.replace("1F3F5F", "F4F4F4")
    assert told(with_body(cell_xml(line_xml("{{p block.gross }}"), light))) == []


def _own(kind: str, name: str, properties: str) -> bytes:
    return with_style(f'<w:style w:type="{kind}" w:styleId="Own"><w:name w:val="{name}"/>{properties}</w:style>')


_STYLES = {
    ("paragraph", "Pair Answer", '<w:rPr><w:color w:val="1A1D21"/><w:shd w:val="clear" w:fill="1A1D21"/></w:rPr>'):
        "its color #1a1d21 on #1a1d21",
    ("paragraph", "Diagnosis", "<w:rPr><w:dstrike/></w:rPr>"): "it is struck through twice",
    ("paragraph", "Notice State", '<w:pPr><w:ind w:left="-30000" w:right="25000"/></w:pPr>'): "its indent of -1500",
    ("paragraph", "Notice Gap", '<w:pPr><w:ind w:left="5000"/></w:pPr>'): "it is indented by 250 and 0 points",
    ("paragraph", "Cell", '<w:pPr><w:spacing w:before="5000"/></w:pPr>'): "it keeps 250 points free around it",
    ("paragraph", "specimen", '<w:rPr><w:sz w:val="2"/></w:rPr>'): "its size is 1 points",
    ("character", "Gap", '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>'): "its color #ffffff on #ffffff",
    ("character", "State Mark", "<w:rPr><w:outline/></w:rPr>"): "it is hollow",
    ("table", "Pairs", '<w:tblStylePr w:type="band1Horz"><w:tcPr><w:shd w:val="clear" w:fill="1A1D21"/></w:tcPr>'
     "</w:tblStylePr>"): "on #1a1d21",
}  # fmt: skip


@pytest.mark.parametrize("style", _STYLES, ids=lambda style: style[1])
def test_a_style_of_ours_that_hides_is_named(style: tuple[str, str, str], tmp_path: Path) -> None:
    found = refused(tmp_path / "lab", _own(*style))
    assert codes(found) == {"T422"}
    assert all(f"style “{style[1]}”" in each.path for each in found)
    assert any(_STYLES[style] in each.message for each in found), found


def test_what_normal_text_is_set_to_reaches_our_styles(tmp_path: Path) -> None:
    data = good(lambda document: setattr(document.styles["Normal"].font, "strike", True))
    found = refused(tmp_path / "lab", data)
    assert any("struck through" in each.message for each in found)


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("Diagnosis", '<w:pPr><w:ind w:left="200"/></w:pPr><w:rPr><w:caps/><w:color w:val="0B4F3C"/></w:rPr>'),
        ("Pair Answer", '<w:rPr><w:sz w:val="18"/><w:shd w:val="clear" w:fill="F4F4F4"/></w:rPr>'),
        (
            "Notice State",
            '<w:pPr><w:shd w:val="clear" w:fill="1F3F5F"/></w:pPr><w:rPr><w:color w:val="FFFFFF"/></w:rPr>',
        ),
    ],
)
def test_a_style_of_ours_may_look_otherwise(name: str, properties: str, tmp_path: Path) -> None:
    assert filled(tmp_path / "lab", _own("paragraph", name, properties))
