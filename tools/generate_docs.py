"""Write docs/errors.md from the catalog of findings, cli.md from the program's own help, library.md from the protocols.

Run it after you change one: `.venv/bin/python tools/generate_docs.py`. A test compares the pages with the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from reportgen.cli.app import program
from reportgen.findings import CATALOGUE
from reportgen.protocols.load import load_protocol, protocol_ids

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE = "<!-- Made by tools/generate_docs.py; do not edit. -->"
FAMILIES = {
    "E0": "Reading a file",
    "E1": "Invalid entries",
    "E2": "Contradicting entries",
    "E3": "Cases that must not be rendered yet",
    "W3": "Warnings",
    "T4": "Protocols and templates",
    "E5": "Layout and writing",
    "L7": "The form of a synoptic report",
    "S6": "This machine",
}


def errors_page() -> str:
    """Every finding code with its meaning and next step."""
    lines = [
        "# Findings",
        MADE,
        "",
        "Each finding is one line: place, code, element, what is wrong, and what to do next in parentheses.",
        "",
        "```text",
        'case.yaml:24:16: E103 parts.A.growth: is not an answer (did you mean "infiltrative"?)',
        "```",
        "",
        "The entered value is left out, since it could identify a patient; `--show-values` adds it. An error refuses",
        "the case; a warning (W) does not. A code that begins with S means that this machine lacks something; the",
        "program then ends with exit code 3.",
    ]
    known = {code[:2] for code in CATALOGUE}
    if known != set(FAMILIES):
        raise SystemExit(f"add a title for these families of findings: {sorted(known ^ set(FAMILIES))}")
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
        "Results go to standard output, everything else to standard error. `--json` prints one JSON object; `batch`",
        "prints one per line.",
        "",
        "| exit code | meaning |",
        "|---|---|",
        "| 0 | success |",
        "| 1 | a case was refused, or a document could not be written; the other cases were rendered |",
        "| 2 | wrong usage |",
        "| 3 | this machine lacks something; the command that fixes it is shown |",
        "| 4, 5, 6 | `batch` only: the table cannot be read, the folder is in use, the folder cannot be written |",
        "| 130 | stopped with Ctrl-C |",
    ]
    for command in commands():
        lines += ["", f"## {' '.join(command)}", "", "```text", help_of(command[1:]), "```"]
    return "\n".join(lines) + "\n"


def library_page() -> str:
    """Every built-in protocol with what it is for and what it can say, and a page of a report."""
    lines = [
        "# The library",
        MADE,
        "",
        "The protocols that come with the program. Where no pathologist has reviewed a protocol, the first page of its",
        "reports says so, until your laboratory [signs it](customizing.md#12-signing-it-off).",
        "`reportgen protocols show ID` prints a protocol as a whole, and `reportgen template phrasebook --protocol ID`",
        "every sentence that it can print. The pictures show invented cases (`reportgen synth ID --plausible`).",
    ]
    for id in protocol_ids():
        made = load_protocol(id)
        slot = made.slots.get("staging.system")
        systems = [each.id for each in slot.element.choices if each.id != "none"] if slot else []
        advises = any(each.id == "recommendation" for each in made.protocol.wording.comment)
        facts = [
            f"Version {made.protocol.version}.",
            "Not reviewed by a pathologist." if made.protocol.review else "",
            f"Stages by {', '.join(systems)}, if one of them is entered." if systems else "",
            "Recommends what the findings license." if advises else "",
        ]
        summary, said = " ".join(made.protocol.summary.split()), " ".join(each for each in facts if each)
        picture = f"![The first page of a report with {id}](images/library/{id}.png)"
        lines += ["", f"## {made.protocol.title}", "", f"`{id}`. {summary}", "", said, "", picture]
    return "\n".join(lines) + "\n"


def commands() -> Iterator[tuple[str, ...]]:
    """Every command as typed: `("reportgen",)`, `("reportgen", "new", "case")` …."""

    def below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield words
        for name, inner in getattr(command, "commands", {}).items():
            yield from below(inner, (*words, name))

    yield from below(get_command(program()), ("reportgen",))


def help_of(words: tuple[str, ...]) -> str:
    """The output of `--help` for a command, 100 columns wide."""
    result = CliRunner().invoke(
        program(), [*words, "--help"], prog_name="reportgen", terminal_width=100, env={"COLUMNS": "100"}
    )
    return "\n".join(line.rstrip() for line in result.stdout.strip().splitlines())


def pages() -> dict[str, str]:
    """File name → text of each generated page."""
    return {"errors.md": errors_page(), "cli.md": cli_page(), "library.md": library_page()}


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
