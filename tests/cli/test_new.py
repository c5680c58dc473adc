"""`reportgen new case`: an empty file with every question and no answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from tests.cli.program import files_below, invoke, loaded


def leaves(data: Any, path: str = "") -> dict[str, Any]:
    """Every scalar by its path."""
    if isinstance(data, dict):
        return {name: leaf for key, value in data.items() for name, leaf in leaves(value, f"{path}.{key}").items()}
    if isinstance(data, list):
        return {name: leaf for value in data for name, leaf in leaves(value, path).items()}
    return {path: data}


@pytest.mark.parametrize("protocol", protocol_ids())
def test_nothing_in_it_is_filled_in(protocol: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    outcome = invoke("new", "case", protocol, "-o", case)
    assert outcome.code == 0
    assert outcome.out.splitlines() == [str(case), str(tmp_path / f"{protocol}.schema.json")]
    filled = {path: value for path, value in leaves(loaded(case)).items() if value is not None}
    assert filled == {".protocol": protocol, ".parts.label": "A"}


@pytest.mark.parametrize("protocol", protocol_ids())
def test_every_question_stands_in_it(protocol: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    invoke("new", "case", protocol, "-o", case)
    text = case.read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema=./{protocol}.schema.json\n")
    slots = [*load_header().slots.values(), *load_protocol(protocol).slots.values()]
    asked = [slot for slot in slots if not (slot.parent or slot.repeated)]
    assert len(asked) >= 20
    assert [slot.path for slot in asked if f"{slot.element.id}:" not in text] == []
    assert max(map(len, text.splitlines())) <= 120


def test_it_is_a_readable_case_that_lacks_only_what_names_the_patient(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    invoke("new", "case", "aismn", "-o", case)
    outcome = invoke("check", case)
    assert outcome.code == 1
    codes = [line.split()[1:3] for line in outcome.out.splitlines()[:-1]]
    assert codes == [["E102", "patient.name:"], ["E102", "accession:"]]
    text = case.read_text(encoding="utf-8")
    for key, value in (("\n  name:  # Patient", "\n  name: N  # Patient"), ("\naccession:  #", "\naccession: S1  #")):
        assert text.count(key) == 1
        text = text.replace(key, value)
    case.write_text(text, encoding="utf-8")
    assert invoke("render", case, "-f", "txt").code == 0
    report = (tmp_path / "case.txt").read_text(encoding="utf-8")
    assert "[NOT ENTERED]" in report
    assert "smooth muscle" not in report.lower().partition("reportgen 0")[0]


def test_what_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    case = tmp_path / "mine.yaml"
    case.write_text("mine", encoding="utf-8")
    refused = invoke("new", "case", "aismn", "-o", case)
    assert refused.code == 1
    assert "E501" in refused.err
    assert list(files_below(tmp_path)) == ["mine.yaml"]
    assert case.read_text(encoding="utf-8") == "mine"
    assert invoke("new", "case", "aismn", "-o", case, "--overwrite").code == 0


def test_a_second_case_beside_the_first_keeps_the_schema(tmp_path: Path) -> None:
    assert invoke("new", "case", "general", "-o", tmp_path / "one.yaml").code == 0
    assert invoke("new", "case", "general", "-o", tmp_path / "two.yaml").code == 0
    schema = tmp_path / "general.schema.json"
    json.loads(schema.read_text(encoding="utf-8"))
    schema.write_text("{}", encoding="utf-8")
    assert invoke("new", "case", "general", "-o", tmp_path / "three.yaml").code == 1
    assert not (tmp_path / "three.yaml").exists()


def test_an_unknown_protocol_is_refused(tmp_path: Path) -> None:
    outcome = invoke("new", "case", "aism", "-o", tmp_path / "case.yaml")
    assert outcome.code == 1
    assert 'E110 protocol aism: the protocol does not exist (did you mean "aismn"?)' in outcome.err
    assert list(files_below(tmp_path)) == []


def test_new_alone_shows_what_it_can_write() -> None:
    outcome = invoke("new")
    assert outcome.code == 2
    assert "case" in outcome.both
