"""`--dry-run` says what the run would do: the same documents kept, refused and made, and nothing is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.batch.destinations import Folder
from reportgen.batch.lock import locked
from reportgen.batch.model import BatchRequest, BatchResult, CaseState, Event
from reportgen.batch.run import run
from reportgen.findings import FindingsError
from reportgen.pipeline import Settings
from tests.batch.tables import rows, write


def worked(
    folder: Path, cases: int, *, formats: tuple[str, ...] = ("txt",), **options: Any
) -> tuple[BatchResult, list[Event]]:
    """A batch of so many cases, and what it said."""
    heard: list[Event] = []
    table = write(folder / "t.csv", rows(cases))
    return run(BatchRequest(table, folder / "out", Settings(formats), **options), heard.append), heard


def as_it_is(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edited(out: Path) -> None:
    with (out / "B26-00001.txt").open("a", encoding="utf-8") as file:
        file.write("Agreed.\n")


def moved(out: Path) -> None:
    (out / "B26-00002.txt").unlink()


def foreign(out: Path) -> None:
    (out / "B26-00004.txt").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize("changes", [(), (edited, moved), (edited, foreign)])
def test_a_dry_run_says_what_the_run_then_does(tmp_path: Path, changes: tuple[Callable[[Path], None], ...]) -> None:
    out = tmp_path / "out"
    worked(tmp_path, 3)
    for change in changes:
        change(out)
    before = as_it_is(out)
    dry, told = worked(tmp_path, 5, dry_run=True)
    assert as_it_is(out) == before
    done, heard = worked(tmp_path, 5)
    assert done.counts == {**dry.counts, CaseState.waiting: 0, CaseState.rendered: dry.counts[CaseState.waiting]}
    assert done.counts[CaseState.edited] == (edited in changes)
    found = [[finding.code for event in events for finding in event.findings] for events in (told, heard)]
    assert found[0] == found[1] == ["E508"] * (foreign in changes)
    (would,) = (event.data for event in told if event.kind == "would")
    assert would["cases"] == done.counts[CaseState.rendered]


def test_a_dry_run_makes_no_folder_and_hears_of_one_that_is_in_use(tmp_path: Path) -> None:
    worked(tmp_path, 1, dry_run=True)
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    with locked(tmp_path / "out", "now"), pytest.raises(FindingsError, match="E506"):
        worked(tmp_path, 1, dry_run=True)


@pytest.mark.parametrize("dry", [True, False])
def test_what_allows_no_document_is_found_by_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, dry: bool
) -> None:
    (tmp_path / "all.pdf").write_bytes(b"mine")
    for code, options in (("E510", {"overwrite": ("X1",)}), ("E508", {"combine": tmp_path / "all.pdf"})):
        with pytest.raises(FindingsError, match=code):
            worked(tmp_path, 1, dry_run=dry, **options)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
        with pytest.raises(FindingsError, match="has too little space"):
            worked(tmp_path, 1, dry_run=dry)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "out").write_bytes(b"")
    with pytest.raises(FindingsError, match="E502"):
        worked(tmp_path / "b", 1, dry_run=dry)


def test_the_space_of_a_folder_that_is_not_there_yet_is_that_of_the_one_above(tmp_path: Path) -> None:
    assert Folder(tmp_path / "a" / "b").free() > 0
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FindingsError, match="E502"):
        Folder(tmp_path / "file" / "b").free()
