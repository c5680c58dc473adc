"""The work list of a large folder: shown in pieces, sorted, filtered, and listed no more often than it must be."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from reportgen.web import lists, views, worklist
from reportgen.web.folder import CaseFolder
from tests.cli.program import SAMPLES
from tests.web.asgi import Visitor, snapshot, visitor

MANY, PAGE = 30, 12


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A folder with more cases than a page has rows; the last written is the first by its number."""
    for each in (worklist, views):
        monkeypatch.setattr(each, "ROWS", PAGE)
    monkeypatch.setattr(lists, "_PATIENCE", 60.0)
    folder = tmp_path / "cases"
    folder.mkdir()
    sample = (SAMPLES / "shave-biopsy.yaml").read_text(encoding="utf-8")
    for number in range(MANY):
        said = {"S26-01234": f"S26-{number:05d}", "000123": f"{number:06d}", "Sample, A": f"Sample{number % 7}, A"}
        text = sample
        for old, new in said.items():
            text = text.replace(old, new)
        path = folder / f"c{number:05d}.yaml"
        path.write_text(text, encoding="utf-8")
        os.utime(path, (2_000_000_000 - number, 2_000_000_000 - number))
    return visitor(folder)


def rows(html: str) -> list[str]:
    return re.findall(r'id="at-[0-9a-f]+">([^<]*)<', html)


def numbers(*wanted: int) -> list[str]:
    return [f"S26-{number:05d}" for number in wanted]


def hidden(html: str) -> dict[str, str]:
    """What the rows send along with the next request."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)" form="show">', html))


def test_the_first_page_is_whole_and_the_rest_comes(made: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_PATIENCE", 0.0)
    said = made.get("/").text
    assert rows(said) == numbers(*range(PAGE))
    assert f"of {MANY} cases" in said
    assert "not looked at yet" in said
    assert said.count('<span class="pill good">complete</span>') == worklist._AT_ONCE
    monkeypatch.setattr(lists, "_PATIENCE", 60.0)
    said = made.post("/search", **hidden(said)).text
    assert "not looked at yet" not in said
    assert said.count('<span class="pill good">complete</span>') == PAGE
    assert f'<option value="complete">complete ({MANY})</option>' in said


def test_pages_words_and_orders(made: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_PATIENCE", 0.05)  # no status is needed for any of this
    made.desk.evaluation("c00000.yaml")
    said = made.post("/search", to="2").text
    assert rows(said) == numbers(*range(2 * PAGE, MANY))
    assert rows(made.post("/search", to="99999").text) == rows(said)
    assert rows(made.post("/search", to="9" * 5000).text) == numbers(*range(PAGE))
    assert 'value="1" id="page-before">' in said
    assert 'id="page-after" disabled' in said
    assert rows(made.post("/search", words="s26-00027").text) == numbers(27)
    assert rows(made.post("/search", words="c00027.yaml").text) == numbers(27)
    found = made.post("/search", words="sample3", by="accession").text
    assert rows(found) == numbers(*range(3, MANY, 7))
    by_patient = made.post("/search", by="patient").text
    assert rows(by_patient) == numbers(*range(0, MANY, 7), *range(1, MANY, 7), *range(2, MANY, 7))[:PAGE]
    assert 'aria-sort="ascending"' in by_patient
    kept = hidden(by_patient)
    assert (kept["sort"], kept["page"]) == ("patient", "0")
    assert rows(made.post("/search", **kept, to="2").text)[-1] == numbers(27)[0]
    assert hidden(made.post("/search", sort="<script>").text)["sort"] == "changed"


def test_other_words_begin_at_the_first_page(made: Visitor) -> None:
    second = hidden(made.post("/search", to="1").text)
    assert rows(made.post("/search", **second).text) == numbers(*range(PAGE, 2 * PAGE))  # asked again for the rest
    assert rows(made.post("/search", **{**second, "words": "S26-0000"}).text) == numbers(*range(10))


def test_a_status_filters(made: Visitor) -> None:
    one = made.folder / "c00007.yaml"
    one.write_bytes(one.read_bytes().replace(b"growth: infiltrative", b"growth: sideways"))
    said = made.post("/search", status="not in order").text
    assert rows(said) == numbers(7)
    assert '<option value="not in order" selected>not in order (1)</option>' in said
    assert rows(made.post("/search", status="no such").text) == []
    assert rows(made.post("/search", by="status").text)[0] == "S26-00007"


def test_files_that_are_no_cases_are_apart(made: Visitor) -> None:
    (made.folder / "mapping.yaml").write_text("columns:\n  Fall: accession\n")
    (made.folder / "list.json").write_text("[1, 2]")
    (made.folder / "torn.yaml").write_text("accession: [")
    said = made.get("/").text
    assert "2 other files, which are no cases" in said
    for name in ("mapping.yaml", "list.json"):
        assert f'<li><a href="{made.case(name)}">{name}</a></li>' in said
        assert f'id="at-{made.case(name)[7:]}"' not in said
    assert rows(made.post("/search", words="torn").text) == ["torn.yaml"]  # it may be a case that was damaged
    assert rows(made.post("/search", words="mapping").text) == []


def test_an_entry_lists_no_folder(made: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "c00003.yaml"
    address = made.case(name)
    made.get("/")
    made.get(address)

    def listed(*_: object) -> object:
        raise AssertionError("the folder was listed")

    monkeypatch.setattr(CaseFolder, "stamps", listed)
    for number in range(3):
        sent = {"path": "patient.name", "value": f"Other, Olga {number}", "revision": made.revision(name)}
        assert made.post(f"{address}/entries", **sent).status == 200
        assert made.get(f"{address}/report").status == 200
        assert made.get(f"{address}/watch/{made.revision(name)}").status == 204
    assert made.post(f"{address}/undo", revision=made.revision(name)).status == 200


def test_a_file_that_came_meanwhile_is_seen_by_the_next_entry(made: Visitor) -> None:
    name = "c00003.yaml"
    made.get(made.case(name))
    (made.folder / "new.yaml").write_bytes((made.folder / name).read_bytes())
    os.utime(made.folder, (1_000_000_000, 1_000_000_000))  # clocks of folders are coarse
    sent = {"path": "clinical_history", "value": "Papule.", "revision": made.revision(name)}
    assert "Is also in new.yaml" in made.post(f"{made.case(name)}/entries", **sent).text


def test_an_accession_that_another_case_has_is_told_at_once_everywhere(made: Visitor) -> None:
    name = "c00003.yaml"
    address = made.case(name)
    made.get(address)
    sent = {"path": "accession", "value": "S26 00004", "revision": made.revision(name)}
    answer = made.post(f"{address}/entries", **{**sent, "value": "s26-00004"})
    assert "Accession: also in c00004.yaml" in answer.text
    assert "chip bad" in answer.text
    assert ">complete<" not in answer.text
    for other in (name, "c00004.yaml"):
        said = made.get(f"{made.case(other)}/finalize").text
        assert "cannot be finalized yet" in said
        assert "Is also in" in said
    said = made.post("/search", words="s26-00004").text
    assert '<span class="pill bad">Accession is also in c00004.yaml</span>' in said
    assert '<span class="pill bad">Accession is also in c00003.yaml</span>' in said
    assert made.post("/cases", accession="S26-00004", protocol="aismn").status == 422
    assert made.post(f"{address}/undo", revision=made.revision(name)).status == 200
    assert "also in" not in made.get("/").text


def test_the_list_writes_no_file(made: Visitor) -> None:
    before = snapshot(made.folder)
    made.get("/")
    made.post("/search", words="x")
    assert snapshot(made.folder) == before
