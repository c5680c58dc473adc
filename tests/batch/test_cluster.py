"""Batches on a cluster of two worker processes: killed, poisoned, resumed, refused; and what nobody may read there."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batch.tables import rows, temporary, tree, write
from tests.batch.test_interrupted import JOURNAL, records, start, wait_for, whole
from tests.cli.program import MARK, SAMPLES, Outcome, invoke, run
from tests.support.cluster import Cluster

LAB = SAMPLES / "profiles" / "dermatopathology"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster") / "log")
    yield made
    made.close()


def on(cluster: Cluster, table: Path, folder: Path | str, *options: str | Path, before: str = "") -> Outcome:
    return run("batch", table, "-o", folder, "--scheduler", cluster.address, *options, before=before)


def codes(outcome: Outcome) -> list[str]:
    return re.findall(r" ([A-Z][0-9]{3}) ", outcome.err)


def done(folder: Path) -> Counter[str]:
    return Counter(record["case"] for record in records(folder) if record.get("do") == "done")


def test_a_worker_that_is_killed_changes_no_byte_and_no_record(tmp_path: Path, cluster: Cluster) -> None:
    cluster.ask("3")
    table = write(
        tmp_path / "table.csv", [*rows(5), *({**row, "accession": "B26-3"} for row in rows(1, ("three-parts",)))]
    )
    folder, options = tmp_path / "far", ("-f", "pdf,docx", "--lab", str(LAB))
    url = f"file://{folder}"
    with start(table, url, "--scheduler", cluster.address, "--chunk", "2", *options) as batch:
        wait_for(lambda: len(list(folder.glob("*.pdf"))) >= 2, 90)
        os.kill(cluster.ask("workers")[0], signal.SIGKILL)
        _, told = batch.communicate(timeout=120)
    assert (batch.returncode, told.splitlines()[-1]) == (0, "6 rendered")
    assert whole(table, tmp_path / "near", *options)[0] == 0
    assert tree(folder) == tree(tmp_path / "near")
    assert len(tree(folder)) == 6 * 2 + 1
    assert temporary(folder) == []
    assert Counter(done(folder).values()) == {1: 6}


def test_an_engine_that_cannot_follow_the_profile_is_told_as_on_one_machine(tmp_path: Path, cluster: Cluster) -> None:
    table, options = write(tmp_path / "t.csv", rows(1)), ("-f", "pdf", "--lab", LAB, "--pdf-engine", "typst")
    for outcome in (
        on(cluster, table, tmp_path / "out", *options),
        invoke("batch", table, "-o", tmp_path / "out", *options),
    ):
        assert (outcome.code, codes(outcome)) == (1, ["T420"])
    assert not (tmp_path / "out").exists()


def test_a_case_that_kills_its_workers_fails_alone(tmp_path: Path, cluster: Cluster) -> None:
    cluster.ask("0")
    outcome = on(cluster, write(tmp_path / "poison.csv", rows(9)), tmp_path / "out", "-f", "txt")
    assert outcome.code == 1
    assert "8 rendered; 1 failed" in outcome.err
    assert (tmp_path / "tries").read_text() == "xx", "with its neighbours, and alone"
    text = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8-sig")
    assert '4,B26-00003,failed,"E507 failed twice: its process ended without an answer, twice' in text
    assert len(list((tmp_path / "out").glob("*.txt"))) == 8
    assert [record.get("do") for record in records(tmp_path / "out")].count("failed") == 1


def test_a_worker_that_dies_between_the_documents_and_its_answer_loses_no_case(
    tmp_path: Path, cluster: Cluster
) -> None:
    cluster.ask("3")
    outcome = on(cluster, write(tmp_path / "lost.csv", rows(5)), tmp_path / "out", "-f", "txt,docx")
    assert (tmp_path / "tries").exists()
    assert outcome.code == 0, outcome.err
    assert len(tree(tmp_path / "out")) == 5 * 2 + 1
    assert set(done(tmp_path / "out").values()) == {1}


def test_a_batch_that_was_killed_is_gone_on_with_and_its_documents_are_known(tmp_path: Path, cluster: Cluster) -> None:
    table, folder = write(tmp_path / "table.csv", rows(24)), tmp_path / "out"
    with start(table, folder, "--scheduler", cluster.address, "--chunk", "2", "-f", "pdf") as batch:
        wait_for(lambda: (folder / JOURNAL).exists() and 4 <= len(done(folder)) < len(list(folder.glob("*.pdf"))))
        batch.kill()
        batch.communicate()
    kept, made = len(done(folder)), len(list(folder.glob("*.pdf")))
    assert 4 <= kept < 24
    assert made > kept, "some stand there that the journal does not name as done"
    outcome = on(cluster, table, folder, "-f", "pdf")
    assert outcome.code == 0, outcome.err
    assert f"in the folder already, as they would be made: {kept}" in outcome.err
    assert len(list(folder.glob("*.pdf"))) == 24
    assert Counter(done(folder).values()) == {1: 24}


def test_a_scheduler_that_goes_away_ends_the_batch(tmp_path: Path) -> None:
    table, folder, own = write(tmp_path / "table.csv", rows(40)), tmp_path / "out", Cluster(tmp_path / "log")
    with start(table, folder, "--scheduler", own.address, "--chunk", "2", "-f", "pdf") as batch:
        wait_for(lambda: list(folder.glob("*.pdf")))
        own.kill()
        _, told = batch.communicate(timeout=30)
    own.close()
    assert batch.returncode == 3
    assert told.splitlines()[-1].startswith(f"{own.address}: S607 ")
    assert "Traceback" not in told


def test_someone_elses_document_is_not_taken_for_one_that_was_sent(tmp_path: Path, cluster: Cluster) -> None:
    table, folder = write(tmp_path / "table.csv", rows(3)), tmp_path / "out"
    for each in (folder, tmp_path / "first"):
        each.mkdir()
        (each / "B26-00002.txt").write_text("mine")
    outcome = on(cluster, table, tmp_path / "first", "-f", "txt")
    assert " E508 " in outcome.err
    assert "1 refused; 2 rendered" in outcome.err
    (folder / ".reportgen-batch.jsonl").write_text('{"do":"sent","paths":["B26-00002.txt"]}\n')
    outcome = on(cluster, table, folder, "-f", "txt")
    assert outcome.code == 1
    assert "2 rendered; 1 failed" in outcome.err
    assert "E501 exists already" in outcome.err
    assert (folder / "B26-00002.txt").read_text() == "mine"


def test_nobody_on_the_cluster_reads_of_a_patient(tmp_path: Path, cluster: Cluster) -> None:
    table = rows(6)
    for row in table:
        row |= {"patient.name": f"{MARK}, Ann", "accession": f"{MARK}-{row['accession']}"}
    outcome = on(cluster, write(tmp_path / "raising.csv", table), tmp_path / "out", "-f", "txt", "--chunk", "2")
    assert outcome.code == 1
    assert "E507 failed twice: its process ended with KeyError, twice" in outcome.err
    assert MARK not in outcome.out + outcome.err
    told = "\n".join(cluster.ask("told"))
    assert "'reportgen-" in told, "keys are seen"
    assert MARK not in told + cluster.log.read_text(encoding="utf-8")
    assert len(list((tmp_path / "out").glob(f"{MARK}*.txt"))) == 5


def test_workers_that_differ_or_do_not_see_the_place_are_refused(tmp_path: Path, cluster: Cluster) -> None:
    table = write(tmp_path / "table.csv", rows(3))
    wait_for(lambda: cluster.ask("connected") == 2)  # tests before this one kill workers
    older = on(cluster, table, tmp_path / "out", before="from reportgen import release; release.VERSION = '0.0.0';")
    assert older.code == 3
    assert codes(older) == ["S608", "S608"]
    assert older.err.count(" has another reportgen (") == 2
    elsewhere = on(cluster, table, "memory://out", "-f", "txt")
    assert elsewhere.code == 3
    assert "memory://out: S608 cannot see the output folder, or sees a different one" in elsewhere.err
    assert not (tmp_path / "out").exists()


HANGING = """
import time
from reportgen.batch import cluster_worker
from reportgen.batch.pool import Limits
cluster_worker.Limits = lambda: Limits(seconds=0.2)
cluster_worker._answers(time.sleep, ("ZZPHI", 0.01, 20))
"""


def test_a_case_that_never_ends_ends_its_process_and_shows_nothing() -> None:
    outcome = run(before=HANGING)
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")


MEMORY = """
from distributed import LocalCluster
import fsspec, sys
cluster = LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None)
sys.argv += ["--scheduler", cluster.scheduler_address]
from reportgen.batch import destinations
def tell():
    for path in fsspec.filesystem("memory").find("/out"):
        print(path, len(fsspec.filesystem("memory").cat(path)))
from reportgen.cli import app
def main():
    for again in (1, 2):
        try:
            app.main()
        except SystemExit as end:
            print("ended", end.code)
    tell()
    cluster.close()
main(); sys.exit()
"""


def test_documents_go_to_a_url_and_the_journal_stays_beside_the_table(tmp_path: Path) -> None:
    table = write(tmp_path / "table.csv", rows(5))
    outcome = run("batch", table, "-o", "memory://out", "-f", "txt,docx", "--shard-dirs", before=MEMORY)
    assert outcome.out.count("ended 0") == 2, outcome.err
    assert "in the folder already, as they would be made: 5" in outcome.err
    assert whole(table, tmp_path / "near", "-f", "txt,docx", "--shard-dirs")[0] == 0
    sizes = {f"/out/{path} {len(data)}" for path, data in tree(tmp_path / "near").items()}
    lines = {line for line in outcome.out.splitlines() if line.startswith("/out/") and "summary" not in line}
    told = [line for line in (*lines, *sizes) if line.startswith("/out/results.csv ")]
    assert len(told) == 2, "one of them was written by a second run"
    assert lines - {*told} == sizes - {*told}
    assert sorted(path.name for path in (tmp_path / "table.csv.batch").iterdir()) == [
        ".reportgen-batch.jsonl",
        ".reportgen-batch.lock",
    ]


def test_a_scheduler_that_is_not_there_is_said_in_a_few_seconds(tmp_path: Path) -> None:
    table = write(tmp_path / "table.csv", rows(1))
    before = "import reportgen.batch.cluster as cluster; cluster._CONNECT = 0.3;"
    outcome = run("batch", table, "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", before=before)
    assert outcome.code == 3
    assert codes(outcome) == ["S607"]
    assert outcome.err.startswith("tcp://127.0.0.1:9: S607 cannot be reached: ")
    outcome = run("batch", table, "-o", tmp_path / "out", "--scheduler", "tls://127.0.0.1:9", before=before)
    assert outcome.code == 3
    assert (
        "S607 refuses the connection or speaks another protocol (name the certificates in dask's configuration"
        in outcome.err
    )
    assert not (tmp_path / "out").exists()


def test_without_the_extra_the_line_that_brings_it_is_named(tmp_path: Path) -> None:
    before = "import sys; sys.modules['distributed'] = None;"
    outcome = run("batch", "t.csv", "-o", "out", "--scheduler", "tcp://host:8786", before=before, cwd=tmp_path)
    assert outcome.code == 3
    assert "S609" in outcome.err
    told = "S609 needs the package distributed, which is not installed (pip install 'synoptic-reportgen[cluster]')\n"
    assert outcome.err == told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-o", "s3://reports/run"], "a URL is written to by a cluster: add --scheduler"),
        (["-o", "out", "--scheduler", "host:8786"], "write it as tls://host:8786 or tcp://host:8786"),
        (["-o", "out", "--chunk", "5"], "it goes with --scheduler"),
        (["-o", "out", "--journal", "j"], "a folder holds its own journal"),
        (["-o", "file://host/out", "--scheduler", "tcp://h:1"], "file:// must name a folder of this machine"),
        (["-o", "sftp://me:word@host/out", "--scheduler", "tcp://h:1"], "holds a password"),
        (["-o", "s3://", "--scheduler", "tcp://h:1"], "does not name a folder or bucket"),
        (["-o", "s3://b", "--scheduler", "tcp://h:1", "--combine", "all.pdf"], "needs a folder as output"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(options: list[str], told: str) -> None:
    outcome = invoke("batch", "t.csv", *options)
    assert outcome.code == 2
    assert told in outcome.err
