"""Pages too small for a report, and the width of the place in which its blocks stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.formats.docx_pages import room_of, sheet_of, width_for_blocks
from reportgen.formats.docx_xml import W, parsed, value
from tests.formats.word_templates import (
    BODY,
    box_xml,
    cell_xml,
    changed_part,
    filled,
    good,
    let_in,
    line_xml,
    parts_of,
    told,
    tree_of,
    with_body,
    with_header,
)

SIZE = '<w:pgSz w:w="12240" w:h="15840"/>'
MARGINS = (
    '<w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800" w:header="720" w:footer="720" w:gutter="0"/>'
)
COLUMNS = '<w:cols w:space="720"/>'
_PAGES = {
    (SIZE, '<w:pgSz w:w="900" w:h="900"/>'): "a page of 45 by 45 points leaves",
    (MARGINS, MARGINS.replace('top="1440"', 'top="-1440"')): "the top margin is -72 points, less than nothing",
    (MARGINS, MARGINS.replace('footer="720"', 'footer="-720"')): "the footer margin is -36 points",
    (MARGINS, MARGINS.replace('left="1800"', 'left="-200"')): "a side margin is -10 points, 14 are the least",
    (MARGINS, MARGINS.replace('left="1800"', 'left="9000"')): "leaves 72 by 648 for the report",
    (MARGINS, MARGINS.replace('header="720"', 'header="31000"')): "the header or footer is 1550 points",
    (COLUMNS, '<w:cols w:num="40" w:space="0"/>'): "40 columns of 11 points are too narrow",
    (COLUMNS, '<w:cols w:num="3" w:space="720"/>'): "a block of the report would be in a place 120 points wide",
    (COLUMNS, '<w:cols w:equalWidth="0" w:num="2"><w:col w:w="1000"/><w:col w:w="7000"/></w:cols>'): "2 columns of 50",
}  # fmt: skip


@pytest.mark.parametrize("change", _PAGES)
def test_a_page_too_small_for_a_report_is_refused(change: tuple[str, str]) -> None:
    found = told(changed_part(good(), BODY, *change))
    assert found[0].startswith(f"T413 {BODY}, ")
    assert _PAGES[change] in found[0]


@pytest.mark.parametrize("size", ['w:w="11906" w:h="16838"', 'w:w="15840" w:h="12240"', 'w:w="8391" w:h="11906"'])
def test_other_papers_pass(size: str) -> None:
    assert told(changed_part(good(), BODY, SIZE, f"<w:pgSz {size}/>")) == []


def test_two_columns_make_tables_as_wide_as_a_column(tmp_path: Path) -> None:
    data = changed_part(good(), BODY, MARGINS, MARGINS.replace("1800", "1100"))
    data = changed_part(data, BODY, COLUMNS, '<w:cols w:num="2" w:space="400"/>')
    wide = width_for_blocks(let_in(data))
    assert wide == pytest.approx((612 - 110 - 20) / 2)
    tables = list(tree_of(filled(tmp_path / "lab", data)).iter(f"{W}tblGrid"))
    ours = [sum(int(value(column, "w")) for column in grid) / 20 for grid in tables]
    assert max(width for width in ours if width != ours[1]) <= wide + 1


def test_a_block_in_a_cell_is_as_wide_as_the_cell(tmp_path: Path) -> None:
    data = with_body(cell_xml(line_xml("{{p block.gross }}"), width=5000))
    assert width_for_blocks(let_in(data)) == pytest.approx(250 - 2 * 5.4)
    narrow = with_body(cell_xml(line_xml("{{p block.gross }}"), width=2000))
    assert told(narrow)[0].startswith(f"T413 {BODY}, paragraph 1: a block of the report would be in a place 89 points")
    assert filled(tmp_path / "lab", data)


@pytest.mark.parametrize("tag", ["{{p block.diagnosis }}", "{%p for line in report.record %}"])
def test_a_block_in_a_text_box_is_refused(tag: str) -> None:
    found = told(with_body(box_xml(line_xml(tag))))
    assert "would be in a text box, which ends with its page" in found[0]


def test_a_place_knows_its_section() -> None:
    first = f'<w:p><w:pPr><w:sectPr>{SIZE}{MARGINS}<w:cols w:num="2" w:space="0"/></w:sectPr></w:pPr></w:p>'
    tree = parsed(parts_of(with_body(line_xml("a") + first + line_xml("b")))[BODY])
    lines = list(tree.iter(f"{W}p"))
    assert [room_of(lines[at]).wide for at in (0, 1, 2)] == [216, 216, 432]
    assert sheet_of(None).columns == (468,)


def test_a_header_that_fills_the_page_is_refused() -> None:
    assert "points high on a page of 792" in told(with_header(line_xml("Ours") * 60, good()))[0]
    empty = '<w:p><w:pPr><w:spacing w:before="14000"/></w:pPr></w:p>'
    assert "points high on a page of 792" in told(with_header(empty, good()))[0]
    assert told(with_header(line_xml("Ours") * 4, good())) == []
