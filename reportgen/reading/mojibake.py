"""Letters that were read in a wrong encoding before they came here: `MÃ¼ller`, `ZoÃ«`, `M├╝ller`, `M?ller`.

UTF-8 writes a letter beyond ASCII as two bytes or more: one that leads, then others from 80 to BF. Read in an encoding
of one byte for each letter, they become pairs that hardly any language writes. Which pairs count is chosen for each
encoding so that names as they are written stay silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# encoding, the bytes that lead, how many letters in a row count
_READINGS = (
    ("cp1252", "C2 C3 C4 C5", 1),
    ("cp1252", "CE CF D0 D1 D7 D8 D9", 2),
    ("iso8859-15", "C2 C3 C4 C5", 1),
    ("cp1250", "C3 C4 C5", 1),
    ("iso8859-2", "C3 C4 C5", 1),
    ("cp1257", "C3", 1),
    ("cp1251", "C3 D0 D1", 2),
    ("cp1253", "C3 CE CF", 2),
    ("mac-roman", "C3", 1),
    ("cp437", "C2 C3", 1),
    ("cp850", "C2 C3", 1),
)
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]")  # what an encoding without the letter puts in its place


def misread_letters(text: str) -> str:
    """The first letters that look like another encoding's; "" where there are none."""
    found = _LOST.search(text) if "?" in text else None
    found = found or (None if text.isascii() else _MISREAD.search(text))
    return found.group() if found else ""


def _letters(encoding: str, first: int, last: int) -> str:
    """The letters of the bytes of a range; control characters, which are refused anyway, are left out."""
    made = (bytes([byte]).decode(encoding, "ignore") for byte in range(first, last + 1))
    return "".join(re.escape(letter) for letter in made if letter.isprintable() or letter == "\xa0")


def _patterns() -> Iterator[str]:
    for encoding, bytes_, number in _READINGS:
        leads = "".join(_letters(encoding, int(byte, 16), int(byte, 16)) for byte in bytes_.split())
        yield f"(?:[{leads}][{_letters(encoding, 0x80, 0xBF)}]){{{number}}}"
    later = _letters("cp1252", 0x80, 0xBF)
    yield f"[â][{later}]{{2}}"  # quotation marks and dashes
    yield f"(?:[ã-í][{later}]{{2}}){{2}}|ðŸ[{later}]{{2}}"  # scripts of the East, pictures


_MISREAD = re.compile("|".join(_patterns()))
