"""A laboratory's wording laid over the built-in one, clause by clause, by id.

Why by id and never by a copied file: what a laboratory writes then says only what differs, and it is told at once when
a clause it changes is no longer there.
"""

from __future__ import annotations

from dataclasses import replace

from reportgen.findings import Finding, FindingsError, did_you_mean, refuse
from reportgen.reading.source import Entry, Items, Mapping, Node, Text


def lay_over(wording: Mapping, override: Mapping) -> Mapping:
    """The wording with the fields that `override` gives for clauses: `comment.extent.deep_involved: {say: …}`.

    Raises:
        FindingsError: T402 for an id that is not there.
    """
    wanted = {entry.key: entry for entry in override}
    seen: list[str] = []

    def laid(node: Node, name: str) -> Node:
        """Replace the clauses of one statement, or of each statement of a list."""
        if isinstance(node, Items):
            return replace(node, items=tuple(laid(item, f"{name}.{id_of(item)}") for item in node.items))
        clauses = node.get("clauses") if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping) or not isinstance(clauses, Items):
            return node
        return _with(node, "clauses", replace(clauses, items=tuple(one(item, name) for item in clauses.items)))

    def one(clause: Node, name: str) -> Node:
        full = f"{name}.{id_of(clause)}"
        seen.append(full)
        fields = wanted.pop(full, None)
        if fields is None or not isinstance(clause, Mapping):
            return clause
        if not isinstance(fields.value, Mapping):
            raise refuse("T401", "holds fields of the clause", fields.place, full, hint="write {say: …}")
        for entry in fields.value:
            clause = _with(clause, entry.key, entry.value)
        return clause

    entries = tuple(entry._replace(value=laid(entry.value, entry.key)) for entry in wording)
    if wanted:
        raise FindingsError(_unknown(entry, seen) for entry in wanted.values())
    return replace(wording, entries=entries)


def id_of(node: Node) -> str:
    """The `id` of a mapping, or ""."""
    found = node.get("id") if isinstance(node, Mapping) else None
    return found.text if isinstance(found, Text) else ""


def _unknown(entry: Entry, known: list[str]) -> Finding:
    hint = did_you_mean(entry.key, known, otherwise="see `reportgen explain` for the ids of clauses")
    return Finding("T402", entry.place, entry.key, "is not the id of a clause", hint)


def _with(node: Mapping, key: str, value: Node) -> Mapping:
    kept = tuple(entry for entry in node.entries if entry.key != key)
    return replace(node, entries=(*kept, Entry(key, value, value.place)))
