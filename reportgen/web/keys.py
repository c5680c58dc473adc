"""One key for each answer of a list, from the words of the answers alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_DIGITS = "123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def answer_keys(words: Iterable[str]) -> tuple[str, ...]:
    """A key for each answer, all different: a letter that begins one of its words, else one in it, else what is left.

    An answer's key depends on the answers before it, so that it stays when a list grows at its end.

    Args:
        words: the answers in the order of the list.

    Returns:
        As many keys; "" for answers beyond the keys that there are.
    """
    taken: set[str] = set()
    keys = []
    for answer in words:
        key = next((key for key in _wanted(answer.casefold()) if key not in taken), "")
        taken.add(key)
        keys.append(key)
    return tuple(keys)


def _wanted(answer: str) -> Iterator[str]:
    """The keys for one answer, the best first."""
    yield from (word[0] for word in answer.replace("-", " ").split() if word[0] in _LETTERS + _DIGITS)
    yield from (letter for letter in answer if letter in _LETTERS)
    yield from _DIGITS
    yield from _LETTERS
