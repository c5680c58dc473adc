"""The words that a laboratory's own layout prints in every report: they state nothing about a case or its state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from jinja2 import TemplateError, nodes

from reportgen.findings import Finding, FindingsError, Place
from reportgen.laboratory.meanings import load_meanings
from reportgen.laboratory.model import Laboratory
from reportgen.sandbox import environment

_ENDS = re.compile(r"<(?:/w:p|w:br|w:tab|br|hr|/(?:p|div|t[dhr]|h[1-6]|li|caption|section|header|footer))\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_WORD_PART = re.compile(r"(.*) \((word/[^()]*)\)")
_PARAGRAPH = re.compile(r"\n(?=<w:p[ >])")  # each begins a line of its own

Sources = Iterable[tuple[str, str]]
"""What messages call a template, and its text."""


def parsed(source: str) -> nodes.Template:
    """The template as a tree; an empty one where it cannot be read, which is a finding of its own."""
    try:
        return environment(escape=True).parse(source)
    except TemplateError:
        return nodes.Template([])


def texts_of(node: nodes.TemplateData) -> list[str]:
    """The words of a piece of a template, paragraph by paragraph, with tags inside a word taken out."""
    lines = _TAG.sub("", _ENDS.sub("\n", str(node.data))).split("\n")
    words = (" ".join(unescape(line).split()) for line in lines)
    return [line for line in words if any(map(str.isalpha, line)) and "<" not in line and ">" not in line]


def stated(sources: Sources, laboratory: Laboratory) -> Iterator[Finding]:
    """T428 for fixed words that claim a state of the report, T417 for those that find or deny something."""
    meanings = load_meanings(laboratory)
    for shown, source in sources:
        for node in parsed(source).find_all(nodes.TemplateData):
            for text, place, path in _placed(node, shown):
                if claim := meanings.claim(text):
                    message = f'uses the word "{claim}", which claims a state that no report made here has'
                    yield Finding("T428", place, path, message)
                elif meanings.states(text):
                    hint = "print what the report says; a layout makes no statements"
                    yield Finding("T417", place, path, "fixed words state or deny a finding in every report", hint)


def _placed(node: nodes.TemplateData, shown: str) -> Iterator[tuple[str, Place, str]]:
    """Each text with its file and line, or, in a part of a Word template, with its part and paragraph."""
    part = _WORD_PART.fullmatch(shown)
    if part is None:
        yield from ((text, Place(shown, node.lineno), "") for text in texts_of(node))
        return
    for line, piece in enumerate(_PARAGRAPH.split(str(node.data)), start=node.lineno):
        for text in texts_of(nodes.TemplateData(piece)):
            yield text, Place(part[1]), f"{part[2]}, paragraph {max(line - 1, 1)}"


def require_plain(sources: Sources, laboratory: Laboratory) -> None:
    """Raise what `stated` finds."""
    findings = list(stated(sources, laboratory))
    if findings:
        raise FindingsError(findings)


def html_sources(laboratory: Laboratory) -> Iterator[tuple[str, str]]:
    """A laboratory's own pages."""
    yield from ((page.shown, page.text) for profile in laboratory.profiles for page in profile.pages())
