"""Who may read what is written: the owner alone, or whoever could read the file that was there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.files import write_chunks, write_files


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.fixture(params=[0o022, 0o000, 0o077], ids=["umask 022", "umask 000", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    old = os.umask(request.param)
    yield
    os.umask(old)


@pytest.mark.usefixtures("umask")
def test_a_new_file_and_a_new_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(0o755)
    before = mode(there)
    write_files({there / "a" / "b" / "report.docx": b"x", there / "a" / "report.pdf": b"y", there / "c.txt": b""})
    write_chunks(there / "d" / "all.pdf", [b"1", b"2"], overwrite=True)
    made = {str(path.relative_to(there)): mode(path) for path in there.rglob("*")}
    assert made == {
        "a": 0o700, "a/b": 0o700, "a/b/report.docx": 0o600, "a/report.pdf": 0o600, "c.txt": 0o600, "d": 0o700,
        "d/all.pdf": 0o600,
    }  # fmt: skip
    assert mode(there) == before


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("kept", [0o600, 0o640, 0o644, 0o664, 0o666, 0o444, 0o400, 0o000])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"old")
    path.chmod(kept)
    write_files({path: b"new"}, overwrite=True)
    assert mode(path) == kept
    path.chmod(0o600)
    assert path.read_bytes() == b"new"


def test_a_file_that_is_replaced_keeps_its_group_or_is_closed_to_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"old")
    path.chmod(0o664)
    asked: list[tuple[int, int]] = []

    def chown(_: int, owner: int, group: int) -> None:
        asked.append((owner, group))
        if len(asked) != 2:
            raise PermissionError

    monkeypatch.setattr(os, "fchown", chown)
    write_files({path: b"new"}, overwrite=True)
    status = path.stat()
    assert asked == [(status.st_uid, status.st_gid), (-1, status.st_gid)]
    assert mode(path) == 0o664
    write_files({path: b"newer"}, overwrite=True)
    assert mode(path) == 0o604
