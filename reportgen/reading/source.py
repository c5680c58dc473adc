"""What a file says before anyone gives it a meaning: text values, lists and mappings, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from reportgen.findings import Place


class Doubt(StrEnum):
    """Why the text of a value may be less, or other, than what its author typed."""

    cut = "cut"  # a comment follows so closely that it may have been meant as part of the value
    joined = "joined"  # the grammar made one line of several, and nobody asked for it
    number = "number"  # a number of the file's grammar: its zeros may have been lost before it was written
    logical = "logical"  # true or false of the file's grammar
    folded = "folded"  # the same, asked for (`>`) or done by a program, and the lines may yet have had a meaning


class Text(NamedTuple):
    """A scalar as text; `empty` where the file gives a key but no value."""

    text: str
    place: Place
    empty: bool = False
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


class Entry(NamedTuple):
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
        for entry in self.entries:
            if entry.key == key:
                return entry.value
        return None

    def place_of(self, key: str) -> Place:
        """The place of a key; the mapping's own where the key is not there."""
        return next((entry.place for entry in self.entries if entry.key == key), self.place)


Node = Text | Items | Mapping
NodePath = tuple[str | int, ...]  # keys and positions from the top
_MADE = Place("made")


def is_empty(node: Node | None) -> bool:
    """Whether nothing was entered: no node, no text, or a list or mapping of nothing."""
    if isinstance(node, Text):
        return node.empty or not node.text.strip()
    if isinstance(node, Items):
        return all(is_empty(item) for item in node.items)
    return node is None or all(is_empty(entry.value) for entry in node.entries)


def text_at(node: Node | None, key: str) -> str:
    """The text under a key of a mapping; "" where there is none."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return found.text if isinstance(found, Text) else ""


def items_at(node: Node | None, key: str) -> tuple[Node, ...]:
    """The items of the list under a key of a mapping; empty if there is no list."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return found.items if isinstance(found, Items) else ()


def plain(node: Node) -> object:
    """The same as dictionaries, lists and strings; an empty value is None."""
    match node:
        case Text(text=text, empty=empty):
            return None if empty else text
        case Items(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {entry.key: plain(entry.value) for entry in entries}


def node_at(node: Node, path: NodePath) -> Node | None:
    """The node at a path of keys and positions; None if there is none."""
    found: Node | None = node
    for step in path:
        if isinstance(found, Mapping) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, Items) and isinstance(step, int):
            found = found.items[step] if step < len(found.items) else None
        else:
            return None
    return found


def place_at(node: Node, path: NodePath) -> Place:
    """The place of the node at a path of keys and positions, or of the nearest node above it."""
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


def by_names(node: Node, path: NodePath) -> str:
    """A path in words: `colors.accent`, or `sections › findings › elements › size` where it leads through lists.

    An entry of a list is called by its id or name, or by its number, counted from 1, if it has neither.
    """
    steps: list[str] = []
    for end, step in enumerate(path):
        if isinstance(step, str):
            steps.append(step)
        elif isinstance(node_at(node, path[:end]), Items):
            item = node_at(node, path[: end + 1])
            steps.append(text_at(item, "id") or text_at(item, "name") or str(step + 1))
    return (" › " if any(isinstance(step, int) for step in path) else ".").join(steps)


def source_of(data: dict[str, object]) -> Mapping:
    """Mappings, lists and texts as a source; all have one place. None is a key without a value."""
    return Mapping(tuple(Entry(key, _node(value), _MADE) for key, value in data.items()), _MADE)


def _node(value: object) -> Node:
    if isinstance(value, dict):
        return source_of(value)
    if isinstance(value, list):
        return Items(tuple(_node(item) for item in value), _MADE)
    return Text("" if value is None else str(value), _MADE)
