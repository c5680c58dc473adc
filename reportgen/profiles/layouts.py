"""The fixed words of a laboratory's own layouts, and whether any of them denies something for want of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import TemplateError, nodes

from reportgen.findings import Finding, Place
from reportgen.formats.docx_template import sources
from reportgen.laboratory.meanings import load_meanings
from reportgen.laboratory.model import Laboratory
from reportgen.sandbox import environment

_TAG = re.compile(r"<[^>]*>")


def fixed_words(laboratory: Laboratory) -> Iterator[tuple[str, str]]:
    """Every text that a layout prints beside what it is given: the file (and its part), the words."""
    for shown, source in _sources(laboratory):
        for node in _parsed(source).find_all(nodes.TemplateData):
            for words in _texts(node):
                yield shown, words


def denials(laboratory: Laboratory) -> Iterator[Finding]:
    """T417 for fixed negative words that are printed where something is *not* so: behind an `else` or a `not`."""
    meanings = load_meanings(laboratory)
    for shown, source in _sources(laboratory):
        for branch in _parsed(source).find_all(nodes.If):
            cases = [(branch.test, branch.body), *((each.test, each.body) for each in branch.elif_)]
            lacking = [*branch.else_, *(node for test, body in cases if _negated(test) for node in body)]
            for node in lacking:
                data = [node] if isinstance(node, nodes.TemplateData) else list(node.find_all(nodes.TemplateData))
                for each in data:
                    words = " ".join(_texts(each))
                    if meanings.denies(words):
                        message = "negative words are printed where something is merely not so"
                        hint = "print what the report says; a layout makes no statements"
                        yield Finding("T417", Place(shown, each.lineno), "", message, hint)


def _sources(laboratory: Laboratory) -> Iterator[tuple[str, str]]:
    for profile in laboratory.profiles:
        for role, file in profile.files.items():
            if role.startswith("html "):
                yield file.shown, file.text
    if laboratory.file("word"):
        yield from sources(laboratory)


def _parsed(source: str) -> nodes.Template:
    try:
        return environment(escape=True).parse(source)
    except TemplateError:
        return nodes.Template([])  # a finding of its own


def _negated(test: nodes.Node) -> bool:
    return isinstance(test, nodes.Not) or (
        isinstance(test, nodes.Compare) and any(each.op in ("ne", "notin") for each in test.ops)
    )


def _texts(node: nodes.TemplateData) -> Iterator[str]:
    for piece in _TAG.split(str(node.data)):
        words = " ".join(piece.split())
        if any(char.isalpha() for char in words) and "<" not in words and ">" not in words:
            yield words
