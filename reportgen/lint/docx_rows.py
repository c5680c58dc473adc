"""The rows of a Word file: its paragraphs and the rows of its tables, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lxml import etree

from reportgen.findings import Place, refuse
from reportgen.formats.docx_archive import unpacked
from reportgen.formats.docx_xml import DOCUMENT, STYLES, W, is_on, local, name_of, parsed, value
from reportgen.lint.rows import Row, columns, in_capitals, plain

_LONGEST_HEADING = 80  # letters
_UNSEEN = ("Fallback", "del", "moveFrom", "instrText")  # elements whose words a reader does not see, or sees elsewhere


def rows(data: bytes, name: str) -> Iterator[Row]:
    """The rows of a Word file.

    Raises:
        FindingsError: E025 for a file that is none, is broken, or would unpack to far more than a report.
    """
    parts = unpacked(data, lambda message: refuse("E025", message, name))
    try:
        tree = parsed(parts[DOCUMENT])
        styles = _heading_styles(parsed(parts[STYLES])) if STYLES in parts else frozenset()
    except etree.XMLSyntaxError:
        raise refuse("E025", "is not a Word file that can be read", name) from None
    if tree.getroottree().docinfo.doctype:
        raise refuse("E025", "declares a document type, which no Word file has", name)
    yield from _Reader(name, styles).body(tree)


def _heading_styles(styles: etree._Element) -> frozenset[str]:
    """The ids of styles for headings, by their names in Word."""
    named = {value(style, "styleId"): name_of(style).lower() for style in styles.iter(f"{W}style")}
    return frozenset(id for id, name in named.items() if name.startswith(("heading", "title")))


class _Reader:
    def __init__(self, name: str, styles: frozenset[str]) -> None:
        self.name = name
        self.styles = styles
        self.paragraphs = count(1)
        self.tables = count(1)

    def body(self, holder: etree._Element) -> Iterator[Row]:
        """What is in the body, or in a control or a change within it."""
        for each in holder:
            kind = local(each)
            if kind == "p":
                place = Place(self.name, cell=f"paragraph {next(self.paragraphs)}")
                for line in _lines(each):
                    yield Row(place, columns(line.strip("\t")), heading=self.is_heading(each, line))
            elif kind == "tbl":
                yield from self.table(each, next(self.tables))
            elif kind not in _UNSEEN:
                yield from self.body(each)

    def table(self, table: etree._Element, number: int) -> Iterator[Row]:
        """The rows of a table; what is in a cell that takes a whole row, or holds a table, is read as if outside."""
        own = (row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table)
        for at, row in enumerate(own, start=1):
            cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
            if len(cells) == 1 or any(cell.find(f".//{W}tbl") is not None for cell in cells):
                for cell in cells:
                    yield from self.body(cell)
            elif any(texts := [plain(" ".join(_lines(cell))) for cell in cells]):
                yield Row(Place(self.name, cell=f"table {number}, row {at}"), tuple(texts), table=True)

    def is_heading(self, paragraph: etree._Element, text: str) -> bool:
        """Whether a paragraph is a heading: by its style, all in bold type, or in capitals."""
        if value(paragraph.find(f"{W}pPr/{W}pStyle")) in self.styles:
            return True
        written = [run for run in paragraph.iter(f"{W}r") if run.find(f"{W}t") is not None]
        bold = bool(written) and all(is_on(run.find(f"{W}rPr/{W}b")) for run in written)
        ends = text.rstrip().endswith(".")
        return len(text) <= _LONGEST_HEADING and "\t" not in text and not ends and (bold or in_capitals(plain(text)))


def _lines(holder: etree._Element) -> list[str]:
    """The lines of a paragraph or a cell that hold something, as a reader sees them; a tab stays one."""
    pieces: list[str] = []
    _gather(holder, pieces)
    return [line for line in "".join(pieces).split("\n") if line.strip()]


def _gather(element: etree._Element, pieces: list[str]) -> None:
    for each in element:
        kind = local(each)
        if kind in _UNSEEN or (kind == "r" and is_on(each.find(f"{W}rPr/{W}vanish"))):
            continue
        if kind == "t":
            pieces.append(each.text or "")
        elif kind in ("tab", "ptab") and local(element) == "r":
            pieces.append("\t")
        elif kind in ("br", "cr"):
            pieces.append("\n")
        else:
            _gather(each, pieces)
    if local(element) == "p":
        pieces.append("\n")
