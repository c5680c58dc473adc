"""The Word file: a Report's words in named styles and real tables, so that it reads aloud and edits well in Word."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.coreprops import CoreProperties
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section as Page
from docx.shared import Pt
from docx.table import Table as Grid
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as Line

from reportgen.formats.design import Design
from reportgen.formats.docx_base import base
from reportgen.formats.docx_pack import pack, unpack, utc
from reportgen.formats.docx_styles import text_width
from reportgen.reports.model import (
    Block,
    Cell,
    Furniture,
    Heading,
    Notice,
    Pair,
    Pairs,
    Paragraph,
    Report,
    Role,
    Section,
    Table,
    Tone,
)

_ROLES = {
    Role.specimen: "Specimen",
    Role.diagnosis: "Diagnosis",
    Role.detail: "Diagnosis Detail",
    Role.received: "Received As",
    Role.body: "Body Text",
}
_TONES = {Tone.draft: "Notice Draft", Tone.gap: "Notice Gap", Tone.info: "Notice Info"}
_LABELS = ("Pair Label", "Pair Label 2", "Pair Label 3")
_PROPERTY_LIMIT = 255  # characters; python-docx refuses longer properties
_IDENTIFICATION_LABEL = 82  # points, as in the standard layout's style sheet


def render(report: Report, design: Design) -> bytes:
    """Lay out a report as a Word file; the same report and design give the same bytes."""
    document = docx.Document(BytesIO(base(design, report.metadata.language, report.metadata.generator)))
    _letterhead(document, report)
    _identification(document, report, text_width(design))
    for section in report.sections:
        _section(document, section, design)
    _end_table(document)
    _furniture(document.sections[0], report.furniture)
    _properties(document.core_properties, report)
    saved = BytesIO()
    document.save(saved)
    return pack(unpack(saved.getvalue()), report.metadata.stamp)


def _letterhead(document: Document, report: Report) -> None:
    _say(document.add_paragraph(style="Laboratory"), report.letterhead.name, gap=report.letterhead.gap)
    for text in report.letterhead.lines:
        document.add_paragraph(text, "Laboratory Address")
    document.add_paragraph(report.title, "Title")
    for notice in report.notices:
        document.add_paragraph(notice.text, _TONES[notice.tone])


def _section(document: Document, section: Section, design: Design) -> None:
    document.add_paragraph(section.title, "Heading 1")
    for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=True):
        match block:
            case Heading(text=text):
                document.add_paragraph(text, "Heading 2")
            case Notice(text=text, tone=tone):
                _end_table(document)
                document.add_paragraph(text, _TONES[tone])
            case Paragraph():
                _end_table(document)
                _paragraph(document, block, after)
            case Pairs():
                _pairs(document, block, section.title, design)
            case Table():
                _table(document, block, section.title, text_width(design))


def _paragraph(document: Document, block: Paragraph, after: Block | None) -> None:
    line = document.add_paragraph(style=_ROLES[block.role])
    for number, sentence in enumerate(block.sentences):
        if number:
            line.add_run(" ")  # apart, so that a gap's box holds the gap alone
        _say(line, sentence.text, gap=sentence.gap)
    if isinstance(after, Paragraph) and after.role in (Role.detail, Role.received):
        line.paragraph_format.keep_with_next = True  # what belongs to a diagnosis stays with it


def _identification(document: Document, report: Report, width: float) -> None:
    label, answer = _IDENTIFICATION_LABEL, width / 2 - _IDENTIFICATION_LABEL
    grid = _grid(document, "Identification", (label, answer, label, answer), report.title)
    pairs = report.identification.pairs
    for first in range(0, len(pairs), 2):
        cells = _cells(grid)
        for number, pair in enumerate(pairs[first : first + 2]):
            _pair(pair, cells[2 * number], cells[2 * number + 1])
        if first + 1 == len(pairs):
            cells[1].merge(cells[3])


def _pairs(document: Document, block: Pairs, title: str, design: Design) -> None:
    if block.caption:
        document.add_paragraph(block.caption, "Heading 2")
    label = design.columns.label
    grid = _grid(document, "Pairs", (label, text_width(design) - label), block.caption or title)
    for pair in block.pairs:
        _pair(pair, *_cells(grid))


def _pair(pair: Pair, label: _Cell, answer: _Cell) -> None:
    _fill(label, _LABELS[min(pair.depth, len(_LABELS) - 1)], pair.label)
    _fill(answer, "Pair Answer", pair.text, gap=pair.gap)


def _table(document: Document, block: Table, title: str, width: float) -> None:
    grid = _grid(document, "Findings", [width / len(block.columns)] * len(block.columns), block.label or title)
    for cell, column in zip(_cells(grid, head=True), block.columns, strict=True):
        _fill(cell, "Column Head", column)
    for row in block.rows:
        for cell, entry in zip(_cells(grid), row, strict=True):
            _fill(cell, "Cell", entry.text, gap=entry.gap)


def _grid(document: Document, style: str, widths: Iterable[float], label: str) -> Grid:
    """An empty table of fixed widths, so that no word however long pushes a column off the page."""
    _end_table(document)
    columns = tuple(Pt(width) for width in widths)
    grid = document.add_table(0, len(columns))
    grid.style, grid.autofit = style, False
    for column, width in zip(grid.columns, columns, strict=True):
        column.width = width
    ...
    return grid
