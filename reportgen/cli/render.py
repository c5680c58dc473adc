"""`reportgen render`: case files to documents."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.check import checked_file
from reportgen.cli.options import (
    CaseFiles,
    Coding,
    Formats,
    Json,
    Lab,
    Paper,
    PdfEngine,
    ShowValues,
    Strict,
    chosen_engine,
    chosen_formats,
    chosen_laboratory,
    chosen_paper,
)
from reportgen.clock import today
from reportgen.findings import FindingsError

if TYPE_CHECKING:
    from reportgen.assessment.checked import Checked
    from reportgen.pipeline import Settings

_POLL = 0.3  # seconds between two looks at a watched file


def command(
    cases: CaseFiles,
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
    json: Json = False,
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
    rendering = _Rendering(_targets(cases, output), settings, overwrite, show_values)
    results = rendering.all(rendering.targets, named=not json)
    if json:
        print_json({"cases": results})
    if watch:
        rendering.watch()
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


@dataclass
class _Rendering:
    """The rendering of some case files, once or whenever one is saved."""

    targets: dict[Path, Path]  # the case files, each with the path of its documents without ending
    settings: Settings
    overwrite: bool  # whether documents that this run did not write may be replaced
    show_values: bool  # whether findings are printed with the values that are wrong
    ours: set[Path] = field(default_factory=set)  # the targets that this run wrote and may write again

    def __post_init__(self) -> None:
        # Before the files are read: what is saved meanwhile is rendered again.
        self.seen = {case: _saved(case) for case in self.targets}

    def all(self, cases: Iterable[Path], *, named: bool = True) -> list[dict[str, object]]:
        """Render cases, and print what is known of them and the names of documents; returns the same for programs."""
        from reportgen.cli.console import case_data, print_findings, print_raised

        results = []
        for case, checked in _check_all(cases, self.settings).items():
            print_findings(checked.findings, show_values=self.show_values)
            print_raised(checked)
            written: list[str] = []
            try:
                written = self._written(case, checked)
                if named:
                    typer.echo("\n".join(written))
            except FindingsError as error:
                if error.environment:
                    raise
                refused = tuple(finding for finding in error.findings if finding not in checked.findings)
                print_findings(refused, show_values=self.show_values)
                checked = checked._replace(findings=(*checked.findings, *refused))
            results.append({**case_data(str(case), checked, show_values=self.show_values), "documents": written})
        return results

    def _written(self, case: Path, checked: Checked) -> list[str]:
        from reportgen.pipeline import render, write

        target = self.targets[case]
        written = write([(target, render(checked, self.settings))], overwrite=self.overwrite or target in self.ours)
        self.ours.add(target)
        return [str(path) for path in written]

    def watch(self) -> None:
        """Render what was saved since the last look, until stopped; a file that is away for a moment is waited for."""
        typer.echo("watching; stop with Ctrl-C", err=True)
        while True:
            time.sleep(_POLL)
            changed = [case for case in self.targets if _saved(case) not in (self.seen[case], None)]
            if changed:
                self.seen |= {case: _saved(case) for case in changed}
                self.all(changed)


def _check_all(cases: Iterable[Path], settings: Settings) -> dict[Path, Checked]:
    """Each case as it was checked, before the first is rendered, with what only shows when all are seen together."""
    from reportgen.cases.twins import filed, twins

    looked = {case: checked_file(case, settings) for case in cases}
    found = twins({str(case): filed(each.case) for case, each in looked.items() if each.case})
    return {case: each._replace(findings=(*each.findings, *found.get(str(case), ()))) for case, each in looked.items()}


def _saved(case: Path) -> tuple[int, int] | None:
    """When a file was last saved, and its size; None where there is none."""
    try:
        status = case.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
