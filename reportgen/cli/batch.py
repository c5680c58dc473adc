"""`reportgen batch`: a table to one report for each accession, stopped and resumed at any moment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.lab import Lab, chosen_laboratory
from reportgen.cli.render import PdfEngine
from reportgen.clock import today
from reportgen.system import cores

if TYPE_CHECKING:
    from reportgen.batch.model import Order, Outcome


_Table = Annotated[
    Path, typer.Argument(help="The table (.csv, .tsv, .xlsx), one row for each part.", show_default=False)
]
_Output = Annotated[
    str, typer.Option("--output", "-o", help="Folder for the documents; a URL with --scheduler.", show_default=False)
]
_Format = Annotated[str, typer.Option("--format", "-f", help="Formats, by comma: docx, pdf, html, txt.")]
_Columns = Annotated[Path | None, typer.Option("--columns", help="Mapping of the table's own columns.")]
_Protocol = Annotated[str, typer.Option("--protocol", help="Protocol of rows that name none.")]
_Encoding = Annotated[str, typer.Option("--encoding", help="The table's encoding, where it cannot be told.")]
_Sheet = Annotated[str, typer.Option("--sheet", help="The sheet of a workbook with several.")]
_Name = Annotated[
    str, typer.Option("--name", help="Names of documents, from {accession}, {collected}, {received}, {protocol}.")
]
_ShardDirs = Annotated[bool, typer.Option("--shard-dirs", help="Sub-folders by a hash, for large runs.")]
_Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, max=256, help="Worker processes; the cores if not given.", show_default=False),
]
_Combine = Annotated[Path | None, typer.Option("--combine", help="One PDF of all reports, in table order.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the whole table and write nothing.")]
_AllOrNothing = Annotated[bool, typer.Option("--all-or-nothing", help="Render nothing if a case is refused.")]
_OnlyFailed = Annotated[bool, typer.Option("--only-failed", help="Only what an earlier run could not render.")]
_Resume = Annotated[
    bool | None,
    typer.Option("--resume/--no-resume", help="Go on in the folder (default for the same table), or render all again."),
]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace documents that this batch did not write.")]
_Scheduler = Annotated[str, typer.Option("--scheduler", help="A dask cluster that works: tls://host:8786 or tcp://…")]
_Chunk = Annotated[
    int | None,
    typer.Option("--chunk", min=1, max=1000, help="Cases in one task of the cluster.", show_default=False),
]
_Journal = Annotated[Path | None, typer.Option("--journal", help="Folder for the journal, where the output is a URL.")]
_Strict = Annotated[bool, typer.Option("--strict", help="Refuse a report with anything pending.")]
_Paper = Annotated[str, typer.Option("--paper", help="letter or a4; the profile's, or letter.")]
_Coding = Annotated[bool, typer.Option("--coding", help="Print the coding line.")]
_RawCsv = Annotated[bool, typer.Option("--raw-csv", help="results.csv without guarding against formulas.")]
_Json = Annotated[bool, typer.Option("--json", help="Events on standard output, one JSON object a line.")]
_ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Print the values that are wrong; they may identify a patient.")
]


def command(
    table: _Table,
    output: _Output,
    format: _Format = "docx,pdf",
    columns: _Columns = None,
    protocol: _Protocol = "",
    encoding: _Encoding = "",
    sheet: _Sheet = "",
    name: _Name = "{accession}",
    shard_dirs: _ShardDirs = False,
    jobs: _Jobs = None,
    combine: _Combine = None,
    dry_run: _DryRun = False,
    all_or_nothing: _AllOrNothing = False,
    only_failed: _OnlyFailed = False,
    resume: _Resume = None,
    overwrite: _Overwrite = False,
    strict: _Strict = False,
    paper: _Paper = "",
    pdf_engine: PdfEngine = "auto",
    coding: _Coding = False,
    lab: Lab = "",
    raw_csv: _RawCsv = False,
    scheduler: _Scheduler = "",
    chunk: _Chunk = None,
    journal: _Journal = None,
    json: _Json = False,
    show_values: _ShowValues = False,
) -> None:
    """Render a table: one row for each part, rows with one accession are one case. Exit 1 if any case was not rendered.

    The whole table is checked first; then the cases in order are rendered, and results.csv tells what became of each
    row. Run the same command again to go on after a stop, or to render what was corrected.
    """
    from reportgen.batch.model import Order
    from reportgen.batch.names import problem
    from reportgen.cli.render import chosen_engine, chosen_formats, chosen_paper
    from reportgen.pipeline import Settings

    formats = chosen_formats(format)
    if wrong := problem(name):
        raise typer.BadParameter(wrong, param_hint="--name")
    if combine and "pdf" not in formats:
        raise typer.BadParameter("needs pdf among the formats", param_hint="--combine")
    if combine and combine.suffix.lower() != ".pdf":
        raise typer.BadParameter("is the name of a .pdf file", param_hint="--combine")
    if chunk and not scheduler:
        raise typer.BadParameter("is for a cluster: it goes with --scheduler", param_hint="--chunk")
    folder, url = _placed(output, table, _address(scheduler), journal, combine)
    settings = Settings(
        formats, strict, coding=coding, paper=chosen_paper(paper), laboratory=chosen_laboratory(lab),
        pdf_engine=chosen_engine(pdf_engine), today=today(),
    )  # fmt: skip
    order = Order(
        table, folder, settings, columns, protocol, encoding, sheet, name,
        shards=shard_dirs, jobs=jobs or cores(), combine=combine, all_or_nothing=all_or_nothing,
        only_failed=only_failed, overwrite=overwrite, resume=resume, dry_run=dry_run, raw_csv=raw_csv,
        url=url, scheduler=scheduler, chunk=chunk or 0,
    )  # fmt: skip
    _run(order, json=json, show_values=show_values)


def _address(scheduler: str) -> str:
    if scheduler and not scheduler.partition("://")[1]:
        raise typer.BadParameter("write it as tls://host:8786 or tcp://host:8786", param_hint="--scheduler")
    return scheduler


def _placed(output: str, table: Path, scheduler: str, journal: Path | None, combine: Path | None) -> tuple[Path, str]:
    """The local folder of a batch, and the URL its documents go to where that is another place."""
    from reportgen.batch import places

    folder = places.local(output) if places.is_url(output) else Path(output)
    if folder is not None:
        if journal:
            raise typer.BadParameter("a folder holds its own journal", param_hint="--journal")
        return folder, ""
    if wrong := places.problem(output):
        raise typer.BadParameter(wrong, param_hint="--output")
    if not scheduler:
        raise typer.BadParameter("a URL is written to by a cluster: add --scheduler", param_hint="--output")
    if combine:
        raise typer.BadParameter("needs a folder as output", param_hint="--combine")
    return journal or table.with_name(f"{table.name}.batch"), output


def _run(order: Order, *, json: bool, show_values: bool) -> None:
    from reportgen.batch.run import run
    from reportgen.cli.progress import Bar, Lines, Told

    teller: Told = Lines(show_values=show_values) if json else Bar(show_values=show_values, whole=order.dry_run)
    with teller:
        outcome = run(order, teller.hear)
        teller.end(outcome)
    raise typer.Exit(_code(outcome, order))


def _code(outcome: Outcome, order: Order) -> int:
    from reportgen.batch.model import State

    if outcome.stopped:
        return 130
    if order.dry_run:
        return 1 if outcome.counts[State.refused] else 0
    return 0 if outcome.complete else 1
