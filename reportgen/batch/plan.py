"""The plan: the whole table is read and checked, and a profile is tried out, before the first document is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from reportgen import formats
from reportgen.batch import names
from reportgen.batch.case_runner import CaseRunner, WorkerContext
from reportgen.batch.executor import Executor, Round, run_all
from reportgen.batch.model import BatchRequest, CaseState, CaseStats, CheckResult, Task
from reportgen.batch.pool import Died, Limits, Stop
from reportgen.batch.store import Store
from reportgen.cases.identifiers import identifier_key
from reportgen.cases.twins import People
from reportgen.findings import Finding, FindingsError, Place
from reportgen.reports.finalizing import unsettled
from reportgen.tables.bind_headings import known_heading
from reportgen.tables.mapping import Columns, load_columns
from reportgen.tables.registry import open_table
from reportgen.tables.table import Row

_TOGETHER = 25  # cases that are checked by one worker before it answers
_SHOWN = 50  # findings of one kind that are named one by one
_TRIED = 3  # cases that are laid out before the first document: one alone may be what a layout cannot print


@dataclass
class Tally:
    """What the cases of a batch hold, counted for the summary."""

    elements: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    advisories: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    @property
    def pending(self) -> int:
        """How many required answers are pending or not entered."""
        return sum(number for (*_, state), number in self.elements.items() if state != "answered")

    def add(self, stats: CaseStats) -> None:
        """Count one case."""
        self.elements.update(stats.elements)
        self.advisories.update(stats.advisories)


def read(request: BatchRequest, store: Store) -> CaseRunner:
    """Read the table into the store, one case for each accession; a table without rows has none.

    Raises:
        FindingsError: for what concerns the table as a whole: reading, headings, ragged rows, rows without accession.
            Nothing is rendered then: a row that cannot be placed could be a part of any case.
    """
    columns = load_columns(request.columns) if request.columns else Columns()
    laboratory = request.settings.laboratory
    known = known_heading(columns, request.protocol, laboratory)
    table = open_table(request.table, known, name=str(request.table), encoding=request.encoding, sheet=request.sheet)
    runner = WorkerContext(request, table.sheet, table.header, columns, table.head).runner()
    lost: list[Finding] = []
    named: set[str] = set()
    people = People(store.first_person)

    def placed() -> Iterator[tuple[Row, str, str]]:
        for row in table.rows():
            accession = runner.binding.accession(row)
            if accession:
                named.add(runner.binding.protocol(row))
                if pair := people.add(runner.binding.person(row)):
                    store.doubt(*pair)
                yield row, identifier_key(accession), accession
            elif len(lost) < _SHOWN:
                where, message = table.place(row.number, row.line, -1), "is missing: the row could belong to any case"
                lost.extend(row.findings or [Finding("E102", where, "accession", message)])

    store.add_rows(placed())
    if table.findings or lost:
        raise FindingsError([*table.findings, *lost])
    store.make_cases()
    runner.named = frozenset(named - {""})
    return runner


def check_all(
    request: BatchRequest, store: Store, executor: Executor, report: Callable[[int], None], stop: Stop
) -> None:
    """Check every case, and keep what is found in the store; `report` hears how many more cases were checked."""
    twins = store.twins()
    round = Round(CaseRunner.check, _TOGETHER, stop, Limits(tasks=5_000, collect=20))
    with closing(run_all(executor, round, store.tasks())) as answers:
        for group, answer in answers:
            if isinstance(answer, Died):
                answer = tuple(CheckResult(task.number, (lethal(task, answer),)) for task in group)
            for result in answer:
                _judge(request, store, result, twins=twins)
            report(len(answer))
    _collisions(request, store)


def count_kept(store: Store, executor: Executor, tally: Tally, stop: Stop) -> None:
    """Count the cases whose drafts this run does not make, for the summary."""
    round = Round(CaseRunner.assess, _TOGETHER, stop, Limits(tasks=2_000, collect=20))
    with closing(run_all(executor, round, store.unchanged())) as answers:
        for group, answer in answers:
            for task, stats in zip(group, () if isinstance(answer, Died) else answer, strict=False):
                tally.add(stats)
                store.keep_stats(task.number, stats)


def lethal(task: Task, died: Died) -> Finding:
    """A case that ended its worker twice, the second time alone."""
    return Finding("E507", Place("", task.number), "", f"failed twice: its process {died.why}, twice")


def _judge(request: BatchRequest, store: Store, result: CheckResult, *, twins: set[int]) -> None:
    findings = result.findings
    if result.number in twins:
        spellings = store.spellings(result.number)
        rows = " and ".join(map(str, spellings))
        message = f"is written in {len(spellings)} ways, in rows {rows}"
        hint = "write it the same way in every row of the case"
        place = next((finding.place for finding in findings), Place(str(request.table), result.number))
        findings += (Finding("E209", place, "accession", message, hint),)
    doubts = store.doubts(result.number)
    findings += tuple(doubts)
    if request.settings.strict or request.settings.finalized_by:
        findings += tuple(unsettled(doubts, "E303" if request.settings.finalized_by else "E302", lambda _: False))
    refused = any(finding.refuses for finding in findings)
    store.judge(result, CaseState.refused if refused else CaseState.waiting, findings)


def _collisions(request: BatchRequest, store: Store) -> None:
    for number, earlier in store.collisions():
        message = f"its documents would have the names of those of row {earlier}"
        hint = "write the accession out, or choose another --name"
        store.refuse(number, Finding("E505", Place(str(request.table), number), "accession", message, hint))
    if request.shards:
        for case in store.cases(CaseState.waiting):
            store.set_path(case.number, f"{names.shard(case.key)}/{case.stem}")


def try_out(request: BatchRequest, store: Store, executor: Executor, stop: Stop) -> dict[int, tuple[Finding, ...]]:
    """Lay out the first cases with a laboratory's profile, until one succeeds: a profile that fails is told once.

    Nothing is written. The program's own layouts are not tried: they were, before they were delivered.

    Returns:
        What keeps single cases from being laid out, by the number of the case.

    Raises:
        FindingsError: what the first case is refused for, where each one that was tried fails.
    """
    failed: dict[int, tuple[Finding, ...]] = {}
    if request.settings.laboratory is None:
        return failed
    round = Round(CaseRunner.try_out, 1, stop, Limits(release=formats.release), alone=True)
    for task in [*islice(store.work(), _TRIED)]:
        found: tuple[Finding, ...] = ()
        with closing(executor.run(round, [task])) as answers:
            for _, answer in answers:
                found = (lethal(task, answer),) if isinstance(answer, Died) else answer[0].findings
        if not found or stop():
            return failed
        failed[task.number] = found
    if failed:
        raise FindingsError(next(iter(failed.values())))
    return failed
