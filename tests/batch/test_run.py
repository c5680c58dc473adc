"""Batches through the program's own door: what is rendered, refused, kept and redone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.batch.tables import ONE_PART, rows, tree, write
from tests.cli.program import MARK, SAMPLES, Outcome, files_below, loaded, run

Table = list[dict[str, str]]


def batch(table: Path, folder: Path, *options: str | Path, formats: str = "txt") -> Outcome:
    return run("batch", table, "-o", folder, "-f", formats, *options)


def results(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def statuses(folder: Path) -> dict[str, str]:
    return {line["accession"]: line["status"] for line in results(folder)}


def made(folder: Path, table: Table) -> Path:
    return write(folder / "table.csv", table)


@pytest.mark.parametrize("name", [*ONE_PART, "three-parts"])
def test_a_table_gives_the_very_bytes_that_the_case_file_gives(tmp_path: Path, name: str) -> None:
    own = {"accession": loaded(SAMPLES / f"{name}.yaml")["accession"]}
    kept = loaded(SAMPLES / f"{name}.yaml")["patient"]
    table = [{**row, **own, "patient.name": kept["name"], "patient.mrn": str(kept["mrn"])} for row in rows(1, (name,))]
    assert batch(made(tmp_path, table), tmp_path / "out", formats="txt,docx").code == 0
    assert run("render", SAMPLES / f"{name}.yaml", "-o", tmp_path / "single", "-f", "txt,docx").code == 0
    for ending in ("txt", "docx"):
        from_table = (tmp_path / "out" / f"{own['accession']}.{ending}").read_bytes()
        assert from_table == (tmp_path / "single" / f"{name}.{ending}").read_bytes()


def test_rows_of_one_accession_need_not_be_adjacent(tmp_path: Path) -> None:
    parts, single = rows(1, ("three-parts",)), rows(2)[1:]
    assert len(parts) == 3
    mixed = [parts[2], *single, parts[0], parts[1]]
    assert batch(made(tmp_path, mixed), tmp_path / "mixed").code == 0
    assert batch(made(tmp_path, [*parts, *single]), tmp_path / "sorted").code == 0
    assert {path: data for path, data in tree(tmp_path / "mixed").items() if path.endswith("txt")} == {
        path: data for path, data in tree(tmp_path / "sorted").items() if path.endswith("txt")
    }
    assert [line["accession"] for line in results(tmp_path / "mixed")] == [row["accession"] for row in mixed]


@pytest.mark.slow
def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    table = made(tmp_path, [*rows(12), *({**row, "accession": "B26-99"} for row in rows(1, ("three-parts",)))])
    formats = "docx,pdf,html,txt"
    trees = []
    for jobs in ("1", "2", "3"):
        folder = tmp_path / jobs
        assert batch(table, folder, "--jobs", jobs, "--combine", folder / "all.pdf", formats=formats).code == 0
        trees.append(tree(folder))
    assert len(trees[0]) == 13 * 4 + 2
    assert trees[0] == trees[1] == trees[2]


def test_refused_cases_are_named_by_cell_and_the_others_rendered(tmp_path: Path) -> None:
    table = rows(5)
    table[1]["necrosis"] = "presnt"
    table[3]["patient.name"] = ""
    outcome = batch(made(tmp_path, table), tmp_path / "out")
    assert outcome.code == 1
    headings = list(dict.fromkeys(key for row in table for key in row))
    cell = f"{column(headings.index('necrosis'))}3"
    assert f'table.csv:{cell}: E103 parts.A.necrosis: is not an answer (did you mean "present"?)' in outcome.err
    assert "E102 patient.name" in outcome.err
    assert "5 cases in the table, 3 in order, 2 refused" in outcome.err
    assert statuses(tmp_path / "out") == {
        "B26-00001": "rendered", "B26-00002": "refused", "B26-00003": "rendered",
        "B26-00004": "refused", "B26-00005": "rendered",
    }  # fmt: skip
    line = results(tmp_path / "out")[1]
    assert line["row"] == "3"
    assert line["findings"].startswith(f"{cell} E103 parts.A.necrosis: is not an answer")
    assert line["files"] == ""
    assert not list((tmp_path / "out").glob("B26-00002*"))


def column(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@pytest.mark.parametrize(("option", "code"), [("--all-or-nothing", 1), ("--dry-run", 1)])
def test_a_batch_that_is_not_begun_writes_nothing(tmp_path: Path, option: str, code: int) -> None:
    table = rows(3)
    table[1]["necrosis"] = "presnt"
    assert batch(made(tmp_path, table), tmp_path / "out", option).code == code
    assert not (tmp_path / "out").exists()


def test_a_dry_run_in_order_ends_with_0(tmp_path: Path) -> None:
    outcome = batch(made(tmp_path, rows(3)), tmp_path / "out", "--dry-run")
    assert outcome.code == 0
    assert "3 in order" in outcome.err
    assert list(files_below(tmp_path)) == ["table.csv"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ([("accession", "")], "E102"),
        ([("accession", "b26-00003")], "E209"),
        ([("accession", "B26-00003")], "E209"),
        ([("accession", "B26-00003"), ("label", "B")], "E208"),
    ],
)
def test_rows_that_could_mix_up_patients_are_refused(
    tmp_path: Path, change: Iterable[tuple[str, str]], code: str
) -> None:
    table = rows(4)
    table[2]["label"] = "A"
    table[1] |= dict(change)
    outcome = batch(made(tmp_path, table), tmp_path / "out")
    assert outcome.code == (4 if code == "E102" else 1)
    assert f" {code} " in outcome.err
    made_here = {path.name for path in (tmp_path / "out").glob("*.txt")} if (tmp_path / "out").exists() else set()
    assert "B26-00003.txt" not in made_here
    assert made_here == (set() if code == "E102" else {"B26-00001.txt", "B26-00004.txt"})


def test_documents_of_two_cases_never_share_a_name(tmp_path: Path) -> None:
    from reportgen.files import safe_name

    table = rows(3)
    table[0]["accession"] = "S26/1"
    table[2]["accession"] = safe_name("S26/1", "S26/1").upper()
    outcome = batch(made(tmp_path, table), tmp_path / "out")
    assert outcome.code == 1
    assert " E505 accession: its documents would have the names of those of row 2 " in outcome.err
    assert len(list((tmp_path / "out").glob("*.txt"))) == 2


def test_a_second_run_keeps_what_stands_and_redoes_exactly_what_changed(tmp_path: Path) -> None:
    table, folder = rows(5), tmp_path / "out"
    assert batch(made(tmp_path, table), folder).code == 0
    stamps = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.txt")}
    assert "in the folder already, as they would be made: 5" in batch(made(tmp_path, table), folder).err
    table[1]["necrosis"] = "present"
    (folder / "B26-00004.txt").unlink()
    outcome = batch(made(tmp_path, table), folder, "--again", "B26-00004")
    assert "in the folder already, as they would be made: 3" in outcome.err
    assert outcome.err.splitlines()[-1].startswith("2 rendered; 3 kept")
    changed = {path.name for path in folder.glob("*.txt") if path.stat().st_mtime_ns != stamps[path.name]}
    assert changed == {"B26-00002.txt", "B26-00004.txt"}
    assert batch(made(tmp_path, table), tmp_path / "fresh").code == 0
    assert documents(folder) == documents(tmp_path / "fresh")
    assert batch(made(tmp_path, table), folder, "--no-resume").code == 0
    assert all(path.stat().st_mtime_ns != stamps[path.name] for path in folder.glob("*.txt"))


def test_a_draft_that_someone_edited_is_not_overwritten(tmp_path: Path) -> None:
    table, folder = rows(3), tmp_path / "out"
    assert batch(made(tmp_path, table), folder).code == 0
    (folder / "B26-00002.txt").write_text("my own words", encoding="utf-8")
    table[1]["necrosis"] = "present"
    before = tree(folder)
    outcome = batch(made(tmp_path, table), folder)
    assert outcome.code == 0
    assert "B26-00002.txt: W341 is kept, and row 3 of the table has newer data" in outcome.err
    assert documents(folder) == {name: data for name, data in before.items() if name != "results.csv"}
    assert batch(made(tmp_path, table), folder, "--overwrite", "all").code == 0
    assert "my own words" not in (folder / "B26-00002.txt").read_text(encoding="utf-8")


def test_a_document_of_others_is_never_overwritten_and_stops_no_other_case(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "B26-00001.txt").write_text("mine", encoding="utf-8")
    outcome = batch(made(tmp_path, rows(2)), folder)
    assert outcome.code == 1
    assert "B26-00001.txt: E508 is not as this folder's batch wrote it" in outcome.err
    assert (folder / "B26-00001.txt").read_text(encoding="utf-8") == "mine"
    assert statuses(folder) == {"B26-00001": "refused", "B26-00002": "rendered"}


def documents(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(folder).items() if name != "results.csv"}


def test_only_what_failed_is_rendered_where_that_was_asked_for(tmp_path: Path) -> None:
    table, folder = rows(4), tmp_path / "out"
    table[1]["necrosis"] = "presnt"
    assert batch(made(tmp_path, table), folder).code == 1
    table[1]["necrosis"] = "present"
    table[2]["clinical_history"] = "Changed."
    before = (folder / "B26-00003.txt").read_bytes()
    outcome = batch(made(tmp_path, table), folder, "--only-failed")
    assert outcome.code == 0, outcome.err
    assert (folder / "B26-00002.txt").exists()
    assert (folder / "B26-00003.txt").read_bytes() == before
    assert statuses(folder) == {
        "B26-00001": "kept", "B26-00002": "rendered", "B26-00003": "kept (out of date)", "B26-00004": "kept",
    }  # fmt: skip


def test_the_folder_of_another_table_is_gone_on_with(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert batch(made(tmp_path, rows(2)), folder).code == 0
    other = write(tmp_path / "other.csv", rows(3)[2:])
    before = documents(folder)
    outcome = batch(other, folder)
    assert outcome.code == 0
    assert "2 cases of earlier tables are in the folder too: see results.csv" in outcome.err
    assert "Remove" not in (folder / "summary.html").read_text(encoding="utf-8")
    assert {**before, **documents(folder)} == documents(folder)
    assert statuses(folder) == {
        "B26-00003": "rendered", "B26-00001": "earlier table (kept)", "B26-00002": "earlier table (kept)",
    }  # fmt: skip


def test_sub_folders_by_hash(tmp_path: Path) -> None:
    table, folder = made(tmp_path, rows(20)), tmp_path / "out"
    assert batch(table, folder, "--shard-dirs").code == 0
    files = [path.relative_to(folder) for path in folder.rglob("*.txt")]
    assert len(files) == 20
    assert all(len(path.parts) == 2 and len(path.parts[0]) == 2 for path in files)
    assert {line["files"] for line in results(folder)} == {str(path) for path in files}
    assert "in the folder already, as they would be made: 20" in batch(table, folder, "--shard-dirs").err


def test_names_by_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert batch(made(tmp_path, rows(2)), folder, "--name", "{collected}_{accession}").code == 0
    assert all(path.stem.endswith(("_B26-00001", "_B26-00002")) for path in folder.glob("*.txt"))
    outcome = batch(made(tmp_path, rows(2)), tmp_path / "other", "--name", "report")
    assert outcome.code == 2
    assert "must hold {accession}" in outcome.err


def test_events_for_programs(tmp_path: Path) -> None:
    table = rows(3)
    table[1]["necrosis"] = "presnt"
    outcome = batch(made(tmp_path, table), tmp_path / "out", "--json")
    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert [event["event"] for event in events if event["event"] != "checked"] == [
        "read", "findings", "planned", "begun", "case", "case", "ended",
    ]  # fmt: skip
    (found,) = [event for event in events if event["event"] == "findings"]
    assert found["findings"][0]["code"] == "E103"
    assert found["row"] == 3
    assert "value" not in found["findings"][0]
    assert events[-1] == {
        "event": "ended", "not done": 0, "refused": 1, "rendered": 2, "failed": 0, "kept": 0, "left": 0,
        "kept (edited)": 0, "kept (out of date)": 0, "moved away": 0, "before": 0, "newer": 0,
        "stopped": False, "complete": False, "with_warnings": 0, "exit": 1,
    }  # fmt: skip
    assert outcome.err == ""


def test_nothing_of_a_patient_is_told(tmp_path: Path) -> None:
    table, folder = rows(4), tmp_path / "out"
    for row in table:
        row["patient.name"] = f"{MARK}, {MARK}"
        row["clinical_history"] = MARK
    table[1]["necrosis"] = MARK
    table[2]["collected"] = MARK
    outcome = batch(made(tmp_path, table), folder)
    assert outcome.code == 1
    assert MARK not in outcome.out + outcome.err
    for name in (".reportgen-batch.jsonl", "results.csv", "summary.html"):
        assert MARK not in (folder / name).read_text(encoding="utf-8")
    assert not [name for name in files_below(tmp_path) if MARK in name]
    assert MARK in batch(made(tmp_path, table), folder, "--dry-run", "--show-values").err


def test_strict_refuses_before_the_first_document(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    outcome = batch(made(tmp_path, rows(6)), folder, "--strict")
    assert outcome.code == 1
    assert "E302" in outcome.err
    assert statuses(folder)["B26-00005"] == "refused"  # the unfinished sample


def test_usage(tmp_path: Path) -> None:
    table = made(tmp_path, rows(1))
    assert run("batch", table).code == 2
    assert batch(table, tmp_path / "out", "--combine", tmp_path / "all.pdf").code == 2
    assert batch(table, tmp_path / "out", "--combine", tmp_path / "all.docx", formats="pdf").code == 2
    assert batch(table, tmp_path / "out", "--overwrite").code == 2
    assert batch(tmp_path / "none.csv", tmp_path / "out").code == 4
    assert not (tmp_path / "out").exists()
