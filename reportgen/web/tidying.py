"""Pasted texts, tidied: what Word, PDF viewers and dictation put into them that no report can hold or nobody can see.

Nothing that a reader sees is taken away, no letter and no digit is changed, and each change is told. What has no one
meaning stays, and is refused with its place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from reportgen.reading.characters import is_joiner, joins, refused

Form = dict[str, list[str]]
TABLE: dict[str, tuple[str, str]] = {
    # sign: (what is put in its place, what it is called)
    "\u00ad": ("", "soft hyphen"),
    "\u200b": ("", "zero-width space"),
    "\u2060": ("", "word joiner"),
    "\ufeff": ("", "byte order mark"),
    "\u200e": ("", "left-to-right mark"),
    "\u200f": ("", "right-to-left mark"),
    "\u061c": ("", "Arabic letter mark"),
    "\u200c": ("", "zero-width non-joiner"),  # but where the spelling needs it
    "\u200d": ("", "zero-width joiner"),
    "\x1f": ("", "optional hyphen"),
    "\x1e": ("-", "non-breaking hyphen"),
    "\x0b": ("\n", "line break"),
    "\x0c": ("\n", "page break"),
    "\x85": ("\n", "line break"),
    "\u2028": ("\n", "line separator"),
    "\u2029": ("\n", "paragraph separator"),
    "\uf0b7": ("•", "bullet of a symbol font"),
}
"""What always means the same, wherever it stands. The control characters are those of Word's own text."""

BULLETS = "\uf0a7\uf076"
"""Signs of symbol fonts that are bullets at the beginning of a line, and letters elsewhere."""

_WORDS_BEFORE = 24  # characters of the text before a place, as far as they are shown
GONE = "left out"
_NOW = {"": GONE, "\n": "now a new line", " ": "now a space", "-": "now a hyphen", "•": "now •"}


class Tidied(NamedTuple):
    """One change.

    Attributes:
        at: which character of the text it was, from 1 on.
        before: the words before it, at most the last of them.
        name: what it is called.
        now: what became of it, in words.
    """

    at: int
    before: str
    name: str
    now: str

    def __str__(self) -> str:
        return f"{where(self.at, self.before)}: {self.name}, {self.now}"


def tidy(text: str, *, lines: bool = True) -> tuple[str, tuple[Tidied, ...]]:
    """A text that was entered as it can stand in a report, and what was changed in it.

    It has line feeds alone as line ends, which is no change that is told. A text that was tidied stays as it is.

    Args:
        text: what was entered.
        lines: whether it may have several lines; else a space stands for what would begin a new one.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text, ()
    made: list[str] = []
    changes = []
    for at, sign in enumerate(text):
        new, name = _instead(text, at)
        if sign in BULLETS and _begins_line(made) and _follows(text, at, lines=lines) in (" ", "\t", "\u00a0"):
            new, name = "•", "bullet of a symbol font"
        new = new if lines or sign == "\n" else new.replace("\n", " ")
        if new != sign:
            changes.append(Tidied(at + 1, before(text, at), name, _NOW[new]))
        made.append(new)
    return "".join(made), tuple(changes)


def _instead(text: str, at: int) -> tuple[str, str]:
    """What a sign becomes, and what it is called; itself where it stays."""
    sign = text[at]
    if sign in TABLE and not (is_joiner(sign) and joins(text, at)):
        return TABLE[sign]
    return sign, ""


def _follows(text: str, at: int, *, lines: bool) -> str:
    """The next sign of the text as it will be; "" at its end."""
    for place in range(at + 1, len(text)):
        new, _ = _instead(text, place)
        if new:
            return new if lines or text[place] == "\n" else new.replace("\n", " ")
    return ""


def _begins_line(made: list[str]) -> bool:
    for sign in reversed(made):
        if sign == "\n":
            return True
        if sign.strip():
            return False
    return True


class NotTakenError(Exception):
    """A text that no report can hold, with the reason in the words of a page."""


Changed = dict[str, tuple[str, tuple[Tidied, ...]]]
"""What was tidied of an entry: the name of the text → how it is now, and what was changed in it."""


def tidied(sent: Form, *, lines: bool) -> tuple[Form, Changed]:
    """What a control sent with its texts tidied, and what was changed in which of them.

    Raises:
        NotTakenError: for a text that no report can hold.
    """
    made = dict(sent)
    changed: Changed = {}
    for name, (said, *_) in sent.items():
        if name in ("value", "reason") or name.startswith("text."):
            text, changes = tidy(said, lines=lines and name == "value")
            if words := not_taken(text):
                raise NotTakenError(words)
            made[name] = [text]
            if changes:
                changed[name] = (text, changes)
    return made, changed


def one_line(text: str) -> str:
    """A name or a reason as it was entered in one line, tidied; raises `NotTakenError`."""
    made, _ = tidy(text, lines=False)
    if words := not_taken(made):
        raise NotTakenError(words)
    return " ".join(made.split())


def before(text: str, at: int) -> str:
    """The last word before a place in a text, for who looks for it; "" at its beginning."""
    said = re.sub(r"\s+", " ", "".join(TABLE.get(sign, (sign,))[0] for sign in text[:at])).strip()
    return said[-_WORDS_BEFORE:].rpartition(" ")[2] if said else ""


def place(text: str, at: int) -> str:
    """A place in a text in words: `Character 12, after “melano”`."""
    return where(at + 1, before(text, at))


def where(number: int, said: str) -> str:
    """A place by its number and the word before it."""
    return f"Character {number}, {f'after “{said}”' if said else 'at the beginning'}"


def not_taken(text: str) -> str:
    """Why a text cannot be taken, with the place in it, in the words of a page; "" for one that can."""
    found = refused(text)
    if found is None:
        return ""
    _, at, _ = found
    return f"{place(text, at)}, is {called(text[at])}, which no report can hold. Replace it or delete it."


def called(sign: str) -> str:
    """What a sign is called in a sentence."""
    category = unicodedata.category(sign)
    if category == "Co":
        return f"a sign of a symbol font (U+{ord(sign):04X})"
    name = unicodedata.name(sign, "control character" if category == "Cc" else "sign without a name").lower()
    shown = f"{sign}, " if category[0] not in "CZ" else ""
    return f"{shown}U+{ord(sign):04X} ({name})"
