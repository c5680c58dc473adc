"""HTML: one self-contained file, also the source of the PDF.

The template sees plain text, tuples and mappings only, in the sandboxed environment with escaping on.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from reportgen import layers
from reportgen.findings import refuse
from reportgen.formats.design import Design
from reportgen.reports.model import Heading, Notice, Pairs, Paragraph, Report, Table
from reportgen.sandbox import FolderLoader, Template, environment

_KINDS = {Heading: "heading", Notice: "notice", Paragraph: "paragraph", Pairs: "pairs", Table: "table"}
_SCREEN_MARGIN = 40  # points beside the text column on a screen


def render(report: Report, design: Design) -> bytes:
    """The report as one HTML file, UTF-8."""
    return page(report, style(report, design, "screen", {}), "screen").encode()


def page(report: Report, css: str, target: str) -> str:
    """The report as HTML for a `target` ("screen" or "pdf"), with its style sheet inside."""
    pairs = _plain(report.identification.pairs)
    twos = zip_longest(pairs[::2], pairs[1::2], fillvalue="")
    rows = tuple({"first": first, "second": second} for first, second in twos)
    values = {**_plain(report), "identification_rows": rows, "style": _Style(css), "target": target}
    return _filled("report.html", values)


def style(report: Report, design: Design, target: str, font_urls: dict[str, str]) -> str:
    """The style sheet for a target; `font_urls` says where its faces are."""
    tokens = design.model_dump()
    width = design.paper.width - design.margins.left - design.margins.right + _SCREEN_MARGIN
    words = {"page": _css_text(report.furniture.page), "of": _css_text(report.furniture.of)}
    paper = tokens["papers"][design.paper_name]
    computed = {"target": target, "paper": paper, "screen_width": width, "font_urls": font_urls, "words": words}
    return _filled("report.css", {**_texts(tokens), **_texts(computed)})


class _Style(str):
    """A style sheet made by the layout itself, which must not be escaped inside its element."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def _css_text(text: str) -> str:
    """Text for a CSS string: what is no letter or digit is written as its code, so that no word can end the string."""
    return "".join(char if char.isalnum() else f"\\{ord(char):x} " for char in text)


def _filled(name: str, values: dict[str, Any]) -> str:
    try:
        return _template(name).render(values)
    except TemplateError as error:
        raise refuse("T408", type(error).__name__, f"layouts/standard/{name}") from None


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    folder = Path(layers.find(f"layouts/standard/{name}")[-1]).parent
    return environment(escape=name.endswith(".html"), loader=FolderLoader(folder)).get_template(name)


def _plain(value: Any) -> Any:
    """Frozen report values as mappings and tuples of text; blocks say what they are."""
    if is_dataclass(value):
        plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {**plain, "kind": _KINDS[type(value)]} if type(value) in _KINDS else plain
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, bool | int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _texts(tokens: Any) -> Any:
    """Design tokens as mappings of text."""
    if isinstance(tokens, dict):
        return {key: _texts(value) for key, value in tokens.items()}
    return _number(tokens) if isinstance(tokens, float) else tokens


def _number(value: float) -> str:
    return f"{value:g}"
