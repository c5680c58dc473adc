"""A small judge of JSON Schemas, for the keywords that ours use; it refuses a schema with any other."""

from __future__ import annotations

import re
from typing import Any

KEYWORDS = {
    *("$schema", "title", "description", "type", "required", "additionalProperties", "properties", "items"),
    *("minItems", "minLength", "maxLength", "minimum", "maximum", "$ref", "$defs", "enum", "const", "anyOf", "pattern"),
}
TYPES = {"string": str, "number": int | float, "boolean": bool, "null": type(None), "object": dict, "array": list}


def keeps(value: Any, schema: dict[str, Any], defs: dict[str, Any] | None = None) -> bool:
    """Whether a value keeps a schema."""
    assert set(schema) <= KEYWORDS, set(schema) - KEYWORDS
    defs = schema.get("$defs", {}) if defs is None else defs
    if "$ref" in schema:
        return keeps(value, defs[schema["$ref"].removeprefix("#/$defs/")], defs)
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(isinstance(value, TYPES[type]) for type in types):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "anyOf" in schema and not any(keeps(value, each, defs) for each in schema["anyOf"]):
        return False
    if isinstance(value, str) and not _keeps_text(value, schema):
        return False
    if isinstance(value, dict):
        return _keeps_object(value, schema, defs)
    if isinstance(value, list):
        inside = schema.get("items", {})
        return len(value) >= schema.get("minItems", 0) and all(keeps(item, inside, defs) for item in value)
    return True


def _keeps_text(value: str, schema: dict[str, Any]) -> bool:
    fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    return fits and bool(re.search(schema.get("pattern", ""), value))


def _keeps_object(value: dict[str, Any], schema: dict[str, Any], defs: dict[str, Any]) -> bool:
    known, further = schema.get("properties", {}), schema.get("additionalProperties", True)
    if not set(schema.get("required", ())) <= set(value):
        return False
    for key, inner in value.items():
        if key in known:
            if not keeps(inner, known[key], defs):
                return False
        elif further is False or (isinstance(further, dict) and not keeps(inner, further, defs)):
            return False
    return True
