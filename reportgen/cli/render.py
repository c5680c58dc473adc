"""`reportgen render`: case files to documents."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen.cli.lab import Lab, chosen_laboratory
from reportgen.cli.options import (
    Coding,
    Formats,
    Paper,
    PdfEngine,
    ShowValues,
    Strict,
    chosen_engine,
    chosen_formats,
    chosen_paper,
)  # fmt: skip
from reportgen.clock import today

if TYPE_CHECKING:
    from reportgen.assessment.checked import Checked
    from reportgen.pipeline import Settings

_POLL = 0.3  # seconds between two looks at a watched file
_Saved = tuple[int, int]  # when a file was last saved, and its size


def command(
    cases: Annotated[list[Path], typer.Argument(help="Case files (.yaml, .yml, .json).", show_default=False)],
    format: Formats = "docx,pdf",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the documents; beside each case file if not given."),
    ] = None,
    strict: Strict = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace documents that exist.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Render again whenever a case file is saved.")] = False,
    finalized_by: Annotated[
        str, typer.Option("--finalized-by", help="Name of the person finalizing the report; use with --at.")
    ] = "",
    at: Annotated[str, typer.Option("--at", help="When it was finalized, as 2026-11-23T14:30.")] = "",
    paper: Paper = "",
    pdf_engine: PdfEngine = "auto",
    coding: Coding = False,
    lab: Lab = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    show_values: ShowValues = False,
) -> None:
    """Render case files as draft reports, named after the case file; nothing is written for a case that is refused.

    Warnings are printed and do not refuse a draft. Finalizing needs each acknowledged in the case file, with a reason.
    """
    from reportgen.cli.console import print_json
    from reportgen.pipeline import Settings

    if json and watch:
        raise typer.BadParameter("does not go with --watch", param_hint="--json")

    settings = Settings(
        chosen_formats(format), strict, finalized_by, at, coding, chosen_paper(paper), chosen_laboratory(lab),
        chosen_engine(pdf_engine), today(),
    )  # fmt: skip
    targets = _targets(cases, output)
    ours: set[Path] = set()
    seen = {case: _saved(case) for case in targets}  # before they are read: what is saved meanwhile is rendered again
    results = _render_all(targets, settings, ours, overwrite=overwrite, show_values=show_values, named=not json)
    if json:
        print_json({"cases": results})
    if watch:
        _watch(targets, settings, seen, ours, overwrite=overwrite, show_values=show_values)
    raise typer.Exit(0 if all(each["in_order"] for each in results) else 1)


def _targets(cases: list[Path], output: Path | None) -> dict[Path, Path]:
    """Case file → path of its documents without ending; two cases may not share one."""
    from reportgen.findings import refuse

    targets: dict[Path, Path] = {}
    taken: dict[str, Path] = {}
    for case in dict.fromkeys(cases):
        stem = (output or case.parent) / case.stem
        other = taken.setdefault(str(stem).casefold(), case)
        if other != case:
            raise refuse("E505", f"and {other} would be written to the same files", str(case))
        targets[case] = stem
    return targets


def _render_all(
    targets: dict[Path, Path],
    settings: Settings,
    ours: set[Path],
    *,
    overwrite: bool,
    show_values: bool,
    named: bool = True,
) -> list[dict[str, Any]]:
    """Render each case, and print what is known of it; returns the same for programs.

    Args:
        targets: the case files, each with the path of its documents without ending.
        settings: how to render.
        ours: the targets that this run wrote and may write again; it grows.
        overwrite: whether documents of others may be replaced.
        show_values: whether findings are printed with the values that are wrong.
        named: whether the documents are named on standard output.
    """
    from reportgen.cli.console import case_data, print_findings, print_raised
    from reportgen.findings import FindingsError
    from reportgen.pipeline import render, write

    results = []
    looked = _check_all(targets, settings)
    for case, stem in targets.items():
        checked, written = looked[case], list[Path]()
        print_findings(checked.findings, show_values=show_values)
        print_raised(checked)
        try:
            rendered = render(checked, settings)
            written = write([(stem, rendered)], overwrite=overwrite or stem in ours)
            ours.add(stem)
            if named:
                typer.echo("\n".join(map(str, written)))
        except FindingsError as error:
            if error.environment:
                raise
            refused = tuple(finding for finding in error.findings if finding not in checked.findings)
            print_findings(refused, show_values=show_values)
            checked = checked._replace(findings=(*checked.findings, *refused))
        documents = [str(path) for path in written]
        results.append({**case_data(str(case), checked, show_values=show_values), "documents": documents})
    return results


def _check_all(cases: Iterable[Path], settings: Settings) -> dict[Path, Checked]:
    """Each case as it was checked, before the first is rendered, with what only shows when all are seen together."""
    from reportgen.assessment.checked import Checked
    from reportgen.cases.twins import filed, twins
    from reportgen.findings import FindingsError
    from reportgen.pipeline import check

    looked: dict[Path, Checked] = {}
    for case in cases:
        try:
            looked[case] = check(case, settings)
        except FindingsError as error:
            if error.environment:
                raise
            looked[case] = Checked(None, error.findings)
    found = twins({str(case): filed(each.case) for case, each in looked.items() if each.case})
    return {case: each._replace(findings=(*each.findings, *found.get(str(case), ()))) for case, each in looked.items()}


def _watch(
    targets: dict[Path, Path],
    settings: Settings,
    seen: dict[Path, _Saved | None],
    ours: set[Path],
    *,
    overwrite: bool,
    show_values: bool,
) -> None:
    """Render what was saved since the last look, until stopped; a file that is away for a moment is waited for."""
    typer.echo("watching; stop with Ctrl-C", err=True)
    while True:
        time.sleep(_POLL)
        changed = {case: stem for case, stem in targets.items() if _saved(case) not in (seen[case], None)}
        if changed:
            seen |= {case: _saved(case) for case in changed}
            _render_all(changed, settings, ours, overwrite=overwrite, show_values=show_values)


def _saved(case: Path) -> _Saved | None:
    try:
        status = case.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
