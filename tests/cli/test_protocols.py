"""`reportgen protocols`: the list, and one protocol as a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reportgen.protocols.load import load_protocol, protocol_ids
from reportgen.protocols.proof import solver
from reportgen.web.choosing import protocols
from tests.cli.program import invoke
from tests.support.toy import Templates, said


def test_the_list_names_every_protocol_with_version_and_title() -> None:
    listed = invoke("protocols", "list")
    assert listed.code == 0
    assert invoke("protocols").out == listed.out
    for id in protocol_ids():
        protocol = load_protocol(id).protocol
        assert f"{id} {protocol.version}  {protocol.title}\n  {protocol.summary}\n" in listed.out
    assert len(listed.out.splitlines()) == 2 * len(protocol_ids())


@pytest.mark.parametrize("id", protocol_ids())
def test_a_page_holds_everything_that_can_be_asked_and_said(id: str) -> None:
    made = load_protocol(id)
    outcome = invoke("protocols", "show", id)
    assert outcome.code == 0
    page = " ".join(outcome.out.split())
    for slot in made.slots.values():
        if not slot.panel:
            assert f"{slot.path} · {slot.element.title}" in page
    said = [clause.say for statement in made.statements().values() for clause in statement.clauses]
    assert all(" ".join(words.split()) in page for words in said)
    for advisory in made.protocol.advisories:
        assert all(" ".join(remark.say.split()) in page for remark in advisory.levels)
    assert all(source.title in page for source in made.protocol.sources.values())
    assert max(len(line) for line in outcome.out.splitlines() if " " in line.strip()) <= 160


def test_an_unknown_protocol_is_refused_with_the_known_ones() -> None:
    outcome = invoke("protocols", "show", "zzz")
    assert (outcome.code, outcome.out) == (1, "")
    assert f"(known: {', '.join(protocol_ids())})" in outcome.err


def test_one_protocol_that_is_not_in_order_keeps_the_others_from_nothing(templates: Templates) -> None:
    templates.write("", id="first")
    templates.write("- {id: size, kind: quantity, title: Size, unit: '', source: {book: p}}", id="broken")
    done = invoke("protocols")
    assert done.code == 1
    assert "first 1  Toy" in done.out
    assert "broken  not in order" in done.out
    assert "T401" in done.err
    titles = {each["id"]: each["title"] for each in protocols(None)}
    assert titles == {"first": "Toy", "broken": "broken (not in order)"}


SILENT = "- {id: one, when: kind == 'a', say: One., source: {book: p}}\n"
KIND = "- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}\n"


def test_a_proof_without_a_fault_says_how_much_was_asked() -> None:
    outcome = invoke("protocols", "prove", "general", "--lab", "none")
    assert outcome.code == 0
    assert re.fullmatch(r"general: \d+ questions in \d+\.\d s: no fault\n", outcome.out)


def test_a_fault_is_told_in_a_line_or_written_as_a_case(templates: Templates, tmp_path: Path) -> None:
    templates.write(KIND, wording=said(SILENT))
    outcome = invoke("protocols", "prove", "toy", "--lab", "none")
    assert outcome.code == 1
    assert "T440 comment.remark: can say nothing, given kind: b" in outcome.out
    assert "\n  shown by kind: b\n" in outcome.out
    assert outcome.out.endswith(" 1 fault\n")
    folder = tmp_path / "cases"
    outcome = invoke("protocols", "prove", "toy", "--lab", "none", "--witnesses", folder)
    (file,) = folder.iterdir()
    assert f"\n  {file}\n" in outcome.out
    assert invoke("render", file, "-f", "txt", "-o", tmp_path / "out").code == 0
    assert invoke("protocols", "prove", "toy", "--lab", "none", "--witnesses", folder).code == 1
    assert "E501" in invoke("protocols", "prove", "toy", "--lab", "none", "--witnesses", folder).err


def test_a_proof_as_json(templates: Templates) -> None:
    templates.write(KIND, wording=said(SILENT))
    outcome = invoke("protocols", "prove", "toy", "--lab", "none", "--json")
    found = json.loads(outcome.out)
    assert (outcome.code, found["proven"], found["undecided"]) == (1, False, [])
    assert [(each["code"], each["path"]) for each in found["faults"]] == [("T440", "comment.remark")]
    assert found["faults"][0]["case"]["parts"][0]["kind"] == "b"


def test_without_the_solver_the_machine_lacks_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "is_installed", lambda: False)
    outcome = invoke("protocols", "prove", "general", "--lab", "none")
    assert outcome.code == 3
    assert "S609" in outcome.err
    assert "pip install 'synoptic-reportgen[prove]'" in outcome.err
