"""`reportgen protocols`: what can be reported, and each protocol as a readable page."""

from __future__ import annotations

from typing import Annotated

import typer

from reportgen.cli.options import Lab, chosen_laboratory

app = typer.Typer(help="List the protocols, or show one.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def overview(context: typer.Context) -> None:
    """List the protocols, or show one."""
    if not context.invoked_subcommand:
        listing()


@app.command("list")
def listing() -> None:
    """List the protocols."""
    from reportgen.findings import FindingsError
    from reportgen.protocols.load import load_protocol, protocol_ids

    broken = False
    for id in protocol_ids():
        try:
            protocol = load_protocol(id).protocol
        except FindingsError as error:
            broken = True
            typer.echo(f"{id}  not in order")
            for finding in error.findings:
                typer.echo(finding.as_line(), err=True)
            continue
        typer.echo(f"{id} {protocol.version}  {protocol.title}")
        typer.echo(f"  {protocol.summary}")
    if broken:
        raise typer.Exit(1)


@app.command("show", short_help="Show one protocol as a page.")
def show(protocol: Annotated[str, typer.Argument(help="A protocol's id.", show_default=False)], lab: Lab = "") -> None:
    """Show a protocol: every element with its answers, every criterion, advisory and sentence with its source."""
    from reportgen.protocols.load import load_protocol
    from reportgen.protocols.page import page

    for line in page(load_protocol(protocol, chosen_laboratory(lab))):
        typer.echo(line)
