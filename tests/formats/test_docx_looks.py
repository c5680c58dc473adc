"""How a text looks once styles, tables, themes and shapes have had their say."""

from __future__ import annotations

import pytest

from reportgen.formats.docx_looks import AUTO, TemplateLooks, TextLook
from reportgen.formats.docx_xml import W, parsed, words
from tests.formats.word_templates import BODY, cell_xml, good, line_xml, parts_of, with_body, with_style

DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F3F5F"/>'
STYLE = '<w:style w:type="{}" w:styleId="{}"><w:name w:val="{}"/>{}</w:style>'


def _look(data: bytes, text: str = "x") -> TextLook:
    parts = parts_of(data)
    tree = parsed(parts[BODY])
    paragraph = next(each for each in tree.iter(f"{W}p") if words(each) == text)
    return TemplateLooks(parts).of_run(next(paragraph.iter(f"{W}r")), paragraph)


def test_the_nearest_setting_wins() -> None:
    base = STYLE.format("paragraph", "B", "B", '<w:rPr><w:color w:val="111111"/><w:sz w:val="30"/></w:rPr>')
    own = STYLE.format("paragraph", "P", "P", '<w:basedOn w:val="B"/><w:rPr><w:color w:val="222222"/></w:rPr>')
    char = STYLE.format("character", "C", "C", '<w:rPr><w:color w:val="333333"/></w:rPr>')
    data = with_style(base + own + char)
    style, run = '<w:pStyle w:val="P"/>', '<w:rStyle w:val="C"/>'
    seen = [
        _look(with_body(line_xml("x", properties, paragraph), data)).color
        for properties, paragraph in (("", '<w:pStyle w:val="B"/>'), ("", style), (run, style),
                                      (f'{run}<w:color w:val="444444"/>', style))
    ]  # fmt: skip
    assert seen == ["111111", "222222", "333333", "444444"]
    assert _look(with_body(line_xml("x", "", style), data)).length("run", "sz") == 30


def test_the_nearest_ground_counts() -> None:
    cell = cell_xml(line_xml("x"), DARK)
    assert _look(with_body(cell)).grounds == ("1f3f5f",)
    light = '<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>'
    assert _look(with_body(cell_xml(line_xml("x", "", light), DARK))).grounds == ("ffff00",)
    assert _look(with_body(cell_xml(line_xml("x", '<w:highlight w:val="green"/>', light), DARK))).grounds == ("00ff00",)
    assert _look(with_body(cell_xml(cell_xml(line_xml("x")), DARK))).grounds == ("1f3f5f",)
    assert _look(with_body(line_xml("x"))).grounds == ("ffffff",)
    none = '<w:shd w:val="clear" w:color="auto" w:fill="auto"/>'
    assert _look(with_body(cell_xml(line_xml("x", "", none), DARK))).grounds == ("1f3f5f",)


@pytest.mark.parametrize(
    ("shade", "grounds"),
    [
        ('w:val="solid" w:color="0000FF" w:fill="FFFFFF"', ("0000ff",)),
        ('w:val="diagStripe" w:color="0000FF" w:fill="FFFFFF"', ("0000ff", "ffffff")),
        ('w:val="pct50" w:color="auto" w:fill="FFFFFF"', ("000000", "ffffff")),
        ('w:val="clear" w:fill="FFFFFF" w:themeFill="text1"', ("000000",)),
        ('w:val="nil"', ("ffffff",)),
    ],
)
def test_patterns_show_both_their_colors(shade: str, grounds: tuple[str, ...]) -> None:
    assert _look(with_body(line_xml("x", f"<w:shd {shade}/>"))).grounds == grounds


def test_theme_colors_are_worked_out() -> None:
    assert _look(with_body(line_xml("x", '<w:color w:val="auto"/>'))).color == AUTO
    assert _look(with_body(line_xml("x", '<w:color w:val="000000" w:themeColor="background1"/>'))).color == "ffffff"
    half = '<w:color w:val="000000" w:themeColor="text1" w:themeTint="80"/>'
    assert _look(with_body(line_xml("x", half))).color == "7f7f7f"


def test_a_table_style_colors_the_row_that_it_names() -> None:
    head = '<w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:tcPr>' + DARK + "</w:tcPr>"
    style = STYLE.format("table", "T", "T", f"{head}</w:tblStylePr>")
    named = '<w:tblStyle w:val="T"/>'
    look = _look(with_body(cell_xml(line_xml("x"), table=f'{named}<w:tblLook w:firstRow="1"/>'), with_style(style)))
    assert (look.color, look.grounds) == ("ffffff", ("1f3f5f",))
    plain = _look(with_body(cell_xml(line_xml("x"), table=f'{named}<w:tblLook w:firstRow="0"/>'), with_style(style)))
    assert (plain.color, plain.grounds) == (AUTO, ("ffffff",))


def test_styles_that_rest_on_each_other_end() -> None:
    ring = "".join(
        STYLE.format("paragraph", one, one, f'<w:basedOn w:val="{two}"/>') for one, two in (("A", "B"), ("B", "A"))
    )
    assert len(TemplateLooks(parts_of(with_style(ring, good()))).chain("A")) == 2
