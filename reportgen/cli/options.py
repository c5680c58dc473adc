"""The options that `render` and `batch` share, and what may be given to them."""

from __future__ import annotations

from typing import Annotated

import typer

from reportgen.formats import names

Formats = Annotated[str, typer.Option("--format", "-f", help=f"Formats, by comma: {', '.join(names())}.")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse a report with anything pending.")]
Paper = Annotated[str, typer.Option("--paper", help="letter or a4; the profile's, or letter.")]
PdfEngine = Annotated[
    str, typer.Option("--pdf-engine", help="auto, weasyprint or typst; auto is typst where the profile allows it.")
]
Coding = Annotated[bool, typer.Option("--coding", help="Print the coding line.")]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Print the values that are wrong; they may identify a patient.")
]


def chosen_formats(text: str) -> tuple[str, ...]:
    """The formats named on the command line, each once."""
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    if not wanted or not set(wanted) <= set(names()):
        raise typer.BadParameter(f"known formats are {', '.join(names())}", param_hint="--format")
    return wanted


def chosen_engine(name: str) -> str:
    """The PDF engine named on the command line."""
    from reportgen.formats.pdf import ENGINES

    if name not in ENGINES:
        raise typer.BadParameter(f"is one of {', '.join(ENGINES)}", param_hint="--pdf-engine")
    return name


def chosen_paper(name: str) -> str:
    """The paper named on the command line; "" if none is."""
    if name not in ("", "letter", "a4"):
        raise typer.BadParameter("is letter or a4", param_hint="--paper")
    return name
