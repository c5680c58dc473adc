"""Whose case it is, at the desk: two files of one number, and patients of whom not all is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reportgen import clock
from reportgen.findings import FindingsError
from reportgen.web import desk as desks
from reportgen.web import evaluation, worklist
from reportgen.web.desk import Desk
from reportgen.web.listing import Status
from tests.cli.program import edited
from tests.web import test_desk
from tests.web.asgi import lines, snapshot
from tests.web.test_desk import DONE, NAME, change, finalize, statuses

desk = test_desk.desk


def twin(desk: Desk, *changes: tuple[str, str], name: str = "twin.yaml") -> None:
    """Another complete case in the folder; it differs from the first as said."""
    edited(desk.folder.root / name, *changes, name="shave-biopsy")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ([("000123", "000777"), ("Sample, Alexandra", "Other, Olga")], "accession"),
        ([("S26-01234", "S26-09999"), ("Sample, Alexandra", "Other, Olga")], "patient.mrn"),
        ([("S26-01234", "S26-09999"), ("1961-04-02", "1962")], "patient.mrn"),
    ],
)
def test_two_cases_of_one_number_are_marked_and_neither_is_finalized(
    desk: Desk, changes: list[tuple[str, str]], path: str
) -> None:
    assert desk.evaluation(DONE).complete
    twin(desk, *changes)
    assert {line.name: [each.path for each in line.twins] for line in lines(desk)} == {
        NAME: [], DONE: [path], "twin.yaml": [path],
    }  # fmt: skip
    assert Status.complete not in {line.status for line in lines(desk)}
    before = snapshot(desk.folder.root)
    for name in (DONE, "twin.yaml"):
        assert not desk.evaluation(name).complete
        with pytest.raises(FindingsError) as caught:
            finalize(desk, name)
        assert [(each.code, each.path) for each in caught.value.findings] == [("E303", path)]
    assert snapshot(desk.folder.root) == before
    (desk.folder.root / "twin.yaml").unlink()
    finalize(desk)


def test_two_cases_of_one_patient_are_no_twins(desk: Desk) -> None:
    twin(desk, ("S26-01234", "S26-09999"), ("1961-04-02", "1961"))
    assert not any(line.twins for line in lines(desk))
    finalize(desk)


def test_a_case_of_a_patient_of_whom_nothing_is_known_is_finalized(desk: Desk) -> None:
    for path, value in (("patient.mrn", "000123"), ("patient.birth_date", "1961")):
        change(desk, path, value, DONE)
    for path in ("patient.mrn", "patient.birth_date"):
        change(desk, path, "not known (brought in without papers)", DONE)
    assert desk.evaluation(DONE).complete
    finalize(desk)


def test_the_desk_knows_the_day(desk: Desk) -> None:
    change(desk, "collected", "2126-01-01", DONE)
    assert "E210" in {each.code for each in desk.evaluation(DONE).errors}


def test_a_case_is_evaluated_anew_on_another_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.today()
    change(desk, "received", str(now + timedelta(days=3)), DONE)
    assert "E210" in {each.code for each in desk.evaluation(DONE).errors}
    assert statuses(desk)[DONE] == Status.refused
    for module in (desks, evaluation, worklist):
        monkeypatch.setattr(module, "today", lambda: now + timedelta(days=3))
    assert "E210" not in {each.code for each in desk.evaluation(DONE).errors}
    assert statuses(desk)[DONE] != Status.refused
