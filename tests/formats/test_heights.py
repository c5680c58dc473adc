"""Which sections fit a page: none that is said to fit is higher than one."""

from __future__ import annotations

import pytest

from reportgen import formats
from reportgen.formats.heights import Heights
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Block, Heading, Notice, Pair, Pairs, Section, Table
from tests.formats.glyphs import Page, glyphs
from tests.formats.specimen import paragraph, stains, with_sections

HEIGHTS = Heights(load_layout())
BLOCKS: dict[str, tuple[Block, ...]] = {
    "prose": tuple(paragraph(f"{n} " + "words of a comment that goes on " * 9) for n in range(40)),
    "pairs": (Pairs(tuple(Pair(f"Label {n}", "answer " * (n % 5 * 9 + 1), depth=n % 2) for n in range(90))),),
    "stains": (stains(*(f"stain {n}" for n in range(90))),),
    "parts": tuple(each for n in range(40) for each in (Heading(f"{n}. Part"), paragraph("x"), Notice("y"))),
}


def section_of(blocks: tuple[Block, ...], count: int) -> Section:
    """A section with as many rows or blocks as are asked for."""
    match blocks[0]:
        case Pairs(pairs=pairs):
            return Section("s", "Ends here", (Pairs(pairs[:count]),))
        case Table() as table:
            return Section("s", "Ends here", (table._replace(rows=table.rows[:count]),))
    return Section("s", "Ends here", blocks[:count])


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
@pytest.mark.parametrize("kind", BLOCKS)
def test_a_section_that_fits_a_page_is_on_one_and_a_higher_one_begins_where_it_is(kind: str, engine: str) -> None:
    layout = load_layout(engine=engine)
    most = max(count for count in range(1, 90) if HEIGHTS.is_whole(section_of(BLOCKS[kind], count)))
    assert most > 5
    filler = Section("f", "Filler", (paragraph("Filler. " * 520),))
    for count, begins in ((most, 2), (90, 1)):
        report = with_sections(filler, section_of(BLOCKS[kind], count))
        found = glyphs(formats.render(report, "pdf", layout))
        (title,) = Page(found).find("Ends here")
        last = max(each.page for each in found if 60 < each.y < 740)
        assert title.page == begins
        assert (last == begins) == (count == most)


def test_a_section_higher_than_a_page_is_not_whole() -> None:
    for blocks in BLOCKS.values():
        assert HEIGHTS.is_whole(section_of(blocks, 3))
        assert not HEIGHTS.is_whole(section_of(blocks, 90))
