"""How a report is laid out: the design, the paper, the laboratory whose files are used, and the PDF engine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from reportgen import template_files
from reportgen.formats.design import DESIGN, Design, Paper, load_design
from reportgen.laboratory.model import Laboratory

IDENTIFICATION_LABEL = 82.0  # points: the label column of the identification, as in report.css and report.typ
CONTINUED = 9.0  # points: the line in the head of a page on which a part goes on; the first page has none
TRACKING = 0.02  # of the type size: the space between the letters of a section's heading
_DEFAULT_PAPER = "letter"
_RECORDED = ("report.html", "blocks.html", "report.css", "guard.css", "report.typ")


@dataclass(frozen=True, eq=False)
class Layout:
    """The choices of a run. Layouts are compared by identity, so that caches can be keyed on one.

    Attributes:
        design: the tokens.
        paper: the chosen paper.
        laboratory: the profile whose files may be used, if any.
        engine: the PDF engine: `auto`, `weasyprint` or `typst`.
    """

    design: Design
    paper: Paper
    laboratory: Laboratory | None = None
    engine: str = "auto"

    @property
    def text_width(self) -> float:
        """The width between the margins, in points."""
        return self.paper.width - self.design.margins.left - self.design.margins.right


@lru_cache(maxsize=8)
def load_layout(paper: str = "", laboratory: Laboratory | None = None, engine: str = "auto") -> Layout:
    """Load the layout for a paper (`letter` or `a4`, else the laboratory's own or letter); raises as `load_design`.

    The PDF engine is `auto`, `weasyprint` or `typst`.
    """
    design = load_design(laboratory)
    chosen = paper or (laboratory.spec.paper if laboratory else "") or _DEFAULT_PAPER
    return Layout(design, design.papers[chosen], laboratory, engine)


@lru_cache(maxsize=1)
def layout_record() -> str:
    """Name and short hash of the layout's files and of the list of fonts, for the record in the footer."""
    digest = hashlib.sha256()
    for path in (DESIGN, *(f"layouts/standard/{name}" for name in _RECORDED), "fonts/SOURCES.txt"):
        digest.update(template_files.path(path).read_bytes())
    return f"standard ({digest.hexdigest()[:12]})"
