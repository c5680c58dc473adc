"""Work on a cluster: chunks of cases go to the workers of a dask scheduler, and only results come back.

Keys of tasks are numbers, a chunk shows nothing of what it holds, and no function raises: what dask logs, stores and
draws tells nothing of a case.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import hashlib
import logging
import os
import secrets
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import dask
from distributed import Client, KilledWorker
from distributed.diagnostics.plugin import WorkerPlugin

from reportgen import formats, template_files
from reportgen.batch.pool import Answers, Died, Job, Limits
from reportgen.batch.worker import Bench, Kit
from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.pipeline import layout_of
from reportgen.protocols.load import held
from reportgen.release import VERSION

_LIBRARIES = ("docxtpl", "fonttools", "lxml", "pillow", "pydyf", "python-docx", "typst", "weasyprint")
_CONNECT = 5.0  # seconds for the scheduler to answer
_WORKERS = 15.0  # seconds for the first worker to be there
_PATIENCE = 60.0  # seconds without any worker, or for the workers of a batch that was killed to finish their chunk
_LOOK = 0.2  # seconds between two looks at stops
_COUNT = 2.0  # seconds between two counts of the workers
_AHEAD = 2  # chunks for each worker: one in hand, one waiting


# ------------------------------------------------------------------ in a worker


@dataclass(frozen=True)
class Chunk:
    """Tasks for one worker; shown by their number alone."""

    what: str
    tasks: Job = field(repr=False)
    mark: str = ""
    collect: int = 1  # as in `Limits`


@dataclass(frozen=True)
class Unfit:
    """In place of answers: this worker must not work on the batch."""

    findings: tuple[Finding, ...]


class _Equipment(WorkerPlugin):
    """Gives the kit of a batch to each worker once, also to those that come later."""

    def __init__(self, batch: str, kit: Kit, identity: dict[str, str]) -> None:
        self.name = f"reportgen-{batch}"
        self.batch = batch
        self.kit = kit
        self.identity = identity

    def setup(self, worker: Any) -> None:
        """Lay the kit out; the bench is made when the first chunk comes."""
        _equipment[self.batch] = self

    def teardown(self, worker: Any) -> None:
        """Put it away."""
        _equipment.pop(self.batch, None)
        _benches.pop(self.batch, None)
        if not _benches:
            _templates.close()


_equipment: dict[str, _Equipment] = {}
_benches: dict[str, Bench] = {}
_templates = contextlib.ExitStack()  # holds them as they were first read, while there is a bench
_in_hand: dict[str, str] = {}  # batch → the place where its chunk is written to
_one_at_a_time = threading.Lock()  # the engines are not made for threads, and would gain nothing by them


def identity() -> dict[str, str]:
    """What must be equal wherever the cases of one batch are worked on: name → what it is here."""
    templates = hashlib.sha256()
    for path in sorted(template_files.folder().rglob("*")):
        if path.is_file():
            templates.update(path.name.encode() + path.read_bytes())
    return {
        "reportgen": VERSION,
        "its templates": templates.hexdigest(),
        **{name: _version(name) for name in _LIBRARIES},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", ""),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # of Typst, WeasyPrint takes its place
        return ""


def in_hand() -> dict[str, str]:
    """The batches of which a chunk is being worked on here, and where it is written to."""
    return dict(_in_hand)


def work(batch: str, chunk: Chunk) -> list[Any] | Unfit:
    """Do a chunk; an answer for each of its tasks. What takes too long ends this process, and counts as killing it."""
    with _one_at_a_time:
        try:
            bench = _bench(batch)
            place = bench.order.place
            _in_hand[batch] = place.shown()
            if chunk.mark and place.mark() != chunk.mark:
                hint = "give a folder that all machines share, or the URL of an object store"
                raise refuse("S608", "does not see the place of the output, or sees another", place.shown(), hint=hint)
            return _answers(getattr(bench, chunk.what), chunk.tasks, chunk.collect)
        except FindingsError as error:
            return Unfit(error.findings)
        except Exception as error:
            message = f"could not begin: internal error, {type(error).__name__}"
            return Unfit((Finding("S608", Place(), "", message),))
        finally:
            _in_hand.pop(batch, None)


def _bench(batch: str) -> Bench:
    """The bench of a batch, made for its first chunk."""
    if batch not in _benches:
        equipment = _equipment.get(batch)
        if equipment is None:
            raise refuse("S608", "a worker was not told of the batch")
        if other := _differing(equipment.identity, identity()):
            raise refuse("S608", f"a worker has another {', '.join(other)}")
        bench = equipment.kit.bench()
        formats.load(bench.order.settings.formats, layout_of(bench.order.settings))
        if not _benches:
            _templates.enter_context(held())
        _benches[batch] = bench
        gc.freeze()
    return _benches[batch]


def _answers(do: Callable[[Any], Any], tasks: Job, collect: int = 1) -> list[Any]:
    answers: list[Any] = []
    limits = Limits()
    gc.disable()  # as in a process of the local pool
    try:
        with Path(os.devnull).open("wb") as nowhere:
            for number, task in enumerate(tasks, start=1):
                faulthandler.dump_traceback_later(limits.seconds, exit=True, file=nowhere)
                try:
                    answers.append(do(task))
                except Exception as error:
                    answers.append(Died(f"ended with {type(error).__name__}"))
                finally:
                    faulthandler.cancel_dump_traceback_later()
                if number % collect == 0:
                    gc.collect()
    finally:
        gc.enable()
    return answers


def _differing(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    return [name for name in ours if theirs.get(name) != ours[name]]


# ------------------------------------------------------------------ in the process that runs the batch


class Cluster:
    """The workers of a dask scheduler, as `Hands` of a batch.

    Args:
        address: of the scheduler, `tcp://host:8786` or `tls://host:8786`.

    Raises:
        FindingsError: S607 where no scheduler answers or none of its workers is there, S608 where a worker differs.
    """

    bulk = 16
    far = True

    def __init__(self, address: str) -> None:
        self._address = address
        self._batch = secrets.token_hex(4)
        self._number = 0
        self._mark = ""
        self._kit: Kit | None = None
        self._counted = self._seen = 0.0
        self._workers = 0
        dask.config.set(
            {"distributed.admin.low-level-log-length": 10}
        )  # its messages, with their rows, kept for developers
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would print becomes a finding
        self._client = self._connected()
        try:
            self._look_at_workers()
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):  # a scheduler that went away has nothing to be told
            if self._kit and self._client.status == "running":
                self._client.unregister_worker_plugin(f"reportgen-{self._batch}")
        if self._mark and self._kit:
            self._kit.order.place.leave()
        self._client.close()

    def equip(self, bench: Bench) -> None:
        """Send each worker, once, what it makes its own bench of."""
        self._kit = bench.kit
        self._client.register_plugin(_Equipment(self._batch, bench.kit, identity()))

    def begin(self, name: str) -> None:
        """Wait for workers that still write for a batch that was killed, then sign the place.

        Raises:
            FindingsError: E506 where another batch writes there and does not end, E502 where nothing can be written.
        """
        if self._kit is None:
            raise RuntimeError("equip comes first")
        place = self._kit.order.place
        end = time.monotonic() + _PATIENCE
        while any(place.shown() in busy.values() for busy in self._client.run(in_hand).values()):
            if time.monotonic() > end:
                raise refuse("E506", "is written to by the workers of another batch", place.shown())
            time.sleep(_LOOK)
        place.sign(f"{self._batch} {name}")
        self._mark = place.mark()

    def run(
        self,
        what: str,
        jobs: Iterable[Job],
        stop: Callable[[], bool],
        limits: Limits | None = None,
        *,
        alone: bool = False,
    ) -> Answers:
        """As `Hands`; a chunk whose workers die is done again by dask, then task by task."""
        waiting, again = iter(jobs), deque[Job]()
        ready: SimpleQueue[str] = SimpleQueue()
        open: dict[str, tuple[Any, Job]] = {}
        try:
            while True:
                while len(open) < (1 if alone else self._room()) and not stop():
                    job = again.popleft() if again else next(waiting, None)
                    if job is None:
                        break
                    future = self._submit(Chunk(what, job, self._mark, (limits or Limits()).collect))
                    open[future.key] = future, job
                    future.add_done_callback(lambda done: ready.put(done.key))
                if not open:
                    return
                try:
                    future, job = open.pop(ready.get(timeout=_LOOK))
                except Empty:
                    continue
                yield from self._received(future, job, again)
        finally:
            self._client.cancel([future for future, _ in open.values()])

    def _submit(self, chunk: Chunk) -> Any:
        self._number += 1
        key = f"reportgen-{self._batch}-{self._number}"
        return self._client.submit(work, self._batch, chunk, key=key, pure=False)

    def _received(self, future: Any, job: Job, again: deque[Job]) -> Answers:
        try:
            answers = future.result(timeout=_PATIENCE)
        except KilledWorker:
            if len(job) > 1:
                again.extend((task,) for task in job)
            else:
                yield job[0], Died("ended without an answer")
            return
        except TimeoutError:  # its worker went away with the answer: done again, which changes nothing
            again.append(job)
            return
        except Exception as error:
            raise self._refused(f"lost a task: {type(error).__name__}") from None
        if isinstance(answers, Unfit):
            raise FindingsError(answers.findings, environment=True)
        yield from zip(job, answers, strict=True)

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
            return Client(self._address, timeout=_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
        except (TypeError, RuntimeError):
            hint = "name the certificates in dask's configuration: distributed.comm.tls"
            raise self._refused("cannot be spoken to", hint) from None
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
                findings.append(Finding("S608", Place(str(address)), "", "has no reportgen that can work on a cluster"))
            elif other := _differing(ours, theirs):
                findings.append(Finding("S608", Place(str(address)), "", f"has another {', '.join(other)}"))
        if findings:
            raise FindingsError(findings, environment=True)

    def _refused(self, message: str, hint: str = "") -> FindingsError:
        return refuse("S607", message, self._address, hint=hint)
