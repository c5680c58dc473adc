"""What a laboratory cannot take from a protocol: its gaps and stops, and without a printed waiver what it requires."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, Place
from reportgen.language.syntax import Tree
from reportgen.protocols.addresses import AddressKind, id_of
from reportgen.protocols.checks.grounds import Grounds
from reportgen.protocols.checks.reachability import Search
from reportgen.protocols.compiled import Compiled, CompiledForm, condition
from reportgen.protocols.elements import Status
from reportgen.protocols.model import Clause, Level, Statement
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, items_at, text_at

_RANK = {Status.core.value: 2, Status.conditional.value: 1, Status.optional.value: 0}
_NO = frozenset({"false", "no"})
_STOPS = frozenset(level.value for level in Level if level.stops)
_WAIVE = "name it under waivers, with a reason and who decided; every report will print it"


def weakened(
    kind: AddressKind, address: str, node: Node | None, field: Entry, waived: frozenset[str]
) -> Iterator[Finding]:
    """T412 for what a change would weaken; `waived` are the elements and advisories that the laboratory waives."""
    if kind is AddressKind.clause and field.key == "when" and isinstance(node, Mapping) and _is(node, "gap"):
        yield _no(field.place, address, "a gap's condition is not a laboratory's to change", "change its words only")
    elif field.key == "status" and isinstance(field.value, Text) and isinstance(node, Mapping):
        before = text_at(node, "status") or Status.optional.value
        if _RANK.get(field.value.text, 2) < _RANK[before] and address not in waived:
            yield _no(field.place, address, f"is {before} and would become {field.value.text}", _WAIVE)
    elif field.key == "on_request" and isinstance(node, Mapping) and _is_silenced(node, field):
        yield _no(field.place, address, "what a protocol says cannot be switched off as a whole", "change its clauses")
    elif field.key == "remove" and isinstance(field.value, Items):
        wanted = {item.text for item in field.value.items if isinstance(item, Text)}
        for item in _items(node):
            if id_of(item) in wanted:
                yield from _removal(kind, address, item, field.place, waived)


def _is_silenced(node: Mapping, field: Entry) -> bool:
    """Whether a statement that is printed would be printed no more."""
    return not _is(node, "on_request") and isinstance(field.value, Text) and field.value.text.lower() not in _NO


def _removal(kind: AddressKind, address: str, item: Mapping, place: Place, waived: frozenset[str]) -> Iterator[Finding]:
    name = f"{address}.{id_of(item)}".lstrip(".")
    if kind is AddressKind.statement and (_is(item, "gap") or address == "header" or address.startswith("terms.")):
        yield _no(place, name, "cannot be removed", "change its words")
    elif kind is AddressKind.statements:
        gaps = any(_is(clause, "gap") for clause in _items(item))
        if gaps or address in ("terms", "diagnosis"):
            yield _no(place, name, "cannot be removed: it holds gaps, or others lean on it", "change its clauses")
    elif kind is AddressKind.advisories:
        stops = any(text_at(level, "level") in _STOPS for level in items_at(item, "levels"))
        if stops and id_of(item) not in waived:
            yield _no(place, name, "stops a report and would be removed", _WAIVE)


def names_taken(base: CompiledForm, made: CompiledForm) -> Iterator[tuple[str, str]]:
    """Element and another whose built-in name it would be printed under: an answer would change its question."""
    names = {slot.element.name.casefold(): path for path, slot in reversed(base.slots.items())}
    details = {(slot.panel, slot.element.id): slot for slot in base.slots.values() if slot.panel and slot.parent}
    for path, slot in made.slots.items():
        name = slot.element.name.casefold()
        before = base.slots.get(path)
        if before is None and slot.panel and slot.parent:
            before = details.get((slot.panel, slot.element.id))  # an added stain is asked for what all of its panel are
        if (before is None or before.element.name.casefold() != name) and names.get(name, path) != path:
            yield path, names[name]


def gaps_spoken_over(base: Compiled, made: Compiled) -> Iterator[tuple[str, str, str]]:
    """Statement, clause and gap wherever a laboratory's clause could speak in place of a built-in gap.

    Why a search: a clause before a gap is harmless where it speaks only in cases that the built-in clauses
    would have spoken in, too.
    """
    before = {name: statement for name, _, statement in base.protocol.wording.statements()}
    grounds = Grounds(made)
    for name, _, statement in made.protocol.wording.statements():
        old = before.get(name)
        if old is None:
            continue
        known = {clause.id: clause for clause in old.clauses}
        for clause in statement.clauses:
            was = known.get(clause.id)
            if clause.gap or clause.silent or (was and was.when == clause.when and _stands_as(clause, statement, old)):
                continue
            for at, gap in enumerate(old.clauses):
                if gap.gap and _precedes(clause.id, gap.id, statement):
                    both, earlier = f"({clause.when}) and ({gap.when})", [each.when for each in old.clauses[:at]]
                    narrower = any(_narrower(clause.when, each) for each in earlier)
                    if not narrower and Search(made, earlier, both, grounds).found():
                        yield name, clause.id, gap.id


def _narrower(one: str, two: str) -> bool:
    """Whether a condition asks for all that another asks for, and perhaps for more: it then implies the other."""
    mine, theirs = _conjuncts(condition(one).tree), _conjuncts(condition(two).tree)
    return all(any(each == own for own in mine) for each in theirs)


def _conjuncts(tree: Tree) -> list[Tree]:
    return [*_conjuncts(tree[1]), *_conjuncts(tree[2])] if tree[0] == "and" else [tree]


def _stands_as(clause: Clause, new: Statement, old: Statement) -> bool:
    """Whether every gap that stood before a clause still does."""
    order = [each.id for each in old.clauses]
    gaps = [each.id for each in old.clauses[: order.index(clause.id)] if each.gap]
    return all(_precedes(gap, clause.id, new) for gap in gaps)


def _precedes(one: str, two: str, statement: Statement) -> bool:
    order = [clause.id for clause in statement.clauses]
    return one in order and two in order and order.index(one) < order.index(two)


def _no(place: Place, path: str, message: str, hint: str) -> Finding:
    return Finding("T412", place, path, message, hint)


def _items(node: Node | None) -> Iterator[Mapping]:
    """The entries of the list that `remove` works on: the thing itself, or a statement's clauses."""
    items = node.items if isinstance(node, Items) else items_at(node, "clauses")
    yield from (item for item in items if isinstance(item, Mapping))


def _is(node: Mapping, key: str) -> bool:
    return text_at(node, key) == "true"
