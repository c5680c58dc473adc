"""What commands share: the option that names a laboratory's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportgen.laboratory.model import Laboratory

Lab = Annotated[
    str,
    typer.Option("--lab", help="The laboratory's profile: a folder, or none. Else $REPORTGEN_LAB or reportgen.toml."),
]


def chosen_laboratory(named: str) -> Laboratory | None:
    """The profile to work with.

    Raises:
        FindingsError: for one whose words or tokens are not in order, or under which no protocol is: before a case or a
            table is looked at, whose findings would only lead astray. One protocol keeps the others from nothing.
    """
    from reportgen.laboratory.choose import choose

    laboratory = choose(named)
    if laboratory is not None:
        from reportgen.formats.design import load_design
        from reportgen.reports.labels import load_labels

        load_labels(laboratory=laboratory)
        load_design(laboratory=laboratory)
        _require_some_protocol(laboratory)
    return laboratory


def _require_some_protocol(laboratory: Laboratory) -> None:
    from reportgen.findings import Finding, FindingsError
    from reportgen.protocols.load import load_protocol, protocol_ids

    findings: list[Finding] = []
    for id in protocol_ids():
        try:
            load_protocol(id, laboratory)
        except FindingsError as error:
            findings += error.findings
        else:
            return
    raise FindingsError(list(dict.fromkeys(findings)))
