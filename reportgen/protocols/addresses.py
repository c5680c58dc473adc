"""What of a protocol can be changed by a laboratory, and the address by which each thing is named there.

`comment.extent.deep_involved` is a clause, `comment.extent` the statement it stands in, `margins.deep` an element,
`sections.margins` a section, `A3.1` the first level of an advisory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from reportgen.reading.source import Items, Mapping, Node, Text

Path = tuple[str | int, ...]


class Kind(StrEnum):
    """What an address names."""

    clause = "clause"
    statement = "statement"
    statements = "list of statements"
    section = "section"
    element = "element"
    group = "group"
    panel = "stain panel"
    stain = "stain"
    advisories = "list of advisories"
    advisory = "advisory"
    remark = "level of an advisory"
    threshold = "threshold"
    facts = "list of facts"


_LIST_OPS = ("append", "remove", "order")
FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.clause: ("say", "when", "uses", "source"),
    Kind.statement: ("title", "on_request", *_LIST_OPS),
    Kind.statements: _LIST_OPS,
    Kind.section: ("title", "append"),
    Kind.element: ("title", "label", "help", "status", "answers"),
    Kind.group: ("title", "label", "help", "append"),
    Kind.panel: ("title", "label", "help", "answers", "append"),
    Kind.stain: ("title",),
    Kind.advisories: ("append", "remove"),
    Kind.advisory: ("title",),
    Kind.remark: ("say",),
    Kind.threshold: ("number",),
    Kind.facts: ("append",),
}
"""The fields of each kind that a laboratory may set, and what it may do with the list below it."""
LISTS = {Kind.statement: "clauses", Kind.section: "elements", Kind.group: "elements", Kind.panel: "stains"}
"""The key of the list that `append`, `remove` and `order` work on; for the kinds not named here the thing itself."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an address: its kind and the steps to it from the top of the protocol."""

    kind: Kind
    path: Path


def addresses(protocol: Mapping) -> dict[str, dict[str, Thing]]:
    """The namespaces of `protocols.<id>` in a `lab.yaml`, each with its addresses."""
    return {
        "wording": dict(_wording(protocol)),
        "elements": dict(_elements(protocol)),
        "advisories": {"": Thing(Kind.advisories, ("advisories",)), **dict(_advisories(protocol))},
        "thresholds": {id: Thing(Kind.threshold, ("thresholds", n)) for n, id, _ in _listed(protocol, "thresholds")},
        "facts": {"": Thing(Kind.facts, ("facts",))},
    }


def id_of(node: Node) -> str:
    """The `id` of a mapping, or ""."""
    found = node.get("id") if isinstance(node, Mapping) else None
    return found.text if isinstance(found, Text) else ""


def _listed(node: Node | None, key: str) -> Iterator[tuple[int, str, Mapping]]:
    """Position, id and mapping of each entry of the list under a key."""
    items = node.get(key) if isinstance(node, Mapping) else None
    for number, item in enumerate(items.items if isinstance(items, Items) else ()):
        if isinstance(item, Mapping):
            yield number, id_of(item), item


def _wording(protocol: Mapping) -> Iterator[tuple[str, Thing]]:
    wording = protocol.get("wording")
    header = wording.get("header") if isinstance(wording, Mapping) else None
    yield "header", Thing(Kind.statement, ("wording", "header"))
    yield from _clauses(header, "header", ("wording", "header"))
    for part in ("terms", "diagnosis", "comment"):
        yield part, Thing(Kind.statements, ("wording", part))
        for number, id, statement in _listed(wording, part):
            path: Path = ("wording", part, number)
            yield f"{part}.{id}", Thing(Kind.statement, path)
            yield from _clauses(statement, f"{part}.{id}", path)


def _clauses(statement: Node | None, name: str, path: Path) -> Iterator[tuple[str, Thing]]:
    for number, id, _ in _listed(statement, "clauses"):
        yield f"{name}.{id}", Thing(Kind.clause, (*path, "clauses", number))


def _elements(protocol: Mapping) -> Iterator[tuple[str, Thing]]:
    for number, id, section in _listed(protocol, "sections"):
        path: Path = ("sections", number)
        yield f"sections.{id}", Thing(Kind.section, path)
        yield from _below(section, "elements", "", path)


def _below(node: Mapping, key: str, above: str, path: Path) -> Iterator[tuple[str, Thing]]:
    for number, id, element in _listed(node, key):
        name, here = f"{above}.{id}" if above else id, (*path, key, number)
        kind = element.get("kind")
        word = kind.text if isinstance(kind, Text) else ""
        yield name, Thing({"group": Kind.group, "panel": Kind.panel}.get(word, Kind.element), here)
        for below in ("elements", "followups", "details"):
            yield from _below(element, below, name, here)
        for position, _, choice in _listed(element, "choices"):
            yield from _below(choice, "followups", name, (*here, "choices", position))
        for position, stain, _ in _listed(element, "stains"):
            yield f"{name}.{stain}", Thing(Kind.stain, (*here, "stains", position))


def _advisories(protocol: Mapping) -> Iterator[tuple[str, Thing]]:
    for number, id, advisory in _listed(protocol, "advisories"):
        path: Path = ("advisories", number)
        yield id, Thing(Kind.advisory, path)
        levels = advisory.get("levels")
        for level in range(len(levels.items) if isinstance(levels, Items) else 0):
            yield f"{id}.{level + 1}", Thing(Kind.remark, (*path, "levels", level))
