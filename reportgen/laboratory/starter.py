"""What a laboratory begins with: an empty profile, and a small protocol that is in order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from reportgen import template_files
from reportgen.findings import Place
from reportgen.laboratory.model import File, Laboratory, OwnProtocol
from reportgen.laboratory.own_protocols import FILES, FOLDER, SCENARIOS
from reportgen.release import VERSION

FILE = "profile.yaml"


def starter(name: str) -> str:
    """The `lab.yaml` of a new profile; `name` is written as YAML. Raises S603 where the template is missing."""
    text = template_files.path(FILE).read_text(encoding="utf-8")
    return text.replace("NAME", name, 1).replace("RELEASE", VERSION, 1)


def protocol_starter(id: str, title: str, profile: Path) -> dict[Path, bytes]:
    """The files of a new protocol in a profile's folder, by their paths."""
    made = {}
    for name in (*FILES, SCENARIOS):
        text = template_files.path(f"starter/{name}").read_text(encoding="utf-8")
        quoted = json.dumps(title, ensure_ascii=False)[1:-1]
        made[profile / FOLDER / id / name] = text.replace("NAME", id).replace("TITLE", quoted).encode()
    return made


def with_protocol(laboratory: Laboratory, id: str, contents: dict[Path, bytes]) -> Laboratory:
    """The laboratory as if its profile had these files of a protocol already, so that they can be tried.

    A wording that is in the folder and not among them stays.
    """
    folder = laboratory.own.folder / FOLDER / id
    new = {path: contents[path] for name in FILES if (path := folder / name) in contents}
    kept = {file.path: file.data for file in laboratory.own.own_protocols.get(id, OwnProtocol(Place(), ())).files}
    files = tuple(File(str(path), path, data) for path, data in {**kept, **new}.items())
    brought = {**laboratory.own.own_protocols, id: OwnProtocol(Place(str(folder)), files)}
    mark = hashlib.sha256(b" ".join((laboratory.hash.encode(), *(file.data for file in files)))).hexdigest()
    return Laboratory((*laboratory.profiles[:-1], replace(laboratory.own, own_protocols=brought)), f"with {id} {mark}")
