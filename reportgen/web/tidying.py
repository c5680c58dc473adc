"""Pasted texts, tidied: what Word, PDF viewers and dictation put into them that no report can hold or nobody can see.

Nothing that a reader sees is removed, no letter and no digit is changed, and each change is reported. A sign that could
mean several things is kept, and refused with its place in the text.
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
"""Signs that mean the same everywhere. The control characters are those of Word's own text."""

BULLETS = "\uf0a7\uf076"
"""Signs of symbol fonts that are bullets at the beginning of a line, and letters elsewhere."""

_WORDS_BEFORE = 24  # characters of the text before a place, as far as they are shown
GONE = "left out"
_NOW = {"": GONE, "\n": "now a new line", " ": "now a space", "-": "now a hyphen", "•": "now •"}


class Tidied(NamedTuple):
    """One change."""

    at: int  # which character of the text it was, from 1 on
    before: str  # the last word before it
    name: str  # what it is called
    now: str  # what became of it, in words

    def __str__(self) -> str:
        return f"{where(self.at, self.before)}: {self.name}, {self.now}"


def tidy(text: str, *, lines: bool = True) -> tuple[str, tuple[Tidied, ...]]:
    """A text that was entered as it can be in a report, and what was changed in it.

    Its line ends become line feeds, which is not reported as a change. A tidied text is not changed again. Without
    `lines`, a space replaces what would begin a new line.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text, ()
    made = [_instead(text, at, lines=lines) for at in range(len(text))]
    changes = []
    begins_line = True
    for at, sign in enumerate(text):
        name = TABLE.get(sign, ("", ""))[1]
        if sign in BULLETS and begins_line and _next(made, at) in (" ", "\t", "\u00a0"):
            made[at], name = "•", "bullet of a symbol font"
        if made[at] != sign:
            changes.append(Tidied(at + 1, before(text, at), name, _NOW[made[at]]))
        begins_line = made[at] == "\n" or (begins_line and not made[at].strip())
    return "".join(made), tuple(changes)


def _instead(text: str, at: int, *, lines: bool) -> str:
    """What a sign becomes; itself where it is kept."""
    sign = text[at]
    if sign not in TABLE or (is_joiner(sign) and joins(text, at)):
        return sign
    new = TABLE[sign][0]
    return new if lines else new.replace("\n", " ")


def _next(made: list[str], at: int) -> str:
    """The next sign of the text as it will be; "" at its end."""
    return next((made[place] for place in range(at + 1, len(made)) if made[place]), "")


class NotTakenError(Exception):
    """A text that no report can hold, with the reason in the words of a page."""


Changed = dict[str, tuple[str, tuple[Tidied, ...]]]
"""What was tidied of an entry: the name of the text → how it is now, and what was changed in it."""


def tidied(sent: Form, *, lines: bool) -> tuple[Form, Changed]:
    """What a control sent with its texts tidied, and what was changed in which of them; raises `NotTakenError`."""
    made = dict(sent)
    changed: Changed = {}
    for name, (said, *_) in sent.items():
        if name in ("value", "reason") or name.startswith("text."):
            text, changes = _taken(said, lines=lines and name == "value")
            made[name] = [text]
            if changes:
                changed[name] = (text, changes)
    return made, changed


def one_line(text: str) -> str:
    """A name or a reason as it was entered in one line, tidied; raises `NotTakenError`."""
    return " ".join(_taken(text, lines=False)[0].split())


def _taken(text: str, *, lines: bool) -> tuple[str, tuple[Tidied, ...]]:
    """As `tidy`; raises `NotTakenError` for a text that no report can hold."""
    made, changes = tidy(text, lines=lines)
    if words := not_taken(made):
        raise NotTakenError(words)
    return made, changes


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
    at = found[1]
    return f"{place(text, at)}, is {called(text[at])}, which no report can hold. Replace it or delete it."


def called(sign: str) -> str:
    """What a sign is called in a sentence."""
    category = unicodedata.category(sign)
    if category == "Co":
        return f"a sign of a symbol font (U+{ord(sign):04X})"
    name = unicodedata.name(sign, "control character" if category == "Cc" else "sign without a name").lower()
    shown = f"{sign}, " if category[0] not in "CZ" else ""
    return f"{shown}U+{ord(sign):04X} ({name})"
