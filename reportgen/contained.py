"""Work that may run away is done in a child process, which may use so much time and memory and no more.

Why a process: a template can loop within loops over the longest lists it is given, or double a text until the memory
is full; nothing inside an interpreter stops that. The child that runs away is killed, and the case fails alone. An
engine with threads of its own is used in a child only, too: a process that forks would leave them behind.

A child holds nothing open of its parent's but the two pipes between them, and ends when the parent does.

Source: threat 3 of the project's threat list.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import math
import os
import pickle
import select
import signal
import struct
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from reportgen.descriptors import close_inherited
from reportgen.findings import Finding, FindingsError, Place, refuse

CPU_SECONDS = 5
_WALL_PER_CPU = 4
WALL_SECONDS = _WALL_PER_CPU * CPU_SECONDS
MEMORY = 1 << 30  # bytes of address space beyond what the parent had taken at the fork
OUTPUT = 5 << 20  # bytes
_CHILDREN = 4  # at work at a time in one process
_STRIKES = 3  # after so many runaways of one template it is refused without being tried again
_LENGTH = struct.Struct(">BQ")
_DONE, _REFUSED, _BROKEN, _TOO_LONG = range(4)

_strikes: Counter[tuple[str, str]] = Counter()


def contained(job: Callable[..., str], laboratory: Any, *values: Any, place: str) -> str:
    """Call `job(laboratory, *values)` in a child process and return its text; else as `contained_bytes`."""
    return contained_bytes(job, laboratory, *values, place=place).decode("utf-8")


def contained_bytes(
    job: Callable[..., str | bytes], laboratory: Any, *values: Any, place: str, seconds: int | None = None
) -> bytes:
    """Call `job(laboratory, *values)` in a child process and return what it made; a text as UTF-8.

    Args:
        job: what fills the template; a function of a module.
        laboratory: the profile whose template it is, or None; one child serves one profile.
        values: what is filled in, plain data.
        place: the template, for findings.
        seconds: how much computing it may take, `CPU_SECONDS` where nothing is said; four times as long in all.

    Raises:
        FindingsError: what the job refuses; T415 for one that takes longer, more than 1 GB, or gives more than 5 MB.
    """
    key = (str(laboratory.hash) if laboratory else "", place)
    if _strikes[key] >= _STRIKES:
        raise _ran_away(place, "ran away several times already and is not tried again")
    child = _child(job, laboratory)
    try:
        kind, data = child.ask(values, seconds or CPU_SECONDS)
    except (EOFError, OSError, TimeoutError) as error:
        _dismiss(child)
        _strikes[key] += 1
        why = "took too long" if isinstance(error, TimeoutError) else "used up its time or memory and was stopped"
        raise _ran_away(place, why) from None
    if kind == _DONE:
        return data
    if kind == _TOO_LONG:
        _strikes[key] += 1
        raise _ran_away(place, f"gives more than {OUTPUT >> 20} MB of text")
    if kind == _REFUSED:
        raise FindingsError(
            Finding(code, Place(*where), path, message, hint) for code, where, path, message, hint in json.loads(data)
        )
    if data == b"MemoryError":
        _strikes[key] += 1
        raise _ran_away(place, "used up its memory and was stopped")
    raise refuse("T408", f"does not render: {data.decode('ascii')}", place)


def begin(job: Callable[..., str | bytes], laboratory: Any, *values: Any) -> None:
    """Let a child work on values before it is asked for anything, while this process goes on.

    For an engine that takes long to get going. What comes of it, an error too, is not listened to.
    """
    with contextlib.suppress(OSError):  # no child, or none that still listens: whoever asks for something is told
        _child(job, laboratory).begin(values, CPU_SECONDS)


def _ran_away(place: str, why: str) -> FindingsError:
    return refuse("T415", why, place)


class _Child:
    """A forked process that answers one question after another; each answer is text or findings, never an object."""

    def __init__(self, job: Callable[..., str | bytes], laboratory: Any) -> None:
        self.alive = False
        question, self.question = os.pipe()
        self.answer, answer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                close_inherited((question, answer))
                _serve(job, laboratory, question, answer)
                status = 0
            finally:
                os._exit(status)
        os.close(question)
        os.close(answer)
        self.alive = True
        self.beginning = False
        self.owner = os.getpid()
        self.asking = Lock()

    def begin(self, values: tuple[Any, ...], seconds: int) -> None:
        """Send values whose answer nobody wants; they must be few, for nothing is read meanwhile."""
        with self.asking:
            self._send(pickle.dumps((seconds, values)))
            self.beginning = True

    def is_ready(self) -> bool:
        """Whether it is alive and done with what it began; waits for that.

        One that the system ended while it was idle, for want of memory, is nothing that a template did.
        """
        if self.beginning:  # else nothing to wait for, and who asks it just now may be another
            with self.asking:
                if self.alive and self.beginning:
                    self.beginning = False
                    with contextlib.suppress(EOFError, OSError):
                        self._heard(WALL_SECONDS)
        return self.alive and not _closed(self.answer, 0)

    def ask(self, values: tuple[Any, ...], seconds: int) -> tuple[int, bytes]:
        """Send values and wait for the answer; raises where the child is gone or takes too long.

        One thread after the other: an answer must never reach who asked for another patient's.
        """
        data = pickle.dumps((seconds, values))
        with self.asking:
            if not self.alive:
                raise EOFError
            self._send(data)
            return self._heard(_WALL_PER_CPU * seconds)

    def _send(self, data: bytes) -> None:
        try:
            _write(self.question, _LENGTH.pack(0, len(data)) + data)
        except BaseException:
            self.kill()
            raise

    def _heard(self, wall: float) -> tuple[int, bytes]:
        deadline = time.monotonic() + wall
        try:
            kind, length = _LENGTH.unpack(_read(self.answer, _LENGTH.size, deadline))
            if length > OUTPUT:
                raise EOFError
            return kind, _read(self.answer, length, deadline)
        except BaseException:
            self.kill()  # what it still says must not be taken for the answer to the next question
            raise

    def stop(self) -> None:
        """Stop the child where it is this process's own, and wait for nothing."""
        if self.owner == os.getpid():
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Stop the child and forget it; a process that was forked from the owner only lets go of the pipes."""
        if self.alive:
            self.alive = False
            self.stop()
            if self.owner == os.getpid():
                with contextlib.suppress(OSError):
                    os.waitpid(self.pid, 0)
            for end in (self.question, self.answer):
                with contextlib.suppress(OSError):
                    os.close(end)

    def __del__(self) -> None:
        self.kill()


_children: dict[tuple[Callable[..., str | bytes], Any], _Child] = {}
_choosing = Lock()


def _child(job: Callable[..., str | bytes], laboratory: Any) -> _Child:
    """The child for a job and a profile, made where there is none; the one used longest ago goes."""
    with _choosing:
        child = _children.pop((job, laboratory), None)
        if child is None or not child.is_ready():
            child = _Child(job, laboratory)
        _children[job, laboratory] = child
        while len(_children) > _CHILDREN:
            del _children[next(iter(_children))]
        return child


def _dismiss(child: _Child) -> None:
    with _choosing:
        child.kill()
        for key in [key for key, each in _children.items() if each is child]:
            del _children[key]


def release() -> None:
    """End the children; the next question makes new ones."""
    with _choosing:
        for child in _children.values():
            child.kill()
        _children.clear()


def _forget() -> None:
    """Start without children: a process that was forked must not speak through its parent's pipes."""
    global _choosing
    _choosing = Lock()
    _children.clear()


if hasattr(os, "register_at_fork"):  # else nothing forks here
    os.register_at_fork(after_in_child=_forget)


@atexit.register
def _stop() -> None:
    """Stop the children while this process still takes itself down; each is waited for when it is forgotten."""
    for child in _children.values():
        child.stop()


def _serve(job: Callable[..., str | bytes], laboratory: Any, question: int, answer: int) -> None:
    """Answer until the questions end."""
    import resource

    signal.set_wakeup_fd(-1)  # a server's, which would take this process's signals for its own
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, args=(question,), daemon=True).start()
    os.environ.setdefault("RAYON_NUM_THREADS", "1")  # for Typst: a batch has a process for each core already
    gc.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        limit = _address_space() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    while True:
        try:
            _, length = _LENGTH.unpack(_read(question, _LENGTH.size))
        except EOFError:
            return
        seconds, values = pickle.loads(_read(question, length))  # noqa: S301 - written by the parent itself
        kind, data = _answered(job, laboratory, values, seconds)
        _write(answer, _LENGTH.pack(kind, len(data)) + data)


def _end_with_parent(question: int) -> None:
    """End this process, whatever it is working on, when nobody can ask it anything any more."""
    _closed(question)
    os._exit(1)


def _closed(end: int, wait: int | None = None) -> bool:
    """Whether nobody holds the other end of a pipe any more; waits for that, or for so many milliseconds."""
    looking = select.poll()
    looking.register(end, 0)  # for no event but this one, which is always told
    return bool(looking.poll(wait))


def _address_space() -> int:
    """What this process has taken, in bytes, 0 where the system does not say.

    A fork inherits all of it, and a parent with many threads has reserved gigabytes.
    """
    import resource

    try:
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _answered(
    job: Callable[..., str | bytes], laboratory: Any, values: tuple[Any, ...], seconds: int
) -> tuple[int, bytes]:
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.floor(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    try:
        made = job(laboratory, *values)
        data = made.encode("utf-8") if isinstance(made, str) else made
    except FindingsError as error:
        found = [(each.code, tuple(each.place), each.path, each.message, each.hint) for each in error.findings]
        return _REFUSED, json.dumps(found).encode()
    except Exception as error:
        return _BROKEN, type(error).__name__.encode("ascii", "replace")
    return (_DONE, data) if len(data) <= OUTPUT else (_TOO_LONG, b"")


def _write(end: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(end, view) :]


def _read(end: int, length: int, deadline: float = 0.0) -> bytes:
    pieces, missing = [], length
    while missing:
        if deadline and not select.select([end], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise TimeoutError
        piece = os.read(end, min(missing, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
