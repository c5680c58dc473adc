"""What the rows of a report are: headings, parts, pairs of a label and a response, and prose.

A pair is recognized by its shape, whatever system printed it: `Label: response`, `Label ..... response`, two or four
columns, a bullet before the label, or the response on the row below the label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from reportgen.findings import Place
from reportgen.lint.rows import Row

_BULLET = re.compile(r"(?:[•●○◦▪■□☐☑✓*·–—-]|\(?[0-9]{1,2}[.)]|o(?= ))\s*(?=\S)")
_PART = re.compile(
    r"(?:(?:part|specimen)\s+)?\(?[A-Z]{1,2}[.):]\s+\S|(?:part|specimen)\s+[A-Z0-9]{1,2}\b", re.IGNORECASE
)
_CONTINUED = re.compile(r"\(cont(?:inued|'d|\.)?\)\s*$", re.IGNORECASE)
_LABELED = re.compile(r"([^\s:][^:]{0,59}?)\s*:(?:\s+|$)(.*)", re.DOTALL)
_NEXT = re.compile(r"([;,.|])\s*([A-Z][\w /()-]{1,40}):\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*$")
_LABEL_WORDS, _FEW, _MANY = 8, 5, 12  # words of a label at most; of a sentence at least; of a line that must be prose


class Kind(Enum):
    """What a row is."""

    heading = auto()
    part = auto()
    pair = auto()
    prose = auto()
    other = auto()


@dataclass
class Entry:
    """A heading, the name of a part, a pair or a piece of prose, at its place.

    Attributes:
        kind: what it is.
        place: where it begins.
        text: the words of a heading or of prose; the response of a pair.
        label: the label of a pair.
        crowded: whether it is a pair on a line of text that holds another.
        aside: whether it is a pair in columns, whose label may go on below.
    """

    kind: Kind
    place: Place
    text: str
    label: str = ""
    crowded: bool = False
    aside: bool = False


def entries(rows: Iterable[Row], is_element: Callable[[str], bool]) -> list[Entry]:
    """The entries of a report in reading order; `is_element` knows a label even where nothing marks it as one."""
    found: list[Entry] = []
    for row in rows:
        last = found[-1] if found else None
        made = list(_of(row, is_element))
        waits = last is not None and last.kind is Kind.pair and not last.text
        if last is not None and _wraps(row, last):
            last.label += f" {row.cells[0]}"
            last.text = " ".join((last.text, *row.cells[1:]))
        elif last is not None and waits and _answers(row, made, is_element):
            last.text = row.text
        elif last is not None and _goes_on(row, made, last):
            last.text = f"{last.text} {row.text}"
        else:
            found += made
    return found


def _of(row: Row, is_element: Callable[[str], bool]) -> Iterator[Entry]:
    text = unbulleted(row.text)
    if row.heading and not _CONTINUED.search(text):
        yield Entry(Kind.part if _PART.match(text) else Kind.heading, row.place, text)
    elif len(row.cells) > 1 and (row.table or not row.deep):
        yield from _in_columns(row, is_element)
    elif labeled := _labeled(text):
        yield from _pairs([labeled], row, is_element)
    elif _PART.match(text) and not _SENTENCE_END.search(text):
        if not _CONTINUED.search(text):
            yield Entry(Kind.part, row.place, text.rstrip(":"))
    elif is_element(text):
        yield Entry(Kind.pair, row.place, "", text)
    else:
        yield Entry(Kind.prose if _is_prose(text) else Kind.other, row.place, text)


def _in_columns(row: Row, is_element: Callable[[str], bool]) -> Iterator[Entry]:
    """The pairs of a row in columns; three columns, or five and more, are the row of another kind of table."""
    cells = (unbulleted(row.cells[0]), *row.cells[1:])
    own = [_labeled(cell) for cell in cells if cell]
    whole = [pair for pair in own if pair and pair[1]]
    if own and len(whole) == len(own):
        pairs = [(label, text) for label, text in whole]
    elif len(cells) == 2 or (len(cells) == 4 and (row.table or cells[2].endswith(":"))):
        pairs = list(zip(cells[::2], cells[1::2], strict=True))
    elif not row.table and cells[0].endswith(":"):
        pairs = [(cells[0], "  ".join(cells[1:]))]
    else:
        pairs = []
        yield Entry(Kind.other, row.place, row.text)
    yield from _pairs(pairs, row, is_element, apart=row.table)


def _pairs(
    pairs: list[tuple[str, str]], row: Row, is_element: Callable[[str], bool], *, apart: bool = True
) -> Iterator[Entry]:
    """An entry for each pair of a row and for each that a response holds; `apart`: the row keeps its pairs apart."""
    for label, text in pairs:
        own, *further = _parted(text, is_element)
        crowded = bool(further) or not (apart or len(pairs) == 1)
        if label or text:
            yield Entry(Kind.pair, row.place, own, label.rstrip(": "), crowded, aside=row.table)
        for each in further:
            name, _, response = each.partition(":")
            yield Entry(Kind.pair, row.place, response.strip(), name, crowded)


def _labeled(text: str) -> tuple[str, str] | None:
    """The label and the response of `Label: response`; None where a text has another shape."""
    found = _LABELED.fullmatch(text)
    if not found or len(found[1].split()) > _LABEL_WORDS or _PART.match(text):
        return None
    return found[1], found[2]


def _parted(response: str, is_element: Callable[[str], bool]) -> list[str]:
    """A response and, each by itself, the pairs that come behind it on the same line.

    One name behind a semicolon is a detail of the response (`negative; Block: A2`), unless it is an element's own.
    """
    further = list(_NEXT.finditer(response))
    apart = len(further) > 1 or any(each[1] != ";" or is_element(each[2]) for each in further)
    if not apart or _labeled(response[: further[0].start()]) is not None:
        return [response]
    ends = [*(each.start() for each in further), len(response)]
    return [response[: ends[0]], *(response[each.start(2) : end] for each, end in zip(further, ends[1:], strict=True))]


def _is_prose(text: str) -> bool:
    words = len(text.split())
    return words >= _MANY or (words >= _FEW and _SENTENCE_END.search(text) is not None)


def _wraps(row: Row, last: Entry) -> bool:
    """Whether a row goes on with a label in columns: it begins with a small letter where labels have capitals."""
    begins = row.cells[0][:1].islower() and not last.label[:1].islower()
    return last.aside and begins and len(row.cells) <= 2 and not (row.heading or row.deep)


def _answers(row: Row, made: list[Entry], is_element: Callable[[str], bool]) -> bool:
    """Whether a row is the response to the label above it."""
    plain = len(row.cells) == 1 and not row.heading and all(each.kind in (Kind.other, Kind.prose) for each in made)
    return plain and bool(made) and not is_element(row.text)


def _goes_on(row: Row, made: list[Entry], last: Entry) -> bool:
    """Whether a row goes on with the response or the prose above it."""
    if row.heading or not row.text or last.kind not in (Kind.pair, Kind.prose):
        return False
    if row.deep:
        return True
    if any(each.kind in (Kind.pair, Kind.part) for each in made) or not made:
        return False
    lower = not row.text[0].isupper()
    return last.kind is Kind.prose or lower or (made[0].kind is Kind.other and not row.table and last.text != "")


def unbulleted(text: str) -> str:
    """A text without the bullet or the number before it."""
    return text[found.end() :] if (found := _BULLET.match(text)) else text
