"""The options that several commands share, and what may be given to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.findings import FindingsError
from reportgen.formats import names

if TYPE_CHECKING:
    from reportgen.laboratory.model import Laboratory

CaseFiles = Annotated[list[Path], typer.Argument(help="Case files (.yaml, .yml, .json).", show_default=False)]
ProtocolId = Annotated[str, typer.Argument(help="A protocol's id; see `reportgen protocols`.", show_default=False)]
Lab = Annotated[
    str,
    typer.Option(
        "--lab", help="Profile folder, or none for the built-in templates. Default: $REPORTGEN_LAB or reportgen.toml."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that exists.")]
OverwriteAll = Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")]
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


def chosen_laboratory(named: str) -> Laboratory | None:
    """The profile to work with; raises `FindingsError` where its words, changes or tokens are not in order.

    This is checked before any case or table, whose findings would only mislead. A protocol that the profile brings, or
    leaves as it is, is checked where it is used: one that is not in order keeps no other from use.
    """
    from reportgen.laboratory.choose import choose

    laboratory = choose(named)
    if laboratory is not None:
        from reportgen.formats.layout import load_layout
        from reportgen.protocols.files import built_in_ids
        from reportgen.protocols.load import load_header
        from reportgen.reports.load_labels import load_labels

        load_labels(laboratory)
        load_layout(laboratory=laboratory)
        load_header(laboratory)
        for id in built_in_ids():
            if id in laboratory.changed_protocols:
                _require_protocol(id, laboratory)
    return laboratory


def needed_laboratory(named: str) -> Laboratory:
    """The profile to work on, whatever is wrong with it; raises T410 where none is named."""
    from reportgen.findings import refuse
    from reportgen.laboratory.choose import choose

    laboratory = choose(named)
    if laboratory is None:
        raise refuse("T410", "no profile was named", hint="name its folder, or set REPORTGEN_LAB")
    return laboratory


def _require_protocol(id: str, laboratory: Laboratory) -> None:
    """Refuse a profile that breaks a protocol; one that is broken by itself does not keep the others from use."""
    from reportgen.protocols.load import load_protocol

    try:
        load_protocol(id, laboratory)
    except FindingsError:
        try:
            load_protocol(id)
        except FindingsError:
            return
        raise


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
