"""Wiring of the commands, exit codes, and what happens to an exception nobody expected.

Exit codes: 0 ok · 1 findings or failed cases · 2 usage · 3 this machine lacks something · 130 stopped; `batch` has more
of its own.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import traceback
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli import streams
from reportgen.findings import Finding, FindingsError, Place
from reportgen.release import VERSION

OK, FINDINGS, USAGE, ENVIRONMENT, STOPPED = 0, 1, 2, 3, 130
_COMMANDS = {  # each a module of this package; one with commands below it has a help text of its own
    "render": "Render case files as draft reports.",
    "batch": "Render a table: one report for each accession.",
    "check": "Check case files before they are rendered.",
    "lint": "Check the form of synoptic reports, of any system.",
    "explain": "Show why each sentence is in the report.",
    "new": "",
    "import": "",
    "protocols": "",
    "template": "",
    "serve": "Fill cases in a browser on this machine.",
    "schema": "Print a JSON Schema of case files or protocols.",
    "synth": "Make invented cases for trying out.",
    "doctor": "Check what this machine has and lacks.",
}
_HELP = (
    "Synoptic pathology reports from validated case files. Formats data entered by a qualified pathologist; makes no "
    "diagnosis; every draft must be reviewed and signed out in the laboratory's own system."
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reportgen {VERSION}")
        raise typer.Exit(OK)


def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Name each step on standard error as it begins.")] = False,
) -> None:
    """Options that come before any command."""
    if verbose:
        logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s", force=True)


def program(only: str = "") -> typer.Typer:
    """The command line; with the name of a command that one alone, since the others then need not be loaded."""
    made = typer.Typer(
        name="reportgen", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        rich_markup_mode=None, help=_HELP,
    )  # fmt: skip
    made.callback()(options)
    for name in (only,) if only in _COMMANDS else _COMMANDS:
        module = import_module(f"reportgen.cli.{name}{'_' * iskeyword(name)}")
        if hasattr(module, "app"):
            made.add_typer(module.app, name=name)
        else:
            made.command(name, short_help=_COMMANDS[name])(module.command)
    return made


def main() -> None:
    """Run the command line and leave with its exit code."""
    streams.prepare()
    try:
        code = _run(sys.argv[1:])
    finally:
        gc.freeze()  # the process ends: looking for garbage in all that it made would take longer than a command's work
    if lost := streams.flush():
        typer.echo(lost, err=True)
        code = code or FINDINGS
    sys.exit(code)


def _run(words: list[str]) -> int:
    command = next((word for word in words if not word.startswith("-")), "")
    if odd := next(filter(_is_no_text, words), ""):
        typer.echo(f"Error: {odd}: the name is not valid text, and no file has it.", err=True)
        return USAGE
    try:
        if command and command != "doctor" and "--help" not in words:
            look_at_system()
        program(command)(prog_name="reportgen")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FINDINGS if end.code else OK
    except FindingsError as error:
        from reportgen.cli.console import print_findings

        print_findings(error.findings)
        return ENVIRONMENT if error.environment else FINDINGS
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        return STOPPED
    except Exception as error:
        lost = streams.lost(error)
        if lost:
            streams.flush()  # what is still held back would fail again at the end, and be reported twice
        typer.echo(lost or _of_file(error) or _without_values(error), err=True)
        return FINDINGS
    return OK


def _is_no_text(word: str) -> bool:
    """Whether a word holds bytes that are not text, and is not the name of a file, which may."""
    return any("\ud800" <= letter <= "\udfff" for letter in word) and not os.path.lexists(word)


def look_at_system() -> None:
    """Say so on a system where reportgen is not tested, and leave where it does not run.

    Without `printing`, for what that loads may not load there.
    """
    from reportgen import system

    try:
        system.require()
    except FindingsError as error:
        typer.echo(str(error), err=True)
        sys.exit(ENVIRONMENT)
    if told := system.notice():
        typer.echo(told, err=True)


def _of_file(error: Exception) -> str:
    """What the system says of a file that was only to be looked at: that it is barred, or its name too long."""
    if not isinstance(error, OSError) or not isinstance(error.filename, str):
        return ""
    why = error.strerror or type(error).__name__
    return Finding("E009", Place(error.filename), "", f"cannot be used: {why}").as_line()


def _without_values(error: Exception) -> str:
    """What went wrong inside, without the exception's text: that could hold a patient's data."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if "reportgen" in Path(frame.filename).parts]
    frame = (inside or frames)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno} ({frame.name})"
    return f"internal error: {type(error).__name__} in {where}; nothing was written for this case. Please report this."
