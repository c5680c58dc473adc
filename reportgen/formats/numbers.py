"""Numbers that no line end parts from their units: `12 × 8 mm`, `3 per 10 HPF`, `(= 1.3 per mm²`, `80 %`.

A report's words keep their plain spaces; a layout gets them with spaces that do not break (U+00A0). What looks like a
unit is a sign or a short word behind a number, so that the units a laboratory adds are kept as well.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar, cast

from reportgen.reports.model import Block, Heading, Notice, Pairs, Paragraph, Report, Table

_UNIT = r"(?:[^\W\d_]{1,3}s?[²³]?(?!\w)|[%‰×°])"
_PARTING = re.compile(
    rf"(?<=\d) (?={_UNIT})"  # 3 mm
    r"|(?<=\d[ \u00a0][×x]) (?=\d)"  # 12 × 8
    rf"|(?<=\d[ \u00a0]p\w\w) (?=\d|{_UNIT})"  # 3 per 10, 1.3 per mm²
    r"|(?<=[<>≤≥~=±]) (?=[<>≤≥~]?\d)"  # = 1.3
)
_NO_BREAK = "\u00a0"
_Kind = TypeVar("_Kind", bound=Block)


def bound(report: Report) -> Report:
    """The same report, its numbers and units bound."""
    return report._replace(
        title=bound_text(report.title),
        notices=tuple([notice._replace(text=bound_text(notice.text)) for notice in report.notices]),
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
            made = block._replace(sentences=tuple([each._replace(text=bound_text(each.text)) for each in sentences]))
        case Pairs(pairs=pairs, caption=caption):
            both = [pair._replace(label=bound_text(pair.label), text=bound_text(pair.text)) for pair in pairs]
            made = block._replace(pairs=tuple(both), caption=bound_text(caption))
        case Table(columns=columns, rows=rows):
            cells = [tuple([cell._replace(text=bound_text(cell.text)) for cell in row]) for row in rows]
            made = block._replace(columns=tuple(map(bound_text, columns)), rows=tuple(cells))
        case Heading(text=text) | Notice(text=text):
            made = block._replace(text=bound_text(text))
    return cast(_Kind, made)
