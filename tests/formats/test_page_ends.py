"""Where a page ends: a row that belongs to the one above does not begin a page, and no label is parted from its answer.

Word files are set by LibreOffice, all of them in one go.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen import compose, formats
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Heading, Pair, Pairs, Report, Section
from tests.formats.docx_reading import W, text_of, tree_of
from tests.formats.glyphs import Page, apart, glyphs
from tests.formats.specimen import paragraph, stains, with_sections
from tests.formats.test_continued import thirty
from tests.formats.visible import faults, needs_libreoffice, pages_of, visible_words

SAMPLES = [path for path in sorted((Path(__file__).parents[2] / "samples").glob("*.yaml")) if "q2" not in path.stem]
DEPTHS = (0, 0, 1, 0, 1, 2, 1, 0, 0, 0, 1, 1, 0, 1)
FILLERS = range(14, 30)


def of(filler: int, words: str = "answer") -> Report:
    """Lines that fill a page, and rows some of which belong to the one above."""
    rows = tuple(Pair(f"Label {n} here", f"{words} {n}", depth=depth) for n, depth in enumerate(DEPTHS))
    lines = (paragraph("One line of filler text."),) * filler
    return with_sections(Section("s", "S", lines), Section("t", "T", (Pairs(rows),)))


def begun_apart(report: Report, data: bytes) -> list[str]:
    """The rows that begin a page and belong to a row of the page before."""
    page, wrong, before = Page(glyphs(data)), [], 0
    (block,) = report.sections[-1].blocks
    assert isinstance(block, Pairs)
    for pair in block.pairs:
        label, answer = page.find(pair.label, pair.text)
        assert label.page == answer.page
        if pair.depth and label.page != before:
            wrong.append(pair.label)
        before = label.page
    return wrong


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_no_page_begins_with_a_row_that_belongs_to_the_one_above(engine: str) -> None:
    for filler in FILLERS:
        report = of(filler)
        assert begun_apart(report, formats.render(report, "pdf", load_layout(engine=engine))) == [], filler


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_rows_that_fill_more_than_a_page_are_still_all_there(engine: str) -> None:
    rows = (Pair("Above", "x"), *(Pair(f"Below {n}", "word " * 30, depth=1) for n in range(40)), Pair("Last", "x"))
    report = with_sections(Section("s", "S", (Pairs(rows),)))
    data = formats.render(report, "pdf", load_layout(engine=engine))
    assert apart(report, data) == []
    assert not [word for word in visible_words(data) if word.fault]


def test_in_word_a_row_stays_with_the_rows_that_belong_to_it() -> None:
    rows = tree_of(of(1, "answer " * 60)).iter(f"{W}tr")
    kept = {text_of(row): len(list(row.iter(f"{W}keepNext"))) for row in rows if text_of(row).startswith("Label")}
    follow = (*DEPTHS[1:], 0)
    assert list(kept.values()) == [2 * (depth > 0) for depth in follow]


def test_in_word_a_line_below_the_names_of_columns_is_thick_below_the_name_of_a_part_too() -> None:
    for blocks in ((stains("S"),), (Heading("A. Nose"), stains("S"))):
        (table,) = list(tree_of(with_sections(Section("s", "S", blocks))).iter(f"{W}tbl"))[2:]
        styled = next(table.iter(f"{W}tblLook")).get(f"{W}firstRow") == "1"
        drawn = [edge.get(f"{W}sz") for edge in table.iterfind(f".//{W}tcBorders/{W}bottom")]
        assert drawn == ([] if styled else ["6"] * 5)


# ------------------------------------------------------------------ set by LibreOffice


@pytest.fixture(scope="module")
def set_by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Report], dict[str, bytes]]:
    reports = {path.stem: compose(path) for path in SAMPLES} | {"thirty": thirty()}
    reports |= {f"rows {filler}": of(filler) for filler in FILLERS}
    documents = {name: formats.render(report, "docx", load_layout()) for name, report in reports.items()}
    return reports, pages_of(documents, tmp_path_factory.mktemp("lo"))


Set = tuple[dict[str, Report], dict[str, bytes]]


@needs_libreoffice
def test_in_word_a_label_and_its_answer_begin_on_one_line(set_by_libreoffice: Set) -> None:
    reports, pages = set_by_libreoffice
    for path in SAMPLES:
        assert apart(reports[path.stem], pages[path.stem]) == [], path.stem


@needs_libreoffice
def test_in_word_every_word_of_the_samples_is_seen(set_by_libreoffice: Set) -> None:
    reports, pages = set_by_libreoffice
    names = [path.stem for path in SAMPLES]
    assert {name: faults(reports[name], pages[name]) for name in names} == {name: [] for name in names}


@needs_libreoffice
def test_in_word_every_page_of_thirty_parts_names_its_part(set_by_libreoffice: Set) -> None:
    _, pages = set_by_libreoffice
    heads = second_lines(pages["thirty"])
    assert len(heads) > 20
    for number, head in enumerate(heads[1:], start=2):
        assert re.match(r"[A-Z]{1,2}\.(?:Left|Skin)", head) or head in ("Clinicalhistory", "Signature"), (number, head)


@needs_libreoffice
def test_in_word_a_row_does_not_begin_a_page_without_the_one_it_belongs_to(set_by_libreoffice: Set) -> None:
    reports, pages = set_by_libreoffice
    for filler in FILLERS:
        assert begun_apart(reports[f"rows {filler}"], pages[f"rows {filler}"]) == [], filler


def second_lines(data: bytes) -> list[str]:
    """The first line of each page below the patient's, without white space."""
    pages: dict[int, dict[int, list[tuple[float, str]]]] = {}
    for each in glyphs(data):
        pages.setdefault(each.page, {}).setdefault(round(each.y), []).append((each.x, each.letter))
    return ["".join(letter for _, letter in sorted(page[sorted(page)[-2]])) for _, page in sorted(pages.items())]
