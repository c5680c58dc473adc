"""Worker processes: work goes out, answers come back; a worker that dies takes only the task in its hands with it.

Why our own and not an executor of the library: there, one process that dies breaks the pool and every task in it.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from reportgen.descriptors import close_inherited

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

Job = tuple[Any, ...]  # tasks that go to one worker together
_LOOK = 0.2  # seconds between two looks at stops, time limits and parents


@dataclass(frozen=True)
class Limits:
    """When a worker is replaced.

    Attributes:
        tasks: after so many tasks.
        memory: when it holds so many bytes more than at its start.
        seconds: when one task takes longer; the task counts as one that killed its worker.
        collect: after so many tasks garbage is collected, and only then: in the midst of a layout, which makes a
            hundred thousand small things that all go at once, collecting costs time and frees nothing.
        release: called in a worker that ends, to give back what it keeps on disk.
    """

    tasks: int = 2_000
    memory: int = 300_000_000
    seconds: float = 120.0
    collect: int = 8
    release: Callable[[], None] | None = None


@dataclass(frozen=True)
class Died:
    """In place of an answer: the worker ended, or was ended, over this task."""

    why: str


Answers = Generator[tuple[Any, Any], None, None]  # each task with its answer, or `Died`


class Hands(Protocol):
    """Who works on a batch: processes of this machine, or a cluster.

    Attributes:
        bulk: how many times as many cases are handed out at once as a process of this machine gets.
        far: whether they have no part in this machine's memory and journal.
    """

    @property
    def bulk(self) -> int:
        """As above."""

    @property
    def far(self) -> bool:
        """As above."""

    def __enter__(self) -> Hands: ...
    def __exit__(self, *_: object) -> None: ...

    def equip(self, bench: Any) -> None:
        """Say what is worked on."""

    def begin(self, name: str) -> None:
        """The batch holds the folder now and is about to write; `name` tells it from others."""

    def run(
        self,
        what: str,
        jobs: Iterable[Job],
        stop: Callable[[], bool],
        limits: Limits | None = None,
        *,
        alone: bool = False,
    ) -> Answers:
        """Do what the bench calls `what` with every task of the jobs; `alone` with nothing else in hand."""


@dataclass
class Local:
    """Processes of this machine, forked from this one for each round of work."""

    size: int
    bench: Any = None
    bulk: int = 1
    far: bool = False

    def __enter__(self) -> Local:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def equip(self, bench: Any) -> None:
        """As `Hands`."""
        self.bench = bench

    def begin(self, name: str) -> None:
        """Nothing: the lock of the folder is held by its workers too."""

    def run(
        self,
        what: str,
        jobs: Iterable[Job],
        stop: Callable[[], bool],
        limits: Limits | None = None,
        *,
        alone: bool = False,
    ) -> Answers:
        """As `Hands`."""
        with Pool(getattr(self.bench, what), 1 if alone else self.size, limits) as pool:
            yield from pool.run(jobs, stop)


@dataclass
class _Worker:
    process: ForkProcess
    pipe: Connection
    open: list[Any] = field(default_factory=list)
    since: float = 0.0
    tasks: int = 0
    memory: int = 0


class Pool:
    """Processes forked from this one that apply one function to task after task.

    Args:
        work: what is done with a task, in the worker.
        size: how many processes.
        limits: when a process is replaced.
    """

    def __init__(self, work: Callable[[Any], Any], size: int, limits: Limits | None = None) -> None:
        self._work = work
        self._size = size
        self._limits = limits or Limits()
        self._workers: list[_Worker] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            _end(worker, wait_for_it=not worker.open)
        self._workers = []

    def run(self, jobs: Iterable[Job], stop: Callable[[], bool]) -> Iterator[tuple[Any, Any]]:
        """Work through jobs until all are done or `stop` says so; yields each task with its answer or `Died`.

        Tasks that were handed out before the stop are finished; a task whose job-mate killed the worker before its turn
        is worked on by another worker.
        """
        waiting = iter(jobs)
        again: list[Job] = []
        self._hand_out(waiting, again, stop)
        while busy := [worker for worker in self._workers if worker.open]:
            ready = wait([worker.pipe for worker in busy], timeout=_LOOK)
            answered: list[tuple[Any, Any]] = []
            for worker in busy:
                if worker.pipe in ready:
                    answered.append(self._receive(worker, again))
                elif time.monotonic() - worker.since > self._limits.seconds:
                    answered.append(self._lose(worker, again, "took too long"))
            self._hand_out(waiting, again, stop)  # before the answers are looked at: nobody shall wait for that
            yield from answered

    def _hand_out(self, waiting: Iterator[Job], again: list[Job], stop: Callable[[], bool]) -> None:
        for place in range(self._size):
            if stop():
                return
            if place < len(self._workers) and self._workers[place].open:
                continue
            job = again.pop() if again else next(waiting, None)
            if job is None:
                return
            worker = self._ready(place)
            worker.open = list(job)
            worker.since = time.monotonic()
            with contextlib.suppress(OSError):  # it died while it was idle: found when its answer is waited for
                worker.pipe.send(job)

    def _ready(self, place: int) -> _Worker:
        """The worker of a place, a new one where the old one has done its share."""
        if place == len(self._workers):
            self._workers.append(self._start())
        worker = self._workers[place]
        if worker.tasks >= self._limits.tasks or worker.memory > self._limits.memory:
            _end(worker, wait_for_it=True)
            worker = self._workers[place] = self._start()
        return worker

    def _receive(self, worker: _Worker, again: list[Job]) -> tuple[Any, Any]:
        try:
            answer, worker.memory = worker.pipe.recv()
        except (EOFError, OSError):
            return self._lose(worker, again, "ended without an answer")
        worker.tasks += 1
        worker.since = time.monotonic()
        return worker.open.pop(0), answer

    def _lose(self, worker: _Worker, again: list[Job], why: str) -> tuple[Any, Died]:
        task, *rest = worker.open
        again += [(each,) for each in rest]
        worker.open = []
        _end(worker, wait_for_it=False)
        self._workers[self._workers.index(worker)] = self._start()
        return task, Died(why)

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(self._work, theirs, os.getpid(), self._limits), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)


def _serve(work: Callable[[Any], Any], pipe: Connection, parent: int, limits: Limits) -> None:
    """What a worker does: take a job, answer each of its tasks, until told to end or left alone.

    It keeps the files open that its parent holds: the lock of the folder and the journal.
    """
    close_inherited((pipe.fileno(),), only_sockets=True)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer: the case in hand is finished
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    gc.disable()
    try:
        _work_on(work, pipe, parent, limits)
    finally:
        gc.enable()
        if limits.release:
            limits.release()


def _work_on(work: Callable[[Any], Any], pipe: Connection, parent: int, limits: Limits) -> None:
    worked, held = 0, _resident()
    while True:
        while not pipe.poll(_LOOK):
            if os.getppid() != parent:
                return
        try:
            job = pipe.recv()
        except EOFError:  # the parent was killed
            return
        if job is None:
            return
        for task in job:
            answer = (work(task), _resident() - held)
            if os.getppid() != parent:
                return
            pipe.send(answer)
            worked += 1
            if worked % limits.collect == 0:
                gc.collect()


def _end(worker: _Worker, *, wait_for_it: bool) -> None:
    with contextlib.suppress(OSError):
        if wait_for_it:
            worker.pipe.send(None)
            worker.process.join(5)
        worker.process.kill()
    worker.process.join()
    worker.process.close()
    worker.pipe.close()


def _resident() -> int:
    """Bytes of memory this process holds; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0
