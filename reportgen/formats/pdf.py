"""PDF by the engine that was chosen: Typst where nothing asks for more, WeasyPrint for a profile's own HTML or CSS."""

from __future__ import annotations

import sys

from reportgen.findings import refuse
from reportgen.formats import scratch
from reportgen.formats.layout import Layout
from reportgen.formats.registry import Engine
from reportgen.reports.model import Report

ENGINES = ("auto", "weasyprint", "typst")


def render(report: Report, layout: Layout) -> bytes:
    """The report as PDF/UA-1, by Typst as PDF/A-2a too.

    Raises:
        FindingsError: T420 for Typst with a profile that needs WeasyPrint; else what the engine raises.
    """
    return _engine(layout).render(report, layout)


def chosen(layout: Layout) -> str:
    """`typst` or `weasyprint`; raises T420 where Typst was asked for and the profile needs WeasyPrint."""
    from reportgen.formats import pdf_typst

    if layout.engine == "weasyprint":
        return layout.engine
    own, why = layout.laboratory, ""
    if own is not None:
        why = "an HTML layout" if own.file("html") else "a style sheet" if own.styles() else ""
        if why and layout.engine == "typst":
            hint = "choose --pdf-engine auto or weasyprint"
            raise refuse("T420", f"brings {why}, which WeasyPrint alone can follow", own.own.shown, hint=hint)
    return "typst" if layout.engine == "typst" or (pdf_typst.is_installed() and not why) else "weasyprint"


def release() -> None:
    """Remove the folders of fonts that this process made."""
    if weasyprint := sys.modules.get("reportgen.formats.pdf_weasyprint"):
        weasyprint.release()
    scratch.release()


def _engine(layout: Layout) -> Engine:
    if chosen(layout) == "weasyprint":
        from reportgen.formats import pdf_weasyprint

        return pdf_weasyprint.ENGINE
    from reportgen.formats import pdf_typst

    return pdf_typst.ENGINE


ENGINE = Engine(
    render,
    load=lambda layout: _engine(layout).load(layout),
    is_slow=lambda layout: chosen(layout) == "weasyprint",
    release=release,
)
