"""Protocol files through the layers to a checked, compiled protocol; cached by the files' content."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from reportgen import layers
from reportgen.findings import Finding, FindingsError, did_you_mean, refuse
from reportgen.protocols.compiled import Compiled, CompiledForm, compiled, compiled_form
from reportgen.protocols.model import Form, Judgement, Protocol
from reportgen.protocols.overrides import lay_over
from reportgen.reading.files import read_file
from reportgen.reading.source import Entry, Mapping, place_at, plain

_Model = TypeVar("_Model", bound=BaseModel)
_KINDS = frozenset({"choice", "quantity", "count", "text", "date", "group", "panel"})


@dataclass
class _Held:
    """What is taken as it was first read; empty unless `held` says so."""

    on: bool = False
    protocols: dict[tuple[str, Path | None], Compiled] = field(default_factory=dict)
    headers: dict[Path | None, CompiledForm] = field(default_factory=dict)


_held = _Held()


def protocol_ids() -> tuple[str, ...]:
    """The ids of all protocols, sorted."""
    return tuple(sorted(path.parent.name for path in (layers.built_in() / "protocols").glob("*/protocol.yaml")))


def load_protocol(id: str, laboratory: Path | None = None, *, recheck: bool = False) -> Compiled:
    """Load a protocol by id.

    Args:
        id: the protocol's folder name.
        laboratory: a folder laid over the built-in templates; its `protocols/<id>/wording.yaml` may replace the words
            and conditions of clauses, by id.
        recheck: check the protocol again even where its very content is known to have passed.

    Raises:
        FindingsError: E110 for an unknown id; T4xx, with file and line, for a protocol that is not in order.
    """
    if not recheck and (id, laboratory) in _held.protocols:
        return _held.protocols[id, laboratory]
    known = protocol_ids()
    if id not in known:
        hint = did_you_mean(id, known, otherwise=f"known: {', '.join(known)}")
        raise refuse("E110", "there is no such protocol", path=f"protocol {id}", hint=hint)
    knowledge = layers.find(f"protocols/{id}/protocol.yaml", laboratory)
    wording = layers.find(f"protocols/{id}/wording.yaml", laboratory)
    for extra in knowledge[1:]:
        raise refuse("T401", "a laboratory changes words, in wording.yaml, and nothing else", _shown(extra))
    if not wording:
        raise refuse("T401", "wording.yaml is missing", _shown(knowledge[0]))
    paths = (*knowledge, *wording)
    made = _load_protocol(paths, _hash(paths), _Header(load_header(laboratory)), recheck)
    if _held.on:
        _held.protocols[id, laboratory] = made
    return made


def load_header(laboratory: Path | None = None) -> CompiledForm:
    """Load the form of the case header (patient, dates, submitter)."""
    if laboratory in _held.headers:
        return _held.headers[laboratory]
    paths = layers.find("case.yaml", laboratory)
    made = _load_header(paths, _hash(paths))
    if _held.on:
        _held.headers[laboratory] = made
    return made


@contextlib.contextmanager
def held() -> Iterator[None]:
    """While the block runs, also in processes forked in it, each template is taken as it was when it was first read.

    Why: a batch says the same words from its first case to its last, even if someone saves a template meanwhile; and
    its files need not be looked at for every case.
    """
    _held.on = True
    try:
        yield
    finally:
        _held.on = False
        _held.protocols.clear()
        _held.headers.clear()


def _hash(paths: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{len(data)} ".encode() + data)
    return digest.hexdigest()


@lru_cache(maxsize=32)
def _load_header(paths: tuple[Path, ...], hash: str) -> CompiledForm:
    source = read_file(paths[-1], name=_shown(paths[-1]))
    form = _shaped(Form, source)
    if hash not in _passed():
        from reportgen.protocols.check import check_form

        _raise_if_any(check_form(form, source))
    return compiled_form(form, hash)


@lru_cache(maxsize=32)
def _load_protocol(paths: tuple[Path, ...], hash: str, header: _Header, recheck: bool) -> Compiled:
    knowledge, wording, *overrides = (read_file(path, name=_shown(path)) for path in paths)
    for override in overrides:
        wording = lay_over(wording, override)
    source = Mapping((*knowledge.entries, Entry("wording", wording, wording.place)), knowledge.place)
    protocol = Protocol.of(_shaped(Form, source, rest=Judgement), _shaped(Judgement, source, rest=Form))
    made = compiled(protocol, hash)
    if recheck or not _passed().issuperset((hash, header.form.hash)):
        from reportgen.protocols.check import check_protocol

        _raise_if_any(check_protocol(made, source, header.form))
    return made


class _Header:
    """The case's header, known to a cache by its content."""

    def __init__(self, form: CompiledForm) -> None:
        self.form = form

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Header) and other.form.hash == self.form.hash

    def __hash__(self) -> int:
        return hash(self.form.hash)


@lru_cache(maxsize=1)
def _passed() -> frozenset[str]:
    """The sha256 of protocols whose content has passed the whole check, as `tools/check_protocols.py` wrote them down.

    Why: the search for clauses that can never be printed takes longer than a case; the same content is checked once.
    """
    paths = layers.find("protocols/checked.txt")
    return frozenset(word for path in paths for word in path.read_text(encoding="ascii").split())


def _shown(path: Path) -> str:
    """The file's name from its templates folder on, so that messages hold no machine's paths."""
    parts = path.parts
    start = parts.index("protocols") if "protocols" in parts else len(parts) - 1
    return str(Path(*parts[start:]))


def _shaped(model: type[_Model], source: Mapping, *, rest: type[BaseModel] | None = None) -> _Model:
    """The source as a model; keys that belong to `rest` are left to it."""
    kept = tuple(entry for entry in source if rest is None or entry.key not in rest.model_fields)
    try:
        return model.model_validate(plain(Mapping(kept, source.place)))
    except ValidationError as error:
        raise FindingsError(_shape_finding(item, source) for item in error.errors(include_input=False)) from None


def _shape_finding(item: Any, source: Mapping) -> Finding:
    steps = tuple(step for step in item["loc"] if step not in _KINDS)
    return Finding("T401", place_at(source, steps), ".".join(map(str, steps)), str(item["msg"]).lower())


def _raise_if_any(findings: list[Finding]) -> None:
    if findings:
        raise FindingsError(findings)
