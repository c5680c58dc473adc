"""Documentation pages as tests read them: their fenced blocks, and what a shown output matches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"(?:<!-- excerpt of (\S+) -->\n)?^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_REMARK = re.compile(r"^(# |/\* |\{# |<!-- )|( \*/| #\}| -->)$")


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes:
        kind: the language of the fence.
        text: what it holds.
        excerpt: the file that it is said to be taken from; "" if it is no excerpt.
    """

    kind: str
    text: str
    excerpt: str = ""

    @property
    def file(self) -> str:
        """The file name that the first line gives as a comment."""
        return _REMARK.sub("", self.text.splitlines()[0])


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found = _BLOCK.findall(path.read_text(encoding="utf-8"))
    return [Block(kind, text, excerpt) for excerpt, kind, text in found]


def assert_like(shown: str, printed: str) -> None:
    """Hold an output against what a page shows: `…` on a line of its own means any lines, inside a line any words."""
    pattern = ""
    for line in shown.splitlines():
        pattern += r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
    assert re.fullmatch(pattern, printed), f"shown:\n{shown}\nprinted:\n{printed}"
