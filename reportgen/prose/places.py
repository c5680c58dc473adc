"""Sides and regions of the body that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from reportgen.prose.model import FreeText, Region
from reportgen.prose.phrases import alternatives, any_of

_BESIDE = 24  # characters between a side and the region it belongs to
_BREAK = re.compile(r"[.;]")


class Named(NamedTuple):
    """A side or region that a text names, and where."""

    id: str
    start: int
    end: int


class Body:
    """The body as the word lists describe it.

    Attributes:
        regions: the regions by id.
        above: a region → itself and all that it lies in.
        words: the words of all regions.
        sides: the words of a side and the side; the first `whole` of them are whole words, not letters.
        letters: letters of containers, which are no sides.
        lesions: words for what was taken.
        other: words that show that a sentence speaks of another place than the lesion's.
    """

    def __init__(self, listed: FreeText) -> None:
        self.regions = {region.id: region for region in listed.regions}
        self.above = {id: frozenset(_upwards(id, self.regions)) for id in self.regions}
        texts = {word: region.id for region in listed.regions for word in region.words}
        ordered = sorted(texts, key=lambda word: (-len(word), word))
        self.words = any_of(ordered)
        self._region_of = [(re.compile(alternatives([word]), re.IGNORECASE), texts[word]) for word in ordered]
        self.sides = [(any_of(words), side) for side, words in listed.sides.items()]
        self.whole = len(self.sides)
        self.sides += [(_marks(words), side) for side, words in listed.side_marks.items()]
        self.letters = _letters(listed.containers)
        self.lesions, self.other = any_of(listed.lesions), any_of(listed.other_body)

    def regions_in(self, text: str) -> list[Named]:
        """The regions that a text names, in order."""
        return [
            Named(next(id for one, id in self._region_of if one.fullmatch(match[0])), match.start(), match.end())
            for match in self.words.finditer(text)
        ]

    def sides_in(self, text: str) -> list[Named]:
        """The sides that a text names, abbreviations included, in order."""
        return sorted(
            (Named(side, match.start(), match.end()) for words, side in self.sides for match in words.finditer(text)),
            key=lambda each: each.start,
        )

    def written_out(self, text: str) -> bool:
        """Whether a text names a side in a whole word."""
        return any(words.search(text) for words, _ in self.sides[: self.whole])

    def sided(self, text: str) -> list[tuple[str, str]]:
        """The sides that a sentence gives to regions, as (side, region)."""
        regions, sides = self.regions_in(text), self.sides_in(text)
        pairs = []
        for side in sides:
            behind = [each for each in regions if 0 <= each.start - side.end <= _BESIDE]
            before = [each for each in regions if 0 <= side.start - each.end <= 4]
            for region in behind[:1] or before[-1:]:
                low, high = min(side.end, region.end), max(side.start, region.start)
                if not _BREAK.search(text[low:high]):
                    pairs.append((side.id, region.id))
        return pairs

    def agree(self, one: str, other: str) -> bool:
        """Whether two regions may be the same place: one lies in the other, or they are neighbors."""
        first, second = self.above[one], self.above[other]
        neighbors = any(near in second or other in self.above.get(near, ()) for near in self.regions[one].near)
        return one in second or other in first or neighbors or any(near in first for near in self.regions[other].near)

    def apart(self, named: Iterable[str], entered: Iterable[str]) -> bool:
        """Whether both name regions, and none of the ones agrees with any of the others."""
        ones, others = set(named), set(entered)
        return bool(ones and others) and not any(self.agree(one, other) for one in ones for other in others)

    def lies_in(self, region: str, wider: Iterable[str]) -> bool:
        """Whether a region is, lies in, or holds one of these."""
        return any(each in self.above[region] or region in self.above.get(each, ()) for each in wider)


def _marks(listed: tuple[str, ...]) -> re.Pattern[str]:
    """Letters for a side, as they are written; `R/O` and `L-spine` are none."""
    return re.compile(rf"(?:{alternatives(listed) or '(?!)'})(?![/&'\u2019-])")


def _letters(containers: tuple[str, ...]) -> re.Pattern[str]:
    """A word for a container and one letter behind it that nothing follows but a mark: `lesion R`, `part "L": arm`."""
    return re.compile(rf"(?i:{alternatives(containers) or '(?!)'})\s+[\"'(#]?[A-Z](?=\s*(?:$|[\"'):;,.]))")


def _upwards(id: str, regions: dict[str, Region]) -> set[str]:
    known: set[str] = set()
    waiting = [id]
    while waiting:
        each = waiting.pop()
        if each not in known and each in regions:
            known.add(each)
            waiting += regions[each].within
    return known
