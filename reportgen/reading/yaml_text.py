"""YAML to text values with places, from the parser's events.

Why events: a loader would already have turned `no` into False and `012345` into 5349, dropped twin keys and followed
anchors. Here every scalar is text, and anchors, tags, merge keys, twin keys and deep nesting are refused at their
place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.reading.characters import normal, refused
from reportgen.reading.source import Entry, Items, Mapping, Node, Text
from reportgen.reading.yaml_layout import Layout

DEPTH_LIMIT = 60  # levels: a question below a question takes four in a protocol
NULL = frozenset({"", "~", "null", "Null", "NULL"})  # what a program writes for "nothing"; in quotes it is a word
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LOOKED_BACK = 3  # lines: the parser notices a slip where it can go no further
_BRACES = "put words that begin with a brace in quotes"
_SLIPS = (  # what commonly makes a text malformed, and the next step
    (re.compile(r"^ *\t"), "indent with spaces: YAML knows no tabs"),
    (re.compile(r"(?:^|[:-]\s+|\[\s*|,\s*)\{\{"), _BRACES),
    (
        re.compile(r"(?:[:-]\s+|[\[{,]\s*)'[^']*\w'\w"),
        "write words with an apostrophe in double quotes, or the apostrophe twice",
    ),
    (re.compile(r"^\s*(?:- )?[\w.]+:\s+[^\"'\[{|>#][^#]*?\w: "), "put words that hold a colon in quotes"),
)


def read_yaml(text: str, file: str) -> Mapping:
    """Read one YAML document whose top is a mapping; raises `FindingsError` (E002–E007) with all findings."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _check_characters(text, file)
    reader = _YamlReader(file, Layout(text))
    try:
        node = reader.document(iter(yaml.parse(text, Loader=_LOADER)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        hint = _slip(text, mark.line) if mark else ""
        raise refuse("E006", f"YAML: {_without_values(error.problem)}", place, hint=hint) from None
    except yaml.YAMLError:
        raise refuse("E006", "YAML: the text cannot be read", file) from None
    reader.findings += reader.layout.refused_comments(file)
    if reader.findings:
        raise FindingsError(reader.findings)
    if not isinstance(node, Mapping):
        raise refuse("E006", "the top level is not a mapping of keys to values", Place(file, 1, 1))
    return node


def _check_characters(text: str, file: str) -> None:
    found = refused(text)
    if found:
        code, position, character = found
        line = text.count("\n", 0, position) + 1
        column = position - (text.rfind("\n", 0, position) + 1) + 1
        raise refuse(code, f"{character} is not allowed", Place(file, line, column))


def _slip(text: str, line: int) -> str:
    """The next step for a text that cannot be read at a line (from 0); "" where no slip is known."""
    near = text.split("\n")[max(line - _LOOKED_BACK, 0) : line + 1]
    return next((step for pattern, step in _SLIPS if any(map(pattern.search, near))), "")


def _without_values(problem: str | None) -> str:
    """The parser's complaint, without quotations of the file (they could be a patient's)."""
    words = (problem or "not well-formed").split("'")
    return words[0].strip() if any(len(word) > 3 for word in words[1::2]) else "'".join(words)


class _YamlReader:
    """Builds nodes from events; collects what is refused so that one pass names all of it."""

    def __init__(self, file: str, layout: Layout) -> None:
        self.file = file
        self.layout = layout
        self.findings: list[Finding] = []

    def document(self, events: Iterator[yaml.Event]) -> Node:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                node = self.node(next(events), events, 1)
                self._only_one(events)
                return node
        return Mapping((), Place(self.file, 1, 1))

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        place = self._place(event)
        if depth > DEPTH_LIMIT:
            raise refuse("E007", f"is nested deeper than {DEPTH_LIMIT} levels", place)
        if isinstance(event, yaml.NodeEvent) and event.anchor:  # an alias too has that of its node
            self._find("E003", place, "anchors and aliases are not allowed")
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            self._find("E003", place, "tags are not allowed")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(events, depth, place)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, depth, place)
        return Text("", place, empty=True)  # an alias: already a finding

    def _items(self, events: Iterator[yaml.Event], depth: int, place: Place) -> Items:
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self.node(event, events, depth + 1))
        return Items(tuple(items), place)

    def _mapping(self, events: Iterator[yaml.Event], depth: int, place: Place) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key, Text):
                self._find("E006", key.place, "a key must be a word", hint=_BRACES)
            elif key.text == "<<":
                self._find("E003", key.place, "a merge key is not allowed")
            elif key.text in entries:
                self._find("E002", key.place, f"appears twice; first in line {entries[key.text].place.line}", key.text)
            else:
                entries[key.text] = Entry(key.text, value, key.place)
        return Mapping(tuple(entries.values()), place)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Text:
        text = normal(event.value)
        found = refused(text) if event.style == '"' else None  # only there can an escape bring a character in
        if found:
            self._find(found[0], place, f"{found[2]} is not allowed")
        empty = event.value in NULL and not event.style
        return Text(text, place, empty, self.layout.doubts(event, empty=empty))

    def _only_one(self, events: Iterator[yaml.Event]) -> None:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise refuse("E006", "a second document begins here; one file holds one case", self._place(event))

    def _place(self, event: Any) -> Place:
        start = event.start_mark
        return Place(self.file, start.line + 1, start.column + 1)

    def _find(self, code: str, place: Place, message: str, path: str = "", hint: str = "") -> None:
        self.findings.append(Finding(code, place, path, message, hint))
