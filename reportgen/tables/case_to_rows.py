"""A case as a row: nested data to element paths with their texts, one row for each part.

This is the way into a table; `reportgen.tables.bind_headings` is the way back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SEPARATOR = "|"  # between the answers of a multiple choice, in one cell
_MAIN = ("result", "count")  # the answer itself, where it has details
_OF_PART = ("protocol", "acknowledge", "override")  # what a case of one part, or of one protocol, says at its top


def flatten(data: Mapping[str, object]) -> dict[str, str]:
    """The texts of one level of case data by path: `{deep: {result: a, location: b}}` → `deep`, `deep.location`.

    What is empty is left out.

    Raises:
        ValueError: for a list of answers of which two have words of their own: one cell cannot hold them.
    """
    return dict(_texts(data, "", main=False))


def part_rows(case: Mapping[str, Any]) -> list[dict[str, str]]:
    """One row for each part of a case: the header, which all rows repeat, and what was entered for the part."""
    above = flatten({key: value for key, value in case.items() if key not in ("parts", *_OF_PART)})
    parts = case.get("parts") or []
    shared = {key: case[key] for key in (_OF_PART if len(parts) == 1 else _OF_PART[:1]) if case.get(key)}
    filled = ({key: value for key, value in part.items() if value not in (None, "")} for part in parts)
    return [{**above, **flatten({**shared, **part})} for part in filled]


def _texts(node: object, path: str, *, main: bool) -> Iterator[tuple[str, str]]:
    """Path and text of every scalar; with `main`, the answer itself has the path of its element."""
    if node is None or node == "":
        return
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _texts(value, path if main and key in _MAIN else f"{path}.{key}".lstrip("."), main=True)
    elif not isinstance(node, list | tuple):
        yield path, str(node)
    elif any(not isinstance(item, Mapping) or "text" in item for item in node):
        yield from _answers(node, path)
    else:
        for number, item in enumerate(node, start=1):
            yield from _texts(item, f"{path}.{number}", main=False)


def _answers(items: Sequence[object], path: str) -> Iterator[tuple[str, str]]:
    """The answers of a multiple choice in one cell, the words of a fill-in beside them."""
    answers = [item.get("result") if isinstance(item, Mapping) else item for item in items]
    words = [item["text"] for item in items if isinstance(item, Mapping) and item.get("text")]
    if len(words) > 1:
        raise ValueError(f"{path} has words of its own for two answers, which one cell cannot hold")
    yield path, SEPARATOR.join(str(answer) for answer in answers if answer)
    yield from ((f"{path}.text", str(text)) for text in words)
