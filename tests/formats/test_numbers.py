"""No line ends between a number and its unit, in any format; the words are the same, and no shorter."""

from __future__ import annotations

import io
import re
import zipfile

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import formats
from reportgen.formats.layout import load_layout
from reportgen.formats.numbers import bound, bound_text, parted
from reportgen.reports.model import Cell, Pairs, Report, Section, Table
from tests.formats.specimen import REPORT, pairs, paragraph, with_sections

COUNT = "3 per 10 HPF (= 1.3 per mm²; field number 22 mm, objective 40 ×, calculated field area 0.238 mm²)"
_SPLIT = re.compile(r"\d\s*\n\s*(?:mm|cm|%|×|per|HPF)|(?:per|=|×)\s*\n\s*\d|per\s*\n\s*mm")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (COUNT, "3_per_10_HPF (=_1.3_per_mm²; field number 22_mm, objective 40_×, calculated field area 0.238_mm²)"),
        ("12 × 8 × 4 mm", "12_×_8_×_4_mm"),
        ("12 x 8 mm (=_1.2 x 0.8 cm)", "12_x_8_mm (=_1.2_x_0.8_cm)"),
        ("positive in 80 % (16.1 %)", "positive in 80_% (16.1_%)"),
        ("≥ 5 mm, < 3 cm", "≥_5_mm, <_3_cm"),
        ("of up to 4 mm.", "of up to 4_mm."),
        ("10 HPFs", "10_HPFs"),
        ("3 mitoses", "3 mitoses"),
        ("2 fragments of 5 received", "2 fragments of 5 received"),
        ("", ""),
    ],
)
def test_what_is_bound(text: str, shown: str) -> None:
    assert bound_text(text).replace("\u00a0", "_") == shown


@given(st.text())
def test_binding_changes_spaces_alone(text: str) -> None:
    made = bound_text(text)
    assert len(made) == len(text)
    assert all(new == old or (old, new) == (" ", "\u00a0") for old, new in zip(text, made, strict=True))
    assert bound_text(made) == made


def of(filler: int) -> Report:
    """A report whose numbers come to the end of a line for some `filler`."""
    words = "m" * filler
    text = f"{words} {COUNT} and {words} 12 × 8 × 4 mm in 80 % of 5 mm"
    cells = tuple(Cell(each) for each in ("SMA", f"{words} 80 %", f"{words} 12 mm"))
    table = Table(("Stain", "Result", "Extent of 10 HPF"), (cells,))
    return with_sections(Section("s", "Section", (paragraph(text), pairs([("Size", text), ("Label", COUNT)]), table)))


def test_a_whole_report_is_bound_and_its_words_are_the_same() -> None:
    for report in (REPORT, of(3)):
        assert [parted(text) for text in bound(report).reading_order()] == list(report.reading_order())
    (section,) = bound(of(3)).sections
    assert isinstance(section.blocks[1], Pairs)
    assert section.blocks[1].pairs[1].text == bound_text(COUNT)


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_no_line_of_a_pdf_ends_between_a_number_and_its_unit(engine: str) -> None:
    for filler in range(1, 40, 3):
        data = formats.render(of(filler), "pdf", load_layout(engine=engine))
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
        assert not _SPLIT.search(text.replace("\r", "")), filler


def test_no_line_of_the_text_ends_between_a_number_and_its_unit_and_its_spaces_are_plain() -> None:
    for filler in range(1, 40):
        text = formats.render(of(filler), "txt", load_layout()).decode()
        assert "\u00a0" not in text
        assert not _SPLIT.search(text), filler


def test_word_and_html_have_spaces_that_do_not_break() -> None:
    shown = bound_text(COUNT)
    assert shown in formats.render(of(3), "html", load_layout()).decode()
    document = zipfile.ZipFile(io.BytesIO(formats.render(of(3), "docx", load_layout()))).read("word/document.xml")
    assert shown in document.decode()
