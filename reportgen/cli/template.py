"""`reportgen template`: what a laboratory needs to look after its profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.options import (
    Formats,
    Json,
    Lab,
    Overwrite,
    OverwriteAll,
    chosen_formats,
    chosen_laboratory,
    needed_laboratory,
)
from reportgen.findings import FindingsError
from reportgen.formats import names

if TYPE_CHECKING:
    from reportgen.profiles.accepted import Difference

app = typer.Typer(no_args_is_help=True, help="Check, compare, preview and sign off a profile.", rich_markup_mode=None)
_Profile = Annotated[
    str, typer.Argument(help="The profile's folder; else $REPORTGEN_LAB or reportgen.toml.", show_default=False)
]
_SAMPLES = "samples"


@app.callback()
def group() -> None:
    """Check, compare, preview and sign off a profile."""


@app.command("check", short_help="Find everything that is wrong with a profile.")
def check(profile: _Profile = "", json: Json = False) -> None:
    """Check that every change resolves, every sentence rests on answers, and every layout prints all of a report."""
    from reportgen.cli.console import finding_data, print_findings, print_json
    from reportgen.profiles.check import check as found_in

    laboratory = needed_laboratory(profile)
    findings = found_in(laboratory)
    failed = any(finding.refuses for finding in findings)
    if json:
        data = [finding_data(finding, show_values=False) for finding in findings]
        print_json({"profile": laboratory.spec.name, "hash": laboratory.hash, "in_order": not failed, "findings": data})
    else:
        print_findings(findings, to_stdout=True)
        state = "not in order" if failed else "in order"
        typer.echo(f"{laboratory.spec.name} {laboratory.spec.version} ({laboratory.hash[:12]}): {state}")
    raise typer.Exit(1 if failed else 0)


@app.command("diff", short_help="Show what a profile changes, and what an upgrade changed beneath it.")
def diff(profile: _Profile = "", json: Json = False) -> None:
    """Compare each change with the built-in text, and this with the text it was accepted on. Exit 1 where it moved."""
    from reportgen.cli.console import print_json
    from reportgen.findings import counted
    from reportgen.profiles.accepted import Ground, differences

    found = differences(needed_laboratory(profile))
    moved = sum(each.ground is Ground.moved for each in found)
    if json:
        print_json({"differences": [_data(each) for each in found]})
    else:
        for each in found:
            _print(each)
        typer.echo(f"{counted(len(found), 'change')}, {moved} changed beneath")
    raise typer.Exit(1 if moved else 0)


def _data(each: Difference) -> dict[str, object]:
    return {
        "address": each.address,
        "profile": each.profile.spec.name,
        "place": str(each.place),
        "ground": each.ground.value,
        "fields": [{"field": name, "built_in": before, "profile": after} for name, before, after in each.fields],
        "accepted": each.was,
        "now": each.now,
    }


def _print(each: Difference) -> None:
    from reportgen.profiles.accepted import Ground

    typer.echo(f"{each.place}: {each.address} ({each.ground.value})")
    for name, before, after in each.fields:
        if before is not None:
            typer.echo(f"  - {name}: {_short(before)}")
        typer.echo(f"  + {name}: {_short(after)}")
    if each.ground is not Ground.moved:
        return
    was, now = each.was, each.now
    if not isinstance(was, dict) or not isinstance(now, dict):
        was, now = {"built-in": was}, {"built-in": now}
    for key in dict.fromkeys([*was, *now]):
        if was.get(key) != now.get(key):
            typer.echo(f"  ! {key} was: {_short(was.get(key))}")
            typer.echo(f"  ! {key} is:  {_short(now.get(key))}")


def _short(value: object) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@app.command("accept", short_help="Record the built-in text on which a profile's changes are based.")
def accept(profile: _Profile = "") -> None:
    """Write accepted.json into the profile: its changes were looked at, on the built-in text as it is now.

    Also write checked.txt: the protocols that are in order, which later commands need not check again.
    """
    from reportgen.files import write_files
    from reportgen.profiles.accepted import acceptance, checked

    laboratory = needed_laboratory(profile)
    records = dict([acceptance(laboratory), checked(laboratory)])
    write_files(records, overwrite=True)
    for path in records:
        typer.echo(str(path))


@app.command("preview", short_help="Show a profile's reports beside the built-in ones.")
def preview(
    profile: _Profile = "",
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")] = Path("preview.html"),
    case: Annotated[list[Path] | None, typer.Option("--case", help="A case file; may be given often.")] = None,
    number: Annotated[
        int,
        typer.Option(
            "-n", "--number", min=0, help="Pairwise cases of each protocol that the profile changes or brings."
        ),
    ] = 40,
    overwrite: Overwrite = False,
) -> None:
    """Write one page: the samples and pairwise invented cases, in both wordings, what differs marked."""
    from reportgen import template_files
    from reportgen.files import write_files
    from reportgen.profiles.preview import preview as page

    laboratory = needed_laboratory(profile)
    samples = template_files.folder().parent / _SAMPLES
    named = [(each.stem, each) for each in case or sorted(samples.glob("*.yaml"))]
    write_files({output: page(laboratory, named, number).encode()}, overwrite=overwrite)
    typer.echo(str(output))


@app.command("phrasebook", short_help="Write every sentence a profile can print, for signature.")
def phrasebook(
    profile: _Profile = "",
    protocol: Annotated[list[str] | None, typer.Option("--protocol", help="Only this protocol; repeatable.")] = None,
    format: Formats = "pdf",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the documents.")] = Path("phrasebook"),
    overwrite: OverwriteAll = False,
) -> None:
    """Write a document for each protocol: every sentence with its condition, source and origin, and both hashes."""
    from reportgen.cli.console import print_findings
    from reportgen.files import write_files
    from reportgen.profiles.phrasebook import document
    from reportgen.protocols.load import protocol_ids

    wanted = chosen_formats(format)
    if output.suffix.lower().removeprefix(".") in names():
        raise typer.BadParameter("is a folder: each protocol has its own document", param_hint="--output")
    laboratory, failed = chosen_laboratory(profile), False
    files: dict[Path, bytes] = {}
    for id in protocol or protocol_ids(laboratory):
        try:
            files |= {output / f"{id}.{each}": document(id, laboratory, each) for each in wanted}
        except FindingsError as error:
            failed = True
            print_findings(error.findings)
    write_files(files, overwrite=overwrite)
    for path in files:
        typer.echo(str(path))
    raise typer.Exit(1 if failed else 0)


@app.command("sign", short_help="Record that a pathologist has reviewed a protocol.")
def sign(
    protocol: Annotated[str, typer.Argument(help="A protocol's id.", show_default=False)],
    by: Annotated[str, typer.Option("--by", help="The pathologist who reviewed it.", show_default=False)],
    lab: Lab = "",
) -> None:
    """Write name, date and the protocol's hash into signed.json of the profile.

    Reports then no longer say that the protocol was not reviewed. After any change of the protocol they say so again.
    """
    from reportgen.files import write_files
    from reportgen.laboratory.read import load_laboratory
    from reportgen.profiles.accepted import checked, signed

    laboratory = needed_laboratory(lab)
    written = signed(laboratory, protocol, by.strip())
    write_files(written, overwrite=True)
    if laboratory.own.checked:  # that record names the whole profile, signatures included
        write_files(dict([checked(load_laboratory(laboratory.own.folder))]), overwrite=True)
    for path in written:
        typer.echo(str(path))


@app.command("coverage", short_help="List the clauses that pairwise cases never print.")
def coverage(
    protocol: Annotated[str, typer.Argument(help="A protocol's id.", show_default=False)],
    lab: Lab = "",
    json: Json = False,
) -> None:
    """Compose invented cases that show every two answers together, and list the clauses that none of them printed."""
    from reportgen.cli.console import print_json
    from reportgen.profiles.coverage import coverage as covered

    made = covered(protocol, chosen_laboratory(lab))
    if json:
        print_json({"cases": made.cases, "printed": made.printed, "never": made.never})
        return
    for id, when in made.never.items():
        typer.echo(f"never printed: {id} (when {when})")
    total = len(made.printed) + len(made.never)
    typer.echo(f"{len(made.printed)} of {total} clauses were printed by {made.cases} cases")


@app.command("test", short_help="Hold reports to what scenarios expect of them.")
def run_scenarios(
    profile: _Profile = "",
    protocol: Annotated[str, typer.Argument(help="The id of one protocol; all, if none is named.")] = "",
    lab: Lab = "",
    json: Json = False,
) -> None:
    """Run the scenario files of a profile and of its protocols. Exit 1 if a report does not say what is expected.

    With --lab, the first word is the protocol.
    """
    from reportgen.cli.console import finding_data, print_findings, print_json
    from reportgen.findings import counted
    from reportgen.scenarios.files import run_profile

    if lab and protocol:
        raise typer.BadParameter("names the profile twice", param_hint="--lab")
    results = []
    for each in run_profile(needed_laboratory(lab or profile), profile if lab else protocol):
        results.append(each)
        if not json:
            print_findings(each.findings, show_values=True, to_stdout=True)
            typer.echo(f"{each.file}: {counted(each.run, 'scenario')}, {each.failed} failed")
    failed = any(each.findings for each in results)
    if json:
        data = [finding_data(finding, show_values=True) for each in results for finding in each.findings]
        count = {"scenarios": sum(each.run for each in results), "failed": sum(each.failed for each in results)}
        print_json({**count, "in_order": not failed, "findings": data})
    raise typer.Exit(1 if failed else 0)
