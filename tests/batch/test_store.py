"""The plan on disk: what is put in comes out, in the order of the table."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import closing

import pytest

from reportgen.batch.model import CaseState, CheckResult, RenderResult
from reportgen.batch.store import Store
from reportgen.findings import Finding, Place
from reportgen.tables.table import Row

FINDING = Finding("W302", Place("t.csv", 3, 1, "A3"), "site", "looks like a placeholder")


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store()) as made:
        rows = [(Row(number, number, (accession,)), accession.casefold(), accession) for number, accession in
                enumerate(["S2", "S1", "s2", "S3"], start=2)]  # fmt: skip
        made.add_rows(rows)
        made.make_cases()
        assert len(list(made.lines())) == 4
        assert sum(made.counts().values()) == 3
        yield made


def test_rows_of_one_key_are_one_case(store: Store) -> None:
    assert [(case.number, case.key) for case in store.cases()] == [(2, "s2"), (3, "s1"), (5, "s3")]
    assert [[pickle.loads(row).number for row in task.rows] for task in store.tasks()] == [[2, 4], [3], [5]]
    assert store.twins() == {2}
    assert store.spellings(2) == [2, 4]
    assert [(row, case.number) for row, _, case in store.lines()] == [(2, 2), (3, 3), (4, 2), (5, 5)]


def test_a_case_goes_through_its_states(store: Store) -> None:
    store.judge(CheckResult(2, (FINDING,)), CaseState.refused, (FINDING,))
    store.judge(CheckResult(3, stem="S1", digest="d"), CaseState.waiting, ())
    store.judge(CheckResult(5, stem="s1", digest="e"), CaseState.waiting, ())
    assert store.collisions() == [(5, 3)]
    store.refuse(5, FINDING)
    assert {state: n for state, n in store.counts().items() if n} == {CaseState.waiting: 1, CaseState.refused: 2}
    assert [case.number for case in store.told()] == [2, 5]
    assert [task.number for task in store.work()] == [3]
    store.finish([RenderResult(3, (("S1.txt", "h"),), (FINDING,), 0.5)], at=1.0)
    assert store.to_do() == 0
    (case,) = store.cases(CaseState.rendered)
    assert (case.files, case.findings, case.seconds) == ({"S1.txt": "h"}, (FINDING,), 0.5)
    assert store.moments() == [1.0]
    assert [case.number for case in store.slowest(5)] == [3]


def test_a_case_can_be_left_out_and_put_elsewhere(store: Store) -> None:
    store.skip(2)
    store.may_replace(3, {"S1.txt": "h"})
    store.set_path(5, "ab/S3")
    assert [(task.number, task.stem, task.replace) for task in store.work()] == [
        (3, "", {"S1.txt": "h"}), (5, "ab/S3", {}),
    ]  # fmt: skip
