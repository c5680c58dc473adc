"""Which characters may stand in a report: one rule for every input and every format.

Refused are control characters, unassigned, private and surrogate code points, line and paragraph separators (they break
lines differently in each format), and every invisible format character: bidirectional controls can print "EVITAGEN" as
"NEGATIVE", zero-width characters make two equal-looking words unequal. Text is brought to NFC, never NFKC (`mm²`).

Source: threats 11 and 12 of the project's threat list.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ALLOWED_CONTROLS = "\t\n"
_SUSPECT = re.compile(r"[^\t\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0373\u0391-\u03a1\u03a3-\u03ff]")


def refused(text: str) -> tuple[str, int, str] | None:
    """The first character that may not stand in a report, as (finding code, position, `U+XXXX name`)."""
    for match in _SUSPECT.finditer(text):
        char = match.group()
        category = unicodedata.category(char)
        if category == "Cf":
            return "E005", match.start(), _named(char)
        if category in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp"):
            return "E004", match.start(), _named(char)
    return None


def normal(text: str) -> str:
    """NFC, with the line feed as the only line end and single spaces for tabs."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unified if unified.isascii() else unicodedata.normalize("NFC", unified)


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """A, B … Z, AA, AB … for the columns from 0 on."""
    word = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        word = chr(ord("A") + rest) + word
    return word


def mixed_script_word(text: str) -> str | None:
    """The first word that mixes Latin with look-alike Cyrillic or Greek letters (a lone Greek letter is usual)."""
    if text.isascii():
        return None
    for word in re.findall(r"[^\W\d_]+", text):
        if word.isascii():
            continue
        scripts = [_script(char) for char in word]
        if "Cyrillic" in scripts and "Latin" in scripts:
            return str(word)
        if "Latin" in scripts and scripts.count("Greek") > 1 and not _is_marker(word, scripts):
            return str(word)
    return None


def _is_marker(word: str, scripts: list[str]) -> bool:
    """Whether a word is a marker: Latin capitals, and small Greek letters at one end, which no one mistakes."""
    small = "".join(
        "g" if script == "Greek" and char.islower() else char for char, script in zip(word, scripts, strict=True)
    )
    return re.fullmatch(r"[A-Z]{2,}g{2}|g{2}[A-Z]{2,}", small) is not None


def _named(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed').lower()}"


@lru_cache(maxsize=1024)
def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    return next((script.title() for script in ("LATIN", "CYRILLIC", "GREEK") if name.startswith(script)), "other")
