"""`reportgen lint`: whether a synoptic report, of this program or another, keeps the form of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.options import Json, Lab, ShowValues, chosen_laboratory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.findings import Finding
    from reportgen.lint.required import Required

Reports = Annotated[list[Path], typer.Argument(help="Reports (.docx, .pdf, .txt).", show_default=False)]
Protocol = Annotated[
    str, typer.Option("--protocol", help="Require the core elements of this protocol; see `reportgen protocols`.")
]


def command(
    reports: Reports, protocol: Protocol = "", json: Json = False, lab: Lab = "", show_values: ShowValues = False
) -> None:
    """Check the form of reports: one pair to a line, all pairs in one place, none empty. Exit 1 for any finding.

    Without --protocol, only the form is checked; with it, also that each core element has a pair.
    """
    from reportgen.cli.console import finding_data, print_json
    from reportgen.findings import counted
    from reportgen.lint.required import required
    from reportgen.protocols.load import load_protocol

    laboratory = chosen_laboratory(lab)
    needed = required(load_protocol(protocol, laboratory)) if protocol else ()
    results, failed = [], False
    for path in reports:
        findings = _found(path, needed)
        failed = failed or bool(findings)
        if json:
            data = [finding_data(each, show_values=show_values) for each in findings]
            results.append({"file": str(path), "in_order": not findings, "findings": data})
            continue
        for each in findings:
            typer.echo(each.as_line(show_values=show_values))
        typer.echo(f"{path}: {counted(len(findings), 'finding') if findings else 'in order'}")
    if json:
        print_json({"reports": results})
    raise typer.Exit(1 if failed else 0)


def _found(path: Path, needed: Sequence[Required]) -> Sequence[Finding]:
    """The findings on a report, which may be one that says why it cannot be read."""
    from reportgen.findings import FindingsError
    from reportgen.lint.judge import lint

    try:
        return lint(path, needed)
    except FindingsError as error:
        if error.environment:
            raise
        return error.findings
