"""Protocol files to a checked, compiled protocol; cached by the content of the files."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import template_files
from reportgen.findings import Finding, FindingsError, did_you_mean, refuse
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled, CompiledForm, compiled, compiled_form
from reportgen.protocols.fragments import CHANGE, USE, joined, used
from reportgen.protocols.model import Form, Judgement, Protocol
from reportgen.protocols.thresholds import check_thresholds, fill_in
from reportgen.reading.readers import read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Entry, Mapping, place_at, plain

if TYPE_CHECKING:
    from reportgen.protocols.addresses import Change

_FILES = ("protocol.yaml", "wording.yaml")
_KINDS = frozenset({"choice", "quantity", "count", "text", "date", "group", "panel"})


class _FrozenTemplates:
    """What is taken as it was first read; empty unless `frozen_templates` says so."""

    def __init__(self) -> None:
        self.on = False
        self.protocols: dict[tuple[str, Laboratory | None], Compiled] = {}
        self.header: CompiledForm | None = None


_frozen = _FrozenTemplates()


def protocol_ids() -> tuple[str, ...]:
    """The ids of all protocols, sorted."""
    return tuple(sorted(path.parent.name for path in (template_files.folder() / "protocols").glob("*/protocol.yaml")))


def load_protocol(id: str, laboratory: Laboratory | None = None, *, recheck: bool = False) -> Compiled:
    """Load a protocol by id.

    Args:
        id: the protocol's folder name.
        laboratory: the profile whose changes are laid over it, by id.
        recheck: check the protocol again even where its very content is known to have passed.

    Raises:
        FindingsError: E110 for an unknown id; T4xx, with file and line, for a protocol that is not in order.
    """
    if not recheck and (id, laboratory) in _frozen.protocols:
        return _frozen.protocols[id, laboratory]
    known = protocol_ids()
    if id not in known:
        hint = did_you_mean(id, known, otherwise=f"known: {', '.join(known)}")
        raise refuse("E110", "the protocol does not exist", path=f"protocol {id}", hint=hint)
    paths = _paths(id)
    made = _load_protocol(id, paths, _hash(paths), _words(id), load_header(), laboratory, recheck)
    if _frozen.on:
        _frozen.protocols[id, laboratory] = made
    return made


def read_protocol(id: str) -> Mapping:
    """What the files of a protocol and of its fragments say together, with its own changes; not yet checked.

    Raises:
        FindingsError: E0xx and T4xx, with file and line, for files that cannot be read as one.
    """
    return _whole(_paths(id))


def load_header() -> CompiledForm:
    """Load the form of the case header (patient, dates, submitter); it is the same for every laboratory."""
    if _frozen.header:
        return _frozen.header
    path = template_files.path("case.yaml")
    made = _load_header(path, _hash((path,)))
    if _frozen.on:
        _frozen.header = made
    return made


@contextlib.contextmanager
def frozen_templates() -> Iterator[None]:
    """While the block runs, also in processes forked in it, each template is taken as it was when it was first read.

    Why: a batch says the same words from its first case to its last, even if someone saves a template meanwhile; and
    its files need not be looked at for every case.
    """
    _frozen.on = True
    try:
        yield
    finally:
        _frozen.on = False
        _frozen.protocols.clear()
        _frozen.header = None


def _paths(id: str) -> tuple[Path, ...]:
    """The files of a protocol: its two own, then its fragments in order."""
    own = _found(f"protocols/{id}/{file}" for file in _FILES)
    if len(own) < len(_FILES):
        raise refuse("T401", "wording.yaml is missing", f"protocols/{id}")
    return (*own, *_fragments(own[0], _hash(own[:1])))


def _whole(paths: tuple[Path, ...]) -> Mapping:
    """The files as one, with the protocol's own changes to its fragments."""
    knowledge = _knowledge(paths[0], _hash(paths[:1]))
    wording, *shared = (read_file(path, name=_shown(path)) for path in paths[1:])
    source = joined(shared, Mapping((*knowledge.entries, Entry("wording", wording, wording.place)), knowledge.place))
    change = knowledge.get(CHANGE)
    if change is None:
        return source
    if not isinstance(change, Mapping):
        raise refuse("T401", "holds what is changed, by id", change.place, CHANGE, hint="write {elements: …}")
    from reportgen.protocols.overrides import changed

    return changed(source, change)


def _found(files: Iterable[str]) -> tuple[Path, ...]:
    """The paths of those template files that are there."""
    return tuple(template_files.path(file) for file in files if template_files.exists(file))


@lru_cache(maxsize=32)
def _fragments(path: Path, hash: str) -> tuple[Path, ...]:
    """The files of the fragments that a protocol uses; `hash` is that of its file."""
    source = _knowledge(path, hash)
    known = sorted(file.stem for file in (template_files.folder() / "protocols/fragments").glob("*.yaml"))
    for number, id in enumerate(ids := used(source)):
        if id not in known:
            hint = did_you_mean(id, known, otherwise=f"known: {', '.join(known)}")
            raise refuse("T402", f"there is no fragment {id}", place_at(source, (USE, number)), USE, hint=hint)
    return tuple(template_files.path(f"protocols/fragments/{id}.yaml") for id in ids)


@lru_cache(maxsize=32)
def _knowledge(path: Path, hash: str) -> Mapping:
    """What `protocol.yaml` says, read once: its fragments must be known before the whole can be."""
    return read_file(path, name=_shown(path))


def _hash(paths: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{len(data)} ".encode() + data)
    return digest.hexdigest()


def _words(id: str) -> str:
    """The hash of the words that free text is read with, which decide about findings alone."""
    files = ("protocols/free-text.yaml", f"protocols/{id}/free-text.yaml")
    return _hash(_found(files))


@lru_cache(maxsize=32)
def _load_header(path: Path, hash: str) -> CompiledForm:
    source = read_file(path, name=_shown(path))
    form = shaped(Form, source, skip=_KINDS)
    if hash not in _passed():
        from reportgen.protocols.checks.protocol import check_form

        _raise_if_any(check_form(form, source))
    return compiled_form(form, hash)


@lru_cache(maxsize=32)
def _load_protocol(
    id: str,
    paths: tuple[Path, ...],
    hash: str,
    words: str,
    header: CompiledForm,
    laboratory: Laboratory | None,
    recheck: bool,
) -> Compiled:
    base = source = _whole(paths)
    changes: tuple[Change, ...] = ()
    if laboratory is not None:
        from reportgen.protocols.overrides import lay_over, unknown_facts

        source, changes = lay_over(source, id, laboratory)
        _raise_if_any(list(unknown_facts(laboratory, source, id)))
        _raise_if_any(check_thresholds(source))
    waivers = tuple(each for each in laboratory.spec.waivers if each.protocol == id) if laboratory else ()
    made = compiled(_protocol(id, source), _with_changes(hash, changes), changes, waivers, laboratory, words)
    passed = not recheck and _passed().issuperset((hash, header.hash))
    if changes or not passed:
        from reportgen.laboratory.meanings import load_meanings
        from reportgen.protocols.checks.protocol import check_changes, check_protocol

        meanings = load_meanings(laboratory)
        below = compiled(_protocol(id, base), hash) if changes else made
        findings = check_protocol(made, source, header, meanings, below if passed else None)
        if changes and all(finding.code == "T406" for finding in findings):
            findings += check_changes(below, made, source, meanings)
        _raise_if_any(findings)
    if laboratory is not None and any(laboratory.parts("free_text")):
        _ = made.prose  # words of the wrong shape are told before a case is read
    return made


def _protocol(id: str, source: Mapping) -> Protocol:
    filled = fill_in(source)
    form = shaped(Form, filled, leave=Judgement.model_fields, skip=_KINDS)
    if form.id != id:
        raise refuse("T401", f"has an id other than the name of its folder, {id}", place_at(source, ("id",)), "id")
    return Protocol.of(form, shaped(Judgement, filled, leave=Form.model_fields, skip=_KINDS))


def _with_changes(hash: str, changes: tuple[Change, ...]) -> str:
    """The hash of the files and of what is laid over them."""
    if not changes:
        return hash
    said = [[each.space, each.address, each.field, plain(each.after)] for each in changes]
    return hashlib.sha256(f"{hash} {json.dumps(said)}".encode()).hexdigest()


def _passed() -> frozenset[str]:
    """The sha256 of protocols whose content has passed the whole check, as `tools/check_protocols.py` wrote them down.

    Why: the search for clauses that can never be printed takes longer than a case; the same content is checked once.
    """
    paths = _found(["protocols/checked.txt"])
    return frozenset(word for path in paths for word in path.read_text(encoding="ascii").split())


def _shown(path: Path) -> str:
    """The file's name from its templates folder on, so that messages hold no machine's paths."""
    parts = path.parts
    start = parts.index("protocols") if "protocols" in parts else len(parts) - 1
    return str(Path(*parts[start:]))


def _raise_if_any(findings: list[Finding]) -> None:
    if findings:
        raise FindingsError(findings)
