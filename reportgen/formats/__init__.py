"""Layouts: a report to the bytes of one format. A layout knows typography and no medicine.

The engines load when their format is first used, so that asking for help, a check or a text file loads neither.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from reportgen import contained, template_files

if TYPE_CHECKING:
    from reportgen.formats.design import Design
    from reportgen.reports.model import Report

_FORMATS: tuple[tuple[str, str], ...] = (  # name, which is the file's ending too → module
    ("docx", "reportgen.formats.docx"),
    ("pdf", "reportgen.formats.pdf"),
    ("html", "reportgen.formats.html"),
    ("txt", "reportgen.formats.text"),
)
_OWN_WORD = "reportgen.formats.docx_template"  # lays out in a laboratory's own Word template
_MODULES = dict(_FORMATS)
if len(_MODULES) < len(_FORMATS):
    raise RuntimeError("a format is registered twice")


def names() -> tuple[str, ...]:
    """The names of all formats."""
    return tuple(_MODULES)


def ending(name: str) -> str:
    """The ending of a format's files, without the dot."""
    return name


def render(report: Report, name: str, design: Design) -> bytes:
    """Lay out a report, no number parted from its unit; the same report and design give the same bytes.

    Raises:
        FindingsError: T420, E503, E504, S601, S602, S606; for a layout of the laboratory's own T408 and T413 to T416.
    """
    from reportgen.formats.numbers import bound

    own = design.laboratory.file("word") if name == "docx" and design.laboratory else None
    module = import_module(_OWN_WORD if own else _MODULES[name])
    return cast("Callable[[Report, Design], bytes]", module.render)(bound(report), design)


def begin() -> None:
    """Let the usual PDF engine, which works in a process of its own, get going before a report is there.

    For layouts without a profile. Call it early, while there is little to fork, and before there are threads.
    """
    from reportgen.formats import pdf_typst

    pdf_typst.begin()


def load(wanted: Iterable[str], design: Design) -> None:
    """Load the engines of some formats ahead of their first use.

    Raises:
        FindingsError: S601, S602, S606 where an engine cannot work on this machine; T420 as `render`.
    """
    for name in wanted:
        module = import_module(_MODULES[name])
        if hasattr(module, "load_engine"):
            module.load_engine(design)


def is_slow(wanted: Iterable[str], design: Design) -> bool:
    """Whether one of the formats takes a tenth of a second for each document; raises T420 as `render`."""
    from reportgen.formats import pdf

    return "pdf" in wanted and pdf.chosen(design) == "weasyprint"


def release() -> None:
    """Give back what loaded engines keep: files and processes; for a process that ends without running its end."""
    contained.release()
    for path in _MODULES.values():
        module = sys.modules.get(path)
        if module and hasattr(module, "release"):
            module.release()


@lru_cache(maxsize=4)
def layout_record(layout: str = "standard") -> str:
    """Name and short hash of a layout's files and of the list of fonts, for the record in the footer."""
    digest = hashlib.sha256()
    for file in ("design.yaml", "report.html", "blocks.html", "report.css", "guard.css", "report.typ"):
        digest.update(template_files.path(f"layouts/{layout}/{file}").read_bytes())
    digest.update(template_files.path("fonts/SOURCES.txt").read_bytes())  # which fonts, in which version
    return f"{layout} ({digest.hexdigest()[:12]})"
