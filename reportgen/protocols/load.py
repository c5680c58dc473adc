"""Protocol files through the layers to a checked, compiled protocol; cached by the files' content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from reportgen import layers
from reportgen.findings import Finding, FindingsError, did_you_mean, refuse
from reportgen.protocols.check import check_form, check_protocol
from reportgen.protocols.compiled import Compiled, CompiledForm, compiled, compiled_form
from reportgen.protocols.model import Form, Protocol
from reportgen.protocols.overrides import lay_over
from reportgen.reading.files import read_file
from reportgen.reading.source import Entry, Mapping, place_at, plain

_Model = TypeVar("_Model", bound=BaseModel)
_KINDS = frozenset({"choice", "quantity", "count", "text", "date", "group", "panel"})


def protocol_ids() -> tuple[str, ...]:
    """The ids of all protocols, sorted."""
    return tuple(sorted(path.parent.name for path in (layers.built_in() / "protocols").glob("*/protocol.yaml")))


def load_protocol(id: str, laboratory: Path | None = None) -> Compiled:
    """Load a protocol by id.

    Args:
        id: the protocol's folder name.
        laboratory: a folder laid over the built-in templates; its `protocols/<id>/wording.yaml` may replace the words
            and conditions of clauses, by id.

    Raises:
        FindingsError: E110 for an unknown id; T4xx, with file and line, for a protocol that is not in order.
    """
    known = protocol_ids()
    if id not in known:
        hint = did_you_mean(id, known, otherwise=f"known: {', '.join(known)}")
        raise refuse("E110", "there is no such protocol", path=f"protocol {id}", hint=hint)
    files = (f"protocols/{id}/protocol.yaml", f"protocols/{id}/wording.yaml")
    paths = tuple(path for file in files for path in layers.find(file, laboratory))
    return _load_protocol(paths, _hash(paths))


def load_header(laboratory: Path | None = None) -> CompiledForm:
    """Load the form of the case header (patient, dates, submitter)."""
    paths = layers.find("case.yaml", laboratory)
    return _load_header(paths, _hash(paths))


def _hash(paths: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{len(data)} ".encode() + data)
    return digest.hexdigest()


@lru_cache(maxsize=32)
def _load_header(paths: tuple[Path, ...], hash: str) -> CompiledForm:
    source = read_file(paths[-1], name=_shown(paths[-1]))
    form = _shaped(Form, plain(source), source)
    _raise_if_any(check_form(form, source))
    return compiled_form(form, hash)


@lru_cache(maxsize=32)
def _load_protocol(paths: tuple[Path, ...], hash: str) -> Compiled:
    knowledge, wording, *overrides = (read_file(path, name=_shown(path)) for path in paths)
    for override in overrides:
        wording = lay_over(wording, override)
    source = Mapping((*knowledge.entries, Entry("wording", wording, wording.place)), knowledge.place)
    protocol = _shaped(Protocol, plain(source), source)
    made = compiled(protocol, hash)
    _raise_if_any(check_protocol(made, source))
    return made


def _shown(path: Path) -> str:
    """The file's name from its templates folder on, so that messages hold no machine's paths."""
    parts = path.parts
    start = parts.index("protocols") if "protocols" in parts else len(parts) - 1
    return str(Path(*parts[start:]))


def _shaped(model: type[_Model], data: object, source: Mapping) -> _Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise FindingsError(_shape_finding(item, source) for item in error.errors(include_input=False)) from None


def _shape_finding(item: Any, source: Mapping) -> Finding:
    steps = tuple(step for step in item["loc"] if step not in _KINDS)
    return Finding("T401", place_at(source, steps), ".".join(map(str, steps)), str(item["msg"]).lower())


def _raise_if_any(findings: list[Finding]) -> None:
    if findings:
        raise FindingsError(findings)
