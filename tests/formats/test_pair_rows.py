"""Pairs beside each other: in order, each once, short ones alone, and nothing below what it does not belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import formats
from reportgen.formats.layout import Layout, load_layout
from reportgen.formats.pair_rows import pair_rows
from reportgen.reading.characters import refused
from reportgen.reports.model import Pair, Pairs, Section
from tests.formats.pdf_reading import boxes, overlaps
from tests.formats.readback import expected_body, expected_pairs, read
from tests.formats.specimen import HOSTILE, with_sections

LAYOUT = load_layout()
LABELS = st.sampled_from(["", "Site", "Perineural invasion", "L" * 300, "A label of very many words " * 20, HOSTILE])
ANSWERS = st.sampled_from(["left", "not identified", "W" * 400, "word " * 300, HOSTILE, "1.2 mm", "<1 & >", "אבג"])
PAIRS = st.lists(st.builds(Pair, LABELS, ANSWERS, gap=st.booleans(), depth=st.integers(0, 3)), min_size=1, max_size=9)
ENGINES = (("pdf", "typst"), ("pdf", "weasyprint"), ("docx", "auto"), ("html", "auto"), ("txt", "auto"))


def rows_of(*pairs: Pair, layout: Layout = LAYOUT) -> list[list[str]]:
    return [[each.label for each in row if each] for row in pair_rows(pairs, layout)]


def test_two_short_pairs_share_a_row_and_a_long_one_has_its_own() -> None:
    long = Pair("c", "an answer of so many words that half of the page cannot hold them")
    assert rows_of(Pair("a", "1"), Pair("b", "2"), long, Pair("d", "4"), Pair("e", "5"), Pair("f", "6")) == [
        ["a", "b"], ["c"], ["d", "e"], ["f"],
    ]  # fmt: skip
    assert rows_of(Pair("a", "1"), long, Pair("d", "4")) == [["a"], ["c"], ["d"]]


def test_a_label_that_half_of_the_page_cannot_hold_has_a_row_of_its_own() -> None:
    assert rows_of(Pair("a", "1"), Pair("A label that is longer than its column", "2")) == [
        ["a"], ["A label that is longer than its column"],
    ]  # fmt: skip


def test_what_belongs_to_a_pair_is_beside_it_or_below_it_alone() -> None:
    below = Pair("Distance", "1 mm", depth=1)
    assert rows_of(Pair("a", "1"), Pair("Deep", "clear"), below, Pair("b", "2")) == [["a"], ["Deep", "Distance"], ["b"]]
    assert rows_of(Pair("Deep", "clear"), below, Pair("Part", "B", depth=1)) == [["Deep"], ["Distance"], ["Part"]]
    assert rows_of(below, Pair("b", "2")) == [["Distance", "b"]]
    two_lines = Pair("Deep margin, invasive component", "uninvolved")
    assert rows_of(two_lines, below, Pair("b", "2")) == [[two_lines.label, "Distance"], ["b"]]
    assert rows_of(two_lines, Pair("b", "2")) == [[two_lines.label], ["b"]]
    assert rows_of(Pair(f"{two_lines.label} and all that is below it", "clear"), below)[1] == ["Distance"]


def test_a_heading_and_an_answer_without_a_label_have_rows_of_their_own() -> None:
    heading = Pair("Tumor", "", heading=True)
    assert rows_of(Pair("a", "1"), heading, Pair("b", "2"), Pair("", "alone"), Pair("c", "3"), Pair("d", "4")) == [
        ["a"], ["Tumor"], ["b"], [""], ["c", "d"],
    ]  # fmt: skip


def test_a_narrow_page_has_one_pair_to_a_row() -> None:
    narrow = Layout(LAYOUT.design, LAYOUT.paper.model_copy(update={"width": 400.0}))
    assert rows_of(Pair("a", "1"), Pair("b", "2"), layout=narrow) == [["a"], ["b"]]


@given(PAIRS)
def test_every_pair_is_in_one_row_in_its_order(pairs: list[Pair]) -> None:
    assert [each for row in pair_rows(pairs, LAYOUT) for each in row if each is not None] == pairs


@given(st.lists(st.text(max_size=80).filter(lambda text: refused(text) is None), min_size=2, max_size=6))
def test_any_texts_make_rows(texts: list[str]) -> None:
    pairs = [Pair(text, text) for text in texts]
    assert [each for row in pair_rows(pairs, LAYOUT) for each in row if each is not None] == pairs


@pytest.mark.parametrize(("format", "engine"), ENGINES)
def test_long_and_hostile_pairs_are_read_back_in_their_order(format: str, engine: str) -> None:
    texts = ("left", "W" * 90, "word " * 60, HOSTILE, "", "x")
    pairs = [
        Pair(f"{n} {label}".strip(), answer or "x", depth=n % 3, gap=n % 4 == 3)
        for n, (label, answer) in enumerate((one, two) for one in texts for two in texts)
    ]
    report = with_sections(Section("s", "S", (Pairs(tuple(pairs)),)))
    data = formats.render(report, format, load_layout(engine=engine))
    back = read(format, data, report)
    assert back.body == expected_body(report)
    if format in ("docx", "html"):
        assert back.pairs == expected_pairs(report)
    if format == "pdf":
        for page in boxes(data):
            assert all(page.holds(line) for line in page.lines)
            assert not list(overlaps(page.lines))
