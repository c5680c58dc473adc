"""Names of blocks that a text speaks of: `block B3`, `A1 (tips) to A4`."""

from __future__ import annotations

import re

from reportgen.prose.phrases import alternatives

_NAME = r"[A-Z]{1,2}[0-9]{1,2}(?![0-9A-Za-z%])"
_ASIDE = r"(?:\s?\([^)]*\))?"
_LIST = rf"{_NAME}{_ASIDE}(?:\s?(?:,|and|to|through|-|–|&|,\s?and)\s?{_NAME}{_ASIDE})*"
_RANGE = re.compile(
    rf"([A-Z]{{1,2}})([0-9]{{1,2}}){_ASIDE}\s?(?:-|–|to|through)\s?(?:\1)?([0-9]{{1,2}})(?![0-9A-Za-z])"
)


def block_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """The expression that finds a list of block names behind one of these words."""
    return re.compile(rf"(?i:{alternatives(words) or '(?!)'})[\s(]+(?P<names>{_LIST})")


def named_blocks(text: str) -> list[str]:
    """The blocks of a text that is nothing but their names; ranges written out."""
    found = re.findall(_NAME, text)
    for letters, first, last in _RANGE.findall(text):
        found += [f"{letters}{number}" for number in range(int(first), int(last) + 1)]
    return list(dict.fromkeys(found))


def blocks_in(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The blocks that a text names, ranges written out, in order."""
    found: list[str] = []
    for match in pattern.finditer(text):
        found += named_blocks(match["names"])
    return list(dict.fromkeys(found))
