"""The pictures, shapes and text boxes of a Word template: none may cover words, lie off the page or turn its text."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from reportgen.formats.design import contrast
from reportgen.formats.docx_looks import WHITE, TemplateLooks
from reportgen.formats.docx_pages import Sheet, sheets
from reportgen.formats.docx_xml import (
    DOCUMENT,
    EMU,
    WP,
    WPS,
    A,
    Fault,
    W,
    filled,
    local,
    number,
    parsed,
    related,
)

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WPG = "{http://schemas.microsoft.com/office/word/2010/wordprocessingGroup}"
_UNGROUP = "ungroup the shapes: Shape Format, Group, Ungroup"
_YES = ("1", "true")
_NO = ("0", "false")
_KINDS = ("/2006/picture", "/2010/wordprocessingShape", "/2010/wordprocessingGroup")
_LIGHT = 1.35  # contrast to paper of what may lie behind words: grey print must stay readable on it
_PALE = 222  # the darkest grey of such a picture, of 255
_LEAST_LIGHT = 0.995  # part of a picture behind words that must be so light
_NARROWEST = 30  # points
_LINE = 20  # points
_SLACK = 20  # points that a box may reach over the edge
_LARGEST_PICTURE = 40_000_000  # pixels


def drawing_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T413 and T414 for drawings that could cover, turn or carry off words, each with its paragraph."""
    looks, sheet = TemplateLooks(parts), sheets(parsed(parts[DOCUMENT]))[-1]
    for name, tree in filled(parts):
        pictures = {id: parts.get(target, b"") for id, target in related(parts, name).items()}
        count = 0
        for element in tree.iter(f"{W}p", f"{W}drawing"):
            count += element.tag == f"{W}p"
            if element.tag == f"{W}drawing":
                for code, message, hint in _faults(element, sheet, looks, pictures):
                    yield Fault(code, f"{name}, paragraph {count}", message, hint)


def _faults(
    drawing: etree._Element, sheet: Sheet, looks: TemplateLooks, pictures: dict[str, bytes]
) -> Iterator[tuple[str, str, str]]:
    kinds = [each.get("uri") or "" for each in drawing.iter(f"{A}graphicData")]
    if not kinds or not all(kind.endswith(_KINDS) for kind in kinds):
        yield "T414", "a chart, diagram or other drawing is not offered", "paste it as a picture"
        return
    if any(each.get(f"{_R}link") for each in drawing.iter(f"{A}blip")):
        yield "T414", "a picture that lies outside the file is not offered", "insert the picture, without a link"
    yield from (("T413", *fault) for fault in _hard_to_read(drawing, sheet, looks, pictures))


def _hard_to_read(
    drawing: etree._Element, sheet: Sheet, looks: TemplateLooks, pictures: dict[str, bytes]
) -> Iterator[tuple[str, str]]:
    anchor = drawing.find(f"{WP}anchor")
    if any((each.text or "").strip() for each in drawing.iter(f"{W}t")):
        if next(drawing.iter(f"{WP}docPr")).get("hidden") in _YES:
            yield "a text box is hidden", "show it in the Selection Pane"
        for shape in drawing.iter(f"{WPS}wsp"):
            yield from _box_faults(shape)
        yield from _group_faults(drawing)
        if anchor is not None:
            yield from _off_the_page(anchor, sheet)
    if anchor is not None and anchor.get("behindDoc") in _YES:
        yield from _behind(anchor, looks, pictures)


def _box_faults(shape: etree._Element) -> Iterator[tuple[str, str]]:
    """What turns, warps or splits the text of a shape."""
    if shape.find(f"{WPS}linkedTxbx") is not None:
        yield "a text box goes on in another one", "break the link between the boxes"
    if shape.find(f"{WPS}txbx") is None:
        return
    body = shape.find(f"{WPS}bodyPr")
    place = shape.find(f"{WPS}spPr/{A}xfrm")
    turns = [each.get("rot") or "0" for each in (place, body) if each is not None]
    flip = (place.get("flipV") or place.get("flipH") or "0") if place is not None else "0"
    if turns.count("0") < len(turns) or flip not in _NO:
        yield "the text of a box is turned or mirrored", "set its rotation to 0"
    if body is not None and (body.get("vert") or "horz") != "horz":
        yield "the text of a box runs up or down", "let it run from left to right"
    warp = body.find(f"{A}prstTxWarp") if body is not None else None
    if warp is not None and warp.get("prst") != "textNoShape":
        yield "the text of a box is bent (WordArt)", "turn the text effect off"
    extent = shape.find(f"{WPS}spPr/{A}xfrm/{A}ext")
    sides = [float((body.get(side) if body is not None else None) or "91440") for side in ("lIns", "rIns")]
    if extent is not None:
        left = (float(extent.get("cx") or 0) - sum(max(side, 0) for side in sides)) / EMU
        if left < _NARROWEST or min(sides) < 0:
            yield f"a text box leaves {left:.0f} points for its text", "make it wider"


def _group_faults(drawing: etree._Element) -> Iterator[tuple[str, str]]:
    """What moves, turns, scales, hides or covers the text of a shape in a group."""
    for group in drawing.iter(f"{_WPG}wgp", f"{_WPG}grpSp"):
        place = group.find(f"{_WPG}grpSpPr/{A}xfrm")
        if place is None or group.tag == f"{_WPG}grpSp":
            yield "text is in a group of shapes inside another group, or has no position", _UNGROUP
            return
        outer, inner = _box(place, "off", "ext"), _box(place, "chOff", "chExt")
        if any((place.get(name) or "0") not in _NO for name in ("rot", "flipH", "flipV")):
            yield "a group of shapes with text is turned or mirrored", "set its rotation to 0"
        if any(abs(one - other) > max(0.02 * one, EMU) for one, other in zip(outer[2:], inner[2:], strict=True)):
            yield "a group of shapes with text is scaled", _UNGROUP
        shapes = [each for each in group if local(each) in ("wsp", "pic", "graphicFrame")]
        boxes = [_box(each.find("{*}spPr/{*}xfrm"), "off", "ext") for each in shapes]
        for at, shape in enumerate(shapes):
            if not any((each.text or "").strip() for each in shape.iter(f"{W}t")):
                continue
            named = shape.find(f"{WPS}cNvPr")
            if named is not None and named.get("hidden") in _YES:
                yield "a text box in a group is hidden", "show it in the Selection Pane"
            if not _within(boxes[at], inner):
                yield "a text box reaches out of its group of shapes", _UNGROUP
            if any(_overlap(boxes[at], over) for over in boxes[at + 1 :]):
                yield "a shape lies over a text box of its group", "move it, or ungroup the shapes"


def _box(place: etree._Element | None, corner: str, size: str) -> tuple[float, float, float, float]:
    """Left, top, width and height of a shape as its file counts them."""

    def side(name: str, key: str) -> float:
        found = place.find(f"{A}{name}") if place is not None else None
        return (number(found.get(key) or "") if found is not None else None) or 0.0

    return side(corner, "x"), side(corner, "y"), side(size, "cx"), side(size, "cy")


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    slack = _SLACK * EMU
    return all(
        outer[at] - slack <= inner[at] and inner[at] + inner[at + 2] <= outer[at] + outer[at + 2] + slack
        for at in (0, 1)
    )


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(
        min(one[at] + one[at + 2], other[at] + other[at + 2]) - max(one[at], other[at]) > 2 * EMU for at in (0, 1)
    )


def _off_the_page(anchor: etree._Element, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Whether a box with text reaches over an edge of its page."""
    extent = anchor.find(f"{WP}extent")
    for axis, size, side, way in (("H", sheet.width, "cx", "left"), ("V", sheet.height, "cy", "top")):
        position = anchor.find(f"{WP}position{axis}")
        offset = position.find(f"{WP}posOffset") if position is not None else None
        is_plain = position is not None and (offset is not None or not len(position) or local(position[0]) == "align")
        if position is None or not is_plain or anchor.get("simplePos") in _YES:
            yield "a text box has no plain position", "set its position in Layout"
            return
        at = float(number(offset.text or "0") or 0) / EMU if offset is not None else 0.0
        long = float((extent.get(side) if extent is not None else None) or 0) / EMU
        absolute = position.get("relativeFrom") == "page"
        least, most = (0.0, size) if absolute else (-size / 4, size * 0.9)
        if not least - _SLACK <= at or at + max(long, _LINE) > most + _SLACK * (axis == "H"):
            yield f"a text box lies off the page ({at:.0f} points from the {way})", "move it onto the page"


def _behind(anchor: etree._Element, looks: TemplateLooks, pictures: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Whether what lies behind the words is so dark that they cannot be read on it."""
    hint = "set its wrapping to Square, or choose a lighter one"
    for shape in anchor.iter(f"{WPS}wsp"):
        fill = looks.fill(shape)
        if fill and (fill == "?" or contrast(fill, WHITE) > _LIGHT):
            yield "a dark shape lies behind the words", hint
    for blip in anchor.iter(f"{A}blip"):
        if not _is_light(pictures.get(blip.get(f"{_R}embed") or "", b"")):
            yield "a picture that is dark, or cannot be looked at, lies behind the words", hint


def _is_light(data: bytes) -> bool:
    """Whether words can be read over most of a picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > _LARGEST_PICTURE:
                return False
            small = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    paper = Image.new("RGBA", small.size, (255, 255, 255, 255))
    shades = Image.alpha_composite(paper, small).convert("L").histogram()
    return sum(shades[_PALE:]) >= _LEAST_LIGHT * sum(shades)
