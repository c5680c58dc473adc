"""What the look of a cell takes back from its words, and what is written beside it: neither is in the cell's text.

Struck through, white on white, hidden by its number format, an exponent that would become a digit: such a cell does not
say what a reader would take from it. A note at a cell is read by people and by nothing else.
"""

from __future__ import annotations

import re
import zipfile
from functools import cached_property
from posixpath import dirname, join, normpath

from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRUCK = "holds words that are struck through"
_PALE = "holds words in the color of the paper"
_NO_FORM = "is hidden by its number format"
_RAISED = "holds a raised number, which would be printed as an ordinary one"
_WHITE = 0xF0  # of 255, each of red, green and blue
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_FALSE = ("0", "false", "off")
_CHUNK = 1 << 20
_QUOTED = re.compile(r'"[^"]*"?')
_RICH = b"rPr"  # the properties of a run


class Marks:
    """What the styles and rich texts of an opened workbook, known to be safe, say about its cells."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = {name.casefold(): name for name in package.namelist()}

    @cached_property
    def styles(self) -> dict[str, str]:
        """The number of each cell style that hides or strikes its words, and how."""
        root = self._tree("xl/styles.xml")
        if root is None:
            return {}
        fonts = root.findall(f"{_MAIN}fonts/{_MAIN}font")
        fills = root.findall(f"{_MAIN}fills/{_MAIN}fill")
        forms = {each.get("numFmtId", ""): each.get("formatCode", "") for each in root.iter(f"{_MAIN}numFmt")}
        found = {}
        for number, style in enumerate(root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")):
            font, fill = _nth(fonts, style.get("fontId")), _nth(fills, style.get("fillId"))
            why = _look(font, _ground(fill)) if font is not None else ""
            if why or _hides(forms.get(style.get("numFmtId", ""), "")):
                found[str(number)] = why or _NO_FORM
        return found

    @cached_property
    def texts(self) -> dict[str, str]:
        """The number of each shared text of which a part is struck, hidden or raised, and how."""
        name = self._names.get("xl/sharedstrings.xml")
        if name is None or not self.is_rich(name):
            return {}
        found, number = {}, 0
        with self._package.open(name) as file:
            for _, node in etree.iterparse(file, tag=f"{_MAIN}si", resolve_entities=False, no_network=True):
                if why := runs(node):
                    found[str(number)] = why
                number += 1
                node.clear()
        return found

    def notes(self, part: str) -> set[str]:
        """The addresses of the cells of a sheet that have a note or a comment."""
        rels = self._tree(join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels"))
        found = set[str]()
        for each in rels if rels is not None else ():
            if each.get("Type", "").rpartition("/")[2] in ("comments", "threadedComment"):
                target = each.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
                tree = self._tree(path)
                found |= {node.get("ref", "") for node in tree.iter() if node.get("ref")} if tree is not None else set()
        return found

    def _tree(self, name: str) -> etree._Element | None:
        known = self._names.get(name.casefold())
        return None if known is None else etree.fromstring(self._package.read(known), _PARSER)

    def is_rich(self, name: str) -> bool:
        """Whether a part holds any rich text: most tables have none, and need no second look."""
        kept = b""
        with self._package.open(name) as file:
            while chunk := file.read(_CHUNK):
                if _RICH in kept + chunk:
                    return True
                kept = chunk[-len(_RICH) :]
        return False


def runs(text: etree._Element) -> str:
    """How a part of a rich text is taken back; "" where none is."""
    before = ""
    for run in text.iter(f"{_MAIN}r"):
        words = "".join(each.text or "" for each in run.iter(f"{_MAIN}t"))
        font = run.find(f"{_MAIN}rPr")
        if font is not None and words.strip() and (why := _look(font, "") or _raised(font, before, words)):
            return why
        before = words or before
    return ""


def _look(font: etree._Element, ground: str) -> str:
    strike = font.find(f"{_MAIN}strike")
    if strike is not None and strike.get("val", "1").lower() not in _FALSE:
        return _STRUCK
    color = font.find(f"{_MAIN}color")
    shown = _color(color) if color is not None else ""
    paper = ground or "FFFFFF"
    same = shown == paper or (_is_white(shown) and _is_white(paper))
    return _PALE if shown and ground != "?" and same else ""


def _raised(font: etree._Element, before: str, words: str) -> str:
    place = font.find(f"{_MAIN}vertAlign")
    raised = place is not None and place.get("val") == "superscript"
    return _RAISED if raised and words[:1].isdigit() and before[-1:].isdigit() else ""


def _color(node: etree._Element) -> str:
    """A color as RRGGBB; "" where it cannot be told without the theme."""
    if rgb := node.get("rgb"):
        return rgb[-6:].upper()
    white = node.get("theme") == "0" and not node.get("tint", "").startswith("-")
    return "FFFFFF" if white or node.get("indexed") in ("1", "9") else ""


def _is_white(color: str) -> bool:
    return len(color) == 6 and all(int(color[at : at + 2], 16) >= _WHITE for at in (0, 2, 4))


def _ground(fill: etree._Element | None) -> str:
    """The color behind a cell: "" is paper, "?" one that is not known."""
    if fill is None or len(fill) == 0:
        return ""
    pattern = fill.find(f"{_MAIN}patternFill")
    if pattern is None:
        return "?"
    if pattern.get("patternType", "none") == "none":
        return ""
    color = pattern.find(f"{_MAIN}fgColor")
    return (_color(color) if color is not None else "") or "?"


def _hides(form: str) -> bool:
    """Whether a number format shows nothing of a text: its fourth section is empty. A section may quote a semicolon."""
    sections = _QUOTED.sub("words", form).split(";")
    return len(sections) > 3 and not sections[3].strip()


def _nth(nodes: list[etree._Element], number: str | None) -> etree._Element | None:
    index = int(number or 0)
    return nodes[index] if 0 <= index < len(nodes) else None
