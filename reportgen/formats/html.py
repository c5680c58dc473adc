"""HTML: one self-contained file, also the source of the PDF.

The template sees plain text, tuples and mappings only, in the sandboxed environment with escaping on.
"""

from __future__ import annotations

import traceback
from base64 import b64encode
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from jinja2 import ChoiceLoader, DictLoader, TemplateError, TemplateSyntaxError, UndefinedError

from reportgen import template_files
from reportgen.contained import contained
from reportgen.findings import Place, refuse
from reportgen.formats.continued import Continued
from reportgen.formats.fixed_words import html_sources, require_plain
from reportgen.formats.heights import Heights
from reportgen.formats.html_contract import require_whole
from reportgen.formats.layout import CONTINUED, Layout
from reportgen.formats.logo import load_logo
from reportgen.formats.pair_rows import pair_rows
from reportgen.formats.registry import Engine
from reportgen.formats.short_sections import is_short
from reportgen.formats.style_check import require_harmless
from reportgen.laboratory.model import Laboratory
from reportgen.reports.model import Block, Heading, Notice, Pairs, Paragraph, Report, Section, Table
from reportgen.sandbox import FolderLoader, Made, Template, environment

_STANDARD = "standard/report.html"
_TEMPLATE_FRAMES = ("root", "top-level template code", "template")

_KINDS = {Heading: "heading", Notice: "notice", Paragraph: "paragraph", Pairs: "pairs", Table: "table"}
_SCREEN_MARGIN = 40  # points beside the text column on a screen


def render(report: Report, layout: Layout) -> bytes:
    """The report as one HTML file, UTF-8."""
    logo = load_logo(layout.laboratory)
    url = f"data:image/{logo.kind};base64,{b64encode(logo.data).decode()}" if logo else ""
    return page(report, styles(report, layout, "screen"), "screen", layout, url).encode()


def page(report: Report, css: tuple[str, ...], target: str, layout: Layout, logo_url: str = "") -> str:
    """The report as HTML for a `target` ("screen" or "pdf"), with its style sheets inside, each in its own element.

    Raises:
        FindingsError: T408 and T415 for a layout of the laboratory's own that does not render, T416 for one that
            leaves out what every report must show.
    """
    pairs = tuple(_fields(pair) for pair in report.identification.pairs)
    twos = zip_longest(pairs[::2], pairs[1::2], fillvalue="")
    rows = tuple({"first": first, "second": second} for first, second in twos)
    logo = load_logo(layout.laboratory)
    shown = {"url": logo_url, "alt": logo.alt} if logo and logo_url else ""
    inside = Continued(report, layout).inside if target == "pdf" else lambda blocks: [""] * len(blocks)
    sections = tuple(_section(each, inside(each.blocks), layout) for each in report.sections)
    values = {
        **_fields(report._replace(sections=())), "identification_rows": rows, "target": target, "logo": shown,
        "sections": sections,
    }  # fmt: skip
    laboratory = layout.laboratory
    own = laboratory.file("html") if laboratory else None
    if own is None or laboratory is None:
        return fill(_STANDARD, values, styles=css)
    require_plain_words(laboratory)
    made = contained(_fill_own, laboratory, values, css, place=own.shown).decode()
    require_whole(made, report, target=target, styles=css, logo_url=logo_url, place=own.shown)
    return made


def _section(section: Section, parts: list[str], layout: Layout) -> dict[str, object]:
    """A section as plain values; each block with what a page says that begins inside it."""
    blocks = tuple(
        {**_fields(block), **_rows(block, layout), "part": part}
        for block, part in zip(section.blocks, parts, strict=True)
    )
    return {
        **_fields(section._replace(blocks=())),
        "blocks": blocks,
        "short": is_short(section, layout),
        "whole": Heights(layout).is_whole(section),
    }


def _rows(block: Block, layout: Layout) -> dict[str, object]:
    """The rows of pairs, and in how many columns they are; a list that takes one column has two cells to a row."""
    if not isinstance(block, Pairs):
        return {}
    rows = pair_rows(block.pairs, layout)
    plain = tuple({"first": _fields(row.first), "second": _fields(row.second) if row.second else ""} for row in rows)
    return {"rows": plain, "cells": 4 if any(row.second for row in rows) else 2}


class Typeface(NamedTuple):
    """One face of a family, and where its file is."""

    family: str
    url: str
    weight: str = "400"
    style: str = "normal"


class Typefaces(NamedTuple):
    """The faces at hand, and families in order of preference: for any words, for what identifies, for marks."""

    faces: tuple[Typeface, ...] = ()
    families: tuple[str, ...] = ()
    safe: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()

    def values(self) -> dict[str, object]:
        """What a style sheet is given."""
        faces = tuple(face._asdict() for face in self.faces)
        lists = {
            name: ", ".join(f'"{each}"' for each in getattr(self, name)) for name in ("families", "safe", "marked")
        }
        return {"faces": faces, **lists}


def styles(
    report: Report,
    layout: Layout,
    target: str,
    typefaces: Typefaces = Typefaces(),  # noqa: B008 - frozen
) -> tuple[str, ...]:
    """The style sheets for a target (`screen` or `pdf`), the laboratory's own after ours and the guard last.

    Why apart: what one leaves open (a brace, a remark) ends with it and cannot swallow the guard.

    Raises:
        FindingsError: T413 for a style sheet of the laboratory's own that could hide something.
    """
    tokens, width, laboratory = layout.design.model_dump(), layout.text_width, layout.laboratory
    words = {"page": _css_text(report.furniture.page), "of": _css_text(report.furniture.of)}
    logo = load_logo(laboratory)
    computed = {
        "target": target, "paper": layout.paper.model_dump(), "text_width": width,
        "screen_width": width + _SCREEN_MARGIN, "typefaces": typefaces.values(), "words": words,
        "logo_width": logo.width if logo else 0.0, "first_top": layout.design.margins.top - CONTINUED,
    }  # fmt: skip
    values = {**_texts(tokens), **_texts(computed)}
    ours = fill("standard/report.css", values)
    own = laboratory.styles() if laboratory else ()
    for file in own:
        require_harmless(file.text, file.shown)
    foreign = own or (laboratory and (laboratory.file("html") or laboratory.file("regular")))
    guard = [fill("standard/guard.css", values)] if foreign else []
    return (ours, *(file.text for file in own), *guard)


@lru_cache(maxsize=8)
def require_plain_words(laboratory: Laboratory) -> None:
    """Raise T428 and T417 for fixed words of a laboratory's own pages that state something of every report."""
    require_plain(html_sources(laboratory), laboratory)


def _css_text(text: str) -> str:
    """Text for a CSS string: all but letters and digits are written as codes, so that no word can end the string."""
    return "".join(char if char.isalnum() else f"\\{ord(char):x} " for char in text)


def fill(
    name: str, values: dict[str, object], laboratory: Laboratory | None = None, styles: tuple[str, ...] = ()
) -> str:
    """A template of the layouts, or of a laboratory's own, with its values; raises T408 where it does not render."""
    try:
        return _template(name, laboratory).render({**values, "styles": tuple(map(Made, styles))})
    except TemplateSyntaxError as error:
        place = Place(_shown(error.name or name, laboratory), error.lineno)
        raise refuse("T408", f"is not a template: {error.message}", place) from None
    except (TemplateError, RecursionError) as error:
        place = Place(_shown(name, laboratory), _line(error) if laboratory else 0)
        why = "a name that there is not" if isinstance(error, UndefinedError) else type(error).__name__
        detail = str(error.message) if laboratory is not None and isinstance(error, TemplateError) else why
        raise refuse("T408", detail, place) from None


def _fill_own(laboratory: Laboratory, values: dict[str, object], styles: tuple[str, ...]) -> str:
    own = laboratory.file("html")
    return fill(own.path.name if own else _STANDARD, values, laboratory, styles)


def _line(error: BaseException) -> int:
    """The line of the template at which it failed: the innermost frame that is no Python of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if frame.name in _TEMPLATE_FRAMES or frame.name.startswith("block ")]
    return lines[-1] if lines else 0


def _shown(name: str, laboratory: Laboratory | None) -> str:
    file = laboratory.own.files.get(f"html {name}") if laboratory else None
    return file.shown if file else f"layouts/{name}"


@lru_cache(maxsize=16)
def _template(name: str, laboratory: Laboratory | None) -> Template:
    pages = [page for profile in (laboratory.profiles if laboratory else ()) for page in profile.pages()]
    own = {page.path.name: page.text for page in pages}
    loader = ChoiceLoader([DictLoader(own), FolderLoader(template_files.folder() / "layouts")])
    return environment(escape=name.endswith(".html"), loader=loader).get_template(name)


def _fields(value: tuple[object, ...]) -> dict[str, object]:
    """The fields of a frozen report value as plain values; a block says what it is."""
    names: tuple[str, ...] = getattr(value, "_fields", ())
    plain = {name: _plain(each) for name, each in zip(names, value, strict=True)}
    return {**plain, "kind": _KINDS[type(value)]} if type(value) in _KINDS else plain


def _plain(value: object) -> object:
    """A report value as mappings, tuples, numbers and text."""
    if isinstance(value, tuple):
        is_record = hasattr(value, "_fields") and not isinstance(value, Place)
        return _fields(value) if is_record else tuple(_plain(item) for item in value)
    if isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _texts(tokens: dict[str, object]) -> dict[str, object]:
    """Design tokens as mappings of text."""
    return {
        key: _texts(value) if isinstance(value, dict) else f"{value:g}" if isinstance(value, float) else value
        for key, value in tokens.items()
    }


ENGINE = Engine(render)
