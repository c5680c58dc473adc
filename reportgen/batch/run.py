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

from reportgen import formats
from reportgen.batch import ending, lock, plan
from reportgen.batch.destinations import content, need
from reportgen.batch.history import History, Run
from reportgen.batch.journal import Journal, records
from reportgen.batch.model import MADE, Done, Event, Listen, Order, Outcome, State, Task
from reportgen.batch.names import hashed
from reportgen.batch.plan import Tally
from reportgen.batch.pool import Died, Hands, Limits, Local
from reportgen.batch.settle import paths, settle
from reportgen.batch.store import Planned, Store
from reportgen.batch.trial import try_out
from reportgen.batch.worker import Bench, done_record, failed_record
from reportgen.findings import Finding, FindingsError, Place
from reportgen.pipeline import layout_of
from reportgen.protocols.load import held
from reportgen.release import VERSION

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
    lock.require_free(order.folder)  # told at once, not after the whole table was read
    layout = layout_of(order.settings)
    slow = formats.is_slow(order.settings.formats, layout)  # told here where the profile needs another engine
    with (
        held(),
        closing(Store()) as store,
        closing(History()) as history,
        _hands(order) as hands,
        Stop().listening() as stop,
    ):
        this = Run(order.table.name, content(order.table), _now())
        bench = _planned(order, store, hands, listen, stop)
        counts = store.counts()
        if stop() or (order.all_or_nothing and counts[State.refused]):
            return Outcome(counts, stopped=stop(), planned=True)
        if not hands.far:  # before the folder is touched, and before the workers are forked
            formats.load(order.settings.formats, layout)
        work = _Work(order, store, history, this, bench, hands, listen, stop, slow)
        if order.dry_run:
            return work.dry()
        with lock.locked(order.folder, this.began):
            return work.whole()


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
        listen(Event("findings", data, case.findings, case.accession))
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
    history: History
    run: Run
    bench: Bench
    hands: Hands
    listen: Listen
    stop: Stop
    slow: bool
    tally: Tally = field(default_factory=Tally)
    full: bool = False

    def dry(self) -> Outcome:
        """Find what the run would find before its first document, and stop; nothing is written."""
        self._prepare()
        self.listen(Event("would", {"cases": self.store.to_do(), **self._standing()}))
        return self._planned()

    def _prepare(self) -> list[str]:
        """Compare the table with the folder and try the profile on a page; returns what is copied before it goes.

        Raises:
            FindingsError: what no document can be made for: the folder, the space, the profile.
        """
        order, store = self.order, self.store
        self.history.remember(records(order.folder))
        self.history.begin(self.run)
        copied = settle(order, store, self.history, self._stopped_by_others)
        ending.check_combined(order, store, self.history)
        self._tell_standing()
        for number, findings in try_out(order, store, self.hands, self.stop).items():
            if order.dry_run:  # the run tells it when it comes to the case
                for finding in findings:
                    store.refuse(number, finding)
                data: dict[str, object] = {"row": number, "state": str(State.refused)}
                self.listen(Event("findings", data, findings, store.accessions([number])[number]))
        return copied

    def _planned(self) -> Outcome:
        return Outcome(self.store.counts(), stopped=self.stop(), planned=True)

    def whole(self) -> Outcome:
        """Settle with what is in the folder, render the rest, and leave the results."""
        order, store = self.order, self.store
        copied = self._prepare()
        if self.stop() or (order.all_or_nothing and store.counts()[State.refused]):
            return self._planned()
        plan.sweep(order)
        if place := ending.keep_copies(order, copied, self.run):
            self.listen(Event("copied", {"documents": len(copied), "folder": place}))
        with closing(Journal(order.folder)) as journal:
            journal.add(do="batch", table=self.run.table, hash=self.run.hash, version=VERSION, began=self.run.began)
            for case in store.cases(State.refused):
                journal.add(do="refused", case=hashed(case.key))
            self.bench.journal = journal
            self.hands.begin(self.run.began)
            plan.count_kept(store, self.hands, self.tally, self._halt)
            self._render()
            journal.flush()
            if self.full:
                return self._outcome(0)
            last = ending.Ending(order, store, self.history, journal, self.run, self._tell)
            left = last.write(self.tally, complete=not self.stop())
            if not self.stop():
                journal.add(do="ended")
        return self._outcome(left)

    def _outcome(self, left: int) -> Outcome:
        store = self.store
        newer = sum(1 for _ in store.behind())
        warned = store.warned(*MADE)
        return Outcome(store.counts(), store.before(), warned, newer, left, stopped=self.stop(), broken=self.full)

    def _tell(self, *findings: Finding) -> None:
        self.listen(Event("findings", {}, findings))

    def _stopped_by_others(self, case: Planned, findings: tuple[Finding, ...]) -> None:
        """Tell of a case whose documents cannot be put where they belong."""
        self.listen(Event("findings", {"row": case.number, "state": str(State.refused)}, findings, case.accession))

    def _tell_standing(self) -> None:
        """Tell of the cases that are not worked on, and by name of the drafts that the table has newer data for."""
        for case in self.store.cases(*set(State) - {State.waiting, State.refused, State.failed}):
            data: dict[str, object] = {"row": case.number, "state": str(case.state), "files": [*case.files]}
            self.listen(Event("kept", data, (), case.accession))
        for case in self.store.behind():
            where = Place(self.order.place.shown(next(iter(case.files))), 0)
            finding = Finding("W341", where, "", f"is kept, and row {case.number} of the table has newer data")
            self.listen(Event("findings", {"row": case.number, "state": str(case.state)}, (finding,), case.accession))

    def _render(self) -> None:
        total, began = self.store.to_do(), time.monotonic()
        self.listen(Event("begun", {"cases": total, **self._standing()}))
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

    def _standing(self) -> dict[str, object]:
        """How many cases are not worked on, by state."""
        counts = self.store.counts()
        states = (State.kept, State.edited, State.dated, State.moved)
        return {"before": self.store.before(), **{str(state): counts[state] for state in states}}

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
                sent = [path for task in chunk for path in paths(self.order, task.stem)]
                self.bench.note_all([{"do": "sent", "paths": sent}])
            yield tuple(chunk[first : first + size] for first in range(0, len(chunk), size))

    def _halt(self) -> bool:
        return self.full or self.stop()

    def _finished(self, group: tuple[Task, ...], done: tuple[Done, ...], at: float) -> None:
        if self.hands.far:
            self._journalled(group, done)
        self.store.finish(done, at)
        names = self.store.accessions(each.number for each in done)
        for each in done:
            self.tally.add(each.share)
            self.full = self.full or "E502" in {finding.code for finding in each.findings}
            state = State.failed if each.findings else State.rendered
            data: dict[str, object] = {"row": each.number, "state": str(state), "files": [*dict(each.files)]}
            self.listen(Event("case", data, each.findings, names[each.number]))

    def _journalled(self, group: tuple[Task, ...], done: tuple[Done, ...]) -> None:
        """Write for a worker of a cluster what a worker of this machine writes itself."""
        tasks = {task.number: task for task in group}
        made = [(tasks[each.number], dict(each.files)) for each in done if each.files]
        self.bench.note_all(done_record(task, files) for task, files in made)
        with contextlib.suppress(FindingsError):  # a disk that is full takes no record either
            self.bench.note_all(failed_record(tasks[each.number]) for each in done if not each.files)
