"""Readable ids for what a form calls by numbers: from its words, each once in its place, always the same."""

from __future__ import annotations

import re
import unicodedata

from reportgen.protocols.elements import OTHER, RESERVED

_OF_CONDITIONS = frozenset({
    "and", "or", "not", "in", "is", "none", "true", "false", "at_least", "any", "all", "total", "largest", "smallest",
})  # fmt: skip
"""Words of the language of conditions, which name no element there."""

_LONGEST, _LONGEST_ANSWER = 32, 70
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")  # "(specify)", "(Note C)"
_NOT_IN_ANSWERS = re.compile(r"[\"{}|;#\\]")
_OTHER = re.compile(r"other\W*((please )?(specify|explain|describe)\W*)?", re.IGNORECASE)


class Names:
    """The ids of one place: the elements of a level."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._last: dict[str, int] = {}  # name → the last number behind it

    def of_element(self, *words: str) -> str:
        """An id of letters, digits and underscores from the first words that have any."""
        stem = next(filter(None, map(_stem, words)), "item")
        name = self.once(stem, "_")
        self.taken.add(f"{name}_applies")  # what asks whether it applies, where the pathologist decides
        return name

    def once(self, name: str, between: str) -> str:
        """The name, with a number behind it if it is taken already."""
        number, found = self._last.get(name, 1), name
        while found.casefold() in self.taken:
            number += 1
            found = f"{name}{between}{number}"
        self._last[name] = number
        self.taken.add(found.casefold())
        return found


def answer_ids(labels: list[str], other: int | None) -> list[str]:
    """An id for each answer, which reads as it is printed; `other` is the position of "other", if that is one.

    No id is what another answer is printed as. The labels must differ.
    """
    names = Names()
    names.taken = {label.casefold() for label in labels}
    found = []
    for number, label in enumerate(labels):
        plain = _cut(" ".join(_NOT_IN_ANSWERS.sub(" ", label).split()), _LONGEST_ANSWER, " ") or "answer"
        plain = OTHER if number == other else plain
        found.append(label if plain == label else names.once(plain, " "))
    return found


def slug(title: str) -> str:
    """The id of a protocol: `skin-punch` for "SKIN: Punch (Note A)"."""
    return _stem(title).strip("_").replace("_", "-") or "form"


def is_other(title: str) -> bool:
    """Whether an answer is "other", to be specified in words."""
    return bool(_OTHER.fullmatch(title.strip()))


def _stem(words: str) -> str:
    plain = unicodedata.normalize("NFKD", _ASIDE.sub("", words)).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"'s?\b", "", plain)
    stem = _cut(re.sub(r"[^a-z0-9]+", "_", plain).strip("_"), _LONGEST, "_")
    if stem[:1].isdigit():
        stem = f"item_{stem}"
    return f"{stem}_" if stem in RESERVED | _OF_CONDITIONS else stem


def _cut(text: str, limit: int, between: str) -> str:
    """The text without the words that would make it too long."""
    if len(text) <= limit:
        return text
    kept, _, _ = text[: limit + 1].rpartition(between)
    return (kept or text[:limit]).rstrip(between)
