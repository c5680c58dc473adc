"""What a worker process does with a few cases: check their rows, or render and write their documents."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pickle
import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reportgen import pipeline
from reportgen.batch import names
from reportgen.batch.journal import Journal
from reportgen.batch.model import Done, Order, Share, Task, Verdict
from reportgen.cases.model import Case
from reportgen.cases.part_labels import ABOUT_LABELS
from reportgen.findings import Finding, FindingsError, Place, Severity, refuse
from reportgen.formats.layout import layout_record
from reportgen.formats.unprintable import refusing
from reportgen.pipeline import Checked
from reportgen.protocols.elements import Status
from reportgen.reading.source import Mapping, plain
from reportgen.release import VERSION
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import OpenItem, Report
from reportgen.reports.open_items import PENDING
from reportgen.tables.bind_headings import Binding, bind
from reportgen.tables.mapping import Columns
from reportgen.tables.table import place

_FIRST = 3  # open items that are named
_ENTERED = re.compile(r"\.[0-9]+(\.|$)")  # one of several entries, which may be named by what was entered
_HELD = 8_000_000  # bytes of documents that wait to be written together


@dataclass(frozen=True)
class Kit:
    """What a bench is made of, as plain data that can travel to another machine.

    Attributes:
        order: the batch; the laboratory's profile in its settings carries the content of its files.
        sheet: the sheet of the table.
        header: the headings of the table.
        head: their line.
        columns: the laboratory's mapping, if any.
    """

    order: Order
    sheet: str
    header: tuple[str, ...]
    columns: Columns | None
    head: int = 1

    def bench(self) -> Bench:
        """The bench; raises `FindingsError` for headings and a mapping that are not in order, as `bind`."""
        order = self.order
        where = partial(place, str(order.table), self.sheet, header=self.header)
        return Bench(self, bind(self.header, where, self.columns, order.protocol, order.settings.laboratory, self.head))


@dataclass
class Bench:
    """What every case of a batch is worked on with; made before the workers are forked.

    Attributes:
        kit: the batch, and what this was made of.
        binding: the table's columns.
        journal: where to write what is done; None while cases are only checked.
    """

    kit: Kit
    binding: Binding
    journal: Journal | None = None

    def __post_init__(self) -> None:
        self.order = self.kit.order
        self.base = _base(self.order)

    def check(self, task: Task) -> Verdict:
        """Whether one case may be rendered: steps 1 to 4, and for a strict batch 5."""
        source, findings = self._source(task)
        try:
            checked = pipeline.check(source, self.order.settings)
            findings += refusing(_apart_from_labels(checked.findings) if _unlabeled(findings) else checked.findings)
            if not _refused(findings) and (self.order.settings.strict or self.order.settings.finalised_by):
                pipeline.compose(source, self.order.settings)
        except FindingsError as error:
            return Verdict(task.number, (*findings, *error.findings))
        except Exception as error:
            return Verdict(task.number, (*findings, _broken(error)))
        if checked.case is None or _refused(findings):
            return Verdict(task.number, findings, raised=checked.raised)
        stem = names.stem(self.order.pattern, checked.case)
        warnings = checked._replace(findings=findings).warnings
        return Verdict(task.number, findings, stem, *self._digests(source, checked.case), checked.raised, warnings)

    def check_all(self, tasks: tuple[Task, ...]) -> tuple[Verdict, ...]:
        """`check` for several cases at once: a question for each would take longer than its answer."""
        return tuple(self.check(task) for task in tasks)

    def trial(self, task: Task) -> Done:
        """Steps 1 to 6 of a case: what keeps it from being laid out, and nothing is written."""
        try:
            pipeline.render(self._source(task)[0], self.order.settings)
        except Exception as error:
            return Done(task.number, findings=_told(error))
        return Done(task.number)

    def assess(self, task: Task) -> Share:
        """What a case that was rendered earlier adds to the summary."""
        checked = pipeline.check(self._source(task)[0], self.order.settings)
        return _share(checked, pipeline.composed(checked, self.order.settings))

    def _digests(self, source: Mapping, case: Case) -> tuple[str, str]:
        """The hash of all that decides about the case's documents, and that of its rows alone."""
        protocols = [(part.protocol.hash, part.protocol.words) for part in case.parts]
        return _hash([plain(source), protocols, self.base]), _hash(plain(source))

    def render_all(self, tasks: tuple[Task, ...]) -> tuple[Done, ...]:
        """Steps 1 to 7 of several cases, whose documents are forced to the disk together.

        Each step is taken for all cases before the next one: what it works with is at hand in the processor then, which
        saves a sixth of the time. Whatever happens to a case becomes its answer, so that the others have their turn.
        """
        done: list[Done] = []

        def each(step: Callable[[_InHand], None], cases: Iterable[_InHand]) -> Iterator[_InHand]:
            for case in cases:
                began = time.perf_counter()
                try:
                    step(case)
                except Exception as error:
                    done.append(self._failed(case.task, error))
                else:
                    case.seconds += time.perf_counter() - began
                    yield case

        checked = list(each(self._check, map(_InHand, tasks)))
        composed = list(each(self._compose, checked))
        made: list[_InHand] = []
        for case in each(self._lay_out, composed):
            made.append(case)
            if sum(each.size for each in made) > _HELD:
                done += self._written(made)
                made = []
        if made:
            done += self._written(made)
        return tuple(done)

    def _check(self, case: _InHand) -> None:
        source, findings = self._source(case.task)
        if _refused(findings):
            raise FindingsError(findings)
        case.checked = pipeline.check(source, self.order.settings)

    def _compose(self, case: _InHand) -> None:
        case.report = pipeline.composed(case.checked, self.order.settings)

    def _lay_out(self, case: _InHand) -> None:
        documents = pipeline.lay_out(case.report, self.order.settings)
        case.documents = {f"{case.task.stem}.{name}": data for name, data in documents.items()}
        case.hashes = {path: hashlib.sha256(data).hexdigest() for path, data in case.documents.items()}
        case.share = _share(case.checked, case.report)

    def _written(self, made: list[_InHand]) -> Iterator[Done]:
        """Put documents in place, each named in the journal, on the disk, before it stands there."""
        began = time.perf_counter()
        changed = [each for each in made if not self._as_planned(each)]
        for each in changed:
            shown = self.order.place.shown(next(iter(each.documents)))
            yield self._failed(
                each.task, refuse("E509", "was changed while the batch worked: it is left as it is", shown)
            )
        made = [each for each in made if each not in changed]
        try:
            self.note_all({"do": "write", "case": names.hashed(each.task.key), "files": each.hashes} for each in made)
            if self.journal:
                self.journal.flush()  # so that also after a power cut, what stands is known as ours
            refused = self.order.place.put_all([(each.documents, bool(each.task.replace)) for each in made])
            self.note_all(
                done_record(each.task, each.hashes) for each, error in zip(made, refused, strict=True) if not error
            )
        except Exception as error:
            refused = [error] * len(made)
        took = (time.perf_counter() - began) / max(1, len(made))
        for each, problem in zip(made, refused, strict=True):
            if problem:
                yield self._failed(each.task, problem, each.seconds + took)
            else:
                yield Done(each.task.number, (*each.hashes.items(),), seconds=each.seconds + took, share=each.share)

    def _as_planned(self, case: _InHand) -> bool:
        """Whether what may be replaced is still what the plan saw there: somebody may have saved it meanwhile."""
        expected = case.task.replace
        there = self.order.place.contents(list(case.documents)) if expected else {}
        return all(
            there.get(path, "") in (expected.get(path, ""), case.hashes[path])
            for path in there.keys() | expected.keys()
        )

    def _failed(self, task: Task, error: Exception, seconds: float = 0.0) -> Done:
        with contextlib.suppress(FindingsError):  # a disk that is full takes no record either
            self.note_all([failed_record(task)])
        return Done(task.number, findings=_told(error), seconds=seconds)

    def note_all(self, records: Iterable[dict[str, object]]) -> None:
        """Append records to the journal, if there is one here; raises `FindingsError` (E502) as it does."""
        if self.journal:
            self.journal.add_all(records)

    def _source(self, task: Task) -> tuple[Mapping, tuple[Finding, ...]]:
        return self.binding.case([pickle.loads(row) for row in task.rows])  # noqa: S301 - pickled by this very run


class _InHand:
    """A case on its way: what each step makes of it, and the seconds they took."""

    checked: Checked
    report: Report
    documents: dict[str, bytes]  # by path, as the hashes
    hashes: dict[str, str]
    share: Share

    def __init__(self, task: Task) -> None:
        self.task = task
        self.seconds = 0.0

    @property
    def size(self) -> int:
        """Bytes of its documents."""
        return sum(map(len, self.documents.values()))


def done_record(task: Task, files: dict[str, str]) -> dict[str, object]:
    """What the journal is told when the documents of a case stand: their hashes by path."""
    case = {"do": "done", "case": names.hashed(task.key), "digest": task.digest, "input": task.input}
    return {**case, "files": files}


def failed_record(task: Task) -> dict[str, object]:
    """What the journal is told of a case that could not be rendered."""
    return {"do": "failed", "case": names.hashed(task.key)}


def _hash(data: object) -> str:
    """A hash that the order of the columns does not change."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _refused(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.error for finding in findings)


def _unlabeled(findings: tuple[Finding, ...]) -> bool:
    """Whether the rows are no parts that could be told apart: said once, and not again for each row."""
    return any(finding.code == "E209" for finding in findings)


def _apart_from_labels(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.code not in ABOUT_LABELS)


def _base(order: Order) -> list[object]:
    """All that decides about a document, beside its format, the case and its protocols."""
    own = order.settings.laboratory
    settings = {**vars(order.settings), "laboratory": own.hash if own else "", "today": "", "formats": ""}
    words = hashlib.sha256(load_labels(laboratory=own).model_dump_json().encode()).hexdigest()
    return [VERSION, settings, words, layout_record(), os.environ.get("SOURCE_DATE_EPOCH", "")]


def _share(checked: Checked, report: Report) -> Share:
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
    return Share(tuple(elements), tuple(advisories), len(report.open), waiting, first)


def _named(item: OpenItem) -> str:
    """An open item in few words; a name that may have been entered with the case is left to the report."""
    name = item.path if _ENTERED.search(item.path) else item.name
    part = f"{item.part}: " if item.part else ""
    return f"{part}{name}{' (pending)' if item.state == PENDING else ''}"


def _told(error: Exception) -> tuple[Finding, ...]:
    """What kept a case from being rendered."""
    if isinstance(error, FindingsError):
        return tuple(error.findings)
    return (_starved(error) if isinstance(error, OSError) else _broken(error),)


def _broken(error: Exception) -> Finding:
    """An exception nobody expected, by its kind and place: its text could hold a patient's data."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
    return Finding("E507", Place(), "", f"could not be made: internal error, {where}")


def _starved(error: OSError) -> Finding:
    """An engine that could not put its fonts among the temporary files, for one."""
    message = f"could not be written: {error.strerror or type(error).__name__}"
    return Finding("E502", Place(), "", message, "check the space left, also for temporary files")
