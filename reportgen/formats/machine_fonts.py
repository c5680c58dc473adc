"""Fonts of this machine, for characters that neither our fonts nor the profile's have: looked for only then.

Which one is taken depends on nothing but the files: folders in a fixed order, files by their paths. A document that
holds one depends on the machine that made it, so a warning (W316) says so wherever it is used.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from reportgen.formats import scratch
from reportgen.formats.font_file import MACHINE, BrokenFontError, measured, opened, renamed
from reportgen.machine import font_folders

_ENDINGS = (".ttf", ".otf")
_NOT_TO_EMBED = 0x0002  # the flag of a font that may not be embedded
_NO_SCRIPT = ("lastresort", "blank", "unifont", "emoji")  # in names of fonts without real letters


class MachineFont(NamedTuple):
    """One font: the name of its family here, its file, and each character's width in thousandths."""

    name: str
    path: Path
    widths: dict[str, int]
    data: bytes

    def files(self) -> dict[str, Path]:
        """Its one face → a copy under its name here, in a folder that holds nothing else."""
        name = f"{self.name.replace(' ', '-')}{self.path.suffix.lower()}"
        return {"regular": scratch.folder(self.name, {name: self.data}) / name}

    def folder(self) -> str:
        """The folder of its copy."""
        return str(self.files()["regular"].parent)


def found(characters: Iterable[str]) -> tuple[tuple[MachineFont, ...], frozenset[str]]:
    """The fonts of this machine that print some characters, in the order of their paths, and what none has."""
    left, fonts = set(characters), list[MachineFont]()
    for path in _paths(font_folders()) if left else ():
        has = left & _characters(path)
        font = _font(path) if has else None
        if font is not None:
            fonts.append(font)
            left -= has
        if not left:
            break
    return tuple(fonts), frozenset(left)


def named(name: str) -> MachineFont:
    """A font that was found before, by its name."""
    return _known[name]


_known: dict[str, MachineFont] = {}


@lru_cache(maxsize=4)
def _paths(folders: tuple[str, ...]) -> tuple[Path, ...]:
    found = (sorted(Path(folder).rglob("*")) for folder in folders)
    return tuple(path for paths in found for path in paths if path.suffix.lower() in _ENDINGS)


@cache
def _characters(path: Path) -> frozenset[str]:
    """What a font can print; nothing for one that cannot be used: broken, of pictures, not to be embedded."""
    if any(part in path.stem.casefold().replace("-", "") for part in _NO_SCRIPT):
        return frozenset()
    try:
        with path.open("rb") as file, opened(file) as font:
            outlines = ("glyf" in font or "CFF " in font) and "fvar" not in font
            (rights,) = struct.unpack_from(">H", font.reader["OS/2"], 8)
            if not outlines or rights & _NOT_TO_EMBED:
                return frozenset()
            known = {chr(point) for point, glyph in (font.getBestCmap() or {}).items() if glyph != ".notdef"}
            return frozenset(known if " " in known else ())  # engines set the space behind a letter in its font
    except (BrokenFontError, OSError):
        return frozenset()


@lru_cache(maxsize=64)
def _font(path: Path) -> MachineFont | None:
    """A font with all that engines need of it; none for one that cannot be written again."""
    try:
        data = path.read_bytes()
        name = f"{MACHINE}{hashlib.sha256(data).hexdigest()[:8]}"
        with opened(BytesIO(data)) as font:
            _known[name] = MachineFont(name, path, measured(font), renamed(font, name, "regular"))
    except (BrokenFontError, OSError):
        return None
    return _known[name]
