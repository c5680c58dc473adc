"""Starts the program in processes that have loaded it already: each costs a fork, not half a second of imports.

The starter is a process of its own too, so that the programs it starts inherit nothing of the tests. Where imports or
the environment of the interpreter matter, a test starts Python itself.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile

_CHECKOUT = Path(__file__).resolve().parents[2]
_LONGEST = 1 << 17  # bytes of a message


class Starter:
    """A starter for the time of this process."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.starter", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env=dict(environment), cwd=_CHECKOUT, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def run(self, arguments: list[str], folder: Path, seconds: float) -> tuple[int, str, str]:
        """Run the program in a folder; returns its exit code, or -n for signal n, and what it printed."""
        with TemporaryFile() as out, TemporaryFile() as err:
            keeper, pid = self._begin(arguments, folder, out.fileno(), err.fileno())
            with keeper:
                keeper.settimeout(seconds)
                try:
                    code = int(keeper.recv(_LONGEST))
                except TimeoutError:
                    os.killpg(pid, signal.SIGKILL)
                    raise
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode("utf-8").replace("\r\n", "\n"))
            return code, texts[0], texts[1]

    def start(self, arguments: list[str], folder: Path) -> Program:
        """Start the program in a folder and a session of its own, and leave it running."""
        (out, theirs_out), (err, theirs_err) = os.pipe(), os.pipe()
        try:
            keeper, pid = self._begin(arguments, folder, theirs_out, theirs_err)
        finally:
            os.close(theirs_out)
            os.close(theirs_err)
        return Program(keeper, pid, out, err)

    def _begin(self, arguments: list[str], folder: Path, out: int, err: int) -> tuple[socket.socket, int]:
        """Who tells the exit code once the program has ended, and the program's number."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            question = json.dumps([str(folder), *arguments]).encode()
            socket.send_fds(self._channel, [question], [out, err, theirs.fileno()])
        return ours, int(ours.recv(_LONGEST))

    def end(self) -> None:
        """End the starter; no program of it runs any more."""
        self._channel.close()
        self._process.wait()


class Program:
    """A program that runs; it has those attributes and methods of `subprocess.Popen` that tests use."""

    def __init__(self, keeper: socket.socket, pid: int, out: int, err: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout = os.fdopen(out, encoding="utf-8")
        self.stderr = os.fdopen(err, encoding="utf-8")
        self._keeper = keeper

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()
        self._close()

    def _close(self) -> None:
        for each in (self.stdout, self.stderr, self._keeper):
            each.close()

    def poll(self) -> int | None:
        with contextlib.suppress(TimeoutError):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._keeper], [], [], timeout)[0]:
                raise TimeoutError
            self.returncode = int(self._keeper.recv(_LONGEST))
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that it still prints, once it has ended; nothing where that was asked before."""
        if self.stdout.closed:
            return "", ""
        with ThreadPoolExecutor(2) as readers:
            texts = [readers.submit(stream.read) for stream in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except TimeoutError:
                os.killpg(self.pid, signal.SIGKILL)
                raise
            out, err = (each.result() for each in texts)
        self._close()
        return out, err


def _serve(channel: socket.socket) -> list[str]:
    """Fork for each question; in a fork, take the place of a new process and return its arguments."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the keepers are not waited for
    while True:
        question, received, _, _ = socket.recv_fds(channel, _LONGEST, 3)
        if not question:
            os._exit(0)
        *files, keeper = received
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            channel.close()
            _keep(socket.socket(fileno=keeper))
            folder, *arguments = json.loads(question)
            os.chdir(folder)
            for number, file in enumerate(files, 1):
                os.dup2(file, number)
                os.close(file)
            # What was made for the former files would seek in these.
            sys.stdout = sys.__stdout__ = _writer(1, "strict")  # type: ignore[misc]
            sys.stderr = sys.__stderr__ = _writer(2, "backslashreplace")  # type: ignore[misc]
            return [str(each) for each in arguments]
        for file in (*files, keeper):
            os.close(file)


def _writer(descriptor: int, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors=errors, line_buffering=descriptor == 2)


def _keep(answers: socket.socket) -> None:
    """Become the program, in a session of its own; the process that this was waits for it and tells how it ended."""
    pid = os.fork()
    if pid == 0:
        answers.close()
        os.setsid()
        return
    os.closerange(0, answers.fileno())
    os.closerange(answers.fileno() + 1, 256)
    answers.send(str(pid).encode())
    _, status = os.waitpid(pid, 0)
    answers.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _main() -> None:
    import tests.support.preloaded  # noqa: F401 - for the programs
    from reportgen.cli.app import main

    sys.argv = ["reportgen", *_serve(socket.socket(fileno=int(sys.argv[1])))]
    main()


if __name__ == "__main__":
    _main()
