"""Words with marks on their letters, set apart in a page for PDF: one font draws letter and mark, so that they meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from reportgen.formats.fallback import MARKS

_WORD = re.compile(rf"(\S*[{MARKS}]\S*)")
_UNSEEN = ("head", "style", "title")


def set_apart(root: Element) -> None:
    """Put each such word of a parsed page into a `span` of the class `marked`; nothing is said or left out by it."""
    for element in list(root.iter()):
        if element.tag in _UNSEEN:
            continue
        inside = list(_spans(element.text or ""))
        for child in list(element):
            at = list(element).index(child)
            behind = list(_spans(child.tail or ""))
            if behind and child.tail:
                child.tail = _WORD.split(child.tail)[0]
                element[at + 1 : at + 1] = behind
        if inside and element.text:
            element.text = _WORD.split(element.text)[0]
            element[0:0] = inside


def _spans(text: str) -> Iterator[Element]:
    pieces = _WORD.split(text) if not text.isascii() else [text]
    for word, behind in zip(pieces[1::2], pieces[2::2], strict=True):
        span = Element("span", {"class": "marked"})
        span.text, span.tail = word, behind
        yield span
