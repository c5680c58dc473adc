"""`reportgen import`: forms of other systems become protocols, and filled ones cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.options import Lab, OverwriteAll, needed_laboratory

app = typer.Typer(no_args_is_help=True, help="Import a form.", rich_markup_mode=None)


@app.callback()
def group() -> None:
    """Import a form."""


@app.command("sdc", short_help="Import an IHE SDC form.")
def sdc(
    file: Annotated[Path, typer.Argument(help="The form (.xml), alone or in a package.", show_default=False)],
    lab: Lab = "",
    id: Annotated[str, typer.Option("--id", help="The id of the protocol. Default: from the form's title.")] = "",
    form: Annotated[str, typer.Option("--form", help="The id of the form, if the file holds several.")] = "",
    case: Annotated[
        Path | None, typer.Option("--case", help="Write the answers of a filled form as this case file.")
    ] = None,
    overwrite: OverwriteAll = False,
) -> None:
    """Make a protocol of an SDC form, or with --case a case of a filled one.

    The protocol is written into the profile, with a list of everything that was lost or changed (import.md). A case
    needs the protocol of its form.
    """
    if case:
        import_case(file, lab, id, form, case, overwrite=overwrite)
    else:
        import_form(file, lab, id, form, overwrite=overwrite)


def import_form(file: Path, lab: str, id: str, wanted: str = "", *, overwrite: bool) -> None:
    """Write the protocol that a form becomes into a profile, and tell what was lost."""
    from reportgen.cli.console import write_protocol
    from reportgen.sdc.files import protocol_files, summary
    from reportgen.sdc.form import read_form
    from reportgen.sdc.xml_text import read_xml

    laboratory = needed_laboratory(lab)
    contents, losses = protocol_files(read_form(read_xml(file), wanted), id, laboratory)
    write_protocol(contents, laboratory.own.folder, overwrite=overwrite)
    for line in summary(losses):
        typer.echo(line)


def import_case(file: Path, lab: str, id: str, wanted: str, output: Path, *, overwrite: bool) -> None:
    """Write the case that a filled form describes."""
    from reportgen.cli.console import print_findings
    from reportgen.files import write_files
    from reportgen.reading.yaml_writing import written
    from reportgen.sdc.case import case_of, protocol_for
    from reportgen.sdc.form import read_form
    from reportgen.sdc.xml_text import read_xml

    laboratory = needed_laboratory(lab)
    form = read_form(read_xml(file), wanted)
    data, findings = case_of(form, protocol_for(form, id, laboratory), laboratory)
    head = "# Imported from a filled form. Enter the head of the case: the form does not identify the patient.\n"
    write_files({output: (head + written(data, of_cases=True)).encode()}, overwrite=overwrite)
    print_findings(findings)
    typer.echo(str(output))
