"""The JSON Schema: what the program takes the schema takes, and the keys are the same."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.protocols.schema import case_schema
from tests.protocols.test_slots import NESTED
from tests.support.toy import BUILT_IN, Templates


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


# -------------------------------------------------------------------------------- what the schema says of real cases

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "number": (int, float), "boolean": (bool,),
    "null": (type(None),),
}  # fmt: skip


def valid(value: Any, node: dict[str, Any]) -> bool:
    """Whether a value fits a schema, by the few keywords that ours use."""
    known = {
        "type", "anyOf", "enum", "const", "pattern", "properties", "additionalProperties", "required", "items",
        "minItems", "title", "description", "$schema",
    }  # fmt: skip
    assert node.keys() <= known, node.keys() - known
    kinds = [node["type"]] if isinstance(node.get("type"), str) else node.get("type", list(TYPES))
    fits = isinstance(value, tuple(kind for name in kinds for kind in TYPES[name]))
    fits = fits and ("anyOf" not in node or any(valid(value, branch) for branch in node["anyOf"]))
    fits = fits and ("enum" not in node or value in node["enum"]) and ("const" not in node or value == node["const"])
    if isinstance(value, str) and "pattern" in node:
        fits = fits and re.search(node["pattern"], value) is not None
    if isinstance(value, list):
        fits = (
            fits and len(value) >= node.get("minItems", 0) and all(valid(item, node.get("items", {})) for item in value)
        )
    if isinstance(value, dict):
        fits = fits and all(key in value for key in node.get("required", ()))
        fits = fits and all(fits_key(key, item, node) for key, item in value.items())
    return bool(fits)


def fits_key(key: str, value: Any, node: dict[str, Any]) -> bool:
    inner = node.get("properties", {}).get(key, node.get("additionalProperties", True))
    return inner if isinstance(inner, bool) else valid(value, inner)


SAMPLES = sorted((BUILT_IN.parent / "samples").glob("*.yaml"))


def read(path: Any) -> Any:
    """A sample as an editor sees it: words stay words, and what is empty is null."""

    def emptied(value: Any) -> Any:
        match value:
            case dict():
                return {key: emptied(item) for key, item in value.items()}
            case list():
                return [emptied(item) for item in value]
        return value or None

    return emptied(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_of_one_protocol_fits_its_schema(path: Any) -> None:
    data = read(path)
    used = {part.get("protocol", data.get("protocol")) for part in data["parts"]}
    if len(used) == 1:
        assert valid(data, schema(used.pop()))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("parts", 0, "growth"), "infiltrativ"),
        (("parts", 0, "growht"), "infiltrative"),
        (("parts", 0, "margins"), "involved"),
        (("parts", 0, "margins", "deeep"), "involved"),
        (("parts", 0, "stains", "SMA"), {"result": "positiv"}),
        (("parts", 0, "gross", "blocks"), "A1"),
        (("parts",), []),
        (("collected",), "16.11.2026"),
        (("acession",), "S1"),
    ],
)
def test_what_the_program_refuses_by_its_shape_the_schema_refuses_too(path: tuple[Any, ...], wrong: Any) -> None:
    data = read(BUILT_IN.parent / "samples" / "shave-biopsy.yaml")
    node = data
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = wrong
    assert not valid(data, schema("aismn"))


def test_an_empty_starter_s_data_fits_the_schema() -> None:
    part = {"label": "A", "growth": None, "margins": None, "stains": {"SMA": None}, "gross": {"blocks": None}}
    assert valid({"protocol": "aismn", "accession": None, "patient": {"name": None}, "parts": [part]}, schema("aismn"))
