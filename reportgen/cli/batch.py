"""`reportgen batch`: a table to one report for each accession, stopped and resumed at any moment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.options import (
    Coding,
    Formats,
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
from reportgen.system import cores

if TYPE_CHECKING:
    from reportgen.batch.executor import Executor
    from reportgen.batch.model import BatchRequest, BatchResult
    from reportgen.cli.progress import Reporter

FAILED, USAGE, ENVIRONMENT, UNREADABLE, IN_USE, UNWRITTEN, STOPPED = 1, 2, 3, 4, 5, 6, 130  # exit codes

_Table = Annotated[
    Path, typer.Argument(help="The table (.csv, .tsv, .xlsx), one row for each part.", show_default=False)
]
_Output = Annotated[
    str, typer.Option("--output", "-o", help="Folder for the documents; a URL with --scheduler.", show_default=False)
]
_Columns = Annotated[Path | None, typer.Option("--columns", help="Mapping of the table's own columns.")]
_Protocol = Annotated[str, typer.Option("--protocol", help="Default protocol, for rows that do not name one.")]
_Encoding = Annotated[str, typer.Option("--encoding", help="Encoding of the table, if it cannot be detected.")]
_Sheet = Annotated[str, typer.Option("--sheet", help="Sheet to read, if the workbook has several.")]
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
    bool, typer.Option("--resume/--no-resume", help="Keep what is as it would be made, or make that anew too.")
]


def _accessions(given: list[str] | None) -> list[str]:
    """Refuse what can be no accession: the name of an option that was taken for one."""
    named = given or []
    if any(not each.strip() or each.startswith("-") for each in named):
        raise typer.BadParameter("name an accession, or all")
    return named


_Overwrite = Annotated[
    list[str] | None,
    typer.Option(
        "--overwrite", metavar="ACCESSION", callback=_accessions, show_default=False,
        help="Replace the documents of this case, edited ones too, and keep a copy; may be repeated; or all.",
    ),
]  # fmt: skip
_Again = Annotated[
    list[str] | None,
    typer.Option(
        "--again", metavar="ACCESSION", callback=_accessions, show_default=False,
        help="Make the documents of this case again that were moved away; may be repeated; or all.",
    ),
]  # fmt: skip
_Scheduler = Annotated[str, typer.Option("--scheduler", help="Address of a dask scheduler: tls://host:8786 or tcp://…")]
_Chunk = Annotated[
    int | None, typer.Option("--chunk", min=1, max=1000, help="Cases in one task of the cluster.", show_default=False)
]
_Journal = Annotated[Path | None, typer.Option("--journal", help="Folder for the journal, where the output is a URL.")]
_RawCsv = Annotated[bool, typer.Option("--raw-csv", help="results.csv without guarding against formulas.")]
_Json = Annotated[bool, typer.Option("--json", help="Events on standard output, one JSON object a line.")]


def command(
    table: _Table,
    output: _Output,
    format: Formats = "docx,pdf",
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
    resume: _Resume = True,
    overwrite: _Overwrite = None,
    again: _Again = None,
    strict: Strict = False,
    paper: Paper = "",
    pdf_engine: PdfEngine = "auto",
    coding: Coding = False,
    lab: Lab = "",
    raw_csv: _RawCsv = False,
    scheduler: _Scheduler = "",
    chunk: _Chunk = None,
    journal: _Journal = None,
    json: _Json = False,
    show_values: ShowValues = False,
) -> None:
    """Render a table: one row for each part, rows with one accession are one case.

    The whole table is checked first; then the cases in order are rendered, and results.csv tells what became of each
    row. Run the same command again to go on after a stop, or to render what was corrected. A draft that somebody edited
    is kept; one that was moved away is not made again.

    Exit 0: every case is accounted for. 1: a case was refused or failed. 2: wrong use. 3: this machine lacks something.
    4: the table cannot be read. 5: the folder is in use. 6: the folder cannot be written, as on a full disk. 130:
    stopped.
    """
    with _reporting(json=json, show_values=show_values, whole=dry_run) as reporter:
        from reportgen.batch.model import BatchRequest
        from reportgen.batch.run import run
        from reportgen.pipeline import Settings

        formats = chosen_formats(format)
        _check(name, formats, combine, scheduler, chunk)
        folder, url = _placed(output, table, scheduler, journal, combine)
        settings = Settings(
            formats, strict, coding=coding, paper=chosen_paper(paper), laboratory=chosen_laboratory(lab),
            pdf_engine=chosen_engine(pdf_engine), today=today(),
        )  # fmt: skip
        request = BatchRequest(
            table, folder, settings, columns, protocol, encoding, sheet, name,
            shards=shard_dirs, combine=combine, resume=resume, all_or_nothing=all_or_nothing, only_failed=only_failed,
            overwrite=tuple(overwrite or ()), again=tuple(again or ()), dry_run=dry_run, raw_csv=raw_csv, url=url,
        )  # fmt: skip
        result = run(request, reporter.hear, _executor(scheduler, chunk or 0, jobs or cores()))
        reporter.end(result, _code(result, request))
    raise typer.Exit(_code(result, request))


def _check(name: str, formats: tuple[str, ...], combine: Path | None, scheduler: str, chunk: int | None) -> None:
    """Refuse options that do not go together."""
    from reportgen.batch.names import problem

    if wrong := problem(name):
        raise typer.BadParameter(wrong, param_hint="--name")
    if combine and "pdf" not in formats:
        raise typer.BadParameter("needs pdf among the formats", param_hint="--combine")
    if combine and combine.suffix.lower() != ".pdf":
        raise typer.BadParameter("is the name of a .pdf file", param_hint="--combine")
    if chunk and not scheduler:
        raise typer.BadParameter("is for a cluster: it goes with --scheduler", param_hint="--chunk")
    if scheduler and "://" not in scheduler:
        raise typer.BadParameter("write it as tls://host:8786 or tcp://host:8786", param_hint="--scheduler")


def _placed(output: str, table: Path, scheduler: str, journal: Path | None, combine: Path | None) -> tuple[Path, str]:
    """The local folder of a batch, and the URL its documents go to where that is another place."""
    from reportgen.batch import destinations

    folder = destinations.local(output) if destinations.is_url(output) else Path(output)
    if folder is not None:
        if journal:
            raise typer.BadParameter("a folder holds its own journal", param_hint="--journal")
        return folder, ""
    if wrong := destinations.problem(output):
        raise typer.BadParameter(wrong, param_hint="--output")
    if not scheduler:
        raise typer.BadParameter("a URL is written to by a cluster: add --scheduler", param_hint="--output")
    if combine:
        raise typer.BadParameter("needs a folder as output", param_hint="--combine")
    return journal or table.parent / f"{table.name}.batch", output


@contextlib.contextmanager
def _reporting(*, json: bool, show_values: bool, whole: bool) -> Iterator[Reporter]:
    """The reporter of a batch; it also reports whatever ends the batch early, with its exit code."""
    from reportgen.cli.progress import JsonReporter, TerminalReporter

    reporter: Reporter = (
        JsonReporter(show_values=show_values) if json else TerminalReporter(show_values=show_values, whole=whole)
    )
    try:
        yield reporter
    except FindingsError as error:
        code = _refused(error)
        reporter.broken(error.findings, code)
        raise typer.Exit(code) from None
    except typer.BadParameter:
        reporter.broken((), USAGE)
        raise
    except KeyboardInterrupt:
        reporter.broken((), STOPPED)
        raise
    except Exception:
        reporter.broken((), FAILED)
        raise


def _executor(scheduler: str, chunk: int, jobs: int) -> Executor:
    """Who works: processes of this machine, or the workers of a cluster; raises `FindingsError` (S609)."""
    if not scheduler:
        from reportgen.batch.executor import LocalExecutor

        return LocalExecutor(jobs)
    from reportgen.batch.destinations import need

    need("distributed", "cluster")
    from reportgen.batch.cluster import Cluster

    return Cluster(scheduler, chunk)


def _code(result: BatchResult, request: BatchRequest) -> int:
    """The exit code of a batch that came to its end."""
    from reportgen.batch.model import CaseState

    if result.stopped:
        return STOPPED
    if result.broken:
        return UNWRITTEN
    if request.dry_run:
        return FAILED if result.counts[CaseState.refused] else 0
    return 0 if result.complete else FAILED


def _refused(error: FindingsError) -> int:
    """The exit code of a batch that could not be begun, or not be brought to its end."""
    codes = error.codes
    if error.environment:
        return ENVIRONMENT
    for code, known in ((USAGE, {"E510"}), (IN_USE, {"E506"}), (UNWRITTEN, {"E502"})):
        if codes & known:
            return code
    return UNREADABLE if any(code[:2] in ("E0", "E1", "E2") for code in codes) else FAILED
