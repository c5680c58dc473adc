"""Which sections are one short line, so that the heading is beside it: a heading of its own would take more room."""

from __future__ import annotations

from reportgen.formats.layout import TRACKING, Layout
from reportgen.formats.widths import width, widths
from reportgen.reports.model import Notice, Paragraph, Role, Section, Tone

ROOM = 8.0  # points that stay free behind the heading
_INSET = 24.0  # points inside the box of a notice, and for the mark of a gap
_SPARE = 0.92  # of the line: the fonts of Word and of screens may be wider than the one measured here


def is_short(section: Section, layout: Layout) -> bool:
    """Whether a section is one paragraph or remark that fits on a line beside the heading, in the column of answers."""
    match section.blocks:
        case (Paragraph(sentences=sentences, role=Role.body),):
            text = " ".join(each.text for each in sentences)
        case (Notice(text=text, tone=Tone.info),):
            pass
        case _:
            return False
    design, known = layout.design, widths(layout.laboratory)
    label = design.columns.label - ROOM
    line = (layout.text_width - design.columns.label - _INSET) * _SPARE
    title = width(section.title, design.sizes.section * (1 + TRACKING), known)
    return title <= label * _SPARE and width(text, design.sizes.body, known) <= line
