"""Worker processes: order, death, replacement, stops. The work functions here kill their own process on purpose."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from reportgen.batch.pool import Died, Limits, Pool
from tests.support.processes import held, is_alive


def never() -> bool:
    return False


def worked(work: Any, tasks: Iterable[Any], size: int = 2, limits: Limits | None = None) -> dict[Any, Any]:
    with Pool(work, size, limits or Limits()) as pool:
        return dict(pool.run(tasks, never))


def double(task: int) -> int:
    return 2 * task


def killing_seven(task: int) -> int:
    if task == 7:
        os._exit(1)
    return task


def pid(task: int) -> int:
    return os.getpid()


def test_every_task_is_answered_once_by_other_processes() -> None:
    answers: list[tuple[Any, Any]] = []
    with Pool(double, 2, Limits()) as pool:
        answers += pool.run(range(1, 7), never)
    assert sorted(answers) == [(task, 2 * task) for task in range(1, 7)]
    pids = set(worked(pid, range(20)).values())
    assert os.getpid() not in pids
    assert len(pids) == 2


def test_a_task_that_kills_its_worker_takes_no_other_with_it() -> None:
    answers = worked(killing_seven, range(5, 40))
    assert answers.pop(7) == Died("ended without an answer")
    assert answers == {task: task for task in range(5, 40) if task != 7}


def test_a_worker_that_is_killed_while_idle_is_replaced() -> None:
    with Pool(pid, 1, Limits()) as pool:
        first = dict(pool.run([1], never))[1]
        assert isinstance(first, int)
        os.kill(first, 9)
        time.sleep(0.1)
        answers = [answer for _, answer in pool.run([2, 3], never)]
    assert isinstance(answers[0], Died)
    assert isinstance(answers[1], int)
    assert answers[1] != first


def test_a_task_that_never_ends_is_ended() -> None:
    def sleeping(task: int) -> int:
        time.sleep(60 if task == 1 else 0)
        return task

    began = time.monotonic()
    answers = worked(sleeping, [1, 2, 3], limits=Limits(seconds=0.5))
    assert answers == {1: Died("took too long"), 2: 2, 3: 3}
    assert time.monotonic() - began < 10


def test_workers_are_replaced_after_their_share_of_tasks_or_memory() -> None:
    tasks = range(9)
    assert len(set(worked(pid, tasks, size=1, limits=Limits(tasks=3)).values())) == 3
    assert len(set(worked(pid, tasks, size=1).values())) == 1
    kept: list[bytes] = []

    def growing(task: int) -> int:
        kept.append(b"x" * 20_000_000)
        return os.getpid()

    assert len(set(worked(growing, tasks, size=1, limits=Limits(memory=50_000_000)).values())) == 3


def test_what_the_parent_holds_is_not_counted_as_a_workers_memory() -> None:
    held = b"x" * 80_000_000
    tasks = range(4)
    assert len(set(worked(pid, tasks, size=1, limits=Limits(memory=50_000_000)).values())) == 1
    assert held


def test_a_stop_finishes_what_was_handed_out_and_takes_no_more() -> None:
    answered: list[int] = []
    with Pool(double, 2, Limits()) as pool:
        for task, _ in pool.run(range(1000), lambda: len(answered) >= 5):
            answered.append(task)
    assert 5 <= len(answered) <= 8, "at most two answers with the fifth, and two tasks that were handed out before it"
    assert sorted(answered) == list(range(len(answered)))


def test_a_worker_has_its_next_task_before_its_last_answer_is_looked_at(tmp_path: Path) -> None:
    def noting(task: int) -> int:
        (tmp_path / str(task)).touch()
        return task

    with Pool(noting, 1, Limits()) as pool:
        answers = pool.run([1, 2], never)
        assert next(answers) == (1, 1)
        for _ in range(100):
            if (tmp_path / "2").exists():
                break
            time.sleep(0.02)
        assert (tmp_path / "2").exists()
        assert list(answers) == [(2, 2)]


def test_large_answers_and_large_tasks_pass_at_once() -> None:
    def large(task: str) -> str:
        return task * 2

    answers = worked(large, ["x" * 1_000_000, "y" * 2_000_000, "z" * 3_000_000])
    assert {task[0]: len(answer) for task, answer in answers.items()} == {
        "x": 2_000_000,
        "y": 4_000_000,
        "z": 6_000_000,
    }


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux")
def test_a_worker_holds_no_connection_of_its_parent_and_keeps_the_files(tmp_path: Path) -> None:
    def holding(_: int) -> list[str]:
        return held()

    browser, desk = socket.socketpair()
    with browser, desk, (tmp_path / "journal").open("w") as journal:
        for names in worked(holding, range(4)).values():
            assert names.count("pipe") == 2  # to its parent, no other worker's
            assert "socket" not in names
            assert journal.name in names


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent = os.fork()
    if parent == 0:

        def noting(task: int) -> int:
            (tmp_path / str(os.getpid())).touch()
            time.sleep(0.05)
            return task

        with Pool(noting, 2, Limits()) as pool:
            for _ in pool.run(range(10_000), never):
                pass
        os._exit(0)
    for _ in range(100):
        if len(list(tmp_path.iterdir())) == 2:
            break
        time.sleep(0.05)
    os.kill(parent, 9)
    os.waitpid(parent, 0)
    workers = [int(path.name) for path in tmp_path.iterdir()]
    assert len(workers) == 2
    for _ in range(100):
        if not any(map(is_alive, workers)):
            return
        time.sleep(0.05)
    raise AssertionError("workers outlived their parent")
