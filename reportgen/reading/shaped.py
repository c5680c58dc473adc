"""A source as a typed model; what does not fit becomes findings, each with its place."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from reportgen.findings import Finding, FindingsError, one_of
from reportgen.reading.source import Mapping, NodePath, Text, by_names, node_at, place_at, plain, text_at

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "model_type": "must have keys and values",
    "dict_type": "must have keys and values",
    "model_attributes_type": "must have keys and values",
    "tuple_type": "must be a list",
    "too_short": "must have at least one entry",
    "string_too_short": "must not be empty",
    "string_type": "must be a text",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
}
_PATTERNS = {
    r"\S": "must not be empty",
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


def shaped(model: type[_Model], source: Mapping, *, leave: Container[str] = (), kinds: Collection[str] = ()) -> _Model:
    """The source as a model, but for the keys to `leave`, which belong to something else.

    `kinds` are the kinds of things of which entries of the source say one.

    Raises:
        FindingsError: T401, one for each thing that does not fit.
    """
    kept = tuple(entry for entry in source if entry.key not in leave)
    try:
        return model.model_validate(plain(Mapping(kept, source.place)))
    except ValidationError as error:
        items = error.errors(include_input=False)
        raise FindingsError(_finding(item, source, kinds) for item in items if not _follows(item, items)) from None


def _follows(item: ErrorDetails, items: list[ErrorDetails]) -> bool:
    """Whether a list is found too short only because some of its entries are not in order."""
    end = len(item["loc"])
    return item["type"] == "too_short" and any(each["loc"][:end] == item["loc"] != each["loc"] for each in items)


def _finding(item: ErrorDetails, source: Mapping, kinds: Collection[str]) -> Finding:
    kind, told = item["type"], item.get("ctx", {})
    steps = tuple(_steps(item["loc"], source, kinds))
    message = _PATTERNS.get(str(told.get("pattern", ""))) or _MESSAGES.get(kind) or str(item["msg"]).lower()
    hint = ""
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        steps += (str(told["discriminator"]).strip("'"),)
        message = "is missing" if kind == "union_tag_not_found" else "is not known here"
        hint = one_of(kinds)
    elif message == _MESSAGES["dict_type"]:
        found = node_at(source, steps)
        word = found.text if isinstance(found, Text) and found.text else "…"
        hint = f"write {{id: {word}}}" if isinstance(steps[-1], int) else "write {key: value}"
    elif kind in ("enum", "literal_error"):
        message = f"must be {told['expected']}"
    return Finding("T401", place_at(source, steps), by_names(source, steps), message, hint)


def _steps(path: NodePath, source: Mapping, kinds: Collection[str]) -> Iterator[str | int]:
    """The path of an error without the kinds that pydantic names behind an entry and that no file has there."""
    passed: NodePath = ()
    tagged = False
    for step in path:
        tagged = not tagged and step in kinds and text_at(node_at(source, passed), "kind") == step
        if not tagged:
            passed = (*passed, step)
            yield step
