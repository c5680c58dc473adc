"""`reportgen check`: everything there is to know about cases before they are rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from reportgen.cli.lab import Lab, chosen_laboratory
from reportgen.cli.options import ShowValues
from reportgen.clock import today


def command(
    cases: Annotated[list[Path], typer.Argument(help="Case files (.yaml, .yml, .json).", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    lab: Lab = "",
    show_values: ShowValues = False,
) -> None:
    """Check case files: findings with their places, completeness, criteria, advisories. Exit 1 for a refused case."""
    from reportgen.assessment.checked import Checked
    from reportgen.cli.console import case_data, print_assessments, print_findings, print_json
    from reportgen.findings import FindingsError
    from reportgen.pipeline import Settings, check

    settings = Settings(laboratory=chosen_laboratory(lab), today=today())
    results: list[dict[str, Any]] = []
    failed = False
    for path in cases:
        try:
            checked = check(path, settings)
        except FindingsError as error:
            if error.environment:
                raise
            checked = Checked(None, error.findings)
        failed = failed or bool(checked.errors)
        if json:
            results.append(case_data(str(path), checked, show_values=show_values))
            continue
        print_findings(checked.findings, show_values=show_values, to_stdout=True)
        if checked.case:
            print_assessments(checked.case, checked.assessments)
        typer.echo(f"{path}: {checked.verdict}")
    if json:
        print_json({"cases": results})
    raise typer.Exit(1 if failed else 0)
