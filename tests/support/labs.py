"""Profiles of laboratories, written inside a test."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from reportgen.findings import Finding, FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import LAB_FILE, load_laboratory

HEAD = 'name: Example Laboratory\nversion: "1.0"\nmade_for: 0.1.0\n'


def write_lab(folder: Path, text: str = "", *, head: str = HEAD, **files: str | bytes) -> Path:
    """Write a profile into a folder; `files` are further files (`lab_css` → `lab.css`)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LAB_FILE).write_text(head + dedent(text), encoding="utf-8")
    for name, content in files.items():
        stem, _, ending = name.rpartition("_")
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{stem}.{ending}").write_bytes(data)
    return folder


def lab(folder: Path, text: str = "", *, head: str = HEAD, **files: str | bytes) -> Laboratory:
    """Write a profile and load it."""
    return load_laboratory(write_lab(folder, text, head=head, **files))


def protocol_lab(folder: Path, changes: str, id: str = "aismn", more: str = "") -> Laboratory:
    """A profile that changes one protocol; `changes` is what stands under its id."""
    return lab(folder, f"protocols:\n  {id}:\n{indent(dedent(changes), '    ')}\n{dedent(more)}")


def worded_lab(folder: Path, clauses: dict[str, dict[str, Any]], id: str = "aismn") -> Laboratory:
    """A profile that gives clauses fields of its own."""
    return lab(folder, f"protocols: {{{id}: {{wording: {json.dumps(clauses)}}}}}\n")


def bring(folder: Path, id: str, protocol: str, wording: str) -> Path:
    """Write a protocol into the folder of a profile; returns its own folder."""
    own = folder / "protocols" / id
    own.mkdir(parents=True, exist_ok=True)
    (own / "protocol.yaml").write_text(protocol, encoding="utf-8")
    (own / "wording.yaml").write_text(wording, encoding="utf-8")
    return own


def refused(load: Any) -> tuple[Finding, ...]:
    """What a call finds that must refuse."""
    with pytest.raises(FindingsError) as caught:
        load()
    return caught.value.findings
