"""A case as plain data, changed entry by entry the way its file is built.

Paths are those of findings: `patient.name`, `parts.A.margins.deep.location`, `parts.B.gross.blocks.2.id`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportgen.cases.part_labels import next_label, part_names
from reportgen.cases.validate import overridable
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import CountElement, GroupElement
from reportgen.protocols.slots import Slot
from reportgen.web.entries import OWN, Entry, fits, own_keys, with_details

Data = dict[str, Any]
OF_PART = ("acknowledge", "override")
_NUMBER = re.compile("[1-9][0-9]{0,3}")
_HEAD = ("label", "protocol", "received_as")  # what a part begins with


class UnknownPathError(Exception):
    """A path that leads to nothing that this case is asked."""


@dataclass(frozen=True)
class Address:
    """A path taken apart: the number of its part (None for the head of the case), its steps, and its slot.

    `slot` is None for what is no element: `received_as`, `acknowledge.A5`, `override.diagnosis`.
    """

    part: int | None
    steps: tuple[str, ...]
    slot: Slot | None


class Document:
    """One case as data.

    Args:
        data: what the file says, as mappings, lists and texts; it is copied.
        header: the form of the head.
        protocol: the compiled protocol of an id, or None for one that is not known.
    """

    def __init__(self, data: Data, header: CompiledForm, protocol: Callable[[str], Compiled | None]) -> None:
        self.data: Data = deepcopy(data)
        self.header = header
        self._protocol = protocol

    @property
    def parts(self) -> list[Data]:
        """The parts, in order; none where one is no mapping, for the place of a part tells what its entries are of."""
        parts = self.data.get("parts")
        return parts if isinstance(parts, list) and all(isinstance(part, dict) for part in parts) else []

    def label(self, part: int) -> str:
        """What paths call a part, by its place: its label, as validation takes it."""
        names = self._labels()
        return names[part] if part < len(names) else next_label(names)

    def protocol_of(self, part: int) -> Compiled | None:
        """The protocol of a part, if it is known."""
        named = self.parts[part].get("protocol") or self.data.get("protocol")
        return self._protocol(named.strip()) if isinstance(named, str) else None

    def address(self, path: str) -> Address:
        """Take a path apart; raises `UnknownPathError`."""
        steps = tuple(path.split("."))
        if steps[0] != "parts":
            return Address(None, steps, _slot(self.header, steps))
        number = self._number(steps[1]) if steps[1:] else -1
        form = self.protocol_of(number) if number >= 0 else None
        if form is None:
            raise UnknownPathError(path)
        rest = steps[2:]
        names = {"acknowledge": form.acknowledgeable, "override": overridable(form)}
        special = rest == ("received_as",) or (len(rest) == 2 and rest[1] in names.get(rest[0], ()))
        return Address(number, rest, None if special else _slot(form, rest))

    def get(self, path: str) -> object:
        """What stands at a path, or None."""
        address = self.address(path)
        if address.slot is None:
            node: object = self._root(address)
            for step in address.steps:
                node = node.get(step) if isinstance(node, dict) else None
            return node
        return self._at(address, address.steps)

    def put(self, path: str, entry: Entry) -> tuple[str, ...]:
        """Enter something at a path, or take it away with None.

        Details stay where they belong to the new answer; the others leave with the old one, for they would be refused.

        Returns:
            The paths of the details that left, and of what stood where only a group or a list can stand.

        Raises:
            UnknownPathError: for a path that this case is not asked.
        """
        address = self.address(path)
        if address.slot is None:
            return self._put_words(address, path, entry)
        if address.slot.is_group and entry is not None:
            raise UnknownPathError(path)  # it holds entries, and is none
        lost = self._in_the_way(address, path)
        holder = self._holder(address)
        key = _key(self._form(address), _above(address), address.steps[-1], holder)
        old = holder.get(key)
        own = own_keys(address.slot.element)
        details = {name: value for name, value in old.items() if name not in own} if isinstance(old, dict) else {}
        kept = {name: details[name] for name in details if entry is not None and fits(address.slot, name, entry)}
        new = with_details(address.slot.element, entry, kept)
        if new is None:
            holder.pop(key, None)
        else:
            self._set(self._form(address), _above(address), holder, key, new)
        self._tidy(address)
        return (*lost, *(f"{path}.{name}" for name in details if name not in kept))

    def forget(self, path: str) -> bool:
        """Take away what stands under these very keys, whether the case is asked it or not; False where nothing does.

        This is the way to an entry that nobody knows.
        """
        steps = path.split(".", 2)
        if steps[0] == "parts" and len(steps) > 2:
            number = self._number(steps[1])
            return _forgotten(self.parts[number] if number >= 0 else None, steps[2])
        return _forgotten(self.data, path)

    def add_part(self, protocol: str) -> None:
        """Add an empty part at the end; raises `UnknownPathError` where the parts are no list of parts."""
        if self.data.get("parts") and not self.parts:
            raise UnknownPathError("parts")
        self._settle()
        part: Data = {"label": next_label(self._labels())}
        if self.data.get("protocol") != protocol:
            part["protocol"] = protocol
        self.data["parts"] = [*self.parts, part]

    def duplicate_part(self, number: int) -> None:
        """Put a copy of a part at the end, with the next label; the pathologist's own words stay with the part."""
        self._settle()
        copy = {key: value for key, value in deepcopy(self.parts[number]).items() if key not in OF_PART}
        self.data["parts"].append({**copy, "label": next_label(self._labels())})

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
        if slot is None or not (isinstance(slot.element, GroupElement) and slot.element.repeats):
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
        kind = address.steps[0]
        above, said = self.data.get(kind), part.get(kind)
        if kind in OF_PART and len(self.parts) == 1 and isinstance(above, dict) and isinstance(said or {}, dict):
            return {**part, kind: {**above, **(said or {})}}
        return part

    def _at(self, address: Address, steps: tuple[str, ...]) -> object:
        """What stands at the first steps of the address of an element."""
        form = self._form(address)
        node: object = self._root(address)
        above = ""
        for step in steps:
            if step.isdecimal():
                node = node[int(step) - 1] if isinstance(node, list) and int(step) <= len(node) else None
            else:
                node = node.get(_key(form, above, step, node)) if isinstance(node, dict) else None
                above = f"{above}.{step}".lstrip(".")
        return node

    def _in_the_way(self, address: Address, path: str) -> tuple[str, ...]:
        """The path of what stands where a group or a list must stand on the way to an entry; it will leave for it.

        Raises:
            UnknownPathError: for an entry of a list that would leave empty ones before it.
        """
        form, steps = self._form(address), address.steps
        for number, following in enumerate(steps[1:], start=1):
            node = self._at(address, steps[:number])
            if following.isdecimal() and int(following) > (len(node) if isinstance(node, list) else 0) + 1:
                raise UnknownPathError(path)
            group = form.slots[".".join(each for each in steps[:number] if not each.isdecimal())].is_group
            if group and node and not isinstance(node, list if following.isdecimal() else dict):
                return (path.removesuffix("." + ".".join(steps[number:])),)
        return ()

    def _form(self, address: Address) -> CompiledForm:
        form = self.header if address.part is None else self.protocol_of(address.part)
        if form is None:
            raise UnknownPathError(".".join(address.steps))
        return form

    def _holder(self, address: Address) -> Data:
        """The mapping that the entry stands in; made where it is missing."""
        form = self._form(address)
        node: Any = self.data if address.part is None else self.parts[address.part]
        above = ""
        for step, following in zip(address.steps, address.steps[1:], strict=False):
            if step.isdecimal():
                continue
            key = _key(form, above, step, node)
            above = f"{above}.{step}".lstrip(".")
            if following.isdecimal():
                if not isinstance(node.get(key), list):
                    self._set(form, above.rpartition(".")[0], node, key, [])
                node = _row(node[key], int(following))
                continue
            slot = form.slots[above]
            if not isinstance(node.get(key), dict):
                main = "count" if isinstance(slot.element, CountElement) else "result"
                made = {} if slot.is_group or node.get(key) is None else {main: node[key]}
                self._set(form, above.rpartition(".")[0], node, key, made)
            node = node[key]
        return node  # type: ignore[no-any-return]

    def _set(self, form: CompiledForm, above: str, holder: Data, key: str, value: Any) -> None:
        """Put a value under a key; a new key takes the place that it has in the form, and moves no other."""
        if key in holder:
            holder[key] = value
            return
        first = (*_HEAD, *OWN) if above or form is not self.header else ("protocol", *OWN)
        last = () if above else (*OF_PART, "parts")
        places = {name: place for place, name in enumerate((*first, *form.children.get(above, {}), *last))}
        place = places.get(key, len(places))
        names = list(holder)
        before = next((n for n, name in enumerate(names) if places.get(name, -1) > place), len(names))
        values = {**holder, key: value}
        holder.clear()
        holder.update((name, values[name]) for name in (*names[:before], key, *names[before:]))

    def _tidy(self, address: Address) -> None:
        """Leave no empty mappings behind, and no `{result: …}` without details."""
        node: Any = self.data if address.part is None else self.parts[address.part]
        _tidied(node, self._form(address), "", address.steps[:-1])

    def _put_words(self, address: Address, path: str, entry: Entry) -> tuple[str, ...]:
        """Enter the label of the container, the reason of an acknowledgement, or words of the pathologist's own."""
        part = self.parts[address.part or 0]
        if address.steps == ("received_as",):
            self._put_or_drop(address, part, "received_as", entry)
            return ()
        self._settle()
        kind, name = address.steps
        found, above = part.get(kind), self.data.get(kind)
        if len(self.parts) == 1 and isinstance(above, dict):
            above.pop(name, None)  # said twice: this entry is the one that counts
        said = dict(found) if isinstance(found, dict) else {}
        if entry is None:
            said.pop(name, None)
        else:
            said[name] = entry
        self._put_or_drop(address, part, kind, said or None)
        return () if isinstance(found or {}, dict) else (path.removesuffix(f".{name}"),)

    def _put_or_drop(self, address: Address, part: Data, key: str, value: Any) -> None:
        if value is None:
            part.pop(key, None)
        else:
            self._set(self._form(address), "", part, key, value)

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

    def _labels(self) -> tuple[str, ...]:
        return _names(tuple(str(each.get("label") or "") for each in self.parts))

    def _number(self, label: str) -> int:
        """The place of a part by what paths call it; -1 where there is none."""
        return next((number for number, each in enumerate(self._labels()) if each == label), -1)


@lru_cache(maxsize=64)
def _names(labels: tuple[str, ...]) -> tuple[str, ...]:
    """What parts with these labels are called: a form of many parts asks it for every field."""
    return part_names(labels)


def _slot(form: CompiledForm, steps: tuple[str, ...]) -> Slot:
    slot = form.slots.get(".".join(step for step in steps if not step.isdecimal()))
    if slot is None or steps[0].isdecimal():
        raise UnknownPathError(".".join(steps))
    places = [place for place, step in enumerate(steps) if step.isdecimal()]
    wanted = [slot.repeated.count(".") + 1] if slot.repeated and slot.repeated != slot.path else []
    if places != wanted or not all(_NUMBER.fullmatch(steps[place]) for place in places):
        raise UnknownPathError(".".join(steps))
    return slot


def _key(form: CompiledForm, above: str, step: str, node: object) -> str:
    """The key that the file uses for an element: its id, or the alias that stands there."""
    slot = form.children.get(above, {}).get(step)
    names = (slot.element.id, *slot.element.aliases) if slot else (step,)
    return next((name for name in names if isinstance(node, dict) and name in node), step)


def _above(address: Address) -> str:
    return ".".join(step for step in address.steps[:-1] if not step.isdecimal())


def _row(rows: list[Any], number: int) -> Data:
    """An entry of a list; the list grows to hold it, by one entry at the most."""
    if number == len(rows) + 1:
        rows.append({})
    if not isinstance(rows[number - 1], dict):
        rows[number - 1] = {}
    return rows[number - 1]  # type: ignore[no-any-return]


def _forgotten(node: object, path: str) -> bool:
    """Take away what stands under the keys of a path, which may have dots of their own; False where nothing does.

    Entries of a list keep their numbers; a path without a number means all of them.
    """
    if isinstance(node, list):
        step, _, rest = path.partition(".")
        number = int(step) if step.isdecimal() and len(step) < 5 else 0
        if not 0 < number <= len(node):
            forgotten = [_forgotten(item, path) for item in node if isinstance(item, dict)]
            return any(forgotten)
        if rest:
            return _forgotten(node[number - 1], rest)
        node[number - 1] = {}
        return True
    if not isinstance(node, dict):
        return False
    if path in node:
        del node[path]
        return True
    return any(_forgotten(node[key], path[len(key) + 1 :]) for key in node if path.startswith(f"{key}."))


def _tidied(node: Any, form: CompiledForm, above: str, steps: tuple[str, ...]) -> None:
    """Tidy along one path, from its end upwards."""
    if not steps or not isinstance(node, dict):
        return
    key = _key(form, above, steps[0], node)
    below = f"{above}.{steps[0]}".lstrip(".")
    child = node.get(key)
    if isinstance(child, list) and len(steps) > 1 and steps[1].isdecimal():
        number = int(steps[1])
        if number <= len(child):
            _tidied(child[number - 1], form, below, steps[2:])
        while child and child[-1] in ({}, None):
            child.pop()
    else:
        _tidied(child, form, below, steps[1:])
    if child in ({}, []):
        del node[key]
    elif isinstance(child, dict) and set(child) in ({"result"}, {"count"}):
        node[key] = next(iter(child.values()))
