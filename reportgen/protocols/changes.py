"""What a laboratory's profile changes of a protocol."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.findings import Place
from reportgen.laboratory.model import Profile
from reportgen.protocols.addresses import AddressKind
from reportgen.reading.source import Node


@dataclass(frozen=True)
class Change:
    """One thing that a profile changes.

    Attributes:
        space: the namespace in `lab.yaml`: wording, elements, advisories, thresholds, facts.
        address: the thing within it.
        kind: what it is.
        field: what of it is changed, or `append`, `remove`, `order`.
        before: the whole thing as it stood below this profile; None for what is only added to.
        after: what the profile gives.
        place: where it says so.
        profile: who says so.
    """

    space: str
    address: str
    kind: AddressKind
    field: str
    before: Node | None
    after: Node
    place: Place
    profile: Profile
