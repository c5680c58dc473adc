"""Worker processes: work goes out, answers come back; a worker that dies takes only its current task with it.

Why our own and not an executor of the library: there, one process that dies breaks the pool and every task in it.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from reportgen.child import Channel, Child, answering, resident_memory

_LOOK = 0.2  # seconds between two looks at stops and time limits
_PATIENCE = 5.0  # seconds for a worker that is idle to end by itself

T = TypeVar("T")
A = TypeVar("A")
Stop = Callable[[], bool]  # whether to end


@dataclass(frozen=True)
class Limits:
    """When a worker is replaced."""

    tasks: int = 2_000  # after so many tasks
    memory: int = 300_000_000  # when it holds so many bytes more than at its start
    seconds: float = 120.0  # when one task takes longer; the task counts as one that killed its worker
    # After so many tasks garbage is collected, and only then: in the midst of a layout, which makes a hundred thousand
    # small things that all go at once, collecting costs time and frees nothing.
    collect: int = 8
    release: Callable[[], None] | None = None  # called in a worker that ends, to give back what it keeps on disk


@dataclass(frozen=True)
class Died:
    """In place of an answer: the worker ended, or was ended, over this task."""

    why: str


@dataclass(eq=False)
class _Worker:
    child: Child
    since: float = 0.0
    tasks: int = 0
    memory: int = 0


class Pool(Generic[T, A]):
    """Processes forked from this one that apply one function to task after task.

    They keep the files open that this process holds: the lock of the folder and the journal. One whose parent is killed
    finishes the task in hand.
    """

    def __init__(self, work: Callable[[T], A], size: int, limits: Limits) -> None:
        self._size = size
        self._limits = limits
        self._live = partial(_serve, work, limits)
        self._idle: list[_Worker] = []
        self._busy: dict[_Worker, T] = {}

    def __enter__(self) -> Pool[T, A]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._busy:
            worker.child.kill()
        for worker in self._idle:
            worker.child.end(_PATIENCE)

    def run(self, tasks: Iterable[T], stop: Stop) -> Iterator[tuple[T, A | Died]]:
        """Work through tasks until all are done or `stop` says so; yields each with its answer or `Died`.

        Tasks that were handed out before the stop are finished.
        """
        waiting = iter(tasks)
        self._hand_out(waiting, stop)
        while self._busy:
            ready = answering([worker.child for worker in self._busy], _LOOK)
            answered: list[tuple[T, A | Died]] = []
            for worker in list(self._busy):
                if worker.child in ready:
                    answered.append(self._receive(worker))
                elif time.monotonic() - worker.since > self._limits.seconds:
                    answered.append(self._lose(worker, "took too long"))
            self._hand_out(waiting, stop)  # before the answers are looked at: no worker waits for that
            yield from answered

    def _hand_out(self, waiting: Iterator[T], stop: Stop) -> None:
        while len(self._busy) < self._size and not stop():
            try:
                task = next(waiting)
            except StopIteration:
                return
            worker = self._free_worker()
            self._busy[worker] = task
            worker.since = time.monotonic()
            with contextlib.suppress(OSError):  # it died while it was idle: found when its answer is waited for
                worker.child.channel.send(pickle.dumps(task))

    def _free_worker(self) -> _Worker:
        """A worker without a task, a new one where the old one has done its share."""
        if self._idle:
            worker = self._idle.pop()
            if worker.tasks < self._limits.tasks and worker.memory <= self._limits.memory:
                return worker
            worker.child.end(_PATIENCE)
        return _Worker(Child(self._live, keeps_files=True))

    def _receive(self, worker: _Worker) -> tuple[T, A | Died]:
        try:
            answer, worker.memory = pickle.loads(worker.child.channel.receive())  # noqa: S301 - from our own worker
        except (EOFError, OSError):
            return self._lose(worker, "ended without an answer")
        worker.tasks += 1
        self._idle.append(worker)
        return self._busy.pop(worker), answer

    def _lose(self, worker: _Worker, why: str) -> tuple[T, Died]:
        worker.child.kill()
        return self._busy.pop(worker), Died(why)


def _serve(work: Callable[[T], A], limits: Limits, channel: Channel) -> None:
    """What a worker does: answer task after task, until its parent hangs up or is killed."""
    worked, held = 0, resident_memory()

    def answer(task: bytes) -> bytes:
        nonlocal worked
        if worked and worked % limits.collect == 0:
            gc.collect()
        worked += 1
        result = work(pickle.loads(task))  # noqa: S301 - from our own parent
        return pickle.dumps((result, resident_memory() - held))

    try:
        channel.answer(answer)
    finally:
        gc.enable()
        if limits.release:
            limits.release()
