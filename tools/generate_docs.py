"""Write docs/errors.md from the catalogue of findings and docs/cli.md from the program's own help.

Run after either was changed: `.venv/bin/python tools/generate_docs.py`. A test holds both pages against the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from reportgen.cli.app import program
from reportgen.findings import CATALOGUE

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE = "<!-- Made by tools/generate_docs.py; do not edit. -->"
FAMILIES = {
    "E0": "Reading a file",
    "E1": "An entry does not fit",
    "E2": "Entries that cannot be true together",
    "E3": "A case that must not be rendered as it is",
    "W3": "Doubt",
    "T4": "Protocols and templates",
    "E5": "Layout and writing",
    "S6": "This machine",
}


def errors_page() -> str:
    """Every finding code with its meaning and next step."""
    lines = [
        "# Findings",
        MADE,
        "",
        "Whatever is wrong is told in one line: the place, the code, the element, what is the matter, and in brackets",
        "what to do next.",
        "",
        "```text",
        'case.yaml:24:16: E103 parts.A.growth: is not an answer (did you mean "infiltrative"?)',
        "```",
        "",
        "The value that was entered is left out, since it could identify a patient; `--show-values` adds it. An error",
        "refuses the case, a warning (W) does not. A code that begins with S says that this machine lacks something;",
        "the program then ends with exit code 3.",
    ]
    known = {code[:2] for code in CATALOGUE}
    if known != set(FAMILIES):
        raise SystemExit(f"name these families of findings: {sorted(known ^ set(FAMILIES))}")
    for family, title in FAMILIES.items():
        lines += ["", f"## {title} ({family}xx)", "", "| code | meaning | next step |", "|---|---|---|"]
        lines += [
            f"| {code} | {entry.meaning} | {entry.step} |" for code, entry in CATALOGUE.items() if code[:2] == family
        ]
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    """The help of every command."""
    lines = [
        "# Command line",
        MADE,
        "",
        "Results go to standard output, everything else to standard error. `--json` prints one JSON object, with",
        "`batch` one on each line.",
        "",
        "| exit code | meaning |",
        "|---|---|",
        "| 0 | everything is in order |",
        "| 1 | a case was refused, or a document could not be written; the other cases of the run were rendered |",
        "| 2 | the command was not understood |",
        "| 3 | this machine lacks something; the line that mends it is shown |",
        "| 4, 5, 6 | of `batch` alone: the table cannot be read, the folder is in use, the folder cannot be written |",
        "| 130 | stopped with Ctrl-C |",
    ]
    for command in commands():
        lines += ["", f"## {' '.join(command)}", "", "```text", help_of(command[1:]), "```"]
    return "\n".join(lines) + "\n"


def commands() -> Iterator[tuple[str, ...]]:
    """Every command as it is typed: `("reportgen",)`, `("reportgen", "new", "case")` …."""

    def below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield words
        for name, inner in getattr(command, "commands", {}).items():
            yield from below(inner, (*words, name))

    yield from below(get_command(program()), ("reportgen",))


def help_of(words: tuple[str, ...]) -> str:
    """What a command prints for `--help`, 100 columns wide."""
    result = CliRunner().invoke(
        program(), [*words, "--help"], prog_name="reportgen", terminal_width=100, env={"COLUMNS": "100"}
    )
    return "\n".join(line.rstrip() for line in result.stdout.strip().splitlines())


def pages() -> dict[str, str]:
    """File name → text of each page made here."""
    return {"errors.md": errors_page(), "cli.md": cli_page()}


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
