"""`reportgen schema`: a JSON Schema of case files, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from reportgen.cli.options import Lab, chosen_laboratory


def command(
    protocol: Annotated[str, typer.Argument(help="A protocol's id.", show_default=False)], lab: Lab = ""
) -> None:
    """Print the JSON Schema of case files whose parts use a protocol."""
    from reportgen.cli.console import print_json
    from reportgen.protocols.load import load_header, load_protocol
    from reportgen.protocols.schema import case_schema

    laboratory = chosen_laboratory(lab)
    print_json(case_schema(load_header(laboratory), load_protocol(protocol, laboratory)))
