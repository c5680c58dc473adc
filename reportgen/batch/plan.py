"""The plan: the whole table is read, checked and compared with the folder before the first document is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from reportgen import files
from reportgen.batch import names
from reportgen.batch.model import Order, Share, State, Task, Verdict
from reportgen.batch.pool import Died, Hands, Limits
from reportgen.batch.store import Store
from reportgen.batch.worker import Bench, Kit
from reportgen.cases.identifiers import identifier_key
from reportgen.cases.twins import People
from reportgen.findings import Finding, FindingsError, Place, Severity
from reportgen.pipeline import unsettled
from reportgen.tables.bind_headings import known_heading
from reportgen.tables.mapping import load_columns
from reportgen.tables.registry import open_table
from reportgen.tables.table import Row, Table

_TOGETHER = 25  # cases that are checked by one worker before it answers
_SHOWN = 50  # findings of one kind that are named one by one


@dataclass
class Tally:
    """What the cases of a batch hold, counted for the summary."""

    elements: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    advisories: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    @property
    def pending(self) -> int:
        """How many required answers are pending or not entered."""
        return sum(number for (*_, state), number in self.elements.items() if state != "answered")

    def add(self, share: Share) -> None:
        """Count one case."""
        self.elements.update(share.elements)
        self.advisories.update(share.advisories)


def read(order: Order, store: Store) -> Bench:
    """Read the table into the store, one case for each accession; a table without rows has none.

    Raises:
        FindingsError: for what concerns the table as a whole: reading, headings, ragged rows, rows without accession.
            Nothing is rendered then: a row that cannot be placed could be a part of any case.
    """
    columns = load_columns(order.columns) if order.columns else None
    laboratory = order.settings.laboratory
    known = known_heading(columns, order.protocol, laboratory)
    table = open_table(order.table, known, name=str(order.table), encoding=order.encoding, sheet=order.sheet)
    bench = Kit(order, table.sheet, table.header, columns, table.head).bench()
    lost: list[Finding] = []
    people = People(store.first_person)

    def placed() -> Iterator[tuple[Row, str, str]]:
        for row in table.rows():
            accession = bench.binding.accession(row)
            if accession:
                if pair := people.add(bench.binding.person(row)):
                    store.doubt(*pair)
                yield row, identifier_key(accession), accession
            elif len(lost) < _SHOWN:
                lost.extend(row.findings or [_without_accession(table, row)])

    store.add_rows(placed())
    if table.findings or lost:
        raise FindingsError([*table.findings, *lost])
    store.make_cases()
    return bench


def _without_accession(table: Table, row: Row) -> Finding:
    place = table.place(row.number, row.line, -1)
    return Finding("E102", place, "accession", "is missing: the row could belong to any case")


def check_all(bench: Bench, store: Store, hands: Hands, told: Callable[[int], None], stop: Callable[[], bool]) -> None:
    """Check every case, in several processes; what is found is kept in the store."""
    twins = store.twins()

    def take(answers: Iterable[Verdict]) -> None:
        verdicts = list(answers)
        for verdict in verdicts:
            _judge(bench.order, store, verdict, twins=twins)
        told(len(verdicts))

    died: list[Task] = []
    groups = _groups(store.tasks())
    jobs = iter(lambda: tuple(islice(groups, hands.bulk)), ())
    with closing(hands.run("check_all", jobs, stop, Limits(tasks=5_000, collect=20))) as answers:
        for group, answer in answers:
            if isinstance(answer, Died):
                died += group
            else:
                take(answer)
    for task in died:
        with closing(hands.run("check", [(task,)], stop, alone=True)) as answers:
            for _, answer in answers:
                take([Verdict(task.number, (lethal(task, answer),)) if isinstance(answer, Died) else answer])
    _collisions(bench.order, store)


def count_kept(store: Store, hands: Hands, tally: Tally, stop: Callable[[], bool]) -> None:
    """Count the cases whose drafts this run does not make, for the summary."""
    with closing(hands.run("assess", _groups(store.unchanged()), stop, Limits(tasks=50_000, collect=500))) as answers:
        for group, answer in answers:
            if isinstance(answer, Share):
                tally.add(answer)
                store.share(group.number, answer)


def lethal(task: Task, died: Died) -> Finding:
    """A case that ended its worker twice, the second time alone."""
    return Finding("E507", Place("", task.number), "", f"could not be made: its process {died.why}, twice")


def _groups(tasks: Iterable[Task]) -> Iterator[tuple[Task, ...]]:
    waiting = iter(tasks)
    while group := tuple(islice(waiting, _TOGETHER)):
        yield group


def _judge(order: Order, store: Store, verdict: Verdict, *, twins: set[int]) -> None:
    findings = verdict.findings
    if verdict.number in twins:
        spellings = store.spelled(verdict.number)
        rows = " and ".join(str(row) for _, row in spellings)
        message = f"is written in {len(spellings)} ways, in rows {rows}"
        hint = "write it the same way in every row of the case"
        place = next((finding.place for finding in findings), Place(str(order.table), verdict.number))
        findings = (*findings, Finding("E209", place, "accession", message, hint))
    doubts = store.doubts(verdict.number)
    findings = (*findings, *doubts)
    if order.settings.strict or order.settings.finalised_by:
        findings = (*findings, *unsettled(doubts, "E303" if order.settings.finalised_by else "E302", lambda _: False))
    refused = any(finding.severity is Severity.error for finding in findings)
    store.judge(verdict, State.refused if refused else State.waiting, findings)


def _collisions(order: Order, store: Store) -> None:
    for number, earlier in store.collisions():
        message = f"its documents would have the names of those of row {earlier}"
        hint = "write the accession out, or choose another --name"
        store.refuse(number, Finding("E505", Place(str(order.table), number), "accession", message, hint))
    if order.shards:
        for case in store.cases(State.waiting):
            store.set_path(case.number, f"{names.shard(case.key)}/{case.stem}")


def sweep(order: Order) -> None:
    """Remove what a killed run left half-written; called while the folder is held."""
    if order.url:
        return
    for folder in (order.folder, *(order.folder.glob("[0-9a-f][0-9a-f]") if order.shards else ())):
        files.sweep(folder)
