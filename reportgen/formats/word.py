"""Word: by the program's own layout, or in a Word template that the laboratory brings."""

from __future__ import annotations

from reportgen.formats.layout import Layout
from reportgen.formats.registry import Engine
from reportgen.reports.model import Report


def render(report: Report, layout: Layout) -> bytes:
    """The report as a Word file; raises T408 and T413 to T416 for a template of the laboratory's own."""
    return _engine(layout).render(report, layout)


def _engine(layout: Layout) -> Engine:
    if layout.laboratory and layout.laboratory.file("word"):
        from reportgen.formats import docx_template

        return docx_template.ENGINE
    from reportgen.formats import docx

    return docx.ENGINE


ENGINE = Engine(render, load=_engine)
