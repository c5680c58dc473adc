"""Plain data as YAML in the one form in which the program writes protocols: the same data always gives the same bytes.

What fits is written in one line, and long texts are folded. Every scalar is text to the reader; quotes are set where
another reader would take the text for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

_WIDTH = 120
_WORD = 60  # characters: what is longer has a line of its own
_NUMBERS = frozenset({"minimum", "maximum", "number", "dimensions", "decimals", "rounded", "units"})
"""The keys of protocols that hold numbers."""
_PLAIN = re.compile(r"[\w(<](?:[^\x00-\x1f]*[^\s:])?")
_OF_FLOW = re.compile(r"[,:\[\]{}]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LIKE_NUMBER = re.compile(r"[0-9][0-9_.,:eExXobB+-]*")  # also a day
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def written(data: dict[str, object], *, of_cases: bool = False) -> str:
    """The text of a file. In a file `of_cases` no text is folded, and every number is in quotes."""
    return "\n".join(_Writer(of_cases).mapping(data, "")) + "\n" if data else "{}\n"


def in_line(value: object) -> str:
    """A value in one line, as a cell or a list has it."""
    return _Writer(of_cases=False).flow(value)


class _Writer:
    def __init__(self, of_cases: bool) -> None:
        self.of_cases = of_cases

    def mapping(self, data: dict[str, object], indent: str) -> Iterator[str]:
        for key, value in data.items():
            name = f"{indent}{_text(key, flow=True)}:"
            yield from self.value(name, key, value, indent)

    def value(self, name: str, key: str, value: object, indent: str) -> Iterator[str]:
        """The lines of a value behind the name of its key."""
        line = f"{name} {self.flow(value, key, inside=False)}".rstrip()
        broken = isinstance(value, str) and "\n" in value
        if len(line) <= _WIDTH and not broken:
            yield line
        elif isinstance(value, dict):
            yield name
            yield from self.mapping(value, indent + "  ")
        elif isinstance(value, list):
            yield name
            yield from self.filled(value, indent + "  ") or self.items(value, indent + "  ")
        elif isinstance(value, str) and not self.of_cases and (lines := _lines(value, len(indent) + 2)):
            yield f"{name} {'|-' if broken else '>-'}"
            yield from (f"{indent}  {each}" if each else "" for each in lines)
        else:
            yield line

    def filled(self, items: Sequence[object], indent: str) -> list[str]:
        """The lines of a list of words; none where one of them needs a line of its own."""
        lines = [f"{indent}["]
        for number, item in enumerate(items, start=1):
            word = self.flow(item) + ("," if number < len(items) else "]")
            if not isinstance(item, str) or len(word) > _WORD:
                return []
            space = " " * (not lines[-1].endswith("["))
            if len(f"{lines[-1]}{space}{word}") > _WIDTH:
                lines.append(f"{indent} {word}")
            else:
                lines[-1] += f"{space}{word}"
        return lines

    def items(self, items: Sequence[object], indent: str) -> Iterator[str]:
        for item in items:
            line = f"{indent}- {self.flow(item, inside=False)}"
            lines = [line]
            if len(line) > _WIDTH and item:
                if isinstance(item, dict):
                    lines = list(self.mapping(item, indent + "  "))
                elif isinstance(item, list):
                    lines = list(self.items(item, indent + "  "))
            yield f"{indent}- {lines[0][len(indent) + 2 :]}"
            yield from lines[1:]

    def flow(self, value: object, key: str = "", *, inside: bool = True) -> str:
        """A value in one line; `inside` a list or a mapping more texts need quotes."""
        if isinstance(value, dict):
            above = key if key == "units" else ""
            pairs = (f"{_text(name, flow=True)}: {self.flow(each, above or name)}" for name, each in value.items())
            return f"{{{', '.join(pairs)}}}"
        if isinstance(value, list):
            return f"[{', '.join(self.flow(each) for each in value)}]"
        if value is None:
            return "" if key else "~"
        text = str(value)
        if not self.of_cases and (text in ("true", "false") or (key in _NUMBERS and _NUMBER.fullmatch(text))):
            return text
        return _text(text, flow=inside)


def _text(text: str, *, flow: bool) -> str:
    """A text, in quotes where it needs them."""
    plain = _PLAIN.fullmatch(text) and ": " not in text and " #" not in text
    if not plain or (flow and _OF_FLOW.search(text)) or text.lower() in _WORDS or _LIKE_NUMBER.fullmatch(text):
        return json.dumps(text, ensure_ascii=False)
    return text


def _lines(text: str, indent: int) -> list[str]:
    """The lines of a text with line breaks, or of a long one that is folded; none where it must stay in quotes."""
    if "\n" in text:
        return text.split("\n") if text.strip() == text and not re.search(r"[ \t]\n", text) else []
    lines = wrap(text, _WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    return lines if len(lines) > 1 and " ".join(lines) == text else []
