"""Record which characters all bundled faces can print, and how wide they are, so that no report has to open the fonts.

Run it after you change a font: `.venv/bin/python tools/font_coverage.py`. A test compares the files with the fonts.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont

from reportgen.formats.font_file import measured

FONTS = Path(__file__).resolve().parent.parent / "templates" / "layouts" / "standard" / "fonts"


def covered() -> list[int]:
    """The code points that all faces have, sorted."""
    sets = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path) as font:
            sets.append(set(font["cmap"].getBestCmap()))
    return sorted(set.intersection(*sets))


def as_ranges(points: list[int]) -> str:
    """Hexadecimal ranges, one per line: `20-7E`."""
    ranges: list[list[int]] = []
    for point in points:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{first:X}-{last:X}\n" for first, last in ranges)


def as_widths(points: list[int]) -> str:
    """Ranges with the width of the wider of regular and bold, in thousandths of the type size: `30-39 507`."""
    faces = [measured(TTFont(FONTS / f"Carlito-{face}.ttf")) for face in ("Regular", "Bold")]
    ranges: list[list[int]] = []
    for point in points:
        wide = max(face[chr(point)] for face in faces)
        if ranges and point == ranges[-1][1] + 1 and wide == ranges[-1][2]:
            ranges[-1][1] = point
        else:
            ranges.append([point, point, wide])
    return "".join(f"{first:X}-{last:X} {wide}\n" for first, last, wide in ranges)


if __name__ == "__main__":
    (FONTS / "widths.txt").write_text(as_widths(covered()), encoding="ascii")
    (FONTS / "coverage.txt").write_text(as_ranges(covered()), encoding="ascii")
