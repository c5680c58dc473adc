"""`reportgen explain`: why each sentence stands in the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    case: Annotated[Path, typer.Argument(help="A case file.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Show for every sentence its clause, the answers that licensed it with their places, and the clause's source."""
    from reportgen.cli.printing import print_json
    from reportgen.render import compose
    from reportgen.reports.trace import trace, trace_lines

    report = compose(case)
    if json:
        print_json({"file": str(case), "trace": trace(report)})
    else:
        for line in trace_lines(report):
            typer.echo(line)
