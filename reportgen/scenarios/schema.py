"""The JSON Schemas of all files of a protocol, its scenarios among them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from reportgen.laboratory.own_protocols import FILES, SCENARIOS, SCHEMAS
from reportgen.protocols.file_schema import protocol_schema
from reportgen.reading.model_schema import Schema, model_schema
from reportgen.scenarios.model import ScenarioFile


def _scenarios() -> Schema:
    made = model_schema(ScenarioFile, f"{SCENARIOS} of a protocol for reportgen")
    for each in (made, made["$defs"]["Expected"]):
        levels = each["properties"]["advisories"]
        several = levels["additionalProperties"]
        levels["additionalProperties"] = {"anyOf": [several["items"], several]}
    return made


FILE_SCHEMAS: dict[str, Callable[[], Schema]] = {
    **{name: partial(protocol_schema, name) for name in FILES},
    SCENARIOS: _scenarios,
}


def schema_files(profile: Path) -> dict[Path, bytes]:
    """The schemas in a profile's folder, which the first lines of its protocols name."""
    return {
        profile / SCHEMAS / f"{Path(name).stem}.schema.json": f"{json.dumps(schema(), indent=2)}\n".encode()
        for name, schema in FILE_SCHEMAS.items()
    }
