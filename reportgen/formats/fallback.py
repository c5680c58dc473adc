"""The fonts of further scripts: what each can print, how wide it is, and which of them a text needs.

What they have is written down in `scripts.txt`, so that nothing opens a font to know; that file is read only where a
text holds a character that the usual font lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportgen import template_files
from reportgen.formats.font_file import MACHINE

if TYPE_CHECKING:
    from reportgen.formats.machine_fonts import MachineFont

LATIN = "NotoSans"  # the one that sets marks on Latin, Greek and Cyrillic letters
MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_MARK = re.compile(f"[{MARKS}]")
# What is never drawn: joiners and variation selectors, whatever font is at hand.
_SELECTORS = (*range(0x180B, 0x180E), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
UNDRAWN = frozenset(map(chr, (0x200C, 0x200D, *_SELECTORS)))


class Fallback(NamedTuple):
    """One font: its name, its faces (`Regular`, `Bold`, `Italic`), and each character's width in thousandths."""

    name: str
    faces: tuple[str, ...]
    widths: dict[str, int]

    def files(self) -> dict[str, Path]:
        """Face in small letters → file; raises S603 where one is missing."""
        return {face.lower(): _file(self.name, face) for face in self.faces}

    def folder(self) -> str:
        """The folder that holds its files and nothing else."""
        return str(_file(self.name, self.faces[0]).parent)


def has_mark(text: str) -> bool:
    """Whether a text holds a mark over or under a letter, which the usual font cannot place."""
    return not text.isascii() and bool(_MARK.search(text))


@lru_cache(maxsize=1)
def fallbacks() -> tuple[Fallback, ...]:
    """All fonts of further scripts, the one for Latin letters with marks first."""
    listed = template_files.path("fonts/scripts.txt").read_text(encoding="ascii")
    made: list[Fallback] = []
    for section in listed.split("[")[1:]:
        head, _, lines = section.partition("]\n")
        name, *faces = head.split()
        made.append(Fallback(name, tuple(faces), listed_widths(lines)))
    return tuple(made)


def listed_widths(lines: str) -> dict[str, int]:
    """Character → width, as lines such as `0041-005a 600` list them."""
    found: dict[str, int] = {}
    for line in lines.splitlines():
        points, _, wide = line.partition(" ")
        found.update(dict.fromkeys(characters_of(points), int(wide)))
    return found


def characters_of(points: str) -> Iterator[str]:
    """The characters from one code point to another: `0041-005a`."""
    first, _, last = points.partition("-")
    return map(chr, range(int(first, 16), int(last, 16) + 1))


def named(name: str) -> Fallback | MachineFont:
    """The font of a name."""
    if name.startswith(MACHINE):
        from reportgen.formats.machine_fonts import named as of_machine

        return of_machine(name)
    return next(each for each in fallbacks() if each.name == name)


def needed(characters: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names of the fonts that print some characters, in the order of the list, and the characters that none has."""
    left, names = set(characters) - UNDRAWN, []
    for font in fallbacks() if left else ():
        found = left & font.widths.keys()
        if found:
            names.append(font.name)
            left -= found
    return tuple(names), frozenset(left)


def _file(name: str, face: str) -> Path:
    other = f"fonts/{name}/{name}-{face}.ttf"
    return template_files.path(other if template_files.exists(other) else f"fonts/{name}/{name}-{face}.otf")
