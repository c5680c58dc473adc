"""A case: frozen, typed answers with the places they came from. Nothing in it has a default that could be a finding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from reportgen.findings import Place
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.units import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One chosen answer: its id, the words the report prints, and the pathologist's own words of a fill-in."""

    id: str
    words: str
    text: str = ""
    omit: bool = False
    pending: bool = False

    @property
    def printed(self) -> str:
        """The words of the report: the pathologist's own where the choice asks for them."""
        return self.text or self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One or several choices."""

    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measurement as entered; `factor` turns its unit into the element's own."""

    quantity: Quantity
    unit: str
    factor: str  # a Decimal as text


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A count as entered, and what it is counted per."""

    count: Quantity
    per: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The pathologist's own words; lines are separated by a line feed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A calendar day."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Undetermined:
    """Answered with "cannot be determined" (or assessed), and why."""

    words: str
    reason: str


Value = Chosen | Measured | Counted | Written | Dated | Undetermined


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one element; `path` has numbers inside repeated groups (`gross.blocks.2.id`), `slot` has none."""

    path: str
    slot: str
    value: Value
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of the pathologist's own in place of composed ones, or the reason of an acknowledgement."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One specimen with its protocol and answers."""

    label: str
    protocol: Compiled
    received_as: str = ""
    answers: Mapping[str, Answer]
    acknowledged: Mapping[str, Words] = field(default_factory=dict)
    overrides: Mapping[str, Words] = field(default_factory=dict)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One accession."""

    header_form: CompiledForm
    header: Mapping[str, Answer]
    parts: tuple[Part, ...]
    place: Place

    def written(self, path: str) -> str:
        """A text of the header, or "" where it was not entered."""
        answer = self.header.get(path)
        return answer.value.text if answer and isinstance(answer.value, Written) else ""

    def day(self, path: str) -> date | None:
        """A date of the header, or None where it was not entered."""
        answer = self.header.get(path)
        return answer.value.day if answer and isinstance(answer.value, Dated) else None

    def fingerprint(self) -> str:
        """The sha256 of what was entered, whatever the file's format, order of keys or comments."""
        parts = [{"answers": _content(part), "protocol": part.protocol.protocol.id} for part in self.parts]
        content = {"header": _content(self.header), "parts": parts}
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


_AS_THEY_ARE = frozenset({str, bool, type(None)})


def _content(value: object) -> object:
    """What was entered, as JSON holds it: places and forms left out, numbers with the digits they were entered with."""
    kind: Any = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple:
        return [_content(item) for item in value]  # type: ignore[attr-defined]
    if kind is Decimal or kind is date:
        return str(value)
    if isinstance(value, Mapping):
        return {key: _content(item) for key, item in value.items()}
    return {"kind": kind.__name__, **{name: _content(getattr(value, name)) for name in _contents(kind)}}


@lru_cache(maxsize=32)
def _contents(kind: Any) -> tuple[str, ...]:
    """The fields of a type that hold what was entered."""
    return tuple(each.name for each in fields(kind) if each.name not in ("place", "protocol", "header_form"))
