"""What YAML drops or joins silently: comments right behind a value, and the lines of a value, which become one.

In a plain value, YAML reads ` #` as the beginning of a comment ("skin lesion #2 left arm" is read as "skin lesion"),
and it joins the lines of every value that does not begin with `|`. The parser's events show neither; the source
between them does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from reportgen.findings import Finding, Place
from reportgen.reading.source import Doubt

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#", re.MULTILINE)
_BEHIND = re.compile(r"(?P<between>[ \t\n]*)#(?P<words>[^\n]*)")
_WORDS = re.compile(r"#[^\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+#[ \t]*[^ \t\n]")
_INDENTATION = re.compile(r" *(?:- +)*")
_WIDTHS = (72, 80, 100, 120)  # columns at which editors and programs end the lines of a text
_PROSE = 40  # characters; no one wraps a text into shorter lines


class Layout:
    """The source text beside the parser's events; the line feed is its only line end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._comments = "#" in text
        self._spans: list[tuple[int, int]] = []  # of values and keys, in order

    def doubts(self, event: Any, *, empty: bool) -> tuple[Doubt, ...]:
        """What may be wrong with one scalar; to be asked for each, in the order of the source."""
        start, end = event.start_mark.index, event.end_mark.index
        found: list[Doubt] = []
        if self._comments:
            block = event.style in ("|", ">")  # whose first line may hold a comment
            head = self._text.find("\n", start, end) if block else start
            self._spans.append((head if head >= 0 else end, end))
            if not empty and self._cut(start, end, event.style):
                found.append(Doubt.cut)
        if event.end_mark.line > event.start_mark.line and (joined := self._joined(start, end, event)):
            found.append(joined)
        return tuple(found)

    def _cut(self, start: int, end: int, style: str | None) -> bool:
        """Whether a comment behind a value may have been meant as part of it.

        Two spaces before `# ` make it a comment beyond doubt, as in the starter of a case, unless a number follows.
        """
        block = style in ("|", ">")
        if block and _HEADER.match(self._text, start):
            return True
        found = _BEHIND.match(self._text, end)
        if not found or not found["words"].strip():
            return False
        between, words = found["between"], found["words"]
        if "\n" in between or (block and self._text[end - 1 : end] == "\n"):
            indented = found.start("words") - 1 - self._line(found.start("words"))
            return indented > self._indentation(start)
        return not style and (len(between) == 1 or words.lstrip()[:1].isdigit())

    def _line(self, position: int) -> int:
        """Where the line of a position begins."""
        return self._text.rfind("\n", 0, position) + 1

    def _indentation(self, position: int) -> int:
        """The column of what the line of a position begins with, dashes of lists left aside."""
        found = _INDENTATION.match(self._text, self._line(position))
        return found.end() - found.start() if found else 0

    def _joined(self, start: int, end: int, event: Any) -> Doubt | None:
        """Whether lines of a value became one."""
        if event.style == "|":
            return None
        lines = self._text[start:end].split("\n")
        if event.style == ">":
            written = [line.strip() for line in lines[1:]]
            kept = sum(bool(line.strip()) for line in event.value.split("\n"))
            return Doubt.folded if sum(map(bool, written)) > kept and not _wrapped(written) else None
        if event.style:
            lines = "\n".join(lines)[1:-1].split("\n")
            lines[0] = " " + lines[0]  # in place of the quotation mark, so that columns can be counted
        lines[0] = " " * (start - self._line(start)) + lines[0]
        pairs = pairwise(lines)  # a backslash at the end of a line asks for it to be joined
        breaks = [
            (one.rstrip(), two.split()[0]) for one, two in pairs if one.strip() and two.strip() and one[-1] != "\\"
        ]
        if not breaks:
            return None
        filled = any(all(_ended_by(width, line, word) for line, word in breaks) for width in _WIDTHS)
        return Doubt.folded if filled else Doubt.joined

    def refused_comments(self, file: str) -> Iterator[Finding]:
        """Remarks that begin in a line of data, with no space behind the `#` (E020)."""
        past = 0
        starts = [start for start, _ in self._spans]
        for match in _COMMENT.finditer(self._text) if self._comments else ():
            position, line = match.start(), self._line(match.start())
            index = bisect_right(starts, position) - 1
            if position < past or (index >= 0 and position < self._spans[index][1]):
                continue
            words = _WORDS.match(self._text, position)
            past = words.end() if words else position
            alone = not self._text[line:position].strip() and not (index >= 0 and self._below(index, position))
            if not alone and self._text[position + 1 : position + 2].strip():
                place = Place(file, self._text.count("\n", 0, position) + 1, position - line + 1)
                yield Finding("E020", place, "", "begins a comment in YAML, so what follows is lost")

    def _below(self, index: int, position: int) -> bool:
        """Whether a comment line directly follows a value and is indented deeper than the value's key."""
        start, end = self._spans[index]
        found = _BEHIND.match(self._text, end) if end > start else None
        below = found is not None and found.start("words") - 1 == position
        return below and position - self._line(position) > self._indentation(start)


def _wrapped(lines: list[str]) -> bool:
    """Whether lines look like one text that was wrapped: no line has room for the first word of the next."""
    width = max(map(len, lines), default=0)
    natural = all(len(one) + 1 + len(two.split()[0]) > width for one, two in pairwise(lines) if one and two)
    return natural and width >= _PROSE


def _ended_by(width: int, line: str, following: str) -> bool:
    """Whether a width explains the end of a line: the next word has no room in it, or the last one crosses it."""
    before = len(line.rpartition(" ")[0])
    return before <= width < len(line) or len(line) <= width < len(line) + 1 + len(following)
