"""How the placeholders of a Word template are typed: whole, in one paragraph, each of its own kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.formats.docx_xml import Fault, filled, paragraphs, words

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_PIECE = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_LOST = re.compile(r"\{[{%]\s*(p|tr|tc)\s[^}%]*[}%]\}")
_BLOCK = re.compile(r"\bblock\b")
_PRINTED = re.compile(r"\{\{(?:(p|r|tr|tc)\s)?-?\s*(.*?)-?\}\}")
_EXTENSION = re.compile(r"\{%-?\s*(cellbg|colspan|vm|hm)\b")
_SHOWN = 40  # characters


def tag_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T408 and T416 for placeholders that are not whole, or of the wrong kind for what they print."""
    for name, tree in filled(parts):
        for paragraph, where in paragraphs(tree, name):
            yield from (Fault(code, where, message, hint) for code, message, hint in _faults(words(paragraph)))


def _faults(text: str) -> Iterator[tuple[str, str, str]]:
    piece = _PIECE.search(_TAG.sub(lambda found: "\0" * len(found[0]), text))
    if piece:
        begins = piece[0] in ("{{", "{%", "{#")
        around = text[piece.start() :][:_SHOWN] if begins else text[: piece.end()][-_SHOWN:]
        other = {"{{": "}}", "{%": "%}", "{#": "#}", "}}": "{{", "%}": "{%", "#}": "{#"}[piece[0]]
        message = f"a brace is missing: “{around}” has no {other}"
        yield "T408", message, f"{'end' if begins else 'begin'} the placeholder with {other}, in the same paragraph"
        return
    if _LOST.search(text) and _LOST.sub("", text).strip():
        message = "words beside a tag for the whole paragraph or row would be lost"
        yield "T416", message, "give the tag its own paragraph"
    for kind, inside in _PRINTED.findall(text):
        if _BLOCK.search(inside) and kind != "p":
            message = f"a block needs the p: “{{{{ {inside.strip()} }}}}” would print markup in place of words"
            yield "T408", message, f"write {{{{p {inside.strip()} }}}}, alone in its paragraph"
        elif kind and not _BLOCK.search(inside):
            message = f"“{{{{{kind} {inside.strip()} }}}}” prints no block, so its words would be outside the text"
            yield "T408", message, f"write {{{{ {inside.strip()} }}}}"
    if _EXTENSION.search(text):
        message = "a tag that joins or colors cells is not offered"
        yield "T408", message, "set the look of cells in Word"
