"""The option that names a laboratory's profile, the same for every command that has it."""

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
    """The profile to work with; raises `FindingsError` for one that is not in order."""
    from reportgen.laboratory.choose import choose

    return choose(named)
