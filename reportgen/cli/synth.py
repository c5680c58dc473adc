"""`reportgen synth`: invented cases for trying out, load tests and interface tests."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.options import Lab, OverwriteAll, ProtocolId, chosen_laboratory

_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")  # it also begins file names
_YEARS = (1900, 2200)


def command(
    protocol: ProtocolId,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=10_000_000, help="How many cases.")] = 10,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same cases.")] = 1,
    format: Annotated[str, typer.Option("--format", "-f", help="yaml (one file a case) or csv (one table).")] = "yaml",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The folder, or the table.", show_default="synth, synth.csv")
    ] = None,
    parts: Annotated[int, typer.Option("--parts", min=1, max=8, help="How many parts a case has at most.")] = 1,
    prefix: Annotated[str, typer.Option("--prefix", help="What accessions begin with.")] = "T26-",
    first_date: Annotated[str, typer.Option("--first-date", help="The dates of the cases begin here.")] = "2026-01-01",
    plausible: Annotated[
        bool, typer.Option("--plausible", help="Cases like those of a day's work, not such as show every answer.")
    ] = False,
    lab: Lab = "",
    overwrite: OverwriteAll = False,
) -> None:
    """Make invented cases that are in order and varied; every report made of them says that it is test data."""
    from reportgen.invented.cases import accession, cases
    from reportgen.invented.plausible import plausible_cases
    from reportgen.protocols.load import frozen_templates, load_protocol
    from reportgen.synth.write import write_csv, write_yaml

    if format not in ("yaml", "csv"):
        raise typer.BadParameter("is yaml or csv", param_hint="--format")
    if not _PREFIX.fullmatch(prefix):
        raise typer.BadParameter("is up to 40 letters, digits and -._", param_hint="--prefix")
    if plausible and parts > 1:
        raise typer.BadParameter("goes with one part", param_hint="--plausible")
    laboratory, first = chosen_laboratory(lab), _day(first_date)
    if plausible:
        made = plausible_cases(protocol, number, seed, prefix=prefix, first=first, laboratory=laboratory)
    else:
        made = cases(protocol, number, seed, parts=parts, prefix=prefix, first=first, laboratory=laboratory)
    target = output or Path("synth" if format == "yaml" else "synth.csv")
    with frozen_templates():
        if format == "csv":
            write_csv(made, target, load_protocol(protocol, laboratory), overwrite=overwrite)
        else:
            accessions = (accession(each, prefix) for each in range(1, number + 1))
            write_yaml(made, target, overwrite=overwrite, accessions=accessions)
    typer.echo(str(target))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise typer.BadParameter(f"is a day from {_YEARS[0]} to {_YEARS[1]}, as 2026-01-01", param_hint="--first-date")
    return day
