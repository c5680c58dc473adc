"""Importing this module loads what the program needs: its commands, engines and protocols.

A process that forks others imports it first, so that none of them has to load anything.
"""

import contextlib
import gc
from pathlib import Path

from reportgen.cli.app import program
from reportgen.findings import FindingsError
from reportgen.formats.pdf_weasyprint import load_engine
from reportgen.pipeline import Settings, render
from reportgen.protocols.load import load_each

with contextlib.suppress(ImportError):  # a machine may lack an engine or an extra
    import docx  # noqa: F401
    import typst  # noqa: F401

    import reportgen.batch.cluster
    import reportgen.batch.run
    import reportgen.cli.progress
    import reportgen.web.serve  # noqa: F401

with contextlib.suppress(FindingsError):
    load_engine()

_SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "three-parts.yaml"

program()
list(load_each())
render(_SAMPLE, Settings(formats=("docx", "html", "txt")))  # loads what they need
gc.freeze()
