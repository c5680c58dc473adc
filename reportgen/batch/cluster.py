"""Work on a cluster: chunks of cases go to the workers of a dask scheduler, and only results come back.

Keys of tasks are numbers, so that what dask logs, stores and draws tells nothing of a case.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import dask
from distributed import Client, KilledWorker

from reportgen.batch.case_runner import CaseRunner, done_record, failed_record
from reportgen.batch.cluster_worker import Chunk, Equipment, Groups, Unfit, differing, identity, in_hand, work
from reportgen.batch.executor import WRITTEN_TOGETHER, Answers, Executor, Group, Round, grouped
from reportgen.batch.journal import Journal
from reportgen.batch.model import RenderResult, Task
from reportgen.batch.pool import Died
from reportgen.findings import Finding, FindingsError, Place, refuse

_CONNECT = 5.0  # seconds for the scheduler to answer
_WORKERS = 15.0  # seconds for the first worker to be there
_PATIENCE = 60.0  # seconds without any worker, or for the workers of a batch that was killed to finish their chunk
_LOOK = 0.2  # seconds between two looks at stops
_COUNT = 2.0  # seconds between two counts of the workers
_AHEAD = 2  # chunks for each worker: one in hand, one waiting
_AT_ONCE = 16  # groups in a chunk that is not rendered
_CASES, _SLOW_CASES = 64, 16  # cases in a chunk that is rendered; with a slow format

T = TypeVar("T")
_Future = Any  # of dask, which is hardly typed, as its client


class Cluster(Executor):
    """The workers of a dask scheduler, as `Executor` of a batch; it is connected to when it is entered.

    They cannot write to the journal, which is on this machine: this process records what was sent to them and what
    became of that. The address is that of the scheduler, `tcp://host:8786` or `tls://host:8786`; `chunk` is how many
    cases are sent at once to be rendered, 0 for a number that suits the formats.
    """

    def __init__(self, address: str, chunk: int = 0) -> None:
        self._address = address
        self._chunk = chunk
        self._batch = secrets.token_hex(4)
        self._number = 0
        self._mark = ""
        self._journal: Journal | None = None
        self._counted = self._seen = 0.0
        self._workers = 0

    def __enter__(self) -> Cluster:
        """Connect.

        Raises:
            FindingsError: S607 where no scheduler answers or none of its workers is there, S608 where a worker differs.
        """
        # its messages, with their rows, are kept for developers
        dask.config.set({"distributed.admin.low-level-log-length": 10})
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would print becomes a finding
        self._client = self._connected()
        try:
            self._look_at_workers()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):  # a scheduler that went away has nothing to be told
            if self._client.status == "running":
                self._client.unregister_worker_plugin(f"reportgen-{self._batch}")
        if self._mark:
            self.runner.request.destination.leave()
        self._client.close()

    def equip(self, runner: CaseRunner) -> None:
        """Send the context of the batch to each worker once; each makes a runner of its own."""
        super().equip(runner)
        self._client.register_plugin(Equipment(self._batch, runner.context, identity()))

    def begin(self, journal: Journal, name: str) -> None:
        """Wait for workers that still write for a batch that was killed, then sign the destination.

        Raises:
            FindingsError: E506 where another batch writes there and does not end, E502 where nothing can be written.
        """
        self._journal = journal
        destination = self.runner.request.destination
        end = time.monotonic() + _PATIENCE
        while any(destination.shown() in busy.values() for busy in self._client.run(in_hand).values()):
            if time.monotonic() > end:
                raise refuse("E506", "is in use by the workers of another batch", destination.shown())
            time.sleep(_LOOK)
        destination.sign(f"{self._batch} {name}")
        self._mark = destination.mark()

    def render_size(self, total: int) -> int:
        """Always the same: there are many workers."""
        return WRITTEN_TOGETHER

    def run(self, round: Round[T], tasks: Iterable[Task]) -> Answers[T]:
        """Send the groups in chunks, and tell the journal of documents."""
        writes = round.work is CaseRunner.render
        cases = _AT_ONCE * round.size
        if writes:
            cases = self._chunk or (_SLOW_CASES if round.size == 1 else _CASES)
        chunks = _chunks(tasks, 1 if round.alone else cases, round.size)
        if writes and not round.alone:
            chunks = map(self._note_sent, chunks)
        with closing(self._run(round, chunks)) as answers:
            for group, answer in answers:
                if writes and not isinstance(answer, Died):
                    self._note_rendered(group, [each for each in answer if isinstance(each, RenderResult)])
                yield group, answer

    def _note_sent(self, groups: Groups) -> Groups:
        """Write what a worker cannot: after a kill, it may have to be believed that these documents are ours."""
        if self._journal:
            stems = [task.stem for group in groups for task in group]
            self._journal.add(do="sent", paths=[path for stem in stems for path in self.runner.request.paths(stem)])
        return groups

    def _note_rendered(self, group: Group, results: Sequence[RenderResult]) -> None:
        if not self._journal:
            return
        tasks = {task.number: task for task in group}
        self._journal.add_all(done_record(tasks[each.number], dict(each.files)) for each in results if each.files)
        with contextlib.suppress(FindingsError):  # a disk that is full takes no record either
            self._journal.add_all(failed_record(tasks[each.number]) for each in results if not each.files)

    def _run(self, round: Round[T], chunks: Iterator[Groups]) -> Answers[T]:
        """Send chunks; one whose workers die is done again by dask, then group by group."""
        again = deque[Groups]()
        ready: SimpleQueue[str] = SimpleQueue()
        open: dict[str, tuple[_Future, Groups]] = {}
        try:
            while True:
                while len(open) < (1 if round.alone else self._room()) and not round.stop():
                    groups = again.popleft() if again else next(chunks, None)
                    if groups is None:
                        break
                    future = self._submit(Chunk(round.work, groups, self._mark, round.limits.collect))
                    open[future.key] = future, groups
                    future.add_done_callback(lambda done: ready.put(done.key))
                if not open:
                    return
                try:
                    future, groups = open.pop(ready.get(timeout=_LOOK))
                except Empty:
                    continue
                yield from self._received(future, groups, again)
        finally:
            self._client.cancel([future for future, _ in open.values()])

    def _submit(self, chunk: Chunk) -> _Future:
        self._number += 1
        key = f"reportgen-{self._batch}-{self._number}"
        return self._client.submit(work, self._batch, chunk, key=key, pure=False)

    def _received(self, future: _Future, groups: Groups, again: deque[Groups]) -> Answers[T]:
        try:
            answers = future.result(timeout=_PATIENCE)
        except KilledWorker:
            if len(groups) > 1:
                again.extend((group,) for group in groups)
            else:
                yield groups[0], Died("ended without an answer")
            return
        except TimeoutError:  # its worker went away with the answer: done again, which changes nothing
            again.append(groups)
            return
        except Exception as error:
            raise self._refused(f"lost a task: {type(error).__name__}") from None
        if isinstance(answers, Unfit):
            raise FindingsError(answers.findings)
        yield from zip(groups, answers, strict=True)

    def _room(self) -> int:
        """How many chunks may be out; counted anew now and then, since workers come and go."""
        now = time.monotonic()
        if now - self._counted > _COUNT:
            try:
                self._workers = len(self._client.nthreads())
            except Exception:
                raise self._refused("no longer answers") from None
            self._counted = now
            self._seen = now if self._workers else self._seen
            if now - self._seen > _PATIENCE:
                raise self._refused("has no worker left")
        return _AHEAD * max(1, self._workers)

    def _connected(self) -> Any:
        try:
            return Client(self._address, timeout=_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]  # dask
        except (TypeError, RuntimeError):
            hint = "name the certificates in dask's configuration: distributed.comm.tls"
            raise self._refused("refuses the connection or speaks another protocol", hint) from None
        except (OSError, ValueError) as error:
            raise self._refused(f"cannot be reached: {type(error).__name__}") from None

    def _look_at_workers(self) -> None:
        """Refuse a cluster without workers, and one in which any differs from this program."""
        try:
            self._client.wait_for_workers(1, timeout=_WORKERS)
        except TimeoutError:
            raise self._refused("has no workers") from None
        ours = identity()
        findings = []
        for address, theirs in self._client.run(identity, on_error="return").items():
            if not isinstance(theirs, dict):
                findings.append(
                    Finding("S608", Place(str(address)), "", "has no version of reportgen that can work on a cluster")
                )
            elif other := differing(ours, theirs):
                findings.append(Finding("S608", Place(str(address)), "", f"has another {', '.join(other)}"))
        if findings:
            raise FindingsError(findings)

    def _refused(self, message: str, hint: str = "") -> FindingsError:
        return refuse("S607", message, self._address, hint=hint)


def _chunks(tasks: Iterable[Task], cases: int, size: int) -> Iterator[Groups]:
    """So many cases at a time, in groups of a size."""
    return (tuple(grouped(chunk, size)) for chunk in grouped(tasks, cases))
