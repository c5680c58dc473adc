"""Who works on a batch: groups, a second try for each task of a group that lost its worker, stops."""

from __future__ import annotations

import os
from typing import cast
from unittest.mock import Mock

import pytest

from reportgen.batch.case_runner import CaseRunner
from reportgen.batch.executor import Group, LocalExecutor, Round, run_all
from reportgen.batch.model import Task
from reportgen.batch.pool import Died

RUNNER = cast("CaseRunner", Mock())


def never() -> bool:
    return False


def numbers(_: CaseRunner, group: Group) -> tuple[int, ...]:
    """The number of each task; task 4 kills the worker."""
    if any(task.number == 4 for task in group):
        os._exit(1)
    return tuple(task.number for task in group)


def sizes(_: CaseRunner, group: Group) -> tuple[int, ...]:
    return tuple(len(group) for _ in group)


@pytest.fixture
def executor() -> LocalExecutor:
    made = LocalExecutor(2)
    made.equip(RUNNER)
    return made


def tasks(number: int) -> list[Task]:
    return [Task(each, ()) for each in range(number)]


def test_a_task_that_kills_its_worker_twice_loses_no_other_of_its_group(executor: LocalExecutor) -> None:
    answers = list(run_all(executor, Round(numbers, 3, never), tasks(11)))
    died = [group for group, answer in answers if isinstance(answer, Died)]
    assert [task.number for group in died for task in group] == [4]
    answered = [number for _, answer in answers if not isinstance(answer, Died) for number in answer]
    assert sorted(answered) == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10]


def test_tasks_are_worked_on_in_groups_and_the_last_may_be_smaller(executor: LocalExecutor) -> None:
    found = [answer for _, answer in executor.run(Round(sizes, 4, never), tasks(10))]
    assert sorted(found, key=str) == [(2, 2), (4, 4, 4, 4), (4, 4, 4, 4)]


def test_nothing_is_handed_out_after_a_stop(executor: LocalExecutor) -> None:
    assert list(run_all(executor, Round(sizes, 4, lambda: True), tasks(10))) == []


def test_groups_are_so_small_that_no_worker_is_idle_at_the_end(executor: LocalExecutor) -> None:
    assert [executor.render_size(total) for total in (1, 20, 1000)] == [1, 2, 16]
