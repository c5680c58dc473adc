"""The pictures, shapes and text boxes of a Word template: none may cover words, lie off the page or turn its text."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from posixpath import normpath

from lxml import etree

from reportgen.findings import Finding, Place
from reportgen.formats.design import contrast
from reportgen.formats.docx_looks import WHITE, TemplateLooks
from reportgen.formats.docx_pages import sheet_of
from reportgen.formats.docx_xml import DOCUMENT, EMU, FILLED, W, local, number, parsed

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WPG = "{http://schemas.microsoft.com/office/word/2010/wordprocessingGroup}"
_UNGROUP = "ungroup the shapes: Shape Format, Group, Ungroup"
_KINDS = ("/2006/picture", "/2010/wordprocessingShape", "/2010/wordprocessingGroup")
_LIGHT = 1.35  # contrast to paper of what may lie behind words: grey print must stay readable on it
_PALE = 222  # the darkest grey of such a picture, of 255
_LEAST_LIGHT = 0.995  # part of a picture behind words that must be so light
_NARROWEST = 30  # points
_LINE = 20  # points
_SLACK = 20  # points that a box may reach over the edge
_LARGEST_PICTURE = 40_000_000  # pixels


def drawing_findings(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T413 and T414 for drawings that could cover, turn or carry off words, each with its paragraph."""
    looks = TemplateLooks(parts)
    sections = list(parsed(parts[DOCUMENT]).iter(f"{W}sectPr"))
    sheet = sheet_of(sections[-1] if sections else None)
    for name, data in parts.items():
        if not FILLED.match(name):
            continue
        count = 0
        for element in parsed(data).iter(f"{W}p", f"{W}drawing"):
            count += element.tag == f"{W}p"
            if element.tag == f"{W}drawing":
                for code, message, hint in _faults(element, looks, (sheet.width, sheet.height), parts, name):
                    yield Finding(code, Place(shown), f"{name}, paragraph {count}", message, hint)


def _faults(
    drawing: etree._Element, looks: TemplateLooks, page: tuple[float, float], parts: dict[str, bytes], name: str
) -> Iterator[tuple[str, str, str]]:
    kinds = [each.get("uri") or "" for each in drawing.iter(f"{_A}graphicData")]
    if not kinds or not all(kind.endswith(_KINDS) for kind in kinds):
        yield "T414", "a chart, diagram or other drawing is not offered", "paste it as a picture"
        return
    if any(each.get(f"{_R}link") for each in drawing.iter(f"{_A}blip")):
        yield "T414", "a picture that lies outside the file is not offered", "insert the picture, without a link"
    texts = [each for each in drawing.iter(f"{W}t") if (each.text or "").strip()]
    anchor = drawing.find(f"{_WP}anchor")
    if texts:
        if next(drawing.iter(f"{_WP}docPr")).get("hidden") in ("1", "true"):
            yield "T413", "a text box is hidden", "show it in the Selection Pane"
        yield from (("T413", *fault) for shape in drawing.iter(f"{_WPS}wsp") for fault in _box_faults(shape))
        yield from (("T413", *fault) for fault in _group_faults(drawing))
        if anchor is not None:
            yield from (("T413", *fault) for fault in _off_the_page(anchor, page))
    if anchor is not None and anchor.get("behindDoc") in ("1", "true"):
        yield from (("T413", *fault) for fault in _behind(anchor, looks, parts, name))


def _box_faults(shape: etree._Element) -> Iterator[tuple[str, str]]:
    """What turns, warps or splits the text of a shape."""
    if shape.find(f"{_WPS}linkedTxbx") is not None:
        yield "a text box goes on in another one", "break the link between the boxes"
    if shape.find(f"{_WPS}txbx") is None:
        return
    body = shape.find(f"{_WPS}bodyPr")
    turned = [shape.find(f"{_WPS}spPr/{_A}xfrm"), body]
    if any((each.get("rot") or "0") != "0" for each in turned if each is not None) or (
        turned[0] is not None and (turned[0].get("flipV") or turned[0].get("flipH") or "0") not in ("0", "false")
    ):
        yield "the text of a box is turned or mirrored", "set its rotation to 0"
    if body is not None and (body.get("vert") or "horz") != "horz":
        yield "the text of a box runs up or down", "let it run from left to right"
    warp = body.find(f"{_A}prstTxWarp") if body is not None else None
    if warp is not None and warp.get("prst") != "textNoShape":
        yield "the text of a box is bent (WordArt)", "turn the text effect off"
    extent = shape.find(f"{_WPS}spPr/{_A}xfrm/{_A}ext")
    sides = [float((body.get(side) if body is not None else None) or "91440") for side in ("lIns", "rIns")]
    if extent is not None:
        left = (float(extent.get("cx") or 0) - sum(max(side, 0) for side in sides)) / EMU
        if left < _NARROWEST or min(sides) < 0:
            yield f"a text box leaves {left:.0f} points for its text", "make it wider"


def _group_faults(drawing: etree._Element) -> Iterator[tuple[str, str]]:
    """What moves, turns, scales, hides or covers the text of a shape in a group."""
    for group in drawing.iter(*(f"{_WPG}{name}" for name in ("wgp", "grpSp"))):
        place = group.find(f"{_WPG}grpSpPr/{_A}xfrm")
        if place is None or group.tag == f"{_WPG}grpSp":
            yield "text is in a group of shapes inside another group, or has no position", _UNGROUP
            return
        outer, inner = (_box(place, *names) for names in (("off", "ext"), ("chOff", "chExt")))
        if any((place.get(name) or "0") not in ("0", "false") for name in ("rot", "flipH", "flipV")):
            yield "a group of shapes with text is turned or mirrored", "set its rotation to 0"
        if any(abs(one - other) > max(0.02 * one, EMU) for one, other in zip(outer[2:], inner[2:], strict=True)):
            yield "a group of shapes with text is scaled", _UNGROUP
        shapes = [each for each in group if local(each) in ("wsp", "pic", "graphicFrame")]
        boxes = [_box(each.find("{*}spPr/{*}xfrm"), "off", "ext") for each in shapes]
        for at, shape in enumerate(shapes):
            named = shape.find(f"{_WPS}cNvPr")
            if not any((each.text or "").strip() for each in shape.iter(f"{W}t")):
                continue
            if named is not None and named.get("hidden") in ("1", "true"):
                yield "a text box in a group is hidden", "show it in the Selection Pane"
            if not _within(boxes[at], inner):
                yield "a text box reaches out of its group of shapes", _UNGROUP
            if any(_overlap(boxes[at], boxes[over]) for over in range(at + 1, len(shapes))):
                yield "a shape lies over a text box of its group", "move it, or ungroup the shapes"


def _box(place: etree._Element | None, corner: str, size: str) -> tuple[float, float, float, float]:
    """Left, top, width and height of a shape as its file counts them."""
    found = [place.find(f"{_A}{name}") if place is not None else None for name in (corner, size)]
    keys = (("x", "y"), ("cx", "cy"))
    left, top, wide, high = (
        (number(each.get(key) or "") or 0.0) if each is not None else 0.0
        for each, names in zip(found, keys, strict=True)
        for key in names
    )
    return left, top, wide, high


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


def _off_the_page(anchor: etree._Element, page: tuple[float, float]) -> Iterator[tuple[str, str]]:
    """Whether a box with text reaches over an edge of its page."""
    extent = anchor.find(f"{_WP}extent")
    simple = anchor.get("simplePos") in ("1", "true")
    for axis, size, side in (("H", page[0], "cx"), ("V", page[1], "cy")):
        position = anchor.find(f"{_WP}position{axis}")
        offset = position.find(f"{_WP}posOffset") if position is not None else None
        if simple or position is None or (offset is None and len(position) and local(position[0]) != "align"):
            yield "a text box has no plain position", "set its position in Layout"
            return
        at = float(number(offset.text or "0") or 0) / EMU if offset is not None else 0.0
        long = float((extent.get(side) if extent is not None else None) or 0) / EMU
        absolute = position.get("relativeFrom") == "page"
        least = 0 if absolute else -size / 4
        most = size if absolute else size * 0.9
        if not least - _SLACK <= at or at + max(long, _LINE) > most + _SLACK * (axis == "H"):
            way = "left" if axis == "H" else "top"
            yield f"a text box lies off the page ({at:.0f} points from the {way})", "move it onto the page"


def _behind(
    anchor: etree._Element, looks: TemplateLooks, parts: dict[str, bytes], name: str
) -> Iterator[tuple[str, str]]:
    """Whether what lies behind the words is so dark that they cannot be read on it."""
    hint = "set its wrapping to Square, or choose a lighter one"
    for shape in anchor.iter(f"{_WPS}wsp"):
        fill = looks.fill(shape)
        if fill and (fill == "?" or contrast(fill, WHITE) > _LIGHT):
            yield "a dark shape lies behind the words", hint
    related = parts.get(f"word/_rels/{name.rpartition('/')[2]}.rels")
    targets = {each.get("Id"): each.get("Target") or "" for each in (parsed(related) if related else ())}
    for blip in anchor.iter(f"{_A}blip"):
        target = targets.get(blip.get(f"{_R}embed"), "")
        if not _is_light(parts.get(normpath(f"word/{target}") if not target.startswith("/") else target[1:], b"")):
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
