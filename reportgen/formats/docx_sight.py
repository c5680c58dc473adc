"""Whether every text of a Word template can be read: its size, its contrast, its place, and nothing through it.

A text that the template brings must be readable; one that a placeholder prints, and every style that the report's own
blocks use, must be so with the contrast of print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from reportgen.formats.design import contrast, is_pictures
from reportgen.formats.docx_lists import LIST_HINT, Lists
from reportgen.formats.docx_looks import AUTO, BLACK, WHITE, TemplateLooks, TextLook
from reportgen.formats.docx_pages import BLOCK, Room, room_of
from reportgen.formats.docx_xml import STYLES, TWIPS, Fault, W, filled, name_of, owner, paragraphs, styled, value, words

_FAINT, _PRINTED = 2.5, 3.0  # contrast: a letterhead may be greyer than the words of a report. Source: WCAG 2.2, 1.4.3
_SMALLEST = 6.5  # points
_LARGEST = 96  # points
_RAISED = 0.65  # what superscript and subscript leave of the size
_SMALL_CAPITALS = 0.8
_NARROWEST, _WIDEST = 50, 250  # per cent of a letter's width
_TIGHTEST, _LOOSEST = -0.15, 2.0  # space between letters, in parts of the size
_SHIFT = 0.6  # how far a text may be raised or lowered, in parts of the size
_HIGHEST = 300  # points above or below a paragraph
_PALEST_GROUND = 1.6  # contrast to paper of a ground behind blocks of the report
_STRUCK = {"strike": "struck through", "dstrike": "struck through twice"}
_EFFECTS = {"outline": "hollow", "emboss": "embossed", "imprint": "engraved", "shadow": "shadowed"}
_OWN_INDENT, _OWN_SPACE = 160, 72  # points that a style of the report's blocks may keep free beside and above
_TABLES = {
    "Pairs": ("PairLabel", "PairLabel2", "PairLabel3", "PairAnswer"),
    "Identification": ("PairLabel", "PairAnswer"),
    "Findings": ("ColumnHead", "Cell"),
}  # fmt: skip
_EMPTY = frozenset(("AfterTable", "BeforeShort", "LetterheadLogo"))  # styles of paragraphs without words
_OWN_ROOM = Room(wide=400, left=0, right=250)


def text_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T413 for each text of the template that could not be read, with its paragraph, what is wrong and its value."""
    looks, lists = TemplateLooks(parts), Lists(parts)
    for name, tree in filled(parts):
        for paragraph, at in paragraphs(tree, name):
            where = styled(at, looks.styles.get(value(paragraph.find(f"{W}pPr/{W}pStyle"))))
            for what, hint in _paragraph_faults(paragraph, looks, lists):
                yield Fault("T413", where, what, hint)


def _paragraph_faults(paragraph: etree._Element, looks: TemplateLooks, lists: Lists) -> Iterator[tuple[str, str]]:
    text = words(paragraph)
    if not text.strip():
        return
    if "{" in text and (what := lists.fault(paragraph, looks)):
        yield what, LIST_HINT
    room = room_of(paragraph)
    for run in paragraph.iter(f"{W}r"):
        own = "".join(each.text or "" for each in run.findall(f"{W}t"))
        if owner(run) is paragraph and own.strip():
            look = looks.of_run(run, paragraph)
            yield from _block_faults(look) if BLOCK.search(text) else _faults(look, own, room, printed="{" in text)


def style_faults(parts: dict[str, bytes], styles: Mapping[str, str]) -> Iterator[Fault]:
    """T422 for styles of the report's blocks under which a word could not be read; `styles`: our id → its id there."""
    looks, lists, named = TemplateLooks(parts), Lists(parts), set()
    for ours, id in styles.items():
        if id in looks.styles and value(looks.styles[id], "type") in ("paragraph", "character") and ours not in _EMPTY:
            where = styled(STYLES, looks.styles[id])
            if what := lists.fault_of_style(id, looks):
                yield Fault("T422", where, what, LIST_HINT)
            for what, hint in _own_faults(looks, id):
                named.add(ours)
                yield Fault("T422", where, what, hint)
    for table, inside in _TABLES.items():
        for ours in inside:
            if ours not in named and styles.get(table) in looks.styles and styles.get(ours) in looks.styles:
                where = f"{STYLES}, table style “{name_of(looks.styles[styles[table]])}”"
                for what, hint in _own_faults(looks, styles[ours], styles[table]):
                    yield Fault("T422", where, what, hint)


def _own_faults(looks: TemplateLooks, id: str, table: str = "") -> Iterator[tuple[str, str]]:
    """What is wrong with a style of the report's blocks, in a table or outside."""
    for look in looks.of_style(id, table):
        yield from _faults(look, "x", _OWN_ROOM, printed=True)
        left, right = _side(look, "left", "start"), _side(look, "right", "end")
        if left + right + max(_length(look, "ind.firstLine"), 0) > _OWN_INDENT:
            yield f"it is indented by {left:g} and {right:g} points", "set its indents to 0"
        free = max(_length(look, "spacing.before"), _length(look, "spacing.after"))
        if free > _OWN_SPACE:
            yield f"it keeps {free:g} points free around it", "set its spacing to 0"


def _side(look: TextLook, one: str, other: str) -> float:
    return _length(look, f"ind.{one}") or _length(look, f"ind.{other}")


def _faults(look: TextLook, text: str, room: Room, *, printed: bool) -> Iterator[tuple[str, str]]:
    """What makes a text hard to read."""
    size = look.length("run", "sz", 20) / 2
    if look.run.get("vertAlign", {}).get("val", "baseline") in ("superscript", "subscript"):
        size *= _RAISED if printed else 1
    size *= _SMALL_CAPITALS if printed and look.on("smallCaps") else 1
    if size > _LARGEST:
        yield f"its size is {size:g} points, {_LARGEST} is the most", "make it smaller"
    if size < _SMALLEST:
        yield f"its size is {size:g} points, {_SMALLEST:g} is the least", "make it larger"
    yield from _color_faults(look, _PRINTED if printed else _FAINT)
    for name, what in (*_STRUCK.items(), *_EFFECTS.items()):
        if look.on(name):
            yield f"it is {what}", "take the effect off in Font"
    scale = look.length("run", "w", 100)
    gap = look.length("run", "spacing") / TWIPS
    if not _NARROWEST <= scale <= _WIDEST:
        yield f"its letters are scaled to {scale:g} %", f"scale them to {_NARROWEST} % at least, in Font, Advanced"
    if not _TIGHTEST * size * min(scale / 100, 1) ** 2 <= gap <= _LOOSEST * size:
        yield f"its letters are set {gap:g} points apart", "set the spacing to normal in Font, Advanced"
    shift = look.length("run", "position") / 2
    if abs(shift) > _SHIFT * size:
        yield f"it is raised or lowered by {shift:g} points", "set the position to normal in Font, Advanced"
    fonts = look.run.get("rFonts", {})
    families = (fonts[key] for key in fonts if key in ("ascii", "hAnsi", "cs", "eastAsia"))
    pictures = next(filter(is_pictures, families), "")
    if pictures and any(char.isalnum() for char in text):
        yield f"it is set in {pictures}, a font of pictures", "choose a font of letters"
    yield from _place_faults(look, room)


def _color_faults(look: TextLook, least: float) -> Iterator[tuple[str, str]]:
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
            yield what, "choose another color of the text or of its shading"
            return


def _place_faults(look: TextLook, room: Room) -> Iterator[tuple[str, str]]:
    left, right = _side(look, "left", "start"), _side(look, "right", "end")
    first = left + _length(look, "ind.firstLine") - _length(look, "ind.hanging")
    if min(left, first) < -room.left or right < -room.left:
        least = min(left, first, right)
        yield f"its indent of {least:g} points takes it off the page", "set the indent to 0 in Paragraph"
    elif max(left, first) + max(right, 0) > room.wide - room.least:
        what = f"its indents of {max(left, first):g} and {right:g} points leave no room for a line"
        yield what, "make the indents smaller in Paragraph"
    for name in ("leftChars", "rightChars", "startChars", "endChars", "firstLineChars", "hangingChars"):
        if abs(look.length("paragraph", f"ind.{name}")) > 1_000:
            yield "its indent in characters takes it off the page", "set the indent to 0 in Paragraph"
    for side in ("before", "after"):
        if _length(look, f"spacing.{side}") > _HIGHEST:
            yield f"it keeps {_length(look, f'spacing.{side}'):g} points free", "make the spacing smaller"
    for place in look.paragraph.get("tabs", {}).values():
        at = float(place) / TWIPS if place.lstrip("-").isdigit() else 0
        if not -room.left <= at <= room.wide + room.right:
            yield f"a tab stop at {at:g} points lies off the page", "delete the tab stop"


def _length(look: TextLook, name: str) -> float:
    return look.length("paragraph", name) / TWIPS


def _block_faults(look: TextLook) -> Iterator[tuple[str, str]]:
    """What is wrong with the place of a block: its words bring their own look, but not the ground behind them."""
    ground = next((each for each in look.grounds if each == "?" or contrast(each, WHITE) > _PALEST_GROUND), "")
    if ground and "shd" not in look.run and "highlight" not in look.run and "shd" not in look.paragraph:
        what = f"a block of the report would be on a dark background (#{ground})"
        yield what, "move the placeholder out of the shaded cell or shape"
