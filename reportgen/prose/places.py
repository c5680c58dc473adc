"""Sides and regions of the body that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from reportgen.prose.model import FreeText, Region
from reportgen.prose.phrases import alternatives, any_of, first_letters
from reportgen.prose.sentences import Read

_BESIDE = 24  # characters between a side and the region it belongs to
_BREAK = re.compile(r"[.;]")


class Named(NamedTuple):
    """A side or region that a text names, and where."""

    id: str
    start: int
    end: int


@dataclass(frozen=True)
class Body:
    """The body as the word lists describe it."""

    regions: dict[str, Region]
    above: dict[str, frozenset[str]]  # a region → itself and all that it lies in
    words: re.Pattern[str]
    word_of: tuple[tuple[re.Pattern[str], str], ...]
    sides: tuple[tuple[re.Pattern[str], str], ...]
    letters: re.Pattern[str]  # of containers
    whole: int  # how many of `sides` are whole words, before letters and abbreviations
    lesions: re.Pattern[str]
    other: re.Pattern[str]
    firsts: frozenset[str]
    plain: dict[str, str]  # a word as it is listed → its region

    @classmethod
    def of(cls, words: FreeText) -> Body:
        """Compile the lists."""
        regions = {region.id: region for region in words.regions}
        above = {id: frozenset(_upwards(id, regions)) for id in regions}
        texts = {word: region.id for region in words.regions for word in region.words}
        ordered = sorted(texts, key=lambda word: (-len(word), word))
        sides = [(any_of(listed), side) for side, listed in words.sides.items()]
        sides += [(_marks(listed), side) for side, listed in words.side_marks.items()]
        return cls(
            regions,
            above,
            any_of(ordered),
            tuple((re.compile(alternatives([word]), re.IGNORECASE), texts[word]) for word in ordered),
            tuple(sides),
            _letters(words.containers),
            len(words.sides),
            any_of(words.lesions),
            any_of(words.other_body),
            first_letters(texts),
            {word.casefold(): id for word, id in texts.items()},
        )

    def looks_at(self, read: Read) -> bool:
        """Whether a text names a region; most are passed by the first letters of their words."""
        return not (self.firsts and self.firsts.isdisjoint(read.beginnings)) and bool(self.words.search(read.text))

    def regions_in(self, text: str) -> list[Named]:
        """The regions that a text names, in order."""
        found = []
        for match in self.words.finditer(text):
            plain = match.group().casefold()
            id = self.plain.get(plain) or next(id for one, id in self.word_of if one.fullmatch(match.group()))
            found.append(Named(id, match.start(), match.end()))
        return found

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
        if one in second or other in first:
            return True
        return any(near in second or other in self.above.get(near, ()) for near in self.regions[one].near) or any(
            near in first for near in self.regions[other].near
        )

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
