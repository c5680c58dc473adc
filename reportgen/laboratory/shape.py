"""What a `lab.yaml` may say, typed; loaded only where there is a profile."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reportgen.reading.shaped import Frozen

ShortText = Annotated[str, Field(min_length=1, max_length=300)]
LongText = Annotated[str, Field(min_length=1, max_length=1500)]
PrintableName = Annotated[str, Field(pattern=r"^[^\x00-\x1f{}<>]{1,80}$")]
BillingCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.:/-]{0,19}$")]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,29}$")]


class OwnLetterhead(Frozen):
    """The letterhead of a report if its case does not name a laboratory."""

    name: ShortText
    address: ShortText
    telephone: str = ""
    clia: str = ""


class Waiver(Frozen):
    """The consent to weaken a safeguard of a protocol; it is printed in every report of that protocol.

    Attributes:
        protocol: the protocol's id.
        id: the element (its path) or the advisory.
        reason: why; printed.
        by: who decided it; printed.
    """

    protocol: str
    id: str
    reason: ShortText
    by: ShortText


class StainMethod(Frozen):
    """What the laboratory says of how its stains are made; printed below the stains of a part, never without them."""

    text: LongText
    version: str = ""


class Attestation(Frozen):
    """What a finalized report attests in the pathologist's name.

    Attributes:
        text: the words; `{name}` and `{time}` are those of finalizing.
        credentials: name as it is given when finalizing → what is printed behind it.
    """

    text: LongText
    credentials: dict[str, ShortText] = Field(default_factory=dict)


class CodeLine(Frozen):
    """One code of the laboratory's own table.

    Attributes:
        protocol: the protocol of the parts it is for.
        system: what it is a code of: ICD-10-CM, CPT.
        code: the code.
        when: a fact of the protocol that must hold; empty: for every part.
        stains: `first` for the first stain with a result, `further` for each one after it; empty: not for stains.
    """

    protocol: str
    system: BillingCode
    code: BillingCode
    when: str = ""
    stains: Literal["", "first", "further"] = ""


class OwnLayout(Frozen):
    """Names of files in the profile's folder, and how wide the logo is (points)."""

    css: str = ""
    html: str = ""
    word: str = ""
    logo: str = ""
    logo_width: Annotated[float, Field(ge=10, le=300)] = 120
    regular: str = ""
    bold: str = ""
    italic: str = ""


class LabFile(Frozen):
    """Everything a `lab.yaml` may say; overrides are laid over the built-in templates where these are loaded."""

    name: PrintableName
    version: Version
    made_for: Version
    extends: str = ""
    letterhead: OwnLetterhead | None = None
    paper: str = ""
    coding: bool | None = None
    sections: tuple[str, ...] = ()
    labels: dict[str, object] = Field(default_factory=dict)
    design: dict[str, object] = Field(default_factory=dict)
    layout: OwnLayout = Field(default_factory=OwnLayout)
    case: dict[str, object] = Field(default_factory=dict)
    protocols: dict[str, dict[str, object]] = Field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    free_text: dict[str, dict[str, object]] = Field(default_factory=dict)
    stain_method: StainMethod | None = None
    attestation: Attestation | None = None
    codes: tuple[CodeLine, ...] = ()
    short_synopsis: dict[str, str] = Field(default_factory=dict)
