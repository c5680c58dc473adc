"""One folder over many nights: what people edit or move is theirs, and every document stays accounted for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from reportgen.batch import executor, plan, run
from reportgen.batch.case_runner import CaseRunner
from reportgen.batch.model import Task
from tests.batch.nights import NIGHTLY, Here, Nights, codes, last
from tests.batch.tables import rows
from tests.cli.program import invoke


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nights:
    monkeypatch.setattr(executor, "LocalExecutor", Here)
    return Nights(tmp_path)


# ------------------------------------------------------------------ edited drafts


def test_an_edited_draft_is_kept_and_stops_no_other_case(nights: Nights) -> None:
    table = rows(3)
    assert nights(table[:2]).code == 0
    mine = nights.edit("B26-00001.txt")
    told = nights(table)
    assert told.code == 0
    assert nights.read("B26-00001.txt") == mine
    assert nights.statuses() == {"B26-00001": "kept (edited)", "B26-00002": "kept", "B26-00003": "rendered"}
    assert last(told).startswith("1 rendered; 1 kept; 1 kept (edited)")
    assert "edited, and kept: 1" in told.err
    assert "older than the table" not in told.err


@pytest.mark.parametrize("options", [("--coding",), ("--no-resume",), ("--resume",), ("--only-failed",)])
def test_no_option_but_overwrite_touches_an_edited_draft(nights: Nights, options: tuple[str, ...]) -> None:
    table = rows(2)
    assert nights(table).code == 0
    mine = nights.edit("B26-00001.txt")
    assert nights(table, *options).code == 0
    assert nights.read("B26-00001.txt") == mine
    assert nights.lines()["B26-00001"]["status"] == "kept (edited)"
    assert nights.lines()["B26-00001"]["files"] == "B26-00001.txt"


def test_an_edited_draft_that_the_table_is_newer_than_is_named(nights: Nights) -> None:
    table = rows(2)
    assert nights(table).code == 0
    mine = nights.edit("B26-00001.txt")
    table[0]["clinical_history"] = "Newer."
    told = nights(table)
    assert (told.code, codes(told)) == (0, ["W341"])
    assert nights.read("B26-00001.txt") == mine
    assert "B26-00001.txt: W341 is kept, and row 2 of the table has newer data" in told.err
    assert last(told).endswith("; 1 draft older than the table")
    assert nights.lines()["B26-00001"]["note"] == (
        "edited after it was made, and kept; the table has newer data than this draft"
    )
    first = re.findall(r'<th scope="row">(B26-[0-9]+)</th>', nights.summary())
    assert first[0] == "B26-00001", "the most urgent"


def test_an_edited_draft_of_a_case_that_is_refused_now_is_accounted_for(nights: Nights) -> None:
    table = rows(2)
    assert nights(table).code == 0
    mine = nights.edit("B26-00001.txt")
    table[0]["necrosis"] = "presnt"
    assert nights(table).code == 1
    line = nights.lines()["B26-00001"]
    assert (line["status"], line["files"]) == ("refused", "B26-00001.txt")
    assert "an earlier draft of this case is in the folder" in line["note"]
    assert nights.read("B26-00001.txt") == mine
    table = rows(2)
    assert nights(table).code == 0
    assert nights.statuses() == {"B26-00001": "kept (edited)", "B26-00002": "kept"}


def test_a_draft_that_is_edited_while_the_batch_works_is_kept(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    table = rows(3)
    assert nights(table).code == 0
    work = CaseRunner.render

    def render(runner: CaseRunner, tasks: tuple[Task, ...]) -> object:
        if not (nights.root / "edited").exists():
            (nights.root / "edited").touch()
            nights.edit("B26-00002.txt")
        return work(runner, tasks)

    monkeypatch.setattr(CaseRunner, "render", render)
    for row in table:
        row["clinical_history"] = "Newer."
    told = nights(table)
    mine = nights.read("B26-00002.txt")
    assert mine.endswith(b"my own words")
    assert (told.code, codes(told)) == (1, ["E509"])
    assert "E509 was changed while the batch worked: it is left as it is (run the same command again)" in told.err
    assert nights.statuses()["B26-00002"] == "failed"
    assert nights.lines()["B26-00002"]["files"] == "B26-00002.txt"
    assert nights(table).code == 0
    assert nights.statuses()["B26-00002"] == "kept (edited)"
    assert nights.read("B26-00002.txt") == mine


@pytest.mark.parametrize("beside", ["~$6-00001.txt", ".~lock.B26-00001.txt#"])
def test_a_draft_that_is_open_in_a_word_processor_is_left_alone(nights: Nights, beside: str) -> None:
    table = rows(2)
    assert nights(table).code == 0
    made = nights.read("B26-00001.txt")
    (nights.folder / beside).touch()
    for row in table:
        row["clinical_history"] = "Newer."
    told = nights(table)
    assert (told.code, codes(told)) == (0, ["W341"])
    assert nights.read("B26-00001.txt") == made
    assert nights.statuses() == {"B26-00001": "kept (out of date)", "B26-00002": "rendered"}
    assert nights.lines()["B26-00001"]["note"].startswith("open in a word processor, and not made anew; the table has")
    (nights.folder / beside).unlink()
    assert nights(table).code == 0
    assert nights.statuses() == {"B26-00001": "rendered", "B26-00002": "kept"}


# ------------------------------------------------------------------ what is replaced because that was asked for


def test_overwrite_replaces_the_named_case_alone_and_keeps_a_copy(nights: Nights) -> None:
    table = rows(3)
    assert nights(table).code == 0
    made = nights.read("B26-00001.txt")
    mine = {name: nights.edit(name) for name in ("B26-00001.txt", "B26-00002.txt")}
    told = nights(table, "--overwrite", "b26-00001")
    assert told.code == 0
    assert nights.read("B26-00001.txt") == made
    assert nights.read("B26-00002.txt") == mine["B26-00002.txt"]
    (copy,) = (nights.folder / "replaced").rglob("*.txt")
    assert copy.name == "B26-00001.txt"
    assert copy.read_bytes() == mine["B26-00001.txt"]
    assert f"1 document to be replaced: copies are in {copy.parent}" in told.err
    assert nights.statuses() == {"B26-00001": "rendered", "B26-00002": "kept (edited)", "B26-00003": "kept"}


def test_overwrite_all_replaces_what_is_there_and_keeps_a_copy_of_all_that_was_somebodys(nights: Nights) -> None:
    table = rows(4)
    nights.folder.mkdir()
    (nights.folder / "B26-00004.txt").write_text("another's")
    assert nights(table).code == 1
    mine = {nights.edit("B26-00001.txt"), b"another's"}
    (nights.folder / "B26-00002.txt").unlink()
    assert nights(table, "--overwrite", "all").code == 0
    assert nights.statuses() == {
        "B26-00001": "rendered", "B26-00002": "moved away", "B26-00003": "rendered", "B26-00004": "rendered",
    }  # fmt: skip
    assert {path.read_bytes() for path in (nights.folder / "replaced").rglob("*.txt")} == mine


@pytest.mark.parametrize("option", ["--overwrite", "--again"])
def test_an_accession_that_is_not_in_the_table_is_told_before_anything_is_done(nights: Nights, option: str) -> None:
    told = nights(rows(1), option, "B26-00001", option, "B26-7")
    assert (told.code, codes(told)) == (2, ["E510"])
    assert "E510 does not hold the accession that was named" in told.err
    assert not list(nights.folder.glob("*.txt"))
    assert nights(rows(1), option).code == 2
    assert nights(rows(1), option, "-j").code == 2


# ------------------------------------------------------------------ results.csv and summary.html


@pytest.mark.parametrize("name", ["results.csv", "summary.html", "all.pdf"])
def test_a_changed_file_of_the_batch_is_copied_and_written_anew(nights: Nights, name: str) -> None:
    combined = ("-f", "pdf", "--combine", nights.folder / "all.pdf") if name == "all.pdf" else ()
    assert nights(rows(1), *combined).code == 0
    mine = nights.edit(name, "remember: call Dr. Example")
    told = nights(rows(2), *combined)
    assert (told.code, codes(told)) == (0, ["W340"]), told.err
    stem, ending = name.split(".")
    (copy,) = nights.folder.glob(f"{stem}-20*.{ending}")
    assert re.fullmatch(rf"{stem}-20\d\d-\d\d-\d\d-\d{{6}}\.{ending}", copy.name)
    assert copy.read_bytes() == mine
    assert f"W340 was not as this folder's batch wrote it: a copy is kept as {copy.name}" in told.err
    assert b"remember" not in nights.read(name)
    assert nights(rows(2), *combined).code == 0
    assert len(list(nights.folder.glob(f"{stem}-20*"))) == 1, "what the batch wrote itself needs no copy"


def test_results_that_are_changed_while_the_batch_works_are_copied(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nights(rows(1)).code == 0
    work = plan.count_kept

    def count_kept(*given: Any) -> None:
        nights.edit("results.csv", "while it worked")
        work(*given)

    monkeypatch.setattr(plan, "count_kept", count_kept)
    assert nights(rows(2)).code == 0
    (copy,) = nights.folder.glob("results-20*.csv")
    assert copy.read_bytes().endswith(b"while it worked")


def test_two_copies_of_one_second_have_two_names(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_now", lambda: "2026-11-29T20:15:00+00:00")
    for _ in range(3):
        assert nights(rows(1)).code == 0
        nights.edit("results.csv", "noted")
    names = {path.name for path in nights.folder.glob("results-*")}
    assert names == {"results-2026-11-29-201500.csv", "results-2026-11-29-201500-2.csv"}


# ------------------------------------------------------------------ settings, formats, names


def test_only_failed_keeps_all_that_is_there_in_results(nights: Nights) -> None:
    table = rows(4)
    table[3]["necrosis"] = "presnt"
    assert nights(table).code == 1
    table[3]["necrosis"] = "present"
    nights.edit("B26-00001.txt")
    told = nights(table, "--only-failed", "--coding")
    assert told.code == 0
    assert {name: line["files"] for name, line in nights.lines().items()} == {
        f"B26-0000{number}": f"B26-0000{number}.txt" for number in range(1, 5)
    }
    assert [*nights.statuses().values()] == ["kept (edited)", "kept (out of date)", "kept (out of date)", "rendered"]
    assert nights.lines()["B26-00002"]["note"] == (
        "other settings or another version of the program would make it otherwise"
    )
    assert not re.search("remove|no longer belong", nights.summary() + told.err, re.IGNORECASE)
    assert "out of date, and not made anew: 2" in told.err


def test_other_settings_make_the_unedited_drafts_anew(nights: Nights) -> None:
    assert nights(rows(2)).code == 0
    assert nights(rows(2), "--coding").code == 0
    assert [*nights.statuses().values()] == ["rendered", "rendered"]


def test_fewer_formats_forget_no_document(nights: Nights) -> None:
    table = rows(2)
    assert nights(table, "-f", "txt,html").code == 0
    assert nights(table, "-f", "txt").code == 0
    assert nights.lines()["B26-00001"]["files"] == "B26-00001.txt B26-00001.html"
    assert nights.lines()["B26-00001"]["status"] == "kept"
    table[0]["clinical_history"] = "Newer."
    assert nights(table, "-f", "txt").code == 0
    line = nights.lines()["B26-00001"]
    assert (line["status"], set(line["files"].split())) == ("rendered", {"B26-00001.txt", "B26-00001.html"})
    assert line["note"] == "made from older data or settings: B26-00001.html"
    assert "B26-00001.html" not in nights.lines()["B26-00002"]["note"]


@pytest.mark.parametrize("options", [("--name", "{collected}_{accession}"), ("--shard-dirs",)])
def test_a_case_keeps_the_name_of_its_documents(nights: Nights, options: tuple[str, ...]) -> None:
    table = rows(3)
    assert nights(table[:2]).code == 0
    table[1]["clinical_history"] = "Newer."
    assert nights(table, *options).code == 0
    files = list(nights.folder.rglob("*.txt"))
    assert len(files) == 3, "no case twice"
    assert {"B26-00001.txt", "B26-00002.txt"} < {path.name for path in files}
    assert [*nights.statuses().values()] == ["kept", "rendered", "rendered"]


def test_one_case_never_takes_the_place_of_another_table(nights: Nights) -> None:
    table = rows(2)
    table[0]["accession"], table[1]["accession"] = "X-1", "1"
    assert nights(table[:1]).code == 0
    made = nights.read("X-1.txt")
    told = nights(table[1:], "--name", "X-{accession}", name="other.csv")
    assert told.code == 1
    assert "X-1.txt: E505 would take the place of a document of another case" in told.err
    assert nights.read("X-1.txt") == made


# ------------------------------------------------------------------ moved away, other tables, quiet nights


def test_a_draft_that_was_moved_away_does_not_come_back_unless_asked(nights: Nights) -> None:
    table = rows(3)
    assert nights(table).code == 0
    for name in ("B26-00001.txt", "B26-00002.txt"):
        (nights.folder / name).rename(nights.root / name)
    table[1]["clinical_history"] = "Newer."
    for options in ((), ("--no-resume",), ("--only-failed",), ("--coding",)):
        told = nights(table, *options)
        assert told.code == 0, told.err
        assert [*nights.statuses().values()][:2] == ["moved away", "moved away"]
        assert "moved away, and not made again without --again: 2" in told.err
    assert nights.lines()["B26-00002"]["note"].endswith("; the table has newer data than this draft")
    assert nights(table, "--again", "B26-00001").code == 0
    assert [*nights.statuses().values()][:2] == ["rendered", "moved away"]
    assert nights(table, "--again", "all").code == 0
    assert [*nights.statuses().values()] == ["kept", "rendered", "kept"]


def test_one_document_of_several_that_was_moved_away_stays_away(nights: Nights) -> None:
    assert nights(rows(1), "-f", "txt,html").code == 0
    (nights.folder / "B26-00001.html").unlink()
    assert nights(rows(1), "-f", "txt,html").code == 0
    line = nights.lines()["B26-00001"]
    assert (line["status"], line["files"], line["note"]) == (
        "kept", "B26-00001.txt", "no longer in the folder: 1 document",
    )  # fmt: skip
    assert nights(rows(1), "-f", "txt,html", "--again", "B26-00001").code == 0
    assert (nights.folder / "B26-00001.html").exists()


def test_tables_of_other_names_share_a_folder_and_all_is_accounted_for(nights: Nights) -> None:
    table = rows(5)
    assert nights(table[:3], name="monday.csv").code == 0
    nights.edit("B26-00001.txt")
    (nights.folder / "B26-00002.txt").unlink()
    told = nights(table[2:], name="tuesday.csv")
    assert told.code == 0
    assert nights.statuses() == {
        "B26-00003": "kept", "B26-00004": "rendered", "B26-00005": "rendered",
        "B26-00001": "earlier table (edited)", "B26-00002": "earlier table (moved away)",
    }  # fmt: skip
    assert {name: line["table"] for name, line in nights.lines().items()} == {
        "B26-00001": "monday.csv", "B26-00002": "monday.csv",
        **dict.fromkeys(("B26-00003", "B26-00004", "B26-00005"), "tuesday.csv"),
    }  # fmt: skip
    assert len({line["table hash"] for line in nights.lines().values()}) == 2
    assert not re.search("remove|out of date|no longer belong", nights.summary() + told.err, re.IGNORECASE)
    assert "1 case of earlier tables is in the folder too: see results.csv" in told.err
    assert re.search(r"monday\.csv</th><td>20[0-9-]+ [0-9:]+ UTC</td><td[^>]*>2</td>", nights.summary())


def test_an_export_without_rows_is_a_quiet_night(nights: Nights) -> None:
    assert nights(rows(2)).code == 0
    header = (nights.root / NIGHTLY).read_text(encoding="utf-8").splitlines()[0]
    (nights.root / NIGHTLY).write_text(f"{header}\n", encoding="utf-8")
    for options in ((), ("--dry-run",), ("--combine", nights.root / "all.pdf", "-f", "pdf")):
        told = invoke("batch", nights.root / NIGHTLY, "-o", nights.folder, "-f", "txt", *options)
        assert told.code == 0, told.err
        assert "the table has headings and no rows: there is nothing to render" in told.err
    assert set(nights.statuses().values()) == {"earlier table (kept)"}
    assert "0 cases" in re.sub("<[^>]+>", " ", nights.summary()).replace("  ", " ")
