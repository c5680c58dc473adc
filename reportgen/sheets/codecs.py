"""How a value of a protocol is written in a cell, and read from it.

A codec gives the text of a cell for a value, or None for a value that it cannot write; and the value for a text, or
`ValueError` with what is wrong. A value goes into a cell only if it comes back as it was: see `fitting`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reportgen.findings import FindingsError, either
from reportgen.reading.characters import normal
from reportgen.reading.source import plain
from reportgen.reading.yaml_text import read_yaml
from reportgen.reading.yaml_writing import in_line
from reportgen.tables.table import checked, place

REMARK = "#"  # begins a row that is not read
_LONGEST = 30_000  # characters of a cell; a spreadsheet cuts at 32,767
_ESCAPE = "_x00"  # how a workbook spells a control character
_FLOW = ("{", "[", '"', "'")
_KEY = "value"


class Codec(NamedTuple):
    """How values of one kind are written in cells."""

    to_cell: Callable[[object], str | None]
    from_cell: Callable[[str], object]


def fitting(codec: Codec, value: object) -> str | None:
    """The text of a cell that says exactly this value; None where no cell does."""
    cell = codec.to_cell(value)
    try:
        fits = cell is not None and is_safe(cell) and codec.from_cell(cell) == value
    except ValueError:
        return None
    return cell if fits else None


def is_safe(cell: str) -> bool:
    """Whether a text comes back from a cell as it was written."""
    if cell.startswith(REMARK) or cell != cell.strip() or len(cell) > _LONGEST or _ESCAPE in cell:
        return False
    return normal(cell) == cell and not checked([cell], lambda column: place("", "", 1, 1, column))[1]


def _words(value: object) -> str | None:
    return value or None if isinstance(value, str) else None


def _choice(words: dict[str, str]) -> Codec:
    """One of a few words of a cell, each for a word of the file."""
    cells = {word: cell for cell, word in words.items()}

    def read(cell: str) -> object:
        if cell not in words:
            raise ValueError(f"is {either(words)}, or empty")
        return words[cell]

    return Codec(lambda value: cells.get(value) if isinstance(value, str) else None, read)


def _list_to_cell(value: object) -> str | None:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
        return None
    return " | ".join(value)


def _list_from_cell(cell: str) -> object:
    return [each.strip() for each in cell.split("|")]


def _pairs_to_cell(value: object) -> str | None:
    if not isinstance(value, dict) or not value or not all(isinstance(each, str) for each in value.values()):
        return None
    return "\n".join(f"{key}: {each}" for key, each in value.items())


def _pairs_from_cell(cell: str) -> object:
    found: dict[str, str] = {}
    for line in filter(str.strip, cell.split("\n")):
        key, sign, text = (part.strip() for part in line.partition(":"))
        if not sign or not key or not text:
            raise ValueError("has a line without a name, a colon and words, for example convention: page 7")
        if key in found:
            raise ValueError("names one thing twice")
        found[key] = text
    return found


def _any_to_cell(value: object) -> str | None:
    if isinstance(value, str) and value and not value.startswith(_FLOW) and is_safe(value):
        return value
    return "" if value is None else in_line(value)


def _any_from_cell(cell: str) -> object:
    if not cell:
        return None
    return yaml_of(f"{_KEY}: {cell}")[_KEY] if cell.startswith(_FLOW) else cell


def yaml_of(text: str) -> dict[str, object]:
    """What a text of YAML says; raises `ValueError` where it cannot be read."""
    try:
        return {entry.key: plain(entry.value) for entry in read_yaml(text, "")}
    except FindingsError as error:
        finding = error.findings[0]
        raise ValueError(f"{finding.message} ({finding.step})") from None


def _more_to_cell(value: object) -> str | None:
    if not isinstance(value, dict):
        return None
    return "\n".join(in_line({key: each})[1:-1].strip() for key, each in value.items())


TEXT = Codec(_words, lambda cell: cell)
YES_NO = _choice({"yes": "true", "no": "false"})
CORE = _choice({"core": "true", "optional": "false"})
LIST = Codec(_list_to_cell, _list_from_cell)
PAIRS = Codec(_pairs_to_cell, _pairs_from_cell)
ANY = Codec(_any_to_cell, _any_from_cell)
MORE = Codec(_more_to_cell, yaml_of)
