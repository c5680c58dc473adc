"""Which pairs share a row: two short ones that follow each other. A long pair has the whole width of the page.

The pairs keep their order from left to right and from row to row. What belongs to a pair is never below another one: a
pair with a single follow-up shares a row with it, also if its own label takes two lines; one with several has each of
them on a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportgen.formats.layout import Layout
from reportgen.formats.widths import width, widths
from reportgen.reports.model import Pair

ROOM = 8.0  # points that stay free behind a label and behind an answer
_GAP = 6.0  # points that the mark of a gap adds to an answer
_NARROWEST = 90.0  # points: the narrowest answer of two that share a row
_SPARE = 0.92  # of a column: the fonts of Word and of screens may be wider than the one measured here
_BROKEN = 0.6  # of a line that is filled before a label goes on in the next
_DEEPEST = 1  # steps of indentation


class PairRow(NamedTuple):
    """A row of pairs: one, or two beside each other."""

    first: Pair
    second: Pair | None = None


def pair_rows(pairs: Sequence[Pair], layout: Layout) -> list[PairRow]:
    """The rows of a list of pairs; each pair is in one of them, in its order."""
    fits = _Fits(layout)
    rows: list[PairRow] = []
    waiting: Pair | None = None
    for family in _families(pairs):
        alone = len(family) == 1 and fits(family[0])
        if waiting is not None:
            rows.append(PairRow(waiting, family[0] if alone else None))
            waiting, alone, family = None, False, [] if alone else family
        if alone:
            waiting = family[0]
        elif len(family) == 2 and fits(family[0], label_lines=2) and fits(family[1]):
            rows.append(PairRow(*family))
        else:
            rows += map(PairRow, family)
    return rows if waiting is None else [*rows, PairRow(waiting)]


def _families(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Each pair with those that belong to it."""
    family: list[Pair] = []
    for pair in pairs:
        if family and (pair.heading or not pair.depth):
            yield family
            family = []
        family.append(pair)
    if family:
        yield family


class _Fits:
    """Whether a pair fits into half a row: its answer on one line, its label on so many."""

    def __init__(self, layout: Layout) -> None:
        self.size = layout.design.sizes.body
        self.indent = layout.design.columns.indent
        self.label = layout.design.columns.label - ROOM
        self.answer = layout.text_width / 2 - layout.design.columns.label - ROOM
        self.widths = widths(layout.laboratory)

    def __call__(self, pair: Pair, label_lines: int = 1) -> bool:
        if pair.heading or not pair.label or pair.depth > _DEEPEST or self.answer < _NARROWEST:
            return False
        label, answer = self.label - pair.depth * self.indent, self.answer - _GAP * pair.gap
        broken = label * (label_lines - 1) * _BROKEN
        return self.wide(pair.label) <= (label + broken) * _SPARE and self.wide(pair.text) <= answer * _SPARE

    def wide(self, text: str) -> float:
        return width(text, self.size, self.widths)
