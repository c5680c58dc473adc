"""A batch from its table to its last document: plan, work, and what remains at the end."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from types import FrameType

from reportgen import __version__, formats
from reportgen.batch import ending, lock, plan
from reportgen.batch.journal import Journal, records
from reportgen.batch.model import Done, Event, Listen, Order, Outcome, State, Task
from reportgen.batch.names import hashed
from reportgen.batch.places import need
from reportgen.batch.plan import Tally
from reportgen.batch.pool import Died, Hands, Limits, Local
from reportgen.batch.store import Store
from reportgen.batch.worker import Bench, done_record, failed_record
from reportgen.findings import FindingsError, refuse
from reportgen.pipeline import design_of
from reportgen.protocols.load import held

_TOGETHER = 16  # cases that are written together where no slow format is asked for
_CHUNK = {False: 64, True: 16}  # cases that a worker of a cluster gets at once; of a slow format: True


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
    for case in store.told():
        raised = [each.as_data() for each in case.raised if not each.state.blocks]
        data: dict[str, object] = {"row": case.number, "state": str(case.state), "advisories": raised}
        listen(Event("findings", data, case.findings))
    counts = store.counts()
    numbers = {"refused": counts[State.refused], "in_order": counts[State.waiting]}
    listen(Event("planned", {"cases": total, **numbers, "with_warnings": store.warned(State.waiting)}))
    return bench


def _limits(size: int) -> Limits:
    """Of workers that get so many cases as one task."""
    usual = Limits()
    return Limits(usual.tasks // size, collect=max(1, usual.collect // size), release=formats.release)


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
        warned = self.store.warned(State.rendered)
        return Outcome(self.store.counts(), self.store.kept(), warned, left, stopped=self.stop(), broken=self.full)

    def _same_table(self) -> None:
        names = [record.get("table") for record in records(self.order.folder) if record.get("do") == "batch"]
        if names and names[-1] != self.order.table.name and not self.order.resume:
            hint = "choose another folder, or add --resume to go on here with this table"
            raise refuse("E508", "holds the batch of another table", str(self.order.folder), hint=hint)

    def _render(self) -> None:
        total, began = self.store.to_do(), time.monotonic()
        self.listen(Event("begun", {"cases": total, "kept": self.store.kept()}))
        size = self._together(total)
        died: list[Task] = []
        with closing(self.hands.run("render_all", self._jobs(size), self._halt, _limits(size))) as answers:
            for group, answer in answers:
                if isinstance(answer, Died):
                    died += group
                else:
                    self._finished(group, answer, time.monotonic() - began)
        # once more, alone: what killed the worker may have been its neighbour, or its neighbour's hunger for memory
        alone = (((task,),) for task in died)
        with closing(self.hands.run("render_all", alone, self._halt, _limits(1), alone=True)) as answers:
            for group, answer in answers:
                done = self._lost(group, answer) if isinstance(answer, Died) else answer
                self._finished(group, done, time.monotonic() - began)

    def _lost(self, group: tuple[Task, ...], died: Died) -> tuple[Done, ...]:
        if not self.hands.far:
            with contextlib.suppress(FindingsError):
                self.bench.note_all(map(failed_record, group))
        return tuple(Done(task.number, findings=(plan.lethal(task, died),)) for task in group)

    def _together(self, total: int) -> int:
        """How many cases are written together: not so many that some hands are idle at the end."""
        if self.slow:
            return 1
        return _TOGETHER if self.hands.far else max(1, min(_TOGETHER, total // (4 * self.order.jobs)))

    def _jobs(self, size: int) -> Iterator[tuple[tuple[Task, ...], ...]]:
        """The work in groups; a process of this machine gets one at once, a worker of a cluster some."""
        work = self.store.work()
        at_once = (self.order.chunk or _CHUNK[self.slow]) if self.hands.far else size
        while chunk := tuple(islice(work, at_once)):
            if self.hands.far:  # a worker there cannot say so itself, and may have to be believed after a kill
                paths = [path for task in chunk for path in plan.paths(self.order, task.stem)]
                self.bench.note_all([{"do": "sent", "paths": paths}])
            yield tuple(chunk[first : first + size] for first in range(0, len(chunk), size))

    def _halt(self) -> bool:
        return self.full or self.stop()

    def _finished(self, group: tuple[Task, ...], done: tuple[Done, ...], at: float) -> None:
        if self.hands.far:
            self._journalled(group, done)
        self.store.finish(done, at)
        for each in done:
            self.tally.add(each.share)
            self.full = self.full or "E502" in {finding.code for finding in each.findings}
            state = State.failed if each.findings else State.rendered
            paths = [path for path, _ in each.files]
            self.listen(Event("case", {"row": each.number, "state": str(state), "files": paths}, each.findings))

    def _journalled(self, group: tuple[Task, ...], done: tuple[Done, ...]) -> None:
        """Write for a worker of a cluster what a worker of this machine writes itself."""
        tasks = {task.number: task for task in group}
        made = [(tasks[each.number], dict(each.files)) for each in done if each.files]
        self.bench.note_all(done_record(task, files) for task, files in made)
        with contextlib.suppress(FindingsError):  # a disk that is full takes no record either
            self.bench.note_all(failed_record(tasks[each.number]) for each in done if not each.files)
