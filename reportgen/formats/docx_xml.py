"""What every reader of a Word template shares: its names, its parts as trees, its paragraphs by number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
DOCUMENT = "word/document.xml"
STYLES = "word/styles.xml"
FILLED = re.compile(r"^word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")  # the parts that hold words
TWIPS = 20  # in a point
EMU = 12_700  # in a point
_OFF = ("0", "false", "off")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)


def parsed(part: bytes) -> etree._Element:
    """A part as a tree; entities are not resolved and nothing is fetched."""
    return etree.fromstring(part, _PARSER)


def serialized(tree: etree._Element) -> bytes:
    """A tree as a part."""
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for a comment or an instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


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
    texts = paragraph.iter(f"{W}t")
    return "".join(text.text or "" for text in texts if next(text.iterancestors(f"{W}p"), None) is paragraph)


def paragraphs(tree: etree._Element, name: str) -> Iterator[tuple[etree._Element, str]]:
    """Each paragraph with the words that tell where it is."""
    for count, paragraph in enumerate(tree.iter(f"{W}p"), start=1):
        yield paragraph, f"{name}, paragraph {count}"


def name_of(style: etree._Element) -> str:
    """The name under which Word shows a style."""
    return value(style.find(f"{W}name"))
