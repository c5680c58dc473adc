"""Whether every text of a Word template can be read: its size, its contrast, its place, and nothing through it.

A text that the template brings must be readable; one that a placeholder prints, and every style that the report's own
blocks use, must be so with the contrast of print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from reportgen.findings import Finding, Place
from reportgen.formats.design import contrast, is_pictures
from reportgen.formats.docx_lists import LIST_HINT, Lists
from reportgen.formats.docx_looks import AUTO, BLACK, WHITE, TemplateLooks, TextLook
from reportgen.formats.docx_pages import Room, room_of
from reportgen.formats.docx_xml import FILLED, STYLES, TWIPS, W, name_of, paragraphs, parsed, value, words

_FAINT, _PRINTED = 2.5, 3.0  # contrast: a letterhead may be greyer than the words of a report. Source: WCAG 2.2, 1.4.3
_SMALLEST = 6.5  # points
_LARGEST = 96  # points
_RAISED = 0.65  # what superscript and subscript leave of the size
_SMALL_CAPITALS = 0.8
_NARROWEST, _WIDEST = 50, 250  # per cent of a letter's width
_TIGHTEST, _LOOSEST = -0.15, 2.0  # space between letters, in parts of the size
_SHIFT = 0.6  # how far a text may be raised or lowered, in parts of the size
_HIGHEST = 300  # points above or below a paragraph
_PALEST_GROUND = 1.6  # contrast to paper of a ground on which blocks of the report may stand
_STRUCK = {"strike": "struck through", "dstrike": "struck through twice"}
_EFFECTS = {"outline": "hollow", "emboss": "embossed", "imprint": "engraved", "shadow": "shadowed"}
_OWN_INDENT, _OWN_SPACE = 160, 72  # points that a style of the report's blocks may keep free beside and above
_BLOCK = re.compile(r"\{\{p\b")
_TABLES = {
    "Pairs": ("PairLabel", "PairLabel2", "PairLabel3", "PairAnswer"),
    "Identification": ("PairLabel", "PairAnswer"),
    "Findings": ("ColumnHead", "Cell"),
}  # fmt: skip
_EMPTY = frozenset(("AfterTable", "LetterheadLogo"))  # styles of paragraphs without words
_OWN_ROOM = Room(wide=400, left=0, right=250)


@dataclass(frozen=True)
class _Fault:
    """What makes a text hard to read, with the value at fault, and what to do."""

    what: str
    hint: str


def text_findings(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T413 for each text of the template that could not be read, with its paragraph, what is wrong and its value."""
    looks, lists = TemplateLooks(parts), Lists(parts)
    for name, data in parts.items():
        if not FILLED.match(name):
            continue
        for paragraph, where in paragraphs(parsed(data), name):
            text = words(paragraph)
            if not text.strip():
                continue
            room, told = room_of(paragraph), set()
            is_block = bool(_BLOCK.search(text))
            if "{" in text and (what := lists.fault(paragraph, looks)):
                yield _finding(_Fault(what, LIST_HINT), _place(where, paragraph, looks), shown)
            for run in paragraph.iter(f"{W}r"):
                own = "".join(each.text or "" for each in run.findall(f"{W}t"))
                if next(run.iterancestors(f"{W}p")) is not paragraph or not own.strip():
                    continue
                look = looks.of_run(run, paragraph)
                found = _block_faults(look) if is_block else _faults(look, own, room, printed="{" in text)
                for fault in found:
                    if fault not in told:
                        told.add(fault)
                        yield _finding(fault, _place(where, paragraph, looks), shown)


def style_findings(parts: dict[str, bytes], styles: Mapping[str, str], shown: str) -> Iterator[Finding]:
    """T422 for styles of the report's blocks under which a word could not be read.

    Args:
        parts: the template with all styles in it.
        styles: our id of each style and its id in the template.
        shown: the file, for findings.
    """
    looks, lists, named = TemplateLooks(parts), Lists(parts), set()
    for ours, id in styles.items():
        if id in looks.styles and value(looks.styles[id], "type") in ("paragraph", "character") and ours not in _EMPTY:
            if what := lists.fault_of_style(id, looks):
                where = f"{STYLES}, style “{name_of(looks.styles[id])}”"
                yield Finding("T422", Place(shown), where, what, LIST_HINT)
            for _, look in looks.of_style(id):
                for finding in _own_findings(f"style “{name_of(looks.styles[id])}”", look, shown):
                    named.add(ours)
                    yield finding
    for table, inside in _TABLES.items():
        for ours in inside:
            if ours not in named and styles.get(table) in looks.styles and styles.get(ours) in looks.styles:
                for _, look in looks.of_style(styles[ours], styles[table]):
                    yield from _own_findings(f"table style “{name_of(looks.styles[styles[table]])}”", look, shown)


def _own_findings(name: str, look: TextLook, shown: str) -> Iterator[Finding]:
    found = list(_faults(look, "x", _OWN_ROOM, printed=True))
    left, right = _side(look, "left", "start"), _side(look, "right", "end")
    if left + right + max(_length(look, "ind.firstLine"), 0) > _OWN_INDENT:
        found.append(_Fault(f"it is indented by {left:g} and {right:g} points", "set its indents to 0"))
    free = max(_length(look, "spacing.before"), _length(look, "spacing.after"))
    if free > _OWN_SPACE:
        found.append(_Fault(f"it keeps {free:g} points free around it", "set its spacing to 0"))
    for fault in found:
        yield Finding("T422", Place(shown), f"{STYLES}, {name}", fault.what, fault.hint)


def _side(look: TextLook, one: str, other: str) -> float:
    return _length(look, f"ind.{one}") or _length(look, f"ind.{other}")


def _faults(look: TextLook, text: str, room: Room, *, printed: bool) -> Iterator[_Fault]:
    """What makes a text hard to read."""
    size = look.length("run", "sz", 20) / 2
    if look.run.get("vertAlign", {}).get("val", "baseline") in ("superscript", "subscript"):
        size *= _RAISED if printed else 1
    size *= _SMALL_CAPITALS if printed and look.on("smallCaps") else 1
    if size > _LARGEST:
        yield _Fault(f"its size is {size:g} points, {_LARGEST} is the most", "make it smaller")
    if size < _SMALLEST:
        yield _Fault(f"its size is {size:g} points, {_SMALLEST:g} is the least", "make it larger")
    yield from _color_faults(look, _PRINTED if printed else _FAINT)
    for name, what in (*_STRUCK.items(), *_EFFECTS.items()):
        if look.on(name):
            yield _Fault(f"it is {what}", "take the effect off in Font")
    scale = look.length("run", "w", 100)
    gap = look.length("run", "spacing") / TWIPS
    if not _NARROWEST <= scale <= _WIDEST:
        yield _Fault(
            f"its letters are scaled to {scale:g} %", f"scale them to {_NARROWEST} % at least, in Font, Advanced"
        )
    if not _TIGHTEST * size * min(scale / 100, 1) ** 2 <= gap <= _LOOSEST * size:
        yield _Fault(f"its letters are set {gap:g} points apart", "set the spacing to normal in Font, Advanced")
    shift = look.length("run", "position") / 2
    if abs(shift) > _SHIFT * size:
        yield _Fault(f"it is raised or lowered by {shift:g} points", "set the position to normal in Font, Advanced")
    fonts = [
        family for key, family in look.run.get("rFonts", {}).items() if key in ("ascii", "hAnsi", "cs", "eastAsia")
    ]
    pictures = next((family for family in fonts if is_pictures(family)), "")
    if pictures and any(char.isalnum() for char in text):
        yield _Fault(f"it is set in {pictures}, a font of pictures", "choose a font of letters")
    yield from _place_faults(look, room)


def _color_faults(look: TextLook, least: float) -> Iterator[_Fault]:
    color = look.color
    if color == AUTO:
        if not look.highlighted:
            return  # Word and LibreOffice choose black or white against a shade
        color = BLACK
    for ground in look.grounds:
        ratio = 1.0 if "?" in (color, ground) else contrast(color, ground)
        if ratio < least:
            behind = "a pattern or picture" if ground == "?" else f"#{ground}"
            what = f"its color #{color} on {behind} is too pale or too dark ({ratio:.1f} to 1, {least:g} is the least)"
            yield _Fault(what, "choose another color of the text or of its shading")
            return


def _place_faults(look: TextLook, room: Room) -> Iterator[_Fault]:
    left, right = _side(look, "left", "start"), _side(look, "right", "end")
    first = left + _length(look, "ind.firstLine") - _length(look, "ind.hanging")
    if min(left, first) < -room.left or right < -room.left:
        least = min(left, first, right)
        yield _Fault(f"its indent of {least:g} points takes it off the page", "set the indent to 0 in Paragraph")
    elif max(left, first) + max(right, 0) > room.wide - room.least:
        what = f"its indents of {max(left, first):g} and {right:g} points leave no room for a line"
        yield _Fault(what, "make the indents smaller in Paragraph")
    for name in ("leftChars", "rightChars", "startChars", "endChars", "firstLineChars", "hangingChars"):
        if abs(look.length("paragraph", f"ind.{name}")) > 1_000:
            yield _Fault("its indent in characters takes it off the page", "set the indent to 0 in Paragraph")
    for side in ("before", "after"):
        if _length(look, f"spacing.{side}") > _HIGHEST:
            yield _Fault(f"it keeps {_length(look, f'spacing.{side}'):g} points free", "make the spacing smaller")
    for place in look.paragraph.get("tabs", {}).values():
        at = float(place) / TWIPS if place.lstrip("-").isdigit() else 0
        if not -room.left <= at <= room.wide + room.right:
            yield _Fault(f"a tab stop at {at:g} points lies off the page", "delete the tab stop")


def _length(look: TextLook, name: str) -> float:
    return look.length("paragraph", name) / TWIPS


def _block_faults(look: TextLook) -> Iterator[_Fault]:
    """What is wrong with the place of a block: its words bring their own look, but not the ground they stand on."""
    ground = next((each for each in look.grounds if each == "?" or contrast(each, WHITE) > _PALEST_GROUND), "")
    if ground and "shd" not in look.run and "highlight" not in look.run and "shd" not in look.paragraph:
        what = f"a block of the report would be on a dark background (#{ground})"
        yield _Fault(what, "move the placeholder out of the shaded cell or shape")


def _finding(fault: _Fault, where: str, shown: str) -> Finding:
    return Finding("T413", Place(shown), where, fault.what, fault.hint)


def _place(where: str, paragraph: etree._Element, looks: TemplateLooks) -> str:
    id = value(paragraph.find(f"{W}pPr/{W}pStyle"))
    return f"{where}, style “{name_of(looks.styles[id])}”" if id in looks.styles else where
