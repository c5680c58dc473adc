"""Reports as other systems print them, written for these tests; patients and findings are invented."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import docx
from fpdf import FPDF

HEAD = "Patient: Invented, Ivo\nAccession: X26-1\n\n"
COLONS = """\
SYNOPTIC REPORT

Procedure: Shave biopsy
Specimen laterality: Left
Anatomic site: Cheek
Growth pattern: Nodular
Perineural invasion: Not identified
Deep margin: Involved
Peripheral margin: Not involved
"""
LINES = COLONS.partition("\n\n")[2]
PROSE = "Sections show nests of basaloid cells with palisading that are attached to the epidermis.\n"
LEADERS = COLONS.replace(": ", " ........ ")
SPACES = "\n".join(f"{left:<40}{right}" for left, _, right in (each.partition(": ") for each in COLONS.splitlines()))
BULLETS = COLONS.replace("\n", "\n  • ").replace("  • \n", "\n")
NUMBERS = "\n".join(f"{n}. {line}" if ":" in line else line for n, line in enumerate(COLONS.splitlines()))
TWO_ROWS = COLONS.replace(": ", ":\n    ")
OTHER_ORDER = "\n".join(["SYNOPTIC REPORT", "", *reversed(COLONS.splitlines()[2:])]) + "\n"
CLEAN = {
    "colons": HEAD + "DIAGNOSIS\n" + PROSE + "\n" + COLONS + "\nCOMMENT\n" + PROSE,
    "leaders": HEAD + LEADERS,
    "spaces": HEAD + SPACES,
    "bullets": HEAD + BULLETS,
    "numbers": HEAD + NUMBERS,
    "two rows": HEAD + TWO_ROWS,
    "other order": HEAD + OTHER_ORDER,
    "no headings": LINES,
    "markdown": HEAD + COLONS.replace("SYNOPTIC REPORT", "## Synoptic report"),
    "two parts": HEAD + "SYNOPTIC REPORT\n" + "".join(f"Part {part}: skin\n{LINES}\n" for part in "AB"),
    "wrapped": COLONS.replace("Involved\n", "Involved, in several of the planes that were\nexamined and at the tip\n"),
}


def pairs(text: str) -> list[tuple[str, str]]:
    """The pairs of a report that is written with colons."""
    return [(left, right) for left, sign, right in (line.partition(": ") for line in text.splitlines()) if sign]


def word_file(text: str, columns: int = 0) -> bytes:
    """A Word file: its lines as paragraphs, or its pairs in a table of two or four columns."""
    document = docx.Document()
    if not columns:
        for line in text.splitlines():
            document.add_paragraph(line)
    else:
        document.add_heading("Synoptic report", 1)
        cells = [cell for pair in pairs(text) for cell in pair]
        table = document.add_table(rows=0, cols=columns)
        for start in range(0, len(cells), columns):
            row = table.add_row().cells
            for cell, words in zip(row, cells[start : start + columns], strict=False):
                cell.text = words
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def pdf_file(pages: Sequence[str], columns: int = 0, password: str = "") -> bytes:
    """A PDF: each page's lines as they are, or its pairs in two or four columns, with a running head and foot."""
    document = FPDF(unit="pt", format="letter")
    document.set_auto_page_break(auto=False)
    if password:
        document.set_encryption(owner_password=password, user_password=password)
    document.set_font("Helvetica", size=10)
    for number, page in enumerate(pages, start=1):
        document.add_page()
        document.text(50, 30, "Invented, Ivo X26-1")
        document.text(50, 770, f"Page {number} of {len(pages)}")
        for line, words in enumerate(_across(page, columns)):
            for column, text in enumerate(words):
                document.text(50 + column * 130, 80 + line * 16, text.replace("•", "-"))
    return bytes(document.output())


def _across(page: str, columns: int) -> list[list[str]]:
    if not columns:
        return [[line] for line in page.splitlines()]
    cells = [cell for pair in pairs(page) for cell in pair]
    return [["SYNOPTIC REPORT"], *(cells[at : at + columns] for at in range(0, len(cells), columns))]
