"""A font file: opened, measured, and written again as a face of a family of our own naming.

Why renamed: a font that says inside that it is the bundled font would be taken for it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

MACHINE = "machine "  # with which the names of fonts of this machine begin
_NAMES = (1, 2, 3, 4, 6, 16, 17, 18, 20, 21, 22, 25)  # by which programs tell fonts apart


class BrokenFontError(Exception):
    """A file that cannot be read as a font."""


@contextmanager
def opened(file: IO[bytes]) -> Iterator[TTFont]:
    """The font of a file; raises `BrokenFontError` for what cannot be read, or used, as one."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(file, lazy=True) as font:
            yield font
    except (TTLibError, KeyError, ValueError, AssertionError, AttributeError, struct.error, EOFError):
        raise BrokenFontError from None


def measured(font: TTFont) -> dict[str, int]:
    """Character → width in thousandths of the type's size."""
    em = int.from_bytes(font.reader["head"][18:20], "big")  # reading it as a table would log its odd dates
    advances = font["hmtx"].metrics
    return {chr(point): -(-advances[glyph][0] * 1000 // em) for point, glyph in (font.getBestCmap() or {}).items()}


def renamed(font: TTFont, family: str, face: str) -> bytes:
    """A font as the `regular`, `bold` or `italic` face of a family."""
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    made = BytesIO()
    font.recalcTimestamp = False
    names = font["name"]
    names.names = [each for each in names.names if each.nameID not in _NAMES]
    for number, text in ((1, family), (2, face), (4, f"{family} {face}"), (6, f"{family}-{face}".replace(" ", ""))):
        names.setName(text, number, 3, 1, 0x409)
    about = DefaultTable("OS/2")  # its bytes as they are: taken apart, it would log what is odd in other tables
    about.data = _with_style(font.reader["OS/2"], bold=face == "bold", italic=face == "italic")
    font["OS/2"] = about
    font.save(made, reorderTables=None)
    return made.getvalue()


def _with_style(table: bytes, *, bold: bool, italic: bool) -> bytes:
    """The table that says how heavy a face is and whether it leans, saying what it is used as."""
    changed = bytearray(table)
    struct.pack_into(">H", changed, 4, 700 if bold else 400)
    (flags,) = struct.unpack_from(">H", changed, 62)
    struct.pack_into(">H", changed, 62, flags & ~0x61 | 0x20 * bold | 0x01 * italic | 0x40 * (not bold and not italic))
    return bytes(changed)
