"""What a `lab.yaml` may say, typed; loaded only where there is a profile."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1, max_length=300)]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f{}<>]{1,80}$")]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,29}$")]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class OwnLetterhead(_Shape):
    """What stands at the top of a report whose case names no laboratory."""

    name: Words
    address: Words
    telephone: str = ""
    clia: str = ""


class Waiver(_Shape):
    """The consent to weaken a safeguard of a protocol; it is printed in every report of that protocol.

    Attributes:
        protocol: the protocol's id.
        id: the element (its path) or the advisory.
        reason: why; printed.
        by: who decided it; printed.
    """

    protocol: str
    id: str
    reason: Words
    by: Words


class OwnLayout(_Shape):
    """Names of files in the profile's folder, and how wide the logo is (points)."""

    css: str = ""
    html: str = ""
    word: str = ""
    logo: str = ""
    logo_width: Annotated[float, Field(ge=10, le=300)] = 120
    regular: str = ""
    bold: str = ""
    italic: str = ""


class LabFile(_Shape):
    """Everything a `lab.yaml` may say; overrides are laid over the built-in templates where these are loaded."""

    name: Name
    version: Version
    made_for: Version
    stands_on: str = ""
    letterhead: OwnLetterhead | None = None
    paper: str = ""
    coding: bool | None = None
    sections: tuple[str, ...] = ()
    labels: dict[str, Any] = Field(default_factory=dict)
    design: dict[str, Any] = Field(default_factory=dict)
    layout: OwnLayout = Field(default_factory=OwnLayout)
    protocols: dict[str, dict[str, Any]] = Field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    free_text: dict[str, dict[str, Any]] = Field(default_factory=dict)
