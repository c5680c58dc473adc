"""The JSON Schemas of the files of a protocol, so that an editor completes keys and words while one is typed."""

from __future__ import annotations

from reportgen.laboratory.own_protocols import FILES
from reportgen.protocols.elements import KINDS, Choice
from reportgen.protocols.fragments import CHANGE, USE
from reportgen.protocols.model import Form, Judgement, Wording
from reportgen.reading.model_schema import Schema, model_schema

FRAGMENT = "fragment.yaml"
_NEEDED = ["id", "version", "title", "summary"]
_CHANGED = ("elements", "wording", "advisories", "thresholds", "facts")
_SET_BY_PROFILES = {"Choice": "added", "Clause": "silent", "ChoiceElement": "usual"}  # no file says them
_NEEDED_BESIDE_FRAGMENTS = {"FormSection": ["id"], "Statement": ["id", "clauses"]}  # a fragment may have the rest
_OBJECT: Schema = {"type": "object"}
_RESPONSES = {"text": "TextElement", "quantity": "QuantityElement", "count": "CountElement", "date": "DateElement"}


def protocol_schema(file: str) -> Schema:
    """The schema of `protocol.yaml`, of `wording.yaml`, or of a fragment."""
    defs = _defs()
    if file == FILES[1]:
        return {**_of(Wording, file), "$defs": defs}
    judged = _of(Judgement, file)["properties"]
    properties: Schema = {**_of(Form, file)["properties"], **judged, "wording": {"$ref": "#/$defs/Wording"}}
    if file == FRAGMENT:
        return {**_of(Form, file), "properties": properties, "required": [], "$defs": defs}
    words: Schema = {"type": "array", "items": {"type": "string"}, "description": "fragments, in order"}
    changes: Schema = {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(_CHANGED, _OBJECT)}
    properties |= {USE: words, CHANGE: changes}
    whole = [{"required": [USE]}, {"required": ["sections", "sources"]}]
    return {**_of(Form, file), "properties": properties, "required": _NEEDED, "anyOf": whole, "$defs": defs}


def _of(model: type[Form | Judgement | Wording], file: str) -> Schema:
    made = dict(model_schema(model, f"{file} of a protocol for reportgen"))
    made.pop("description", None)
    return {key: value for key, value in made.items() if key not in ("$defs", "required")}


def _defs() -> Schema:
    """Everything that files of protocols are made of, by the name of its type."""
    defs: Schema = {}
    for model in (Form, Judgement, Choice):
        defs |= model_schema(model, "")["$defs"]
    for name, key in _SET_BY_PROFILES.items():
        del defs[name]["properties"][key]
    for name, keys in _NEEDED_BESIDE_FRAGMENTS.items():
        defs[name]["required"] = keys
    defs["Wording"].pop("required", None)
    defs["Response"] = _response(defs)
    defs["Choice"]["properties"]["response"] = {"$ref": "#/$defs/Response"}
    return defs


def _response(defs: Schema) -> Schema:
    """What is entered with an answer: an element of one of four kinds, which needs no id and no title."""
    kinds = [kind for kind in KINDS if kind in _RESPONSES]
    properties: Schema = {}
    for kind in kinds:
        properties |= defs[_RESPONSES[kind]]["properties"]
    properties |= {"kind": {"enum": kinds}, "required": {"enum": [True, False, "true", "false", "yes", "no"]}}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": ["kind"]}
