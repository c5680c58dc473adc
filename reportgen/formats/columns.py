"""Text in columns of a fixed width, as a terminal and a laboratory system show it: wide letters take two columns.

A mark takes none and never parts from its letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from textwrap import wrap

_CHUNK = re.compile(" +|[^ ]+")
_JOINER = "\u200d"
_SPACES = dict.fromkeys(map(ord, "\t\n\x0b\x0c\r"), " ")


def columns(text: str) -> int:
    """How many columns a text of one line takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def padded(text: str, width: int) -> str:
    """The text with spaces behind it up to a width in columns."""
    return text + " " * (width - columns(text))


def shortened(text: str, width: int) -> str:
    """As many letters of a text as fit into a width in columns."""
    taken, used = "", 0
    for letter in clusters(text):
        used += columns(letter)
        if used > width:
            break
        taken += letter
    return taken


def wrapped(text: str, width: int, indent: str = "") -> Iterator[str]:
    """The text in lines of at most `width` columns, each behind `indent`; none for a text of spaces.

    A word longer than a line is cut at the edge, between two letters. A letter wider than the line has its own.
    """
    if text.isascii():
        yield from wrap(text.strip(), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        return
    room = width - columns(indent)
    line, used = "", 0
    # A chunk is what `wrap` makes of it: the words and the spaces between them; spaces at the edge of a line go.
    for chunk in _CHUNK.findall(text.strip().translate(_SPACES)):
        for piece in [chunk] if columns(chunk) <= room else clusters(chunk):
            wide = columns(piece)
            if line and used + wide > room:
                yield indent + line.rstrip(" ")
                line, used = "", 0
            if line or not chunk.isspace():
                line, used = line + piece, used + wide
    if line:
        yield indent + line.rstrip(" ")


def clusters(text: str) -> Iterator[str]:
    """Letters with the marks on them, and letters that a joiner ties together."""
    cluster = ""
    for char in text:
        if cluster and not (_stays(char) or cluster.endswith(_JOINER)):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _columns(char: str) -> int:
    """No column for a mark on another letter or what shows nothing, two for what is as wide as a Chinese letter."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _stays(char: str) -> bool:
    """Whether a character stays with the one before it."""
    return unicodedata.category(char) in ("Mn", "Me", "Mc", "Cf") or "\u1160" <= char <= "\u11ff"
