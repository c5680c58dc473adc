"""Sections of one line, whose heading is beside it."""

from __future__ import annotations

import pytest

from reportgen import formats
from reportgen.formats.layout import load_layout
from reportgen.formats.short_sections import is_short
from reportgen.reports.model import Block, Heading, Notice, Role, Section, Tone
from tests.formats.glyphs import Page, glyphs
from tests.formats.readback import expected_body, read
from tests.formats.specimen import paragraph, stains, with_sections

LAYOUT = load_layout()
SHORT = Section("history", "Clinical history", (paragraph("Papule."),))


@pytest.mark.parametrize(
    ("title", "blocks", "expected"),
    [
        ("Clinical history", (paragraph("Papule.", "Rule out fibroma."),), True),
        ("Signature", (Notice("Not signed."),), True),
        ("Clinical history", (paragraph("A papule that has been growing for a year. " * 3),), False),
        ("A title that is far too long for its place", (paragraph("Papule."),), False),
        ("Comment", (paragraph("Papule."), paragraph("Growing.")), False),
        ("Comment", (Heading("A. Nose"), paragraph("Papule.")), False),
        ("Diagnosis", (paragraph("Papule", role=Role.diagnosis),), False),
        ("Comment", (Notice("[PENDING]", Tone.gap),), False),
        ("Stains", (stains("SMA"),), False),
        ("Empty", (), False),
    ],
)
def test_a_section_is_short_if_it_is_one_line(title: str, blocks: tuple[Block, ...], expected: bool) -> None:
    assert is_short(Section("s", title, blocks), LAYOUT) is expected


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_the_heading_and_the_line_begin_on_one_line(engine: str) -> None:
    report = with_sections(SHORT, Section("t", "Signature", (Notice("Unsigned."),)))
    page = Page(glyphs(formats.render(report, "pdf", load_layout(engine=engine))))
    for title, text in (("Clinical history", "Papule."), ("Signature", "Unsigned.")):
        heading, line = page.find(title, text)
        assert abs(heading.y - line.y) < 4
        assert line.x - heading.x >= LAYOUT.design.columns.label - 1


@pytest.mark.parametrize("format", ["docx", "html", "pdf", "txt"])
def test_short_sections_are_read_in_their_order(format: str) -> None:
    report = with_sections(
        SHORT, SHORT._replace(title="Coding"), Section("c", "Comment", (paragraph("x " * 90),)), SHORT
    )
    assert read(format, formats.render(report, format, LAYOUT), report).body == expected_body(report)
