"""A laboratory's profile as it was read: who it is, what it changes, and the files it brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportgen.findings import Finding, Place
from reportgen.reading.source import Mapping

if TYPE_CHECKING:
    from reportgen.laboratory.shape import LabFile
    from reportgen.laboratory.signatures import Signatures


class File(NamedTuple):
    """One file of a profile; `shown` is what messages call it."""

    shown: str
    path: Path
    data: bytes

    @property
    def text(self) -> str:
        """Its content, for files that were read as text."""
        return self.data.decode("utf-8")


class OwnProtocol(NamedTuple):
    """A protocol that a profile brings: its folder, its files as they were read, and why they cannot be used."""

    place: Place
    files: tuple[File, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Profile:
    """One folder.

    Attributes:
        shown: its `lab.yaml` as messages call it.
        folder: where it is.
        spec: what it says, typed.
        source: the same with the place of each entry.
        files: role (`css`, `html`, `word`, `logo`, a face) → the file it brings.
        own_protocols: id → the protocol it brings.
        checked: the marks of what passed its check, as `reportgen template accept` wrote them down.
        signatures: who signed which protocol; None where nobody signed one.
    """

    shown: str
    folder: Path
    spec: LabFile
    source: Mapping
    files: dict[str, File]
    own_protocols: dict[str, OwnProtocol] = field(default_factory=dict)
    checked: frozenset[str] = frozenset()
    signatures: Signatures | None = None

    def part(self, *keys: str) -> Mapping | None:
        """The mapping under these keys of its `lab.yaml`."""
        node: object = self.source
        for key in keys:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node if isinstance(node, Mapping) else None

    def pages(self) -> list[File]:
        """The templates of HTML that it brings."""
        return [file for role, file in self.files.items() if role.startswith("html ")]


@dataclass(frozen=True, eq=False)
class Laboratory:
    """A profile with those it extends, the lowest first. Two are equal if they have the same files in the same folders.

    Why the folders: findings about a profile name them.
    """

    profiles: tuple[Profile, ...]
    hash: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Laboratory) and (other.hash, other.folders) == (self.hash, self.folders)

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def folders(self) -> list[Path]:
        """The folder of each profile."""
        return [each.folder for each in self.profiles]

    @property
    def own(self) -> Profile:
        """The profile that was chosen."""
        return self.profiles[-1]

    @cached_property
    def spec(self) -> LabFile:
        """What the profiles say together: each entry as the highest that has it, all waivers and short synopses."""
        specs = [profile.spec for profile in self.profiles]
        said = {key: value for spec in specs for key, value in spec if value or value is False}
        said["waivers"] = tuple(waiver for spec in specs for waiver in spec.waivers)
        said["short_synopsis"] = {id: fact for spec in specs for id, fact in spec.short_synopsis.items()}
        return self.own.spec.model_copy(update=said)

    @cached_property
    def own_protocols(self) -> dict[str, OwnProtocol]:
        """Id → the protocol that the profiles bring; one that two of them bring cannot be used."""
        found: dict[str, OwnProtocol] = {}
        for profile in self.profiles:
            for id, own in profile.own_protocols.items():
                if id in found:
                    message = f"is brought twice, first by {found[id].place}"
                    hint = f"change the first one under protocols.{id} of lab.yaml, or choose another id"
                    own = own._replace(findings=(Finding("T404", own.place, id, message, hint),))
                found[id] = own
        return found

    @cached_property
    def changed_protocols(self) -> frozenset[str]:
        """The ids of the protocols that the profiles change or waive something of, without those that they bring."""
        changed = {entry.key for _, part in self.parts("protocols") for entry in part}
        return frozenset(changed | {waiver.protocol for waiver in self.spec.waivers}) - self.own_protocols.keys()

    def bringing(self, protocol: str) -> Profile | None:
        """The profile that brings a protocol; None for one that is built in."""
        return next((each for each in self.profiles if protocol in each.own_protocols), None)

    def has_signed(self, protocol: str, hash: str) -> bool:
        """Whether one of the profiles has the protocol signed with this hash."""
        return any(each.signatures is not None and each.signatures.holds(protocol, hash) for each in self.profiles)

    def parts(self, *keys: str) -> Iterator[tuple[Profile, Mapping]]:
        """What each profile says under these keys, the lowest first."""
        for profile in self.profiles:
            part = profile.part(*keys)
            if part is not None:
                yield profile, part

    def file(self, role: str) -> File | None:
        """The file of the highest profile that brings one in this role."""
        return next((each.files[role] for each in reversed(self.profiles) if role in each.files), None)

    def styles(self) -> tuple[File, ...]:
        """The style sheets of all profiles, the lowest first."""
        return tuple(profile.files["css"] for profile in self.profiles if "css" in profile.files)
