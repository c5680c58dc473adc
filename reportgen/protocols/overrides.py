"""A laboratory's changes laid over a protocol, by id: what it writes says only what differs.

Why by id and never by a copied file: a new release then reaches everything that was not changed, and a change whose
thing is no longer there is told at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportgen.findings import Finding, FindingsError, Place, did_you_mean, one_of, refuse
from reportgen.laboratory.model import Laboratory, Profile
from reportgen.protocols.addresses import (
    CASE_FIELDS,
    FIELDS,
    LISTS,
    OWN_FIELDS,
    AddressKind,
    Change,
    Thing,
    addresses,
    id_of,
)
from reportgen.reading.source import Entry, Items, Mapping, Node, NodePath, Text, items_at, node_at, place_at

_PROTOCOL = ("this protocol", "`reportgen protocols show`")
CASE = "case"  # the key of `lab.yaml` for the head of a case
OWN_SOURCE = "laboratory"  # the key of `sources` that names a laboratory's own words
_SPOKEN = frozenset({"say", "when", "uses"})
_NEW_CLAUSE = frozenset({"id", "when", "say", "uses", "source", "gap"})


def lay_over(protocol: Mapping, id: str, laboratory: Laboratory) -> tuple[Mapping, tuple[Change, ...]]:
    """The protocol with the changes that a laboratory's profiles make to it, and these changes in order.

    Raises:
        FindingsError: T401 for a change of the wrong shape, T402 for an id that is not there, T412 for a safeguard
            that is weakened without a waiver.
    """
    require_own_source_free(protocol)
    needless = list(needless_waivers(laboratory, protocol, id))
    if needless:
        raise FindingsError(needless)
    changes: list[Change] = []
    waived = frozenset(waiver.id for waiver in laboratory.spec.waivers if waiver.protocol == id)
    for profile, part in laboratory.parts("protocols", id):
        overlay = _Overlay(protocol, profile, waived)
        protocol = overlay.made(part)
        changes += overlay.changes
    if changes:
        protocol = _with_source(protocol, laboratory)
    return protocol, tuple(changes)


def require_own_source_free(protocol: Mapping) -> None:
    """Refuse a protocol with a source of its own under the id that names a laboratory's words (T404)."""
    sources = protocol.get("sources")
    if isinstance(sources, Mapping) and sources.get(OWN_SOURCE) is not None:
        message, hint = "is the source of what profiles say", "give this source another id"
        raise refuse("T404", message, sources.place_of(OWN_SOURCE), f"sources.{OWN_SOURCE}", hint=hint)


def changed(protocol: Mapping, changes: Mapping) -> Mapping:
    """A protocol with its own changes to what its fragments bring.

    Raises:
        FindingsError: T401 for a change of the wrong shape, T402 for an id that is not there.
    """
    return _Overlay(protocol).made(changes)


def lay_over_case(header: Mapping, laboratory: Laboratory) -> tuple[Mapping, tuple[Change, ...]]:
    """The form of the head of a case with what a laboratory's profiles make of it, and these changes in order.

    Raises:
        FindingsError: as `lay_over`.
    """
    changes: list[Change] = []
    for profile, part in laboratory.parts(CASE):
        overlay = _Overlay(header, profile, of_case=True)
        header = overlay.made(part)
        changes += overlay.changes
    return (_with_source(header, laboratory) if changes else header), tuple(changes)


class _Overlay:
    """Lays changes over a protocol, collecting everything that is wrong with them.

    Those of a profile are signed, noted, and held to the safeguards; without a profile they are the protocol's own.
    """

    def __init__(
        self,
        protocol: Mapping,
        profile: Profile | None = None,
        waived: frozenset[str] = frozenset(),
        *,
        of_case: bool = False,
    ) -> None:
        self.protocol = protocol
        self.profile = profile
        self.waived = waived
        self.of_case = of_case
        self.who = "profile" if profile else "protocol"
        self.changes: list[Change] = []
        self.findings: list[Finding] = []

    def made(self, part: Mapping) -> Mapping:
        spaces = addresses(self.protocol)
        spaces = {"elements": spaces["elements"]} if self.of_case else spaces
        for space in part:
            known = spaces.get(space.key)
            if known is None or not isinstance(space.value, Mapping):
                hint = did_you_mean(space.key, spaces, otherwise=one_of(spaces))
                self.find("T402", space.place, space.key, f"is not what a {self.who} can change", hint)
                continue
            self.space(space.key, known, space.value)
        if self.findings:
            raise FindingsError(self.findings)
        return self.protocol

    def find(self, code: str, place: Place, path: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(code, place, path, message, hint))

    def space(self, space: str, known: dict[str, Thing], given: Mapping) -> None:
        """Apply one namespace: fields first, then what changes positions, the innermost lists first.

        Thus each address leads to its thing until that has been changed.
        """
        late: list[tuple[str, Thing, Entry]] = []
        for entry in given:
            thing, fields = known.get(entry.key), entry.value
            if thing is None and "" in known and entry.key in FIELDS[known[""].kind]:
                thing, fields = known[""], Mapping((entry,), entry.place)
            if thing is None:
                where, ids = ("the head of a case", "docs/case-files.md") if self.of_case else _PROTOCOL
                hint = did_you_mean(entry.key, known, otherwise=f"see {ids} for the ids")
                self.find("T402", entry.place, f"{space}.{entry.key}", f"is not an id of {where}", hint)
                continue
            if thing.kind is AddressKind.threshold and isinstance(fields, Text):
                fields = Mapping((Entry("number", fields, entry.place),), entry.place)
            if not isinstance(fields, Mapping) or not fields.entries:
                hint = f"write {{{FIELDS[thing.kind][0]}: …}}"
                self.find("T401", entry.place, f"{space}.{entry.key}", f"holds fields of the {thing.kind}", hint)
                continue
            address = "" if thing is known.get("") else entry.key
            for field in fields:
                offered = self.fields(thing.kind)
                if field.key not in offered:
                    hint = did_you_mean(field.key, offered, otherwise=one_of(offered))
                    message = f"a {self.who} cannot change {field.key} of this {thing.kind}"
                    self.find("T401", field.place, f"{space}.{entry.key}", message, hint)
                elif field.key in ("append", "remove", "order"):
                    late.append((address, thing, field))
                else:
                    self.field(space, address, thing, field)
        for address, thing, field in sorted(late, key=_innermost_first):
            self.listed(space, address, thing, field)

    def fields(self, kind: AddressKind) -> tuple[str, ...]:
        """What may be changed of this kind."""
        if self.of_case:
            return CASE_FIELDS.get(kind, ())
        return FIELDS[kind] if self.profile else (*FIELDS[kind], *OWN_FIELDS.get(kind, ()))

    def field(self, space: str, address: str, thing: Thing, field: Entry) -> None:
        node = node_at(self.protocol, thing.path)
        assert isinstance(node, Mapping)  # noqa: S101 - addresses name mappings
        if self.weakens(address, thing, node, field):
            return
        self.note(space, address, thing, field, node)
        if field.key == "answers":
            changed = self.answers(address, thing.kind, node, field)
        elif field.key == "usual":
            changed = self.usual(address, node, field)
        elif field.key == "source" and isinstance(field.value, Mapping):
            changed = self.sign(put(node, "source", field.value, field.place), field)
        else:
            changed = put(node, field.key, field.value, field.place)
        if thing.kind is AddressKind.clause and field.key in _SPOKEN:
            changed = self.sign(changed, field)
        self.protocol = replaced(self.protocol, thing.path, changed)

    def weakens(self, address: str, thing: Thing, node: Node | None, field: Entry) -> bool:
        """Whether a profile would weaken a safeguard; what a protocol makes of its fragments is its own to decide."""
        if self.profile is None:
            return False
        from reportgen.protocols.checks.safeguards import weakened

        found = list(weakened(thing.kind, address, node, field, self.waived))
        self.findings += found
        return bool(found)

    def answers(self, address: str, kind: AddressKind, node: Mapping, field: Entry) -> Mapping:
        """The element with the labels that are given for some of its answers."""
        key = "results" if kind is AddressKind.panel else "choices"
        choices = node.get(key)
        items = list(choices.items) if isinstance(choices, Items) else []
        ids = [id_of(item) for item in items]
        for entry in field.value if isinstance(field.value, Mapping) else ():
            label = entry.value.get("label") if isinstance(entry.value, Mapping) else entry.value
            if entry.key not in ids:
                hint = did_you_mean(entry.key, ids, otherwise=one_of(ids))
                self.find("T407", entry.place, f"elements.{address}", f'"{entry.key}" is not an answer of it', hint)
            elif not isinstance(label, Text) or not label.text.strip():
                self.find("T401", entry.place, f"elements.{address}", "an answer takes a label", "write answer: label")
            else:
                at = ids.index(entry.key)
                choice = items[at]
                assert isinstance(choice, Mapping)  # noqa: S101 - it has an id
                items[at] = put(choice, "label", label, entry.place)
        if not isinstance(field.value, Mapping):
            self.find("T401", field.place, f"elements.{address}", "answers hold a label for each answer")
        return put(node, key, Items(tuple(items), choices.place if choices else field.place))

    def usual(self, address: str, node: Mapping, field: Entry) -> Mapping:
        """The element with the answer that the profile gives where a case enters none."""
        from reportgen.protocols.checks.conventions import as_list, wrong_usual

        found = list(wrong_usual(address, node, field))
        self.findings += found
        return node if found else put(node, "usual", as_list(field), field.place)

    def listed(self, space: str, address: str, thing: Thing, field: Entry) -> None:
        """`append`, `remove` or `order` of the list below a thing."""
        path = (*thing.path, LISTS[thing.kind]) if thing.kind in LISTS else thing.path
        node = node_at(self.protocol, path)
        items = node.items if isinstance(node, Items) else ()
        name = f"{space}.{address}".rstrip(".")
        if not isinstance(field.value, Items):
            self.find("T401", field.place, name, f"{field.key} takes a list")
            return
        if thing.kind is AddressKind.element and not items:
            self.find(
                "T401", field.place, name, "is no list of answers", "append to a choice, or to a section or group"
            )
            return
        if field.key == "append":
            items = (*items, *(self.own(thing.kind, item, name) for item in field.value.items))
        else:
            ids, wanted = [id_of(item) for item in items], [_word(item) for item in field.value.items]
            for word in wanted:
                if word not in ids:
                    hint = did_you_mean(word, ids, otherwise=one_of(ids))
                    self.find("T402", field.place, name, f'"{word}" is not in this list', hint)
            if not set(wanted) <= set(ids):
                return
            if self.weakens(address, thing, node_at(self.protocol, thing.path), field):
                return
            items = _removed(items, wanted, thing) if field.key == "remove" else _ordered(items, wanted)
        self.note(space, address, thing, field, node)
        self.protocol = replaced(self.protocol, path, Items(items, node.place if node else field.place))

    def own(self, kind: AddressKind, item: Node, name: str) -> Node:
        """Something that a profile adds, signed as its own."""
        if not isinstance(item, Mapping) or not id_of(item):
            self.find("T401", item.place, name, "what is added has an id")
            return item
        if kind is AddressKind.facts:
            return item
        if kind is AddressKind.element:
            return put(item, "added", Text("true", item.place), item.place)
        if kind is AddressKind.statement:
            for entry in item if self.profile else ():
                if entry.key not in _NEW_CLAUSE:
                    message = f"a clause that a profile adds has no {entry.key}"
                    self.find("T401", entry.place, f"{name}.{id_of(item)}", message, one_of(sorted(_NEW_CLAUSE)))
        if kind is AddressKind.statements and isinstance(clauses := item.get("clauses"), Items):
            signed = tuple(self.own(AddressKind.statement, clause, f"{name}.{id_of(item)}") for clause in clauses.items)
            return put(item, "clauses", replace(clauses, items=signed))
        return item if kind is AddressKind.statements else self.sign(item, Entry("id", item, item.place))

    def sign(self, node: Mapping, field: Entry) -> Mapping:
        """Name the profile as the source of what it says, beside what the source was."""
        if self.profile is None:
            return node
        source = node.get("source")
        kept = tuple(each for each in source if each.key != OWN_SOURCE) if isinstance(source, Mapping) else ()
        spec = self.profile.spec
        signed = Entry(OWN_SOURCE, Text(f"{spec.name} {spec.version}", field.place), field.place)
        return put(node, "source", Mapping((*kept, signed), field.place), node.place_of("source"))

    def note(self, space: str, address: str, thing: Thing, field: Entry, before: Node | None) -> None:
        if self.profile:
            self.changes.append(
                Change(space, address, thing.kind, field.key, before, field.value, field.place, self.profile)
            )


def needless_waivers(laboratory: Laboratory, protocol: Mapping, id: str) -> Iterator[Finding]:
    """T402 for each waiver for this protocol that names nothing in it."""
    known = addresses(protocol)
    clauses = {address for address, thing in known["wording"].items() if thing.kind is AddressKind.clause}
    names = {*known["elements"], *known["advisories"], *clauses, *_added_clauses(laboratory, id)} - {""}
    for profile in laboratory.profiles:
        for number, waiver in enumerate(profile.spec.waivers):
            if waiver.protocol == id and waiver.id not in names:
                place = place_at(profile.source, ("waivers", number, "id"))
                hint = did_you_mean(waiver.id, names, otherwise="see `reportgen protocols show` for the ids")
                yield Finding("T402", place, f"waivers.{waiver.id}", "is not an element, advisory or sentence", hint)


def unknown_facts(laboratory: Laboratory, protocol: Mapping, id: str) -> Iterator[Finding]:
    """T402 for each fact that a table of codes or a short synopsis asks of this protocol, and that it does not have."""
    known = [id_of(each) for each in items_at(protocol, "facts")]
    for profile in laboratory.profiles:
        asked = [(("codes", n, "when"), each.when) for n, each in enumerate(profile.spec.codes) if each.protocol == id]
        named = [(("short_synopsis", id), fact) for key, fact in profile.spec.short_synopsis.items() if key == id]
        for path, fact in (*asked, *named):
            if (fact or path[0] != "codes") and fact not in known:
                place, name = place_at(profile.source, path), f"{path[0]}.{fact}"
                hint = did_you_mean(fact, known, otherwise=one_of(known) if known else "it has no facts")
                yield Finding("T402", place, name, "is not a fact of this protocol", hint)


def _added_clauses(laboratory: Laboratory, id: str) -> Iterator[str]:
    """The addresses of the sentences that profiles add to statements of a protocol."""
    for _, part in laboratory.parts("protocols", id, "wording"):
        for entry in part:
            for item in items_at(entry.value, "append"):
                yield f"{entry.key}.{id_of(item)}"


def _removed(items: tuple[Node, ...], ids: list[str], thing: Thing) -> tuple[Node, ...]:
    """The list without these; a clause stays in its place and is silent, so that none behind it speaks in its stead."""
    if thing.kind is not AddressKind.statement:
        return tuple(item for item in items if id_of(item) not in ids)
    begin = items[0].place if items else Place()
    silent = Entry("silent", Text("true", begin), begin)
    return tuple(
        replace(item, entries=(*item.entries, silent)) if id_of(item) in ids and isinstance(item, Mapping) else item
        for item in items
    )


def _ordered(items: tuple[Node, ...], ids: list[str]) -> tuple[Node, ...]:
    """Those named, in that order, then the others as they stood."""
    first = [next(item for item in items if id_of(item) == id) for id in dict.fromkeys(ids)]
    return (*first, *(item for item in items if id_of(item) not in ids))


def _innermost_first(change: tuple[str, Thing, Entry]) -> tuple[int, int]:
    _, thing, field = change
    return -len(thing.path), ("append", "remove", "order").index(field.key)


def _word(node: Node) -> str:
    return node.text if isinstance(node, Text) else ""


def _with_source(protocol: Mapping, laboratory: Laboratory) -> Mapping:
    sources = protocol.get("sources")
    names = "; ".join(f"{each.spec.name} {each.spec.version}" for each in laboratory.profiles)
    title = Mapping(
        (
            Entry("title", Text("The laboratory's own profile", protocol.place), protocol.place),
            Entry("cite", Text(names, protocol.place), protocol.place),
        ),
        protocol.place,
    )
    own = Entry(OWN_SOURCE, title, protocol.place)
    kept = sources.entries if isinstance(sources, Mapping) else ()
    return put(protocol, "sources", Mapping((*kept, own), protocol.place_of("sources")))


def replaced(node: Node, path: NodePath, value: Node) -> Mapping:
    """The same with another value at a path."""
    changed = _replaced(node, path, value)
    assert isinstance(changed, Mapping)  # noqa: S101 - the top stays a mapping
    return changed


def _replaced(node: Node | None, path: NodePath, value: Node) -> Node:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(node, Items) and isinstance(step, int):
        items = list(node.items)
        items[step] = _replaced(items[step], rest, value)
        return replace(node, items=tuple(items))
    assert isinstance(node, Mapping)  # noqa: S101 - paths come from the source itself
    return put(node, str(step), _replaced(node.get(str(step)), rest, value), node.place_of(str(step)))


def put(node: Mapping, key: str, value: Node, place: Place | None = None) -> Mapping:
    """The mapping with another value under a key, which keeps its position."""
    entry = Entry(key, value, place or value.place)
    if node.get(key) is None:
        return replace(node, entries=(*node.entries, entry))
    return replace(node, entries=tuple(entry if each.key == key else each for each in node.entries))
