"""Starts the program in processes that have loaded it already: each costs a fork, not half a second of imports.

The starter is a process of its own too, so that the programs it starts inherit nothing of the tests. Where imports or
the environment of the interpreter matter, a test starts Python itself.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
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
            question = json.dumps([str(folder), *arguments]).encode()
            socket.send_fds(self._channel, [question], [out.fileno(), err.fileno()])
            pid = int(self._channel.recv(_LONGEST))
            self._channel.settimeout(seconds)
            try:
                code = int(self._channel.recv(_LONGEST))
            except TimeoutError:
                os.kill(pid, 9)
                raise
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode("utf-8").replace("\r\n", "\n"))
            return code, texts[0], texts[1]

    def end(self) -> None:
        """End the starter; no program of it runs any more."""
        self._channel.close()
        self._process.wait()


def _serve(channel: socket.socket) -> list[str]:
    """Fork for each question; in a fork, take the place of a new process and return its arguments."""
    while True:
        question, files, _, _ = socket.recv_fds(channel, _LONGEST, 2)
        if not question:
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            channel.close()
            folder, *arguments = json.loads(question)
            os.chdir(folder)
            for number, file in enumerate(files, 1):
                os.dup2(file, number)
                os.close(file)
            return [str(each) for each in arguments]
        for file in files:
            os.close(file)
        channel.send(str(pid).encode())
        _, status = os.waitpid(pid, 0)
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())


def _main() -> None:
    with contextlib.suppress(ImportError):  # a machine may lack an engine
        import docx  # noqa: F401
        import typst  # noqa: F401
        import weasyprint  # noqa: F401
    from reportgen.cli.app import main, program
    from reportgen.pipeline import Settings, render

    program()
    render(
        _CHECKOUT / "samples" / "three-parts.yaml", Settings(formats=("docx", "html", "txt"))
    )  # loads what they need
    gc.freeze()
    sys.argv = ["reportgen", *_serve(socket.socket(fileno=int(sys.argv[1])))]
    main()


if __name__ == "__main__":
    _main()
