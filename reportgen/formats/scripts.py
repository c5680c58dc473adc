"""Which way letters run: Hebrew and Arabic from right to left, whatever is beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Every block that holds a letter written from right to left. Source: Unicode Character Database, Bidi_Class R and AL
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")

_KINDS = {-1: "r", 0: "n", 1: "l"}
_PIECE = re.compile("r(?:[^l]*r)?")


def runs_leftward(text: str) -> bool:
    """Whether any letter of a text is written from right to left."""
    return not text.isascii() and any(_direction(match.group()) < 0 for match in _LEFTWARD.finditer(text))


def begins_leftward(text: str) -> bool:
    """Whether the first letter of a text is written from right to left."""
    if text.isascii():
        return False
    return next((way for way in map(_direction, text) if way), 1) < 0


def begins_rightward(text: str) -> bool:
    """Whether a text begins with a letter that is written from left to right, with no digit or sign before it."""
    return _direction(text[:1]) > 0


def directed(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it runs from right to left.

    A text that begins so is one piece, whatever else it holds; in any other, a piece reaches from one such letter to
    the last before a letter that runs the other way.
    """
    if begins_leftward(text):
        yield text, True
        return
    done = 0
    for piece in _PIECE.finditer("".join(map(_KINDS.__getitem__, map(_direction, text)))):
        if piece.start() > done:
            yield text[done : piece.start()], False
        yield text[piece.start() : piece.end()], True
        done = piece.end()
    if text[done:]:
        yield text[done:], False


def _direction(char: str) -> int:
    """-1 for a letter from right to left, 1 for one from left to right, 0 for a digit, a sign or a mark."""
    return {"R": -1, "AL": -1, "L": 1}.get(unicodedata.bidirectional(char), 0) if char else 0
