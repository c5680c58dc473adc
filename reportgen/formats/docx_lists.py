"""The bullets and numbers that a list of a Word template writes before its lines: none may be read with an answer."""

from __future__ import annotations

import re

from lxml import etree

from reportgen.formats.docx_looks import TemplateLooks
from reportgen.formats.docx_xml import NUMBERING, W, number, parsed, value

LIST_HINT = "take the list off in Home, Bullets or Numbering, or choose round bullets"
# Signs that say nothing: a hyphen before a number makes it negative, a check mark answers a question. The last three
# are what Word calls round, square and arrow in its own fonts of pictures.
_BULLETS = frozenset("•·∙◦○●▪▫■□‣§o\uf0b7\uf0a7\uf0d8")
_NUMBERED = re.compile(r"\(?%\d(\.%\d)*[.)]")
_LARGEST = 144  # half points
_FARTHEST = 5_000  # twips


class Lists:
    """The lists of one template."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        tree = parsed(parts[NUMBERING]) if NUMBERING in parts else etree.Element("none")
        self._kinds = {value(each, "abstractNumId"): each for each in tree.findall(f"{W}abstractNum")}
        self._lists = {value(each, "numId"): each for each in tree.findall(f"{W}num")}

    def fault(self, paragraph: etree._Element, looks: TemplateLooks) -> str:
        """What is wrong with the sign that a list writes before a placeholder; "" for nothing."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None:
            return self._fault(own)
        style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        return self.fault_of_style(style if style in looks.styles else looks.normal, looks)

    def fault_of_style(self, id: str, looks: TemplateLooks) -> str:
        """The same for a style of paragraphs."""
        own = [each.find(f"{W}pPr/{W}numPr") for each in looks.chain(id)]
        return next((self._fault(each) for each in own[::-1] if each is not None), "")

    def _fault(self, numbering: etree._Element) -> str:
        found = self._lists.get(value(numbering.find(f"{W}numId")))
        if found is None or value(found, "numId") in ("", "0"):
            return ""
        kind = self._kinds.get(value(found.find(f"{W}abstractNumId")))
        if kind is not None and kind.find(f"{W}numStyleLink") is not None:
            return "a list with its own style precedes a placeholder"
        at = value(numbering.find(f"{W}ilvl")) or "0"
        levels = [*(kind.findall(f"{W}lvl") if kind is not None else ()), *found.findall(f"{W}lvlOverride/{W}lvl")]
        return next((what for level in levels if value(level, "ilvl") == at and (what := _level_fault(level))), "")


def _level_fault(level: etree._Element) -> str:
    sign = value(level.find(f"{W}lvlText")).strip()
    is_bullet = value(level.find(f"{W}numFmt")) == "bullet"
    indent = level.find(f"{W}pPr/{W}ind")
    size = number(value(level.find(f"{W}rPr/{W}sz"))) or 0
    left, hanging = (number(value(indent, name)) or 0 for name in ("left", "hanging"))
    if sign and not (sign in _BULLETS if is_bullet else _NUMBERED.fullmatch(sign)):
        return f"a list writes “{sign}” before a placeholder, which could be read as part of the answer"
    if sign and value(level.find(f"{W}suff")) == "nothing":
        return f"a list writes “{sign}” before a placeholder with no space between them"
    if size > _LARGEST or level.find(f"{W}legacy") is not None:
        return "a list writes a sign of an unusual size or kind before a placeholder"
    if not left - hanging >= -_FARTHEST / 10 or left > _FARTHEST:
        return f"a list moves a placeholder by {left / 20:g} points"
    return ""
