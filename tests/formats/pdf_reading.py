"""What a PDF says about itself: its structure, fonts and attachments by pikepdf, where its lines stand by PDFium."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pikepdf
import pypdfium2

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class PageBoxes:
    """Where the ink of each piece of a line stands on a page."""

    width: float
    height: float
    lines: tuple[Box, ...]

    def holds(self, box: Box) -> bool:
        """Whether a box lies wholly within the page and clear of its edges, as a printer needs it."""
        left, bottom, right, top = box
        return left >= 18 and bottom >= 12 and right <= self.width - 18 and top <= self.height - 12


def boxes(data: bytes) -> list[PageBoxes]:
    """The boxes of every page."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for page in document:
        text = page.get_textpage()
        width, height = page.get_size()
        found.append(PageBoxes(width, height, tuple(text.get_rect(number) for number in range(text.count_rects()))))
    return found


def left_of(data: bytes, words: str) -> float:
    """Where some words begin, at the first place of the first page that has them."""
    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    found = text.search(words, match_case=True).get_next()
    assert found, words
    return float(text.get_charbox(found[0])[0])


def rows(pieces: Iterable[Box]) -> list[list[Box]]:
    """Pieces of text by the lines that they stand on, from above; those of a line from left to right."""
    found: list[list[Box]] = []
    for box in sorted(pieces, key=lambda box: -box[1]):
        if not found or found[-1][0][1] - box[1] > 3:
            found.append([])
        found[-1].append(box)
    return [sorted(row) for row in found]


def lines_of(data: bytes) -> list[str]:
    """The lines of the first page from above, each with all that stands on it from left to right."""
    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    pieces = [text.get_rect(number) for number in range(text.count_rects())]
    return [" ".join(text.get_text_bounded(*box) for box in row) for row in rows(pieces)]


def overlaps(lines: Sequence[Box]) -> Iterator[tuple[Box, Box]]:
    """Pieces of text that lie over each other (a hair of touching is the shape of the letters)."""
    upward = sorted(lines, key=lambda line: line[1])
    for index, (left, bottom, right, top) in enumerate(upward):
        for other in upward[index + 1 :]:
            if other[1] >= top - 1.5:
                break
            if min(right, other[2]) - max(left, other[0]) > 1.5 and min(top, other[3]) - other[1] > 1.5:
                yield (left, bottom, right, top), other


def opened(data: bytes) -> pikepdf.Pdf:
    """The PDF, for reading."""
    return pikepdf.open(io.BytesIO(data))


def elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every structure element, parents first."""
    root = pdf.Root.StructTreeRoot.K
    waiting = list(root) if isinstance(root, pikepdf.Array) else [root]
    while waiting:
        element = waiting.pop(0)
        yield element
        waiting = children(element) + waiting


def children(element: pikepdf.Object) -> list[pikepdf.Object]:
    """The structure elements right below one."""
    kids = element.get("/K", pikepdf.Array())
    every = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in every if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def role(element: pikepdf.Object) -> str:
    """What a structure element is, such as `/TH`."""
    return str(element.S)


def attached(pdf: pikepdf.Pdf) -> list[str]:
    """The names of all attachments, wherever they hang."""
    names = list(pdf.attachments)
    for page in pdf.pages:
        names += [
            str(item.Subtype) for item in page.get("/Annots", pikepdf.Array()) if item.Subtype == "/FileAttachment"
        ]
    return names


def fonts(pdf: pikepdf.Pdf) -> dict[str, bool]:
    """Each font's name without its subset tag, and whether its program is embedded."""
    found = {}
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            found[str(item.FontName).rpartition("+")[2].lstrip("/")] = "/FontFile2" in item or "/FontFile3" in item
    return found
