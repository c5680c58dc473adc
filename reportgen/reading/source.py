"""What a file says before anyone gives it a meaning: text values, lists and mappings, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.findings import Place


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as text; `empty` where the file gives a key but no value."""

    text: str
    place: Place
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value; `place` is the key's."""

    key: str
    value: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping in file order; keys are unique (the reader refuses twins)."""

    entries: tuple[Entry, ...]
    place: Place

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        return next((entry.value for entry in self.entries if entry.key == key), None)

    def place_of(self, key: str) -> Place:
        """The place of a key; the mapping's own where the key is not there."""
        return next((entry.place for entry in self.entries if entry.key == key), self.place)


Node = Text | Items | Mapping


def is_empty(node: Node | None) -> bool:
    """Whether nothing was entered: no node, no text, or a list or mapping of nothing."""
    match node:
        case None:
            return True
        case Text(text=text, empty=empty):
            return empty or not text.strip()
        case Items(items=items):
            return all(is_empty(item) for item in items)
        case Mapping(entries=entries):
            return all(is_empty(entry.value) for entry in entries)


def plain(node: Node) -> object:
    """The same as dictionaries, lists and strings; an empty value is None."""
    match node:
        case Text(text=text, empty=empty):
            return None if empty else text
        case Items(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {entry.key: plain(entry.value) for entry in entries}


def place_at(node: Node, path: tuple[str | int, ...]) -> Place:
    """The place of what stands at a path of keys and positions, or of the nearest thing above it."""
    place = node.place
    for step in path:
        if isinstance(node, Mapping) and (value := node.get(str(step))) is not None:
            place = node.place_of(str(step))
            node = value
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            break
    return place
