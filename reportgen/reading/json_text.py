"""JSON to text values with places; numbers keep the digits they were written with.

Why not `json.loads`: it keeps no places, turns 1.10 into 1.1 and lets the last of two twin keys win. The standard
library still checks the syntax and decodes the strings.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed does not list it

from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.reading.characters import normal, refused
from reportgen.reading.source import Doubt, Entry, Items, Mapping, Node, Text
from reportgen.reading.yaml_text import DEPTH_LIMIT

_SPACE = re.compile(r"[ \t\r\n]*")
_BARE = re.compile(r"-?[0-9][0-9.eE+-]*|true|false|null|NaN|-?Infinity")
# A string that is not closed runs to the end of the text, once.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
_TRAILING = re.compile(r",[ \t\r\n]*(?=[}\]])")
_MALFORMED = {
    "Expecting property name": "a key in double quotes is expected here",
    "Expecting value": "a value is expected here (a text in double quotes, a number, an object or a list)",
    "Expecting ':'": "a colon is expected here, between the key and its value",
    "Expecting ','": "a comma or a closing bracket is expected here",
    "Extra data": "the object has ended, and more follows",
    "Unterminated string": "the text that begins here has no closing quotation mark",
    "Invalid control character": "a text contains a line break or control character; write \\n for a line break",
    "Invalid \\": "a backslash precedes a character that cannot be escaped; write it twice",
}


def read_json(text: str, file: str) -> Mapping:
    """Read a JSON object; raises `FindingsError` (E002, E004–E007) with all findings."""
    reader = _JsonReader(text, file)
    reader.check_depth()
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise reader.malformed(error) from None
    node, _ = reader.node(0)
    if reader.findings:
        raise FindingsError(reader.findings)
    if not isinstance(node, Mapping):
        raise refuse("E006", "the top level is not an object", Place(file, 1, 1))
    return node


class _JsonReader:
    """Walks text that is known to be well-formed JSON."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.findings: list[Finding] = []
        self.starts = [0] + [match.end() for match in re.finditer("\n", text)]

    def check_depth(self) -> None:
        depth = 0
        for match in _STRING_OR_BRACKET.finditer(self.text):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
            if depth > DEPTH_LIMIT:
                raise refuse("E007", f"is nested deeper than {DEPTH_LIMIT} levels", self._place(match.start()))

    def malformed(self, error: json.JSONDecodeError) -> FindingsError:
        """The standard library's complaint in our own words, which are the same under every version of Python."""
        position = error.pos
        if comma := _TRAILING.match(self.text, position):  # 3.13 names the comma, versions before it what follows
            position = comma.end()
        before = self.text[:position].rstrip()
        if before.endswith(",") and self.text[position : position + 1] in ("}", "]"):
            message = "a comma precedes the closing bracket"
        else:
            message = next((ours for theirs, ours in _MALFORMED.items() if error.msg.startswith(theirs)), "")
        return refuse("E006", f"JSON: {message or 'it is not well-formed here'}", self._place(position))

    def node(self, position: int) -> tuple[Node, int]:
        start = self._skip(position)
        match self.text[start]:
            case "{":
                return self._mapping(start)
            case "[":
                return self._items(start)
            case '"':
                return self._string(start)
        word = found.group() if (found := _BARE.match(self.text, start)) else ""
        if word.endswith(("NaN", "Infinity")):
            self.findings.append(Finding("E006", self._place(start), "", "JSON: NaN and Infinity are not numbers"))
        doubts = () if word == "null" else (Doubt.logical if word in ("true", "false") else Doubt.number,)
        return Text("" if word == "null" else word, self._place(start), word == "null", doubts), start + len(word)

    def _mapping(self, start: int) -> tuple[Mapping, int]:
        entries: dict[str, Entry] = {}
        position = self._skip(start + 1)
        while self.text[position] != "}":
            key, position = self._string(self._skip(position))
            value, position = self.node(self._skip(position) + 1)
            if key.text in entries:
                message = f"appears twice; first in line {entries[key.text].place.line}"
                self.findings.append(Finding("E002", key.place, key.text, message))
            else:
                entries[key.text] = Entry(key.text, value, key.place)
            position = self._past_comma(position)
        return Mapping(tuple(entries.values()), self._place(start)), position + 1

    def _items(self, start: int) -> tuple[Items, int]:
        items: list[Node] = []
        position = self._skip(start + 1)
        while self.text[position] != "]":
            item, position = self.node(position)
            items.append(item)
            position = self._past_comma(position)
        return Items(tuple(items), self._place(start)), position + 1

    def _string(self, start: int) -> tuple[Text, int]:
        value, end = scanstring(self.text, start + 1, True)
        place = self._place(start)
        text = normal(value)
        found = refused(text)
        if found:
            self.findings.append(Finding(found[0], place, "", f"{found[2]} is not allowed"))
            text = ""
        return Text(text, place), end

    def _past_comma(self, position: int) -> int:
        position = self._skip(position)
        return self._skip(position + 1) if self.text[position] == "," else position

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def _place(self, position: int) -> Place:
        line = bisect_right(self.starts, position)
        return Place(self.file, line, position - self.starts[line - 1] + 1)
