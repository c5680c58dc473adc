"""What a worker of a dask cluster does: keep what a batch is made of, and work on chunks of its cases.

No function raises and a chunk shows nothing of what it holds: what dask logs, stores and draws tells nothing of a case.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import hashlib
import os
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from distributed.diagnostics.plugin import WorkerPlugin

from reportgen import formats, template_files
from reportgen.batch.case_runner import CaseRunner, WorkerContext
from reportgen.batch.executor import Group, Work
from reportgen.batch.pool import Died, Limits
from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.pipeline import layout_of
from reportgen.protocols.load import frozen_templates
from reportgen.release import VERSION

_LIBRARIES = ("docxtpl", "fonttools", "lxml", "pillow", "pydyf", "python-docx", "typst", "weasyprint")


Groups = tuple[Group, ...]
Answer = tuple[object, ...] | Died  # to a group


@dataclass(frozen=True)
class Chunk:
    """Groups of tasks for one worker; it shows nothing of them."""

    work: Work[object] = field(repr=False)
    groups: Groups = field(repr=False)
    mark: str = ""
    collect: int = 1  # as in `Limits`


@dataclass(frozen=True)
class Unfit:
    """In place of answers: this worker must not work on the batch."""

    findings: tuple[Finding, ...]


class Equipment(WorkerPlugin):
    """Sends the context of a batch to each worker once, also to those that come later."""

    def __init__(self, batch: str, context: WorkerContext, identity: dict[str, str]) -> None:
        self.name = f"reportgen-{batch}"
        self.batch = batch
        self.context = context
        self.identity = identity

    def setup(self, worker: object) -> None:
        """Keep the context; the runner is made when the first chunk comes."""
        _equipment[self.batch] = self

    def teardown(self, worker: object) -> None:
        """Forget it."""
        _equipment.pop(self.batch, None)
        _runners.pop(self.batch, None)
        if not _runners:
            _templates.close()


_equipment: dict[str, Equipment] = {}
_runners: dict[str, CaseRunner] = {}
_templates = contextlib.ExitStack()  # holds them as they were first read, while there is a runner
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


def work(batch: str, chunk: Chunk) -> list[Answer] | Unfit:
    """Do a chunk; an answer for each of its groups. A group that takes too long ends this process, as if killed."""
    with _one_at_a_time:
        try:
            runner = _runner(batch)
            destination = runner.request.destination
            _in_hand[batch] = destination.shown()
            if chunk.mark and destination.mark() != chunk.mark:
                hint = "give a folder that all machines share, or the URL of an object store"
                message = "cannot see the output folder, or sees a different one"
                raise refuse("S608", message, destination.shown(), hint=hint)
            return _answers(partial(chunk.work, runner), chunk.groups, chunk.collect)
        except FindingsError as error:
            return Unfit(error.findings)
        except Exception as error:
            message = f"could not begin: internal error, {type(error).__name__}"
            return Unfit((Finding("S608", Place(), "", message),))
        finally:
            _in_hand.pop(batch, None)


def _runner(batch: str) -> CaseRunner:
    """The runner of a batch, made for its first chunk."""
    if batch not in _runners:
        equipment = _equipment.get(batch)
        if equipment is None:
            raise refuse("S608", "a worker has not received this batch")
        if other := differing(equipment.identity, identity()):
            raise refuse("S608", f"a worker has another {', '.join(other)}")
        runner = equipment.context.runner()
        formats.load(runner.request.settings.formats, layout_of(runner.request.settings))
        if not _runners:
            _templates.enter_context(frozen_templates())
        _runners[batch] = runner
        gc.freeze()
    return _runners[batch]


def _answers(do: Callable[[Group], tuple[object, ...]], groups: Groups, collect: int = 1) -> list[Answer]:
    answers: list[Answer] = []
    limits = Limits()
    gc.disable()  # as in a process of the local pool
    try:
        with Path(os.devnull).open("wb") as nowhere:
            for number, group in enumerate(groups, start=1):
                faulthandler.dump_traceback_later(limits.seconds, exit=True, file=nowhere)
                try:
                    answers.append(do(group))
                except Exception as error:
                    answers.append(Died(f"ended with {type(error).__name__}"))
                finally:
                    faulthandler.cancel_dump_traceback_later()
                if number % collect == 0:
                    gc.collect()
    finally:
        gc.enable()
    return answers


def differing(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """The names of what differs between two identities."""
    return [name for name in ours if theirs.get(name) != ours[name]]
