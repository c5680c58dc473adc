"""`reportgen explain`: why each sentence is in the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.options import Json, Lab, chosen_laboratory
from reportgen.clock import today


def command(
    case: Annotated[Path, typer.Argument(help="A case file.", show_default=False)], json: Json = False, lab: Lab = ""
) -> None:
    """Show for every sentence its clause, the answers that licensed it with their places, and the clause's source."""
    from reportgen.cli.console import finding_data, print_json
    from reportgen.findings import FindingsError
    from reportgen.pipeline import Settings, compose
    from reportgen.reports.trace import trace, trace_lines

    try:
        report = compose(case, Settings(laboratory=chosen_laboratory(lab), today=today()))
    except FindingsError as error:
        if not json or error.environment:
            raise
        findings = [finding_data(finding, show_values=False) for finding in error.findings]
        print_json({"file": str(case), "findings": findings, "trace": []})
        raise typer.Exit(1) from None
    if json:
        print_json({"file": str(case), "findings": [], "trace": trace(report)})
    else:
        for line in trace_lines(report):
            typer.echo(line)
