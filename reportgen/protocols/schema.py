"""A form as JSON Schema, so that an editor completes keys and answers while a case file is typed."""

from __future__ import annotations

from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import ChoiceElement, CountElement, DateElement, ElementBase, NoteElement
from reportgen.protocols.slots import Slot

Schema = dict[str, object]
_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}


def case_schema(header: CompiledForm, made: Compiled) -> Schema:
    """The schema of case files whose parts use this protocol."""
    words = {"type": "object", "additionalProperties": {"type": "string"}}
    part = {
        "label": {"type": "string", "description": "as on the container: A, B …, 1, 2 …, a, b …"},
        "protocol": {"const": made.protocol.id},
        "received_as": {**_TEXT, "description": "the label on the container, word for word"},
        "acknowledge": {**words, "description": "stops, by id, each with a reason"},
        "override": {**words, "description": "the pathologist's own words in place of composed ones"},
        **_properties(made, ""),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Case for reportgen, protocol {made.protocol.id} {made.protocol.version}",
        "type": "object",
        "required": ["accession", "patient", "parts"],
        "additionalProperties": False,
        "properties": {
            "protocol": {"const": made.protocol.id},
            **_properties(header, ""),
            "acknowledge": words,
            "override": words,
            "parts": {"type": "array", "minItems": 1, "items": _object(part, ["label"])},
        },
    }


def _properties(form: CompiledForm, above: str) -> Schema:
    children = form.children.get(above, {}).items()
    return {key: _slot(form, slot) for key, slot in children if not isinstance(slot.element, NoteElement)}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": properties,
        **({"required": required} if required else {}),
    }


def _slot(form: CompiledForm, slot: Slot) -> Schema:
    element = slot.element
    usual = form.usual.get(slot.path)
    help = "; ".join(filter(None, (element.help, usual.note if usual else "")))
    described = {"title": element.title, **({"description": help} if help else {})}
    described |= {"$comment": element.foreign_id} if element.foreign_id else {}
    if slot.is_group:
        inside = _object(_properties(form, slot.path))
        return {**described, **({"type": ["array", "null"], "items": inside} if slot.repeats else inside)}
    value = _value(element)
    main = ["result", *(["count"] if isinstance(element, CountElement) else [])]
    own = dict.fromkeys(main, value) | {"reason": _TEXT, "text": _TEXT}
    if isinstance(element, CountElement):
        own["per"] = {"enum": list(element.per)}
    detailed = _object({**own, **_properties(form, slot.path)})
    return {**described, "anyOf": [value, detailed]}


def _value(element: ElementBase) -> Schema:
    if isinstance(element, ChoiceElement):
        words = [choice.id for choice in element.choices]
        one: Schema = {"anyOf": [{"enum": [*words, None]}, *_undetermined(element)]}
        return {"anyOf": [one, {"type": "array"}]} if element.multiple else one
    if isinstance(element, DateElement):
        day = r"^\d{4}(-\d{2}(-\d{2})?)?$" if element.coarse else r"^\d{4}-\d{2}-\d{2}$"
        dated: Schema = {"type": ["string", "null"], "pattern": day}
        return {"anyOf": [dated, *_undetermined(element)]} if element.undetermined else dated
    return _TEXT


def _undetermined(element: ElementBase) -> list[Schema]:
    return [{"type": "string", "pattern": rf"^{element.undetermined}( \(.+\))?$"}] if element.undetermined else []
