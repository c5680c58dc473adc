"""The rows of a plain text: its lines, in columns where two or more spaces, a tab or a leader of dots part them."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from reportgen.findings import Place
from reportgen.lint.rows import Row, columns, in_capitals, plain

LABEL_INDENT = 8  # columns; what begins further to the right goes on with an answer
_RULE = re.compile(r"[\s=\-_*~#+|]{3,}")
_MARKDOWN = re.compile(r"#{1,6}\s+")
_TAB = 8


def rows(data: bytes, name: str) -> Iterator[Row]:
    """The rows of a text file that has something on each line."""
    lines = re.split(r"\r\n|[\n\r\f]", _decoded(data))
    for number, line in enumerate(lines, start=1):
        if not line.strip() or _RULE.fullmatch(line):
            continue
        below = lines[number] if number < len(lines) else ""
        is_underlined = len(below.strip()) > 2 and _RULE.fullmatch(below) is not None
        marked = _MARKDOWN.match(line)
        place = Place(name, number, 1)
        if marked or is_underlined or in_capitals(plain(line)):
            yield Row(place, (plain(line[marked.end() if marked else 0 :]),), heading=True)
        else:
            text = line.expandtabs(_TAB)
            deep = len(text) - len(text.lstrip(" ")) > LABEL_INDENT
            yield Row(place, columns(line), deep=deep)


def _decoded(data: bytes) -> str:
    """The text of a file in the encodings that laboratories export; a letter read wrongly changes no form."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
