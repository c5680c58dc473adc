"""`reportgen new`: empty, commented starters; nothing in them is filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.import_ import import_form
from reportgen.cli.options import Lab, Overwrite, OverwriteAll, ProtocolId, chosen_laboratory, needed_laboratory

app = typer.Typer(no_args_is_help=True, help="Write an empty starter.", rich_markup_mode=None)


@app.callback()
def group() -> None:
    """Write an empty starter."""


@app.command("case", short_help="Write an empty case file and its schema.")
def case(
    protocol: ProtocolId,
    output: Annotated[Path, typer.Option("--output", "-o", help="The case file to write.")] = Path("case.yaml"),
    lab: Lab = "",
    overwrite: OverwriteAll = False,
) -> None:
    """Write an empty case file for a protocol, with the allowed answers as comments, and its schema beside it."""
    import json

    from reportgen.files import write_files
    from reportgen.protocols.load import load_header, load_protocol
    from reportgen.protocols.schema import case_schema
    from reportgen.protocols.starter import starter

    laboratory = chosen_laboratory(lab)
    header, made = load_header(laboratory), load_protocol(protocol, laboratory)
    schema_file = output.parent / f"{protocol}.schema.json"
    schema = json.dumps(case_schema(header, made), ensure_ascii=False, indent=2) + "\n"
    contents = {output: starter(header, made, schema_file.name).encode()}
    if overwrite or not schema_file.exists() or schema_file.read_bytes() != schema.encode():
        contents[schema_file] = schema.encode()
    write_files(contents, overwrite=overwrite)
    for path in (output, schema_file):
        typer.echo(str(path))


@app.command("table", short_help="Write an empty table and its dictionary.")
def table(
    protocol: ProtocolId,
    output: Annotated[Path, typer.Option("--output", "-o", help="The .xlsx or .csv file to write.")] = Path(
        "table.xlsx"
    ),
    lab: Lab = "",
    overwrite: OverwriteAll = False,
) -> None:
    """Write a table with the headings of a protocol and no values, and a dictionary of its columns."""
    from reportgen.files import write_files
    from reportgen.protocols.load import load_header, load_protocol
    from reportgen.tables.starter import table_files

    laboratory = chosen_laboratory(lab)
    contents = table_files(load_header(laboratory), load_protocol(protocol, laboratory), output)
    write_files(contents, overwrite=overwrite)
    for path in contents:
        typer.echo(str(path))


@app.command("columns", short_help="Propose a mapping for the columns of an export.")
def columns(
    export: Annotated[Path, typer.Argument(help="The .csv or .xlsx file.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The mapping to write.")] = Path("columns.yaml"),
    protocol: Annotated[str, typer.Option("--protocol", help="The protocol of rows that name none.")] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="The encoding of a CSV file, if not UTF-8.")] = "",
    sheet: Annotated[str, typer.Option("--sheet", help="The sheet of a workbook.")] = "",
    lab: Lab = "",
    overwrite: Overwrite = False,
) -> None:
    """Propose a mapping from the headings of an export; what is not certain is left for you to decide."""
    from reportgen.files import write_files
    from reportgen.tables.headings import headings
    from reportgen.tables.propose import Proposer, propose
    from reportgen.tables.registry import open_table

    proposer = Proposer(headings(protocol, chosen_laboratory(lab)))
    opened = open_table(export, proposer.known, name=str(export), encoding=encoding, sheet=sheet)
    text = propose(proposer, opened.header, opened.rows(), protocol)
    write_files({output: text.encode()}, overwrite=overwrite)
    typer.echo(str(output))


@app.command("profile", short_help="Write the starter of a laboratory's profile.")
def profile(
    folder: Annotated[Path, typer.Argument(help="The folder to make.", show_default=False)],
    name: Annotated[str, typer.Option("--name", help="The laboratory's name.")] = "Example Laboratory",
    overwrite: Overwrite = False,
) -> None:
    """Write a commented lab.yaml that changes nothing yet."""
    import json

    from reportgen.files import write_files
    from reportgen.laboratory.read import LAB_FILE, load_laboratory
    from reportgen.laboratory.starter import starter

    write_files({folder / LAB_FILE: starter(json.dumps(name, ensure_ascii=False)).encode()}, overwrite=overwrite)
    load_laboratory(folder)
    typer.echo(str(folder / LAB_FILE))


@app.command("protocol", short_help="Write a small protocol into a profile.")
def protocol(
    id: Annotated[
        str, typer.Argument(help="The id of the new protocol; its folder gets this name.", show_default=False)
    ],
    title: Annotated[str, typer.Option("--title", help="The diagnosis, as its headline says it.")] = "",
    source: Annotated[
        Path | None, typer.Option("--from", help="A workbook (see `protocols sheet`) or an SDC form (.xml).")
    ] = None,
    lab: Lab = "",
    overwrite: OverwriteAll = False,
) -> None:
    """Write a protocol that is in order: one example question, its sentences, and cases with what they must say.

    With --from, write the protocol that a workbook holds, or that a form becomes (see `import sdc`).

    Also write the schemas by which an editor completes its files. `serve FOLDER --lab PROFILE` shows the protocol while
    you write it: its form and a report beside its files, again at each save.
    """
    from reportgen.cli.console import each_cell_by_itself, print_findings, write_protocol
    from reportgen.laboratory.starter import protocol_starter, with_protocol
    from reportgen.protocols.files import built_in_ids
    from reportgen.protocols.load import load_protocol

    if source and title:
        raise typer.BadParameter("goes without --from: the file has a title", param_hint="--title")
    if source and source.suffix.lower() == ".xml":
        import_form(source, lab, id, overwrite=overwrite)
        return
    laboratory = needed_laboratory(lab)
    if source:
        from reportgen.sheets.protocol_files import from_workbook

        with each_cell_by_itself():
            contents, warnings = from_workbook(source, laboratory, id)
        print_findings(warnings)
    else:
        contents = protocol_starter(id, title or id, laboratory.own.folder)
        load_protocol(id, with_protocol(laboratory, id, contents))
    write_protocol(contents, laboratory.own.folder, overwrite=overwrite)
    if id in built_in_ids():
        typer.echo(f"{id} takes the place of the built-in protocol in this profile", err=True)
