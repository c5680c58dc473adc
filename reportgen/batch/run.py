"""A batch from its table to its last document: plan, work, and what remains at the end."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import FrameType

from reportgen import formats
from reportgen.batch import final_files, lock, plan
from reportgen.batch.case_runner import CaseRunner, failed_record
from reportgen.batch.compare_folder import compare_with_folder
from reportgen.batch.destinations import content
from reportgen.batch.executor import Executor, LocalExecutor, Round, run_all
from reportgen.batch.history import History, Run
from reportgen.batch.journal import Journal, records
from reportgen.batch.model import MADE, BatchRequest, BatchResult, CaseState, Event, Listen, RenderResult, Task
from reportgen.batch.names import hashed
from reportgen.batch.plan import Tally
from reportgen.batch.pool import Died, Limits, Stop
from reportgen.batch.store import PlannedCase, Store
from reportgen.findings import Finding, FindingsError, Place
from reportgen.pipeline import layout_of
from reportgen.protocols.load import frozen_templates
from reportgen.release import VERSION


@contextlib.contextmanager
def _stoppable() -> Iterator[Stop]:
    """Gives whether the user asked for an end: the first Ctrl-C lets cases in hand be finished, the second does not."""
    asked = False

    def hear(_: int, __: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = {each: signal.signal(each, hear) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def run(request: BatchRequest, listen: Listen, executor: Executor | None = None) -> BatchResult:
    """Work through a batch; one process of this machine works if no executor is given.

    Raises:
        FindingsError: where the table, the folder or this machine does not allow a batch at all; nothing was rendered.
    """
    lock.require_free(request.folder)  # before the whole table is read
    slow = formats.is_slow(request.settings.formats, layout_of(request.settings))  # T420 is raised here
    with (
        frozen_templates(),
        closing(Store()) as store,
        closing(History()) as history,
        executor or LocalExecutor() as executor,
        _stoppable() as stop,
    ):
        this = Run(request.table.name, content(request.table), _now())
        _plan(request, store, executor, listen, stop)
        counts = store.counts()
        if stop() or (request.all_or_nothing and counts[CaseState.refused]):
            return BatchResult(counts, stopped=stop(), planned=True)
        executor.load_engines()
        work = _Work(request, store, history, this, executor, listen, stop, slow)
        if request.dry_run:
            return work.dry()
        with lock.locked(request.folder, this.began):
            return work.whole()


def _plan(request: BatchRequest, store: Store, executor: Executor, listen: Listen, stop: Stop) -> None:
    executor.equip(plan.read(request, store))
    total = sum(store.counts().values())
    listen(Event("read", {"cases": total}))
    checked = 0

    def report(number: int) -> None:
        nonlocal checked
        checked += number
        listen(Event("checked", {"checked": checked, "cases": total}))

    plan.check_all(request, store, executor, report, stop)
    for case in store.told():
        raised = [each.as_data() for each in case.raised if not each.state.blocks]
        listen(_event("findings", case, *case.findings, advisories=raised))
    counts = store.counts()
    numbers = {"refused": counts[CaseState.refused], "in_order": counts[CaseState.waiting]}
    listen(Event("planned", {"cases": total, **numbers, "with_warnings": store.warned(CaseState.waiting)}))


def _event(kind: str, case: PlannedCase, *findings: Finding, **more: object) -> Event:
    """An event that concerns one case."""
    return Event(kind, {"row": case.number, "state": str(case.state), **more}, findings, case.accession)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class _Work:
    """The part of a batch that writes, while it holds the folder."""

    request: BatchRequest
    store: Store
    history: History
    run: Run
    executor: Executor
    listen: Listen
    stop: Stop
    slow: bool
    tally: Tally = field(default_factory=Tally)
    full: bool = False

    def dry(self) -> BatchResult:
        """Find what the run would find before its first document, and stop; nothing is written."""
        self._prepare()
        self.listen(Event("would", {"cases": self.store.to_do(), **self._standing()}))
        return self._planned()

    def _prepare(self) -> list[str]:
        """Compare the table with the folder and try the profile on a page; returns what is copied before it goes.

        Raises:
            FindingsError: what no document can be made for: the folder, the space, the profile.
        """
        request, store = self.request, self.store
        self.history.remember(records(request.folder))
        self.history.begin(self.run)
        copied = compare_with_folder(request, store, self.history, self._refused)
        final_files.check_combined(request, store, self.history)
        self._tell_standing()
        for number, findings in plan.try_out(request, store, self.executor, self.stop).items():
            if request.dry_run:  # the run tells it when it comes to the case
                store.refuse(number, *findings)
                data: dict[str, object] = {"row": number, "state": str(CaseState.refused)}
                self.listen(Event("findings", data, findings, store.accession(number)))
        return copied

    def _planned(self) -> BatchResult:
        return BatchResult(self.store.counts(), stopped=self.stop(), planned=True)

    def whole(self) -> BatchResult:
        """Compare with the folder, render what is to be rendered, and write the final files."""
        request, store = self.request, self.store
        copied = self._prepare()
        if self.stop() or (request.all_or_nothing and store.counts()[CaseState.refused]):
            return self._planned()
        request.destination.sweep(shards=request.shards)
        if place := final_files.keep_copies(request, copied, self.run):
            self.listen(Event("copied", {"documents": len(copied), "folder": place}))
        with closing(Journal(request.folder)) as journal:
            journal.add(do="batch", table=self.run.table, hash=self.run.hash, version=VERSION, began=self.run.began)
            for case in store.cases(CaseState.refused):
                journal.add(do="refused", case=hashed(case.key))
            self.executor.begin(journal, self.run.began)
            plan.count_kept(store, self.executor, self.tally, self._halt)
            self._render(journal)
            journal.flush()
            if self.full:
                return self._outcome(0)
            last = final_files.FinalFiles(request, store, self.history, journal, self.run, self._tell)
            left = last.write(self.tally, complete=not self.stop())
            if not self.stop():
                journal.add(do="ended")
        return self._outcome(left)

    def _outcome(self, left: int) -> BatchResult:
        store = self.store
        newer = sum(1 for _ in store.behind())
        warned = store.warned(*MADE)
        return BatchResult(store.counts(), store.before(), warned, newer, left, stopped=self.stop(), broken=self.full)

    def _tell(self, finding: Finding) -> None:
        self.listen(Event("findings", {}, (finding,)))

    def _refused(self, case: PlannedCase, findings: tuple[Finding, ...]) -> None:
        self.listen(_event("findings", replace(case, state=CaseState.refused), *findings))

    def _tell_standing(self) -> None:
        """Tell of the cases that are not worked on, and by name of the drafts that the table has newer data for."""
        for case in self.store.cases(*set(CaseState) - {CaseState.waiting, CaseState.refused, CaseState.failed}):
            self.listen(_event("kept", case, files=[*case.files]))
        for case in self.store.behind():
            where = Place(self.request.destination.shown(next(iter(case.files))), 0)
            finding = Finding("W341", where, "", f"is kept, and row {case.number} of the table has newer data")
            self.listen(_event("findings", case, finding))

    def _render(self, journal: Journal) -> None:
        total, began = self.store.to_do(), time.monotonic()
        self.listen(Event("begun", {"cases": total, **self._standing()}))

        size = 1 if self.slow else self.executor.render_size(total)
        usual = Limits()
        limits = Limits(usual.tasks // size, collect=max(1, usual.collect // size), release=formats.release)
        round = Round(CaseRunner.render, size, self._halt, limits)
        with closing(run_all(self.executor, round, self.store.work())) as answers:
            for group, answer in answers:
                done = self._lost(group, answer, journal) if isinstance(answer, Died) else answer
                self._finished(done, time.monotonic() - began)

    def _standing(self) -> dict[str, object]:
        """How many cases are not worked on, by state."""
        counts = self.store.counts()
        states = (CaseState.kept, CaseState.edited, CaseState.dated, CaseState.moved)
        return {"before": self.store.before(), **{str(state): counts[state] for state in states}}

    def _lost(self, group: tuple[Task, ...], died: Died, journal: Journal) -> tuple[RenderResult, ...]:
        with contextlib.suppress(FindingsError):  # a disk that is full takes no record either
            journal.add_all(map(failed_record, group))
        return tuple(RenderResult(task.number, findings=(plan.lethal(task, died),)) for task in group)

    def _halt(self) -> bool:
        return self.full or self.stop()

    def _finished(self, done: tuple[RenderResult, ...], at: float) -> None:
        self.store.finish(done, at)
        for each in done:
            self.tally.add(each.stats)
            self.full = self.full or each.is_unwritten
            state = CaseState.failed if each.findings else CaseState.rendered
            data: dict[str, object] = {"row": each.number, "state": str(state), "files": [*dict(each.files)]}
            self.listen(Event("case", data, each.findings, self.store.accession(each.number)))
