"""Which characters a report may contain: one rule for every input and every format.

Refused are control characters, unassigned, private and surrogate code points, line and paragraph separators (they break
lines differently in each format), the signs for what a program could not take over, and every invisible format
character: bidirectional controls can print "EVITAGEN" as "NEGATIVE", zero-width characters make two equal-looking words
unequal. The two joiners are kept where spelling needs them: between letters of a script that joins its letters, and
behind a virama. Text is brought to NFC, never NFKC (`mm²`).

Source: threats 11 and 12 of the project's threat list; for the joiners RFC 5892, appendix A.1 and A.2.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ALLOWED_CONTROLS = "\t\n"
_JOINERS = "\u200c\u200d"
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters and marks without any look
_VIRAMA = 9  # the combining class of a mark that takes a consonant's vowel away
_JOINING = {
    "ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "MANDAIC", "ADLAM", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI",
    "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN", "BALINESE",
    "JAVANESE",
}  # fmt: skip
_LOST = "\ufffc\ufffd"  # what programs put in place of an object or a letter that they could not take over
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’.-][^\W_]+)*")
_SUSPECT = re.compile(r"[^\t\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0373\u0391-\u03a1\u03a3-\u03ff]")


def refused(text: str) -> tuple[str, int, str] | None:
    """The first character that a report may not contain, as (finding code, position, `U+XXXX name`)."""
    for match in _SUSPECT.finditer(text):
        char = match.group()
        if char in _LOST:
            return "E004", match.start(), f"{_named(char)}, which shows that something was lost here,"
        category = unicodedata.category(char)
        if category == "Cf" or char in _FILLERS:
            if is_joiner(char) and joins(text, match.start()):
                continue
            return "E005", match.start(), _named(char)
        if category in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp"):
            return "E004", match.start(), _named(char)
    return None


def is_joiner(char: str) -> bool:
    """Whether a character is one of the two that shape the letters beside them and have no look of their own."""
    return char in _JOINERS


def joins(text: str, at: int) -> bool:
    """Whether spelling needs the joiner at a position."""
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    if not before or _writing(before) not in _JOINING:
        return False
    return unicodedata.combining(before) == _VIRAMA or (behind != "" and _writing(behind) == _writing(before))


def _writing(char: str) -> str:
    """The script of a letter or mark, as the first word of its name says; "" for anything else."""
    return unicodedata.name(char, "").partition(" ")[0] if unicodedata.category(char)[0] in "LM" else ""


def normal(text: str) -> str:
    """NFC, with the line feed as the only line end and single spaces for tabs."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unified if unified.isascii() else unicodedata.normalize("NFC", unified)


def count_words(text: str) -> int:
    """How many words a text has; a script that puts no spaces between words (Thai, Chinese …) counts by letters."""
    return len(_WORD.findall(text))


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
        several_greek = scripts.count("Greek") > 1 and not _is_marker(word, scripts)
        if "Latin" in scripts and ("Cyrillic" in scripts or several_greek):
            return str(word)
    return None


def _is_marker(word: str, scripts: list[str]) -> bool:
    """Whether a word is a marker: Latin capitals, and small Greek letters at one end, which no one mistakes."""
    pairs = zip(word, scripts, strict=True)
    small = "".join("g" if script == "Greek" and char.islower() else char for char, script in pairs)
    return re.fullmatch(r"[A-Z]{2,}g{2}|g{2}[A-Z]{2,}", small) is not None


def _named(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed').lower()}"


def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    return next((script.title() for script in ("LATIN", "CYRILLIC", "GREEK") if name.startswith(script)), "other")
