"""A text to sentences and clauses, without what speaks of the past, of others, or of what is only thought of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

_ABBREVIATIONS = ("Dr", "Mr", "Ms", "Mrs", "[LR]t", "vs", "ca", "approx", r"e\.g", r"i\.e", "hx")
_ABBREVIATED = "".join(rf"(?<!\b{each}\.)" for each in _ABBREVIATIONS)
_END = re.compile(rf"(?<=[.!?]){_ABBREVIATED}[\"')\]]?\s+|\n+", re.IGNORECASE)
_ASKED = re.compile(r"[^,;.]*\?[^,;.]*")
_FIGURE = re.compile(r"[0-9]")
_CAUSE = re.compile(r"(?:because|since|given that)\s[^,]*,\s", re.IGNORECASE)
_YEAR = re.compile(r"(?<!since )(?<!\d)(?:19|20)[0-9]{2}(?![0-9])|\b[A-Z]{1,3}[0-9]{2}-[0-9]+")


@dataclass(frozen=True)
class Filter:
    """What of a sentence is left out of account."""

    doubt: re.Pattern[str]
    ahead: re.Pattern[str]
    family: re.Pattern[str]
    masks: re.Pattern[str]
    turns: re.Pattern[str]

    def of_the_specimen(self, sentences: Iterable[str]) -> Iterator[str]:
        """What each sentence says of this patient and this specimen."""
        for sentence in sentences:
            if self.doubt.search(sentence) or _YEAR.search(sentence):
                continue
            ahead = self.ahead.search(sentence)
            said = sentence[: ahead.start()] if ahead else sentence
            said = _ASKED.sub(" ", said) if "?" in said else said
            if said.strip(" .,;"):
                yield said

    def of_the_patient(self, text: str) -> Iterator[str]:
        """The sentences that are not about the family, prior events and questions included; what is masked is blank."""
        for sentence in _END.split(text):
            if sentence.strip() and not self.family.search(sentence):
                masked = self.masks.sub(lambda found: "_" * len(found[0]), sentence)
                cause = _CAUSE.match(masked)  # a fact, whatever is advised because of it
                yield from (masked[: cause.end()], masked[cause.end() :]) if cause else (masked,)

    def clauses(self, sentence: str) -> list[str]:
        """A sentence taken apart where it turns: at a semicolon, at "but"."""
        return [clause for clause in self.turns.split(sentence) if clause.strip()]


class Read:
    """One text, taken apart once for all that is asked of it."""

    def __init__(self, filter: Filter, text: str) -> None:
        self._filter = filter
        self.text = text

    @property
    def has_figures(self) -> bool:
        """Whether the text has a figure in it."""
        return _FIGURE.search(self.text) is not None

    @cached_property
    def sentences(self) -> list[str]:
        """What `Filter.of_the_specimen` gives."""
        return list(self._filter.of_the_specimen(self.of_the_patient))

    @cached_property
    def of_the_patient(self) -> list[str]:
        """What `Filter.of_the_patient` gives."""
        return list(self._filter.of_the_patient(self.text))
