"""What commands share: the option that names a laboratory's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportgen.laboratory.model import Laboratory

Lab = Annotated[
    str,
    typer.Option(
        "--lab",
        help="Profile folder, or none for the built-in templates. Default: $REPORTGEN_LAB or reportgen.toml.",
    ),
]


def chosen_laboratory(named: str) -> Laboratory | None:
    """The profile to work with.

    Raises:
        FindingsError: for one whose words, protocols or tokens are not in order: before a case or a table is looked at,
            whose findings would only lead astray.
    """
    from reportgen.laboratory.choose import choose

    laboratory = choose(named)
    if laboratory is not None:
        from reportgen.formats.layout import load_layout
        from reportgen.reports.load_labels import load_labels

        load_labels(laboratory)
        load_layout(laboratory=laboratory)
        _require_its_protocols(laboratory)
    return laboratory


def _require_its_protocols(laboratory: Laboratory) -> None:
    """Refuse a profile under which a protocol breaks; one that is broken by itself keeps the others from nothing."""
    from reportgen.findings import FindingsError
    from reportgen.protocols.load import load_protocol, protocol_ids

    for id in protocol_ids():
        try:
            load_protocol(id, laboratory)
        except FindingsError:
            if _is_sound(id):
                raise


def _is_sound(id: str) -> bool:
    """Whether a protocol is in order without the profile."""
    from reportgen.findings import FindingsError
    from reportgen.protocols.load import load_protocol

    try:
        load_protocol(id)
    except FindingsError:
        return False
    return True
