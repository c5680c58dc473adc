"""Typst held in: words stay words, no file and no package is reached, and no way of calling it changes the bytes."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen import contained as module
from reportgen import formats
from reportgen.contained import contained
from reportgen.findings import FindingsError, refuse
from reportgen.formats import pdf_typst
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Report, Section
from tests.formats.pdf_reading import opened
from tests.formats.readback import expected_body, read_pdf
from tests.formats.specimen import HOSTILE, REPORT, long_report, pairs, paragraph, stains, with_sections, with_text
from tests.formats.test_logo import picture, with_logo
from tests.support.labs import lab

TYPST = load_layout(engine="typst")
_SYNTAX = (
    '#read("/etc/passwd")', '#import "@preview/x:1.0.0"', "$x^2$ *bold* _slanted_ `raw`", "= Heading", "- item",
    "+ item", "/ term: words", "@label <label>", "\\u{41} \\ \\#", "// no comment /* nor this */", "#panic()",
    "-- --- ... ~ \"quoted\" 'so'", "#[a]#{b}", "https://example.org", "](", "#set page(width: 1pt)",
)  # fmt: skip
_LETTERS = st.characters(codec="latin-1", exclude_categories=("Cc", "Cf", "Zs"))


def rendered(report: Report) -> bytes:
    return formats.render(report, "pdf", TYPST)


def with_words(text: str) -> Report:
    blocks = (paragraph(text, text), pairs([(text, text), (text, text)], text), stains(text))
    return with_sections(Section("s", text, blocks))


# --- words stay words


@pytest.mark.parametrize("text", [*_SYNTAX, HOSTILE])
def test_markup_in_a_report_is_printed_as_it_stands(text: str) -> None:
    for report in (with_words(text), with_text(text)):
        assert read_pdf(rendered(report), report).body == expected_body(report)


@given(st.lists(st.one_of(st.text(_LETTERS, min_size=1, max_size=12), st.sampled_from(_SYNTAX)), min_size=1))
@example(["#", "{", "}", "\\", "$"])
@settings(max_examples=60)
def test_any_words_are_printed_as_they_stand(words: list[str]) -> None:
    report = with_words(" ".join(words))
    assert read_pdf(rendered(report), report).body == expected_body(report)


# --- nothing is reached


def compiled(_: None, markup: str) -> bytes:
    """Compile a layout of its own, in a child as the engine does."""
    import typst

    try:
        made = pdf_typst._compiler(pdf_typst._folders((), None)).compile(markup.encode())
        assert isinstance(made, bytes)
        return made
    except typst.TypstError:
        raise refuse("E504", "no", "layout") from None


@pytest.mark.parametrize(
    "asked",
    [
        'read("{secret}")', 'read("/../{name}")', 'read("../../report.css")', 'image("{secret}")', 'json("{secret}")',
        'plugin("{secret}")', 'include "{secret}"',
    ],
)  # fmt: skip
def test_even_a_hostile_layout_reaches_nothing(asked: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret", encoding="utf-8")
    markup = f"#{asked.format(secret=secret, name=secret.name)}"
    with pytest.raises(FindingsError) as caught:
        contained(compiled, None, markup, place=markup)
    assert {finding.code for finding in caught.value.findings} == {"E504"}


def broken(_: None, words: str) -> bytes:
    return pdf_typst._compiled(None, pdf_typst._folders((), None), words, "{}", 0)


def test_an_error_of_the_layout_tells_no_word_of_the_report() -> None:
    with pytest.raises(FindingsError) as caught:
        contained(broken, None, '{"private": "words"}', place="layout")
    (finding,) = caught.value.findings
    assert finding.code == "E504"
    assert "private" not in repr(caught.value)
    assert rendered(REPORT)


def test_without_typst_it_is_named_and_weasyprint_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_typst, "is_installed", lambda: False)
    assert formats.render(REPORT, "pdf", load_layout()) == formats.render(
        REPORT, "pdf", load_layout(engine="weasyprint")
    )
    module.release()
    pdf_typst.start()
    assert not module._children
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(FindingsError, match="S606"):
        rendered(REPORT)


def test_an_engine_that_was_started_early_makes_the_same_bytes() -> None:
    module.release()
    fresh = rendered(REPORT)
    module.release()
    pdf_typst.start()
    assert rendered(REPORT) == fresh


# --- which engine


@pytest.mark.parametrize("brings", ["layout: {css: own.css}", "layout: {html: report.html}"])
def test_a_profile_that_needs_weasyprint_gets_it_and_typst_is_refused(brings: str, tmp_path: Path) -> None:
    page = (Path(formats.__file__).parents[2] / "templates/layouts/standard/report.html").read_text("utf-8")
    own = lab(tmp_path, brings, own_css="h2 { color: #123456; }", report_html=page)
    made = formats.render(REPORT, "pdf", load_layout(laboratory=own))
    assert "WeasyPrint" in str(opened(made).docinfo.Producer)
    with pytest.raises(FindingsError) as caught:
        formats.render(REPORT, "pdf", load_layout(laboratory=own, engine="typst"))
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.file) == ("T420", str(tmp_path / "lab.yaml"))


# --- however it is called, the same bytes


def _made(pipe: Any) -> None:
    pipe.send_bytes(rendered(REPORT))


def test_a_forked_process_makes_the_same_file() -> None:
    """The engine's threads are not forked with it: left alone, the child would wait for ever."""
    before = rendered(REPORT)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_made, args=(theirs,))
    child.start()
    try:
        assert ours.poll(30), "the forked process hangs"
        assert ours.recv_bytes() == before
    finally:
        child.kill()
        child.join()


def test_threads_get_each_its_own_report() -> None:
    reports = [REPORT._replace(title=f"Report number {number}") for number in range(24)]
    alone = [rendered(report) for report in reports]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(rendered, reports)) == alone


def test_a_logo_stands_in_the_file_once(tmp_path: Path) -> None:
    own = with_logo(tmp_path, picture())
    made = formats.render(REPORT, "pdf", load_layout(laboratory=own))
    assert made.count(b"/Subtype/Image") + made.count(b"/Subtype /Image") >= 1
    assert made == formats.render(REPORT, "pdf", load_layout(laboratory=own))


def test_a_report_of_many_pages_is_whole() -> None:
    report = long_report(60)
    assert read_pdf(rendered(report), report).body == expected_body(report)
