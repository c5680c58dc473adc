"""The same report by other libraries, each used as its documentation shows: what ours is measured beside.

Each function takes a report that was composed and gives the bytes of a document. Fonts are ours, registered once.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from reportgen.formats import pdf_typst
from reportgen.formats.fonts import font_files
from reportgen.formats.html import Typeface, Typefaces
from reportgen.formats.layout import Layout
from reportgen.formats.pdf_view import TypstView
from reportgen.reports.model import Pairs, Paragraph, Report, Table

_FACES = ("regular", "bold", "italic")


def _flat(report: Report) -> Iterator[tuple[str, Any]]:
    """A report as (kind, content) in reading order: `title`, `head`, `text`, `pairs`, `table`."""
    yield "title", report.letterhead.name
    yield from (("text", line) for line in report.letterhead.lines)
    yield "title", report.title
    yield from (("text", notice.text) for notice in report.notices)
    yield "pairs", [(pair.label, pair.text) for pair in report.identification.pairs]
    for section in report.sections:
        yield "head", section.title
        for block in section.blocks:
            match block:
                case Paragraph(sentences=sentences):
                    yield "text", " ".join(sentence.text for sentence in sentences)
                case Pairs(pairs=pairs, caption=caption):
                    if caption:
                        yield "head", caption
                    yield "pairs", [(pair.label, pair.text) for pair in pairs]
                case Table(columns=columns, rows=rows):
                    yield "table", [columns, *(tuple(cell.text for cell in row) for row in rows)]
                case other:
                    yield "text", other.text


def _furniture(report: Report) -> tuple[str, str, str]:
    furniture = report.furniture
    return furniture.state_mark, " · ".join(furniture.patient), " ".join(furniture.record)


@cache
def typefaces() -> Typefaces:
    """The bundled font as a page names it that reads it from the disk."""
    looks = {"regular": ("400", "normal"), "bold": ("700", "normal"), "italic": ("400", "italic")}
    faces = (Typeface("Carlito", path.as_uri(), *looks[face]) for face, path in font_files().items())
    return Typefaces(tuple(faces), ("Carlito",), ("Carlito",), ("Carlito",))


def _reportlab_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for face, path in font_files().items():
        pdfmetrics.registerFont(TTFont(face, str(path)))


def reportlab(report: Report) -> bytes:
    """By reportlab's platypus: paragraphs and tables, head and foot drawn on each page."""
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Words
    from reportlab.platypus import SimpleDocTemplate, TableStyle
    from reportlab.platypus import Table as Grid

    _reportlab_fonts()
    text = ParagraphStyle("text", fontName="regular", fontSize=10, leading=13, spaceAfter=3)
    styles = {
        "text": text,
        "title": ParagraphStyle("title", parent=text, fontName="bold", fontSize=13, leading=16),
        "head": ParagraphStyle("head", parent=text, fontName="bold", fontSize=11, spaceBefore=10),
    }
    rules = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.35, "#888888"), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    mark, who, record = _furniture(report)

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("bold", 8)
        canvas.drawString(54, 760, mark)
        canvas.drawRightString(558, 760, who)
        canvas.setFont("regular", 7)
        canvas.drawString(54, 30, record[:140])
        canvas.drawRightString(558, 30, f"Page {document.page}")

    flow: list[Any] = []
    for kind, content in _flat(report):
        if kind in styles:
            flow.append(Words(escape(content), styles[kind]))
        else:
            rows = [[Words(escape(cell), text) for cell in row] for row in content]
            widths = [130, 374] if kind == "pairs" else [504 / len(rows[0])] * len(rows[0])
            flow.append(Grid(rows, colWidths=widths, style=rules, repeatRows=int(kind == "table")))
    made = BytesIO()
    template = SimpleDocTemplate(made, pagesize=letter, leftMargin=54, rightMargin=54, title=report.metadata.title)
    template.build(flow, onFirstPage=furniture, onLaterPages=furniture)
    return made.getvalue()


def fpdf2(report: Report) -> bytes:
    """By fpdf2: cells that break, tables of its own."""
    from fpdf import FPDF

    mark, who, record = _furniture(report)

    class Page(FPDF):
        def header(self) -> None:
            self.set_font("regular", style="B", size=8)
            self.cell(0, 5, mark)
            self.set_x(self.l_margin)
            self.cell(0, 5, who, align="R", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("regular", size=7)
            self.cell(0, 5, f"{record[:140]}  Page {self.page_no()} of {{nb}}")

    pdf = Page(format="letter")
    for style, face in (("", "regular"), ("B", "bold"), ("I", "italic")):
        pdf.add_font("regular", style, str(font_files()[face]))
    pdf.set_title(report.metadata.title)
    pdf.add_page()
    for kind, content in _flat(report):
        pdf.set_font(
            "regular", style="" if kind in ("text", "pairs", "table") else "B", size=10 if kind == "text" else 11
        )
        if kind in ("text", "title", "head"):
            pdf.multi_cell(0, 5, content, new_x="LMARGIN", new_y="NEXT")
            continue
        widths = (46, 150) if kind == "pairs" else None
        with pdf.table(
            first_row_as_headings=kind == "table", col_widths=widths, borders_layout="HORIZONTAL_LINES"
        ) as grid:
            for row in content:
                line = grid.row()
                for cell in row:
                    line.cell(cell)
    return bytes(pdf.output())


def python_docx(report: Report) -> bytes:
    """By python-docx from its default template."""
    from docx import Document

    document = Document()
    mark, who, record = _furniture(report)
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{mark}\t{who}"
    section.footer.paragraphs[0].text = record
    for kind, content in _flat(report):
        if kind == "text":
            document.add_paragraph(content)
        elif kind in ("title", "head"):
            document.add_heading(content, 1 if kind == "title" else 2)
        else:
            grid = document.add_table(rows=0, cols=len(content[0]))
            for row in content:
                for cell, text in zip(grid.add_row().cells, row, strict=True):
                    cell.text = text
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def libreoffice(docx: Path, folder: Path) -> None:
    """Let LibreOffice convert a DOCX, as a laboratory without a PDF engine would; a process for each file."""
    words = ("soffice", "--headless", f"-env:UserInstallation={folder.as_uri()}/profile", "--convert-to", "pdf")
    subprocess.run([*words, "--outdir", str(folder), str(docx)], check=True, capture_output=True, timeout=120)


def typst_bare(layout: bytes, fonts: str, report: Report, layout_of: Layout) -> bytes:
    """By Typst as its documentation shows it: one call for each report."""
    import typst

    values = {
        "report": json.dumps(TypstView(layout_of).report(report)),
        "design": json.dumps({**pdf_typst._tokens(layout_of), **pdf_typst._families((), None)}),
    }
    stamp = int(report.metadata.stamp.timestamp())
    standards = ["a-2a", "ua-1"]
    return bytes(
        typst.compile(layout, format="pdf", font_paths=[fonts], ignore_system_fonts=True, sys_inputs=values,
                      pdf_standards=standards, timestamp=stamp)
    )  # fmt: skip
