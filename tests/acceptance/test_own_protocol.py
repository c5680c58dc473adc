"""A protocol that a profile brings goes through every door, and one beside it that is not in order closes none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.findings import one_of
from reportgen.laboratory.read import load_laboratory
from reportgen.protocols.load import protocol_ids
from tests.acceptance.support import SAMPLES, read_data
from tests.cli.program import Outcome, invoke
from tests.support.labs import bring, write_lab
from tests.support.toy import WORDING, toy_protocol
from tests.web.asgi import Visitor, lines

TITLE = "Basal cell tumor"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a profile that brings a protocol, and another that is not in order."""
    folder = tmp_path_factory.mktemp("doors")
    write_lab(folder / "lab")
    assert invoke("new", "protocol", "basal", "--title", TITLE, "--lab", folder / "lab").code == 0
    bring(folder / "lab", "torn", toy_protocol(id="torn"), WORDING.replace("site is", "sight is"))
    (folder / "reportgen.toml").write_text('lab = "lab"\n', encoding="utf-8")
    case = read_data(folder / "lab/protocols/basal/scenarios.yaml")["case"]
    (folder / "case.json").write_text(json.dumps(case), encoding="utf-8")
    return folder


def done(place: Path, *arguments: str, code: int = 0) -> Outcome:
    outcome = invoke(*arguments, cwd=place)
    assert outcome.code == code, outcome.both
    return outcome


def test_it_is_listed_and_shown(place: Path) -> None:
    listed = done(place, "protocols", code=1)
    assert f"basal 0.1  {TITLE}\n" in listed.out
    assert "torn  not in order\n" in listed.out
    assert "lab/protocols/torn/wording.yaml:" in listed.err
    assert "general 1.0" in listed.out
    assert done(place, "protocols", "list", code=1).out == done(place, "protocols", "--lab", "lab", code=1).out
    assert "basal 0.1" not in done(place, "protocols", "--lab", "none").out
    assert "behind show" in done(place, "protocols", "--lab", "lab", "show", "basal", code=2).err
    page = done(place, "protocols", "show", "basal").out
    assert "feature.extent · Extent · core" in page
    assert page.count("from the fragment laterality") == 1
    done(place, "protocols", "show", "torn", code=1)


def test_cases_are_begun_checked_explained_and_rendered(place: Path) -> None:
    for command in (("new", "case", "basal", "-o", "new.yaml"), ("new", "table", "basal", "-o", "new.csv")):
        done(place, *command)
    assert "feature.extent" in (place / "new.csv").read_text(encoding="utf-8-sig")
    assert "protocol basal 0.1" in done(place, "schema", "basal").out
    assert "5 of 5 entered" in done(place, "check", "case.json").out
    assert "diagnosis.headline.named" in done(place, "explain", "case.json").out
    done(place, "render", "case.json", "-f", "txt,html,docx,pdf", "-o", "made")
    said = " ".join((place / "made/case.txt").read_text(encoding="utf-8").split())
    assert f"{TITLE} (see comment)" in said
    made = load_laboratory(place / "lab")
    assert f"profile Example Laboratory 1.0 ({made.hash[:12]})" in said
    assert "protocol basal 0.1 (" in said
    assert "E110" in done(place, "check", "case.json", "--lab", "none", code=1).out


def test_what_is_not_in_order_stops_its_own_cases_alone(place: Path) -> None:
    case = read_data(place / "lab/protocols/basal/scenarios.yaml")["case"]
    (place / "torn.json").write_text(json.dumps({**case, "protocol": "torn"}), encoding="utf-8")
    assert "T402" in done(place, "check", "torn.json", code=1).out
    (place / "none.json").write_text(json.dumps({**case, "protocol": ""}), encoding="utf-8")
    assert one_of(sorted((*protocol_ids(), "basal", "torn"))) in done(place, "check", "none.json", code=1).out
    done(place, "check", str(SAMPLES / "shave-biopsy.yaml"))
    done(place, "render", str(SAMPLES / "shave-biopsy.yaml"), "-f", "txt", "-o", "beside")


def test_one_with_a_built_in_id_is_asked_in_its_place_and_changes_no_other(place: Path) -> None:
    write_lab(place / "taken")
    bring(place / "taken", "general", toy_protocol(id="general"), WORDING)
    done(place, "check", str(SAMPLES / "shave-biopsy.yaml"), "--lab", "taken")
    told = done(place, "check", str(SAMPLES / "three-parts.yaml"), "--lab", "taken", code=1).out
    assert "E101 parts.A.procedure" in told


def test_tables_know_its_columns_and_words(place: Path) -> None:
    done(place, "synth", "basal", "-n", "3", "-f", "csv", "-o", "table.csv")
    done(place, "new", "columns", "table.csv", "-o", "columns.yaml")
    assert "feature.extent" in (place / "columns.yaml").read_text(encoding="utf-8")
    table = (place / "table.csv").read_text(encoding="utf-8").replace(",feature,", ",Feature seen,")
    (place / "export.csv").write_text(table, encoding="utf-8")
    (place / "mapping.yaml").write_text("columns: {Feature seen: feature}\n", encoding="utf-8")
    done(place, "batch", "export.csv", "--columns", "mapping.yaml", "-f", "txt", "-o", "batch", "--jobs", "1")
    reports = sorted((place / "batch").glob("*.txt"))
    assert len(reports) == 3
    assert all("protocol basal 0.1" in each.read_text(encoding="utf-8") for each in reports)
    assert TITLE in (place / "batch/summary.html").read_text(encoding="utf-8")


def test_it_is_looked_after_like_any_change(place: Path) -> None:
    checked = done(place, "template", "check", code=1)
    assert {line.split()[1] for line in checked.out.splitlines()[:-1]} == {"T402"}
    assert "9 of 9 clauses were printed" in done(place, "template", "coverage", "basal").out
    assert f"+ protocol: {TITLE}" in done(place, "template", "diff").out
    done(place, "template", "preview", "-n", "1", "-o", "preview.html")
    preview = (place / "preview.html").read_text(encoding="utf-8")
    assert "<summary>basal, invented" in preview
    assert "E110" not in preview
    assert "</td><td>Basal cell tumor (see comment)</td>" in preview
    assert "<summary>torn (not in order)<span>refused: T402<" in preview
    assert "torn" in done(place, "template", "phrasebook", "-f", "txt", "-o", "book", code=1).err
    assert not (place / "book" / "torn.txt").exists()
    chapter = (place / "book" / "basal.txt").read_text(encoding="utf-8").partition(f"\n{TITLE}\n")[2]
    whose = {id: chapter.partition(f"\n{id}\n")[2].partition("Whose words:")[2].split("\n")[0].strip() for id in
             ("comment.feature.present", "terms.place.side")}  # fmt: skip
    assert whose == {"comment.feature.present": "Example Laboratory 1.0", "terms.place.side": "built-in"}


def test_it_is_accepted_on_its_fragments(place: Path) -> None:
    done(place, "template", "accept")
    record = place / "lab/accepted.json"
    assert "protocols.basal (same)" in done(place, "template", "diff").out
    ground = json.loads(record.read_text(encoding="utf-8"))
    assert list(ground["ground"]["protocols.basal"]) == ["container", "gross", "laterality"]
    ground["ground"]["protocols.basal"]["laterality"]["facts"] = []
    record.write_text(json.dumps(ground), encoding="utf-8")
    assert "(changed beneath)" in done(place, "template", "diff", code=1).out


def test_the_desk_offers_it_and_fills_it_in(place: Path) -> None:
    folder = place / "cases"
    folder.mkdir()
    made = Visitor(folder, load_laboratory(place / "lab"))
    menu = made.get("/").text
    assert f'<option value="basal">{TITLE}</option>' in menu
    assert '<option value="torn">torn (not in order)</option>' in menu
    (folder / "own.json").write_bytes((place / "case.json").read_bytes())
    torn = (place / "case.json").read_text(encoding="utf-8").replace('"basal"', '"torn"').replace("00001", "00002")
    (folder / "torn.json").write_text(torn, encoding="utf-8")
    assert {each.name: str(each.status) for each in lines(made.desk)} == {
        "own.json": "complete", "torn.json": "not in order",
    }  # fmt: skip
    page = made.get(made.case("own.json"))
    assert page.status == 200
    assert "Example feature" in page.text
    report = made.get(f"{made.case('own.json')}/report").text
    assert "The example feature is present (focal)." in report
    assert made.get(made.case("torn.json")).status == 200
