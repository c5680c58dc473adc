"""The JSON Schemas of the files of a protocol, so that an editor completes keys and words while one is typed."""

from __future__ import annotations

from reportgen.laboratory.own_protocols import FILES
from reportgen.protocols.elements import KINDS, Choice
from reportgen.protocols.fragments import CHANGE, USE
from reportgen.protocols.model import Form, Judgement
from reportgen.reading.model_schema import DIALECT, Schema, model_definitions

FRAGMENT = "fragment.yaml"
_NEEDED = ["id", "version", "title", "summary"]
_CHANGED = ("elements", "wording", "advisories", "thresholds", "facts")
_SET_BY_PROFILES = {"Choice": "added", "Clause": "silent", "ChoiceElement": "usual"}  # no file says them
_NEEDED_BESIDE_FRAGMENTS = {"FormSection": ["id"], "Statement": ["id", "clauses"]}  # a fragment may have the rest
_OBJECT: Schema = {"type": "object"}
_RESPONSES = {"text": "TextElement", "quantity": "QuantityElement", "count": "CountElement", "date": "DateElement"}


def protocol_schema(file: str) -> Schema:
    """The schema of `protocol.yaml`, of `wording.yaml`, or of a fragment."""
    defs = model_definitions(Form, Judgement, Choice)
    form, judged = (_file(defs.pop(model.__name__), file) for model in (Form, Judgement))
    worded = _file(defs["Wording"], file)
    _adapt(defs)
    if file == FILES[1]:
        return {**worded, "$defs": defs}
    properties: Schema = {**form["properties"], **judged["properties"], "wording": {"$ref": "#/$defs/Wording"}}
    if file == FRAGMENT:
        return {**form, "properties": properties, "required": [], "$defs": defs}
    words: Schema = {"type": "array", "items": {"type": "string"}, "description": "fragments, in order"}
    changes: Schema = {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(_CHANGED, _OBJECT)}
    properties |= {USE: words, CHANGE: changes}
    whole = [{"required": [USE]}, {"required": ["sections", "sources"]}]
    return {**form, "properties": properties, "required": _NEEDED, "anyOf": whole, "$defs": defs}


def _file(definition: Schema, file: str) -> Schema:
    """The schema of a file that holds what a model describes, or a part of it."""
    kept = {key: value for key, value in definition.items() if key not in ("description", "required")}
    return {"$schema": DIALECT, "title": f"{file} of a protocol for reportgen", **kept}


def _adapt(defs: Schema) -> None:
    """Fit the definitions to what is typed in a file."""
    for name, key in _SET_BY_PROFILES.items():
        del defs[name]["properties"][key]
    for name, keys in _NEEDED_BESIDE_FRAGMENTS.items():
        defs[name]["required"] = keys
    defs["Wording"].pop("required", None)
    defs["Response"] = _response(defs)
    defs["Choice"]["properties"]["response"] = {"$ref": "#/$defs/Response"}


def _response(defs: Schema) -> Schema:
    """What is entered with an answer: an element of one of four kinds, which needs no id and no title."""
    kinds = [kind for kind in KINDS if kind in _RESPONSES]
    properties: Schema = {}
    for kind in kinds:
        properties |= defs[_RESPONSES[kind]]["properties"]
    properties |= {"kind": {"enum": kinds}, "required": {"enum": [True, False, "true", "false", "yes", "no"]}}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": ["kind"]}
