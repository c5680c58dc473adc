"""What every check of a Word template shares: names, parts as trees, paragraphs by number, and what a check finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import NamedTuple

from lxml import etree

from reportgen.findings import Finding, Place

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
DOCUMENT = "word/document.xml"
STYLES = "word/styles.xml"
NUMBERING = "word/numbering.xml"
FILLED = re.compile(r"^word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")  # the parts that hold words
TWIPS = 20  # in a point
EMU = 12_700  # in a point
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_OFF = ("0", "false", "off")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)


class Fault(NamedTuple):
    """What a check finds: the code, the part with its paragraph or style, what is wrong, what to do."""

    code: str
    where: str
    message: str
    hint: str = ""

    def finding(self, shown: str) -> Finding:
        """The same as a finding about the file that messages call `shown`."""
        return Finding(self.code, Place(shown), self.where, self.message, self.hint)


def parsed(part: bytes) -> etree._Element:
    """A part as a tree; entities are not resolved and nothing is fetched."""
    return etree.fromstring(part, _PARSER)


def serialized(tree: etree._Element) -> bytes:
    """A tree as a part."""
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value(element: etree._Element | None, name: str = "val") -> str:
    """An attribute of Word's own; empty where it, or the element, is not there."""
    return (element.get(f"{W}{name}") or "") if element is not None else ""


def is_on(element: etree._Element | None) -> bool:
    """Whether a setting that is there is switched on."""
    return element is not None and value(element).lower() not in _OFF


def number(text: str) -> float | None:
    """A length or a count as Word writes it; None for anything else."""
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None


def points(text: str, otherwise: float = 0) -> float:
    """A length in points: twips, or a number with its unit."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)(pt|in|cm|mm|pc|pi)", text)
    if found:
        return float(found[1]) * {"pt": 1, "in": 72, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12, "pi": 12}[found[2]]
    twips = number(text)
    return otherwise if twips is None else twips / TWIPS


def words(paragraph: etree._Element) -> str:
    """The words of a paragraph as they are typed, without those of a text box in it."""
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t") if owner(text) is paragraph)


def filled(parts: Mapping[str, bytes]) -> Iterator[tuple[str, etree._Element]]:
    """The parts that hold words, by name."""
    yield from ((name, parsed(data)) for name, data in parts.items() if FILLED.match(name))


def paragraphs(tree: etree._Element, name: str) -> Iterator[tuple[etree._Element, str]]:
    """Each paragraph of a part with the part's name and its number."""
    for count, paragraph in enumerate(tree.iter(f"{W}p"), start=1):
        yield paragraph, f"{name}, paragraph {count}"


def owner(element: etree._Element) -> etree._Element | None:
    """The paragraph that an element is in; None where it is in none."""
    return next(element.iterancestors(f"{W}p"), None)


def target_of(relationship: etree._Element, folder: str = "word/") -> str:
    """The part that a relationship of a part in a folder leads to."""
    target = relationship.get("Target") or ""
    return target.lstrip("/") if target.startswith("/") else normpath(folder + target)


def related(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """The parts that a part of the folder `word/` leads to, by the ids of its relationships."""
    listed = parts.get(f"word/_rels/{name.rpartition('/')[2]}.rels")
    return {each.get("Id") or "": target_of(each) for each in (parsed(listed) if listed else ())}


def name_of(style: etree._Element) -> str:
    """The name under which Word shows a style."""
    return value(style.find(f"{W}name"))


def styled(where: str, style: etree._Element | None) -> str:
    """A place with the style that it is in, where there is one."""
    return where if style is None else f"{where}, style “{name_of(style)}”"


def is_default(style: etree._Element, kind: str) -> bool:
    """Whether a style is the default of its kind."""
    return value(style, "type") == kind and value(style, "default") in ("1", "true", "on")
