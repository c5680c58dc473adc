"""The files that a protocol is read from: its own, built in or a laboratory's, and those of its fragments."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from reportgen import template_files
from reportgen.findings import FindingsError, did_you_mean, refuse
from reportgen.laboratory.model import File, Laboratory
from reportgen.laboratory.own_protocols import FILES, FOLDER
from reportgen.protocols.fragments import CHANGE, USE, joined, used
from reportgen.protocols.own_diagnosis import OWN_DIAGNOSIS, lacking, lent
from reportgen.reading.readers import read_content
from reportgen.reading.source import Entry, Mapping, place_at

FRAGMENTS = f"{FOLDER}/fragments"


def built_in_ids() -> tuple[str, ...]:
    """The ids of the protocols that are built in, sorted."""
    return tuple(sorted(path.parent.name for path in (template_files.folder() / FOLDER).glob(f"*/{FILES[0]}")))


def is_built_in(id: str) -> bool:
    """Whether a protocol of that id is built in."""
    folders = (template_files.folder() / FOLDER).iterdir()
    return any(folder.name == id for folder in folders) and template_files.exists(f"{FOLDER}/{id}/{FILES[0]}")


def files_of(id: str, laboratory: Laboratory | None) -> tuple[File, ...]:
    """The files of a protocol that there is: its own, of which the wording may be missing, then its fragments in order.

    Raises:
        FindingsError: as `own_files`; T401 and T402 for fragments that are not there.
    """
    own = own_files(id, laboratory)
    return (*own, *_fragments(own[0]))


def own_files(id: str, laboratory: Laboratory | None) -> tuple[File, ...]:
    """The files of a protocol that there is, without those of its fragments.

    Raises:
        FindingsError: what was found when the files of a laboratory's protocol were read.
    """
    brought = laboratory.own_protocols.get(id) if laboratory else None
    if brought is None:
        return built_in(f"{FOLDER}/{id}/{file}" for file in FILES)
    if brought.findings:
        raise FindingsError(brought.findings)
    return brought.files


def whole(files: tuple[File, ...]) -> Mapping:
    """The files of a protocol as one, with its own changes to its fragments."""
    return _whole(files, built_in([OWN_DIAGNOSIS]))


@lru_cache(maxsize=32)
def _whole(files: tuple[File, ...], own_diagnosis: tuple[File, ...]) -> Mapping:
    own, *shared = map(content, files)
    knowledge = own
    if shared and Path(files[1].shown).name == FILES[1]:
        wording, *shared = shared
        own = Mapping((*knowledge.entries, Entry("wording", wording, wording.place)), knowledge.place)
    source = joined(shared, own)
    if lacking(source):
        (words,) = own_diagnosis
        source = joined([lent(content(words), source)], source)
    change = knowledge.get(CHANGE)
    if change is None:
        return source
    if not isinstance(change, Mapping):
        raise refuse("T401", "holds what is changed, by id", change.place, CHANGE, hint="write {elements: …}")
    from reportgen.protocols.overrides import changed

    return changed(source, change)


def built_in(names: Iterable[str]) -> tuple[File, ...]:
    """Those template files that are there; they are called by their names in the templates folder."""
    files = []
    for name in names:
        path = template_files.folder() / name
        with contextlib.suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
            files.append(File(name, path, path.read_bytes()))
    return tuple(files)


@lru_cache(maxsize=128)
def content(file: File) -> Mapping:
    """What a file says, read once: many protocols share a fragment, and laboratories the protocols."""
    return read_content(file.data, file.shown)


def hash_of(files: Iterable[File]) -> str:
    """The sha256 of the content of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{len(file.data)} ".encode() + file.data)
    return digest.hexdigest()


def fragment_of(file: str) -> str:
    """The id of the fragment that a file is, as findings call it; "" for any other file."""
    path = Path(file)
    return path.stem if path.parent == Path(FRAGMENTS) else ""


def _fragments(protocol: File) -> tuple[File, ...]:
    """The files of the fragments that a protocol uses."""
    source = content(protocol)
    known = sorted(file.stem for file in (template_files.folder() / FRAGMENTS).glob("*.yaml"))
    for number, id in enumerate(ids := used(source)):
        if id not in known:
            hint = did_you_mean(id, known, otherwise=f"known: {', '.join(known)}")
            raise refuse("T402", f"there is no fragment {id}", place_at(source, (USE, number)), USE, hint=hint)
    return built_in(f"{FRAGMENTS}/{id}.yaml" for id in ids)
