"""What a case says that no font can print in a PDF: found before anything is laid out, with the place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reportgen.findings import Finding
from reportgen.formats.fonts import lacking, of_this_machine, remedy, uncovered
from reportgen.formats.machine_fonts import named
from reportgen.laboratory.model import Laboratory
from reportgen.reading.source import Items, Mapping, Node, Text

NO_PDF = "W315"
_BY_MACHINE = "W316"
_REFUSED = "E503"
_LIMIT = 5  # characters told of for one case


def unprintable(source: Mapping, laboratory: Laboratory | None) -> tuple[Finding, ...]:
    """A warning for each character that no font has (W315) or one of this machine alone (W316); none for most cases.

    It is told at the first value that holds the character.

    Args:
        source: the case as read.
        laboratory: the profile, whose font adds to ours.
    """
    found: dict[str, Finding] = {}
    for path, text in _texts(source, ""):
        if not text.text.isascii():
            for char in sorted(uncovered(text.text, laboratory)):
                found.setdefault(char, _told(char, text, path))
    return tuple(found.values())[:_LIMIT]


def _told(char: str, text: Text, path: str) -> Finding:
    """That no font has a character, with what to do; or that one of this machine alone has it."""
    names, _ = of_this_machine(frozenset(char))
    if not names:
        return Finding(NO_PDF, text.place, path, lacking(char), remedy(char))
    message = f"{lacking(char)} but {named(names[0]).path.name} of this machine"
    return Finding(_BY_MACHINE, text.place, path, message)


def refusing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings for who will make the PDF: there such a character refuses the case."""
    return tuple(replace(each, code=_REFUSED) if each.code == NO_PDF else each for each in findings)


def _texts(node: Node, path: str) -> Iterator[tuple[str, Text]]:
    """Every value with its path; an item of a list goes by its label, where it has one."""
    match node:
        case Text():
            yield path, node
        case Mapping(entries=entries):
            for entry in entries:
                yield from _texts(entry.value, f"{path}.{entry.key}" if path else entry.key)
        case Items(items=items):
            for number, item in enumerate(items):
                label = item.get("label") if isinstance(item, Mapping) else None
                name = label.text if isinstance(label, Text) and label.text else str(number + 1)
                yield from _texts(item, f"{path}.{name}")
