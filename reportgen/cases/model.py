"""A case: frozen, typed answers with the places they came from. Nothing in it has a default that could be a finding."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
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
        parts = ({"answers": part, "protocol": part.protocol.protocol.id} for part in self.parts)
        content = _canonical({"header": self.header, "parts": tuple(parts)})
        return hashlib.sha256(content.encode()).hexdigest()


_NOT_ENTERED = ("place", "protocol", "header_form")


def _canonical(value: Any) -> str:
    """What was entered as JSON, keys in order, without places and forms, numbers with the digits as entered.

    Why not by way of `json.dumps`: it would need all of it as plain data first, which takes three times as long.
    """
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is bool or value is None:
        return _CONSTANTS[value]
    if kind is tuple:
        return f"[{','.join([_canonical(item) for item in value])}]"
    if kind is Decimal or kind is date:
        return encode_basestring(str(value))
    if kind is Chosen and len(value.picks) == 1 and not value.picks[0].text:
        return _listed(value)
    return _written(kind, value)


@lru_cache(maxsize=4096)
def _listed(chosen: Chosen) -> str:
    """A choice without words of the pathologist's own, which is the same in case after case."""
    return _written(Chosen, chosen)


def _written(kind: Any, value: Any) -> str:
    pattern, names = _shape(kind)
    if not names:
        return f"{{{','.join([f'{encode_basestring(key)}:{_canonical(value[key])}' for key in sorted(value)])}}}"
    items = [getattr(value, name) for name in names]
    return pattern % tuple([encode_basestring(item) if type(item) is str else _canonical(item) for item in items])


_CONSTANTS = {True: "true", False: "false", None: "null"}


@lru_cache(maxsize=32)
def _shape(kind: Any) -> tuple[str, tuple[str, ...]]:
    """How a type of ours is written, and its fields that hold what was entered; no fields for a mapping."""
    if issubclass(kind, Mapping):
        return "", ()
    names = sorted(each.name for each in fields(kind) if each.name not in _NOT_ENTERED)
    written = {name: f'"{name}":%s' for name in names} | {"kind": f'"kind":"{kind.__name__}"'}
    return f"{{{','.join(written[name] for name in sorted(written))}}}", tuple(names)
