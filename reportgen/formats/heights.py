"""How high the sections of a report are at most, for a layout that decides before it sets them where a page may end."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.formats.layout import Layout
from reportgen.formats.pair_rows import pair_rows
from reportgen.formats.widths import width, widths
from reportgen.reports.model import Block, Heading, Notice, Pair, Pairs, Paragraph, Role, Section, Table

_CELL = 8.0  # points that stay free behind what is in a cell
_GAP_ROOM = 6.0  # points: what the mark of a gap adds to a word
_RAGGED = 1.02  # a line ends before its words would fill it
_ASIDE = 16.0  # points: the most that a block is indented from the sides of the page
_AROUND = 9.0  # points above and below a block, and inside the box of a notice
_PART = 0.95  # of a page: a section that is higher than this may be parted


class Heights:
    """Measures with the widths of a layout's fonts; nothing is higher than said here."""

    def __init__(self, layout: Layout, scripts: Sequence[str] = ()) -> None:
        self.layout = layout
        self.design = layout.design
        self.widths = widths(layout.laboratory, scripts)
        margins = layout.design.margins
        self.page = layout.paper.height - margins.top - margins.bottom

    def is_whole(self, section: Section) -> bool:
        """Whether a section is kept on one page: it is not higher than one."""
        high = 2 * self.line(self.design.sizes.section) + self.design.spacing.section
        for block in section.blocks:
            high += self.block(block)
            if high > self.page * _PART:
                return False
        return True

    def block(self, block: Block) -> float:
        """The height of a block in points, with the space around it."""
        sizes, across = self.design.sizes, self.layout.text_width - _ASIDE
        match block:
            case Paragraph(sentences=sentences, role=role):
                size = float(getattr(sizes, "small" if role is Role.received else role.value))
                text = " ".join(each.text for each in sentences)
                return self.lines(text, size, across) * self.line(size) + _AROUND
            case Pairs(pairs=pairs, caption=caption):
                rows = pair_rows(pairs, self.layout)
                high = sum(self.row([each for each in row if each]) for row in rows)
                return high + (2 * self.line(sizes.part) if caption else 0) + _AROUND
            case Table(columns=columns, rows=rows):
                return sum(self.cells([cell.text for cell in row]) for row in rows) + self.cells(columns) + _AROUND
            case Notice(text=text) | Heading(text=text):
                return self.lines(text, sizes.body, across - _ASIDE) * self.line(sizes.body) + 2 * _AROUND

    def row(self, pairs: Sequence[Pair]) -> float:
        """A row of one pair or two."""
        label, size = self.design.columns.label, self.design.sizes.body
        across = self.layout.text_width / len(pairs)
        lines = 1
        for pair in pairs:
            named = label - _CELL - self.design.columns.indent * pair.depth
            answer = across - label - (_GAP_ROOM if pair.gap else 0)
            lines = max(lines, self.lines(pair.text, size, answer), self.lines(pair.label, size, named))
        return lines * self.line(size) + self.design.spacing.line + 1

    def cells(self, texts: Sequence[str]) -> float:
        """A row of a table."""
        size, widths = self.design.sizes.body, self.columns(len(texts))
        lines = max(self.lines(text, size, wide) for text, wide in zip(texts, widths, strict=True))
        return lines * self.line(size) + 3

    def columns(self, number: int) -> list[float]:
        """How wide texts in the columns of a table may be: the first is that of labels, the others share the rest."""
        label, others = self.design.columns.label, number - 1
        return [label - _CELL, *[(self.layout.text_width - label) / max(1, others) - _CELL] * others]

    def line(self, size: float) -> float:
        """The height of a line of type."""
        return size * self.design.leading

    def lines(self, text: str, size: float, wide: float) -> int:
        """How many lines a text may take within a width, in points."""
        if len(text) * size < wide:
            return 1
        return 1 + int(width(text, size, self.widths) * _RAGGED / max(wide, 1))
