"""What is taken out of a template, or made to grow, so that a reader loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.word_templates import (
    BODY,
    TYPES,
    box_xml,
    cell_xml,
    filled,
    first,
    good,
    let_in,
    line_xml,
    part_named,
    parts_of,
    run_xml,
    text_of,
    told,
    tree_of,
    with_body,
    with_header,
    with_part,
    with_relation,
    with_style,
    with_type,
)

MARK = "{{ report.mark }} {{ report.patient }}"
BOUND = (
    '<w:sdtPr><w:alias w:val="Patient"/><w:dataBinding w:xpath="/r/p" w:storeItemID="{1}"/><w:showingPlcHdr/><w:text/>'
    "</w:sdtPr><w:sdtContent>"
)


def _body(data: bytes) -> str:
    return let_in(data)[BODY].decode()


def test_a_bound_control_becomes_the_text_it_holds(tmp_path: Path) -> None:
    inline = f"<w:p><w:sdt>{BOUND}{run_xml(MARK)}</w:sdtContent></w:sdt></w:p>"
    whole = f"<w:sdt>{BOUND}{line_xml(MARK)}</w:sdtContent></w:sdt>"
    made = filled(tmp_path / "lab", with_header(inline + whole))
    head = parts_of(made)[part_named(made, "header")]
    assert b"sdt" not in head
    assert b"dataBinding" not in head
    assert text_of(made, part_named(made, "header")).count("DRAFT") == 3


def test_smart_tags_and_remarks_of_the_proof_reader_do_not_tear_a_placeholder(tmp_path: Path) -> None:
    torn = (
        f"<w:p>{run_xml('{{ report')}<w:proofErr w:type='spellStart'/><w:smartTag w:element='place'>"
        f"<w:smartTagPr/>{run_xml('.title')}</w:smartTag>{run_xml(' }}!')}</w:p>"
    )
    assert "!" in text_of(filled(tmp_path / "lab", with_body(torn)))[:60]


def test_special_spaces_in_a_placeholder_become_plain_ones() -> None:
    typed = "10\u00a0mm {{\u00a0report.title\u2009}} {%\u202fif report.title %}x{% endif %}"
    assert "10\u00a0mm {{ report.title }} {% if report.title %}x{% endif %}" in _body(good(first(typed)))
    assert "{{p block.gross }}" in _body(good(first("{{p\u00a0block.gross\u00a0}}")))


def test_rows_and_lines_of_one_height_grow() -> None:
    row = cell_xml(line_xml("Words"), row='<w:trHeight w:val="300" w:hRule="exact"/>')
    line = line_xml("Words", paragraph='<w:spacing w:line="20" w:lineRule="exact"/>')
    squeezed = line_xml("Words", paragraph='<w:spacing w:line="12" w:lineRule="auto"/>')
    kept = _body(with_body(row + line + squeezed))
    assert "exact" not in kept
    assert kept.count("atLeast") == 2
    assert 'w:line="240" w:lineRule="auto"' in kept
    spacing = '<w:pPr><w:spacing w:line="9" w:lineRule="exact"/></w:pPr>'
    style = f'<w:style w:type="paragraph" w:styleId="T"><w:name w:val="T"/>{spacing}</w:style>'
    assert b"exact" not in let_in(with_style(style))["word/styles.xml"]


def test_a_row_with_a_block_may_go_over_a_page() -> None:
    cells = [cell_xml(line_xml(text), row="<w:cantSplit/>") for text in ("{{p block.gross }}", "Words")]
    assert _body(with_body("".join(cells))).count("cantSplit") == 1


def test_a_text_box_grows_and_text_flows_around_it() -> None:
    kept = _body(with_body(box_xml(line_xml("Accredited"))))
    assert "spAutoFit" in kept
    assert "noAutofit" not in kept
    assert 'wrapSquare wrapText="bothSides"' in kept
    assert "wrapNone" not in kept
    assert 'wrap="square"' in kept
    assert "Fallback" not in kept


def test_what_only_editors_see_is_left_out(tmp_path: Path) -> None:
    comment = '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    data = with_body(
        f'<w:p><w:commentRangeStart w:id="0"/>{run_xml("Words")}<w:commentRangeEnd w:id="0"/><w:r>'
        '<w:commentReference w:id="0"/></w:r></w:p>'
    )
    data = with_type(with_part(data, "word/comments.xml", comment), "word/comments.xml", "application/x+xml")
    data = with_relation(data, "comments", "comments.xml")
    label = "docMetadata/LabelInfo.xml"
    data = with_type(with_part(data, label, "<a/>"), label, "application/vnd.ms-office.classificationlabels+xml")
    kind = "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels"
    data = with_relation(data, kind, label, part="_rels/.rels")
    made = parts_of(filled(tmp_path / "lab", data))
    assert not [name for name in made if "comment" in name or "docMetadata" in name or "customXml" in name]
    assert b"comments" not in made[TYPES] + made["word/_rels/document.xml.rels"]
    assert b"commentR" not in made[BODY]
    assert b"classification" not in made[TYPES] + made["_rels/.rels"]


def test_effects_of_later_versions_are_left_out() -> None:
    empty = (
        '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:noFill/></w14:textFill>'
    )
    assert "textFill" not in _body(with_body(line_xml("Words", empty)))


def test_a_floating_table_lies_in_the_text() -> None:
    table = cell_xml(line_xml("Words"), table='<w:tblpPr w:tblpX="-20000" w:tblpY="1"/>')
    assert "tblpPr" not in _body(with_body(table))


@pytest.mark.parametrize("xml", ["", line_xml("Words", "<w:b/>"), cell_xml(line_xml("Words"))])
def test_a_part_in_which_nothing_changes_stays_as_it_is(xml: str) -> None:
    data = with_body(xml)
    assert let_in(data)[BODY] == parts_of(data)[BODY]
    assert told(data) == []
    assert tree_of(data) is not None
