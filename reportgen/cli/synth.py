"""`reportgen synth`: invented cases for trying out, load tests and interface tests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    protocol: Annotated[str, typer.Argument(help="A protocol's id; see `reportgen protocols`.", show_default=False)],
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=10_000_000, help="How many cases.")] = 10,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same cases.")] = 1,
    format: Annotated[str, typer.Option("--format", "-f", help="yaml (one file a case) or csv (one table).")] = "yaml",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The folder, or the table.", show_default="synth, synth.csv")
    ] = None,
    parts: Annotated[int, typer.Option("--parts", min=1, max=8, help="How many parts a case has at most.")] = 1,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
) -> None:
    """Make invented cases that are in order and varied; every report made of them says that it is test data."""
    from reportgen.synth.make import cases
    from reportgen.synth.write import write_csv, write_yaml

    if format not in ("yaml", "csv"):
        raise typer.BadParameter("is yaml or csv", param_hint="--format")
    made = cases(protocol, number, seed, parts=parts)
    target = output or Path("synth" if format == "yaml" else "synth.csv")
    if format == "csv":
        write_csv(made, target, protocol, overwrite=overwrite)
    else:
        write_yaml(made, target, overwrite=overwrite)
    typer.echo(str(target))
