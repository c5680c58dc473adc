"""PDF by the engine that was chosen: Typst where nothing asks for more, WeasyPrint for a profile's own HTML or CSS."""

from __future__ import annotations

from types import ModuleType

from reportgen.findings import refuse
from reportgen.formats.design import Design
from reportgen.laboratory.model import Laboratory
from reportgen.reports.model import Report

ENGINES = ("auto", "weasyprint", "typst")


def render(report: Report, design: Design) -> bytes:
    """The report as PDF/UA-1, by Typst as PDF/A-2a too.

    Raises:
        FindingsError: T420 for Typst with a profile that needs WeasyPrint; else what the engine raises.
    """
    return bytes(_engine(design).render(report, design))


def chosen(design: Design) -> str:
    """`typst` or `weasyprint`; raises T420 where Typst was asked for and the profile needs WeasyPrint."""
    from reportgen.formats import pdf_typst

    wanted = design.pdf_engine
    if wanted == "weasyprint":
        return wanted
    why = needs_weasyprint(design.laboratory) if wanted == "typst" or pdf_typst.is_installed() else "typst"
    if why and wanted == "typst":
        hint = "choose --pdf-engine auto or weasyprint"
        raise refuse("T420", f"brings {why}, which WeasyPrint alone can follow", _shown(design), hint=hint)
    return "weasyprint" if why else "typst"


def needs_weasyprint(laboratory: Laboratory | None) -> str:
    """What of a profile only WeasyPrint can follow; "" for nothing."""
    if laboratory is None:
        return ""
    if laboratory.file("html"):
        return "an HTML layout"
    if laboratory.styles():
        return "a style sheet"
    return ""


def load_engine(design: Design) -> ModuleType:
    """Load what `render` will use; raises S601, S602 and S606 where it cannot work on this machine."""
    engine = _engine(design)
    engine.load_engine()
    return engine


def release() -> None:
    """Give back what loaded engines keep on disk."""
    import sys

    for name in ("pdf_typst", "pdf_weasyprint", "machine_fonts"):
        module = sys.modules.get(f"reportgen.formats.{name}")
        if module:
            module.release()


def _engine(design: Design) -> ModuleType:
    from importlib import import_module

    return import_module(f"reportgen.formats.pdf_{chosen(design)}")


def _shown(design: Design) -> str:
    return design.laboratory.own.shown if design.laboratory else ""
