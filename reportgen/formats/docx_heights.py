"""How much of a page the header and the footer of a Word template take: the report must keep room between them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from reportgen.findings import Finding, Place
from reportgen.formats.docx_looks import TemplateLooks
from reportgen.formats.docx_pages import sheet_of
from reportgen.formats.docx_xml import DOCUMENT, EMU, FILLED, W, local, number, parsed, points, value

_MOST = 0.4  # of the height of a page
_LEADING = 1.2
_LINE = 240  # what Word calls one line
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"


def height_findings(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T413 for a header or footer so high that little or nothing of a page is left."""
    looks = TemplateLooks(parts)
    sections = list(parsed(parts[DOCUMENT]).iter(f"{W}sectPr"))
    page = min((sheet_of(section).height for section in sections), default=sheet_of(None).height)
    for name, data in parts.items():
        if FILLED.match(name) and name.startswith(("word/header", "word/footer")):
            high = _height(parsed(data), looks)
            if high > _MOST * page:
                message = f"it is {high:.0f} points high on a page of {page:.0f}"
                hint = f"delete empty lines and spacing in it until it takes {_MOST:.0%} of the page at most"
                yield Finding("T413", Place(shown), name, message, hint)


def _height(holder: etree._Element, looks: TemplateLooks) -> float:
    """The least height of what stands in a part or a cell, in points."""
    return sum(
        _line(each, looks) if local(each) == "p" else sum(_row(row, looks) for row in each.findall(f"{W}tr"))
        for each in holder
        if local(each) in ("p", "tbl")
    )


def _row(row: etree._Element, looks: TemplateLooks) -> float:
    own = points(value(row.find(f"{W}trPr/{W}trHeight")))
    return max([own, *(_height(cell, looks) for cell in row.findall(f"{W}tc"))])


def _line(paragraph: etree._Element, looks: TemplateLooks) -> float:
    look = looks.of_paragraph(paragraph)
    said = look.paragraph.get("spacing", {})
    drawn = [each.find("{*}extent") for each in paragraph.iter(_EXTENT)]
    drawn_high = [float(each.get("cy") or 0) / EMU for each in drawn if each is not None]
    size = look.length("run", "sz", 20) / 2
    line = number(said.get("line", "")) or 0
    high = size * _LEADING * (line / _LINE if line and said.get("lineRule", "auto") == "auto" else 1)
    if said.get("lineRule") in ("atLeast", "exact"):
        high = max(high, line / 20)
    high *= 1 + len(list(paragraph.iter(f"{W}br", f"{W}cr")))
    around = sum(look.length("paragraph", f"spacing.{side}") for side in ("before", "after")) / 20
    return max([high, *drawn_high]) + around
