"""`reportgen new`: empty, commented starters; nothing in them is filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Write an empty starter.", rich_markup_mode=None)


@app.callback()
def group() -> None:
    """Write an empty starter."""


@app.command("case", short_help="Write an empty case file and its schema.")
def case(
    protocol: Annotated[str, typer.Argument(help="A protocol's id; see `reportgen protocols`.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The case file to write.")] = Path("case.yaml"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
) -> None:
    """Write an empty case file for a protocol, with the allowed answers as comments, and its schema beside it."""
    import json

    from reportgen.files import write_files
    from reportgen.protocols.load import load_header, load_protocol
    from reportgen.protocols.schema import case_schema
    from reportgen.protocols.starter import starter

    header, made = load_header(), load_protocol(protocol)
    schema_file = output.with_name(f"{protocol}.schema.json")
    schema = json.dumps(case_schema(header, made), ensure_ascii=False, indent=2) + "\n"
    contents = {output: starter(header, made, schema_file.name).encode()}
    if overwrite or not schema_file.exists() or schema_file.read_bytes() != schema.encode():
        contents[schema_file] = schema.encode()
    write_files(contents, overwrite=overwrite)
    for path in (output, schema_file):
        typer.echo(str(path))
