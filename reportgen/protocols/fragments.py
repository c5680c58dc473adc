"""Fragments: what several protocols share, joined with what a protocol says itself.

A protocol names its fragments under `use`, in order. Under `change` it then changes what they bring, by id and in the
language of profiles. A fragment is one file: the form's parts, and its sentences under `wording`. It uses no other
fragment, so that one look at a protocol tells what it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, items_at, plain, text_at

USE, CHANGE = "use", "change"
_OF_A_PROTOCOL = frozenset(
    {
        "id",
        "version",
        "title",
        "foreign_id",
        "summary",
        "report_title",
        "review",
        "criteria",
        "codes",
        "macros",
        USE,
        CHANGE,
    }
)
"""What a fragment never brings: it is no diagnosis, and judges none."""
_STATEMENTS = (("wording", "header"), ("wording", "diagnosis"), ("wording", "comment"))
_CONTINUE = "to add clauses to it, leave out its title; else give it its own id"
_ANOTHER_ID = "give it its own id, or change the other one under `change`"


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

    Lists are joined in order, the protocol's own entries last. Sections with the same id become one. A statement
    without a title adds its clauses to the statement with its id. What is no list is said by the last one that says it.

    Raises:
        FindingsError: T401 for what a fragment may not bring, T404 for an id that two of them give to different things.
    """
    parts = tuple(fragments)
    own = Mapping(tuple(entry for entry in protocol if entry.key not in (USE, CHANGE)), protocol.place)
    if findings := [finding for part in parts for finding in _foreign(part)]:
        raise FindingsError(findings)
    joiner = _Joiner()
    whole = reduce(lambda one, two: joiner.mapping(one, two, ()), (*parts, own))
    if joiner.findings:
        raise FindingsError(joiner.findings)
    return whole


def _foreign(fragment: Mapping) -> Iterator[Finding]:
    """T401 for what only a protocol can say."""
    for entry in fragment:
        if entry.key in _OF_A_PROTOCOL:
            yield Finding(
                "T401", entry.place, entry.key, "belongs to a protocol, not to a fragment", "move it to the protocol"
            )
    for section in items_at(fragment, "sections"):
        if isinstance(section, Mapping) and section.get("applies_when") is not None:
            message = "belongs to a protocol: it decides about all that the section holds"
            hint = "move it to the protocol, or to the elements"
            yield Finding("T401", section.place_of("applies_when"), f"sections.{text_at(section, 'id')}", message, hint)


class _Joiner:
    """Joins nodes by their path from the top, collecting the ids that name two different things."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def mapping(self, one: Mapping, two: Mapping, path: tuple[str, ...]) -> Mapping:
        """What either says; a key of both is joined."""
        behind = {entry.key: entry for entry in two}
        entries = [self.entry(each, behind.pop(each.key), path) if each.key in behind else each for each in one]
        return Mapping((*entries, *behind.values()), two.place)

    def entry(self, one: Entry, two: Entry, path: tuple[str, ...]) -> Entry:
        here = (*path, two.key)
        value = two.value
        if here[:-1] == ("sources",) and plain(one.value) != plain(two.value):
            self.twin(two.key, two.place, one.place, "give it its own id, or the same title")
        elif isinstance(one.value, Mapping) and isinstance(two.value, Mapping):
            if here in (*_STATEMENTS, ("unjudged",)) and two.value.get("title") is not None:
                self.twin(two.key, two.place, one.place, _CONTINUE)
            value = self.mapping(one.value, two.value, here)
        elif isinstance(one.value, Items) and isinstance(two.value, Items):
            value = Items(self.items(one.value.items, two.value.items, here), two.value.place)
        elif type(one.value) is not type(two.value):
            message = f"has another shape than at {one.place}"
            self.findings.append(
                Finding("T401", two.place, two.key, message, "write both as lists, or as keys and values")
            )
        return Entry(two.key, value, two.place)

    def items(self, one: tuple[Node, ...], two: tuple[Node, ...], path: tuple[str, ...]) -> tuple[Node, ...]:
        """Both lists; an item of the second that continues one of the first is joined with it, where that is."""
        found = list(one)
        ids = [text_at(item, "id") for item in one]
        for item in two:
            id = text_at(item, "id")
            before = found[ids.index(id)] if id in ids and id else None
            if isinstance(before, Mapping) and isinstance(item, Mapping) and _continues(item, path):
                found[ids.index(id)] = self.mapping(before, item, (*path, id))
                continue
            if before is not None:
                self.twin(id, _place(item), _place(before), _CONTINUE if path in _STATEMENTS else _ANOTHER_ID)
            found.append(item)
        return tuple(found)

    def twin(self, id: str, place: Place, first: Place, hint: str) -> None:
        self.findings.append(Finding("T404", place, id, f"is used twice, first at {first}", hint))


def _continues(item: Mapping, path: tuple[str, ...]) -> bool:
    """Whether it adds to what has its id: a section, or a statement without a title."""
    return path == ("sections",) or (path in _STATEMENTS and item.get("title") is None)


def _place(item: Node) -> Place:
    return item.place_of("id") if isinstance(item, Mapping) else item.place
