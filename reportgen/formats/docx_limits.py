"""The lengths, counts and colors of a Word template: each written plainly, once, and within what a page can hold.

Word and LibreOffice disagree on a value in a way of its own, and on the second of two: one shows a word where the
other shows none. Both read a plain one in the same way, so that what the checks see is what a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from reportgen.formats.docx_allowed import BORDERS, EDGED, LIMITS, PROPERTIES, REPEATED
from reportgen.formats.docx_pages import room_of
from reportgen.formats.docx_xml import (
    FILLED,
    NUMBERING,
    STYLES,
    Fault,
    W,
    is_default,
    is_on,
    local,
    number,
    parsed,
    points,
    styled,
    value,
    words,
)

_NUMBER = re.compile(r"-?\d{1,7}(\.\d+)?%?")
_COLOR = re.compile(r"[0-9A-Fa-f]{6}|auto")
_COLORED = {"color": ("val",), "shd": ("color", "fill"), "u": ("color",)}
_SIDEWAYS = (f"{W}bidi", f"{W}bidiVisual", f"{W}rtl")
_REACH = 58  # points that a table may reach into a margin


def limit_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T413 and T414 for values that are not plain, set twice or beyond a page, each with its place and value."""
    for name, data in parts.items():
        if not FILLED.match(name) and name not in (STYLES, NUMBERING):
            continue
        tree, count = parsed(data), 0
        for element in tree.iter(f"{W}*"):
            count += element.tag == f"{W}p"
            for message, hint in _faults(element):
                style = next(element.iterancestors(f"{W}style"), None)
                where = f"{name}, paragraph {count or 1}" if FILLED.match(name) else styled(name, style)
                yield Fault("T413", where, message, hint)
        if name == STYLES:
            yield from _twice_named(tree)


def _faults(element: etree._Element) -> Iterator[tuple[str, str]]:
    yield from _not_plain(element)
    yield from _set_twice(element)
    tag, above = local(element), element.getparent()
    if tag in BORDERS and above is not None and local(above) in EDGED:
        wide, free = number(value(element, "sz")) or 0, number(value(element, "space")) or 0
        if not 0 <= wide <= BORDERS[tag] or not 0 <= free <= 31:
            what = f"a border is {wide / 8:g} points wide and {free:g} points from its text"
            yield f"{what}, {BORDERS[tag] / 8:g} and 31 are the most", "choose a thinner border in Borders and Shading"
    if tag == "tbl":
        yield from _table_faults(element)
    elif tag == "p" and "{" in words(element) and any(map(is_on, element.iter(*_SIDEWAYS))):
        yield "a placeholder is set from right to left, which puts its words in another order", _LEFT_TO_RIGHT


_LEFT_TO_RIGHT = "set the direction to left-to-right in Paragraph; the report turns words of such scripts by itself"


def _not_plain(element: etree._Element) -> Iterator[tuple[str, str]]:
    tag = local(element)
    for name, (least, most) in LIMITS.get(tag, {}).items():
        said = value(element, name)
        if not said or (said == "auto" and tag == "tab"):
            continue
        found = number(said.rstrip("%"))
        if not _NUMBER.fullmatch(said) or found is None:
            yield f"“{said[:20]}” is not a plain number ({tag}, {name})", "set it again in Word"
        elif not least <= found <= most:
            yield f"{tag} {name} is {found:g}; {least:g} to {most:g} is offered", "choose a usual value in Word"
    for name in _COLORED.get(tag, ()):
        said = value(element, name)
        if said and not _COLOR.fullmatch(said):
            yield f"the color “{said[:20]}” is not written as six digits ({tag})", "choose the color again in Word"


def _set_twice(element: etree._Element) -> Iterator[tuple[str, str]]:
    """What is set twice in one place, so that one program follows the first and another the last."""
    if len(element) < 2:
        return
    tag = local(element)
    names = [str(local(each)) for each in element if str(each.tag).startswith(W)]
    single = set(names) - REPEATED if tag in PROPERTIES else set(names) & {*PROPERTIES, "body", "tblGrid"}
    for name in sorted(single):
        if names.count(name) > 1:
            yield f"{name} is set twice in one place", "set it again in Word and save the file"


def _table_faults(table: etree._Element) -> Iterator[tuple[str, str]]:
    """Whether a table, with all its columns, lies on the page."""
    columns = [points(value(each, "w")) for each in table.findall(f"{W}tblGrid/{W}gridCol")]
    turned = table.find(f"{W}tblPr/{W}bidiVisual")
    if is_on(turned) and any("{" in (each.text or "") for each in table.iter(f"{W}t")):
        yield "a table with placeholders runs from right to left", _LEFT_TO_RIGHT
    if not any(columns):
        yield "a table has no columns", "insert the table again in Word"
        return
    indent = points(value(table.find(f"{W}tblPr/{W}tblInd"), "w"))
    widths = [sum(columns), _wide(table.find(f"{W}tblPr/{W}tblW"))]
    for row in table.findall(f"{W}tr"):
        cells = row.findall(f"{W}tc")
        widths.append(sum(_wide(each.find(f"{W}tcPr/{W}tcW")) for each in cells))
        used = sum(int(number(value(each.find(f"{W}tcPr/{W}gridSpan"))) or 1) for each in cells)
        used += sum(int(number(value(row.find(f"{W}trPr/{W}{name}"))) or 0) for name in ("gridBefore", "gridAfter"))
        if used > len(columns):
            yield f"a row takes {used} columns of a table that has {len(columns)}", "insert the table again in Word"
    room = room_of(table)
    is_fixed = value(table.find(f"{W}tblPr/{W}tblLayout"), "type") == "fixed"  # others are fitted to the page
    if is_fixed and indent + max(widths) > room.wide + min(room.right, _REACH) + 2:
        what = f"a table is {indent + max(widths):.0f} points wide in a place of {room.wide:.0f}"
        yield what, "make it narrower: Table Properties, Preferred width 100 %"


def _wide(width: etree._Element | None) -> float:
    return points(value(width, "w")) if value(width, "type") in ("dxa", "") else 0


def _twice_named(tree: etree._Element) -> Iterator[Fault]:
    """T414 for two styles of one id, or two that are the default of their kind."""
    styles = list(tree.iter(f"{W}style"))
    ids = [value(each, "styleId") for each in styles]
    defaults = [value(each, "type") for each in styles if is_default(each, value(each, "type"))]
    for what, names in (("id", ids), ("default of the kind", defaults)):
        for name in sorted({each for each in names if names.count(each) > 1}):
            yield Fault("T414", STYLES, f"two styles have one {what} (“{name}”)", "save the file again in Word")
