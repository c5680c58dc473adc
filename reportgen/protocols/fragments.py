"""Fragments: what several protocols share, joined with what a protocol says itself.

A protocol names its fragments under `use`, in order. Under `change` it then changes what they bring, by id and in the
language of profiles. A fragment is one file: the form's parts, and its sentences under `wording`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from reportgen.findings import Finding, FindingsError, refuse
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, text_at

USE, CHANGE = "use", "change"
_OF_A_PROTOCOL = frozenset({"id", "version", "title", "summary", "criteria", "codes", USE, CHANGE})
"""What a fragment never brings: it is no diagnosis, and judges none."""


def used(protocol: Mapping) -> tuple[str, ...]:
    """The ids of the fragments that a protocol uses, in order; raises T401 where `use` is not a list of ids."""
    node = protocol.get(USE)
    if node is None:
        return ()
    if not isinstance(node, Items) or not all(isinstance(item, Text) for item in node.items):
        raise refuse("T401", "takes a list of fragments", node.place, USE, hint="write [specimen, margins]")
    ids = [item.text for item in node.items if isinstance(item, Text)]
    for item, id in zip(node.items, ids, strict=True):
        if ids.count(id) > 1:
            raise refuse("T404", f"{id} is used twice", item.place, USE)
    return tuple(ids)


def joined(fragments: Iterable[Mapping], protocol: Mapping) -> Mapping:
    """The fragments and the protocol as one, without `use` and `change`.

    Lists are joined in order, the protocol's own entries last; sections of one id become one section. What is no list
    is said by the last one that says it.

    Raises:
        FindingsError: T401 for what a fragment may not bring.
    """
    parts = tuple(fragments)
    findings = [
        Finding("T401", entry.place, entry.key, "belongs to a protocol, not to a fragment", "move it to the protocol")
        for part in parts
        for entry in part
        if entry.key in _OF_A_PROTOCOL
    ]
    if findings:
        raise FindingsError(findings)
    own = Mapping(tuple(entry for entry in protocol if entry.key not in (USE, CHANGE)), protocol.place)
    return reduce(_join, (*parts, own)) if parts else own


def _join(one: Mapping, two: Mapping) -> Mapping:
    behind = {entry.key: entry for entry in two}
    entries = [_entry(entry, behind.pop(entry.key)) if entry.key in behind else entry for entry in one]
    return Mapping((*entries, *behind.values()), two.place)


def _entry(one: Entry, two: Entry) -> Entry:
    return Entry(two.key, _node(two.key, one.value, two.value), two.place)


def _node(key: str, one: Node, two: Node) -> Node:
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return _join(one, two)
    if isinstance(one, Items) and isinstance(two, Items):
        items = (*one.items, *two.items)
        return Items(_sections(items) if key == "sections" else items, two.place)
    return two


def _sections(items: Iterable[Node]) -> tuple[Node, ...]:
    """Sections of one id as one, where the first of them is."""
    found: dict[str, Node] = {}
    for number, item in enumerate(items):
        id = text_at(item, "id") or f"section {number + 1} without an id"
        before = found.get(id)
        found[id] = _join(before, item) if isinstance(before, Mapping) and isinstance(item, Mapping) else item
    return tuple(found.values())
