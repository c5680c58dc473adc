"""`reportgen check`: everything there is to know about cases before they are rendered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from reportgen.cli.options import CaseFiles, Json, Lab, ShowValues, chosen_laboratory
from reportgen.clock import today
from reportgen.findings import FindingsError

if TYPE_CHECKING:
    from reportgen.assessment.checked import Checked
    from reportgen.pipeline import Settings


def command(cases: CaseFiles, json: Json = False, lab: Lab = "", show_values: ShowValues = False) -> None:
    """Check case files: findings with their places, completeness, criteria, advisories. Exit 1 for a refused case."""
    from reportgen.cli.console import case_data, print_assessments, print_findings, print_json
    from reportgen.pipeline import Settings

    settings = Settings(laboratory=chosen_laboratory(lab), today=today())
    results = []
    failed = False
    for path in cases:
        checked = checked_file(path, settings)
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


def checked_file(path: Path, settings: Settings) -> Checked:
    """A case file as it was checked; raises `FindingsError` only for what this machine lacks."""
    from reportgen.assessment.checked import Checked
    from reportgen.pipeline import check

    try:
        return check(path, settings)
    except FindingsError as error:
        if error.environment:
            raise
        return Checked(None, error.findings)
