"""The plan: what concerns the table as a whole, and its memory."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from reportgen.batch import plan
from reportgen.batch.executor import LocalExecutor
from reportgen.batch.model import BatchRequest, CaseState
from reportgen.batch.store import Store
from reportgen.findings import FindingsError
from reportgen.pipeline import Settings
from reportgen.protocols.load import load_protocol
from tests.batch.tables import rows, write


def request(table: Path, **more: object) -> BatchRequest:
    return BatchRequest(table, table.parent / "out", Settings(("txt",)), **more)  # type: ignore[arg-type]


def read(table: Path) -> dict[CaseState, int]:
    with closing(Store()) as store:
        plan.read(request(table), store)
        return store.counts()


def refused(table: Path) -> list[str]:
    with pytest.raises(FindingsError) as caught:
        read(table)
    return [finding.as_line() for finding in caught.value.findings]


def test_a_table_becomes_cases_in_the_order_in_which_they_begin(tmp_path: Path) -> None:
    table = [*rows(1, ("three-parts",)), *rows(4)[1:]]
    with closing(Store()) as store:
        plan.read(request(write(tmp_path / "t.csv", [table[3], *table[:3], *table[4:]])), store)
        assert [(case.number, case.accession) for case in store.cases()] == [
            (2, "B26-00002"), (3, "B26-00001"), (6, "B26-00003"), (7, "B26-00004"),
        ]  # fmt: skip
        assert [len(task.rows) for task in store.tasks()] == [1, 3, 1, 1]


def test_the_words_of_the_protocols_that_rows_name_are_there_before_any_worker(tmp_path: Path) -> None:
    table = [{**row, "protocol": protocol} for row, protocol in zip(rows(3), ("nevus", "", "no such"), strict=True)]
    asked = request(write(tmp_path / "t.csv", table), protocol="general")
    vars(load_protocol("nevus")).pop("prose", None)
    with closing(Store()) as store:
        runner = plan.read(asked, store)
    assert runner.named == {"nevus", "general"}
    LocalExecutor().equip(runner)
    assert "prose" in vars(load_protocol("nevus"))


def test_rows_that_belong_to_no_case_refuse_the_table(tmp_path: Path) -> None:
    table = rows(5)
    table[1]["accession"] = ""
    table[3]["accession"] = "  "
    lines = refused(write(tmp_path / "t.csv", table))
    assert len(lines) == 2
    assert all("E102 accession: is missing: the row could belong to any case" in line for line in lines)
    assert [line.split(": ")[0].rpartition(":")[2] for line in lines] == ["3", "5"]


def test_a_table_without_rows_has_no_cases(tmp_path: Path) -> None:
    assert sum(read(write(tmp_path / "t.csv", [dict.fromkeys(rows(1)[0], "")])).values()) == 0


def test_a_ragged_row_refuses_the_table(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", rows(3))
    path.write_text(path.read_text(encoding="utf-8") + "B26-7,only,three\n", encoding="utf-8")
    assert " E014 has 3 cells under " in refused(path)[0]


def test_unmapped_columns_are_all_named(tmp_path: Path) -> None:
    table = rows(2)
    table[0] |= {"necrois": "present", "billing": "x"}
    lines = refused(write(tmp_path / "t.csv", table))
    assert [" E113 " in line for line in lines] == [True, True]
    assert any('did you mean "necrosis"?' in line for line in lines)


def test_memory_stays_flat(tmp_path: Path) -> None:
    peaks = []
    paths = [write(tmp_path / f"{count}.csv", rows(count)) for count in (300, 3000)]
    read(paths[0])  # loads what each table needs
    for path in paths:
        tracemalloc.start()
        read(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 1_000_000


HEAD = "accession,patient.name,patient.mrn,patient.birth_date,site\n"


def doubted(tmp_path: Path, *lines: str) -> dict[int, list[str]]:
    table = tmp_path / "t.csv"
    table.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    with closing(Store()) as store:
        plan.read(request(table, protocol="general"), store)
        found = {case.number: store.doubts(case.number) for case in store.cases()}
    return {number: [f"{each.code} {each.place.cell}" for each in findings] for number, findings in found.items()}


def test_one_number_of_two_people_is_told_at_both_cases(tmp_path: Path) -> None:
    lines = ("T1,A B,01,1950-01-01,arm", "T2,C D,01,1950-01-01,arm", "T3,E F,02,1950-01-01,arm")
    assert doubted(tmp_path, *lines) == {2: ["W314 C2"], 3: ["W314 C3"], 4: []}
    assert doubted(tmp_path, lines[0], "T2,B. A,01,1950-01-01,arm") == {2: [], 3: []}


def test_accessions_with_other_dashes_are_one_case(tmp_path: Path) -> None:
    assert list(doubted(tmp_path, "T26-1,A B,01,,arm", "T26–1,A B,01,,leg", "T26 - 1,A B,01,,leg")) == [2]


def judged(table: Path, **settings: object) -> dict[int, tuple[CaseState, list[str]]]:
    """What is found about each case, by its first row."""
    with closing(Store()) as store:
        asked = request(table, **settings)
        runner = plan.read(asked, store)
        for task in store.tasks():
            plan._judge(asked, store, *runner.check((task,)), twins=set())
        return {case.number: (case.state, [each.as_line() for each in case.findings]) for case in store.cases()}


LABELED = (
    "accession,label,patient.name,patient.mrn,patient.birth_date,patient.sex,collected,received,submitted_by,"
    "procedure,site"
)


def labeled(tmp_path: Path, *labels: str) -> tuple[CaseState, list[str]]:
    """What is found of one case whose rows have these labels."""
    table = tmp_path / "t.csv"
    said = "Probe K,E1,1949-07-04,male,2026-11-02,2026-11-03,Dr X,excision,thigh"
    table.write_text("\n".join([LABELED, *(f"S1,{label},{said}" for label in labels), ""]), encoding="utf-8")
    (found,) = judged(table, protocol="aismn").values()
    return found


@pytest.mark.parametrize("labels", ["B", "A C", "1 3", "c a", "2 10 1", "A2 A10"])
def test_labels_are_kept_with_their_gaps(labels: str, tmp_path: Path) -> None:
    state, lines = labeled(tmp_path, *labels.split())
    assert state is CaseState.waiting
    assert all(" W313 " in line for line in lines)


@pytest.mark.parametrize("labels", [("", "", "", ""), ("A", "A"), ("A", "\uff21"), ("", "B")])
def test_rows_that_cannot_be_told_apart_are_told_once_and_not_row_by_row(
    labels: tuple[str, ...], tmp_path: Path
) -> None:
    state, lines = labeled(tmp_path, *labels)
    assert state is CaseState.refused
    assert [" E209 " in line for line in lines] == [True]
