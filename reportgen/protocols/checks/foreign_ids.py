"""Whether each thing of a form is called by one name there, so that the way back to it is known."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.reading.source import Items, Mapping, Node, NodePath, text_at

_KEY = "foreign_id"


def twins(source: Mapping) -> Iterator[tuple[NodePath, NodePath, str]]:
    """Path of a thing, path of one before it and the foreign id that both have."""
    seen: dict[str, NodePath] = {}
    for path, id in _named(source, ()):
        if seen.setdefault(id, path) != path:
            yield path, seen[id], id


def _named(node: Node, path: NodePath) -> Iterator[tuple[NodePath, str]]:
    if isinstance(node, Items):
        for number, item in enumerate(node.items):
            yield from _named(item, (*path, number))
    elif isinstance(node, Mapping):
        if id := " ".join(text_at(node, _KEY).split()):
            yield (*path, _KEY), id
        for entry in node:
            yield from _named(entry.value, (*path, entry.key))
