"""A laboratory's style sheet sets the look of words; it never hides, moves, changes or adds any."""

from __future__ import annotations

import tempfile
import time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from reportgen import formats
from reportgen.findings import Finding, FindingsError
from reportgen.formats import html, pdf_weasyprint
from reportgen.formats.layout import load_layout
from reportgen.formats.style_check import offered, require_harmless
from tests.formats.readback import squeeze
from tests.formats.specimen import REPORT, with_sections
from tests.support.labs import lab, refused

HOSTILE = [
    "p { display: none }", "p { visibility: hidden }", "p { opacity: 0 }", "p { text-indent: -9999px }",
    "p { position: absolute }", "p { margin-left: -500pt }", "p { margin: 9999pt }", "p { transform: scale(0) }",
    "p { font-size: 1pt }", "p { font-size: 0 }", "p { font-size: 400pt }", "p { color: #fff }", "p { color: #aaaaaa }",
    "p { color: transparent }", "p { color: rgba(0,0,0,0) }", "p { background: #000 }",
    "p { background-color: #333333 }",
    "p { background: url(x.png) }", "p::before { content: 'not ' }", "p:before { content: 'x' }",
    "p:first-letter { color: #000 }",
    "@import url(http://example.org/a.css);", "@page { size: 1pt 1pt }", "@font-face { font-family: x }",
    "@media print { p { color: #000 } }", "p { clip-path: inset(100%) }", "p { filter: opacity(0) }", "p { height: 0 }",
    "p { max-height: 1pt }", "p { overflow: hidden }", "p { --x: 1 }", "p { color: var(--x) }", "p { z-index: -1 }",
    "p { text-transform: uppercase }", "p { direction: rtl }", "p { unicode-bidi: bidi-override }", "p { order: 3 }",
    "p { d\\69splay: none }", "p { /* x */ display /* y */ : none }", "p { float: right }", "p { line-height: 0 }",
    "p { letter-spacing: -5pt }", "p { width: 0 }", "p { width: 1% }", "p { font: 0pt x }", "p { content: 'x' }",
    ".mark { color: #000000 !important }", ".gap { background: #ffffff !important }", "p { color }",
    "p { { } }",
    "p { width: 50% }", "p:BEFORE { color: #000000 }", "* { color: #000000 !important }",
    "p { border: -1pt solid #000000 }", "p { line-height: " + "9" * 5000 + " }",
    "p { border: 99pt solid #000000 }", "p { font-family: url(x) }", "p { font-family: Calibri, 'Wing dings' }",
    "* { break-before: page }", "body * { break-after: page }", "* { margin-left: 60pt }",
    "main > * { padding: 0 40pt }",
    ":has(p) { color: #000000 }", ":is(:is(p)) { color: #000000 }", "p:not(:hover) { color: #000000 }",
    "a " * 2000 + "{ color: #000000 }", ":is(" * 200 + "a" + ")" * 200 + " { color: #000000 }",
    "p { color: #000000", "p { color: #000000 /*", "p { font-family: \"x }", "p[class { color: #000000 }",
    "p { color: #000000 } /* </style><p>FINAL</p> */", "p { font-family: Web dings }", "p { position: running(who) }",
]  # fmt: skip
HARMLESS = [
    "", "/* nothing */", "p { color: #0b4f3c }", "p { color: #000 }", "h2 { font-weight: 700; font-style: italic }",
    ".pairs th { padding: 2pt 4pt }", "table { border: 1pt solid #cccccc }", "h1 { border-bottom: 2pt solid #0b4f3c }",
    "p { margin: 0 0 3mm }", "p { background: #ffffff }", "p { background-color: #f0f4f2 }", "p { font-size: 11pt }",
    "p { line-height: 1.4 }", "p { text-align: justify }", "section { break-before: page }",
    "body { font-family: Calibri, 'Segoe UI', sans-serif }", "p { letter-spacing: 0.5pt }",
    ".a > .b + .c, h3 { color: #123456 }",
    "* { border-left: 12pt solid #1a1d21 }", "* { color: #000000 }", "tr:nth-child(2n+1) > td { padding: 2pt }",
    "p { text-decoration: underline }", "td { vertical-align: top }",
]  # fmt: skip


def found(css: str) -> tuple[Finding, ...]:
    try:
        require_harmless(css, "lab.css")
    except FindingsError as error:
        return error.findings
    return ()


@pytest.mark.parametrize("css", HOSTILE)
def test_what_could_hide_or_change_words_is_refused_with_its_place(css: str) -> None:
    findings = found("\n" + css)
    assert {finding.code for finding in findings} == {"T413"}
    assert {finding.place.file for finding in findings} == {"lab.css"}
    assert {finding.place.line for finding in findings} <= (
        {2} if len(css) < 1000 or "a " in css or ":is" in css else {0}
    )


@pytest.mark.parametrize("css", HARMLESS)
def test_the_look_of_words_may_be_set(css: str) -> None:
    assert found(css) == ()


def test_what_a_sheet_leaves_open_is_told_with_its_last_rule() -> None:
    (finding,) = found("p { color: #000000 }\n\n.gap { color: #000000;\n")
    assert (finding.place.line, finding.code) == (3, "T413")
    assert "}" in finding.hint


def test_every_wrong_declaration_is_named_at_once() -> None:
    findings = found("p {\n  display: none;\n  color: #000000;\n  opacity: 0;\n}\n")
    assert [finding.place.line for finding in findings] == [2, 4]


def test_the_properties_are_those_that_a_style_needs_and_none_that_hides() -> None:
    assert len(offered()) >= 40
    assert not {"display", "visibility", "opacity", "content", "position", "overflow", "height"} & set(offered())


@given(st.text())
def test_no_text_whatever_does_more_than_be_refused(css: str) -> None:
    found(css)


@given(st.sampled_from(offered()), st.text(max_size=30))
def test_no_value_whatever_does_more_than_be_refused(name: str, value: str) -> None:
    found(f"p {{ {name}: {value} }}")


@pytest.mark.parametrize(
    "css",
    [
        ".who, .who span { padding: 120pt; margin: 120pt; font-size: 40pt }",
        "* { font-size: 15pt; letter-spacing: 1pt }",
        ".mark, .mark span { padding-bottom: 120pt; background: #ffffff; color: #767676; border: 0 none #ffffff }",
        ".running-foot { padding-top: 120pt }",
        "div, p, footer { margin-top: 120pt }",
    ],
)
def test_no_style_moves_the_patient_or_the_state_off_a_page(css: str, tmp_path: Path) -> None:
    own = lab(tmp_path, "layout: {css: lab.css}\n", lab_css=css)
    reader = PdfReader(BytesIO(formats.render(REPORT, "pdf", load_layout(laboratory=own))))
    for page in reader.pages:
        words = squeeze(page.extract_text())
        for text in (REPORT.furniture.state_mark, *REPORT.furniture.patient, REPORT.furniture.record[-1]):
            assert squeeze(text) in words


def test_the_guard_stands_in_an_element_of_its_own(tmp_path: Path) -> None:
    own = lab(tmp_path, "layout: {css: lab.css}\n", lab_css="p { color: #000000 }")
    sheets = html.styles(REPORT, load_layout(laboratory=own), "screen")
    assert [index for index, sheet in enumerate(sheets) if "!important" in sheet and ".mark" in sheet] == [2]
    page = formats.render(REPORT, "html", load_layout(laboratory=own)).decode()
    assert page.count("<style>") == 3
    assert (
        page.index(own.styles()[0].text)
        < page.index("</style>", page.index(own.styles()[0].text))
        < page.rindex("<style>")
    )


def test_a_style_that_spreads_the_report_over_many_pages_is_refused(tmp_path: Path) -> None:
    own = lab(tmp_path, "layout: {css: lab.css}\n", lab_css="tr, td, th, p, h1, h2, h3 { break-before: page }")
    (finding,) = refused(lambda: formats.render(REPORT, "pdf", load_layout(laboratory=own)))
    assert finding.code == "T413"
    assert finding.place.file.endswith("lab.css")


def test_what_breaks_the_engine_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = lab(tmp_path, "layout: {css: lab.css}\n", lab_css="p { color: #000000 }")

    def broken(*_: object, **__: object) -> bytes:
        raise AssertionError("private words")

    monkeypatch.setattr(pdf_weasyprint, "render_page", broken)
    (finding,) = refused(lambda: formats.render(REPORT, "pdf", load_layout(laboratory=own)))
    assert (finding.code, "AssertionError" in finding.message, "private" in finding.message) == ("T413", True, False)
    assert finding.place.file.endswith("lab.css")


def test_a_layout_that_takes_the_engine_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = lab(tmp_path, "layout: {css: lab.css}\n", lab_css="p { color: #000001 }")

    def endless(*_: object, **__: object) -> bytes:
        while True:
            pass

    monkeypatch.setattr(pdf_weasyprint, "render_page", endless)
    monkeypatch.setattr(pdf_weasyprint, "LAYOUT_SECONDS", 1)
    (finding,) = refused(lambda: formats.render(REPORT, "pdf", load_layout(laboratory=own)))
    assert finding.code == "T415"
    assert finding.place.file.endswith("lab.css")


def test_words_that_a_style_pushes_off_the_page_are_refused(tmp_path: Path) -> None:
    css = "main, section, table, p, span { padding-left: 120pt; margin-left: 120pt }"
    own = lab(tmp_path, "layout: {css: lab.css}\n", lab_css=css)
    (finding,) = refused(lambda: formats.render(REPORT, "pdf", load_layout(laboratory=own)))
    assert finding.code == "T413"
    assert "outside the page" in finding.message


def test_a_laboratory_s_page_is_laid_out_after_others_were_in_the_same_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the Pango of Debian 13 (1.56), a child that goes on with the fonts of its parent waits for ever."""
    formats.release()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    own = lab(tmp_path / "lab", "layout: {css: lab.css}\n", lab_css="* { font-size: 15pt }\n")
    report = with_sections(REPORT.sections[0])
    for laboratory in (None, own, None, own):
        began = time.monotonic()
        made = formats.render(report, "pdf", load_layout(laboratory=laboratory, engine="weasyprint"))
        assert made.startswith(b"%PDF")
        assert time.monotonic() - began < pdf_weasyprint.LAYOUT_SECONDS
    assert list((tmp_path / "temporary").iterdir())
    formats.release()
    assert not list((tmp_path / "temporary").iterdir())
