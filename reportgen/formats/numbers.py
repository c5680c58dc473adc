"""Numbers that no line end parts from their units: `12 × 8 mm`, `3 per 10 HPF`, `(= 1.3 per mm²`, `80 %`.

A report's words keep their plain spaces; a layout gets them with spaces that do not break (U+00A0). What looks like a
unit is a sign or a short word behind a number, so that the units a laboratory adds are kept as well.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar, cast

from reportgen.reports.model import Block, Cell, Heading, Notice, Pair, Pairs, Paragraph, Report, Sentence, Table

_UNIT = r"(?:[^\W\d_]{1,3}s?[²³]?(?!\w)|[%‰×°])"
_PARTING = re.compile(
    rf"(?<=\d) (?={_UNIT})"  # 3 mm
    r"|(?<=\d[ \u00a0][×x]) (?=\d)"  # 12 × 8
    rf"|(?<=\d[ \u00a0]p\w\w) (?=\d|{_UNIT})"  # 3 per 10, 1.3 per mm²
    r"|(?<=[<>≤≥~=±]) (?=[<>≤≥~]?\d)"  # = 1.3
)
_NO_BREAK = "\u00a0"
_Kind = TypeVar("_Kind", bound=Block)
_Item = TypeVar("_Item", Cell, Heading, Notice, Pair, Sentence)


def bound(report: Report) -> Report:
    """The same report, its numbers and units bound."""
    return report._replace(
        title=bound_text(report.title),
        notices=tuple(map(_text, report.notices)),
        identification=_block(report.identification),
        sections=tuple(
            [
                section._replace(title=bound_text(section.title), blocks=tuple(map(_block, section.blocks)))
                for section in report.sections
            ]
        ),
    )


@lru_cache(maxsize=4096)
def bound_text(text: str) -> str:
    """A text with its numbers and units bound; no longer and no shorter than before."""
    return _PARTING.sub(_NO_BREAK, text)


def parted(text: str) -> str:
    """A text with plain spaces again."""
    return text.replace(_NO_BREAK, " ")


def _block(block: _Kind) -> _Kind:
    made: Block
    match block:
        case Paragraph(sentences=sentences):
            made = block._replace(sentences=tuple(map(_text, sentences)))
        case Pairs(pairs=pairs, caption=caption):
            made = block._replace(pairs=tuple(map(_pair, pairs)), caption=bound_text(caption))
        case Table(columns=columns, rows=rows):
            cells = tuple([tuple(map(_text, row)) for row in rows])
            made = block._replace(columns=tuple(map(bound_text, columns)), rows=cells)
        case Heading():
            made = _text(block)
        case Notice():
            made = _text(block)
    return cast(_Kind, made)


def _text(item: _Item) -> _Item:
    text = bound_text(item.text)
    return item if text == item.text else item._replace(text=text)  # few texts hold a number


def _pair(pair: Pair) -> Pair:
    label = bound_text(pair.label)
    return _text(pair if label == pair.label else pair._replace(label=label))
