"""Writing: all files or none, whole or not at all, whatever happens on the way.

Source: threats 25 to 27 of the project's threat list.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reportgen.files import TEMPORARY, write_files, write_sets
from reportgen.findings import Finding, FindingsError

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def refused(contents: dict[Path, bytes], *, overwrite: bool = False) -> Finding:
    with pytest.raises(FindingsError) as caught:
        write_files(contents, overwrite=overwrite)
    (finding,) = caught.value.findings
    return finding


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob(f"{TEMPORARY}*"))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_are_written_whole_and_folders_are_made(tmp_path: Path) -> None:
    contents = {tmp_path / "a" / "b" / "report.docx": b"d" * 100_000, tmp_path / "a" / "report.pdf": b""}
    write_files(contents)
    assert tree(tmp_path) == {"a/b/report.docx": b"d" * 100_000, "a/report.pdf": b""}


@pytest.mark.parametrize("kind", ["pipe", "link to a pipe"])
def test_what_is_no_plain_file_is_never_replaced(tmp_path: Path, kind: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link to a pipe").symlink_to("pipe")
    finding = refused({tmp_path / kind: b"x"}, overwrite=True)
    assert (finding.code, "a device has this name" in finding.message) == ("E502", True)
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "link to a pipe").is_symlink()
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("kind", ["file", "empty file", "folder", "link", "broken link"])
def test_what_exists_is_not_replaced_and_nothing_else_is_written(tmp_path: Path, kind: str) -> None:
    there = tmp_path / "b.pdf"
    if kind == "folder":
        there.mkdir()
    elif kind.endswith("link"):
        (tmp_path / "real").write_bytes(b"old")
        there.symlink_to(tmp_path / ("real" if kind == "link" else "nothing"))
    else:
        there.write_bytes(b"old" if kind == "file" else b"")
    before = tree(tmp_path)
    finding = refused({tmp_path / "a.docx": b"new", there: b"new"})
    assert (finding.code, finding.place.file) == ("E501", str(there))
    assert tree(tmp_path) == before


def test_overwrite_replaces_whole_files(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"old" * 1_000)
    write_files({tmp_path / "a.docx": b"new", tmp_path / "a.pdf": b"pdf"}, overwrite=True)
    assert tree(tmp_path) == {"a.docx": b"new", "a.pdf": b"pdf"}


def test_overwrite_replaces_a_link_and_not_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "a.pdf").symlink_to(tmp_path / "real")
    write_files({tmp_path / "a.pdf": b"new"}, overwrite=True)
    assert tree(tmp_path) == {"real": b"old", "a.pdf": b"new"}


def test_a_folder_of_that_name_stops_the_whole_set(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"old")
    (tmp_path / "b.pdf").mkdir()
    finding = refused({tmp_path / "a.docx": b"new", tmp_path / "b.pdf": b"new"}, overwrite=True)
    assert (finding.code, finding.place.file) == ("E502", str(tmp_path / "b.pdf"))
    assert tree(tmp_path) == {"a.docx": b"old"}
    assert leftovers(tmp_path) == []


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    finding = refused({tmp_path / "out" / "report.pdf": b"x"})
    assert (finding.code, finding.place.file) == ("E502", str(tmp_path / "out" / "report.pdf"))
    assert tree(tmp_path) == {"out": b"a file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "Permission denied" in refused({tmp_path / "report.pdf": b"x"}).message
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_failure_while_staging_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    (tmp_path / "old.txt").write_bytes(b"old")
    real, calls = os.fsync, [0]

    def fails_at_the_second(handle: int) -> None:
        calls[0] += 1
        if calls[0] == 2:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fails_at_the_second)
    target = tmp_path / ("old.txt" if overwrite else "new.txt")
    finding = refused({target: b"new", tmp_path / "second.txt": b"new"}, overwrite=overwrite)
    assert finding.code == "E502"
    assert "No space left on device" in finding.message
    assert finding.place.file == str(tmp_path / "second.txt")
    assert tree(tmp_path) == {"old.txt": b"old"}


def test_a_failure_while_naming_takes_back_what_was_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.hardlink_to

    def fails_for_the_second(self: Path, target: Path) -> None:
        if self.name == "b.pdf":
            raise OSError(5, "Input/output error")
        real(self, target)

    monkeypatch.setattr(Path, "hardlink_to", fails_for_the_second)
    finding = refused({tmp_path / "a.docx": b"new", tmp_path / "b.pdf": b"new"})
    assert (finding.code, finding.place.file) == ("E502", str(tmp_path / "b.pdf"))
    assert tree(tmp_path) == {}


def test_a_file_that_appears_meanwhile_is_kept_and_the_set_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def someone_else_writes(_: int) -> None:
        (tmp_path / "b.pdf").write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", someone_else_writes)
    finding = refused({tmp_path / "a.docx": b"ours", tmp_path / "b.pdf": b"ours"})
    assert (finding.code, finding.place.file) == ("E501", str(tmp_path / "b.pdf"))
    assert tree(tmp_path) == {"b.pdf": b"theirs"}


def test_a_file_system_without_links_is_written_to_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    write_files({tmp_path / "a.pdf": b"x"})
    assert tree(tmp_path) == {"a.pdf": b"x"}


def test_of_several_writers_at_once_exactly_one_writes_its_whole_set(tmp_path: Path) -> None:
    for attempt in range(20):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        refusals: list[str] = []
        barrier = threading.Barrier(4)

        def writer(
            mark: int, folder: Path = folder, seen: list[str] = refusals, gate: threading.Barrier = barrier
        ) -> None:
            gate.wait()
            try:
                write_files({folder / name: bytes([mark]) * 5_000 for name in ("a.docx", "a.pdf", "a.html")})
            except FindingsError as error:
                seen.extend(finding.code for finding in error.findings)

        threads = [threading.Thread(target=writer, args=(mark,)) for mark in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        written = tree(folder)
        assert refusals == ["E501"] * 3
        assert sorted(written) == ["a.docx", "a.html", "a.pdf"]
        assert len(set(written.values())) == 1


def codes(refused: list[FindingsError | None]) -> list[str]:
    return [error.findings[0].code if error else "" for error in refused]


@pytest.mark.parametrize("overwrite", [False, True])
def test_of_several_sets_one_that_cannot_be_written_fails_alone(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "taken.pdf").mkdir()
    (tmp_path / "file").write_bytes(b"a file")
    sets = [
        {tmp_path / "a.docx": b"a", tmp_path / "a.pdf": b"a"},
        {tmp_path / "b.docx": b"b", tmp_path / "taken.pdf": b"b"},
        {tmp_path / "c.docx": b"c", tmp_path / "file" / "c.pdf": b"c"},
        {tmp_path / "sub" / "d.docx": b"d"},
    ]
    refused = write_sets((each, overwrite) for each in sets)
    assert codes(refused) == ["", "E502" if overwrite else "E501", "E502", ""]
    assert tree(tmp_path) == {"a.docx": b"a", "a.pdf": b"a", "sub/d.docx": b"d", "file": b"a file"}


def test_all_sets_are_on_their_way_before_the_first_is_waited_for_and_named_after_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = os.fsync, list[tuple[int, int]]()

    def looking(handle: int) -> None:
        seen.append((len(leftovers(tmp_path)), len(list(tmp_path.glob("*.bin")))))
        real(handle)

    monkeypatch.setattr(os, "fsync", looking)
    assert write_sets([({tmp_path / f"{name}.bin": b"x"}, False) for name in "abc"]) == [None] * 3
    assert seen == [(3, 0)] * 3 + [(0, 3)], "three files, then their folder, once"


@pytest.mark.parametrize("failing", range(1, 5))
def test_a_disk_that_fails_one_set_leaves_the_others_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    real, calls = os.fsync, [0]

    def fails_once(handle: int) -> None:
        calls[0] += 1
        if calls[0] == failing:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fails_once)
    refused = write_sets([({tmp_path / f"{name}.{end}": b"x" for end in ("docx", "pdf")}, False) for name in "ab"])
    assert codes(refused) == (["E502", ""] if failing <= 2 else ["", "E502"])
    whole = "b" if failing <= 2 else "a"
    assert tree(tmp_path) == {f"{whole}.docx": b"x", f"{whole}.pdf": b"x"}


def test_what_someone_writes_after_a_set_was_taken_back_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.hardlink_to

    def fails_for_the_second(self: Path, target: Path) -> None:
        if self.name == "a.pdf":
            raise OSError(5, "Input/output error")
        if self.name == "b.docx":
            assert tree(tmp_path).keys().isdisjoint({"a.docx", "a.pdf"})
            (tmp_path / "a.docx").write_bytes(b"theirs")
        real(self, target)

    monkeypatch.setattr(Path, "hardlink_to", fails_for_the_second)
    refused = write_sets([({tmp_path / f"{name}.{end}": b"x" for end in ("docx", "pdf")}, False) for name in "ab"])
    assert codes(refused) == ["E502", ""]
    assert tree(tmp_path) == {"a.docx": b"theirs", "b.docx": b"x", "b.pdf": b"x"}


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        capture_output=True, text=True, timeout=60, check=False, cwd=folder, env=ENVIRONMENT,
    )  # fmt: skip


FULL_DISK = """
import resource, sys
from pathlib import Path
from reportgen.files import write_files
from reportgen.findings import FindingsError
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
folder = Path(sys.argv[1])
try:
    write_files({folder / "a.docx": b"n" * 50_000, folder / "a.pdf": b"n" * 200_000}, overwrite=True)
except FindingsError as error:
    print(*(finding.as_line() for finding in error.findings))
"""


FULL_FOR_ONE = """
import resource, sys
from pathlib import Path
from reportgen.files import write_sets
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
folder, sizes = Path(sys.argv[1]), (50_000, 200_000, 40_000)
refused = write_sets([({folder / f"{size}.docx": b"n" * size, folder / f"{size}.txt": b"n"}, False) for size in sizes])
print(*(error.findings[0].code if error else "whole" for error in refused))
"""


def test_a_set_that_finds_no_space_gives_way_to_the_others(tmp_path: Path) -> None:
    assert run(FULL_FOR_ONE, tmp_path).stdout.split() == ["whole", "E502", "whole"]
    assert {name: len(data) for name, data in tree(tmp_path).items()} == {
        "50000.docx": 50_000, "50000.txt": 1, "40000.docx": 40_000, "40000.txt": 1,
    }  # fmt: skip


def test_a_full_disk_leaves_the_old_files_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"old docx")
    (tmp_path / "a.pdf").write_bytes(b"old pdf")
    done = run(FULL_DISK, tmp_path)
    assert "E502" in done.stdout, done.stderr
    assert str(tmp_path / "a.pdf") in done.stdout
    assert tree(tmp_path) == {"a.docx": b"old docx", "a.pdf": b"old pdf"}


ENDLESS = """
import sys
from pathlib import Path
from reportgen.files import write_files
folder, number = Path(sys.argv[1]), 0
print("ready", flush=True)
while True:
    number += 1
    mark = bytes([number % 256])
    write_files({folder / f"{name}.bin": mark * 400_000 for name in "abc"}, overwrite=True)
"""


def test_killed_at_any_moment_every_file_is_whole(tmp_path: Path) -> None:
    halves = 0
    for attempt in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(tmp_path)],
            stdout=subprocess.PIPE, cwd=tmp_path, env=ENVIRONMENT,
        )  # fmt: skip
        assert child.stdout is not None
        with child.stdout:
            assert child.stdout.readline() == b"ready\n"
            time.sleep(0.02 + attempt * 0.007)
            child.send_signal(signal.SIGKILL)
            child.wait()
        for path in tmp_path.glob("*.bin"):
            content = path.read_bytes()
            halves += len(content) != 400_000 or len(set(content)) != 1
    assert halves == 0
    assert len(list(tmp_path.glob("*.bin"))) == 3
