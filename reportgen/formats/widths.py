"""How wide texts are in the font of PDFs, for a layout that has to know it before it sets them.

The widths are those of the wider of the regular and the bold face, without kerning: no text is wider than said here.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO

from reportgen import template_files
from reportgen.formats.fallback import listed_widths, named
from reportgen.formats.font_file import measured, opened
from reportgen.formats.fonts import own_faces
from reportgen.laboratory.model import Laboratory

_UNKNOWN = 1000  # thousandths of the type's size, for a character that the font does not have


def widths(laboratory: Laboratory | None = None, scripts: Sequence[str] = ()) -> Mapping[str, int]:
    """Character → width in thousandths of the type's size: the laboratory's own font, the usual one, further scripts.

    Raises:
        FindingsError: S603 where the bundled widths are missing, T411 for a font that is none.
    """
    usual = _own(laboratory) if laboratory and own_faces(laboratory) else _bundled()
    return ChainMap(usual, *(named(name).widths for name in scripts)) if scripts else usual


def width(text: str, size: float, known: Mapping[str, int]) -> float:
    """How many points wide a text of one line is at most."""
    get = known.get
    return sum([get(char, _UNKNOWN) for char in text]) * size / 1000


@lru_cache(maxsize=1)
def _bundled() -> dict[str, int]:
    return listed_widths(template_files.path("layouts/standard/fonts/widths.txt").read_text(encoding="ascii"))


@lru_cache(maxsize=4)
def _own(laboratory: Laboratory) -> dict[str, int]:
    faces = own_faces(laboratory)
    made = dict(_bundled())  # what identifies a patient is set in it
    for face in ("regular", "bold"):
        with opened(BytesIO(faces[face][1])) as font:
            for char, wide in measured(font).items():
                made[char] = max(made.get(char, 0), wide)
    return made
