"""Templates of a laboratory run in a child process: what runs away is stopped, and the next call goes on."""

from __future__ import annotations

import mmap
import multiprocessing
import os
import resource
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from reportgen import contained as module
from reportgen.contained import contained
from reportgen.findings import FindingsError, refuse
from tests.support.processes import children, held, is_alive

HOARD: list[bytes] = []  # what a job keeps after its answer


@dataclass(frozen=True)
class Owner:
    """Stands for a laboratory: only its hash is looked at."""

    hash: str


def job(owner: Owner, what: str = "") -> str:
    if what == "refuse":
        raise refuse("T408", "no", "there", "path", hint="do this")
    if what == "break":
        raise ValueError("SECRET words of a patient")
    if what == "loop":
        while True:
            pass
    if what == "memory":
        return "x" * (3 << 30)
    if what == "long":
        return "x" * (6 << 20)
    if what == "hoard":
        HOARD.append(b"x" * (module.MEMORY * 5 // 8))
        return str(os.getpid())
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "exit":
        os._exit(0)
    if what == "limit":
        used = resource.getrusage(resource.RUSAGE_SELF)
        return str(resource.getrlimit(resource.RLIMIT_CPU)[0] - used.ru_utime - used.ru_stime)
    if what == "held":
        return " ".join(held())
    return f"{owner.hash} {what}" if what != "pid" else str(os.getpid())


def ask(owner: str, what: str = "") -> str:
    return contained(job, Owner(owner), what, place="lab.html").decode()


def code(owner: str, what: str) -> str:
    with pytest.raises(FindingsError) as caught:
        ask(owner, what)
    (finding,) = caught.value.findings
    assert "SECRET" not in finding.as_line()
    return finding.code


def test_the_text_comes_back_as_it_is() -> None:
    assert ask("a", "½ mm² ≥ é") == "a ½ mm² ≥ é"
    assert ask("b", "") == "b "


def test_a_parent_that_reserved_much_memory_leaves_its_child_as_much_as_any() -> None:
    with mmap.mmap(-1, 3 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS):
        assert ask("of a large parent", "words") == "of a large parent words"
        assert code("of a large parent", "memory") == "T415"


def test_what_the_job_refuses_comes_back_whole() -> None:
    with pytest.raises(FindingsError) as caught:
        ask("refusing", "refuse")
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.file, finding.path, finding.message, finding.hint) == (
        "T408", "there", "path", "no", "do this",
    )  # fmt: skip
    assert ask("refusing", "x") == "refusing x"


def test_any_other_exception_is_named_by_its_kind_alone() -> None:
    assert code("breaking", "break") == "T408"
    assert ask("breaking", "x") == "breaking x"


def test_a_job_may_compute_for_five_seconds() -> None:
    assert 4 < float(ask("allowed", "limit")) <= 5  # the system counts whole seconds


@pytest.mark.usefixtures("hurried")
def test_an_endless_loop_is_stopped_when_its_time_is_used_up() -> None:
    began = time.monotonic()
    assert code("looping", "loop") == "T415"
    assert 0.5 < time.monotonic() - began < 4 * module.CPU_SECONDS + 5  # the computing of a busy machine takes longer
    assert ask("looping", "x") == "looping x"


@pytest.mark.parametrize("what", ["memory", "long", "die", "exit"])
def test_what_uses_up_the_machine_or_dies_is_stopped(what: str) -> None:
    assert code(f"owner-{what}", what) == "T415"
    assert ask(f"owner-{what}", "x") == f"owner-{what} x"


def test_after_three_runaways_a_template_is_not_tried_again() -> None:
    for _ in range(3):
        assert code("striker", "exit") == "T415"
    began = time.monotonic()
    assert code("striker", "x") == "T415"
    assert time.monotonic() - began < 0.2


def test_one_child_answers_many_questions_and_is_not_this_process() -> None:
    children = {ask("steady", "pid") for _ in range(5)}
    assert len(children) == 1
    assert children != {str(os.getpid())}


def test_a_child_that_keeps_much_memory_is_replaced_before_a_job_lacks_it() -> None:
    assert len({ask("hoarder", "hoard") for _ in range(3)}) == 3


def test_a_child_that_was_ended_while_it_was_idle_is_replaced_and_nothing_is_refused() -> None:
    for _ in range(4):
        pid = int(ask("idle", "pid"))
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert ask("idle", "words") == "idle words"


def test_where_no_child_could_be_forked_the_next_question_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fork() -> int:
        raise BlockingIOError

    with monkeypatch.context() as patched:
        patched.setattr(os, "fork", no_fork)
        with pytest.raises(BlockingIOError):
            ask("late", "pid")
    assert ask("late", "words") == "late words"


def _in_a_fork(sending: multiprocessing.connection.Connection) -> None:
    sending.send(ask("forked", "pid"))


def test_a_forked_process_has_a_child_of_its_own_and_leaves_this_one_alone() -> None:
    mine = ask("forked", "pid")
    receiving, sending = multiprocessing.Pipe(duplex=False)
    fork = multiprocessing.get_context("fork").Process(target=_in_a_fork, args=(sending,))
    fork.start()
    fork.join(20)
    assert receiving.recv() != mine
    assert ask("forked", "pid") == mine


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux")
def test_a_child_holds_nothing_open_but_the_two_pipes_to_its_parent(tmp_path: Path) -> None:
    ask("another child, with pipes of its own")
    browser, desk = socket.socketpair()
    with browser, desk, (tmp_path / "lock").open("w"):
        assert ask("holding", "held") == "pipe pipe"
        desk.close()
        browser.settimeout(10)
        assert browser.recv(1) == b""


@pytest.mark.parametrize("what", ["words", "loop"])
def test_no_child_is_left_when_its_parent_is_killed_whatever_it_is_at(what: str) -> None:
    receiving, sending = os.pipe()
    parent = os.fork()
    if parent == 0:
        Thread(target=ask, args=("orphan", what), daemon=True).start()
        while not (forked := children(os.getpid())):
            time.sleep(0.01)
        (child,) = forked
        os.write(sending, str(child).encode())
        time.sleep(60)
    orphan = int(os.read(receiving, 20))
    os.close(receiving)
    os.close(sending)
    time.sleep(0.1)  # it is at work now
    assert is_alive(orphan)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    deadline = time.monotonic() + 3  # computing alone would be stopped after five
    while is_alive(orphan):
        assert time.monotonic() < deadline
        time.sleep(0.01)
