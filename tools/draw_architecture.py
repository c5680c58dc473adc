"""Draw docs/images/architecture.svg: the folders of the package on their floors, and which of them imports which.

The floors come from tests/test_architecture.py, the arrows from the imports, the words from the first line of each
folder's docstring. Run after any of these changed: `.venv/bin/python tools/draw_architecture.py`. A test holds the
picture against the package.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.test_architecture import FLOORS, MODULES, PACKAGE, imports, name_of  # noqa: E402

TARGET = CHECKOUT / "docs" / "images" / "architecture.svg"
STEPS = ("reading", "protocols", "cases", "assessment", "reports", "formats", "files")
GROUND = 2  # the modules up to this floor may be used by every floor above them
WIDTH, BOX, ROW, LEFT = 860, 46, 62, 56
_STYLE = """
  text { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 11.5px; fill: #1c2733; }
  .name { font-weight: bold; font-size: 13px; }
  .room { fill: #f4f7fa; stroke: #8296ab; }
  .step { fill: #e3efe9; stroke: #3f7d5f; }
  .badge { fill: #3f7d5f; }
  .number { fill: #ffffff; font-weight: bold; text-anchor: middle; }
  .floor { fill: #8296ab; text-anchor: middle; }
  .arrow { fill: none; stroke: #8296ab; stroke-width: 1.3; marker-end: url(#head); }
"""


@cache
def imported() -> dict[str, frozenset[str]]:
    """Each room (a folder, or a module beside the folders) with the rooms that it imports."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        own = name_of(path).split("/")[0]
        found.setdefault(own, set()).update(name for _, name in imports(path) if name != own)
    return {name: frozenset(others) for name, others in found.items()}


@cache
def below(room: str) -> frozenset[str]:
    """Every room that a room imports, directly or by way of another."""
    direct = imported()[room]
    return direct.union(*(below(other) for other in direct))


def arrows(room: str) -> list[str]:
    """The rooms above the ground that a room imports, without those that another of them leads to."""
    direct = imported()[room]
    shown = {other for other in direct if other in rooms() and not any(other in below(via) for via in direct)}
    return sorted(shown)


@cache
def rooms() -> frozenset[str]:
    """What is drawn on a floor of its own: all above the ground, and the steps of a case."""
    return frozenset(name for name in imported() if (FLOORS[name] > GROUND or name == "reading") and name != "__main__")


def purpose(room: str) -> str:
    """The first line of the docstring of a folder or module."""
    folder = PACKAGE / room / "__init__.py"
    path = folder if folder.exists() else PACKAGE / f"{room}.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.splitlines()[0].rstrip(".")


class Box:
    """Where a room is drawn."""

    def __init__(self, x: float, y: float, width: float) -> None:
        self.x, self.y, self.width = x, y, width

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.x + self.width / 2


def placed() -> dict[str, Box]:
    """Each room with its place: the highest floor first, rooms of one floor side by side."""
    found: dict[str, Box] = {}
    for row, floor in enumerate(sorted({FLOORS[room] for room in rooms()}, reverse=True)):
        here = sorted(room for room in rooms() if FLOORS[room] == floor)
        width = (WIDTH - 2 * LEFT - 14 * (len(here) - 1)) / len(here)
        for place, room in enumerate(here):
            found[room] = Box(LEFT + place * (width + 14), 14 + row * ROW, width)
    return found


def drawn_room(room: str, box: Box) -> Iterator[str]:
    """A box with the room's name, purpose and, where it is one of the seven steps, its number."""
    kind = "step" if room in STEPS else "room"
    yield f'<rect class="{kind}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{BOX}" rx="5"/>'
    name = room if (PACKAGE / room).is_dir() else f"{room}.py"
    yield f'<text class="name" x="{box.x + 12:g}" y="{box.y + 16:g}">{name}</text>'
    indent = 100 if box.width > 500 else 60
    for number, line in enumerate(wrap(purpose(room), int((box.width - indent - 16) / 6.4))[:3]):
        yield f'<text x="{box.x + 12 + indent:g}" y="{box.y + 15 + 13 * number:g}">{escape(line)}</text>'
    if room in STEPS:
        yield from badge(room, box.x, box.y + BOX / 2)


def badge(room: str, x: float, y: float) -> Iterator[str]:
    """The number of a step, on the left edge of its box."""
    yield f'<circle class="badge" cx="{x:g}" cy="{y:g}" r="10"/>'
    yield f'<text class="number" x="{x:g}" y="{y + 4:g}">{STEPS.index(room) + 1}</text>'


def drawn_arrow(start: Box, end: Box) -> str:
    """An arrow down to the next floor, or along the right edge past the floors between."""
    floors = round((end.y - start.y) / ROW)
    if floors == 1:
        x = (end if end.width < start.width else start).middle
        return f'<path class="arrow" d="M{x:g} {start.y + BOX} V{end.y - 2:g}"/>'
    edge, bend = WIDTH - LEFT, 10 + 5 * floors
    begin, finish = start.y + BOX / 2, end.y + BOX / 2
    curve = f"C{edge + bend} {begin:g} {edge + bend} {finish:g} {edge + 2} {finish:g}"
    return f'<path class="arrow" d="M{start.x + start.width:g} {begin:g} H{edge} {curve}"/>'


def ground(y: float) -> Iterator[str]:
    """The modules that every floor may use, as one band."""
    names = sorted(name for name in imported() if name not in rooms() and FLOORS[name] >= 0 and name != "__main__")
    yield f'<text x="{LEFT}" y="{y:g}">the ground, which every floor may use:</text>'
    x, y = float(LEFT), y + 10
    for name in names:
        width = 7.9 * len(f"{name}.py") + 24
        if x + width > WIDTH - LEFT:
            x, y = float(LEFT), y + 36
        kind = "step" if name in STEPS else "room"
        yield f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="26" rx="5"/>'
        yield f'<text x="{x + 12:g}" y="{y + 17:g}">{name}.py</text>'
        if name in STEPS:
            yield from badge(name, x, y + 13)
        x += width + 14


def picture() -> str:
    """The whole picture, as SVG."""
    boxes = placed()
    lowest = max(box.y for box in boxes.values()) + BOX
    body = [drawn_arrow(boxes[room], boxes[other]) for room in boxes for other in arrows(room)]
    for room, box in boxes.items():
        body += drawn_room(room, box)
        if box.x == LEFT:
            body.append(f'<text class="floor" x="22" y="{box.y + 27:g}">{FLOORS[room]}</text>')
    body += ground(lowest + 30)
    height = lowest + 120
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        'aria-label="The folders of reportgen on their floors; arrows show imports, which run downwards only">\n'
        f"<style>{_STYLE}</style>\n"
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="#8296ab"/></marker></defs>\n'
        f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>\n'
    )
    return head + "\n".join(body) + "\n</svg>\n"


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
