"""A case with some of its answers replaced, each by its path."""

from __future__ import annotations

from dataclasses import replace

from reportgen.findings import Finding, FindingsError, did_you_mean, refuse
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, items_at, text_at

_HEAD, _PARTS = "case", "parts"


def changed(case: Mapping, changes: Mapping) -> Mapping:
    """The case with answers replaced by the values under their dotted paths; an empty value takes the answer out.

    A path begins in the first part; `case.` goes before a path of the head, `parts.B.` before one of another part.

    Raises:
        FindingsError: T402 for a path that cannot be followed in this case, or an answer that is not there to take out.
    """
    found: list[Finding] = []
    for entry in changes:
        try:
            case = _with(case, entry)
        except FindingsError as error:
            found += error.findings
    if found:
        raise FindingsError(found)
    return case


def _with(case: Mapping, entry: Entry) -> Mapping:
    first, *rest = entry.key.split(".")
    if first == _HEAD and rest:
        return _put(case, rest, entry)
    parts = items_at(case, _PARTS)
    labels = [text_at(part, "label") for part in parts]
    if first == _PARTS and len(rest) > 1:
        if rest[0] not in labels:
            hint = f"its parts: {', '.join(labels)}"
            raise refuse("T402", "the case has no such part", entry.place, entry.key, hint=hint)
        number, steps = labels.index(rest[0]), rest[1:]
    else:
        number, steps = 0, [first, *rest]
    part = parts[number] if parts else None
    if not isinstance(part, Mapping):
        raise refuse("T402", "the case has no part to change", entry.place, entry.key, hint="give it `parts`")
    items = (*parts[:number], _put(part, steps, entry), *parts[number + 1 :])
    return _replaced(case, _PARTS, Items(items, entry.place))


def _put(node: Mapping, steps: list[str], entry: Entry) -> Mapping:
    key, *rest = steps
    old = node.get(key)
    if rest:
        below = Mapping((), entry.place) if old is None else old
        if not isinstance(below, Mapping):
            hint = f'replace it as a whole: "{entry.key.removesuffix("." + ".".join(rest))}: {{…}}"'
            raise refuse("T402", f"{key} has an answer without details in the case", entry.place, entry.key, hint=hint)
        return _replaced(node, key, _put(below, rest, entry))
    if isinstance(entry.value, Text) and entry.value.empty:
        if old is None:
            hint = did_you_mean(key, [each.key for each in node], otherwise="remove the line")
            raise refuse("T402", "is not in the case, so it cannot be taken out", entry.place, entry.key, hint=hint)
        return replace(node, entries=tuple(each for each in node if each.key != key))
    return _replaced(node, key, entry.value, entry)


def _replaced(node: Mapping, key: str, value: Node, by: Entry | None = None) -> Mapping:
    """The mapping with another value under a key, in the key's old place if it was there."""
    made = Entry(key, value, by.place if by else node.place_of(key))
    if node.get(key) is None:
        return replace(node, entries=(*node.entries, made))
    return replace(node, entries=tuple(made if each.key == key else each for each in node))
