"""A laboratory's profile as it was read: who it is, what it changes, and the files it brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportgen.reading.source import Mapping

if TYPE_CHECKING:
    from reportgen.laboratory.shape import Attestation, CodeLine, LabFile, OwnLetterhead, StainMethod
    from reportgen.laboratory.shape import Waiver as Waiver

ROLES = ("css", "html", "word", "logo", "regular", "bold", "italic")


class File(NamedTuple):
    """One file of a profile; `shown` is what messages call it."""

    shown: str
    path: Path
    data: bytes

    @property
    def text(self) -> str:
        """Its content, for files that were read as text."""
        return self.data.decode("utf-8")


@dataclass(frozen=True, eq=False)
class Profile:
    """One folder.

    Attributes:
        shown: its `lab.yaml` as messages call it.
        folder: where it is.
        spec: what it says, typed.
        source: the same with the place of each entry.
        files: role (`css`, `html`, `word`, `logo`, a face) → the file it brings.
    """

    shown: str
    folder: Path
    spec: LabFile
    source: Mapping
    files: dict[str, File]

    def part(self, *keys: str) -> Mapping | None:
        """The mapping that stands under these keys of its `lab.yaml`."""
        node: object = self.source
        for key in keys:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node if isinstance(node, Mapping) else None


@dataclass(frozen=True, eq=False)
class Laboratory:
    """A profile with those it stands on, the lowest first. Two are equal where their files are."""

    profiles: tuple[Profile, ...]
    hash: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Laboratory) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def own(self) -> Profile:
        """The profile that was chosen."""
        return self.profiles[-1]

    @property
    def name(self) -> str:
        """The chosen profile's name."""
        return self.own.spec.name

    @property
    def version(self) -> str:
        """The chosen profile's version."""
        return self.own.spec.version

    @property
    def letterhead(self) -> OwnLetterhead | None:
        """The letterhead of the highest profile that has one."""
        return next((each.spec.letterhead for each in reversed(self.profiles) if each.spec.letterhead), None)

    @property
    def sections(self) -> tuple[str, ...]:
        """The order of the report's sections; empty where no profile says one."""
        return next((each.spec.sections for each in reversed(self.profiles) if each.spec.sections), ())

    @property
    def paper(self) -> str:
        """The paper; empty where no profile says one."""
        return next((each.spec.paper for each in reversed(self.profiles) if each.spec.paper), "")

    @property
    def coding(self) -> bool:
        """Whether reports have a coding line without being asked."""
        return next((each.spec.coding for each in reversed(self.profiles) if each.spec.coding is not None), False)

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers of all profiles."""
        return tuple(waiver for profile in self.profiles for waiver in profile.spec.waivers)

    @property
    def stain_method(self) -> StainMethod | None:
        """What the highest profile that says it says of its stains."""
        return next((each.spec.stain_method for each in reversed(self.profiles) if each.spec.stain_method), None)

    @property
    def attestation(self) -> Attestation | None:
        """The attestation of the highest profile that has one."""
        return next((each.spec.attestation for each in reversed(self.profiles) if each.spec.attestation), None)

    @property
    def codes(self) -> tuple[CodeLine, ...]:
        """The table of codes of the highest profile that has one."""
        return next((each.spec.codes for each in reversed(self.profiles) if each.spec.codes), ())

    @property
    def short_synopsis(self) -> dict[str, str]:
        """Protocol → the fact under which its synopsis holds only what no sentence tells."""
        return {id: fact for profile in self.profiles for id, fact in profile.spec.short_synopsis.items()}

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
