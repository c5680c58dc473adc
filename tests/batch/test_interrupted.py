"""Batches that are killed, stopped, starved of disk or of workers: nothing lost, done twice or half-written."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest

from reportgen import formats
from reportgen.batch.case_runner import CaseRunner
from reportgen.batch.executor import LocalExecutor
from reportgen.batch.model import BatchRequest, BatchResult, CaseState, RenderResult, Task
from reportgen.batch.run import run as run_batch
from reportgen.findings import Finding
from reportgen.pipeline import Settings
from tests.batch.tables import rows, temporary, tree, write
from tests.cli import program
from tests.cli.program import CHECKOUT
from tests.cli.starter import Program

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
# Two workers put up to 32 documents between two looks: so many cases outlast the kills on a fast machine too.
KILLS, CASES = (50, 2_000) if LONG else (5, 140)
JOURNAL = ".reportgen-batch.jsonl"


def start(table: Path, folder: Path | str, *options: str, before: str = "") -> subprocess.Popen[str] | Program:
    """Begin a batch in a process group of its own."""
    return program.start("batch", table, "-o", folder, *options, cwd=CHECKOUT, before=before)


def whole(table: Path, folder: Path, *options: str) -> tuple[int, str]:
    with start(table, folder, *options) as batch:
        _, told = batch.communicate(timeout=120)
    return batch.wait(), told


def records(folder: Path) -> Iterator[dict[str, str]]:
    for line in (folder / JOURNAL).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("{"):
            continue
        try:
            yield json.loads(line or "{}")
        except ValueError:
            continue


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.slow
def test_killed_at_random_moments_it_comes_to_what_an_unbroken_run_makes(tmp_path: Path) -> None:
    table = write(tmp_path / "table.csv", rows(CASES))
    folder, chance = tmp_path / "killed", random.Random(7)
    assert whole(table, tmp_path / "unbroken", "-f", "docx")[0] == 0
    kills = ended = 0
    while kills < KILLS:
        with start(table, folder, "-f", "docx") as batch:
            seen = len(list(folder.glob("*.docx"))) if folder.exists() else 0
            goal = seen + chance.randrange(1 + CASES // KILLS)
            while batch.poll() is None and len(list(folder.glob("*.docx"))) < goal:
                time.sleep(0.002)
            time.sleep(chance.random() * 0.05)
            if batch.poll() is None:
                os.killpg(batch.pid, signal.SIGKILL) if chance.random() < 0.5 else batch.kill()
            batch.communicate()
        kills, ended = kills + (batch.returncode == -9), ended + (batch.returncode == 0)
        for path in folder.glob("*.docx"):
            assert zipfile.ZipFile(path).testzip() is None
        if ended:
            break
    assert kills >= min(5, KILLS)
    code, told = whole(table, folder, "-f", "docx")
    assert code == 0, told
    assert tree(folder) == tree(tmp_path / "unbroken")
    assert temporary(folder) == []
    done = Counter(record["case"] for record in records(folder) if record.get("do") == "done")
    assert len(done) == CASES
    assert set(done.values()) == {1}, "a case was rendered again after it was journalled"


def test_ctrl_c_finishes_the_cases_in_hand_and_can_be_gone_on_from(tmp_path: Path) -> None:
    table, folder = write(tmp_path / "table.csv", rows(60)), tmp_path / "out"
    with start(table, folder, "-f", "pdf") as batch:
        wait_for(lambda: len(list(folder.glob("*.pdf"))) >= 2)
        os.killpg(batch.pid, signal.SIGINT)
        _, told = batch.communicate(timeout=30)
    assert batch.returncode == 130
    assert "not finished: run the same command again to go on" in told
    assert "Traceback" not in told
    done = {record["case"] for record in records(folder) if record.get("do") == "done"}
    made = list(folder.glob("*.pdf"))
    assert 2 <= len(made) == len(done) < 60
    assert all(pypdf.PdfReader(path).pages for path in made)
    assert temporary(folder) == []
    lines = (folder / "results.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sum(",not done," in line for line in lines) == 60 - len(made)
    code, told = whole(table, folder, "-f", "pdf")
    assert (code, f"in the folder already, as they would be made: {len(made)}" in told) == (0, True)


def test_ctrl_c_while_the_table_is_checked_writes_nothing(tmp_path: Path) -> None:
    table, folder = write(tmp_path / "table.csv", rows(1500)), tmp_path / "out"
    with start(table, folder, "-f", "txt", "--json") as batch:
        assert batch.stdout
        assert '"read"' in batch.stdout.readline()
        os.killpg(batch.pid, signal.SIGINT)
        batch.communicate(timeout=30)
    assert batch.returncode == 130
    assert not folder.exists()


def test_a_second_batch_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    table, folder = write(tmp_path / "table.csv", rows(24)), tmp_path / "out"
    with start(table, folder, "-f", "pdf") as first:
        wait_for(lambda: list(folder.glob("*.pdf")))
        os.killpg(first.pid, signal.SIGSTOP)  # it holds the folder for as long as this test wants
        try:
            code, told = whole(table, folder, "-f", "pdf")
        finally:
            first.kill()
            os.killpg(first.pid, signal.SIGCONT)  # its workers finish what they have in hand
        assert code == 5
        assert f"E506 is held by process {first.pid} on " in told
        first.communicate()
    assert whole(table, folder, "-f", "pdf")[0] == 0


@pytest.mark.slow
def test_a_full_disk_leaves_old_files_whole_and_can_be_gone_on_from(tmp_path: Path) -> None:
    """No file may grow beyond 6,000 bytes: no DOCX fits."""
    table, folder = write(tmp_path / "table.csv", rows(6)), tmp_path / "out"
    assert whole(table, folder, "-f", "docx")[0] == 0
    before = tree(folder)
    changed = rows(6)
    for row in changed:
        row["clinical_history"] = "changed"
    table = write(tmp_path / "table.csv", changed)

    starve = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))\n"
    with start(table, folder, "-f", "docx", before=starve) as batch:
        _, told = batch.communicate(timeout=60)
    assert batch.returncode == 6
    assert "E502 could not be written: File too large" in told
    assert "not finished: run the same command again to go on" in told
    assert "Traceback" not in told
    assert tree(folder) == before
    assert temporary(folder) == []
    assert whole(table, folder, "-f", "docx")[0] == 0
    assert whole(table, tmp_path / "fresh", "-f", "docx")[0] == 0
    assert tree(folder) == tree(tmp_path / "fresh")


def test_a_worker_that_is_killed_loses_no_case(tmp_path: Path) -> None:
    table, folder = write(tmp_path / "table.csv", rows(12)), tmp_path / "out"
    with start(table, folder, "-f", "pdf", "--jobs", "1") as batch:
        wait_for(lambda: len(list(folder.glob("*.pdf"))) >= 3)
        children = Path(f"/proc/{batch.pid}/task/{batch.pid}/children").read_text(encoding="ascii").split()
        assert len(children) == 1
        os.kill(int(children[0]), signal.SIGKILL)
        _, told = batch.communicate(timeout=60)
    assert batch.returncode == 0, told
    assert whole(table, tmp_path / "unbroken", "-f", "pdf")[0] == 0
    assert tree(folder) == tree(tmp_path / "unbroken")


class Poisoned:
    """A batch in which one case ends every process that works on it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        work = CaseRunner.render

        def render(runner: CaseRunner, tasks: tuple[Task, ...]) -> tuple[RenderResult, ...]:
            if any(task.number == 4 for task in tasks):
                with (folder / "tries").open("a") as file:
                    file.write("x")
                os._exit(1)
            return work(runner, tasks)

        monkeypatch.setattr(CaseRunner, "render", render)

    def run(self, table: Path) -> BatchResult:
        request = BatchRequest(table, self.folder / "out", Settings(("txt",)))
        return run_batch(request, lambda event: None, LocalExecutor(2))


def test_a_case_that_kills_its_workers_is_tried_once_alone_then_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Poisoned(tmp_path, monkeypatch)
    outcome = batch.run(write(tmp_path / "table.csv", rows(40)))
    assert (tmp_path / "tries").read_text() == "xx", "with its neighbours, and alone"
    assert outcome.counts[CaseState.rendered] == 39
    assert outcome.counts[CaseState.failed] == 1
    assert not outcome.complete
    text = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8-sig")
    assert '4,B26-00003,failed,"E507 failed twice: its process ended without an answer, twice' in text


def test_a_worker_that_dies_between_the_documents_and_its_answer_loses_no_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = CaseRunner.render

    def render(runner: CaseRunner, tasks: tuple[Task, ...]) -> tuple[RenderResult, ...]:
        done = work(runner, tasks)
        if any(task.number == 4 for task in tasks) and not (tmp_path / "died").exists():
            (tmp_path / "died").touch()
            os._exit(1)
        return done

    monkeypatch.setattr(CaseRunner, "render", render)
    request = BatchRequest(write(tmp_path / "table.csv", rows(20)), tmp_path / "out", Settings(("txt", "docx")))
    outcome = run_batch(request, lambda event: None)
    assert (tmp_path / "died").exists()
    assert outcome.complete
    assert len(list((tmp_path / "out").glob("*.docx"))) == 20


def test_an_exception_nobody_expected_fails_its_case_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(range(1, 20))

    def broken(report: object, name: str, design: object) -> bytes:
        if next(names) == 3:
            raise KeyError("ZZPHI")
        return work(report, name, design)  # type: ignore[arg-type]

    work = formats.render
    monkeypatch.setattr(formats, "render", broken)
    request = BatchRequest(write(tmp_path / "table.csv", rows(12)), tmp_path / "out", Settings(("txt",)))
    found = [finding for event in heard(request) for finding in event]
    assert [finding.code for finding in found] == ["E507"]
    assert "KeyError in test_interrupted.py" in found[0].message
    assert "ZZPHI" not in str(found)
    assert len(list((tmp_path / "out").glob("*.txt"))) == 11


def heard(request: BatchRequest) -> list[tuple[Finding, ...]]:
    events: list[tuple[Finding, ...]] = []
    run_batch(request, lambda event: events.append(event.findings))
    return events
