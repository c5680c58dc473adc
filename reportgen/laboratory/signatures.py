"""Who signed which protocol for a laboratory: `signed.json` in its profile, as `reportgen template sign` writes it.

A signature holds for the protocol as it was signed. After any change of its files, its fragments or what profiles lay
over it, its hash is another one, and it has to be signed again.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

from pydantic import Field

from reportgen.laboratory.shape import ShortText
from reportgen.reading.shaped import Frozen

SIGNED = "signed.json"


class Signature(Frozen):
    """By whom and when a protocol was signed, and its hash as it was then."""

    by: ShortText
    date: date
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Signatures(Frozen):
    """Id of a protocol → its latest signature."""

    protocols: dict[str, Signature] = Field(default_factory=dict)

    def holds(self, protocol: str, hash: str) -> bool:
        """Whether the protocol was signed as it is."""
        found = self.protocols.get(protocol)
        return found is not None and found.hash == hash

    def and_signed(self, protocol: str, signature: Signature) -> bytes:
        """The content of the file with one more signature."""
        whole = Signatures(protocols={**self.protocols, protocol: signature})
        return (json.dumps(whole.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
