"""A batch from its table to its last document: plan, work, and what remains at the end."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from types import FrameType
from typing import Any

from reportgen import __version__, formats
from reportgen.batch import ending, lock, plan
from reportgen.batch.journal import Journal, records
from reportgen.batch.model import Done, Event, Listen, Order, Outcome, State, Task
from reportgen.batch.names import hashed
from reportgen.batch.places import need
from reportgen.batch.plan import Tally
from reportgen.batch.pool import Died, Hands, Limits, Local
from reportgen.batch.store import Store
from reportgen.batch.worker import Bench
from reportgen.findings import FindingsError, refuse
from reportgen.pipeline import design_of
from reportgen.protocols.load import held

_LIMITS = Limits(release=formats.release)
_TOGETHER = 4  # cases that a worker gets at once where no slow format is asked for


class Stop:
    """Whether the user asked for an end; the first Ctrl-C lets cases in hand be finished, the second does not."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        """Whether to end."""
        return self.asked

    def _hear(self, _: int, __: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    @contextlib.contextmanager
    def listening(self) -> Iterator[Stop]:
        """Answer Ctrl-C and the request to end in this way while the block runs."""
        before = {each: signal.signal(each, self._hear) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def run(order: Order, listen: Listen) -> Outcome:
    """Work through a batch.

    Args:
        order: what is asked for.
        listen: hears of findings and of progress.

    Returns:
        What became of the cases.

    Raises:
        FindingsError: where the table, the folder or this machine does not allow a batch at all; nothing was rendered.
    """
    if (order.folder / lock.NAME).exists():
        with lock.locked(order.folder, _now()):  # told at once, not after the whole table was read
            pass
    design = design_of(order.settings)
    slow = formats.is_slow(order.settings.formats, design)  # told here where the profile needs another engine
    with held(), closing(Store()) as store, _hands(order) as hands, Stop().listening() as stop:
        bench = _planned(order, store, hands, listen, stop)
        counts = store.counts()
        if stop() or order.dry_run or (order.all_or_nothing and counts[State.refused]):
            return Outcome(counts, stopped=stop(), planned=True)
        if not hands.far:  # before the folder is touched, and before the workers are forked
            formats.load(order.settings.formats, design)
        with lock.locked(order.folder, _now()):
            return _Work(order, store, bench, hands, listen, stop, slow).whole()


def _hands(order: Order) -> Hands:
    """Who works: processes of this machine, or the workers of a cluster."""
    if not order.scheduler:
        return Local(order.jobs)
    need("distributed", "cluster")
    from reportgen.batch.cluster import Cluster

    return Cluster(order.scheduler)


def _planned(order: Order, store: Store, hands: Hands, listen: Listen, stop: Stop) -> Bench:
    bench = plan.read(order, store)
    hands.equip(bench)
    total = sum(store.counts().values())
    listen(Event("read", {"cases": total}))
    checked = 0

    def told(number: int) -> None:
        nonlocal checked
        checked += number
        listen(Event("checked", {"checked": checked, "cases": total}))

    plan.check_all(bench, store, hands, told, stop)
    for case in store.with_findings():
        data: dict[str, object] = {"row": case.number, "state": str(case.state)}
        listen(Event("findings", data, case.findings))
    counts = store.counts()
    listen(Event("planned", {"cases": total, "refused": counts[State.refused], "in_order": counts[State.waiting]}))
    return bench


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class _Work:
    """The part of a batch that writes, while it holds the folder."""

    order: Order
    store: Store
    bench: Bench
    hands: Hands
    listen: Listen
    stop: Stop
    slow: bool
    tally: Tally = field(default_factory=Tally)
    full: bool = False

    def whole(self) -> Outcome:
        """Settle with what stands in the folder, render the rest, and leave the results."""
        self._same_table()
        self.store.remember(records(self.order.folder))
        plan.settle(self.order, self.store)
        replaceable = ending.replaceable(self.order, self.store)
        plan.sweep(self.order)
        with closing(Journal(self.order.folder)) as journal:
            journal.add(do="batch", table=self.order.table.name, version=__version__, began=_now())
            for case in self.store.cases(State.refused):
                journal.add(do="refused", case=hashed(case.key))
            self.bench.journal = journal
            self.hands.begin(_now())
            plan.count_kept(self.store, self.hands, self.tally, self._halt)
            self._render()
            journal.flush()
            if self.full:
                return self._outcome(0)
            left = ending.write(self.order, self.store, self.tally, journal, replaceable, complete=not self.stop())
        return self._outcome(left)

    def _outcome(self, left: int) -> Outcome:
        return Outcome(self.store.counts(), self.store.kept(), left, stopped=self.stop(), broken=self.full)

    def _same_table(self) -> None:
        names = [record.get("table") for record in records(self.order.folder) if record.get("do") == "batch"]
        if names and names[-1] != self.order.table.name and not self.order.resume:
            hint = "choose another folder, or add --resume to go on here with this table"
            raise refuse("E508", "holds the batch of another table", str(self.order.folder), hint=hint)

    def _render(self) -> None:
        total, began = self.store.to_do(), time.monotonic()
        self.listen(Event("begun", {"cases": total, "kept": self.store.kept()}))
        died: list[Task] = []
        with closing(self.hands.run("render", self._jobs(), self._halt, _LIMITS)) as answers:
            for task, answer in answers:
                if isinstance(answer, Died):
                    died.append(task)
                else:
                    self._finished(task, answer, time.monotonic() - began)
        for task in died:  # once more, alone: what killed the worker may have been its neighbour's hunger for memory
            with closing(self.hands.run("render", [(task,)], self._halt, _LIMITS, alone=True)) as answers:
                for _, answer in answers:
                    self._finished(task, self._last(task, answer), time.monotonic() - began)

    def _last(self, task: Task, answer: Any) -> Done:
        if not isinstance(answer, Died):
            return answer  # type: ignore[no-any-return]
        if not self.hands.far:
            with contextlib.suppress(FindingsError):
                self.bench.note(do="failed", case=hashed(task.key))
        return Done(task.number, findings=(plan.lethal(task, answer),))

    def _jobs(self) -> Iterable[tuple[Task, ...]]:
        together = (1 if self.slow else _TOGETHER) * self.hands.bulk
        if self.hands.far and self.order.chunk:
            together = self.order.chunk
        work = self.store.work()
        while job := tuple(islice(work, together)):
            if self.hands.far:  # a worker there cannot say so itself, and may have to be believed after a kill
                self.bench.note(do="sent", paths=[path for task in job for path in plan.paths(self.order, task.stem)])
            yield job

    def _halt(self) -> bool:
        return self.full or self.stop()

    def _finished(self, task: Task, done: Done, at: float) -> None:
        if self.hands.far:
            self._journalled(task, done)
        self.store.finish(done, at)
        self.tally.add(done.share)
        codes = {finding.code for finding in done.findings}
        self.full = self.full or "E502" in codes
        state = State.failed if done.findings else State.rendered
        data: dict[str, object] = {"row": done.number, "state": str(state), "files": [path for path, _ in done.files]}
        self.listen(Event("case", data, done.findings))

    def _journalled(self, task: Task, done: Done) -> None:
        """Write for a worker of a cluster what a worker of this machine writes itself."""
        case = hashed(task.key)
        if done.files:
            self.bench.note(do="done", case=case, digest=task.digest, files=dict(done.files))
        else:
            with contextlib.suppress(FindingsError):  # a disk that is full takes no record either
                self.bench.note(do="failed", case=case)
