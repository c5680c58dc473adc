"""Where each letter of a PDF stands: its page and the origin on its baseline, by PDFium; and where words are."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from reportgen.reports.model import Pairs, Report, Table
from tests.formats.readback import squeeze


class Glyph(NamedTuple):
    """One letter: the page from 1, and its origin in points from the lower left."""

    letter: str
    page: int
    x: float
    y: float


def glyphs(data: bytes) -> list[Glyph]:
    """Every letter that is no white space, in the order of the file."""
    found: list[Glyph] = []
    for number, page in enumerate(pypdfium2.PdfDocument(data), 1):
        text = page.get_textpage()
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(text.count_chars()):
            letter = chr(pdfium.FPDFText_GetUnicode(text, index))
            if not letter.isspace() and letter != "\x00":
                pdfium.FPDFText_GetCharOrigin(text, index, x, y)
                found.append(Glyph(letter, number, x.value, y.value))
    return found


def sizes(data: bytes) -> set[float]:
    """The sizes of type in a PDF, in points as they are printed, to a hundredth."""
    found: set[float] = set()
    for page in pypdfium2.PdfDocument(data):
        text, matrix = page.get_textpage(), pdfium.FS_MATRIX()
        for index in range(text.count_chars()):
            if not chr(pdfium.FPDFText_GetUnicode(text, index)).isspace() and not pdfium.FPDFText_IsGenerated(
                text, index
            ):
                pdfium.FPDFText_GetMatrix(text, index, matrix)
                found.add(round(pdfium.FPDFText_GetFontSize(text, index) * abs(matrix.d), 2))
    return found


@dataclass
class Page:
    """The letters of a document, searched forward."""

    letters: list[Glyph]
    at: int = 0

    def __post_init__(self) -> None:
        self.text = "".join(each.letter for each in self.letters)

    def find(self, *words: str) -> list[Glyph]:
        """The first letter of each of some texts that stand directly behind each other, searched forward."""
        wanted = [squeeze(each) for each in words]
        start = self.text.find("".join(wanted), self.at)
        assert start >= 0, f"{words} not found behind {self.text[max(0, self.at - 40) : self.at]!r}"
        found = []
        for each in wanted:
            found.append(self.letters[start])
            start += len(each)
        self.at = start
        return found


def rows(report: Report) -> Iterator[tuple[str, ...]]:
    """The texts of each row of the page that has a first line in common: pairs, and the rows of tables."""
    for pair in report.identification.pairs:
        yield pair.label, _first(pair.text)
    for block in report.blocks():
        if isinstance(block, Pairs):
            yield from ((pair.label, _first(pair.text)) for pair in block.pairs if pair.text)
        if isinstance(block, Table):
            yield from (tuple(cell.text for cell in row if cell.text) for row in block.rows)


def _first(text: str) -> str:
    return text.split()[0][:8] if text.split() else ""


def apart(report: Report, data: bytes) -> list[tuple[tuple[str, ...], list[float]]]:
    """The rows whose cells do not begin on one baseline of one page, each with the heights it has."""
    page = Page(glyphs(data))
    wrong = []
    for row in rows(report):
        found = page.find(*row)
        heights = [each.y - 10_000 * each.page for each in found]
        if max(heights) - min(heights) > 0.6:
            wrong.append((row, heights))
    return wrong
