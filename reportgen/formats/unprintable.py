"""What a case says that no font can print in a PDF: found before anything is laid out, with the place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from reportgen.findings import Finding
from reportgen.formats.fonts import lacking, remedy, uncovered
from reportgen.formats.machine_fonts import found
from reportgen.laboratory.model import Laboratory
from reportgen.reading.source import Items, Mapping, Node, Text

NO_PDF = "W315"
BY_MACHINE = "W316"
_REFUSED = "E503"
_LIMIT = 5  # characters that one case is warned of


class Lost(NamedTuple):
    """A character that no font of ours has, at one value.

    Attributes:
        char: the character.
        text: the value that holds it.
        path: its path.
        font: the file name of a font of this machine that has it; "" where there is none.
    """

    char: str
    text: Text
    path: str
    font: str


def lost(source: Mapping, laboratory: Laboratory | None) -> Iterator[Lost]:
    """Each character that no font has at each value that holds it; none for most cases."""
    for path, text in texts(source, ""):
        if not text.text.isascii():
            for char in sorted(uncovered(text.text, laboratory)):
                fonts, _ = found(char)
                yield Lost(char, text, path, fonts[0].path.name if fonts else "")


def unprintable(source: Mapping, laboratory: Laboratory | None) -> tuple[Finding, ...]:
    """A warning for each character that no font has (W315) or one of this machine alone (W316); none for most cases.

    It is at the first value that holds the character.
    """
    warned: dict[str, Finding] = {}
    for char, text, path, font in lost(source, laboratory):
        if char not in warned and font:
            warned[char] = Finding(BY_MACHINE, text.place, path, f"{lacking(char)} but {font} of this machine")
        elif char not in warned:
            warned[char] = Finding(NO_PDF, text.place, path, lacking(char), remedy(char))
    return tuple(warned.values())[:_LIMIT]


def refusing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings for who will make the PDF: there such a character refuses the case."""
    return tuple(replace(each, code=_REFUSED) if each.code == NO_PDF else each for each in findings)


def texts(node: Node | None, path: str) -> Iterator[tuple[str, Text]]:
    """Every value with its path; an item of a list goes by its label, where it has one."""
    match node:
        case Text():
            yield path, node
        case Mapping(entries=entries):
            for entry in entries:
                yield from texts(entry.value, f"{path}.{entry.key}" if path else entry.key)
        case Items(items=items):
            for number, item in enumerate(items):
                label = item.get("label") if isinstance(item, Mapping) else None
                name = label.text if isinstance(label, Text) and label.text else str(number + 1)
                yield from texts(item, f"{path}.{name}")
