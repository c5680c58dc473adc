"""Cases whose documents are written together: killed, refused or starved, each is whole or not there."""

from __future__ import annotations

import hashlib
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from reportgen import files, formats, pipeline
from reportgen.batch import case_runner, journal, plan
from reportgen.batch.case_runner import CaseRunner
from reportgen.batch.destinations import Folder
from reportgen.batch.executor import LocalExecutor
from reportgen.batch.model import BatchRequest, BatchResult, CaseState, Event, Task
from reportgen.batch.run import run
from reportgen.batch.store import Store
from reportgen.pipeline import Settings
from tests.batch.tables import rows, temporary, tree, write

CASES = 16  # one worker makes four groups of them, of eight documents each


def request(folder: Path, cases: int = CASES, **options: Any) -> BatchRequest:
    table = write(folder / "table.csv", rows(cases))
    return BatchRequest(table, folder / "out", Settings(("txt", "docx")), **options)


def worked(request: BatchRequest) -> tuple[BatchResult, list[Event]]:
    heard: list[Event] = []
    return run(request, heard.append), heard


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    wanted = request(tmp_path_factory.mktemp("unbroken"))
    assert worked(wanted)[0].complete
    return tree(wanted.folder)


def killed(wanted: BatchRequest, owner: Any, name: str, call: int, *, after: bool = False) -> None:
    """Run a batch that is killed, with its workers, at one call of a function in a worker."""
    child = os.fork()
    if child == 0:
        os.setsid()
        real, calls, driver = getattr(owner, name), [0], os.getpid()

        def deadly(*given: Any, **named: Any) -> Any:
            calls[0] += os.getpid() != driver
            done = real(*given, **named) if after or calls[0] < call else None
            if calls[0] == call and os.getpid() != driver:
                os.killpg(0, signal.SIGKILL)
            return done

        setattr(owner, name, deadly)
        run(wanted, lambda event: None)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


MOMENTS = {
    "in the midst of staging": (os, "posix_fadvise", 10, 0, 2),
    "with all staged": (os, "fsync", 12, 0, 8),
    "before the first is named": (Path, "hardlink_to", 9, 0, 8),
    "between two documents of a case": (Path, "hardlink_to", 10, 1, 7),
    "in the midst of naming": (Path, "hardlink_to", 13, 4, 4),
    "with all named and none done": (files, "_flush_folder", 2, 8, 0),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_in_the_midst_of_a_group_the_next_run_comes_to_the_same(
    tmp_path: Path, unbroken: dict[str, bytes], moment: str
) -> None:
    owner, name, call, more, staged = MOMENTS[moment]
    wanted = request(tmp_path)
    killed(wanted, owner, name, call, after=name == "_flush_folder")
    standing = tree(wanted.folder)
    assert len(standing) == 8 + more, "the first group, and what was named of the second"
    assert standing.items() <= unbroken.items(), "what stands is whole"
    named = {
        path: digest
        for record in journal.records(wanted.folder)
        if record["do"] == "write"
        for path, digest in cast("dict[str, str]", record["files"]).items()
    }
    assert {path: hashlib.sha256(data).hexdigest() for path, data in standing.items()}.items() <= named.items()
    assert len(temporary(wanted.folder)) == staged
    outcome, _ = worked(wanted)
    assert (outcome.complete, outcome.before) == (True, 4)
    assert tree(wanted.folder) == unbroken
    assert temporary(wanted.folder) == []
    done = Counter(record["case"] for record in journal.records(wanted.folder) if record["do"] == "done")
    assert (len(done), set(done.values())) == (CASES, {1})


def rendering(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], object]) -> None:
    """Do something beside the laying out of each case, in two formats; `act` gets its number, from 1."""
    real, numbers = formats.render, count(2)

    def render(*given: Any) -> bytes:
        act(next(numbers) // 2)
        return real(*given)

    monkeypatch.setattr(formats, "render", render)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_case_whose_name_is_taken_meanwhile_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: dict[str, bytes], kind: str
) -> None:
    wanted = request(tmp_path)
    taken = wanted.folder / "B26-00005.docx"

    def take(number: int) -> None:
        if number == 7 and not taken.exists():
            taken.mkdir() if kind == "folder" else taken.write_bytes(b"someone's")

    rendering(monkeypatch, take)
    outcome, heard = worked(wanted)
    assert (outcome.counts[CaseState.rendered], outcome.counts[CaseState.failed]) == (CASES - 1, 1)
    assert [(each.data["row"], each.findings[0].code) for each in heard if each.findings] == [(6, "E501")]
    expected = {path: data for path, data in unbroken.items() if path.startswith("B26") and "00005" not in path}
    standing = {path: data for path, data in tree(wanted.folder).items() if path.startswith("B26")}
    assert standing == expected | ({"B26-00005.docx": b"someone's"} if kind == "file" else {})
    states = Counter(record["do"] for record in journal.records(wanted.folder) if "case" in record)
    assert states == {"write": CASES, "done": CASES - 1, "failed": 1}


def test_a_disk_that_is_full_for_one_case_fails_it_and_ends_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: dict[str, bytes]
) -> None:
    real, calls = os.fsync, iter(range(1, 10_000))

    def full(handle: int) -> None:
        if next(calls) == 6:
            raise OSError(28, "No space left on device")
        real(handle)

    wanted = request(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        outcome, heard = worked(wanted)
    assert (outcome.broken, outcome.counts[CaseState.failed]) == (True, 1)
    assert [each.findings[0].code for each in heard if each.findings] == ["E502"]
    standing = tree(wanted.folder)
    assert not [path for path in standing if path.startswith("B26-00003")]
    assert len(standing) == 2 * outcome.counts[CaseState.rendered]
    assert outcome.counts[CaseState.rendered] in (3, 7), "its group, and at most one that was handed out"
    assert temporary(wanted.folder) == []
    assert worked(wanted)[0].complete
    assert tree(wanted.folder) == unbroken


def test_the_journal_is_on_the_disk_before_the_documents_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def noting(handle: int) -> None:
        with (tmp_path / "forced").open("a", encoding="ascii") as file:
            file.write(f"{Path(f'/proc/self/fd/{handle}').readlink().suffix}\n")
        real(handle)

    monkeypatch.setattr(os, "fsync", noting)
    assert worked(request(tmp_path))[0].complete
    forced = (tmp_path / "forced").read_text(encoding="ascii").splitlines()
    group = [".jsonl", *[".tmp"] * 8, ""]  # four cases, and their folder once
    assert forced[: 4 * len(group)] == group * 4


def test_a_journal_that_takes_no_record_lets_no_document_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: 0 if b'"do":"write"' in data else real(handle, data))
    outcome, heard = worked(request(tmp_path, 20))
    assert outcome.broken
    assert {each.findings[0].code for each in heard if each.findings} == {"E502"}
    assert tree(tmp_path / "out") == {}


def noted(monkeypatch: pytest.MonkeyPatch, path: Path, owner: Any, name: str) -> Callable[[], list[int]]:
    """How many cases a worker's function got at each call, so far."""
    real = getattr(owner, name)

    def noting(self: Any, given: Any) -> Any:
        with path.open("a", encoding="ascii") as file:
            file.write(f"{len(given)}\n")
        return real(self, given)

    monkeypatch.setattr(owner, name, noting)
    return lambda: [int(line) for line in path.read_text(encoding="ascii").split()]


def test_groups_are_small_where_there_is_little_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = noted(monkeypatch, tmp_path / "handed", CaseRunner, "render")
    assert run(request(tmp_path, 20), lambda event: None, LocalExecutor(2)).complete
    assert handed() == [2] * 10, "five rounds for each of two workers"


def test_large_documents_do_not_wait_in_memory_for_many_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = noted(monkeypatch, tmp_path / "put", Folder, "put_all")
    monkeypatch.setattr(case_runner, "_HELD", 20_000)  # more than one case, and less than three
    assert worked(request(tmp_path))[0].complete
    assert put()[:-2] == [2] * 8, "and results and summary"


@pytest.mark.parametrize(
    ("owner", "step"),
    [(pipeline, "check"), (pipeline, "compose"), (formats, "render")],
    ids=["check", "compose", "lay out"],
)
def test_whatever_happens_to_a_case_its_neighbours_have_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, step: str
) -> None:
    real, numbers = getattr(owner, step), count(1)

    def broken(*given: Any) -> Any:
        number = next(numbers)
        if number == 2:
            raise KeyError("ZZPHI")
        if number == 3:
            raise OSError(28, "No space left on device")
        return real(*given)

    wanted = replace(request(tmp_path, 5), settings=Settings(("txt",)))
    with closing(Store()) as store:
        runner = plan.read(wanted, store)
        tasks = tuple(Task(task.number, task.rows, task.key, f"case{task.number}") for task in store.tasks())
    monkeypatch.setattr(owner, step, broken)
    done = {each.number: [finding.code for finding in each.findings] for each in runner.render(tasks)}
    assert done == {2: [], 3: ["E507"], 4: ["E502"], 5: [], 6: []}
    assert sorted(tree(wanted.folder)) == ["case2.txt", "case5.txt", "case6.txt"]
