"""Child processes: forked from this one, asked through two pipes, and gone when this process is.

A child inherits every descriptor that its parent has open, connections included, and a connection closes only when its
last holder closes it. A browser whose connection lives on in a child sends its next request to a server that no longer
listens there, and waits forever. So a child closes what it inherited before it does anything else.
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import select
import signal
import stat
import struct
import time
from collections.abc import Callable, Container, Iterable
from pathlib import Path
from threading import Lock, Thread
from typing import NoReturn

_LENGTH = struct.Struct(">Q")
_PIECE = 1 << 20  # bytes that are read at once
_STANDARD = 3  # input, output and errors stay
_MOST = 4096  # descriptors that are tried where the system does not list them


class Channel:
    """Two pipes that carry messages between a child and its parent; both sides have one."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self.incoming, self.outgoing = incoming, outgoing

    def send(self, message: bytes) -> None:
        """Send a message; raises `OSError` where the other side is gone."""
        view = memoryview(_LENGTH.pack(len(message)) + message)
        while view:
            view = view[os.write(self.outgoing, view) :]

    def receive(self, seconds: float = math.inf, at_most: float = math.inf) -> bytes:
        """The next message, the whole of it within so many seconds and of so many bytes at most.

        Raises:
            EOFError: where the other side is gone or the message is too long.
            TimeoutError: where the message is not here in time.
        """
        deadline = time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        if length > at_most:
            raise EOFError
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        while length:
            if deadline < math.inf and not _poll([self.incoming], deadline - time.monotonic()):
                raise TimeoutError
            piece = os.read(self.incoming, min(length, _PIECE))
            if not piece:
                raise EOFError
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def answer(self, work: Callable[[bytes], bytes]) -> None:
        """Answer one message after the other, until the other side is gone."""
        with contextlib.suppress(EOFError, BrokenPipeError):
            while True:
                self.send(work(self.receive()))

    def is_over(self, seconds: float = 0) -> bool:
        """Whether the other side is gone; waits so long for its end."""
        return bool(_poll([self.incoming], seconds, events=0))

    def hang_up(self) -> None:
        """Tell the other side that no message follows."""
        if self.outgoing >= 0:
            os.close(self.outgoing)
            self.outgoing = -1

    def close(self) -> None:
        """Close both pipes."""
        self.hang_up()
        os.close(self.incoming)


class Child:
    """A forked process that answers messages of this one; it ends when its call of `live` does.

    With `keeps_files`, files stay open in it; connections and pipes never do.

    Raises:
        OSError: where the system allows no further process.
    """

    def __init__(self, live: Callable[[Channel], None], *, keeps_files: bool = False) -> None:
        self._alive = False
        self._asking = Lock()
        self._owner = os.getpid()
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self.channel, theirs = Channel(ours_in, ours_out), Channel(theirs_in, theirs_out)
        try:
            self.pid = os.fork()
        except OSError:
            self.channel.close()
            theirs.close()
            raise
        if self.pid == 0:
            _live(live, theirs, keeps_files=keeps_files)
        theirs.close()
        self._alive = True

    def is_alive(self) -> bool:
        """Whether it can be asked; the system may have ended it while it was idle, for want of memory."""
        return self._alive and not self.channel.is_over()

    def ask(self, message: bytes, seconds: float, at_most: float) -> bytes:
        """Send a message and wait for its answer; a child that gives none is killed.

        One thread after the other: an answer must never reach a thread that asked about another patient.

        Raises:
            OSError, EOFError: where the child is gone or its answer is too long.
            TimeoutError: where it takes longer than so many seconds.
        """
        with self._asking:
            if not self._alive:
                raise EOFError
            try:
                self.channel.send(message)
                return self.channel.receive(seconds, at_most)
            except BaseException:
                self.kill()  # what it still says must not be taken for the answer to the next question
                raise

    def end(self, seconds: float) -> None:
        """Let it end by itself, and kill it after so many seconds."""
        if self._alive:
            self.channel.hang_up()
            self.channel.is_over(seconds)
        self.kill()

    def stop(self) -> None:
        """Send the signal that kills it, without waiting; only the process that forked it does."""
        if self._owner == os.getpid():
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill it and forget it; a process that was forked from its owner only lets go of the pipes."""
        if self._alive:
            self._alive = False
            self.stop()
            if self._owner == os.getpid():
                with contextlib.suppress(OSError):
                    os.waitpid(self.pid, 0)
            with contextlib.suppress(OSError):
                self.channel.close()

    def __del__(self) -> None:
        self.kill()


def answering(children: Iterable[Child], seconds: float) -> list[Child]:
    """The children that have something to say, or ended; waits so long for the first."""
    by_pipe = {child.channel.incoming: child for child in children}
    return [by_pipe[descriptor] for descriptor in _poll(by_pipe, seconds)]


def _poll(descriptors: Iterable[int], seconds: float, events: int = select.POLLIN) -> list[int]:
    """Which descriptors have an event; that the other end was closed is always one."""
    looking = select.poll()
    for each in descriptors:
        looking.register(each, events)
    wait = None if seconds == math.inf else max(0, math.ceil(1000 * seconds))
    return [descriptor for descriptor, _ in looking.poll(wait)]


def _live(live: Callable[[Channel], None], channel: Channel, *, keeps_files: bool) -> NoReturn:
    """The whole life of a child. It ignores Ctrl-C, which its parent answers; it collects garbage when it wants to."""
    status = 1
    try:
        close_inherited((channel.incoming, channel.outgoing), keeps_files=keeps_files)
        signal.set_wakeup_fd(-1)  # a server's, which would take this process's signals for its own
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        gc.freeze()
        gc.disable()
        live(channel)
        status = 0
    finally:
        os._exit(status)


def close_inherited(kept: Container[int], *, keeps_files: bool = False) -> None:
    """Close what this process inherited, except standard input, output and errors; to be called first in a fork.

    The descriptors `kept` stay open, and with `keeps_files` files too; other connections and pipes never do.
    """
    for each in _open_ones():
        if each < _STANDARD or each in kept:
            continue
        with contextlib.suppress(OSError):  # the listing of the folder had one of its own
            if not keeps_files or stat.S_ISSOCK(mode := os.fstat(each).st_mode) or stat.S_ISFIFO(mode):
                os.close(each)


def _open_ones() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208 - numbers, not paths
    except OSError:
        return list(range(_MOST))


# ------------------------------------------------------------------ in a child


def end_with_parent(channel: Channel) -> None:
    """From now on, end this process as soon as its parent is gone, whatever it is working on."""

    def wait() -> None:
        channel.is_over(math.inf)
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def limit_memory(more: int) -> None:
    """Let this process take so many bytes of address space beyond what it has, and leave no core file.

    A fork inherits the address space, and a parent with many threads has reserved gigabytes.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        limit = _pages()[0] * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def limit_computing(seconds: int) -> None:
    """Let this process compute for so many seconds from now; the system kills it then."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.floor(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def resident_memory() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    return _pages()[1] * os.sysconf("SC_PAGESIZE")


def _pages() -> tuple[int, int]:
    """Pages of address space and pages in memory; zeros where the system does not say."""
    try:
        total, resident = Path("/proc/self/statm").read_bytes().split()[:2]
    except OSError:
        return 0, 0
    return int(total), int(resident)
