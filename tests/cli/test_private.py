"""Whatever the program writes is for its owner alone, and what it replaces stays open to whom it was."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batch.tables import rows, write
from tests.cli.program import SAMPLES, invoke, sample
from tests.web.asgi import OWN, visitor


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """The umask of a machine that shuts nobody out."""
    old = os.umask(0)
    yield
    os.umask(old)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def too_open(folder: Path, *passing: str) -> dict[str, str]:
    """What in a folder others than the owner can use."""
    found = [path for path in folder.rglob("*") if path.name not in passing]
    assert found
    wanted = {path: 0o700 if path.is_dir() else 0o600 for path in found}
    return {str(path.relative_to(folder)): oct(mode(path)) for path in found if mode(path) != wanted[path]}


def test_documents_starters_and_invented_cases(tmp_path: Path) -> None:
    out = tmp_path / "work"
    out.mkdir(0o700)
    for words in (
        ("render", sample("unfinished"), "-o", out / "drafts", "-f", "docx,pdf,html,txt"),
        ("synth", "aismn", "-n", "2", "-o", out / "invented"),
        ("synth", "aismn", "-n", "2", "-f", "csv", "-o", out / "deep" / "invented.csv"),
        ("new", "case", "aismn", "-o", out / "case.yaml"),
        ("new", "profile", out / "profile"),
    ):
        outcome = invoke(*words)
        assert outcome.code == 0, outcome.both
    assert too_open(out) == {}
    (out / "drafts" / "unfinished.txt").chmod(0o640)
    assert invoke("render", sample("unfinished"), "-o", out / "drafts", "-f", "txt,html", "--overwrite").code == 0
    assert mode(out / "drafts" / "unfinished.txt") == 0o640
    assert mode(out / "drafts" / "unfinished.html") == 0o600


def test_the_documents_and_lists_of_a_batch(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", rows(3))
    words = ("batch", table, "-o", tmp_path / "deep" / "out", "-f", "docx,txt", "-j", "2", "--shard-dirs")
    assert invoke(*words).code == 0
    assert too_open(tmp_path / "deep") == {}
    results = tmp_path / "deep" / "out" / "results.csv"
    results.chmod(0o644)
    assert invoke(*words).code == 0
    assert mode(results) == 0o644
    assert mode(results.with_name("summary.html")) == 0o600


def test_what_the_desk_saves_keeps_and_copies(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir(0o700)
    for name, allowed in (("unfinished", 0o600), ("shave-biopsy", 0o640), ("three-parts", 0o664)):
        shutil.copy(SAMPLES / f"{name}.yaml", folder)
        (folder / f"{name}.yaml").chmod(allowed)
    desk = visitor(folder)
    for name in ("unfinished.yaml", "shave-biopsy.yaml", "three-parts.yaml"):
        sent = {"path": "submitted_by", "value": "Dr. 777", "revision": desk.revision(name)}
        assert desk.post(f"{desk.case(name)}/entries", **sent).status == 200
        assert b"777" in (folder / name).read_bytes()
    assert mode(folder / "unfinished.yaml") == 0o600
    assert mode(folder / "shave-biopsy.yaml") == 0o640
    assert mode(folder / "three-parts.yaml") == 0o664
    desk.post(f"{desk.case('three-parts.yaml')}/undo", revision=desk.revision("three-parts.yaml"))
    assert mode(folder / "three-parts.yaml") == 0o664
    assert desk.post("/cases", accession="S26-9", protocol="aismn").status == 200
    case = desk.case("shave-biopsy.yaml")
    asked = dict.fromkeys(re.findall(r'name="(reason\.[^"]+)"', desk.get(f"{case}/finalize").text), "It was looked at.")
    sent = {"name": "Dr. P", "revision": desk.revision("shave-biopsy.yaml"), **asked}
    assert desk.post(f"{case}/finalize", **sent).status == 200
    table = write(tmp_path / "t.csv", rows(1)).read_bytes()
    assert desk.ask("POST", "/batches", (*OWN, ("x-table-ending", "csv")), table).status == 200
    desk.batches.stop_all()
    assert too_open(folder, "shave-biopsy.yaml", "three-parts.yaml") == {}
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"S26-9.yaml", "finalized/shave-biopsy.docx", "finalized/shave-biopsy.jsonl"} <= made
    assert [each for each in made if each.startswith(".reportgen/originals/")]
    assert [each for each in made if re.fullmatch(r"batches/[^/]+/table\.csv", each)]
