"""The morning after a batch: which drafts to complete, and how the batch ended, for people and for programs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from reportgen.batch import executor, final_files, run
from reportgen.batch.model import BatchRequest, BatchResult, CaseState, Event
from reportgen.pipeline import Settings
from tests.batch.nights import NIGHTLY, Here, Nights
from tests.batch.tables import rows, tree, write
from tests.cli.program import Outcome as Told
from tests.cli.program import invoke


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nights:
    monkeypatch.setattr(executor, "LocalExecutor", Here)
    return Nights(tmp_path)


# ------------------------------------------------------------------ what to complete


def test_results_and_the_work_list_tell_which_drafts_to_complete(nights: Nights) -> None:
    table = rows(5)  # of five samples; the last is unfinished
    table[0]["mitoses"] = table[0]["necrosis"] = ""
    table[2]["necrosis"] = "presnt"
    for status in ("rendered", "kept"):
        assert nights(table).code == 1
        lines = nights.lines()
        assert lines["B26-00001"]["status"] == status
        unfinished = lines["B26-00005"]
        assert int(unfinished["open"]) > int(unfinished["pending"]) >= 1
        assert unfinished["first open items"].count("; ") == 3
        assert unfinished["first open items"].endswith(f"and {int(unfinished['open']) - 3} more")
        assert re.fullmatch(r"20[0-9-]{8}T[0-9:]{8}\+00:00", unfinished["run"])
        assert (unfinished["table"], len(unfinished["table hash"])) == (NIGHTLY, 16)
        assert lines["B26-00001"]["first open items"].startswith("A: ")
        assert lines["B26-00003"]["open"] == ""
        page = nights.summary()
        listed = re.findall(
            r'<tr><td>\d+</td><th scope="row">(B26-\d+)</th><td>([^<]+)</td><td class="number">(\d*)', page
        )
        assert listed[0][:2] == ("B26-00003", "refused")
        assert listed[1][:2] == ("B26-00005", status)
        numbers = [int(number) for _, _, number in listed[1:]]
        assert numbers == sorted(numbers, reverse=True)
        assert '<a href="B26-00005.txt">TXT</a>' in page
        assert lines["B26-00001"]["table hash"] in page


def test_an_acknowledged_stop_has_a_column(nights: Nights) -> None:
    table = rows(1)
    table[0] |= {"metastasis": "confirmed", "metastasis.site": "lung", "acknowledge.A5": "seen and discussed today"}
    told = nights(table)
    assert told.code == 0, told.err
    assert re.match(r"A: stop A5 .*\(acknowledged\)$", nights.lines()["B26-00001"]["acknowledged stops"])
    assert nights.summary().count("stop A5") >= 1


def test_links_lead_to_documents_of_any_name(nights: Nights) -> None:
    table = rows(5)
    table[4]["accession"] = "S26/5 ä"
    assert nights(table, "--shard-dirs").code == 0
    for address in re.findall(r'href="([^"]+)"', nights.summary()):
        assert (nights.folder / unquote(address)).is_file()


def test_a_batch_that_is_gone_on_with_tells_what_one_start_would(nights: Nights) -> None:
    request = BatchRequest(write(nights.root / NIGHTLY, rows(6)), nights.folder, Settings(("txt",)))
    assert work(request, stop_after=2).stopped
    (nights.folder / "results.csv").unlink()
    again = work(request)
    assert (again.counts[CaseState.rendered], again.counts[CaseState.kept]) == (6, 0)
    assert 2 <= again.before < 6
    assert work(replace(request, folder=nights.root / "unbroken")).complete
    assert tree(nights.folder) == tree(nights.root / "unbroken")
    assert work(request).counts[CaseState.kept] == 6, "that batch had ended"


def work(request: BatchRequest, stop_after: int = 0) -> BatchResult:
    """Run a batch, and ask it to end after some cases."""
    heard = 0

    def listen(event: Event) -> None:
        nonlocal heard
        heard += event.kind == "case"
        if stop_after and heard == stop_after:
            os.kill(os.getpid(), 2)

    return run.run(request, listen, Here())


# ------------------------------------------------------------------ how it ends


def broken_table(nights: Nights) -> None:
    (nights.root / NIGHTLY).write_text("billing,nothing\n1,2\n", encoding="utf-8")


def row_of_nobody(nights: Nights) -> None:
    table = rows(2)
    table[1]["accession"] = ""
    write(nights.root / NIGHTLY, table)


def no_table(nights: Nights) -> None:
    (nights.root / NIGHTLY).unlink(missing_ok=True)


def refused_case(nights: Nights) -> None:
    table = rows(2)
    table[1]["necrosis"] = "presnt"
    write(nights.root / NIGHTLY, table)


@pytest.mark.parametrize(
    ("make", "code", "found"),
    [(refused_case, 1, "E103"), (broken_table, 4, "E012"), (row_of_nobody, 4, "E102"), (no_table, 4, "E009")],
)
def test_exit_codes_tell_cases_from_tables(
    nights: Nights, make: Callable[[Nights], None], code: int, found: str
) -> None:
    make(nights)
    words = ("batch", nights.root / NIGHTLY, "-o", nights.folder, "-f", "txt")
    told = invoke(*words)
    assert told.code == code
    assert f" {found} " in told.err
    assert_whole(invoke(*words, "--json"), code, found)


def assert_whole(told: Told, code: int, found: str = "") -> None:
    """Everything a program needs is on standard output."""
    events = [json.loads(line) for line in told.out.splitlines()]
    assert (told.code, told.err) == (code, "")
    assert {key: events[-1][key] for key in ("event", "exit", "complete")} == {
        "event": "ended", "exit": code, "complete": code == 0,
    }  # fmt: skip
    assert [event["event"] for event in events].count("ended") == 1
    codes = [each["code"] for event in events for each in event.get("findings", ())]
    assert found in codes if found else not codes
    assert all("row" in event for event in events if event["event"] == "case")


def test_a_folder_in_use_and_one_that_cannot_be_written_have_codes_of_their_own(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.batch import destinations, lock

    assert nights(rows(1)).code == 0
    with lock.locked(nights.folder, "now"):
        assert nights(rows(1)).code == 5
        assert_whole(nights(rows(1), "--json"), 5, "E506")
    monkeypatch.setattr(destinations.Folder, "free", lambda self: 10)
    assert nights(rows(2)).code == 6
    assert_whole(nights(rows(2), "--json"), 6, "E502")
    (nights.root / "file").write_text("")
    nights.folder = nights.root / "file"
    assert_whole(nights(rows(2), "--json"), 6, "E502")


def test_a_disk_that_fills_up_while_the_batch_works_has_its_code(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.findings import refuse

    def put_all(place: object, sets: list[object]) -> list[Exception]:
        return [refuse("E502", "could not be written: No space left on device") for _ in sets]

    monkeypatch.setattr("reportgen.batch.destinations.Folder.put_all", put_all)
    assert nights(rows(2)).code == 6
    assert_whole(nights(rows(2), "--json"), 6, "E502")


def test_a_program_is_told_the_end_of_an_internal_error_too(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(final_files, "check_combined", lambda *given: dict[str, str]()["ZZPHI"])
    told = nights(rows(1), "--json")
    assert json.loads(told.out.splitlines()[-1]) == {"event": "ended", "stopped": False, "complete": False, "exit": 1}
    assert "ZZPHI" not in told.out + told.err


def test_a_good_night_and_a_usage_error_are_whole_for_programs_too(nights: Nights) -> None:
    assert_whole(nights(rows(2), "--json"), 0)
    told = nights(rows(1), "--json", "--name", "no accession")
    assert told.code == 2
    assert json.loads(told.out.splitlines()[-1])["exit"] == 2


def test_accessions_are_told_to_programs_only_where_values_were_asked_for(nights: Nights) -> None:
    table = rows(3)
    table[0]["necrosis"] = "presnt"
    for show in (False, True):
        nights.folder = nights.root / str(show)
        told = nights(table, "--json", *(["--show-values"] if show else []))
        events = [json.loads(line) for line in told.out.splitlines()]
        named = [event.get("accession", "") for event in events if event["event"] in ("case", "findings")]
        assert ("B26-00003" in named, "B26-00001" in named) == (show, show)
    told = nights(table, "--json")
    kept = [json.loads(line) for line in told.out.splitlines() if '"kept"' in line and '"event": "kept"' in line]
    assert {(event["row"], event["state"]) for event in kept} == {(3, "kept"), (4, "kept")}
