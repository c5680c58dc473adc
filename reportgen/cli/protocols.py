"""`reportgen protocols`: what can be reported, and each protocol as a readable page."""

from __future__ import annotations

from typing import Annotated

import typer

from reportgen.cli.options import Lab, chosen_laboratory

app = typer.Typer(help="List the protocols, or show one.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def overview(context: typer.Context, lab: Lab = "") -> None:
    """List the protocols, or show one."""
    if not context.invoked_subcommand:
        listing(lab)
    elif lab:
        raise typer.BadParameter(f"goes behind {context.invoked_subcommand}", param_hint="--lab")


@app.command("list")
def listing(lab: Lab = "") -> None:
    """List the protocols: those that are built in, and those of a profile."""
    from reportgen.findings import FindingsError
    from reportgen.laboratory.choose import choose
    from reportgen.protocols.load import load_each

    broken = False
    for id, made in load_each(choose(lab)):
        if isinstance(made, FindingsError):
            broken = True
            typer.echo(f"{id}  not in order")
            for finding in made.findings:
                typer.echo(finding.as_line(), err=True)
            continue
        typer.echo(f"{id} {made.protocol.version}  {made.protocol.title}")
        typer.echo(f"  {made.protocol.summary}")
    if broken:
        raise typer.Exit(1)


@app.command("show", short_help="Show one protocol as a page.")
def show(protocol: Annotated[str, typer.Argument(help="A protocol's id.", show_default=False)], lab: Lab = "") -> None:
    """Show a protocol: every element with its answers, every criterion, advisory and sentence with its source.

    What a fragment brings names the fragment.
    """
    from reportgen.protocols.load import load_protocol
    from reportgen.protocols.page import page

    for line in page(load_protocol(protocol, chosen_laboratory(lab))):
        typer.echo(line)
