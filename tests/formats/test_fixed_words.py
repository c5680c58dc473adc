"""Fixed words of a layout state nothing of a case or of its state."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from reportgen import formats, template_files
from reportgen.formats.docx_template import sources
from reportgen.formats.fixed_words import stated
from reportgen.formats.layout import Layout, load_layout
from tests.formats.specimen import REPORT
from tests.support.labs import lab, refused

STANDARD = (template_files.folder() / "layouts/standard/report.html").read_text(encoding="utf-8")
STATING = [
    ('<div class="notice">FINAL REPORT - signed out by Dr. A. Example</div>', "T428"),
    ("<p>Electronically <b>sig</b>ned by Dr. A. Example</p>", "T428"),
    ("<p>&#70;INAL</p>", "T428"),
    ("<p>Released by the laboratory</p>", "T428"),
    ("<p>No evidence of malignancy, margins free.</p>", "T417"),
    ("<p>Margins: <b>clear</b></p>", "T417"),
    ("<p>Necrosis is present.</p>", "T417"),
    ("{% if metadata.title %}<p>Residual tumor is not seen.</p>{% endif %}", "T417"),
]
PLAIN = [
    "<p>Accredited by the Example Board</p>",
    "<p>These tests have not been cleared or approved by the U.S. Food and Drug Administration.</p>",
    "<p>Clear Lake Skin Pathology, free parking</p>",
    "<p>Final diagnosis</p>",
    "<p>Margin and edge are used for the same thing.</p>",
]


def html_layout(folder: Path, more: str) -> Layout:
    own = lab(folder, "layout: {html: report.html}\n", report_html=STANDARD.replace("</main>", f"{more}</main>"))
    return load_layout(laboratory=own)


@pytest.mark.parametrize(("more", "code"), STATING)
@pytest.mark.parametrize("format", ["html", "pdf"])
def test_a_page_that_states_something_of_every_report_is_refused(
    more: str, code: str, format: str, tmp_path: Path
) -> None:
    found = refused(lambda: formats.render(REPORT, format, html_layout(tmp_path, more)))
    assert {each.code for each in found} == {code}
    assert all(each.place.file.endswith("report.html") and each.place.line for each in found)


@pytest.mark.parametrize("more", PLAIN)
def test_other_words_are_printed(more: str, tmp_path: Path) -> None:
    assert formats.render(REPORT, "html", html_layout(tmp_path, more))


@pytest.mark.parametrize(("text", "code"), [("Electronically signed", "T428"), ("Margins are free of tumor.", "T417")])
def test_a_word_template_that_states_something_is_found_across_runs(text: str, code: str, tmp_path: Path) -> None:
    template = Document()
    template.add_paragraph("Our letter")
    paragraph = template.add_paragraph()
    for letter in text:
        paragraph.add_run(letter).bold = letter in "aeiou"
    template.save(str(tmp_path / "letter.docx"))
    own = lab(tmp_path, "layout: {word: letter.docx}\n", letter_docx=(tmp_path / "letter.docx").read_bytes())
    found = list(stated(sources(own), own))
    assert [(each.code, each.path) for each in found] == [(code, "word/document.xml, paragraph 2")]
    assert found[0].place.file.endswith("letter.docx")
