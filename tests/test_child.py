"""Child processes: what they go on holding, how they are asked, limited and ended."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportgen.child import Channel, Child, answering, close_inherited, limit_computing
from tests.support.processes import is_alive


def in_a_fork(job: Callable[[], object]) -> str:
    """What a job returns in a forked process, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(job()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    return said


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("listed", [True, False], ids=["where the system lists them", "where it does not"])
def test_a_fork_keeps_what_it_is_told_to_and_the_standard_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, listed: bool
) -> None:
    if not listed:

        def nothing(_: str) -> list[str]:
            raise FileNotFoundError

        monkeypatch.setattr(os, "listdir", nothing)
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    with ours, theirs, (tmp_path / "file").open("wb") as file:
        all_of_them = (0, 1, 2, ours.fileno(), theirs.fileno(), reading, writing, file.fileno())

        def left(*kept: int, keeps_files: bool) -> Callable[[], list[bool]]:
            def job() -> list[bool]:
                spared = {*kept, *(each for each in range(3, 4_096) if is_open(each) and each not in all_of_them)}
                close_inherited(spared, keeps_files=keeps_files)
                return [is_open(each) for each in all_of_them]

            return job

        standard = [is_open(each) for each in (0, 1, 2)]
        assert in_a_fork(left(reading, keeps_files=False)) == str([*standard, False, False, True, False, False])
        assert in_a_fork(left(ours.fileno(), keeps_files=True)) == str([*standard, True, False, False, False, True])
        assert all(is_open(each) for each in all_of_them[3:])  # this process keeps all of them
    os.close(reading)
    os.close(writing)


def test_a_connection_ends_when_its_server_closes_it_whatever_child_was_forked_meanwhile() -> None:
    """The fault itself: the client must be told that the connection is over while the child lives."""
    server, client = socket.socketpair()
    waiting, go = os.pipe()
    child = os.fork()
    if child == 0:
        close_inherited((waiting,))
        os.read(waiting, 1)
        os._exit(0)
    os.close(waiting)
    with client:
        server.close()
        client.settimeout(10)
        assert client.recv(1) == b""
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
    os.close(go)
    os.waitpid(child, 0)


def echo(channel: Channel) -> None:
    """Send each message back; sleep first where it begins with a number."""

    def work(message: bytes) -> bytes:
        time.sleep(float(message) if message[:1].isdigit() else 0)
        return message

    channel.answer(work)


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child(echo)
    yield made
    made.kill()


def test_messages_of_any_size_are_answered_one_after_the_other(child: Child) -> None:
    for message in (b"", b"x" * 3_000_000, b"words"):
        assert child.ask(message, 20, 3_000_000) == message


def test_a_child_that_answers_too_late_or_too_much_is_killed(child: Child) -> None:
    with pytest.raises(TimeoutError):
        child.ask(b"30", 0.1, 100)
    assert not is_alive(child.pid)
    with pytest.raises(EOFError):
        child.ask(b"x", 1, 100)
    other = Child(echo)
    with pytest.raises(EOFError):
        other.ask(b"xxx", 20, 2)
    assert not is_alive(other.pid)


def test_a_child_ends_by_itself_if_it_has_the_time(child: Child, tmp_path: Path) -> None:
    def tidy(channel: Channel) -> None:
        echo(channel)
        time.sleep(0.2)
        (tmp_path / "tidied").touch()

    polite = Child(tidy)
    polite.end(20)
    assert (tmp_path / "tidied").exists()
    assert not is_alive(polite.pid)
    child.channel.send(b"30")
    child.end(0.1)
    assert not is_alive(child.pid)


def test_children_that_answered_or_died_are_found(child: Child) -> None:
    dead, silent = Child(lambda _: None), Child(echo)
    child.channel.send(b"x")
    assert child.channel.receive(20) == b"x"
    assert answering([child, silent], 0.01) == []
    assert answering([child, silent, dead], 20) == [dead]
    dead.kill()
    silent.kill()


def test_a_child_that_may_not_compute_any_longer_is_ended_by_the_system() -> None:
    def endless(channel: Channel) -> None:
        limit_computing(1)
        while True:
            pass

    with pytest.raises(EOFError):
        Child(endless).ask(b"", 60, 1)


def test_no_pipe_is_left_open_where_no_process_can_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fork() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", no_fork)
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208 - numbers, not paths
    with pytest.raises(BlockingIOError):
        Child(echo)
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208 - numbers, not paths
