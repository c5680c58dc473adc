"""A case as plain data, changed entry by entry the way its file is built.

Paths are those of findings: `patient.name`, `parts.A.margins.deep.location`, `parts.B.gross.blocks.2.id`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import lru_cache
from typing import Any, NamedTuple

from reportgen.cases.element_path import ElementPath, is_number
from reportgen.cases.entries import OWN_KEYS
from reportgen.cases.model import part_prefix
from reportgen.cases.part_labels import next_label, part_names
from reportgen.cases.validate import said_beside
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.slots import Slot
from reportgen.web.entries import Entry, fits, main_key, own_keys, with_details

Data = dict[str, Any]
OF_PART = ("acknowledge", "override")
_BESIDE = ("received_as", *OF_PART)  # what a part says beside its answers
_NUMBER = re.compile("[1-9][0-9]{0,3}")
_HEAD = ("label", "protocol", "received_as")  # what a part begins with


class UnknownPathError(Exception):
    """A path that leads to nothing that this case is asked."""


class Address(NamedTuple):
    """A path with what it leads to in a case."""

    path: ElementPath
    part: int | None  # the number of its part, from 0; None for the head of the case
    form: CompiledForm  # of the part, or of the head
    slot: Slot | None  # None for what is not an element: `received_as`, `acknowledge.A5`, `override.diagnosis`


class Document:
    """One case as data: mappings, lists and texts, copied from those of its file.

    `header` is the form of the head; `protocol` finds the compiled protocol of an id, None where it is not known.
    """

    def __init__(self, data: Data, header: CompiledForm, protocol: Callable[[str], Compiled | None]) -> None:
        self.data: Data = deepcopy(data)
        self.header = header
        self._protocol = protocol

    @property
    def parts(self) -> list[Data]:
        """The parts, in order; none where one is not a mapping, for entries belong to a part by its place."""
        parts = self.data.get("parts")
        return parts if isinstance(parts, list) and all(isinstance(part, dict) for part in parts) else []

    @property
    def labels(self) -> tuple[str, ...]:
        """What paths call each part: its label, as validation takes it."""
        return _names(tuple(str(each.get("label") or "") for each in self.parts))

    def protocol_of(self, part: int) -> Compiled | None:
        """The protocol of a part, if it is known."""
        named = self.parts[part].get("protocol") or self.data.get("protocol")
        return self._protocol(named.strip()) if isinstance(named, str) else None

    def forms(self) -> Iterator[tuple[str, CompiledForm]]:
        """The form of the head, and of each part whose protocol is known; before each, what its paths begin with."""
        yield "", self.header
        for number, label in enumerate(self.labels):
            form = self.protocol_of(number)
            if form is not None:
                yield part_prefix(label), form

    def address(self, path: str) -> Address:
        """Find what a path leads to; raises `UnknownPathError`."""
        at = ElementPath.parse(path)
        if not at.part:
            return Address(at, None, self.header, _slot(self.header, at))
        labels = self.labels
        number = labels.index(at.part) if at.part in labels else -1
        form = self.protocol_of(number) if number >= 0 else None
        if form is None:
            raise UnknownPathError(path)
        is_beside = at.steps and at.steps[0] in _BESIDE and at.from_part in ("received_as", *said_beside(form))
        return Address(at, number, form, None if is_beside else _slot(form, at))

    def get(self, path: str) -> object:
        """What was entered at a path, None where nothing was; raises `UnknownPathError`."""
        address = self.address(path)
        if address.slot is not None:
            return self._at(address, address.path)
        node: object = self._root(address)
        for step in address.path.steps:
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def put(self, path: str, entry: Entry) -> tuple[str, ...]:
        """Enter something at a path, or remove it with None; raises `UnknownPathError` for a path that is not asked.

        Details that do not belong to the new answer are removed, for they would be refused. Returns their paths, and
        that of an entry which was in place of a group or a list.
        """
        address = self.address(path)
        if address.slot is None:
            return self._put_words(address, entry)
        if address.slot.is_group and entry is not None:
            raise UnknownPathError(path)  # it holds entries, and is none
        lost = self._in_the_way(address)
        holder = self._mapping(address, address.path.above)
        key = _key(address.form, address.path, holder)
        old = holder.get(key)
        own = own_keys(address.slot.element)
        details = {name: value for name, value in old.items() if name not in own} if isinstance(old, dict) else {}
        known = address.form.children.get(address.slot.path, {})
        left = [name for name in details if not fits(address.slot, known.get(name), entry)]
        kept = {name: value for name, value in details.items() if name not in left}
        self._put_or_drop(address, holder, key, with_details(address.slot.element, entry, kept))
        self._tidy(address)
        return (*lost, *(f"{path}.{name}" for name in left))

    def add_part(self, protocol: str) -> None:
        """Add an empty part at the end; raises `UnknownPathError` where `parts` is not a list of parts."""
        if self.data.get("parts") and not self.parts:
            raise UnknownPathError("parts")
        self._settle()
        part: Data = {"label": next_label(self.labels)}
        if self.data.get("protocol") != protocol:
            part["protocol"] = protocol
        self.data["parts"] = [*self.parts, part]

    def duplicate_part(self, number: int) -> None:
        """Put a copy of a part at the end, with the next label; the pathologist's own words stay with the part."""
        self._settle()
        copy = {key: value for key, value in deepcopy(self.parts[number]).items() if key not in OF_PART}
        self.data["parts"].append({**copy, "label": next_label(self.labels)})

    def move_part(self, number: int, to: int) -> None:
        """Move a part, with its label, to another place."""
        self._settle()
        if 0 <= to < len(self.parts):
            self.data["parts"].insert(to, self.data["parts"].pop(number))

    def remove_part(self, number: int) -> None:
        """Take a part away; the last one stays, and all keep their labels, which are those of their containers."""
        self._settle()
        if len(self.parts) == 2:  # what was said of no part in particular must not become said of the one that is left
            for kind in OF_PART:
                self.data.pop(kind, None)
        if len(self.parts) > 1:
            del self.data["parts"][number]

    def remove_row(self, path: str, number: int) -> None:
        """Take an entry of a repeated group away; numbers count from 1. Raises `UnknownPathError`."""
        slot = self.address(path).slot
        if slot is None or not slot.repeats:
            raise UnknownPathError(path)
        rows = self.get(path)
        if isinstance(rows, list) and 1 <= number <= len(rows):
            del rows[number - 1]
            if not rows:
                self.put(path, None)

    # --- inside

    def _root(self, address: Address) -> Data:
        if address.part is None:
            return self.data
        part = self.parts[address.part]
        kind = address.path.steps[0]
        above, said = self.data.get(kind), part.get(kind)
        if kind in OF_PART and len(self.parts) == 1 and isinstance(above, dict) and isinstance(said or {}, dict):
            return {**part, kind: {**above, **(said or {})}}
        return part

    def _at(self, address: Address, path: ElementPath) -> object:
        """What was entered at a path: that of the address of an element, or one above it."""
        if not path.steps:
            return self._root(address)
        node = self._at(address, path.above)
        if not is_number(path.name):
            return node.get(_key(address.form, path, node)) if isinstance(node, dict) else None
        number = int(path.name)
        return node[number - 1] if isinstance(node, list) and number <= len(node) else None

    def _in_the_way(self, address: Address) -> tuple[str, ...]:
        """The path of an entry where a group or a list must be, on the way to a new entry, which will replace it.

        Raises `UnknownPathError` for an entry of a list that would leave empty ones before it.
        """
        found: tuple[str, ...] = ()
        for below in reversed(address.path.line[:-2]):
            node = self._at(address, below.above)
            in_list = is_number(below.name)
            if in_list and int(below.name) > (len(node) if isinstance(node, list) else 0) + 1:
                raise UnknownPathError(str(address.path))
            is_group = address.form.slots[below.above.slot].is_group
            if is_group and node and not isinstance(node, list if in_list else dict):
                found = found or (str(below.above),)
        return found

    def _mapping(self, address: Address, path: ElementPath) -> Data:
        """The mapping at a path above an entry; it is made where it is missing."""
        if not path.steps:
            return self.data if address.part is None else self.parts[address.part]
        if is_number(path.name):
            return _row(self._under(address, path.above, list), int(path.name))
        return self._under(address, path, dict)  # type: ignore[no-any-return]  # it is of the kind asked for

    def _under(self, address: Address, path: ElementPath, kind: type[list[Any] | Data]) -> Any:
        """The list or the mapping under the key of an element; an answer becomes the first entry of its mapping."""
        holder = self._mapping(address, path.above)
        key = _key(address.form, path, holder)
        now = holder.get(key)
        if not isinstance(now, kind):
            slot = address.form.slots[path.slot]
            made = kind() if slot.is_group or now is None else {main_key(slot.element): now}
            self._set(address.form, path.above.slot, holder, key, made)
        return holder[key]

    def _set(self, form: CompiledForm, above: str, holder: Data, key: str, value: object) -> None:
        """Put a value under a key; a new key takes the place that it has in the form, and moves no other."""
        if key in holder:
            holder[key] = value
            return
        first = (*_HEAD, *OWN_KEYS) if above or form is not self.header else ("protocol", *OWN_KEYS)
        last = () if above else (*OF_PART, "parts")
        places = {name: place for place, name in enumerate((*first, *form.children.get(above, {}), *last))}
        place = places.get(key, len(places))
        names = list(holder)
        before = next((n for n, name in enumerate(names) if places.get(name, -1) > place), len(names))
        values = {**holder, key: value}
        holder.clear()
        holder.update((name, values[name]) for name in (*names[:before], key, *names[before:]))

    def _tidy(self, address: Address) -> None:
        """Leave no empty mappings behind an entry, and no `{result: …}` without details."""
        for path in address.path.line[1:-1]:
            holder = self._at(address, path.above)
            if not isinstance(holder, dict):
                continue  # a list, or an entry of one that has left
            key = _key(address.form, path, holder)
            node = holder.get(key)
            while isinstance(node, list) and node and node[-1] in ({}, None):
                node.pop()
            if node in ({}, []):
                del holder[key]
            elif isinstance(node, dict) and set(node) in ({"result"}, {"count"}):
                holder[key] = next(iter(node.values()))

    def _put_words(self, address: Address, entry: Entry) -> tuple[str, ...]:
        """Enter the label of the container, the reason of an acknowledgement, or words of the pathologist's own."""
        part = self.parts[address.part or 0]
        if address.path.name == "received_as":
            self._put_or_drop(address, part, "received_as", entry)
            return ()
        self._settle()
        kind, name = address.path.steps
        found, above = part.get(kind), self.data.get(kind)
        if len(self.parts) == 1 and isinstance(above, dict):
            above.pop(name, None)  # said twice: this entry is the one that counts
        said = dict(found) if isinstance(found, dict) else {}
        if entry is None:
            said.pop(name, None)
        else:
            said[name] = entry
        self._put_or_drop(address, part, kind, said or None)
        return () if isinstance(found or {}, dict) else (str(address.path.above),)

    def _put_or_drop(self, address: Address, holder: Data, key: str, value: object) -> None:
        if value is None:
            holder.pop(key, None)
        else:
            above = address.path.above.slot if address.slot else ""
            self._set(address.form, above, holder, key, value)

    def _settle(self) -> None:
        """Put into the part what a case of one part may say at its top."""
        for kind in OF_PART if len(self.parts) == 1 else ():
            above, own = self.data.get(kind), self.parts[0].get(kind) or {}
            if not isinstance(above, dict) or not isinstance(own, dict):
                continue
            twice = {name: said for name, said in above.items() if own.get(name, said) != said}
            if above:
                self.parts[0][kind] = {**above, **own}
            self.data[kind] = twice
            if not twice:
                del self.data[kind]


@lru_cache(maxsize=64)
def _names(labels: tuple[str, ...]) -> tuple[str, ...]:
    """What parts with these labels are called: a form of many parts asks it for every field."""
    return part_names(labels)


def _slot(form: CompiledForm, path: ElementPath) -> Slot:
    slot = form.slots.get(path.slot)
    if slot is None:
        raise UnknownPathError(str(path))
    places = [place for place, step in enumerate(path.steps) if is_number(step)]
    wanted = [slot.repeated.count(".") + 1] if slot.repeated else []
    if places != wanted or not all(_NUMBER.fullmatch(path.steps[place]) for place in places):
        raise UnknownPathError(str(path))
    return slot


def _key(form: CompiledForm, path: ElementPath, node: object) -> str:
    """The key that the file uses for an element: its id, or the alias that is there."""
    slot = form.slots.get(path.slot)
    names = (slot.element.id, *slot.element.aliases) if slot else ()
    return next((name for name in names if isinstance(node, dict) and name in node), path.name)


def _row(rows: list[Any], number: int) -> Data:
    """An entry of a list; the list grows to hold it, by one entry at the most."""
    if number == len(rows) + 1:
        rows.append({})
    if not isinstance(rows[number - 1], dict):
        rows[number - 1] = {}
    return rows[number - 1]  # type: ignore[no-any-return]  # rows are mappings
