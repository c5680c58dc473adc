"""The empty Word file: paper, language, settings, and no trace of a machine or of python-docx."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import etree

from reportgen.formats.docx import render
from reportgen.formats.docx_pack import unpack
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Pair, Pairs, Section
from tests.formats.docx_reading import W, parts_of, tree_of, value_of
from tests.formats.specimen import REPORT, with_sections, with_text


@pytest.mark.parametrize(("paper", "size"), [("letter", ("12240", "15840")), ("a4", ("11906", "16838"))])
def test_paper(paper: str, size: tuple[str, str]) -> None:
    setup = tree_of(paper=paper)
    assert (value_of(setup, "body/sectPr/pgSz", "w"), value_of(setup, "body/sectPr/pgSz", "h")) == size


def test_language_hyphenation_and_mode() -> None:
    report = REPORT._replace(metadata=REPORT.metadata._replace(language="sv-SE"))
    assert value_of(tree_of(report, "styles"), "docDefaults/rPrDefault/rPr/lang") == "sv-SE"
    options = tree_of(report, "settings")
    assert value_of(options, "themeFontLang") == "sv-SE"
    assert value_of(options, "autoHyphenation") == "0"
    modes = {item.get(f"{W}name"): item.get(f"{W}val") for item in options.iter(f"{W}compatSetting")}
    assert modes["compatibilityMode"] == "15"
    assert value_of(tree_of(part="styles"), "docDefaults/rPrDefault/rPr/lang") == "en-US"


def test_package_holds_these_parts_only() -> None:
    parts = parts_of()
    assert list(parts) == [
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml",
        "word/_rels/document.xml.rels", "word/document.xml", "word/fontTable.xml", "word/footer1.xml",
        "word/header1.xml", "word/settings.xml", "word/styles.xml", "word/theme/theme1.xml",
    ]  # fmt: skip
    everything = b"".join(parts.values())
    assert not re.findall(rb'TargetMode="External"|python-docx|2013-1|rsid|<!DOCTYPE|Microsoft Macintosh', everything)
    app = etree.fromstring(parts["docProps/app.xml"])
    assert [(etree.QName(item).localname, item.text) for item in app] == [("Application", "reportgen 0.1.0")]


def test_theme_offers_the_designs_colors_and_font() -> None:
    colors = load_layout().design.colors
    theme = etree.fromstring(parts_of()["word/theme/theme1.xml"])
    palette = [item.get("val") for item in theme.iterfind(".//{*}clrScheme/*/{*}srgbClr")]
    assert len(palette) == 12
    assert {colors.ink, colors.accent, colors.gap_ink} < set(palette)
    assert [item.get("typeface") for item in theme.iter("{*}latin")] == ["Calibri", "Calibri"]


def test_one_report_leaves_nothing_for_the_next() -> None:
    before = render(REPORT, load_layout())
    render(with_text("Somebody else"), load_layout())
    assert render(REPORT, load_layout()) == before


def test_designs_of_one_version_keep_their_own_looks() -> None:
    one = load_layout()
    colors = one.design.colors.model_copy(update={"accent": "123456"})
    two = replace(one, design=one.design.model_copy(update={"colors": colors}))
    marked = [b"123456" in unpack(render(REPORT, design))["word/styles.xml"] for design in (one, two, one)]
    assert marked == [False, True, False]


@pytest.mark.parametrize("first", [False, True])
def test_an_answer_in_the_words_of_a_gap_is_no_gap(first: bool) -> None:
    """Rows are kept from report to report: what was entered must never look like what was not, nor the reverse."""
    for gap in (first, not first, first):
        row = Pairs((Pair(f"Element {first}", "[NOT ENTERED]", gap=gap),))
        body = tree_of(with_sections(Section("synoptic", "Synoptic", (row,))), "document")
        boxed = [run for run in body.iter(f"{W}r") if "[NOT ENTERED]" in "".join(run.itertext())]
        assert [run.find(f"{W}rPr") is not None for run in boxed] == [gap]
