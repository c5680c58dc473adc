"""Protocol files to a checked, compiled protocol; cached by the content of the files."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import template_files
from reportgen.findings import Finding, FindingsError, did_you_mean, refuse
from reportgen.laboratory.model import File, Laboratory
from reportgen.laboratory.own_protocols import word_files
from reportgen.protocols.compiled import Compiled, CompiledForm, compiled, compiled_form
from reportgen.protocols.elements import KINDS
from reportgen.protocols.files import built_in, built_in_ids, content, files_of, hash_of, is_built_in, whole
from reportgen.protocols.macros import with_question
from reportgen.protocols.model import Form, Judgement, Protocol
from reportgen.protocols.thresholds import check_thresholds, fill_in
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Mapping, place_at, plain
from reportgen.release import VERSION

if TYPE_CHECKING:
    from reportgen.protocols.addresses import Change

UNKNOWN = "E110"  # the finding that there is no such protocol
_HEADER = "case.yaml"
_LABELS = ("labels/en.yaml", "labels/meanings.yaml")


class _FrozenTemplates:
    """What is taken as it was first read; empty unless `frozen_templates` says so."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.protocols: dict[tuple[str, Laboratory | None], Compiled] = {}
        self.headers: dict[Laboratory | None, CompiledForm] = {}

    @property
    def on(self) -> bool:
        """Whether the templates folder in use is the one that was frozen."""
        return self.folder is not None and self.folder == template_files.folder()


_frozen = _FrozenTemplates()


def protocol_ids(laboratory: Laboratory | None = None) -> tuple[str, ...]:
    """The ids of all protocols, sorted: those that are built in, and those that a laboratory brings."""
    return tuple(sorted({*built_in_ids(), *(laboratory.own_protocols if laboratory else ())}))


def load_protocol(id: str, laboratory: Laboratory | None = None, *, recheck: bool = False) -> Compiled:
    """Load a protocol by id.

    Args:
        id: the protocol's folder name.
        laboratory: the profile that may bring it, and whose changes are laid over it, by id.
        recheck: check the protocol again even where its very content is known to have passed.

    Raises:
        FindingsError: E110 for an unknown id; T4xx, with file and line, for a protocol that is not in order.
    """
    if not recheck and _frozen.on and (id, laboratory) in _frozen.protocols:
        return _frozen.protocols[id, laboratory]
    require_known(id, laboratory)
    made = _made(id, laboratory, recheck)
    if _frozen.on:
        _frozen.protocols[id, laboratory] = made
    return made


def load_each(laboratory: Laboratory | None = None) -> Iterator[tuple[str, Compiled | FindingsError]]:
    """Each protocol with its id, or why it is not in order."""
    for id in protocol_ids(laboratory):
        try:
            yield id, load_protocol(id, laboratory)
        except FindingsError as error:
            yield id, error


def usable_protocols(laboratory: Laboratory | None) -> dict[str, Compiled]:
    """Id → protocol, without those that a laboratory brings and that are not in order.

    Raises:
        FindingsError: for a built-in protocol that a laboratory's changes have put out of order.
    """
    found = {}
    for id, made in load_each(laboratory):
        if not isinstance(made, FindingsError):
            found[id] = made
        elif laboratory is None or id not in laboratory.own_protocols:
            raise made
    return found


def read_protocol(id: str, laboratory: Laboratory | None = None) -> Mapping:
    """What the files of a protocol and of its fragments say together, with its own changes; not yet checked.

    Raises:
        FindingsError: E110 for an unknown id; E0xx and T4xx, with file and line, for files that cannot be read as one.
    """
    require_known(id, laboratory)
    return whole(files_of(id, laboratory))


def check_mark(id: str, laboratory: Laboratory) -> str:
    """What names a protocol that is in order together with everything that its check looks at.

    Raises:
        FindingsError: as `load_protocol`.
    """
    return _mark(load_protocol(id, laboratory), load_header(laboratory), laboratory)


def load_header(laboratory: Laboratory | None = None) -> CompiledForm:
    """Load the form of the head of a case (patient, dates, submitter), with what a laboratory adds to it.

    Raises:
        FindingsError: T4xx, with file and line, for a form that is not in order.
    """
    if _frozen.on and laboratory in _frozen.headers:
        return _frozen.headers[laboratory]
    path = template_files.path(_HEADER)
    made = _load_header(File(_HEADER, path, path.read_bytes()), laboratory)
    if _frozen.on:
        _frozen.headers[laboratory] = made
    return made


@contextlib.contextmanager
def frozen_templates() -> Iterator[None]:
    """While the block runs, also in processes forked in it, each template is taken as it was when it was first read.

    Why: a batch says the same words from its first case to its last, even if someone saves a template meanwhile; and
    its files need not be looked at for every case.
    """
    if _frozen.on:
        yield
        return
    _frozen.folder = template_files.folder()
    try:
        yield
    finally:
        _frozen.folder = None
        _frozen.protocols.clear()
        _frozen.headers.clear()


def require_known(id: str, laboratory: Laboratory | None) -> None:
    """Refuse an id that no protocol has (E110)."""
    if not is_built_in(id) and (laboratory is None or id not in laboratory.own_protocols):
        known = protocol_ids(laboratory)
        hint = did_you_mean(id, known, otherwise=f"known: {', '.join(known)}")
        raise refuse(UNKNOWN, "the protocol does not exist", path=f"protocol {id}", hint=hint)


def _words(id: str, laboratory: Laboratory | None) -> str:
    """The hash of the built-in words that free text is read with, which decide about findings alone."""
    return hash_of(built_in(word_files(id, laboratory)))


@lru_cache(maxsize=32)
def _load_header(file: File, laboratory: Laboratory | None) -> CompiledForm:
    hash = hash_of([file])
    source = content(file)
    changes: tuple[Change, ...] = ()
    if laboratory is not None:
        from reportgen.protocols.overrides import lay_over_case

        source, changes = lay_over_case(source, laboratory)
    form = shaped(Form, source, kinds=KINDS)
    made = compiled_form(form, _with_changes(hash, changes), changes)
    if changes or hash not in _passed():
        from reportgen.laboratory.meanings import load_meanings
        from reportgen.protocols.checks.changes import check_head
        from reportgen.protocols.checks.protocol import check_form

        findings = check_form(form, source)
        if changes:
            findings += check_head(_load_header(file, None), made, load_meanings(laboratory))
        _raise_if_any(findings)
    return made


def _made(id: str, laboratory: Laboratory | None, recheck: bool) -> Compiled:
    """The protocol; one that a profile leaves as it is shares everything with that of the other profiles."""
    if laboratory and not recheck and id not in laboratory.changed_protocols | laboratory.own_protocols.keys():
        return _unchanged(_made(id, None, recheck), load_header(laboratory), laboratory)
    words, header = _words(id, laboratory), load_header(laboratory)
    made = _outcome(id, files_of(id, laboratory), words, header, laboratory, recheck)
    if isinstance(made, tuple):
        raise FindingsError(made)
    return made


@lru_cache(maxsize=32)
def _unchanged(made: Compiled, header: CompiledForm, laboratory: Laboratory) -> Compiled:
    """A built-in protocol for a profile that changes nothing of it."""
    from reportgen.protocols.overrides import require_own_source_free, unknown_facts

    require_own_source_free(made.source)
    _raise_if_any(list(unknown_facts(laboratory, made.source, made.protocol.id)))
    return _fitting(replace(made, laboratory=laboratory), header)


@lru_cache(maxsize=32)
def _outcome(
    id: str, files: tuple[File, ...], words: str, header: CompiledForm, laboratory: Laboratory | None, recheck: bool
) -> Compiled | tuple[Finding, ...]:
    """The protocol, or everything found: what is not in order is not checked again either until it changes."""
    try:
        return _load_protocol(id, files, words, header, laboratory, recheck)
    except FindingsError as error:
        if error.environment:
            raise
        return error.findings


def _load_protocol(
    id: str, files: tuple[File, ...], words: str, header: CompiledForm, laboratory: Laboratory | None, recheck: bool
) -> Compiled:
    hash = hash_of(files)
    base = source = whole(files)
    changes: tuple[Change, ...] = ()
    if laboratory is not None:
        from reportgen.protocols.overrides import lay_over, unknown_facts

        source, changes = lay_over(source, id, laboratory)
        _raise_if_any(list(unknown_facts(laboratory, source, id)))
        _raise_if_any(check_thresholds(source))
    base, source = with_question(base), with_question(source)
    waivers = tuple(each for each in laboratory.spec.waivers if each.protocol == id) if laboratory else ()
    made = compiled(_protocol(id, source), source, _with_changes(hash, changes), changes, waivers, laboratory, words)
    passed = not recheck and _passed().issuperset((hash, load_header().hash))
    if (changes or not passed) and (recheck or not _is_checked(made, header, laboratory)):
        from reportgen.laboratory.meanings import load_meanings
        from reportgen.protocols.checks.changes import check_changes
        from reportgen.protocols.checks.protocol import check_protocol

        meanings = load_meanings(laboratory)
        below = _base(id, files, base, hash, passed=passed) if changes else made
        findings = check_protocol(made, source, header, meanings, below if passed else None)
        if changes and all(finding.code == "T406" for finding in findings):
            findings += check_changes(below, made, source, meanings)
        _raise_if_any(findings)
    return _fitting(made, header)


def _base(id: str, files: tuple[File, ...], source: Mapping, hash: str, *, passed: bool) -> Compiled:
    """The protocol without the changes of a laboratory; one that has passed its check is shared."""
    known = _outcome(id, files, _words(id, None), load_header(), None, recheck=False) if passed else None
    return known if isinstance(known, Compiled) else compiled(_protocol(id, source), source, hash)


def _fitting(made: Compiled, header: CompiledForm) -> Compiled:
    """The protocol, unless what its profile adds to the head of a case or to the words of free text is wrong for it."""
    if header.changes:
        from reportgen.protocols.checks.changes import names_in_both

        _raise_if_any(names_in_both(made, header, load_header()))
    if made.laboratory is not None and any(made.laboratory.parts("free_text")):
        _ = made.prose  # words of the wrong shape are told before a case is read
    return made


def _protocol(id: str, source: Mapping) -> Protocol:
    filled = fill_in(source)
    form = shaped(Form, filled, leave=Judgement.model_fields, kinds=KINDS)
    if form.id != id:
        raise refuse("T401", f"has an id other than the name of its folder, {id}", place_at(source, ("id",)), "id")
    return Protocol.of(form, shaped(Judgement, filled, leave=Form.model_fields, kinds=KINDS))


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
    return frozenset(word for file in built_in(["protocols/checked.txt"]) for word in file.text.split())


def _is_checked(made: Compiled, header: CompiledForm, laboratory: Laboratory | None) -> bool:
    """Whether a laboratory's record says that this very protocol passed its check, with all that it is checked by."""
    return bool(laboratory and laboratory.own.checked and _mark(made, header, laboratory) in laboratory.own.checked)


def _mark(made: Compiled, header: CompiledForm, laboratory: Laboratory) -> str:
    by = (VERSION, header.hash, hash_of(built_in(_LABELS)), laboratory.hash)
    return hashlib.sha256(" ".join((*by, made.protocol.id, made.hash)).encode()).hexdigest()


def _raise_if_any(findings: list[Finding]) -> None:
    if findings:
        raise FindingsError(findings)
