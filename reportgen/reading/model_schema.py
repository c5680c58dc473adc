"""The JSON Schema of a file's model, for editors: what may be typed in YAML, where every value is read as text."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

Schema = dict[str, Any]  # JSON
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KEPT = ("description", "pattern", "minLength", "maxLength", "minItems", "minimum", "maximum", "const", "required")
_NUMBER: Schema = {"type": ["number", "string"], "pattern": r"^-?[0-9]*\.?[0-9]+$"}
_YES_NO: Schema = {"enum": [True, False, "true", "false", "yes", "no"]}


def model_schema(model: type[BaseModel], title: str) -> Schema:
    """The schema of files that `model` describes; its `$defs` hold one schema for each model inside."""
    made = model.model_json_schema()
    defs = made.get("$defs", {})
    return {"$schema": DIALECT, "title": title, **_typed(made), "$defs": {name: _typed(defs[name]) for name in defs}}


def model_definitions(*models: type[BaseModel]) -> Schema:
    """A schema for each of some models and for each model inside them, by its name."""
    _, made = models_json_schema([(model, "validation") for model in models])
    return {name: _typed(each) for name, each in made["$defs"].items()}


def _typed(node: Schema) -> Schema:
    """A schema as a file is typed: an unquoted 12 or yes is a text, too, and nothing is null."""
    match node:
        case {"$ref": ref}:
            return {"$ref": ref}
        case {"enum": [*words]}:
            return {"enum": [*words, *(word == "true" for word in words if word in ("true", "false"))]}
        case {"oneOf": [*inner]} | {"anyOf": [*inner]}:
            found = [_typed(each) for each in inner if each != {"type": "null"}]
            if {"type": "number"} in [{"type": each.get("type")} for each in inner]:
                return _NUMBER
            return found[0] if len(found) == 1 else {"anyOf": found}
        case {"type": "integer" | "number"}:
            return _NUMBER
        case {"type": "boolean"}:
            return _YES_NO
        case {"type": "string"} if "const" not in node:
            return {"type": ["string", "number", "boolean"], **_kept(node)}
        case {"type": "array", "items": dict(items)}:
            return {"type": "array", "items": _typed(items), **_kept(node)}
        case {"type": "object", "properties": dict(properties)}:
            inside = {key: _typed(value) for key, value in properties.items()}
            return {"type": "object", "properties": inside, "additionalProperties": False, **_kept(node)}
        case {"type": "object", "additionalProperties": dict(values)}:
            return {"type": "object", "additionalProperties": _typed(values), **_kept(node)}
    return _kept(node) if "const" in node else {"type": node["type"]} if "type" in node else {}


def _kept(node: Schema) -> Schema:
    return {key: node[key] for key in _KEPT if key in node}
