"""A source as a typed model; what does not fit becomes findings, each with its place."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from reportgen.findings import Finding, FindingsError
from reportgen.reading.source import Mapping, place_at, plain

_Model = TypeVar("_Model", bound=BaseModel)


def shaped(model: type[_Model], source: Mapping, *, leave: Container[str] = (), skip: Container[str] = ()) -> _Model:
    """The source as a model.

    Args:
        model: what it shall be.
        source: what was read.
        leave: keys that belong to something else.
        skip: steps that pydantic names in an error's path and that stand in no file (the kinds of a union).

    Raises:
        FindingsError: T401, one for each thing that does not fit.
    """
    kept = tuple(entry for entry in source if entry.key not in leave)
    try:
        return model.model_validate(plain(Mapping(kept, source.place)))
    except ValidationError as error:
        raise FindingsError(_finding(item, source, skip) for item in error.errors(include_input=False)) from None


def _finding(item: Any, source: Mapping, skip: Container[str]) -> Finding:
    steps = tuple(step for step in item["loc"] if step not in skip)
    return Finding("T401", place_at(source, steps), ".".join(map(str, steps)), str(item["msg"]).lower())
