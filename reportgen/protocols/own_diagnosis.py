"""A protocol without wording: its reports have its title, the synopsis, and the pathologist's own diagnosis."""

from __future__ import annotations

from reportgen.reading.source import Entry, Items, Mapping, Node, Text, text_at

OWN_DIAGNOSIS = "protocols/own-diagnosis.yaml"
_TITLE = "{{ protocol.title }}"
_WORDING = "wording"


def lacking(protocol: Mapping) -> frozenset[str]:
    """What the wording of a protocol must say and does not."""
    wording = protocol.get(_WORDING)
    said = [entry.key for entry in wording] if isinstance(wording, Mapping) else []
    return frozenset({"header", "diagnosis"} - set(said))


def lent(fragment: Mapping, protocol: Mapping) -> Mapping:
    """What the fragment lends to a protocol: what its wording lacks, with its title."""
    wanted = lacking(protocol)
    wording = fragment.get(_WORDING)
    entries = [entry for entry in wording if entry.key in wanted] if isinstance(wording, Mapping) else []
    title = text_at(protocol, "title")
    kept = [entry for entry in fragment if entry.key != _WORDING]
    made = Mapping(tuple(Entry(each.key, _titled(each.value, title), each.place) for each in entries), fragment.place)
    return Mapping((*kept, Entry(_WORDING, made, fragment.place)), fragment.place)


def _titled(node: Node, title: str) -> Node:
    if isinstance(node, Text):
        return node._replace(text=node.text.replace(_TITLE, title))
    if isinstance(node, Items):
        return Items(tuple(_titled(item, title) for item in node.items), node.place)
    return Mapping(tuple(Entry(each.key, _titled(each.value, title), each.place) for each in node), node.place)
