"""Phrases of the word lists as regular expressions, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_NEVER = re.compile(r"(?!)")
EDGE = r"(?<![\w-])"  # how a phrase begins that begins with a letter
_SPACE = r"[\s-]+"
_GAP = r"(?:\W{1,2}[\w'/-]+){0,3}?\W{1,2}"


def pattern(phrase: str) -> str:
    """The regular expression of one phrase, with word boundaries; see `prose.model` for `*` and `~`."""
    parts = [_word(word) for word in phrase.split()]
    text = parts[0] if parts else ""
    for before, part in pairwise(parts):
        text += part if _GAP in (before, part) else _SPACE + part
    start = EDGE if phrase[:1].isalnum() else ""
    end = r"(?![\w])" if phrase[-1:].isalnum() else ""
    return f"{start}{text}{end}"


def _word(word: str) -> str:
    if word == "~":
        return _GAP
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\-", "-")


def any_of(phrases: Iterable[str], *, capitals: bool = False) -> re.Pattern[str]:
    """One expression that finds any of the phrases, the longest first; it never matches where there are none."""
    texts = alternatives(phrases)
    return re.compile(texts, 0 if capitals else re.IGNORECASE) if texts else _NEVER


def alternatives(phrases: Iterable[str]) -> str:
    """The alternatives of these phrases, the longest first.

    Why those that begin with a letter share one beginning: most places of a text are then passed with a single look.
    """
    texts = [pattern(phrase) for phrase in sorted(set(phrases), key=lambda each: (-len(each), each))]
    plain = [text.removeprefix(EDGE) for text in texts if text.startswith(EDGE)]
    other = [text for text in texts if not text.startswith(EDGE)]
    return "|".join([f"{EDGE}(?:{'|'.join(plain)})"] * bool(plain) + other)


def marker(name: str) -> str:
    """The name of a marker with or without hyphens and spaces inside: S100, S-100, S 100."""
    pieces = re.findall(r"[^\W\d_]+|[0-9]+|[^\w\s]", name.replace("-", ""))
    return r"[-\s]?".join(re.escape(piece) for piece in pieces)
