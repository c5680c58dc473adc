"""Batches started from the page: worked on by the program itself, told as they go, stopped when asked."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from reportgen.findings import FindingsError
from reportgen.web import batches as batching
from reportgen.web import views
from reportgen.web.batches import Batch, Batches, NoSuchBatchError, hear
from reportgen.web.desk import Desk
from reportgen.web.pages import fill
from tests.batch.tables import rows, write
from tests.cli.program import SAMPLES, invoke
from tests.web.asgi import snapshot

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def batches(tmp_path: Path) -> Batches:
    return Batches(tmp_path / "cases", "none")


def table(folder: Path, count: int) -> bytes:
    return write(folder / "dropped.csv", rows(count)).read_bytes()


def ended(batch: Batch, seconds: float = 30) -> Batch:
    until = time.monotonic() + seconds
    while batch.running:
        assert time.monotonic() < until, batch
        time.sleep(0.01)
    return batch


def acting(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let another program stand for `reportgen batch`."""
    monkeypatch.setattr(batching, "_PROGRAM", (sys.executable, "-c", code))


def test_a_table_becomes_documents_and_tells_how_far_it_is(batches: Batches, tmp_path: Path) -> None:
    batch = ended(batches.start(table(tmp_path, 3), ".csv", "", NOW))
    assert (batch.phase, batch.said, batch.findings) == ("done", (), [])
    assert {key: batch.counts[key] for key in ("cases", "in_order", "refused", "rendered")} == {
        "cases": 3, "in_order": 3, "refused": 0, "rendered": 3,
    }  # fmt: skip
    made = {path.name for path in batch.output.iterdir() if not path.name.startswith(".")}
    documents = {f"B26-0000{n}.{ending}" for n in (1, 2, 3) for ending in ("docx", "pdf")}
    assert documents | {"results.csv", "summary.html"} <= made
    assert batch.folder.parent == tmp_path / "cases" / "batches"
    assert batch.name.startswith("2026-11-22-100000-")
    assert batches.get(batch.id) is batch
    assert batches.all() == (batch,)


def test_the_engine_that_was_chosen_draws_the_pdfs(batches: Batches, tmp_path: Path) -> None:
    other = Batches(tmp_path / "others", "none", "weasyprint")
    made = [
        ended(each.start(table(tmp_path, 1), ".csv", "", NOW)).output / "B26-00001.pdf" for each in (batches, other)
    ]
    told: list[Any] = [PdfReader(path).metadata for path in made]
    assert [str(each.get("/Producer") or each["/Creator"]).split()[0] for each in told] == ["Typst", "WeasyPrint"]


def test_a_desk_draws_with_the_engine_that_was_chosen_too(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes((SAMPLES / "shave-biopsy.yaml").read_bytes())
    words = ("--pdf-engine", "weasyprint", "-f", "pdf")
    assert invoke("render", tmp_path / "case.yaml", "-o", tmp_path / "out", *words).code == 0
    drawn = (tmp_path / "out" / "case.pdf").read_bytes()
    assert Desk(tmp_path, None, "weasyprint").documents("case.yaml", ("pdf",))["pdf"] == drawn
    assert Desk(tmp_path, None).documents("case.yaml", ("pdf",))["pdf"] != drawn


def test_findings_of_a_table_are_kept_without_values(batches: Batches, tmp_path: Path) -> None:
    lines = rows(2)
    lines[0]["necrosis"] = "ZZPHI"
    (tmp_path / "cases").mkdir()
    columns = tmp_path / "cases" / "columns.yaml"
    columns.write_text("a: b: c")
    broken = ended(batches.start(write(tmp_path / "t.csv", lines).read_bytes(), ".csv", "", NOW))
    assert broken.phase == "refused"
    assert "columns.yaml" in " ".join(broken.said)  # the folder's own names of columns are used
    columns.unlink()
    batch = ended(batches.start((tmp_path / "t.csv").read_bytes(), ".csv", "", NOW))
    assert batch.phase == "done"
    assert [(each["code"], each["path"]) for each in batch.findings] == [("E103", "parts.A.necrosis")]
    assert "ZZPHI" not in repr((batch.findings, batch.said, batch.counts))


def test_what_is_no_table_is_refused_and_says_why(batches: Batches) -> None:
    batch = ended(batches.start(b"\xff\x00 no table", ".csv", "", NOW))
    assert batch.phase == "refused"
    assert any("table.csv" in line for line in batch.said)
    assert "Traceback" not in " ".join(batch.said)


def test_a_program_that_says_very_much_is_not_held_up(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    acting(monkeypatch, "import sys; sys.stderr.write('much of it\\n' * 50_000); sys.exit(1)")
    batch = ended(batches.start(b"x", ".csv", "", NOW))
    assert (batch.phase, batch.said) == ("refused", ("much of it",) * 20)


def test_what_is_no_event_is_passed_over(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    said = b'\xff\n{\n[]\n"x"\n{"event": "begun", "cases": 2, "row": 7}\n{"event": "ended", "stopped": false}\n'
    acting(monkeypatch, f"import sys; sys.stdout.buffer.write({said!r})")
    batch = ended(batches.start(b"x", ".csv", "", NOW))
    assert (batch.phase, batch.counts) == ("done", {"to_render": 2})


# The handler writes past the buffer of print(), which the signal may find busy with the first line.
WAITING = 'import os, signal, sys, time\nn = 0\n{}\nprint(\'{{"event": "begun"}}\', flush=True)\ntime.sleep(20)'
COUNTING = """
def heard(*_):
    global n
    n += 1
    time.sleep(0.2)
    os.write(1, b'{"event": "ended", "stopped": true, "signals": %d}\\n' % n)
    sys.exit(130)
signal.signal(signal.SIGINT, heard)"""


def begun(batch: Batch) -> None:
    until = time.monotonic() + 20
    while batch.phase == "checking":
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_batch_is_asked_once_to_end_however_often_somebody_presses_stop(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting(monkeypatch, WAITING.format(COUNTING))
    batch = batches.start(b"x", ".csv", "", NOW)
    begun(batch)
    for _ in range(3):
        batches.stop(batch.id)
        time.sleep(0.03)  # two signals at once would be heard as one
    batches.stop_all()
    assert ended(batch).phase == "stopped"
    assert batch.counts == {"signals": 1}
    batches.stop(batch.id)  # one that has ended is left alone


def test_all_are_heard_out_when_the_desk_is_closed_but_not_for_ever(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "_PATIENCE", 0.5)
    acting(monkeypatch, WAITING.format(COUNTING))
    polite = batches.start(b"x", ".csv", "", NOW)
    acting(monkeypatch, WAITING.format("signal.signal(signal.SIGINT, signal.SIG_IGN)"))
    deaf = batches.start(b"x", ".csv", "", NOW)
    begun(polite)
    begun(deaf)
    batches.stop_all()
    assert polite.process
    assert deaf.process
    assert polite.process.poll() == 130
    assert deaf.process.poll() is None
    deaf.process.kill()
    ended(deaf)


def test_a_batch_that_is_ended_before_it_hears_is_stopped(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    acting(monkeypatch, WAITING.format("signal.signal(signal.SIGINT, signal.SIG_DFL)"))
    batch = batches.start(b"x", ".csv", "", NOW)
    begun(batch)
    batches.stop(batch.id)
    assert (ended(batch).phase, batch.said) == ("stopped", ())


def test_a_stopped_batch_can_be_gone_on_with(batches: Batches, tmp_path: Path) -> None:
    batch = batches.start(table(tmp_path, 60), ".csv", "", NOW)
    begun(batch)
    batches.stop(batch.id)
    assert ended(batch).phase == "stopped"
    assert batch.process
    assert batch.process.wait() == 130
    made = {path.suffix for path in batch.output.iterdir()}
    assert ".csv" in made
    assert not list(batch.output.rglob(".reportgen-*.tmp"))
    assert len(list(batch.output.glob("*.pdf"))) < 60


def test_ctrl_c_of_the_terminal_does_not_reach_a_batch_by_itself(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting(monkeypatch, WAITING.format(COUNTING))
    batch = batches.start(b"x", ".csv", "", NOW)
    assert batch.process
    assert os.getpgid(batch.process.pid) != os.getpgid(0)
    batch.process.send_signal(signal.SIGKILL)
    ended(batch)


def test_an_id_that_no_batch_has_is_none(batches: Batches) -> None:
    for id in ("", "..", "x", "é"):
        with pytest.raises(NoSuchBatchError):
            batches.get(id)
        with pytest.raises(NoSuchBatchError):
            batches.stop(id)


def test_a_table_that_cannot_be_kept_begins_no_batch(batches: Batches, tmp_path: Path) -> None:
    (tmp_path / "cases").write_bytes(b"a file is in the way")
    with pytest.raises(FindingsError):
        batches.start(b"x", ".csv", "", NOW)
    assert batches.all() == ()
    assert snapshot(tmp_path) == {"cases": b"a file is in the way"}


def test_only_so_many_findings_are_kept(tmp_path: Path) -> None:
    batch = Batch("x", "x", tmp_path)
    for _ in range(30):
        hear(batch, {"event": "planned", "findings": [{"code": "E103"}] * 9})
    assert len(batch.findings) == 200
    hear(batch, {"event": "case", "state": "failed", "row": 3, "flag": True})
    hear(batch, {"event": "case", "state": "rendered"})
    assert batch.counts == {"failed": 1, "rendered": 1}


def test_the_page_has_each_kind_of_finding_once_when_the_table_was_checked(tmp_path: Path) -> None:
    batch = Batch("x", "x", tmp_path)
    cell = {"code": "E107", "cell": "F2", "path": "collected", "message": "has a time of day", "next_step": "drop it"}
    for _ in range(300):
        hear(batch, {"event": "findings", "findings": [cell]})
    hear(batch, {"event": "planned", "cases": 300, "kinds": [{**cell, "heading": "Coll", "count": 300}]})
    page = fill("progress.html", views.batch(batch))
    assert re.findall("<tr><td>(.*?)</td><td>(.*?)</td>", page) == [("F2 and 299 more", "Coll")]


def test_findings_and_warnings_name_the_table_without_the_folders_above_it(batches: Batches, tmp_path: Path) -> None:
    lines = rows(2)
    lines[0]["pleomorphism"] = "marked"
    lines[1]["margins.deep"] = "perhaps"
    batch = ended(batches.start(write(tmp_path / "t.csv", lines).read_bytes(), ".csv", "", NOW))
    said = re.findall("<tr><td>(.*?)</td>", fill("progress.html", views.batch(batch)))
    assert len(said) >= 2
    assert not any("/" in each for each in said), said
