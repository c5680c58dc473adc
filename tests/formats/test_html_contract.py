"""What a layout must print: every word, in order, seen, with the patient and the state on every page."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise

import pytest

from reportgen.findings import Finding, FindingsError
from reportgen.formats import html
from reportgen.formats.html_contract import require_whole
from reportgen.formats.layout import load_layout
from tests.formats.specimen import REPORT

STYLES = html.styles(REPORT, load_layout(), "screen")
PAGE = html.page(REPORT, STYLES, "screen", load_layout())


def found(page: str, styles: tuple[str, ...] = STYLES, target: str = "screen") -> tuple[Finding, ...]:
    try:
        require_whole(page, REPORT, target=target, styles=styles)
    except FindingsError as error:
        return error.findings
    return ()


def test_the_standard_layout_keeps_the_contract_for_screen_and_pdf() -> None:
    assert found(PAGE) == ()
    assert found(html.page(REPORT, (), "pdf", load_layout()), (), "pdf") == ()


def test_words_of_the_layout_s_own_are_its_own_affair() -> None:
    assert found(PAGE.replace("<main>", "<main><p>Accredited by the Example Board</p>")) == ()


def swapped(page: str) -> str:
    """The answers of the first two pairs that differ, exchanged."""
    cells = re.findall(r"<td[^>]*data-path[^>]*>(<bdi>[^<]+</bdi>)</td>", page)
    one, two = next((a, b) for a, b in pairwise(cells) if a != b)
    return page.replace(f">{one}</td>", ">\0</td>", 1).replace(f">{two}</td>", f">{one}</td>", 1).replace("\0", two)


def without(pattern: str) -> str:
    changed = re.sub(pattern, "", PAGE, count=1, flags=re.DOTALL)
    assert changed != PAGE
    return changed


def two_sections_exchanged() -> str:
    one, two = re.findall(r"<section.*?</section>", PAGE, flags=re.DOTALL)[:2]
    return PAGE.replace(one, "\0", 1).replace(two, one, 1).replace("\0", two, 1)


@pytest.mark.parametrize(
    "page",
    [
        without(r'<div class="mark">.*?</div>'),
        without(r'<div class="who">.*?</div>'),
        without(r'<footer class="running-foot">.*?</footer>'),
        PAGE.replace('<div class="who">', '<div class="who">x</div><div class="who">'),
        PAGE.replace(REPORT.furniture.record[-1], ""),
        PAGE.replace(REPORT.furniture.patient[0], "Somebody Else"),
        swapped(PAGE),
        without(r"<section.*?</section>"),
        two_sections_exchanged(),
        without(r"<tr>.*?</tr>"),
        without(r"<h1>.*?</h1>"),
        without(r'<p class="notice.*?</p>'),
        without(r'<p class="laboratory">.*?</p>'),
    ],
)
def test_a_page_that_leaves_out_or_exchanges_anything_is_refused(page: str) -> None:
    findings = found(page)
    assert {finding.code for finding in findings} == {"T416"}
    assert all(finding.path for finding in findings)


@pytest.mark.parametrize(
    "more",
    [
        '<p style="color: red">x</p>', "<p hidden>x</p>", "<script>x</script>", "<details>x</details>",
        '<img src="http://example.org/x.png">', '<img src="data:x">', "<!-- x -->", "<style>p{}</style>",
        '<p class="who">x</p>', '<a href="x">x</a>', "<template>x</template>", "<noscript>x</noscript>",
        '<p onclick="x">x</p>', '<p dir="rtl">x</p>', '<p aria-hidden="true">x</p>', "<iframe></iframe>",
        "<div>" * 70 + "</div>" * 70, "<div>", "</div>", "<?php x ?>", "<![CDATA[x]]>", "<textarea>x</textarea>",
        '<svg><text>x</text></svg>', '<link rel="attachment" href="file:///etc/passwd">', "<base href='x'>",
    ],
)  # fmt: skip
def test_elements_and_attributes_that_could_hide_or_fetch_are_refused(more: str) -> None:
    codes = {finding.code for finding in found(PAGE.replace("</main>", f"{more}</main>"))}
    assert codes
    assert codes <= {"T413", "T416"}


def test_a_page_that_sends_its_reader_away_is_refused() -> None:
    page = PAGE.replace("<head>", '<head><meta http-equiv="refresh" content="0; url=x"/>')
    assert {finding.code for finding in found(page)} == {"T413"}


def test_a_flood_of_elements_is_no_layout() -> None:
    assert {finding.code for finding in found(PAGE.replace("</main>", "<p></p>" * 30_000 + "</main>"))} == {"T415"}


def test_words_hidden_in_the_head_do_not_count() -> None:
    title = re.search(r"<section.*?</section>", PAGE, flags=re.DOTALL)
    assert title
    moved = PAGE.replace(title[0], "", 1).replace(
        "<head>", "<head><title>" + re.sub("<.*?>", "", title[0]) + "</title>"
    )
    assert {finding.code for finding in found(moved)} == {"T416"}


def test_what_is_missing_is_named_by_its_section() -> None:
    last = list(REPORT.sentences())[-1].text
    names = [finding.path for finding in found(PAGE.replace(escape(last, quote=True), ""))]
    assert names
    assert all(name.startswith("sections.") for name in names)


@pytest.mark.parametrize("tag", ["small", "sub", "sup"])
def test_nothing_makes_words_smaller_and_smaller(tag: str) -> None:
    once = PAGE.replace("<section", f"<{tag}><section").replace("</section>", f"</section></{tag}>")
    twice = once.replace(f"<{tag}>", f"<{tag}><span><small>").replace(f"</{tag}>", f"</small></span></{tag}>")
    assert found(PAGE.replace("<main>", f"<main><{tag}>x</{tag}>")) == ()
    assert {finding.code for finding in found(twice)} == {"T413"}


def test_a_style_sheet_of_ours_is_never_left_out() -> None:
    sheets = (*STYLES, "z { color: #000000 }")
    assert {(finding.code, finding.path) for finding in found(PAGE, sheets)} == {("T416", "style")}
    assert found(html.page(REPORT, sheets, "screen", load_layout()), sheets) == ()


def test_a_page_prints_little_beside_the_report() -> None:
    assert {finding.code for finding in found(PAGE.replace("</main>", f"<p>{'x' * 60_000}</p></main>"))} == {"T415"}


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("<main>", "<main><title/>"),
        PAGE.replace('class="who"', 'class="x" class="who"'),
        PAGE.replace('<div class="who">', '<DIV CLASS="who">').replace("</div>", "</DIV>", 1),
        PAGE.replace('class="who"', 'class="WHO"'),
        PAGE.replace("<main>", "<main><p>\u202etxet</p>"),
        PAGE.replace("<main>", "<main><p>&#8238;txet</p>"),
        PAGE.replace("<td ", '<td aria-label="Negative" ', 1),
        PAGE.replace("</table>", "<p>late</p></table>", 1),
        PAGE.replace("</table>", "late</table>", 1),
        PAGE.replace('charset="utf-8"', 'charset="utf-7"'),
        PAGE.replace("<!DOCTYPE html>", ""),
    ],
)
def test_what_readers_of_pages_take_otherwise_is_refused(page: str) -> None:
    assert page != PAGE
    assert "T413" in {finding.code for finding in found(page)}


def test_an_empty_cell_is_a_cell_and_a_heading_stands_at_its_section() -> None:
    assert {finding.code for finding in found(without(r"<td></td>"))} == {"T416"}
    assert {finding.code for finding in found(without(r"<h2>.*?</h2>"))} == {"T416"}


def test_in_a_pdf_the_furniture_stands_first_so_that_it_is_on_every_page() -> None:
    page = html.page(REPORT, (), "pdf", load_layout())
    for block in (r'<div class="mark">.*?</div>', r'<div class="who">.*?</div>', r"<footer.*?</footer>"):
        found_block = re.search(block, page, flags=re.DOTALL)
        assert found_block
        late = page.replace(found_block[0], "", 1).replace("</main>", f"{found_block[0]}</main>")
        assert {finding.code for finding in found(late, (), "pdf")} == {"T413"}


def test_the_head_of_a_page_says_that_a_part_goes_on_and_nothing_else() -> None:
    page = html.page(REPORT, (), "pdf", load_layout())
    (first, *_) = re.findall(r'data-part="([^"]*)"', page)
    assert first.endswith("(continued)")
    for forged in ("Benign", "A. Benign (continued)", "... (continued)", f"{first} Benign"):
        (finding,) = found(page.replace(f'data-part="{first}"', f'data-part="{forged}"'), (), "pdf")
        assert (finding.code, "data-part" in finding.message) == ("T413", True)
