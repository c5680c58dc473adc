"""The Word file: a Report's words in named styles and real tables, so that it reads aloud and edits well in Word."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.coreprops import CoreProperties
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.section import Section as Page
from docx.shared import Pt
from docx.table import Table as Grid
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Line

from reportgen.formats.design import Design
from reportgen.formats.docx_base import base
from reportgen.formats.docx_pack import pack, unpack, utc
from reportgen.formats.docx_styles import style_id, text_width
from reportgen.reports.model import (
    Block,
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
    _say(document.add_paragraph(), "Laboratory", report.letterhead.name, gap=report.letterhead.gap)
    for text in report.letterhead.lines:
        _say(document.add_paragraph(), "Laboratory Address", text)
    _say(document.add_paragraph(), "Title", report.title)
    for notice in report.notices:
        _say(document.add_paragraph(), _TONES[notice.tone], notice.text)


def _section(document: Document, section: Section, design: Design) -> None:
    _say(document.add_paragraph(), "Heading 1", section.title)
    for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=True):
        match block:
            case Heading(text=text):
                _say(document.add_paragraph(), "Heading 2", text)
            case Notice(text=text, tone=tone):
                _end_table(document)
                _say(document.add_paragraph(), _TONES[tone], text)
            case Paragraph():
                _end_table(document)
                _paragraph(document, block, after)
            case Pairs():
                _pairs(document, block, section.title, design)
            case Table():
                _table(document, block, section.title, text_width(design))


def _paragraph(document: Document, block: Paragraph, after: Block | None) -> None:
    line = document.add_paragraph()
    for number, sentence in enumerate(block.sentences):
        if number:
            _run(line, " ")  # a run of its own, so that a gap's box holds the gap alone
        _say(line, _ROLES[block.role], sentence.text, gap=sentence.gap)
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
        _say(document.add_paragraph(), "Heading 2", block.caption)
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


def _grid(document: Document, style: str, widths: Sequence[float], label: str, *, head: bool = False) -> Grid:
    """An empty table of fixed widths, so that no word however long pushes a column off the page."""
    _end_table(document)
    grid = document.add_table(0, len(widths))
    grid._tbl.tblStyle_val = style_id(style)
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Pt(width)
    properties = grid._tbl.tblPr
    properties.append(OxmlElement("w:tblCaption", {qn("w:val"): label}))  # read out, not printed
    for look in properties.findall(qn("w:tblLook")):
        look.set(qn("w:val"), "04A0" if head else "0480")
        look.set(qn("w:firstRow"), str(int(head)))
    return grid


def _cells(grid: Grid, *, head: bool = False) -> tuple[_Cell, ...]:
    """The cells of a new row, which no page break divides; a header row comes again on each page."""
    row = grid.add_row()
    properties = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader")[: 1 + head]:
        properties.append(OxmlElement(tag))
    return row.cells


def _fill(cell: _Cell, style: str, text: str, *, gap: bool = False) -> None:
    _say(cell.paragraphs[0], style, text, gap=gap)


def _say(line: Line, style: str, text: str, *, gap: bool = False) -> None:
    line._p.style = style_id(style)  # by id: python-docx seeks a name among all styles, half the time of a report
    if text:
        _run(line, text, "Gap" if gap else "")


def _run(line: Line, text: str, style: str = "") -> None:
    run = line.add_run(text)
    if style:
        run._r.style = style_id(style)


def _end_table(document: Document) -> None:
    """A thin line after a table, where no heading follows: Word would join it to the next, and cannot end in one."""
    last = document.element.body[-2:-1]  # the very last is the page setup
    if last and last[0].tag == qn("w:tbl"):
        _say(document.add_paragraph(), "After Table", "")


def _furniture(page: Page, furniture: Furniture) -> None:
    head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
    if furniture.state_mark:
        _run(head, furniture.state_mark, "State Mark")
    _run(head, "\t")
    _run(head, " · ".join(furniture.patient), "Identity")
    for number, text in enumerate(furniture.record):
        foot = page.footer.add_paragraph() if number else foot
        _say(foot, "Footer", text)
    _run(foot, f"\t{furniture.page} ")
    _field(foot, "PAGE")
    _run(foot, f" {furniture.of} ")
    _field(foot, "NUMPAGES")


def _field(line: Line, name: str) -> None:
    """A number that Word works out; until then it shows 1."""
    field = OxmlElement("w:fldSimple", {qn("w:instr"): f" {name} "})
    field.append(line.add_run("1")._r)
    line._p.append(field)


def _properties(properties: CoreProperties, report: Report) -> None:
    metadata = report.metadata
    properties.title = metadata.title[:_PROPERTY_LIMIT]
    properties.subject = metadata.subject[:_PROPERTY_LIMIT]
    properties.author = metadata.author[:_PROPERTY_LIMIT]
    properties.keywords = ", ".join(metadata.keywords)[:_PROPERTY_LIMIT]
    properties.language = metadata.language
    properties.content_status = report.state.value
    properties.created = properties.modified = utc(metadata.stamp)
    properties.last_modified_by = properties.comments = ""
    properties.revision = 1
