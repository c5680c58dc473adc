"""The pages of a Word template: whether they hold a report, and how wide the place is in which a text stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from reportgen.findings import Finding, Place
from reportgen.formats.docx_xml import DOCUMENT, EMU, TWIPS, W, parsed, points, value, words

NARROWEST = 200.0  # points: the width under which a block of the report cannot be set
_LEAST_WIDE, _LEAST_HIGH = 200, 250  # points of text on a page
_EDGE = 14  # points that a printer leaves white
_CELL = 5.4  # points inside each side of a cell
_LETTER = (612.0, 792.0)
_MARGIN = 72.0
_MOST_COLUMNS = 3
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_BLOCK = re.compile(r"\{\{p\b")


@dataclass(frozen=True)
class Room:
    """The place of a text in points: its width, how far it may reach out of it, and the least that a line needs."""

    wide: float
    left: float
    right: float = 0
    least: float = 20


@dataclass(frozen=True)
class Sheet:
    """A section's page in points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    header: float
    footer: float
    gutter: float
    columns: tuple[float, ...]  # the width of each

    @property
    def text(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right - self.gutter


def sheet_of(section: etree._Element | None) -> Sheet:
    """A section's page; what it does not say is as on Word's empty page."""
    size = section.find(f"{W}pgSz") if section is not None else None
    margins = section.find(f"{W}pgMar") if section is not None else None
    width, height = points(value(size, "w"), _LETTER[0]), points(value(size, "h"), _LETTER[1])
    sides = {
        name: points(value(margins, name), otherwise)
        for name, otherwise in (
            ("left", _MARGIN), ("right", _MARGIN), ("top", _MARGIN), ("bottom", _MARGIN), ("header", 36.0),
            ("footer", 36.0), ("gutter", 0.0),
        )
    }  # fmt: skip
    text = width - sides["left"] - sides["right"] - sides["gutter"]
    columns = _columns(section.find(f"{W}cols") if section is not None else None, text)
    return Sheet(width, height, **sides, columns=columns)


def _columns(element: etree._Element | None, text: float) -> tuple[float, ...]:
    own = [points(value(each, "w"), text) for each in (element if element is not None else ())]
    if own and value(element, "equalWidth") in ("0", "false", "off"):
        return tuple(own)
    count = max(int(points(value(element, "num"), 1 / TWIPS) * TWIPS), 1)
    return ((text - (count - 1) * points(value(element, "space"), 36)) / count,) * count


def page_findings(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T413 for pages too small, margins that lead off them and columns too narrow for a report."""
    tree = parsed(parts[DOCUMENT])
    for count, section in enumerate(tree.iter(f"{W}sectPr"), start=1):
        for message, hint in _page_faults(sheet_of(section)):
            yield Finding("T413", Place(shown), f"{DOCUMENT}, section {count}", message, hint)


def _page_faults(sheet: Sheet) -> Iterator[tuple[str, str]]:
    high = sheet.height - max(sheet.top, 0) - max(sheet.bottom, 0)
    low = [name for name in ("top", "bottom", "header", "footer", "gutter") if getattr(sheet, name) < 0]
    if low:
        yield f"the {low[0]} margin is {getattr(sheet, low[0]):g} points, less than nothing", "set it in Page Setup"
    if min(sheet.left, sheet.right) < _EDGE:
        yield (
            f"a side margin is {min(sheet.left, sheet.right):g} points, {_EDGE} are the least",
            "widen it in Page Setup",
        )
    elif sheet.text < _LEAST_WIDE or high < _LEAST_HIGH:
        what = f"a page of {sheet.width:g} by {sheet.height:g} points leaves {sheet.text:g} by {high:g} for the report"
        yield what, "choose a larger page or smaller margins in Page Setup"
    if max(sheet.header, sheet.footer) > sheet.height / 3:
        most = max(sheet.header, sheet.footer)
        yield f"the header or footer is {most:g} points from the edge", "set the distance to half an inch"
    if len(sheet.columns) > _MOST_COLUMNS or (len(sheet.columns) > 1 and min(sheet.columns) < NARROWEST / 2):
        what = f"{len(sheet.columns)} columns of {min(sheet.columns):.0f} points are too narrow for a report"
        yield what, "take one or two columns in Page Setup"


def room_of(paragraph: etree._Element) -> Room:
    """The place in which a paragraph stands."""
    for outer in paragraph.iterancestors(f"{W}tc", f"{W}txbxContent"):
        if outer.tag == f"{W}tc":
            wide = value(outer.find(f"{W}tcPr/{W}tcW"), "w")
            kind = value(outer.find(f"{W}tcPr/{W}tcW"), "type")
            if kind == "dxa" and points(wide) > 0:
                return Room(max(points(wide) - 2 * _CELL, 1), left=_CELL, right=_CELL)
            return Room(_outer(paragraph).text / 2, left=_CELL, right=_CELL)
        drawn = next(outer.iterancestors(f"{_DRAWN}inline", f"{_DRAWN}anchor"), None)
        extent = drawn.find(f"{_DRAWN}extent") if drawn is not None else None
        wide = (extent.get("cx") or "") if extent is not None else ""
        return Room(float(wide) / EMU - 14.4 if wide.isdigit() else 100, left=0)
    sheet = _outer(paragraph)
    return Room(min(sheet.columns), left=max(sheet.left - _EDGE, 0), right=max(sheet.right - _EDGE, 0) + (
        sheet.text - min(sheet.columns)))  # fmt: skip


def _outer(paragraph: etree._Element) -> Sheet:
    """The page of the section that a paragraph belongs to: that of the next section's end."""
    root = paragraph.getroottree().getroot()
    sections = list(root.iter(f"{W}sectPr"))
    for section in sections:
        if any(each is section for each in paragraph.iter(f"{W}sectPr")) or _follows(section, paragraph):
            return sheet_of(section)
    return sheet_of(sections[-1] if sections else None)


def _follows(section: etree._Element, paragraph: etree._Element) -> bool:
    """Whether a section ends behind a paragraph."""
    return section in paragraph.xpath("following::w:sectPr", namespaces={"w": W[1:-1]})


def width_for_blocks(parts: dict[str, bytes]) -> float:
    """The width of the narrowest place in which the template has a block of the report, in points."""
    tree = parsed(parts[DOCUMENT])
    places = [room_of(each).wide for each in tree.iter(f"{W}p") if _BLOCK.search(words(each))]
    sections = list(tree.iter(f"{W}sectPr"))
    return min(places, default=min(sheet_of(sections[-1] if sections else None).columns))


def block_findings(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T413 for a block in a place too narrow for it, or in a text box, which no page break divides."""
    tree = parsed(parts[DOCUMENT])
    for count, paragraph in enumerate(tree.iter(f"{W}p"), start=1):
        text = words(paragraph)
        where = f"{DOCUMENT}, paragraph {count}"
        in_box = next(paragraph.iterancestors(f"{W}txbxContent"), None) is not None
        if in_box and (_BLOCK.search(text) or re.search(r"\{%-?\s*(?:p|tr)?\s*for\b", text)):
            message = "a block or a list of the report would be in a text box, which ends with its page"
            hint = "move the placeholder out of the text box, into the text or a table"
            yield Finding("T413", Place(shown), where, message, hint)
        elif _BLOCK.search(text) and room_of(paragraph).wide < NARROWEST:
            message = f"a block of the report would be in a place {room_of(paragraph).wide:.0f} points wide"
            hint = f"give it {NARROWEST:g} points at least: fewer columns, smaller margins or a wider cell"
            yield Finding("T413", Place(shown), where, message, hint)
