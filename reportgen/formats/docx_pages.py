"""The pages of a Word template: whether they hold a report, and how wide and how high the places of its texts are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from reportgen.formats.docx_looks import TemplateLooks
from reportgen.formats.docx_xml import (
    DOCUMENT,
    EMU,
    TWIPS,
    WP,
    Fault,
    W,
    filled,
    local,
    number,
    paragraphs,
    parsed,
    points,
    value,
    words,
)

NARROWEST = 200.0  # points: the width under which a block of the report cannot be set
_LEAST_WIDE, _LEAST_HIGH = 200, 250  # points of text on a page
_EDGE = 14  # points that a printer leaves white
_CELL = 5.4  # points inside each side of a cell
_LETTER = (612.0, 792.0)
_MARGIN = 72.0
_MOST_COLUMNS = 3
_MOST_HIGH = 0.4  # of the height of a page, for a header or footer
_LEADING = 1.2
_LINE = 240  # what Word calls one line
BLOCK = re.compile(r"\{\{p\b")  # how the placeholder of a block begins


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


def sheets(tree: etree._Element) -> list[Sheet]:
    """The page of each section of a document."""
    return [sheet_of(section) for section in tree.iter(f"{W}sectPr")] or [sheet_of(None)]


def page_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T413 for pages too small, margins that lead off them and columns too narrow for a report."""
    for count, sheet in enumerate(sheets(parsed(parts[DOCUMENT])), start=1):
        for message, hint in _sheet_faults(sheet):
            yield Fault("T413", f"{DOCUMENT}, section {count}", message, hint)


def _sheet_faults(sheet: Sheet) -> Iterator[tuple[str, str]]:
    high = sheet.height - max(sheet.top, 0) - max(sheet.bottom, 0)
    low = next((name for name in ("top", "bottom", "header", "footer", "gutter") if getattr(sheet, name) < 0), "")
    if low:
        yield f"the {low} margin is {getattr(sheet, low):g} points, less than nothing", "set it in Page Setup"
    side = min(sheet.left, sheet.right)
    if side < _EDGE:
        yield f"a side margin is {side:g} points, {_EDGE} are the least", "widen it in Page Setup"
    elif sheet.text < _LEAST_WIDE or high < _LEAST_HIGH:
        what = f"a page of {sheet.width:g} by {sheet.height:g} points leaves {sheet.text:g} by {high:g} for the report"
        yield what, "choose a larger page or smaller margins in Page Setup"
    most = max(sheet.header, sheet.footer)
    if most > sheet.height / 3:
        yield f"the header or footer is {most:g} points from the edge", "set the distance to half an inch"
    if len(sheet.columns) > _MOST_COLUMNS or (len(sheet.columns) > 1 and min(sheet.columns) < NARROWEST / 2):
        what = f"{len(sheet.columns)} columns of {min(sheet.columns):.0f} points are too narrow for a report"
        yield what, "take one or two columns in Page Setup"


def room_of(paragraph: etree._Element) -> Room:
    """The place of a paragraph."""
    for outer in paragraph.iterancestors(f"{W}tc", f"{W}txbxContent"):
        if outer.tag == f"{W}tc":
            own = outer.find(f"{W}tcPr/{W}tcW")
            wide = points(value(own, "w")) if value(own, "type") == "dxa" else 0
            inner = max(wide - 2 * _CELL, 1) if wide > 0 else _outer(paragraph).text / 2
            return Room(inner, left=_CELL, right=_CELL)
        drawn = next(outer.iterancestors(f"{WP}inline", f"{WP}anchor"), None)
        extent = drawn.find(f"{WP}extent") if drawn is not None else None
        across = (extent.get("cx") or "") if extent is not None else ""
        return Room(float(across) / EMU - 14.4 if across.isdigit() else 100, left=0)
    sheet = _outer(paragraph)
    narrowest = min(sheet.columns)
    right = max(sheet.right - _EDGE, 0) + sheet.text - narrowest
    return Room(narrowest, left=max(sheet.left - _EDGE, 0), right=right)


def _outer(paragraph: etree._Element) -> Sheet:
    """The page of the section that a paragraph belongs to: that of the next section's end."""
    root = paragraph.getroottree().getroot()
    own = next(paragraph.iter(f"{W}sectPr"), None)
    following = paragraph.xpath("following::w:sectPr", namespaces={"w": W[1:-1]})
    return sheet_of(own) if own is not None else sheet_of(following[0]) if following else sheets(root)[-1]


def width_for_blocks(parts: dict[str, bytes]) -> float:
    """The width of the narrowest place in which the template has a block of the report, in points."""
    tree = parsed(parts[DOCUMENT])
    places = [room_of(each).wide for each in tree.iter(f"{W}p") if BLOCK.search(words(each))]
    return min(places, default=min(sheets(tree)[-1].columns))


def block_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T413 for a block in a place too narrow for it, or in a text box, which no page break divides."""
    for paragraph, where in paragraphs(parsed(parts[DOCUMENT]), DOCUMENT):
        text = words(paragraph)
        in_box = next(paragraph.iterancestors(f"{W}txbxContent"), None) is not None
        if in_box and (BLOCK.search(text) or re.search(r"\{%-?\s*(?:p|tr)?\s*for\b", text)):
            message = "a block or a list of the report would be in a text box, which ends with its page"
            yield Fault("T413", where, message, "move the placeholder out of the text box, into the text or a table")
        elif BLOCK.search(text) and (wide := room_of(paragraph).wide) < NARROWEST:
            message = f"a block of the report would be in a place {wide:.0f} points wide"
            hint = f"give it {NARROWEST:g} points at least: fewer columns, smaller margins or a wider cell"
            yield Fault("T413", where, message, hint)


def height_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T413 for a header or footer so high that little or nothing of a page is left."""
    looks = TemplateLooks(parts)
    page = min(sheet.height for sheet in sheets(parsed(parts[DOCUMENT])))
    for name, tree in filled(parts):
        high = _height(tree, looks) if name.startswith(("word/header", "word/footer")) else 0
        if high > _MOST_HIGH * page:
            message = f"it is {high:.0f} points high on a page of {page:.0f}"
            hint = f"delete empty lines and spacing in it until it takes {_MOST_HIGH:.0%} of the page at most"
            yield Fault("T413", name, message, hint)


def _height(holder: etree._Element, looks: TemplateLooks) -> float:
    """The least height of the content of a part or a cell, in points."""
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
    drawn = [each.find("{*}extent") for each in paragraph.iter(f"{WP}inline")]
    drawn_high = [float(each.get("cy") or 0) / EMU for each in drawn if each is not None]
    size = look.length("run", "sz", 20) / 2
    line = number(said.get("line", "")) or 0
    high = size * _LEADING * (line / _LINE if line and said.get("lineRule", "auto") == "auto" else 1)
    if said.get("lineRule") in ("atLeast", "exact"):
        high = max(high, line / 20)
    high *= 1 + len(list(paragraph.iter(f"{W}br", f"{W}cr")))
    around = sum(look.length("paragraph", f"spacing.{side}") for side in ("before", "after")) / 20
    return max([high, *drawn_high]) + around
