"""`reportgen template`: the commands by which a laboratory looks after its profile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.protocols.files import built_in_ids
from tests.cli.program import CHECKOUT, invoke
from tests.support.labs import write_lab

LAB = "protocols: {aismn: {wording: {comment.recommendation.re_excision: {say: Please re-excise.}}}}\n"


def test_a_profile_goes_from_starter_to_signature(tmp_path: Path) -> None:
    assert invoke("new", "profile", "lab", "--name", "Ours: first", cwd=tmp_path).code == 0
    assert invoke("new", "profile", "lab", cwd=tmp_path).code == 1
    done = invoke("template", "check", "lab", cwd=tmp_path)
    assert (done.code, "in order" in done.out) == (0, True)
    with (tmp_path / "lab" / "lab.yaml").open("a", encoding="utf-8") as file:
        file.write(LAB)
    assert "not accepted yet" in invoke("template", "diff", "lab", cwd=tmp_path).out
    assert invoke("template", "accept", "lab", cwd=tmp_path).code == 0
    done = invoke("template", "diff", "lab", cwd=tmp_path)
    assert (done.code, "(same)" in done.out, "+ say: Please re-excise." in done.out) == (0, True, True)
    book = "template", "phrasebook", "lab", "--protocol", "aismn", "-f", "html,docx", "-o", "book"
    assert invoke(*book, cwd=tmp_path).out.split() == ["book/aismn.html", "book/aismn.docx"]
    assert "Please re-excise." in (tmp_path / "book" / "aismn.html").read_text(encoding="utf-8")
    again = invoke(*book, cwd=tmp_path)
    assert (again.code, "E501" in again.err) == (1, True)


def test_the_check_tells_people_and_programs(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", "labels: {draft_mark: Fine}\n")
    done = invoke("template", "check", "lab", cwd=tmp_path)
    assert done.code == 1
    assert "lab/lab.yaml:4:10: T412 labels.draft_mark:" in done.out
    data = json.loads(invoke("template", "check", "lab", "--json", cwd=tmp_path).out)
    assert (data["in_order"], [each["code"] for each in data["findings"]]) == (False, ["T412"])


def test_findings_name_the_profile_that_was_asked_for(tmp_path: Path) -> None:
    for name in ("one", "two"):  # with the same content, in the same process
        write_lab(tmp_path / name, "protocols: {aismn: {wording: {comment.mitoses: {remove: [of_note]}}}}\n")
        done = invoke("template", "check", name, cwd=tmp_path)
        assert done.out.count(f"{name}/lab.yaml:4:") == 1
        assert "1 change, " in invoke("template", "diff", name, cwd=tmp_path).out


def test_an_upgrade_is_an_exit_code(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", LAB)
    assert invoke("template", "accept", "lab", cwd=tmp_path).code == 0
    record = tmp_path / "lab" / "accepted.json"
    record.write_text(record.read_text(encoding="utf-8").replace("Re-excision is", "Re-excision was"), encoding="utf-8")
    done = invoke("template", "diff", "lab", cwd=tmp_path)
    assert done.code == 1
    assert "! say was: Re-excision was recommended" in done.out
    assert "! say is:  Re-excision is recommended" in done.out
    (difference,) = json.loads(invoke("template", "diff", "lab", "--json", cwd=tmp_path).out)["differences"]
    assert difference["ground"] == "changed beneath"
    assert "W303" in invoke("template", "check", "lab", cwd=tmp_path).out


def test_the_preview_is_one_page_of_samples_and_invented_cases(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", LAB)
    done = invoke("template", "preview", "lab", "-n", "2", "-o", "page.html", cwd=tmp_path)
    assert done.code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<details") == len(list((CHECKOUT / "samples").glob("*.yaml"))) + 2
    assert "shave-biopsy" in page
    assert page.count("aismn, invented T26-") == page.count(", invented T26-") == 2  # of what the profile changes


def test_coverage_counts_the_clauses(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", LAB)
    done = invoke("template", "coverage", "general", "--lab", "lab", cwd=tmp_path)
    assert (done.code, "5 of 5 clauses were printed by" in done.out) == (0, True)
    data = json.loads(invoke("template", "coverage", "general", "--json", cwd=tmp_path).out)
    assert data["never"] == {}


@pytest.mark.parametrize("command", ["check", "diff", "accept", "preview"])
def test_without_a_profile_the_command_says_how_to_name_one(command: str, tmp_path: Path) -> None:
    done = invoke("template", command, cwd=tmp_path)
    assert done.code == 1
    assert "T410" in done.err
    assert "REPORTGEN_LAB" in done.err


def test_each_protocol_has_a_phrasebook(tmp_path: Path) -> None:
    done = invoke("template", "phrasebook", "none", "-f", "txt", cwd=tmp_path)
    assert done.out.split() == [f"phrasebook/{id}.txt" for id in built_in_ids()]
    assert all((tmp_path / path).is_file() for path in done.out.split())


@pytest.mark.parametrize(
    "options",
    [("-f", "odt"), ("-o", "book.pdf"), ("--protocol", "bcc", "-o", "book.docx")],
    ids=["format", "file", "file of one"],
)
def test_phrasebooks_are_files_of_known_formats_in_a_folder(options: tuple[str, ...], tmp_path: Path) -> None:
    assert invoke("template", "phrasebook", "none", *options, cwd=tmp_path).code == 2
    assert not list(tmp_path.iterdir())


def test_a_phrasebook_of_no_protocol_is_refused(tmp_path: Path) -> None:
    done = invoke("template", "phrasebook", "none", "--protocol", "bbc", "-f", "txt", cwd=tmp_path)
    assert (done.code, "E110" in done.err, "bcc" in done.err) == (1, True, True)
