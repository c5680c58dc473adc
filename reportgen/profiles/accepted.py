"""What a profile's changes were made for: the built-in text beneath each, as it was when someone last looked at it.

The record is in the profile's folder and is written by `reportgen template accept`. After an upgrade, what is built
in is compared with it: a change whose ground has moved is named, and nothing else. Beside it, `checked.txt` says which
protocols are in order, so that the same content is not checked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reportgen import template_files
from reportgen.clock import today
from reportgen.findings import Finding, Place, refuse
from reportgen.laboratory.meanings import words_of
from reportgen.laboratory.model import Laboratory, Profile
from reportgen.laboratory.read import CHECKED
from reportgen.laboratory.signatures import SIGNED, Signature, Signatures
from reportgen.protocols.addresses import Change
from reportgen.protocols.files import content, files_of, fragment_of
from reportgen.protocols.load import check_mark, load_header, load_protocol, usable_protocols
from reportgen.protocols.overrides import CASE
from reportgen.reading.readers import read_file
from reportgen.reading.source import Items, Mapping, Node, plain
from reportgen.release import VERSION

FILE = "accepted.json"
_BUILT_IN = {"labels": "labels/en.yaml", "design": "layouts/standard/design.yaml"}
_LISTED = ("append", "remove", "order")


class Ground(StrEnum):
    """How the built-in text beneath a change compares with what the change was made for."""

    same = "same"
    moved = "changed beneath"
    unknown = "not accepted yet"


@dataclass(frozen=True)
class Difference:
    """One thing that a profile says otherwise.

    Attributes:
        address: where it is: `protocols.aismn.wording.comment.extent.deep_involved`, `labels.page`.
        fields: what of it the profile changes: (field, built-in now, profile).
        ground: how the built-in text compares with what the change was made for.
        was: the built-in thing as it was accepted; None where it was not.
        now: the built-in thing (or what lower profiles made of it) as it is.
        place: where the profile says so.
        profile: which profile.
    """

    address: str
    fields: tuple[tuple[str, object, object], ...]
    ground: Ground
    was: object
    now: object
    place: Place
    profile: Profile


def differences(laboratory: Laboratory) -> list[Difference]:
    """Everything that the profiles say otherwise, in their order; raises `FindingsError` for a profile not in order."""
    found: list[Difference] = []
    for profile in laboratory.profiles:
        record = _record(profile)
        for address, (fields, now, place) in _things(profile, laboratory).items():
            was = record.get(address)
            ground = Ground.unknown if address not in record else Ground.same if was == now else Ground.moved
            found.append(Difference(address, tuple(fields), ground, was, now, place, profile))
    return found


def moved(laboratory: Laboratory) -> Iterator[Finding]:
    """W303 for each change whose ground moved, or was never accepted."""
    for each in differences(laboratory):
        if each.ground is Ground.moved:
            message = f"the built-in text beneath is not what it was made for ({each.profile.spec.made_for})"
            yield Finding("W303", each.place, each.address, message)


def acceptance(laboratory: Laboratory) -> tuple[Path, bytes]:
    """The record for the chosen profile: its file and its content, the ground of each change as it is now."""
    things = {address: now for address, (_, now, _) in _things(laboratory.own, laboratory).items()}
    data = {"release": VERSION, "profile": laboratory.spec.name, "ground": things}
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return laboratory.own.folder / FILE, text.encode()


def checked(laboratory: Laboratory) -> tuple[Path, bytes]:
    """The record of the protocols that are in order: its file and its content; the others are checked at each start."""
    marks = sorted(check_mark(id, laboratory) for id in usable_protocols(laboratory))
    return laboratory.own.folder / CHECKED, "".join(f"{mark}\n" for mark in marks).encode()


def signed(laboratory: Laboratory, id: str, by: str) -> dict[Path, bytes]:
    """The record of signatures with one more: the protocol as it is, signed today; its file and its content.

    Raises:
        FindingsError: T401 for a name that names no one; as `load_protocol` for a protocol that is not in order.
    """
    if not any(len(word) > 1 for word in words_of(by)):
        raise refuse("T401", "names no one", path="--by", hint="give the name of the pathologist who reviewed it")
    signature = Signature(by=by, date=today(), hash=load_protocol(id, laboratory).hash)
    before = laboratory.own.signatures or Signatures()
    return {laboratory.own.folder / SIGNED: before.and_signed(id, signature)}


_Things = dict[str, tuple[list[tuple[str, object, object]], object, Place]]


def _things(profile: Profile, laboratory: Laboratory) -> _Things:
    """What one profile changes: address → the fields, the thing beneath, the place."""
    things: _Things = {}
    usable = usable_protocols(laboratory)
    for id in sorted(profile.own_protocols.keys() & usable.keys()):
        place, title = profile.own_protocols[id].place, usable[id].protocol.title
        things[f"protocols.{id}"] = ([("protocol", None, title)], _fragments(id, laboratory), place)
    forms = {CASE: load_header(laboratory), **{f"protocols.{id}": made for id, made in usable.items()}}
    for name, form in forms.items():
        for change in form.changes:
            if change.profile.folder == profile.folder:
                address = f"{name}.{change.space}.{change.address}".rstrip(".")
                address += f".{change.field}" if change.field in _LISTED else ""
                fields, _, _ = things.setdefault(address, ([], _ground(change), change.place))
                fields.append((change.field, _before(change), plain(change.after)))
    for key, file in _BUILT_IN.items():
        part = profile.part(key)
        if part is not None:
            for path, beneath, value, place in _leaves(part, read_file(template_files.path(file), name=file), key):
                things[path] = ([("text", beneath, value)], beneath, place)
    return things


def _fragments(id: str, laboratory: Laboratory) -> object:
    """What a protocol of the laboratory is based on: the fragments that it uses, as they are built in."""
    return {fragment_of(file.shown): plain(content(file)) for file in files_of(id, laboratory)[2:]}


def _ground(change: Change) -> object:
    """What a change is based on: the whole thing; for lists the ids, or the things that are taken away."""
    if change.field not in _LISTED:
        return _plain(change.before)
    items = change.before.items if isinstance(change.before, Items) else ()
    known = {str(data.get("id")): data for item in items if isinstance(data := plain(item), dict)}
    if change.field == "remove":
        wanted = plain(change.after)
        return {id: known[id] for id in (wanted if isinstance(wanted, list) else []) if id in known}
    return list(known) if change.field == "order" else []


def _before(change: Change) -> object:
    if change.field in _LISTED or not isinstance(change.before, Mapping):
        return None
    return _plain(change.before.get(change.field))


def _plain(node: Node | None) -> object:
    return plain(node) if node is not None else None


def _leaves(part: Mapping, base: Node | None, above: str) -> Iterator[tuple[str, object, object, Place]]:
    for entry in part:
        beneath = base.get(entry.key) if isinstance(base, Mapping) else None
        path = f"{above}.{entry.key}"
        if isinstance(entry.value, Mapping):
            yield from _leaves(entry.value, beneath, path)
        else:
            yield path, _plain(beneath), plain(entry.value), entry.place


def _record(profile: Profile) -> dict[str, object]:
    path = profile.folder / FILE
    if not path.is_file():
        return {}
    try:
        ground = json.loads(path.read_text(encoding="utf-8"))["ground"]
        if not isinstance(ground, dict):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError):
        raise refuse("T410", "cannot be read", str(path), hint="write it again: reportgen template accept") from None
    return ground
