"""Data that was made in memory as a source, as if it had been read from a file."""

from __future__ import annotations

from typing import Any

from reportgen.findings import Place
from reportgen.reading.source import Entry, Items, Mapping, Node, Text

_MADE = Place("made")


def source_of(data: dict[str, Any]) -> Mapping:
    """Mappings, lists and texts as a source; all stand at one place. None is a key without a value."""
    return Mapping(tuple(Entry(key, _node(value), _MADE) for key, value in data.items()), _MADE)


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        return source_of(value)
    if isinstance(value, list):
        return Items(tuple(_node(item) for item in value), _MADE)
    return Text("" if value is None else str(value), _MADE)
