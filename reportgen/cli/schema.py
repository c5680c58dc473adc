"""`reportgen schema`: a JSON Schema of case files or of the files of a protocol, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from reportgen.cli.options import Lab, chosen_laboratory


def command(
    of: Annotated[
        str,
        typer.Argument(
            metavar="PROTOCOL|FILE",
            help="A protocol's id, for its case files; or protocol.yaml, wording.yaml or scenarios.yaml.",
            show_default=False,
        ),
    ],
    lab: Lab = "",
) -> None:
    """Print the JSON Schema of case files whose parts use a protocol, or of a file that a protocol is made of."""
    from reportgen.cli.console import print_json
    from reportgen.protocols.load import load_header, load_protocol
    from reportgen.protocols.schema import case_schema
    from reportgen.scenarios.schema import FILE_SCHEMAS

    if of in FILE_SCHEMAS:
        print_json(FILE_SCHEMAS[of]())
        return
    laboratory = chosen_laboratory(lab)
    print_json(case_schema(load_header(laboratory), load_protocol(of, laboratory)))
