"""`reportgen doctor`: whether this machine has what reportgen needs, and the line that mends what it lacks."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

_NEEDS = {  # package → (lowest version, first version not supported)
    "jinja2": ("3.1.6", "4"),
    "python-docx": ("1.2", "2"),
    "docxtpl": ("0.20", "0.21"),
    "weasyprint": ("70", "71"),
    "typst": ("0.15", "0.16"),
    "pypdfium2": ("5", "6"),
    "pydantic": ("2.11", "3"),
    "PyYAML": ("6.0.2", "7"),
}


def command() -> None:
    """Check libraries, native libraries, fonts, templates and protocols. Exit 3 where something needed is missing."""
    from reportgen.cli.app import look_at_system

    typer.echo(f"Python {sys.version.split()[0]} on {sys.platform}")
    look_at_system()
    from reportgen.cli.console import print_findings
    from reportgen.findings import FindingsError

    failed = False
    checks: dict[str, Callable[[], str]] = {
        "libraries": _libraries,
        "PDF by Typst": _typst,
        "PDF by WeasyPrint": _weasyprint,
        "fonts": _fonts,
        "protocols": _protocols,
        "layout": _layout,
    }
    for name, check in checks.items():
        try:
            typer.echo(f"ok       {name}: {check()}")
        except FindingsError as error:
            failed = failed or check is not _weasyprint  # which only a profile's own HTML or style sheet needs
            typer.echo(f"missing  {name}")
            print_findings(error.findings)
    raise typer.Exit(3 if failed else 0)


def _libraries() -> str:
    from importlib.metadata import PackageNotFoundError, version

    from reportgen.findings import refuse

    found = []
    for package, (low, high) in _NEEDS.items():
        try:
            have = version(package)
        except PackageNotFoundError:
            raise refuse("S604", f"{package} is not installed") from None
        if not _numbers(low) <= _numbers(have) < _numbers(high):
            raise refuse("S604", f"{package} {have} is not supported; {low} or newer, below {high}, is")
        found.append(f"{package} {have}")
    return ", ".join(found)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _typst() -> str:
    from reportgen.formats.pdf_typst import FAMILY, load_engine

    load_engine()
    return f"draws with {FAMILY}; needs no native library"


def _weasyprint() -> str:
    from reportgen.formats.pdf_weasyprint import refuses_outside

    refuses_outside()
    return "with Pango and libharfbuzz-subset; references outside the layout are refused"


def _fonts() -> str:
    from reportgen.formats.fonts import coverage

    return f"{len(coverage())} characters in every bundled face"


def _protocols() -> str:
    from reportgen.findings import Finding, FindingsError
    from reportgen.protocols.load import load_header, load_protocol, protocol_ids

    load_header()
    found, findings = list[str](), list[Finding]()
    for id in protocol_ids():
        try:
            found.append(f"{id} {load_protocol(id).protocol.version}")
        except FindingsError as error:
            findings += error.findings
    if findings:
        typer.echo(f"ok       of the protocols: {', '.join(found) or 'none'}")
        raise FindingsError(findings)
    return ", ".join(found)


def _layout() -> str:
    from reportgen.formats.design import load_design
    from reportgen.formats.layout import layout_record
    from reportgen.reports.load_labels import load_labels

    load_labels()
    return f"{layout_record()}, paper {', '.join(load_design().papers)}"
