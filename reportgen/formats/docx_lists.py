"""The bullets and numbers that a list of a Word template writes before its lines: none may be read with an answer."""

from __future__ import annotations

import re

from lxml import etree

from reportgen.formats.docx_looks import TemplateLooks
from reportgen.formats.docx_xml import W, is_on, number, parsed, value

LIST_HINT = "take the list off in Home, Bullets or Numbering, or choose round bullets"
_PART = "word/numbering.xml"
# Signs that say nothing: a hyphen before a number makes it negative, a check mark answers a question. The last three
# are what Word calls round, square and arrow in its own fonts of pictures.
_BULLETS = frozenset("•·∙◦○●▪▫■□‣§o\uf0b7\uf0a7\uf0d8")
_NUMBERED = re.compile(r"\(?%\d(\.%\d)*[.)]")
_LARGEST = 144  # half points
_FARTHEST = 5_000  # twips


class Lists:
    """The lists of one template."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        tree = parsed(parts[_PART]) if _PART in parts else None
        self._kinds: dict[str, etree._Element] = {}
        self._lists: dict[str, etree._Element] = {}
        for each in tree if tree is not None else ():
            if each.tag == f"{W}abstractNum":
                self._kinds[value(each, "abstractNumId")] = each
            elif each.tag == f"{W}num":
                self._lists[value(each, "numId")] = each

    def fault(self, paragraph: etree._Element, looks: TemplateLooks) -> str:
        """What is wrong with that which a list writes before a placeholder; empty where nothing is."""
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
        id = value(numbering.find(f"{W}numId"))
        if id in ("", "0") or id not in self._lists:
            return ""
        at = value(numbering.find(f"{W}ilvl")) or "0"
        found = self._lists[id]
        kind = self._kinds.get(value(found.find(f"{W}abstractNumId")))
        if kind is not None and kind.find(f"{W}numStyleLink") is not None:
            return "a list with its own style precedes a placeholder"
        levels = [
            level
            for holder in (kind, *found.findall(f"{W}lvlOverride"))
            for level in (holder.findall(f"{W}lvl") if holder is not None else ())
            if value(level, "ilvl") == at
        ]
        return next((what for what in map(_level_fault, levels) if what), "")


def _level_fault(level: etree._Element) -> str:
    sign = value(level.find(f"{W}lvlText")).strip()
    is_bullet = value(level.find(f"{W}numFmt")) == "bullet"
    size, left, hanging = (
        number(value(level.find(path), name)) or 0
        for path, name in ((f"{W}rPr/{W}sz", "val"), (f"{W}pPr/{W}ind", "left"), (f"{W}pPr/{W}ind", "hanging"))
    )
    if sign and not (sign in _BULLETS if is_bullet else _NUMBERED.fullmatch(sign)):
        return f"a list writes “{sign}” before a placeholder, which could be read as part of the answer"
    if sign and value(level.find(f"{W}suff")) == "nothing":
        return f"a list writes “{sign}” before a placeholder with no space between them"
    if size > _LARGEST or is_on(level.find(f"{W}legacy")) or level.find(f"{W}legacy") is not None:
        return "a list writes a sign of an unusual size or kind before a placeholder"
    if not left - hanging >= -_FARTHEST / 10 or left > _FARTHEST:
        return f"a list moves a placeholder by {left / 20:g} points"
    return ""
