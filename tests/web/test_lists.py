"""The work list, new cases and batches, asked as a browser asks."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from reportgen.web.folder import NoSuchCaseError
from reportgen.web.listing import Status
from tests.batch.tables import rows, write
from tests.cli.program import loaded
from tests.web.asgi import OWN, Answer, Headers, Visitor, lines, snapshot, visitor


@pytest.fixture
def made(tmp_path: Path) -> Visitor:
    return visitor(tmp_path / "cases", "unfinished", "shave-biopsy")


def drop(made: Visitor, table: bytes, *headers: tuple[str, str]) -> Answer:
    sent: Headers = (*OWN, *headers)
    return made.ask("POST", "/batches", sent, table)


def test_the_work_list_shows_every_case(made: Visitor) -> None:
    said = made.get("/").text
    for word in ("S26-01909", "Draft, Dorothea", "draft", "S26-01234", "complete", made.case("unfinished.yaml")):
        assert word in said


def test_an_empty_folder_and_one_that_has_gone_are_told(tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases")
    assert "No case here" in made.get("/").text
    made.folder.rmdir()
    assert made.get("/").status in (404, 422, 500)


def test_a_file_whose_name_is_no_text_is_listed(made: Visitor) -> None:
    Path(f"{made.folder}/\udcff.yaml").write_bytes(b"a: b")
    assert "?.yaml" in made.get("/").text
    assert made.get(made.case("\udcff.yaml")).status == 200


def names(made: Visitor, words: str = "") -> list[str]:
    return [line.name for line in lines(made.desk, words)]


def test_words_find_a_case_by_accession_patient_or_file(made: Visitor) -> None:
    for words in ("s26-01909", "DOROTHEA draft", "unfinished", "draft 01909", "  s26-01909  "):
        assert names(made, words) == ["unfinished.yaml"]
    assert names(made, "dorothea alexandra") == []
    assert len(names(made, "s26-0")) == 2
    assert len(names(made, "")) == 2


def test_a_new_case_without_a_name_is_a_draft(made: Visitor) -> None:
    name = made.desk.create("S26-777", "aismn")
    (line,) = lines(made.desk, "s26-777")
    assert (line.name, line.status, line.patient) == (name, Status.draft, "")
    assert loaded(made.desk.folder.path(name)) == {
        "protocol": "aismn",
        "accession": "S26-777",
        "parts": [{"label": "A"}],
    }


def test_a_case_that_goes_while_the_list_is_made_is_left_out(made: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    read = made.desk.folder.read

    def gone(name: str) -> bytes:
        if name == "unfinished.yaml":
            raise NoSuchCaseError
        return read(name)

    monkeypatch.setattr(made.desk.folder, "read", gone)
    assert names(made) == ["shave-biopsy.yaml"]


def test_a_search_shows_the_rows_alone(made: Visitor) -> None:
    answer = made.post("/search", words="dorothea")
    assert answer.text.startswith('<div id="rows"')
    assert "S26-01909" in answer.text
    assert "S26-01234" not in answer.text
    assert "No case has these words" in made.post("/search", words="<script>").text


def test_a_new_case_is_made_and_opened(made: Visitor) -> None:
    answer = made.post("/cases", accession=" S26/9  x ", protocol="aismn")
    (name,) = {path.name for path in made.folder.iterdir()} - {"unfinished.yaml", "shave-biopsy.yaml"}
    assert answer.header("hx-redirect") == made.case(name)
    assert re.fullmatch(r"S26-9-x-[0-9a-f]{8}\.yaml", name)
    assert loaded(made.folder / name)["accession"] == "S26/9 x"
    assert "S26/9 x" in made.get(made.case(name)).text


@pytest.mark.parametrize(
    ("accession", "protocol"),
    [("", "aismn"), ("S26-9", ""), ("S26-9", "none"), ("S26-9", "../aismn"), ("unfinished", "aismn"),
     ("UNFINISHED", "aismn"), ("a\u202eb", "aismn"), ("\x00", "aismn")],
)  # fmt: skip
def test_a_new_case_that_is_refused_leaves_no_file(made: Visitor, accession: str, protocol: str) -> None:
    before = snapshot(made.folder)
    answer = made.post("/cases", accession=accession, protocol=protocol)
    assert (answer.status, answer.header("hx-redirect")) == (422, "")
    assert snapshot(made.folder) == before


def test_a_table_is_dropped_watched_and_its_results_are_shown(made: Visitor, tmp_path: Path) -> None:
    lines = rows(2)
    lines[0]["necrosis"], lines[1]["necrosis"] = "", "presnt"
    table = write(tmp_path / "ZZPHI.csv", lines).read_bytes()
    sent = (("x-table-ending", "CSV"), ("x-protocol", "aismn"), ("content-disposition", 'filename="../ZZPHI.csv"'))
    address = drop(made, table, *sent).header("hx-redirect")
    assert re.fullmatch(r"/batches/[0-9a-f]{18}", address)
    assert 'class="progress"' in made.get(address).text
    until = time.monotonic() + 30
    while "hx-trigger" in made.get(f"{address}/progress").text:
        assert time.monotonic() < until
        time.sleep(0.02)
    said = made.get(f"{address}/progress").text
    for word in ("<h2>Done</h2>", "1</strong> rendered", "1</strong> refused", "E103"):
        assert word in said
    summary = made.get(f"{address}/summary")
    assert summary.status == 200
    assert "frame-ancestors 'self'" in summary.header("content-security-policy")
    assert "unsafe" not in summary.header("content-security-policy")
    assert "DOCX" in summary.text
    assert "<a" not in summary.text, "the desk shows no document of a batch"
    results = made.get(f"{address}/results.csv")
    assert results.header("content-disposition") == 'attachment; filename="results.csv"'
    assert results.header("content-type").startswith("text/csv")
    assert b"B26-00001" in results.body
    assert address in made.get("/").text
    assert made.post(f"{address}/stop").status == 200
    names = {name for name in snapshot(made.folder) if "batches/" in name}
    assert any(name.endswith("/table.csv") for name in names)
    assert "ZZPHI" not in " ".join(names)


@pytest.mark.parametrize(
    ("table", "headers"),
    [
        (b"", {"x-table-ending": "csv"}),
        (b"a,b", {}),
        (b"a,b", {"x-table-ending": "exe"}),
        (b"a,b", {"x-table-ending": "csv/../../x"}),
        (b"a,b", {"x-table-ending": "csv", "x-protocol": "none"}),
        (b"a,b", {"x-table-ending": "csv", "x-protocol": "--lab=/etc"}),
    ],
)
def test_what_is_no_table_is_not_kept(made: Visitor, table: bytes, headers: dict[str, str]) -> None:
    before = snapshot(made.folder)
    assert drop(made, table, *headers.items()).status == 422
    assert snapshot(made.folder) == before
    assert made.batches.all() == ()


def test_a_batch_that_has_written_nothing_yet_has_no_summary(made: Visitor, tmp_path: Path) -> None:
    address = drop(made, b"\xff\x00", ("x-table-ending", "csv")).header("hx-redirect")
    assert made.get(f"{address}/summary").status == 404
    assert made.get(f"{address}/results.csv").status == 404
    until = time.monotonic() + 30
    while "hx-trigger" in (said := made.get(f"{address}/progress").text):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert "<h2>Not begun</h2>" in said
    assert "table.csv" in said
