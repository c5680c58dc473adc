"""`reportgen serve`: the sign-out desk, a page on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.options import Lab, PdfEngine, chosen_engine, chosen_laboratory

_PORT = 8765


def command(
    folder: Annotated[Path, typer.Argument(help="The folder of the case files.", show_default=False)],
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")] = _PORT,
    lab: Lab = "",
    pdf_engine: PdfEngine = "auto",
) -> None:
    """Fill cases in a browser on this machine, and watch their reports form. Stop it with Ctrl-C.

    Open the address that is printed; it lets in the browser that opens it, and no other. Nothing is served to other
    machines.
    """
    from reportgen.formats import pdf
    from reportgen.formats.layout import load_layout
    from reportgen.web.serve import serve

    laboratory, engine = chosen_laboratory(lab), chosen_engine(pdf_engine)
    pdf.chosen(load_layout(laboratory=laboratory, engine=engine))  # refused now, not when the first PDF is asked for

    def tell(address: str) -> None:
        typer.echo(f"Open this address in a browser on this machine:\n\n  {address}\n", err=True)
        typer.echo("Whoever has it can read every case of the folder. Stop with Ctrl-C.", err=True)

    serve(folder, laboratory, lab, port, tell, engine)
