"""`reportgen protocols`: what can be reported, and each protocol as a readable page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.options import Json, Lab, Overwrite, OverwriteAll, chosen_laboratory, needed_laboratory
from reportgen.findings import either
from reportgen.formats import names

if TYPE_CHECKING:
    from reportgen.proofs.prove import Fault

app = typer.Typer(help="List, show and prove protocols; write one as a workbook.", rich_markup_mode=None)
_Protocol = Annotated[str, typer.Argument(help="A protocol's id.", show_default=False)]


@app.callback(invoke_without_command=True)
def overview(context: typer.Context, lab: Lab = "") -> None:
    """List, show and prove protocols; write one as a workbook."""
    if not context.invoked_subcommand:
        listing(lab)
    elif lab:
        raise typer.BadParameter(f"goes behind {context.invoked_subcommand}", param_hint="--lab")


@app.command("list")
def listing(lab: Lab = "") -> None:
    """List the protocols: those that are built in, and those of a profile."""
    from reportgen.findings import FindingsError
    from reportgen.laboratory.choose import choose
    from reportgen.protocols.load import load_each

    broken = False
    for id, made in load_each(choose(lab)):
        if isinstance(made, FindingsError):
            broken = True
            typer.echo(f"{id}  not in order")
            for finding in made.findings:
                typer.echo(finding.as_line(), err=True)
            continue
        typer.echo(f"{id} {made.protocol.version}  {made.protocol.title}")
        typer.echo(f"  {made.protocol.summary}")
    if broken:
        raise typer.Exit(1)


@app.command("show", short_help="Show one protocol as a page.")
def show(
    protocol: _Protocol,
    lab: Lab = "",
    format: Annotated[
        str, typer.Option("--format", "-f", help=f"A document for signature: {either(names())}; else a page of text.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The document to write.", show_default="ID.FORMAT")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Show a protocol: every element with its answers, every criterion, advisory and sentence with its source.

    The page names the fragments. The document, for comments and for the director's signature, says conditions in words.
    """
    from reportgen.protocols.load import load_protocol
    from reportgen.protocols.page import page

    laboratory = chosen_laboratory(lab)
    format = format or (output.suffix.lower().removeprefix(".") if output else "")
    if format and format not in names():
        raise typer.BadParameter(f"is {either(names())}", param_hint="--format")
    made = load_protocol(protocol, laboratory)
    if not format:
        for line in page(made):
            typer.echo(line)
        return
    from reportgen.files import write_files
    from reportgen.profiles.documents import rendered
    from reportgen.profiles.printout import printout
    from reportgen.reports.load_labels import load_labels

    path = output or Path(f"{protocol}.{format}")
    if path.suffix.lower() != f".{format}":
        raise typer.BadParameter(f"ends in .{format}", param_hint="--output")
    write_files({path: rendered(printout(made, load_labels(laboratory)), format, laboratory)}, overwrite=overwrite)
    typer.echo(str(path))


@app.command("sheet", short_help="Write a protocol as a workbook, and read it back.")
def sheet(
    protocol: Annotated[str, typer.Argument(help="A protocol's id; none: an example.", show_default=False)] = "",
    back: Annotated[
        Path | None, typer.Option("--back", help="The workbook to write into the profile as its protocol.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The workbook to write.", show_default="ID.xlsx")
    ] = None,
    lab: Lab = "",
    overwrite: OverwriteAll = False,
) -> None:
    """Write a protocol as a workbook (Form, Sentences, Sources, Cases); with --back, a workbook as a protocol.

    Nothing is written if anything in the workbook is refused.
    """
    from reportgen.cli.console import each_cell_by_itself, print_findings, write_protocol
    from reportgen.files import write_files
    from reportgen.laboratory.choose import choose
    from reportgen.sheets.protocol_files import example_workbook, from_workbook, to_workbook

    if back:
        if protocol or output:
            raise typer.BadParameter("goes without an id and without --output", param_hint="--back")
        laboratory = needed_laboratory(lab)
        with each_cell_by_itself():
            contents, findings = from_workbook(back, laboratory)
        print_findings(findings)
        write_protocol(contents, laboratory.own.folder, overwrite=overwrite)
        return
    path = output or Path(f"{protocol or 'protocol'}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter("ends in .xlsx", param_hint="--output")
    data, findings = to_workbook(protocol, choose(lab)) if protocol else (example_workbook(), [])
    write_files({path: data}, overwrite=overwrite)
    print_findings(findings)
    typer.echo(str(path))


@app.command("prove", short_help="Prove what a protocol can and cannot say.")
def prove(
    protocol: _Protocol,
    lab: Lab = "",
    witnesses: Annotated[
        Path | None, typer.Option("--witnesses", help="A folder for the cases that show faults.")
    ] = None,
    json: Json = False,
    overwrite: OverwriteAll = False,
) -> None:
    """Look through all cases that validation admits, and show each fault by a case.

    Faults are statements that say nothing, clauses that are never printed, two recommendations in one report, holes
    and overlaps at the boundaries of numbers, sentences that rest on a negation alone, and two answers under one label.
    """
    from time import monotonic

    from reportgen.cli.console import finding_data, print_json
    from reportgen.files import write_files
    from reportgen.findings import counted
    from reportgen.proofs.case_files import case_files
    from reportgen.proofs.prove import prove as proven

    begun = monotonic()
    proof = proven(protocol, chosen_laboratory(lab))
    seconds = monotonic() - begun
    files = {fault: (witnesses / name, data) for fault, name, data in case_files(proof.faults)} if witnesses else {}
    write_files(dict(files.values()), overwrite=overwrite)
    if json:
        faults = [{**finding_data(each.finding, show_values=False), "case": each.case} for each in proof.faults]
        undecided = [finding_data(each, show_values=False) for each in proof.undecided]
        told = {"protocol": protocol, "proven": proof.holds, "questions": proof.asked}
        print_json({**told, "faults": faults, "undecided": undecided})
    else:
        for fault in proof.faults:
            typer.echo(fault.finding.as_line())
            typer.echo(f"  {files[fault][0] if fault in files else _shortly(fault)}")
        for finding in proof.undecided:
            typer.echo(finding.as_line())
        open_ones = f", {len(proof.undecided)} not decided" if proof.undecided else ""
        found = counted(len(proof.faults), "fault") if proof.faults else "no fault"
        typer.echo(f"{protocol}: {proof.asked} questions in {seconds:.1f} s: {found}{open_ones}")
    raise typer.Exit(0 if proof.holds else 1)


def _shortly(fault: Fault) -> str:
    """The answers of the case that shows a fault, in one line."""
    return f"shown by {fault.answers}" if fault.case else "true of every case"
