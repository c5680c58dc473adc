"""The HTML file: self-contained, readable by people and machines, and deaf to markup in fields."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from lxml import etree

from reportgen import formats
from reportgen.formats.design import Colors
from reportgen.formats.layout import load_layout
from reportgen.formats.numbers import bound_text
from reportgen.reports.model import Cell, Letterhead, Pairs, Paragraph, Report, Section, State, Table
from tests.formats.readback import expected_body, expected_pairs, read_html, squeeze
from tests.formats.specimen import CHARACTERS, HOSTILE, MARK, PATIENT, REPORT, finalized, long_report, pairs, with_text


def rendered(report: Report, paper: str = "letter") -> bytes:
    return formats.render(report, "html", load_layout(paper=paper))


def tree(report: Report) -> etree._Element:
    return etree.fromstring(rendered(report), etree.HTMLParser(encoding="utf-8"))


def text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def all_text(page: etree._Element, *names: str) -> list[str]:
    return [text(element) for element in page.iter(*names)]


@pytest.mark.parametrize(
    "report",
    [REPORT, finalized(), long_report(5), with_text(HOSTILE), with_text(CHARACTERS), with_text("W" * 400)],
    ids=["specimen", "finalized", "long", "hostile", "characters", "wide"],
)
def test_the_body_and_its_pairs_are_those_of_the_report(report: Report) -> None:
    back = read_html(rendered(report), report)
    assert back.body == expected_body(report)
    assert back.pairs == expected_pairs(report)


def test_headings_follow_the_sections() -> None:
    page = tree(REPORT)
    assert all_text(page, "h1") == [REPORT.title]
    assert all_text(page, "h2") == [section.title for section in REPORT.sections]
    levels = [int(str(heading.tag)[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_language_title_and_metadata_are_the_reports() -> None:
    page = tree(
        REPORT._replace(metadata=REPORT.metadata._replace(language="de-CH", author="Dr. A", keywords=("x", "y")))
    )
    assert page.get("lang") == "de-CH"
    assert all_text(page, "title") == [REPORT.metadata.title]
    named = {meta.get("name"): meta.get("content") for meta in page.iter("meta")}
    assert named["author"] == "Dr. A"
    assert named["keywords"] == "x, y"
    assert named["generator"] == "reportgen 0.1.0"
    assert "noindex" in str(named["robots"])
    assert str(named["dcterms.created"]).startswith("2026-11-17")


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = tree(REPORT)
    assert not list(page.iter("script", "link", "img", "iframe", "object", "embed", "base", "form", "a"))
    names = {str(name) for item in page.iter("*") for name in item.attrib}
    assert not [name for name in names if name in ("src", "href", "style") or name.startswith("on")]
    (style,) = all_text(page, "style")
    assert not re.search(r"url\(|@import|@font-face|expression|https?:", style)
    (policy,) = (meta.get("content") for meta in page.iter("meta") if meta.get("http-equiv"))
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_markup_in_fields_makes_no_elements() -> None:
    hostile, plain = tree(with_text(HOSTILE)), tree(with_text("x" * len(HOSTILE)))
    assert [item.tag for item in hostile.iter("*")] == [item.tag for item in plain.iter("*")]
    assert [item.keys() for item in hostile.iter("*")] == [item.keys() for item in plain.iter("*")]
    assert all_text(hostile, "style") == all_text(plain, "style")


def test_gaps_are_marked_where_they_stand() -> None:
    gaps = [sentence.text for sentence in REPORT.sentences() if sentence.gap]
    gaps += [pair.text for pair in REPORT.pairs() if pair.gap] + ["[PENDING]"]
    marks = list(tree(REPORT).iter("mark"))
    assert sorted(map(text, marks)) == sorted(gaps)
    assert all(mark.get("class") == "gap" for mark in marks)
    assert not list(tree(finalized()).iter("mark"))


def test_a_laboratory_that_was_not_entered_is_a_gap() -> None:
    page = tree(REPORT._replace(letterhead=Letterhead("[LABORATORY NOT ENTERED]", gap=True)))
    assert text(next(page.iter("mark"))) == "[LABORATORY NOT ENTERED]"


def test_each_sentence_names_its_clause_and_each_answer_its_path() -> None:
    page = tree(REPORT)
    clauses = [(item.get("data-clause"), text(item)) for item in page.xpath("//*[@data-clause]")]
    assert clauses == [(sentence.clause, bound_text(sentence.text)) for sentence in REPORT.sentences()]
    paths = [(item.get("data-path"), text(item)) for item in page.xpath("//*[@data-path]")]
    assert paths == [(pair.path, bound_text(pair.text)) for pair in REPORT.pairs()]


def test_a_table_cell_names_the_path_of_its_answer() -> None:
    table = Table(("Stain", "Result"), ((Cell("SMA"), Cell("Positive", path="parts.A.stains.SMA")),))
    page = tree(REPORT._replace(identification=Pairs(()), sections=(Section("stains", "Stains", (table,)),)))
    assert [cell.get("data-path") for cell in page.iter("td")] == ["parts.A.stains.SMA"]


def test_tables_say_what_they_are_and_what_heads_what() -> None:
    tables = list(tree(REPORT).iter("table"))
    assert [table.get("aria-label") for table in tables] == [
        "Dermatopathology report",
        "A. Atypical intradermal smooth muscle neoplasm",
        "Immunohistochemistry, part A",
    ]
    for table in tables:
        for cell in table.iter("th"):
            parent = cell.getparent()
            assert parent is not None
            head = parent.getparent()
            assert head is not None
            assert cell.get("scope") == ("col" if head.tag == "thead" else "row")


@pytest.mark.parametrize("count", range(4))
def test_identification_sets_two_pairs_to_a_row(count: int) -> None:
    entries = [(f"Label {number}", f"Answer {number}") for number in range(count)]
    report = REPORT._replace(identification=pairs(entries), sections=())
    assert read_html(rendered(report), report).pairs == expected_pairs(report)
    rows = list(tree(report).iter("tr"))
    assert len(rows) == (count + 1) // 2
    widths = [sum(int(cell.get("colspan", "1")) for cell in row) for row in rows]
    assert set(widths) <= {4}


def test_empty_pairs_make_no_empty_table() -> None:
    empty = REPORT._replace(identification=Pairs(()), sections=(REPORT.sections[2]._replace(blocks=(Pairs(()),)),))
    assert not list(tree(empty).iter("table"))


def test_the_state_and_the_patient_stand_above_the_report() -> None:
    draft = tree(REPORT)
    (head,) = draft.xpath("//header[@class='running-head']")
    assert squeeze(text(head)) == squeeze(MARK + " · ".join(PATIENT))
    assert head.getnext() is next(draft.iter("main"))
    assert [item.get("class") for item in draft.iter("body")] == [State.draft]


def test_a_finalized_report_never_says_draft() -> None:
    page = rendered(finalized()).decode()
    body = page[page.index("<body") :]
    assert "draft" not in body.lower()
    assert 'class="mark"' not in body


def test_the_record_stands_below_the_report() -> None:
    (foot,) = tree(REPORT).xpath("//footer")
    assert squeeze(text(foot)) == squeeze("".join(REPORT.furniture.record))


def test_sentences_are_parted_by_one_space() -> None:
    (comment,) = (item for item in tree(REPORT).xpath("//section[starts-with(@class, 'section-comment')]/p"))
    block = REPORT.sections[1].blocks[1]
    assert isinstance(block, Paragraph)
    assert text(comment) == " ".join(sentence.text for sentence in block.sentences)


def _luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ink", ["ink", "quiet", "accent", "gap_ink"])
@pytest.mark.parametrize("ground", ["ffffff", "shade", "gap_shade"])
def test_contrast_is_enough_for_small_type(ink: str, ground: str) -> None:
    colors: Colors = load_layout().design.colors
    light = _luminance(ground if ground == "ffffff" else getattr(colors, ground))
    assert (light + 0.05) / (_luminance(getattr(colors, ink)) + 0.05) >= 4.5


def test_the_same_report_gives_the_same_bytes() -> None:
    assert rendered(REPORT) == rendered(REPORT._replace())
    assert rendered(REPORT) != rendered(REPORT, "a4")


def test_what_was_entered_keeps_its_own_direction() -> None:
    report = with_text("محمد 12")
    page = tree(report)
    own = {text(item) for item in page.xpath("//bdi")}
    assert "محمد 12" in own
    who = page.xpath("//div[@class='who']")[0]
    assert [text(item) for item in who.xpath("bdi")] == list(report.furniture.patient)
    assert [text(item) for item in page.xpath("//td[not(mark)]/bdi")] == [
        text(item) for item in page.xpath("//td[not(mark)]") if text(item)
    ]
