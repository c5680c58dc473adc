"""A case: frozen, typed answers with the places they came from. Nothing in it has a default that could be a finding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from reportgen.findings import Place
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.units import Quantity


class Frozen(BaseModel):
    """Immutable, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Pick(Frozen):
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


class Chosen(Frozen):
    """One or several choices."""

    kind: Literal["chosen"] = "chosen"
    picks: tuple[Pick, ...]


class Measured(Frozen):
    """A measurement as entered; `factor` turns its unit into the element's own."""

    kind: Literal["measured"] = "measured"
    quantity: Quantity
    unit: str
    factor: str  # a Decimal as text


class Counted(Frozen):
    """A count as entered, and what it is counted per."""

    kind: Literal["counted"] = "counted"
    count: Quantity
    per: str = ""


class Written(Frozen):
    """The pathologist's own words; lines are separated by a line feed."""

    kind: Literal["written"] = "written"
    text: str


class Dated(Frozen):
    """A calendar day."""

    kind: Literal["dated"] = "dated"
    day: date


class Undetermined(Frozen):
    """Answered with "cannot be determined" (or assessed), and why."""

    kind: Literal["undetermined"] = "undetermined"
    words: str
    reason: str


Value = Chosen | Measured | Counted | Written | Dated | Undetermined


class Answer(Frozen):
    """The answer to one element; `path` has numbers inside repeated groups (`gross.blocks.2.id`), `slot` has none."""

    path: str
    slot: str
    value: Value
    place: Place = Field(exclude=True)


class Words(Frozen):
    """Words of the pathologist's own in place of composed ones, or the reason of an acknowledgement."""

    text: str
    place: Place = Field(exclude=True)


class Part(Frozen):
    """One specimen with its protocol and answers."""

    label: str
    protocol: Compiled = Field(exclude=True)
    received_as: str = ""
    answers: Mapping[str, Answer]
    acknowledged: Mapping[str, Words] = Field(default_factory=dict)
    overrides: Mapping[str, Words] = Field(default_factory=dict)
    place: Place = Field(exclude=True)


class Case(Frozen):
    """One accession."""

    header_form: CompiledForm = Field(exclude=True)
    header: Mapping[str, Answer]
    parts: tuple[Part, ...]
    place: Place = Field(exclude=True)

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
        parts = [{**part.model_dump(mode="json"), "protocol": part.protocol.protocol.id} for part in self.parts]
        content = {"header": self.model_dump(mode="json", include={"header"})["header"], "parts": parts}
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
