"""What a forked process goes on holding."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.descriptors import close_inherited


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

        def left(*kept: int, only_sockets: bool) -> Callable[[], list[bool]]:
            def job() -> list[bool]:
                spared = {*kept, *(each for each in range(3, 4_096) if is_open(each) and each not in all_of_them)}
                close_inherited(spared, only_sockets=only_sockets)
                return [is_open(each) for each in all_of_them]

            return job

        standard = [is_open(each) for each in (0, 1, 2)]
        assert in_a_fork(left(reading, only_sockets=False)) == str([*standard, False, False, True, False, False])
        assert in_a_fork(left(ours.fileno(), only_sockets=True)) == str([*standard, True, False, True, True, True])
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
