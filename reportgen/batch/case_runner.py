"""What a worker process does with a few cases: check their rows, or render and write their documents."""

from __future__ import annotations

import contextlib
import hashlib
import json
import pickle
import re
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from reportgen import pipeline
from reportgen.assessment.checked import Checked
from reportgen.batch import names
from reportgen.batch.journal import Journal
from reportgen.batch.model import BatchRequest, CaseStats, CheckResult, RenderResult, Task
from reportgen.cases.part_labels import ABOUT_LABELS
from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.formats.layout import layout_record
from reportgen.formats.unprintable import refusing
from reportgen.protocols.elements import Status
from reportgen.protocols.load import load_protocol
from reportgen.reading.source import Mapping, plain
from reportgen.release import VERSION
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import OpenItem, Report
from reportgen.reports.open_items import PENDING
from reportgen.tables.bind_headings import bind
from reportgen.tables.mapping import Columns
from reportgen.tables.rows_to_case import Binding
from reportgen.tables.table import place

_FIRST = 3  # open items that are named
_ENTERED = re.compile(r"\.[0-9]+(\.|$)")  # one of several entries, which may be named by what was entered
_HELD = 8_000_000  # bytes of documents that wait to be written together


@dataclass(frozen=True)
class WorkerContext:
    """What a `CaseRunner` is made of, as plain data that can be sent to another machine."""

    request: BatchRequest  # the laboratory's profile in its settings carries the content of its files
    sheet: str  # of the table
    header: tuple[str, ...]  # the headings of the table
    columns: Columns  # the laboratory's mapping
    head: int = 1  # the line of the headings

    def runner(self) -> CaseRunner:
        """The runner; raises `FindingsError` for headings and a mapping that are not in order, as `bind`."""
        request = self.request
        where = partial(place, str(request.table), self.sheet, header=self.header)
        laboratory = request.settings.laboratory
        return CaseRunner(self, bind(self.header, where, self.columns, request.protocol, laboratory, self.head))


@dataclass
class CaseRunner:
    """Works on the cases of a batch, in a worker process; made before the workers are forked."""

    context: WorkerContext
    binding: Binding  # the table's columns
    named: frozenset[str] = frozenset()  # the protocols that the rows name
    journal: Journal | None = None  # where to write what is done; None while cases are only checked

    def __post_init__(self) -> None:
        self.request = self.context.request
        self.base = _base(self.request)

    def load_words(self) -> None:
        """Load the protocols that the rows name, and the words by which their free text is checked."""
        for id in self.named:
            with contextlib.suppress(FindingsError):  # told with the cases that name it
                _ = load_protocol(id, self.request.settings.laboratory).prose

    def check(self, tasks: tuple[Task, ...]) -> tuple[CheckResult, ...]:
        """Whether cases may be rendered; several at once, since passing on each alone would take longer than the check.

        Steps 1 to 4, and for a strict batch 5.
        """
        return tuple(map(self._check, tasks))

    def try_out(self, tasks: tuple[Task, ...]) -> tuple[RenderResult, ...]:
        """Steps 1 to 6: what prevents cases from being laid out; nothing is written."""
        return tuple(map(self._try_out, tasks))

    def assess(self, tasks: tuple[Task, ...]) -> tuple[CaseStats, ...]:
        """What cases that were rendered earlier add to the summary."""
        settings = self.request.settings
        checks = (pipeline.check(self._source(task)[0], settings) for task in tasks)
        return tuple(_stats(checked, pipeline.compose(checked, settings)) for checked in checks)

    def render(self, tasks: tuple[Task, ...]) -> tuple[RenderResult, ...]:
        """Steps 1 to 7 of several cases, whose documents are forced to the disk together.

        Whatever happens to a case becomes its result, so that the others have their turn.
        """
        done: list[RenderResult] = []
        laid_out: list[_LaidOut] = []
        for task in tasks:
            try:
                laid_out.append(self._lay_out(task))
            except Exception as error:
                done.append(self._failed(task, error))
            if sum(each.size for each in laid_out) > _HELD:
                done += self._write(laid_out)
                laid_out = []
        if laid_out:
            done += self._write(laid_out)
        return tuple(done)

    def _check(self, task: Task) -> CheckResult:
        settings = self.request.settings
        source, findings = self._source(task)
        try:
            checked = pipeline.check(source, settings)
            findings += refusing(_news(checked.findings, findings))
            if not _any_refuses(findings) and (settings.strict or settings.finalized_by):
                pipeline.compose(source, settings)
        except FindingsError as error:
            return CheckResult(task.number, (*findings, *error.findings))
        except Exception as error:
            return CheckResult(task.number, (*findings, _broken(error)))
        if checked.case is None or _any_refuses(findings):
            return CheckResult(task.number, findings, raised=checked.raised)
        stem = names.stem(self.request.pattern, checked.case)
        warnings = checked._replace(findings=findings).warnings
        entered = plain(source)
        protocols = [(part.protocol.hash, part.protocol.words) for part in checked.case.parts]
        digest, input = _hash([entered, protocols, self.base]), _hash(entered)
        return CheckResult(task.number, findings, stem, digest, input, checked.raised, warnings)

    def _try_out(self, task: Task) -> RenderResult:
        try:
            pipeline.render(self._source(task)[0], self.request.settings)
        except Exception as error:
            return RenderResult(task.number, findings=_findings(error))
        return RenderResult(task.number)

    def _lay_out(self, task: Task) -> _LaidOut:
        began = time.perf_counter()
        source, findings = self._source(task)
        if _any_refuses(findings):
            raise FindingsError(findings)
        checked = pipeline.check(source, self.request.settings)
        report = pipeline.compose(checked, self.request.settings)
        rendered = pipeline.lay_out(report, self.request.settings)
        documents = {f"{task.stem}.{name}": data for name, data in rendered.items()}
        stats = _stats(checked, report)
        return _LaidOut(task, documents, stats, time.perf_counter() - began)

    def _write(self, cases: list[_LaidOut]) -> Iterator[RenderResult]:
        """Put documents in place, after the journal has named each on the disk."""
        began = time.perf_counter()
        changed = [case for case in cases if not self._as_planned(case)]
        for case in changed:
            message = "was changed while the batch worked: it is left as it is"
            shown = self.request.destination.shown(next(iter(case.documents)))
            yield self._failed(case.task, refuse("E509", message, shown))
        cases = [case for case in cases if case not in changed]
        try:
            self._note({"do": "write", "case": names.hashed(case.task.key), "files": case.hashes} for case in cases)
            if self.journal:
                self.journal.flush()  # after a power cut too, what is in the folder is known as ours
            refused = self.request.destination.put_all([(case.documents, bool(case.task.replace)) for case in cases])
            done = [case for case, error in zip(cases, refused, strict=True) if not error]
            self._note(done_record(case.task, case.hashes) for case in done)
        except Exception as error:
            refused = [error] * len(cases)
        took = (time.perf_counter() - began) / max(1, len(cases))
        for case, problem in zip(cases, refused, strict=True):
            seconds = case.seconds + took
            if problem:
                yield self._failed(case.task, problem, seconds)
            else:
                yield RenderResult(case.task.number, tuple(case.hashes.items()), (), seconds, case.stats)

    def _as_planned(self, case: _LaidOut) -> bool:
        """Whether what may be replaced is still what the plan saw there: somebody may have saved it meanwhile."""
        expected = case.task.replace
        there = self.request.destination.contents(list(case.documents)) if expected else {}
        return all(
            there.get(path, "") in (expected.get(path, ""), case.hashes[path])
            for path in there.keys() | expected.keys()
        )

    def _failed(self, task: Task, error: Exception, seconds: float = 0.0) -> RenderResult:
        with contextlib.suppress(FindingsError):  # a disk that is full takes no record either
            self._note([failed_record(task)])
        return RenderResult(task.number, findings=_findings(error), seconds=seconds)

    def _note(self, records: Iterable[dict[str, object]]) -> None:
        """Append records to the journal, if there is one here; raises `FindingsError` (E502) as it does."""
        if self.journal:
            self.journal.add_all(records)

    def _source(self, task: Task) -> tuple[Mapping, tuple[Finding, ...]]:
        return self.binding.case([pickle.loads(row) for row in task.rows])  # noqa: S301 - pickled by this very run


@dataclass(frozen=True, eq=False)
class _LaidOut:
    """A case that is ready to be written; documents and hashes are by path."""

    task: Task
    documents: dict[str, bytes]
    stats: CaseStats
    seconds: float

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each document."""
        return {path: hashlib.sha256(data).hexdigest() for path, data in self.documents.items()}

    @property
    def size(self) -> int:
        """Bytes of its documents."""
        return sum(map(len, self.documents.values()))


def done_record(task: Task, files: dict[str, str]) -> dict[str, object]:
    """The journal record of a case whose documents are in place, with their hashes by path."""
    case = {"do": "done", "case": names.hashed(task.key), "digest": task.digest, "input": task.input}
    return {**case, "files": files}


def failed_record(task: Task) -> dict[str, object]:
    """The journal record of a case that could not be rendered."""
    return {"do": "failed", "case": names.hashed(task.key)}


def _hash(data: object) -> str:
    """A hash that the order of the columns does not change."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _any_refuses(findings: tuple[Finding, ...]) -> bool:
    return any(finding.refuses for finding in findings)


def _news(found: tuple[Finding, ...], known: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What was found, without what is wrong with the labels of rows that are known not to be parts of one case."""
    unlabeled = any(finding.code == "E209" for finding in known)
    return tuple(finding for finding in found if not (unlabeled and finding.code in ABOUT_LABELS))


def _base(request: BatchRequest) -> list[object]:
    """All that decides about a document, beside its format, the case and its protocols."""
    own = request.settings.laboratory
    settings = {**vars(request.settings), "laboratory": own.hash if own else "", "today": "", "formats": ""}
    stamp = settings.pop("stamp")
    words = hashlib.sha256(load_labels(own).model_dump_json().encode()).hexdigest()
    return [VERSION, settings, words, layout_record(), str(int(stamp.timestamp())) if stamp else ""]


def _stats(checked: Checked, report: Report) -> CaseStats:
    elements: list[tuple[str, str, str, str]] = []
    advisories: list[tuple[str, str, str]] = []
    parts = zip(checked.case.parts if checked.case else (), checked.assessments, strict=True)
    for part, assessment in parts:
        protocol = part.protocol.protocol.id
        missing = {item.slot: item for item in assessment.completeness.missing}
        elements += [
            (protocol, item.slot, item.name, "pending" if item.pending else "open") for item in missing.values()
        ]
        for path, answer in part.answers.items():
            slot = part.protocol.slots[answer.slot]
            counted = slot.element.status is not Status.optional or (slot.panel and not slot.parent)
            if path == answer.slot and path not in missing and counted and slot.element.title:
                elements.append((protocol, path, slot.element.title, "answered"))
        advisories += [(each.id, each.title, each.level.value) for each in assessment.advisories]
    waiting = sum(item.state == PENDING for item in report.open)
    first = tuple(_named(item) for item in report.open[:_FIRST])
    return CaseStats(tuple(elements), tuple(advisories), len(report.open), waiting, first)


def _named(item: OpenItem) -> str:
    """An open item in few words; a name that may have been entered with the case is left to the report."""
    name = item.path if _ENTERED.search(item.path) else item.name
    part = f"{item.part}: " if item.part else ""
    return f"{part}{name}{' (pending)' if item.state == PENDING else ''}"


def _findings(error: Exception) -> tuple[Finding, ...]:
    """What kept a case from being rendered."""
    if isinstance(error, FindingsError):
        return error.findings
    if isinstance(error, OSError):  # an engine that could not put its fonts among the temporary files, for example
        message = f"could not be written: {error.strerror or type(error).__name__}"
        return (Finding("E502", Place(), "", message, "check the space left, also for temporary files"),)
    return (_broken(error),)


def _broken(error: Exception) -> Finding:
    """An exception nobody expected, by its kind and place: its text could hold a patient's data."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
    return Finding("E507", Place(), "", f"could not be made: internal error, {where}")
