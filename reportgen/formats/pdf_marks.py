"""Words with marks on their letters, set apart in a page for PDF: one font draws letter and mark, so that they meet."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from reportgen.formats.fallback import MARKS

_WORD = re.compile(rf"(\S*[{MARKS}]\S*)")
_UNSEEN = ("head", "style", "title")


def set_apart(root: Element) -> None:
    """Put each such word of a parsed page into a `span` of the class `marked`; nothing is said or left out by it."""
    for element in list(root.iter()):
        if element.tag in _UNSEEN:
            continue
        for child in list(element):
            behind = list(element).index(child) + 1
            child.tail, element[behind:behind] = _apart(child.tail)
        element.text, element[0:0] = _apart(element.text)


def _apart(text: str | None) -> tuple[str | None, list[Element]]:
    """What is before the first such word, and a span for each of them with what is behind it."""
    if not text or text.isascii():
        return text, []
    first, *pieces = _WORD.split(text)
    spans = [Element("span", {"class": "marked"}) for _ in pieces[::2]]
    for span, word, behind in zip(spans, pieces[::2], pieces[1::2], strict=True):
        span.text, span.tail = word, behind
    return first, spans
