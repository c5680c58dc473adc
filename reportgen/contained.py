"""Work that may run away is done in a child process, which may use so much time and memory and no more.

Why a process: a template can loop within loops over the longest lists it is given, or double a text until the memory
is full; nothing inside an interpreter stops that. The child that runs away is killed, and the case fails alone. An
engine with threads of its own is used in a child only, too: a process that forks would leave them behind.

A child holds nothing open of its parent's but the two pipes between them, and ends when the parent does.

Source: threat 3 of the project's threat list.
"""

from __future__ import annotations

import atexit
import json
import os
import pickle
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Protocol

from reportgen.child import Channel, Child, end_with_parent, limit_computing, limit_memory, resident_memory
from reportgen.findings import Finding, FindingsError, Place, refuse

CPU_SECONDS = 5
_WALL_PER_CPU = 4
MEMORY = 1 << 30  # bytes of address space beyond what the parent had taken at the fork
OUTPUT = 5 << 20  # bytes
_CHILDREN = 4  # at work at a time in one process
_STRIKES = 3  # after so many runaways of one template it is refused without being tried again
_DONE, _REFUSED, _BROKEN, _RAN_AWAY = b"0", b"1", b"2", b"3"  # the first byte of an answer
_LAST = b"4"  # done, by a child that holds so much that the next job would lack memory

Job = Callable[..., str | bytes]  # called with a profile and values
_strikes: Counter[tuple[str, str]] = Counter()


class Owner(Protocol):
    """The laboratory's profile whose template it is, as far as it concerns this file."""

    @property
    def hash(self) -> str:
        """The hash of its content."""


def contained(job: Job, laboratory: Owner | None, *values: object, place: str, seconds: int = 0) -> bytes:
    """Call `job(laboratory, *values)` in a child process and return its result; a text as UTF-8.

    Args:
        job: a function of a module.
        laboratory: the profile whose template it is, or None; one child serves one profile.
        values: plain data.
        place: the template, for findings.
        seconds: how much computing it may take, 0 for the usual time; four times as long by the clock.

    Raises:
        FindingsError: what the job refuses; T415 for one that takes longer, more than 1 GB, or gives more than 5 MB.
    """
    key = (laboratory.hash if laboratory else "", place)
    if _strikes[key] >= _STRIKES:
        raise refuse("T415", "ran away several times already and is not tried again", place)
    seconds = seconds or CPU_SECONDS
    child = _child(job, laboratory)
    try:
        answer = child.ask(pickle.dumps((seconds, values)), _WALL_PER_CPU * seconds, OUTPUT + 1)
    except (EOFError, OSError) as error:
        _dismiss(child)
        late = isinstance(error, TimeoutError)
        answer = _RAN_AWAY + (b"took too long" if late else b"used up its time or memory and was stopped")
    kind, data = answer[:1], answer[1:]
    if kind == _LAST:
        _retire(child)
    if kind in (_DONE, _LAST):
        return data
    if kind == _RAN_AWAY:
        _strikes[key] += 1
        raise refuse("T415", data.decode(), place)
    if kind == _REFUSED:
        raise FindingsError(
            Finding(code, Place(*where), path, message, hint) for code, where, path, message, hint in json.loads(data)
        )
    raise refuse("T408", f"does not render: {data.decode()}", place)


_children: dict[tuple[Job, Owner | None], Child] = {}
_choosing = Lock()


def _child(job: Job, laboratory: Owner | None) -> Child:
    """The child for a job and a profile, new where there is none; the one used longest ago goes."""
    with _choosing:
        child = _children.pop((job, laboratory), None)
        if child is None or not child.is_alive():
            child = Child(partial(_serve, job, laboratory))
        _children[job, laboratory] = child
        while len(_children) > _CHILDREN:
            del _children[next(iter(_children))]
        return child


def _dismiss(child: Child) -> None:
    with _choosing:
        child.kill()
    _retire(child)


def _retire(child: Child) -> None:
    """Give the next question to a new child; whoever waits for this one still gets an answer."""
    with _choosing:
        for key in [key for key, each in _children.items() if each is child]:
            del _children[key]


def release() -> None:
    """End the children; the next question starts new ones."""
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
    """Stop the children while this process still shuts down; each is waited for when it is forgotten."""
    for child in _children.values():
        child.stop()


# ------------------------------------------------------------------ in a child


def _serve(job: Job, laboratory: Owner | None, channel: Channel) -> None:
    end_with_parent(channel)
    os.environ.setdefault("RAYON_NUM_THREADS", "1")  # for Typst: a batch has a process for each core already
    limit_memory(MEMORY)
    channel.answer(partial(_answered, job, laboratory, resident_memory() + MEMORY // 2))


def _answered(job: Job, laboratory: Owner | None, full: int, question: bytes) -> bytes:
    """The answer to a question: its kind, then text or findings, never an object."""
    seconds, values = pickle.loads(question)  # noqa: S301 - written by the parent itself
    limit_computing(seconds)
    try:
        result = job(laboratory, *values)
        data = result.encode("utf-8") if isinstance(result, str) else result
    except FindingsError as error:
        found = [(each.code, tuple(each.place), each.path, each.message, each.hint) for each in error.findings]
        return _REFUSED + json.dumps(found).encode()
    except MemoryError:
        return _RAN_AWAY + b"used up its memory and was stopped"
    except Exception as error:
        return _BROKEN + type(error).__name__.encode("ascii", "replace")
    if len(data) > OUTPUT:
        return _RAN_AWAY + f"gives more than {OUTPUT >> 20} MB of text".encode()
    return (_LAST if resident_memory() > full else _DONE) + data
