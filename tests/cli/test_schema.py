"""`reportgen schema`: a JSON Schema that the samples keep and a misspelt key breaks."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from reportgen.protocols.load import protocol_ids
from tests.cli.program import SAMPLES, invoke, loaded

KEYWORDS = {
    *("$schema", "title", "description", "type", "required", "additionalProperties", "properties", "items"),
    *("minItems", "enum", "const", "anyOf", "pattern"),
}
TYPES = {"string": str, "number": int | float, "boolean": bool, "null": type(None), "object": dict, "array": list}
ALONE = sorted(path for path in SAMPLES.glob("*.yaml") if path.stem != "three-parts")


def schema_of(protocol: str) -> dict[str, Any]:
    outcome = invoke("schema", protocol)
    assert outcome.code == 0
    data = json.loads(outcome.out)
    assert isinstance(data, dict)
    return data


def keeps(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value keeps a schema, for the keywords that ours use."""
    assert set(schema) <= KEYWORDS
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(isinstance(value, TYPES[type]) for type in types):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "anyOf" in schema and not any(keeps(value, each) for each in schema["anyOf"]):
        return False
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if isinstance(value, dict):
        return _keeps_object(value, schema)
    if isinstance(value, list):
        inside = schema.get("items", {})
        return len(value) >= schema.get("minItems", 0) and all(keeps(item, inside) for item in value)
    return True


def _keeps_object(value: dict[str, Any], schema: dict[str, Any]) -> bool:
    known, further = schema.get("properties", {}), schema.get("additionalProperties", True)
    if not set(schema.get("required", ())) <= set(value):
        return False
    for key, inner in value.items():
        if key in known:
            if not keeps(inner, known[key]):
                return False
        elif further is False or (isinstance(further, dict) and not keeps(inner, further)):
            return False
    return True


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
