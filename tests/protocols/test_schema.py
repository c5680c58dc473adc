"""The JSON Schema: what the program takes the schema takes, and the keys are the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.protocols.schema import case_schema
from tests.protocols.test_slots import NESTED
from tests.support.toy import Templates


def schema(id: str) -> dict[str, Any]:
    return case_schema(load_header(), load_protocol(id))


def keys_of(node: dict[str, Any], above: str = "") -> set[str]:
    """Every path that a schema knows."""
    found: set[str] = set()
    for branch in (node, *node.get("anyOf", ()), node.get("items", {})):
        for key, inner in branch.get("properties", {}).items():
            path = f"{above}.{key}" if above else key
            found |= {path} | keys_of(inner, path)
    return found


def paths_of(form: CompiledForm) -> set[str]:
    return {
        f"{above}.{key}" if above else key for above, below in form.children.items() for key in below if "." not in key
    }


@pytest.mark.parametrize("id", protocol_ids())
def test_the_schema_is_closed_and_plain_json(id: str) -> None:
    made = schema(id)
    assert json.loads(json.dumps(made)) == made
    assert made["additionalProperties"] is False
    assert made["$schema"].startswith("https://json-schema.org/")
    open_ones = [path for path, node in objects(made) if node.get("additionalProperties") is not False]
    assert set(open_ones) <= {"acknowledge", "override", "parts.acknowledge", "parts.override"}


def objects(node: dict[str, Any], path: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    for branch in (node, *node.get("anyOf", ()), node.get("items", {})):
        if "object" in branch.get("type", ()):
            found.append((path, branch))
        for key, inner in branch.get("properties", {}).items():
            found += objects(inner, f"{path}.{key}" if path else key)
    return found


@pytest.mark.parametrize("id", protocol_ids())
def test_every_key_that_a_case_may_use_is_in_the_schema_and_no_other(id: str) -> None:
    made = load_protocol(id)
    properties = schema(id)["properties"]
    own = {"result", "reason", "text", "count", "per"}
    part = {path for path in keys_of(properties["parts"]["items"]) if path.rpartition(".")[2] not in own}
    canonical = {path for path in part if aliases_resolved(made, path) == path}
    wanted = {path for path in made.slots if path.rpartition(".")[2] not in own}
    assert canonical - {"label", "protocol", "received_as", "acknowledge", "override"} == wanted
    header = {path for path in keys_of({"properties": properties}) if path.rpartition(".")[2] not in own}
    top = {"protocol", "acknowledge", "override", "parts"} | set(load_header().slots)
    assert {path for path in header if not path.startswith("parts.")} == top


def aliases_resolved(made: CompiledForm, path: str) -> str:
    resolved = ""
    for key in path.split("."):
        slot = made.children.get(resolved, {}).get(key)
        resolved = slot.path if slot else f"{resolved}.{key}".lstrip(".")
    return resolved


def test_follow_ups_groups_and_repeats_have_their_shapes(templates: Templates) -> None:
    templates.load(NESTED)
    part = schema("toy")["properties"]["parts"]["items"]["properties"]
    assert part["rows"]["type"] == ["array", "null"]
    assert set(part["rows"]["items"]["properties"]) == {"name", "deep"}
    simple, detailed = part["a"]["anyOf"]
    assert simple == {"anyOf": [{"enum": ["x", "y", "other", None]}]}
    assert set(detailed["properties"]) == {"result", "reason", "text", "b", "g", "of_x"}
    assert set(part["stains"]["properties"]) == {"S1", "one", "Ki-67", "other"}
    assert part["stains"]["properties"]["other"]["type"] == ["array", "null"]


def test_nothing_in_a_schema_is_a_default() -> None:
    for id in protocol_ids():
        assert '"default"' not in json.dumps(schema(id))
