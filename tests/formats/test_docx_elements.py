"""Elements, settings, lists and fields that a template may not hold, each with its place and what to do."""

from __future__ import annotations

import pytest

from tests.formats.word_templates import (
    BODY,
    cell_xml,
    changed_part,
    good,
    line_xml,
    run_xml,
    told,
    with_body,
    with_part,
    with_style,
)

V = 'xmlns:v="urn:schemas-microsoft-com:vml"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_REFUSED = {
    "<w:p><w:r><w:rPr><w:t>FINAL</w:t></w:rPr><w:t>x</w:t></w:r></w:p>": "something that no letter needs (t)",
    "<w:p><w:t>FINAL</w:t></w:p>": "something that no letter needs (t)",
    f"<w:p><w:pPr>{run_xml('x')}</w:pPr></w:p>": "something that no letter needs (r)",
    f"<w:p><w:r><w:pict {V}><v:rect fillcolor='white'/></w:pict></w:r></w:p>": "a drawing of the old kind (VML)",
    f"<w:p><w:r><w:pict {V}><v:imagedata src='https://evil.example/x.png'/></w:pict></w:r></w:p>": "(VML)",
    line_xml("x", paragraph='<w:framePr w:w="1"/>'): "a text frame is not offered (use a table or a text box)",
    line_xml("x", '<w:fitText w:val="10"/>'): "text squeezed to a width",
    line_xml("x", '<w:eastAsianLayout w:combine="1"/>'): "text set as two lines in one",
    line_xml("x", '<w:effect w:val="sparkle"/>'): "animated text",
    line_xml("x", '<w:em w:val="dot"/>'): "emphasis marks",
    line_xml("x", paragraph='<w:textDirection w:val="btLr"/>'): "text that runs up or down",
    cell_xml(line_xml("x"), '<w:textDirection w:val="tbRl"/>'): "text that runs up or down",
    cell_xml(line_xml("x"), "<w:tcFitText/>"): "text squeezed to the width of its cell",
    cell_xml(line_xml("x"), row="<w:hidden/>"): "a hidden row",
    cell_xml(line_xml("x"), "<w:vMerge/>"): "words are in a cell that is merged into another",
    cell_xml(line_xml("x"), '<w:hMerge w:val="continue"/>'): "words are in a cell that is merged into another",
    f"<w:p><w:bdo w:val='rtl'>{run_xml('x')}</w:bdo></w:p>": "text turned against its direction",
    "<w:p><w:r><w:ruby/></w:r></w:p>": "a phonetic guide",
    "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r></w:p>": "a symbol from a font of pictures",
    f"<w:p><m:oMath {M}><m:r><m:t>x</m:t></m:r></m:oMath></w:p>": "a formula",
    f"<w:p><w:r><mc:AlternateContent {MC}><mc:Choice xmlns:foo='urn:foo' Requires='foo'><w:t>x</w:t></mc:Choice>"
    "<mc:Fallback><w:t>FINAL</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>": "one version or another",
    f"<w:p><w:r><mc:AlternateContent {MC}><mc:Choice xmlns:wps='urn:foo' Requires='wps'><w:drawing/></mc:Choice>"
    "<mc:Fallback><w:t>FINAL</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>": "one version or another",
    f"<w:p><foo:bar xmlns:foo='urn:foo'>{run_xml('x')}</foo:bar></w:p>": "something that no letter needs (bar)",
    "<w:p><w:r><w:dayLong/></w:r></w:p>": "something that no letter needs (dayLong)",
    "<w:p>{{ report.title }}</w:p>": "words or a placeholder are outside the text",
    line_xml("x", '<w:color w:val="{{ report.title }}"/>'): "words or a placeholder are outside the text",
}  # fmt: skip


@pytest.mark.parametrize("xml", _REFUSED)
def test_what_is_not_listed_is_refused_with_its_paragraph(xml: str) -> None:
    found = told(with_body(xml))
    assert len(found) == 1
    assert found[0].startswith(
        (f"T414 {BODY}, paragraph 1: ", f"T413 {BODY}, paragraph 1: ", f"T408 {BODY}, paragraph 1")
    )
    assert _REFUSED[xml] in found[0]


@pytest.mark.parametrize(
    ("property", "code"),
    [("<w:fitText/>", "T414"), ("<w:em w:val='dot'/>", "T414"), ("<w:x/>", "T414"), ("<w:vanish/>", "T413")],
)
def test_a_style_is_named_that_hides_or_has_a_setting_not_listed(property: str, code: str) -> None:
    style = f'<w:style w:type="character" w:styleId="X"><w:name w:val="Odd one"/><w:rPr>{property}</w:rPr></w:style>'
    (found,) = told(with_style(style))
    assert found.startswith(f"{code} word/styles.xml, style “Odd one”: ")


def _field(code: str, result: str = "1", before: str = "") -> str:
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>{before}'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run_xml(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


_FIELDS = {
    _field(" PAGE ", "{{ report.mark }}"): "words for a placeholder are inside a field",
    _field(" PAGE ", "FINAL REPORT"): "words are inside a page number, which replaces them",
    _field(" PAGE ", "1", run_xml("{{ report.mark }}")): "words are in the code of a field",
    _field(' PAGE \\# "FINAL"'): "the field PAGE is not offered",
    _field(" PAGE \\* CardText"): "the field PAGE is not offered",
    _field(' STYLEREF "Diagnosis"'): "the field STYLEREF is not offered",
    _field(" REF other"): "the field REF is not offered",
    _field(
        " DATE "
    ): "the field DATE is not offered: it shows another day on another day (delete it: the report prints",
    _field(" PRINTDATE "): "the field PRINTDATE is not offered: it shows another day",
    _field(' HYPERLINK "file:////evil.example/share/x.exe" ', "page"): "leads to “file:////evil.example/share/x.exe”",
    _field(' HYPERLINK "http://example.org" ', "page"): "leads to “http://example.org”, which is neither",
    _field(" HYPERLINK \\\\\\\\evil\\\\share ", "page"): "the field HYPERLINK leads to",
    _field(' HYPERLINK "https://example.org" ', "{{ report.mark }}"): "words for a placeholder are inside a field",
    f'<w:p><w:fldSimple w:instr=" PAGE ">{run_xml("{{ report.mark }}")}</w:fldSimple></w:p>': "are inside a field",
    f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{run_xml("x")}</w:p>': "words are in the code of a field",
}


@pytest.mark.parametrize("xml", _FIELDS)
def test_a_field_that_shows_other_words_is_refused(xml: str) -> None:
    found = told(with_body(xml))
    assert any(each.startswith(f"T414 {BODY}, paragraph 1: ") and _FIELDS[xml] in each for each in found), found


@pytest.mark.parametrize(
    "xml",
    [
        _field(" PAGE ", "3"), _field(" NUMPAGES  \\* MERGEFORMAT ", "12"), _field(" PAGE \\* roman ", "iv"),
        _field(' HYPERLINK "https://example.org/a?b=c" \\o "Tip" ', "our page"),
        _field(' HYPERLINK \\l "top" ', "up"), _field(' HYPERLINK "mailto:desk@example.org"', "mail"),
    ],
)  # fmt: skip
def test_page_numbers_and_links_pass(xml: str) -> None:
    assert told(with_body(xml)) == []


def _list(text: str, kind: str = "bullet") -> bytes:
    level = (
        f'<w:abstractNum w:abstractNumId="900"><w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        "</w:lvl></w:abstractNum>"
    )
    data = good()
    at = "<w:num " if b"<w:num " in _numbering(data) else "</w:numbering>"
    return changed_part(data, "word/numbering.xml", at, level + at)


def _numbering(data: bytes) -> bytes:
    from tests.formats.word_templates import parts_of

    return parts_of(data)["word/numbering.xml"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("No evidence of ", "bullet"),
        ("Final %1", "decimal"),
        ("not", "none"),
        ("%1", "hebrew1"),
        ("%1.", "cardinalText"),
    ],
)
def test_a_list_that_writes_words_is_refused(text: str, kind: str) -> None:
    found = told(_list(text, kind))
    assert len(found) == 1
    assert found[0].startswith("T414 word/numbering.xml: a list writes ")
    assert (text if kind in ("bullet", "decimal", "none") else kind) in found[0]


@pytest.mark.parametrize(("text", "kind"), [("•", "bullet"), ("o", "bullet"), ("%1.%2)", "decimal"), ("–", "bullet")])
def test_a_list_with_bullets_or_numbers_passes(text: str, kind: str) -> None:
    assert told(_list(text, kind)) == []


def test_words_in_a_part_that_no_page_leads_to_are_refused() -> None:
    (found,) = told(with_part(good(), "word/extra.xml", "<a>words</a>"))
    assert found.startswith("T414 word/extra.xml: ")
