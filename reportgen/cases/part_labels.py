"""The labels of parts, as the laboratory gave them: they stand on containers, so nothing here ever changes one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.reading.characters import letters

_LABEL = re.compile(r"(?=\w)[^\W\d_]{0,3}(?:-?[0-9]{1,3}[^\W\d_]?)?")  # too short for a name


def label_in(text: str) -> str:
    """The label in an entry (`A`, `AB`, `a`, `1`, `B2`, `A-1`), without space around it; "" where it is none."""
    found = text.strip()
    return found if _LABEL.fullmatch(found) else ""


def part_names(given: Sequence[str]) -> tuple[str, ...]:
    """What findings and paths call each part: its label; where it has none, or another part's, a free letter."""
    taken = {label_in(text).casefold() for text in given}
    seen = set[str]()
    names = []
    for number, text in enumerate(given):
        name = label_in(text)
        if not name or name.casefold() in seen:
            name = next(
                each for n in range(number, number + len(taken) + 1) if (each := letters(n)).casefold() not in taken
            )
            taken.add(name.casefold())
        seen.add(name.casefold())
        names.append(name)
    return tuple(names)


def next_label(names: Sequence[str]) -> str:
    """The label that follows the highest one: 4 after 1, 2, 3, and c after a, b."""
    numbers = [int(name) for name in names if name.isdecimal()]
    if numbers and len(numbers) == len(names):
        return str(max(numbers) + 1)
    places = [place for name in names if (place := _place(name)) is not None]
    label = letters(max(places, default=-1) + 1)
    return label.lower() if names and all(name.islower() for name in names) else label


def out_of_sequence(names: Sequence[str]) -> int | None:
    """The first part that does not follow the one before it (the first: that is not A, a or 1); None where all do.

    Labels of other kinds (`A1`, `L`, `R-2`) have no sequence that could be known.
    """
    numbered = all(name.isascii() and name.isdecimal() for name in names)
    places = [int(name) - 1 if numbered else _place(name) for name in names]
    if None in places:
        return None
    return next((number for number, place in enumerate(places) if place != number), None)


def _place(name: str) -> int | None:
    """The place of a letter in A, B … Z, AA … from 0; None for what is none."""
    if not (name.isascii() and name.isalpha() and len(name) < 4):
        return None
    place = 0
    for letter in name.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
