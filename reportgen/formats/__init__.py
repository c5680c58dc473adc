"""Formats: a report to the bytes of one format. They know typography and no medicine.

`registry` lists them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reportgen.formats.registry import FORMATS

if TYPE_CHECKING:
    from reportgen.formats.layout import Layout
    from reportgen.reports.model import Report


def names() -> tuple[str, ...]:
    """The names of all formats, which are the endings of their files."""
    return tuple(FORMATS)


def render(report: Report, name: str, layout: Layout) -> bytes:
    """Lay out a report, keeping numbers with their units; the same report and layout give the same bytes.

    Raises:
        FindingsError: T420, E503, E504, S601, S602, S606; for a layout of the laboratory's own T408 and T413 to T416.
    """
    from reportgen.formats.numbers import bound

    return FORMATS[name].engine.render(bound(report), layout)


def load(wanted: Iterable[str], layout: Layout) -> None:
    """Load the engines of some formats before their first use.

    Raises:
        FindingsError: S601, S602, S606 where an engine cannot work on this machine; T420 as `render`.
    """
    for name in wanted:
        FORMATS[name].engine.load(layout)


def is_slow(wanted: Iterable[str], layout: Layout) -> bool:
    """Whether one of the formats takes a tenth of a second for each document; raises T420 as `render`."""
    return any(FORMATS[name].engine.is_slow(layout) for name in wanted)


def embed_fonts(wanted: Iterable[str]) -> bool:
    """Whether one of the formats refuses a character without a glyph."""
    return any(FORMATS[name].embeds_fonts for name in wanted)


def release() -> None:
    """Give back what loaded engines hold: files and processes; for a process that ends without its exit handlers."""
    from reportgen import contained

    contained.release()
    for format in FORMATS.values():
        if format.is_loaded:
            format.engine.release()
