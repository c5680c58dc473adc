"""Text boxes and pictures that could cover, turn or carry off words; those of common letterheads pass."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest
from PIL import Image

from tests.formats.word_templates import (
    BODY,
    box_xml,
    good,
    line_xml,
    parts_of,
    saved,
    told,
    with_body,
    with_part,
)

DARK = '<a:solidFill><a:srgbClr val="1F3F5F"/></a:solidFill>'
WORDS = line_xml("Accredited by the Example Board")
_REFUSED = {
    box_xml(WORDS, at=(-900, 100)): "a text box lies off the page (-900 points from the left)",
    box_xml(WORDS, at=(100, 4000)): "a text box lies off the page (4000 points from the top)",
    box_xml(WORDS, at=(500, 100)): "a text box lies off the page (500 points from the left)",
    box_xml(WORDS, at=(-400, 0), relative="margin"): "a text box lies off the page",
    box_xml(WORDS, turned='rot="5400000"'): "the text of a box is turned or mirrored",
    box_xml(WORDS, turned='flipV="1"'): "the text of a box is turned or mirrored",
    box_xml(WORDS, attributes='vert="vert270"'): "the text of a box runs up or down",
    box_xml(WORDS, body='<a:prstTxWarp prst="textWave1"/>'): "the text of a box is bent",
    box_xml(WORDS, size=(20, 20)): "a text box leaves 6 points for its text",
    box_xml(WORDS, fill='<a:solidFill><a:srgbClr val="101010"/></a:solidFill>', behind="1"): "a dark shape lies behind",
    box_xml(WORDS, fill="<a:gradFill/>", behind="1"): "a dark shape lies behind the words",
    box_xml(WORDS, needs="foo"): "content of which programs show one version or another",
    box_xml(WORDS).replace('id="9"', 'id="9" hidden="1"'): "a text box is hidden",
    box_xml(WORDS).replace("<wps:txbx>", '<wps:linkedTxbx id="1" seq="1"/><wps:txbx>'): "goes on in another one",
    box_xml(WORDS).replace('Shape">', 'Canvas">'): "a chart, diagram or other drawing",
}  # fmt: skip


@pytest.mark.parametrize("xml", _REFUSED)
def test_a_box_that_hides_its_text_or_another_is_refused(xml: str) -> None:
    found = told(with_body(xml))
    assert any(_REFUSED[xml] in each and each[5:].startswith(f"{BODY}, paragraph 1: ") for each in found), found


@pytest.mark.parametrize(
    "xml",
    [
        box_xml(WORDS),
        box_xml(WORDS, at=(20, 10)),
        box_xml(WORDS, relative="margin", at=(0, -30)),
        box_xml(WORDS, fill='<a:solidFill><a:srgbClr val="F2F2F2"/></a:solidFill>', behind="1"),
        box_xml(line_xml("White", '<w:color w:val="FFFFFF"/>'), fill=DARK),
        box_xml(line_xml("{{ report.patient }}"), attributes='rot="0" vert="horz"'),
    ],
)  # fmt: skip
def test_the_boxes_of_letterheads_pass(xml: str) -> None:
    assert told(with_body(xml)) == []


def test_the_words_of_a_box_are_read_on_its_own_ground() -> None:
    found = told(with_body(box_xml(line_xml("Dark", '<w:color w:val="000000"/>'), fill=DARK)))
    assert "its color #000000 on #1f3f5f is too pale or too dark" in found[0]
    styled = (
        '<wps:style><a:lnRef idx="1"/><a:fillRef idx="1"><a:srgbClr val="FFFFFF"/></a:fillRef><a:effectRef idx="0"/>'
        '<a:fontRef idx="minor"><a:srgbClr val="FFFFFF"/></a:fontRef></wps:style>'
    )
    assert "#ffffff on #ffffff" in told(with_body(box_xml(line_xml("White"), style=styled)))[0]


def _pictured(color: tuple[int, int, int], behind: str) -> bytes:
    """A template with a picture in its header that lies in front of the words, or behind them."""
    picture = BytesIO()
    Image.new("RGB", (40, 20), color).save(picture, "PNG")
    document = docx.Document(BytesIO(good()))
    document.sections[0].header.add_paragraph().add_run().add_picture(picture)
    data, name = saved(document), "word/header1.xml"
    place = "".join(
        f'<wp:position{axis} relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:position{axis}>' for axis in "HV"
    )
    head = re.sub(
        r"<wp:inline([^>]*)>(.*?<wp:extent[^>]*/>)",
        rf'<wp:anchor\1 behindDoc="{behind}"><wp:simplePos x="0" y="0"/>{place}\2<wp:wrapNone/>',
        parts_of(data)[name].decode(), flags=re.DOTALL,
    )  # fmt: skip
    return with_part(data, name, head.replace("</wp:inline>", "</wp:anchor>"))


def test_a_picture_behind_the_words_must_be_light() -> None:
    assert "a picture that is dark" in told(_pictured((10, 80, 160), "1"))[0]
    assert told(_pictured((240, 245, 250), "1")) == []
    assert told(_pictured((10, 80, 160), "0")) == []  # the text flows around it
