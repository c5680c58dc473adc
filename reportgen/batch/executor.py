"""Who works on the cases of a batch: processes of this machine, or a cluster behind the same interface."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

from reportgen import formats
from reportgen.batch.case_runner import CaseRunner
from reportgen.batch.journal import Journal
from reportgen.batch.model import Task
from reportgen.batch.pool import Died, Limits, Pool, Stop
from reportgen.pipeline import layout_of

WRITTEN_TOGETHER = 16  # cases whose documents are forced to the disk together where no slow format is asked for

T = TypeVar("T")
Group = tuple[Task, ...]
Work = Callable[[CaseRunner, Group], tuple[T, ...]]  # a method of `CaseRunner`: an answer for each task of a group
Answers = Generator[tuple[Group, tuple[T, ...] | Died], None, None]


@dataclass(frozen=True)
class Round(Generic[T]):
    """Work that is done with many cases, in groups."""

    work: Work[T]
    size: int  # cases of a group
    stop: Stop
    limits: Limits = field(default_factory=Limits)
    alone: bool = False  # whether a group is worked on with nothing else in hand


class Executor(ABC):
    """Who works on the cases of a batch. It is entered before the table is read."""

    runner: CaseRunner

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def equip(self, runner: CaseRunner) -> None:
        """Say what batch is worked on, before any work."""
        self.runner = runner

    def load_engines(self) -> None:
        """Load what the formats need, before the folder is touched; raises `FindingsError` (S601, S602, S606, T420)."""

    @abstractmethod
    def begin(self, journal: Journal, name: str) -> None:
        """The batch holds the folder and is about to write; `name` tells it from others.

        The journal is told of each case that `CaseRunner.render` answers.

        Raises:
            FindingsError: E502, E506 where the documents cannot be written.
        """

    @abstractmethod
    def render_size(self, total: int) -> int:
        """How many of so many cases are rendered and written together where no format is slow."""

    @abstractmethod
    def run(self, round: Round[T], tasks: Iterable[Task]) -> Answers[T]:
        """Work through all tasks; yields each group with its answers, or with `Died`."""


class LocalExecutor(Executor):
    """Processes of this machine, forked from this one for each round of work; they inherit the runner."""

    def __init__(self, jobs: int = 1) -> None:
        self._jobs = jobs

    def equip(self, runner: CaseRunner) -> None:
        """Load the words of the protocols here: the workers of each round inherit them."""
        super().equip(runner)
        runner.load_words()

    def load_engines(self) -> None:
        """Load them here: the workers inherit them."""
        settings = self.runner.request.settings
        formats.load(settings.formats, layout_of(settings))

    def begin(self, journal: Journal, name: str) -> None:
        """Let the workers write to the journal, which they hold open like the lock of the folder."""
        self.runner.journal = journal

    def render_size(self, total: int) -> int:
        """So few that no worker is idle at the end."""
        return max(1, min(WRITTEN_TOGETHER, total // (4 * self._jobs)))

    def run(self, round: Round[T], tasks: Iterable[Task]) -> Answers[T]:
        """Fork the workers, hand a group to each that is free, and end them."""
        with Pool(partial(round.work, self.runner), 1 if round.alone else self._jobs, round.limits) as pool:
            yield from pool.run(grouped(tasks, round.size), round.stop)


def grouped(tasks: Iterable[Task], size: int) -> Iterator[Group]:
    """Tasks in groups of a size."""
    waiting = iter(tasks)
    while group := tuple(islice(waiting, size)):
        yield group


def run_all(executor: Executor, round: Round[T], tasks: Iterable[Task]) -> Answers[T]:
    """Work through all tasks; those of a group whose worker died are tried again, each alone.

    What killed the worker may have been one task of the group, or a neighbor of the worker that took all memory.
    """
    died: list[Task] = []
    with closing(executor.run(round, tasks)) as answers:
        for group, answer in answers:
            if isinstance(answer, Died):
                died += group
            else:
                yield group, answer
    with closing(executor.run(replace(round, size=1, alone=True), died)) as answers:
        yield from answers
