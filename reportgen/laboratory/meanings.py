"""What words say, as far as lists of words can tell: whether a text affirms, denies, or claims a state of the report.

The lists are data (`templates/labels/`); a profile adds words of its own language by its labels.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator

from reportgen import template_files
from reportgen.laboratory.model import Laboratory
from reportgen.reading.readers import read_file
from reportgen.reading.shaped import Frozen, shaped
from reportgen.reading.source import Mapping, Text

WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[.;!?](?:\s|$)|\n")
_FILE, _LABELS = "labels/meanings.yaml", "labels/en.yaml"


class Side(StrEnum):
    """Which way the words of an answer point."""

    affirms = "affirms"
    denies = "denies"
    not_looked_at = "says that it was not looked at"
    neither = "says neither yes nor no"
    unclear = "denies twice"


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, parts of joined words one by one."""
    return [word.casefold() for word in WORD.findall(text)]


def _months(names: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """Name, and its first three letters where no other month begins so → number of the month, from 0."""
    found: dict[str, set[int]] = {}
    for months in names.values():
        for number, name in enumerate(months):
            for known in (name, name[:3]):
                found.setdefault(known, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def _words(text: object) -> object:
    return frozenset(words_of(text)) if isinstance(text, str) else text


Words = Annotated[frozenset[str], BeforeValidator(_words)]
Months = Annotated[dict[str, int], BeforeValidator(_months)]


class Meanings(Frozen):
    """The lists of words, all in small letters; `months` gives the number of a month, from 0."""

    claims: Words
    harmless: tuple[str, ...]
    affirmed: Words = frozenset()
    denied: Words = frozenset()
    not_looked_at: Words
    english: Words
    advice: Words
    findings: Words
    turning: tuple[str, ...]
    light: Words
    months: Months

    def side(self, text: str) -> Side:
        """Which way a text points."""
        words = words_of(text)
        denying = sum(map(self._denies, words))
        if denying > 1:
            return Side.unclear
        if denying:
            return Side.denies if self.not_looked_at.isdisjoint(words) else Side.not_looked_at
        return Side.neither if self.affirmed.isdisjoint(words) else Side.affirms

    def denies(self, text: str) -> bool:
        """Whether a text holds a word that denies."""
        return any(map(self._denies, words_of(text)))

    def claim(self, text: str) -> str:
        """The first word by which a text claims a state of the report; "" for none."""
        folded = " ".join(words_of(text))
        for each in self.harmless:
            folded = re.sub(rf"\b{re.escape(each)}\b", " ", folded)
        return next((word for word in folded.split() if word in self.claims), "")

    def states(self, text: str) -> bool:
        """Whether a sentence of a text finds or denies something."""
        return any(map(self._finds, _SENTENCE.split(text)))

    def _finds(self, sentence: str) -> bool:
        telling = {word.removesuffix("s") for word in self.telling(sentence)} | self.telling(sentence)
        states = (Side.affirms, Side.denies, Side.unclear)
        return not self.findings.isdisjoint(telling) and self.side(sentence) in states

    def telling(self, text: str) -> frozenset[str]:
        """The words of a text that carry meaning."""
        return frozenset(words_of(text)) - self.light

    def _denies(self, word: str) -> bool:
        turned = (word.removeprefix(each) for each in self.turning if word.startswith(each))
        return word in self.denied or any(each in self.affirmed for each in turned)


@lru_cache(maxsize=8)
def load_meanings(laboratory: Laboratory | None = None) -> Meanings:
    """The built-in lists, with the words by which a profile's language affirms and denies.

    A word that a list below knows keeps its meaning there.
    """
    own = [part for _, part in (laboratory.parts("labels") if laboratory else ())]
    if laboratory and not own:
        return load_meanings()
    affirmed = denied = frozenset[str]()
    for part in (read_file(template_files.path(_LABELS), name=_LABELS), *own):
        denied |= _own(part, "negations") - affirmed
        affirmed |= _own(part, "affirmations") - denied
    lists = shaped(Meanings, read_file(template_files.path(_FILE), name=_FILE))
    return lists.model_copy(update={"affirmed": affirmed, "denied": denied})


def _own(part: Mapping, key: str) -> frozenset[str]:
    node = part.get(key)
    return frozenset(words_of(node.text)) if isinstance(node, Text) else frozenset()
