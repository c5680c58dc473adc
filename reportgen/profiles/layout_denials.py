"""The fixed words of a laboratory's own layouts, and whether any of them denies something for want of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from reportgen.findings import Finding, Place
from reportgen.formats.docx_template import sources
from reportgen.formats.fixed_words import html_sources, parsed, stated, texts_of
from reportgen.laboratory.meanings import load_meanings
from reportgen.laboratory.model import Laboratory


def fixed_words(laboratory: Laboratory) -> Iterator[tuple[str, str]]:
    """Every text that a layout prints beside what it is given: the file (and its part), the words."""
    for shown, source in _sources(laboratory):
        for node in parsed(source).find_all(nodes.TemplateData):
            for words in texts_of(node):
                yield shown, words


def denials(laboratory: Laboratory) -> Iterator[Finding]:
    """T417 for fixed negative words that are printed where something is *not* so: behind an `else` or a `not`."""
    meanings = load_meanings(laboratory)
    for shown, source in _sources(laboratory):
        for branch in parsed(source).find_all(nodes.If):
            negated = (case.body for case in (branch, *branch.elif_) if _negated(case.test))
            lacking = nodes.Template([*branch.else_, *(node for body in negated for node in body)])
            for each in lacking.find_all(nodes.TemplateData):
                if meanings.denies(" ".join(texts_of(each))):
                    message = "negative words are printed where something is merely not so"
                    hint = "print what the report says; a layout makes no statements"
                    yield Finding("T417", Place(shown, each.lineno), "", message, hint)


def statements(laboratory: Laboratory) -> Iterator[Finding]:
    """T428 and T417 for fixed words that state something of every report."""
    yield from stated(_sources(laboratory), laboratory)


def _sources(laboratory: Laboratory) -> Iterator[tuple[str, str]]:
    yield from html_sources(laboratory)
    if laboratory.file("word"):
        yield from sources(laboratory)


def _negated(test: nodes.Node) -> bool:
    return isinstance(test, nodes.Not) or (
        isinstance(test, nodes.Compare) and any(each.op in ("ne", "notin") for each in test.ops)
    )
