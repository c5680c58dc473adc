"""What of a protocol can be changed by a laboratory, and the address by which each thing is named there.

`comment.extent.deep_involved` is a clause, `comment.extent` the statement that contains it, `margins.deep` an element,
`sections.margins` a section, `A3.1` the first level of an advisory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reportgen.findings import Place
from reportgen.laboratory.model import Profile
from reportgen.reading.source import Mapping, Node, NodePath, items_at, text_at


class AddressKind(StrEnum):
    """What an address names."""

    clause = "clause"
    statement = "statement"
    statements = "list of statements"
    sections = "list of sections"
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
    macros = "list of macros"


_LIST_OPS = ("append", "remove", "order")
FIELDS: dict[AddressKind, tuple[str, ...]] = {
    AddressKind.clause: ("say", "when", "uses", "source"),
    AddressKind.statement: ("title", "on_request", *_LIST_OPS),
    AddressKind.statements: _LIST_OPS,
    AddressKind.sections: ("order",),
    AddressKind.section: ("title", "heading", "append", "order"),
    AddressKind.element: ("title", "label", "help", "status", "answers", "usual", "append"),
    AddressKind.group: ("title", "label", "heading", "help", "append", "order"),
    AddressKind.panel: ("title", "label", "help", "answers", "append"),
    AddressKind.stain: ("title",),
    AddressKind.advisories: _LIST_OPS,
    AddressKind.advisory: ("title",),
    AddressKind.remark: ("say",),
    AddressKind.threshold: ("number",),
    AddressKind.facts: ("append",),
    AddressKind.macros: _LIST_OPS,
}
"""The fields of each kind that a laboratory may set, and what it may do with the list below it."""
_OF_ELEMENTS = ("source", "asked_by", "applies_when", "required_when")
OWN_FIELDS: dict[AddressKind, tuple[str, ...]] = {
    AddressKind.statement: ("quiet", "one_of"),
    AddressKind.section: ("remove",),
    AddressKind.element: (*_OF_ELEMENTS, "about"),
    AddressKind.group: ("remove", *_OF_ELEMENTS),
    AddressKind.panel: ("status", *_OF_ELEMENTS),
    AddressKind.advisory: ("source",),
}
"""What a protocol may change of its fragments beyond what a laboratory may: when, and why, something is asked."""
CASE_FIELDS: dict[AddressKind, tuple[str, ...]] = {
    AddressKind.sections: ("order",),
    AddressKind.section: ("title", "append", "order"),
    AddressKind.element: ("title", "label", "help", "status"),
    AddressKind.group: ("title", "label", "help", "append", "order"),
}
"""What a laboratory may change of the head of a case, whose answers the program itself knows."""
LISTS = {
    AddressKind.statement: "clauses",
    AddressKind.section: "elements",
    AddressKind.element: "choices",
    AddressKind.group: "elements",
    AddressKind.panel: "stains",
}
"""The key of the list that `append`, `remove` and `order` work on; for the kinds not named here the thing itself."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an address: its kind and the steps to it from the top of the protocol."""

    kind: AddressKind
    path: NodePath


@dataclass(frozen=True)
class Change:
    """One thing that a profile changes.

    Attributes:
        space: the namespace in `lab.yaml`: wording, elements, advisories, thresholds, facts, macros.
        address: the thing within it.
        kind: what it is.
        field: what of it is changed, or `append`, `remove`, `order`.
        before: the whole thing as it stood below this profile; None for what is only added to.
        after: what the profile gives.
        place: where it says so.
        profile: who says so.
    """

    space: str
    address: str
    kind: AddressKind
    field: str
    before: Node | None
    after: Node
    place: Place
    profile: Profile


def place_of_order(changes: Iterable[Change], address: str) -> Place | None:
    """Where a profile orders what is at an address; None if none does."""
    orders = [each for each in changes if each.field == "order" and each.address == address]
    return orders[-1].place if orders else None


def addresses(protocol: Mapping) -> dict[str, dict[str, Thing]]:
    """The namespaces of `protocols.<id>` in a `lab.yaml`, each with its addresses."""
    return {
        "wording": dict(_wording(protocol)),
        "elements": dict(_elements(protocol)),
        "advisories": {"": Thing(AddressKind.advisories, ("advisories",)), **dict(_advisories(protocol))},
        "thresholds": {
            id: Thing(AddressKind.threshold, ("thresholds", n)) for n, id, _ in _listed(protocol, "thresholds")
        },
        "facts": {"": Thing(AddressKind.facts, ("facts",))},
        "macros": {"": Thing(AddressKind.macros, ("macros",))},
    }


def id_of(node: Node) -> str:
    """The `id` of a mapping, or ""."""
    return text_at(node, "id")


def _listed(node: Node | None, key: str) -> Iterator[tuple[int, str, Mapping]]:
    """Position, id and mapping of each entry of the list under a key."""
    for number, item in enumerate(items_at(node, key)):
        if isinstance(item, Mapping):
            yield number, id_of(item), item


def _wording(protocol: Mapping) -> Iterator[tuple[str, Thing]]:
    wording = protocol.get("wording")
    header = wording.get("header") if isinstance(wording, Mapping) else None
    yield "header", Thing(AddressKind.statement, ("wording", "header"))
    yield from _clauses(header, "header", ("wording", "header"))
    for part in ("terms", "diagnosis", "comment"):
        yield part, Thing(AddressKind.statements, ("wording", part))
        for number, id, statement in _listed(wording, part):
            path: NodePath = ("wording", part, number)
            yield f"{part}.{id}", Thing(AddressKind.statement, path)
            yield from _clauses(statement, f"{part}.{id}", path)


def _clauses(statement: Node | None, name: str, path: NodePath) -> Iterator[tuple[str, Thing]]:
    for number, id, _ in _listed(statement, "clauses"):
        yield f"{name}.{id}", Thing(AddressKind.clause, (*path, "clauses", number))


def _elements(protocol: Mapping) -> Iterator[tuple[str, Thing]]:
    yield "sections", Thing(AddressKind.sections, ("sections",))
    for number, id, section in _listed(protocol, "sections"):
        path: NodePath = ("sections", number)
        yield f"sections.{id}", Thing(AddressKind.section, path)
        yield from _below(section, "elements", "", path)


def _below(node: Mapping, key: str, above: str, path: NodePath) -> Iterator[tuple[str, Thing]]:
    for number, id, element in _listed(node, key):
        name, here = f"{above}.{id}" if above else id, (*path, key, number)
        kinds = {"group": AddressKind.group, "panel": AddressKind.panel}
        yield name, Thing(kinds.get(text_at(element, "kind"), AddressKind.element), here)
        for below in ("elements", "followups", "details"):
            yield from _below(element, below, name, here)
        for position, _, choice in _listed(element, "choices"):
            yield from _below(choice, "followups", name, (*here, "choices", position))
        for position, stain, _ in _listed(element, "stains"):
            yield f"{name}.{stain}", Thing(AddressKind.stain, (*here, "stains", position))


def _advisories(protocol: Mapping) -> Iterator[tuple[str, Thing]]:
    for number, id, advisory in _listed(protocol, "advisories"):
        path: NodePath = ("advisories", number)
        yield id, Thing(AddressKind.advisory, path)
        for level in range(len(items_at(advisory, "levels"))):
            yield f"{id}.{level + 1}", Thing(AddressKind.remark, (*path, "levels", level))
