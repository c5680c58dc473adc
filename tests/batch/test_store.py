"""The plan on disk: what is put in comes out, in the order of the table."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import closing

import pytest

from reportgen.batch.model import Done, State, Verdict
from reportgen.batch.store import Store
from reportgen.findings import Finding, Place
from reportgen.reading.table import Row

FINDING = Finding("W302", Place("t.csv", 3, 1, "A3"), "site", "looks like a placeholder")


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store()) as made:
        rows = [(Row(number, number, (accession,)), accession.casefold(), accession) for number, accession in
                enumerate(["S2", "S1", "s2", "S3"], start=2)]  # fmt: skip
        assert made.add_rows(rows) == 4
        assert made.make_cases() == 3
        yield made


def test_rows_of_one_key_are_one_case(store: Store) -> None:
    assert [(case.number, case.key) for case in store.cases()] == [(2, "s2"), (3, "s1"), (5, "s3")]
    assert [[pickle.loads(row).number for row in task.rows] for task in store.tasks()] == [[2, 4], [3], [5]]
    assert store.twins() == {2}
    assert store.spelled(2) == [("S2", 2), ("s2", 4)]
    assert [(row, case.number) for row, _, case in store.lines()] == [(2, 2), (3, 3), (4, 2), (5, 5)]


def test_a_case_goes_through_its_states(store: Store) -> None:
    store.judge(Verdict(2, (FINDING,)), State.refused, (FINDING,))
    store.judge(Verdict(3, stem="S1", digest="d"), State.waiting, ())
    store.judge(Verdict(5, stem="s1", digest="e"), State.waiting, ())
    assert store.collisions() == [(5, 3)]
    store.refuse(5, FINDING)
    assert store.counts() == {State.waiting: 1, State.refused: 2, State.rendered: 0, State.failed: 0}
    assert [case.number for case in store.told()] == [2, 5]
    assert [task.number for task in store.work()] == [3]
    store.finish([Done(3, (("S1.txt", "h"),), (FINDING,), 0.5)], at=1.0)
    assert store.to_do() == 0
    (case,) = store.cases(State.rendered)
    assert (case.files, case.findings, case.seconds) == ({"S1.txt": "h"}, (FINDING,), 0.5)
    assert store.moments() == [1.0]
    assert [case.number for case in store.slowest(5)] == [3]


def test_what_the_journal_tells(store: Store) -> None:
    store.remember([
        {"do": "write", "case": "a", "files": {"a.txt": "1"}},
        {"do": "done", "case": "a", "digest": "d", "files": {"a.txt": "1"}},
        {"do": "done", "case": "a", "digest": "e", "files": {"a.txt": "2"}},
        {"do": "refused", "case": "b"},
        {"do": "write", "case": "c", "files": {"c.txt": "3"}},
    ])  # fmt: skip
    past = store.past("a")
    assert past is not None
    assert (past.state, past.digest, past.files) == ("done", "e", {"a.txt": "2"})
    refused = store.past("b")
    assert refused is not None
    assert refused.state == "refused"
    assert store.past("c") is None
    assert [store.is_ours("a.txt", digest) for digest in ("1", "2", "3")] == [True, True, False]
    assert store.is_ours("c.txt", "3")
    assert list(store.earlier_files()) == ["a.txt"]
    store.keep(2, {"a.txt": "2"})
    assert list(store.earlier_files()) == []
    assert store.kept() == 1


def test_a_case_can_be_left_out_and_put_elsewhere(store: Store) -> None:
    store.skip(2)
    store.may_replace(3)
    store.set_path(5, "ab/S3")
    assert [(task.number, task.stem, task.replace) for task in store.work()] == [(3, "", True), (5, "ab/S3", False)]
