"""Thresholds: numbers that a protocol states once and that its conditions and remarks name."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from reportgen.findings import Finding
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, items_at, text_at

_TEXTS = frozenset({"when", "met", "unmet", "applies_when", "required_when", "say"})
_PRINTED = re.compile(r"\{\{\s*thresholds\.([A-Za-z][A-Za-z0-9_-]*)\s*\}\}")
_NAMED = re.compile(r"\bthresholds\.([A-Za-z][A-Za-z0-9_]*)")


def fill_in(source: Mapping) -> Mapping:
    """The protocol with the numbers in place of their names; a name that there is not stays, and is found later."""
    values = {id: text for id, _, text in _thresholds(source)}
    if not values:
        return source
    filled = _filled(source, values, key="")
    assert isinstance(filled, Mapping)  # noqa: S101 - a mapping stays one
    return filled


def check_thresholds(source: Mapping) -> list[Finding]:
    """T412 for each threshold that lies outside the range its protocol gives it."""
    findings = []
    for id, node, text in _thresholds(source):
        bounds = [node.get(key) for key in ("minimum", "maximum")]
        try:
            low, high = (Decimal(bound.text) if isinstance(bound, Text) else Decimal(0) for bound in bounds)
            inside = low <= Decimal(text) <= high
        except InvalidOperation:
            continue  # the shape of the protocol tells
        if not inside:
            hint = f"a laboratory may set it from {low} to {high}"
            findings.append(Finding("T412", node.place_of("number"), f"thresholds.{id}", "is outside its range", hint))
    return findings


def _thresholds(source: Mapping) -> list[tuple[str, Mapping, str]]:
    items = (item for item in items_at(source, "thresholds") if isinstance(item, Mapping))
    found = [(text_at(item, "id"), item, text_at(item, "number")) for item in items]
    return [(id, item, number) for id, item, number in found if id and number]


def _filled(node: Node, values: dict[str, str], key: str) -> Node:
    if isinstance(node, Text):
        text = node.text
        if key not in _TEXTS or "thresholds." not in text:
            return node
        for pattern in (_PRINTED, _NAMED):
            text = pattern.sub(lambda match: values.get(match.group(1), match.group()), text)
        return node._replace(text=text)
    if isinstance(node, Items):
        return Items(tuple([_filled(item, values, key) for item in node.items]), node.place)
    entries = [
        each
        if isinstance(each.value, Text) and each.key not in _TEXTS
        else Entry(each.key, _filled(each.value, values, each.key), each.place)
        for each in node.entries
    ]
    return Mapping(tuple(entries), node.place)
