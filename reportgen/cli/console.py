"""The only printer: findings, assessments and JSON, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from reportgen.assessment.model import Assessment, raised_line
from reportgen.cases.model import Case
from reportgen.cli.streams import as_json
from reportgen.finding_groups import FindingGroups
from reportgen.findings import Finding, FindingsError

if TYPE_CHECKING:
    from reportgen.assessment.checked import Checked

_MARKS = {"met": "✓", "unmet": "✗", "unknown": "?"}


def print_findings(findings: Iterable[Finding], *, show_values: bool = False, to_stdout: bool = False) -> None:
    """One line for each finding, or for each kind of a table's; values of the case only where they were asked for."""
    for line in FindingGroups(findings).lines(show_values=show_values):
        typer.echo(line, err=not to_stdout)


@contextmanager
def each_cell_by_itself() -> Iterator[None]:
    """End with a line for each finding: the same slip in two cells of a protocol is two things to correct."""
    try:
        yield
    except FindingsError as error:
        for finding in error.findings:
            typer.echo(finding.as_line(), err=True)
        raise typer.Exit(3 if error.environment else 1) from None


def print_raised(checked: Checked) -> None:
    """One line on standard error for each warning and each acknowledged stop; one that blocks is a finding already."""
    for each in checked.raised:
        if not each.state.blocks:
            typer.echo(raised_line(each.as_data()), err=True)


def write_protocol(contents: Mapping[Path, bytes], profile: Path, *, overwrite: bool) -> None:
    """Write the files of a protocol into a profile's folder, with the schemas that they name, and print their paths."""
    from reportgen.files import write_files
    from reportgen.scenarios.schema import schema_files

    write_files(contents, overwrite=overwrite)
    write_files(schemas := schema_files(profile), overwrite=True)
    for path in (*contents, *schemas):
        typer.echo(str(path))


def print_json(data: object) -> None:
    """One JSON object on standard output."""
    typer.echo(as_json(data, indent=2))


def finding_data(finding: Finding, *, show_values: bool) -> dict[str, object]:
    """A finding for programs."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": finding.path,
        "message": finding.message,
        "next_step": finding.step,
        **({"cell": place.cell, "heading": place.heading} if place.cell else {}),
        **({"value": finding.value} if show_values else {}),
    }


def case_data(file: str, checked: Checked, *, show_values: bool) -> dict[str, object]:
    """Everything known of a checked case, for programs."""
    parts = checked.case.parts if checked.case else ()
    raised = [each for _, each in checked.advisories]
    return {
        "file": file,
        "in_order": not checked.errors,
        "verdict": checked.verdict,
        "counts": {
            "errors": len(checked.errors),
            "warnings": checked.warnings,
            "stops": sum(each.level.stops for each in raised),
            "notes": sum(not each.warns for each in raised),
            "not_acknowledged": sum(each.holds for each in raised),
        },
        "findings": [finding_data(finding, show_values=show_values) for finding in checked.findings],
        "parts": [assessment_data(part.label, made) for part, made in zip(parts, checked.assessments, strict=True)],
    }


def assessment_data(label: str, assessment: Assessment) -> dict[str, object]:
    """The assessment of one part for programs."""
    return {
        "part": label,
        "required": assessment.completeness.required,
        "answered": assessment.completeness.answered,
        "open": [
            {"element": item.slot, "name": item.name, "state": "pending" if item.pending else "not entered"}
            for item in assessment.completeness.missing
        ],
        "criteria": [
            {"id": each.id, "title": each.title, "state": each.state, "answers": each.used, "source": each.source}
            for each in assessment.criteria
        ],
        "advisories": [
            {
                "id": each.id,
                "level": each.level.value,
                "title": each.title,
                "say": each.say,
                "certain": each.certain,
                "acknowledged": bool(each.acknowledged),
                "answers": each.used,
                "source": each.source,
            }
            for each in assessment.advisories
        ],
    }


def print_assessments(case: Case, assessments: Iterable[Assessment]) -> None:
    """Completeness, criteria and advisories of each part, for the pathologist's eye."""
    for part, assessment in zip(case.parts, assessments, strict=True):
        completeness = assessment.completeness
        typer.echo(f"Part {part.label} · {part.protocol.protocol.title}")
        typer.echo(f"  required elements: {completeness.answered} of {completeness.required} entered")
        for item in completeness.missing:
            typer.echo(f"    {'pending' if item.pending else 'not entered'}: {item.name} ({item.slot})")
        if assessment.criteria:
            typer.echo("  essential criteria")
        for criterion in assessment.criteria:
            typer.echo(f"    {_MARKS[criterion.state]} {criterion.state:<8} {criterion.title}")
        for advisory in assessment.advisories:
            state = " · acknowledged" if advisory.acknowledged else "" if advisory.certain else " · possibly"
            typer.echo(f"  {advisory.level.value} {advisory.id} {advisory.title}{state}: {advisory.say}")
            typer.echo(f"    {advisory.source}")
