"""Words as WordprocessingML: runs of text, each in its own direction, with nothing in them that could be markup."""

from __future__ import annotations

import re
from html import escape

from reportgen.formats.docx_styles import style_id
from reportgen.formats.scripts import directed, runs_leftward

_BREAKS = re.compile(r"([\t\n\r])")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def run(text: str, style: str = "", *, bold: bool = False) -> str:
    """A run of text, none for no text; a style of its own makes it bold in the run too.

    Why: in Word a bold paragraph style and a bold character style cancel each other.
    """
    if not text:
        return ""
    looks = f'<w:rStyle w:val="{style_id(style)}"/>' if style else ""
    looks += "<w:b/><w:bCs/>" * bool(style or bold)
    if not runs_leftward(text):
        return f"<w:r>{_looks(looks)}{_text(text)}</w:r>"
    pieces = ((_text(piece), "<w:rtl/>" * leftward) for piece, leftward in directed(text))
    return "".join(f"<w:r>{_looks(looks + way)}{words}</w:r>" for words, way in pieces)


def _looks(properties: str) -> str:
    return f"<w:rPr>{properties}</w:rPr>" if properties else ""


def _text(text: str) -> str:
    """Text with its tabs and line breaks as Word has them."""
    if text.isprintable():
        return _words(text)
    marks = {"\t": "<w:tab/>", "\n": "<w:br/>", "\r": "<w:br/>"}
    return "".join(marks.get(piece) or _words(piece) for piece in _BREAKS.split(text) if piece)


def _words(text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:t{keep}>{escaped(text)}</w:t>"


def escaped(text: str) -> str:
    """Text as XML has it; raises ValueError for a character it has no place for: Word opens no file with one."""
    if not text.isprintable() and _NOT_IN_XML.search(text):
        raise ValueError("a Word file cannot hold a control character")
    return escape(text, quote=False).replace("\r", "&#13;")


def attribute(text: str) -> str:
    """Text as the value of an attribute, in quotes."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
