"""The Word file: a Report's words in named styles and real tables, so that it reads aloud and edits well in Word."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import cast

import docx
from docx.document import Document
from docx.opc.coreprops import CoreProperties
from docx.oxml.ns import qn
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
_TONES = {Tone.draft: "Notice State", Tone.gap: "Notice Gap", Tone.info: "Notice Info"}
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
    for number, block in enumerate(section.blocks, start=1):
        match block:
            case Heading(text=text):
                _say(document.add_paragraph(), "Heading 2", text)
            case Notice(text=text, tone=tone):
                _end_table(document)
                _say(document.add_paragraph(), _TONES[tone], text)
            case Paragraph():
                _end_table(document)
                _paragraph(document, block, section.blocks[number:])
            case Pairs():
                _pairs(document, block, section.title, design)
            case Table():
                _table(document, block, section.title, text_width(design))


def _paragraph(document: Document, block: Paragraph, following: tuple[Block, ...]) -> None:
    line = document.add_paragraph()
    for number, sentence in enumerate(block.sentences):
        if number:
            _run(line, " ")  # a run of its own, so that a gap's box holds the gap alone
        _say(line, _ROLES[block.role], sentence.text, gap=sentence.gap)
    match following:
        case (Paragraph(role=Role.detail | Role.received), *_):
            line.paragraph_format.keep_with_next = True  # what belongs to a diagnosis stays with it


def _identification(document: Document, report: Report, width: float) -> None:
    label, answer, pairs = _IDENTIFICATION_LABEL, width / 2 - _IDENTIFICATION_LABEL, report.identification.pairs
    if not pairs:
        return  # a table without rows is not valid
    grid = _grid(document, "Identification", (label, answer, label, answer), report.title)
    for first in range(0, len(pairs), 2):
        cells = _cells(grid)
        for number, pair in enumerate(pairs[first : first + 2]):
            _pair(pair, cells[2 * number], cells[2 * number + 1])
        if first + 1 == len(pairs):
            cells[1].merge(cells[3])


def _pairs(document: Document, block: Pairs, title: str, design: Design) -> None:
    if block.caption:
        _say(document.add_paragraph(), "Heading 2", block.caption)
    if not block.pairs:
        return
    label = design.columns.label
    grid = _grid(document, "Pairs", (label, text_width(design) - label), block.caption or title)
    for pair in block.pairs:
        _pair(pair, *_cells(grid))


def _pair(pair: Pair, label: _Cell, answer: _Cell) -> None:
    _fill(label, _LABELS[min(pair.depth, len(_LABELS) - 1)], pair.label)
    _fill(answer, "Pair Answer", pair.text, gap=pair.gap)


def _table(document: Document, block: Table, title: str, width: float) -> None:
    widths = [width / len(block.columns)] * len(block.columns)
    grid = _grid(document, "Findings", widths, block.label or title, head=True)
    for cell, column in zip(_cells(grid, head=True), block.columns, strict=True):
        _fill(cell, "Column Head", column)
    for row in block.rows:
        for cell, entry in zip(_cells(grid), row, strict=True):
            _fill(cell, "Cell", entry.text, gap=entry.gap)


def _grid(document: Document, style: str, widths: Sequence[float], label: str, *, head: bool = False) -> Grid:
    """An empty table of fixed widths, so that no word however long pushes a column off the page."""
    _end_table(document)
    grid: Grid = document.add_table(0, len(widths))
    grid._tbl.tblStyle_val = style_id(style)
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Pt(width)
    properties = grid._tbl.tblPr
    for tag in ("w:tblCaption", "w:tblDescription"):  # read out, not printed; readers differ in which of them
        _child(properties, tag, val=label)
    for look in properties.findall(qn("w:tblLook")):
        look.set(qn("w:val"), "04A0" if head else "0480")
        look.set(qn("w:firstRow"), str(int(head)))
    return grid


def _cells(grid: Grid, *, head: bool = False) -> tuple[_Cell, ...]:
    """The cells of a new row, which no page break divides; a header row comes again on each page."""
    row: _Row = grid.add_row()  # type: ignore[no-untyped-call]
    properties = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader")[: 1 + head]:
        _child(properties, tag)
    return tuple(_Cell(cell, grid) for cell in row._tr.tc_lst)


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
        run.bold = True  # in the run too: in Word a bold paragraph style and a bold character style cancel each other


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
    field = _child(line._p, "w:fldSimple", instr=f" {name} ")
    number: BaseOxmlElement = line.add_run("1")._r
    field.append(number)


def _child(parent: BaseOxmlElement, tag: str, **attributes: str) -> BaseOxmlElement:
    """A new last child, for what python-docx has no name for; where the schema fixes an order the caller keeps it."""
    child = cast("BaseOxmlElement", OxmlElement(tag, {qn(f"w:{name}"): value for name, value in attributes.items()}))
    parent.append(child)
    return child


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
