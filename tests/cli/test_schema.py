"""`reportgen schema`: a JSON Schema that the samples keep and a misspelt key breaks."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.protocols.load import protocol_ids
from tests.cli.program import SAMPLES, invoke, loaded
from tests.support.json_schema import keeps
from tests.support.labs import write_lab

ALONE = sorted(path for path in SAMPLES.glob("*.yaml") if path.stem != "three-parts")


def schema_of(protocol: str) -> dict[str, Any]:
    outcome = invoke("schema", protocol)
    assert outcome.code == 0
    data = json.loads(outcome.out)
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("case", ALONE, ids=lambda path: path.stem)
def test_every_sample_keeps_the_schema(case: Any) -> None:
    assert keeps(loaded(case), schema_of("aismn"))


def test_a_validator_agrees_where_there_is_one() -> None:
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    for protocol in protocol_ids():
        validator.check_schema(schema_of(protocol))
    for case in ALONE:
        validator(schema_of("aismn")).validate(loaded(case))


def keys(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every key."""
    if isinstance(data, dict):
        return [each for key, value in data.items() for each in ((*path, key), *keys(value, (*path, key)))]
    if isinstance(data, list):
        return [each for number, value in enumerate(data) for each in keys(value, (*path, number))]
    return []


def test_a_misspelt_key_breaks_it() -> None:
    schema = schema_of("aismn")
    case = loaded(SAMPLES / "shave-biopsy.yaml")
    paths = keys(case)
    assert len(paths) >= 60
    for path in paths:
        broken = copy.deepcopy(case)
        holder = broken
        for step in path[:-1]:
            holder = holder[step]
        holder[f"{path[-1]}x"] = holder.pop(path[-1])
        assert not keeps(broken, schema), path


def test_a_wrong_answer_breaks_it() -> None:
    schema = schema_of("aismn")
    case = loaded(SAMPLES / "shave-biopsy.yaml")
    for key in ("growth", "laterality", "necrosis", "metastasis"):
        broken = copy.deepcopy(case)
        broken["parts"][0][key] = "zzz"
        assert not keeps(broken, schema), key


@pytest.mark.parametrize("protocol", protocol_ids())
def test_it_says_which_dialect_it_is(protocol: str) -> None:
    schema = schema_of(protocol)
    assert schema["$schema"].endswith("draft/2020-12/schema")
    assert schema["additionalProperties"] is False
    assert schema["properties"]["protocol"] == {"const": protocol}


def test_an_unknown_protocol_is_refused() -> None:
    outcome = invoke("schema", "zzz")
    assert (outcome.code, outcome.out) == (1, "")
    assert "E110" in outcome.err


def test_the_files_of_a_protocol_have_schemas_too() -> None:
    for file in ("protocol.yaml", "wording.yaml", "scenarios.yaml"):
        schema = json.loads(invoke("schema", file).out)
        assert schema["title"] == f"{file} of a protocol for reportgen"
        assert schema["additionalProperties"] is False
    assert "E110" in invoke("schema", "case.yaml").err


def test_a_new_protocol_names_its_schemas_which_are_beside_it(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab")
    for id in ("one", "two"):
        assert invoke("new", "protocol", id, "--lab", tmp_path / "lab").code == 0
    for name in ("protocol", "wording", "scenarios"):
        folder = tmp_path / "lab/protocols/two"
        first = (folder / f"{name}.yaml").read_text(encoding="utf-8").partition("\n")[0]
        target = folder / first.removeprefix("# yaml-language-server: $schema=")
        assert json.loads(target.read_text(encoding="utf-8")) == json.loads(invoke("schema", f"{name}.yaml").out)
