"""A source as a typed model; what does not fit becomes findings, each with its place."""

from __future__ import annotations

from collections.abc import Container
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from reportgen.findings import Finding, FindingsError
from reportgen.reading.source import Mapping, by_names, place_at, plain

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "model_type": "must have keys and values, for example {id: right}",
    "dict_type": "must have keys and values, for example {id: right}",
    "model_attributes_type": "must have keys and values, for example {id: right}",
    "union_tag_not_found": "does not say its kind",
    "tuple_type": "must be a list",
}
_PATTERNS = {
    r"^[A-Za-z][A-Za-z0-9_-]*$": "must be letters, digits, _ and - only, beginning with a letter",
    r"^[^{}]*$": "must have no braces",
    r"^[0-9a-f]{6}$": "must be a color written as RRGGBB, for example 0b4f3c",
    r"^[A-Za-z0-9][A-Za-z0-9 -]{0,60}$": "must be the name of a font",
    r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,29}$": "must be at most 30 letters, digits, points and hyphens",
}
_Model = TypeVar("_Model", bound=BaseModel)


class Frozen(BaseModel):
    """Immutable, and closed to unknown keys: what a file may say."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def shaped(model: type[_Model], source: Mapping, *, leave: Container[str] = (), skip: Container[str] = ()) -> _Model:
    """The source as a model, but for the keys to `leave`, which belong to something else.

    `skip` are steps that pydantic names in an error's path and that no file has (the kinds of a union).

    Raises:
        FindingsError: T401, one for each thing that does not fit.
    """
    kept = tuple(entry for entry in source if entry.key not in leave)
    try:
        return model.model_validate(plain(Mapping(kept, source.place)))
    except ValidationError as error:
        raise FindingsError(_finding(item, source, skip) for item in error.errors(include_input=False)) from None


def _finding(item: ErrorDetails, source: Mapping, skip: Container[str]) -> Finding:
    steps = tuple(step for step in item["loc"] if step not in skip)
    message = _PATTERNS.get(str(item.get("ctx", {}).get("pattern", ""))) or _MESSAGES.get(item["type"])
    if item["type"] == "union_tag_invalid":
        message = f"must be one of: {item['ctx']['expected_tags']}"
    elif item["type"] in ("enum", "literal_error"):
        message = f"must be {item['ctx']['expected']}"
    return Finding("T401", place_at(source, steps), by_names(source, steps), message or str(item["msg"]).lower())
