"""Macros: words for usual answers. A protocol that has some asks for one, as it asks for everything else.

The question is put in front of the form. So case files, tables and the sign-out desk take a macro as they take any
answer of a list, and need no words of their own for it.
"""

from __future__ import annotations

from dataclasses import replace

from reportgen.findings import Place
from reportgen.protocols.slots import Slot
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, items_at, text_at

MACRO = "macro"
"""The id of the question."""
_SECTION = "macros"  # which holds it
_HELP = "gives its answers where you enter none; what you enter counts; the report names the answers that it gave"


def with_question(protocol: Mapping) -> Mapping:
    """The protocol with a section in front that asks for one of its macros; the same where it has none."""
    macros = tuple(each for each in items_at(protocol, "macros") if isinstance(each, Mapping))
    sections = protocol.get("sections")
    if not macros or not isinstance(sections, Items):
        return protocol
    place = protocol.place_of("macros")
    choices = Items(tuple(map(_choice, macros)), place)
    words = {"id": MACRO, "kind": "choice", "title": "Macro", "other": "false", "chapter": "none", "help": _HELP}
    question = _mapping({**words, "choices": choices, "source": _sources(macros, place)}, place)
    section = _mapping({"id": _SECTION, "title": "Macro", "elements": Items((question,), place)}, place)
    asked = replace(sections, items=(section, *sections.items))
    entries = (each._replace(value=asked) if each.key == "sections" else each for each in protocol)
    return replace(protocol, entries=tuple(entries))


def asks_macro(slot: Slot) -> bool:
    """Whether an element asks for a macro."""
    return slot.path == MACRO and slot.section == _SECTION


def _choice(macro: Mapping) -> Mapping:
    """The answer by which a macro is picked; what else a macro says is no matter of the form."""
    id, title = text_at(macro, "id"), text_at(macro, "title")
    key = text_at(macro, "key")
    return _mapping({"id": id, "title": f"{id}: {title}", **({"key": key} if key else {})}, macro.place)


def _sources(macros: tuple[Mapping, ...], place: Place) -> Mapping:
    """Where the macros come from, each source once: it is checked as that of the question."""
    named = (source for macro in macros if isinstance(source := macro.get("source"), Mapping))
    return Mapping(tuple({entry.key: entry for source in named for entry in source}.values()), place)


def _mapping(values: dict[str, str | Node], place: Place) -> Mapping:
    nodes = ((key, Text(value, place) if isinstance(value, str) else value) for key, value in values.items())
    return Mapping(tuple(Entry(key, node, place) for key, node in nodes), place)
