"""A report as the data of a layout that sets lines itself: what needs several lines, and which words must be broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TypedDict

from reportgen.formats.continued import Continued
from reportgen.formats.fallback import has_mark
from reportgen.formats.heights import Heights
from reportgen.formats.layout import CONTINUED, IDENTIFICATION_LABEL, TRACKING, Layout
from reportgen.formats.pair_rows import PairRow, pair_rows
from reportgen.formats.scripts import begins_rightward, runs_leftward
from reportgen.formats.short_sections import is_short
from reportgen.formats.widths import width
from reportgen.reports.model import Block, Heading, Notice, Pair, Pairs, Paragraph, Report, Role, Table

_SPACES = re.compile(r"[ \t\n\r\f]+")  # what HTML sets as one space, too; a no-break space stays
_ASIDE = 16.0  # points: the most that a block is indented from the sides of the page
_LONG = 12  # lines of an answer that may be parted by the end of a page
_HUGE = 12  # lines of a label that is still set beside its answer
_WHOLE = 30  # lines of a table, or of an answer beside a label of several lines, that is kept on one page
_DEEPEST = 4  # steps of indentation, which leave room for a label
_GAP_ROOM = 6.0  # points: what the mark of a gap adds to a word


_Data = dict[str, object]
_Text = str | list[object]


class _Pair(TypedDict):
    """A label and its answer: `lines` that they may take, `tall` and `high` where answer and label need several."""

    label: _Text
    text: _Text
    gap: bool
    depth: int
    lines: int
    tall: bool
    high: bool
    huge: bool


class _Row(TypedDict):
    """A row of one pair or two, with the depth of the first and the lines that it may take."""

    pairs: list[_Pair]
    depth: int
    lines: int


class TypstView:
    """A report as what the layout is given: texts with one space between words, what needs several lines marked."""

    def __init__(self, layout: Layout, scripts: Sequence[str] = ()) -> None:
        self.layout = layout
        self.sizes = layout.design.sizes
        self.heights = Heights(layout, scripts)
        self.widths = self.heights.widths
        self.page = layout.text_width
        self.label = layout.design.columns.label
        self.indent = layout.design.columns.indent

    def report(self, report: Report) -> _Data:
        """The whole report."""
        head, foot, meta, sizes = report.letterhead, report.furniture, report.metadata, self.sizes
        identity = report.identification.pairs
        language, _, region = meta.language.partition("-")
        begun = Continued(report, self.layout)
        patient, furniture = _SPACES.sub(" ", " · ".join(foot.patient)), sizes.furniture
        moment = zip(("year", "month", "day", "hour", "minute", "second"), meta.stamp.timetuple()[:6], strict=True)
        return {
            "width": self.page, "continued": CONTINUED,
            "metadata": {
                "title": meta.title, "subject": meta.subject, "author": meta.author, "keywords": meta.keywords,
                "language": language, "region": region or None, "date": dict(moment),
            },
            "furniture": {
                "mark": foot.state_mark, "patient": self.joined(foot.patient, furniture, self.page * 0.7),
                "fits": width(f"{foot.state_mark}{patient}", furniture, self.widths) * 1.03 < self.page - 30,
                "record": [self.text(line, sizes.furniture, self.page * 0.86) for line in foot.record],
                "page": foot.page, "of": foot.of,
            },
            "letterhead": {
                "name": self.text(head.name, sizes.laboratory), "gap": head.gap,
                "lines": [self.text(line, sizes.small) for line in head.lines],
            },
            "title": self.text(report.title, sizes.title),
            "notices": [self.notice(each) for each in report.notices],
            "identification": [self.pair(each, IDENTIFICATION_LABEL, self.page / 2) for each in identity],
            "sections": [
                {
                    "id": each.id, "short": is_short(each, self.layout), "whole": self.heights.is_whole(each),
                    "title": self.text(each.title, sizes.section * (1 + TRACKING)),
                    "blocks": [{**self.block(block), "part": begun.line(block)} for block in each.blocks],
                }
                for each in report.sections
            ],
        }  # fmt: skip

    def block(self, block: Block) -> _Data:
        """One block of a section; `kind` says which."""
        match block:
            case Paragraph(sentences=sentences, role=role):
                size = getattr(self.sizes, "small" if role is Role.received else role.value)
                said = [{"text": self.text(each.text, size), "gap": each.gap} for each in sentences]
                return {"kind": "paragraph", "role": role.value, "sentences": said}
            case Pairs(pairs=pairs, caption=caption):
                return {
                    "kind": "pairs", "caption": self.text(caption, self.sizes.part),
                    "groups": list(self.groups(pairs)),
                }  # fmt: skip
            case Table():
                return self.table(block)
            case Notice():
                return {"kind": "notice", **self.notice(block)}
            case Heading(text=text):
                return {"kind": "heading", "text": self.text(text, self.sizes.part)}

    def groups(self, pairs: Sequence[Pair]) -> Iterator[_Data]:
        """The rows of a list by what one page holds; a heading is with the first group below it."""
        starts = [at for at, pair in enumerate(pairs) if pair.heading and not (at and pairs[at - 1].heading)]
        for start, end in pairwise(dict.fromkeys((0, *starts, len(pairs)))):
            run = pairs[start:end]
            heads = [
                {"text": self.text(each.label, self.sizes.body), "depth": min(each.depth, _DEEPEST)}
                for each in run
                if each.heading
            ]
            rows = pair_rows([each for each in run if not each.heading], self.layout)
            for group in _groups([self.row(each) for each in rows]):
                yield {**group, "headings": heads}
                heads = []

    def row(self, row: PairRow) -> _Row:
        """A row of one pair, or of two beside each other."""
        across = self.page / 2 if row.second else self.page
        pairs = [self.pair(each, self.label, across) for each in row if each]
        return {"pairs": pairs, "depth": pairs[0]["depth"], "lines": max(pair["lines"] for pair in pairs)}

    def pair(self, pair: Pair, label: float, across: float) -> _Pair:
        """A label and its answer in columns."""
        depth = min(pair.depth, _DEEPEST)
        size, inner = self.sizes.body, label - 8 - self.indent * depth
        answer = across - label - (_GAP_ROOM if pair.gap else 0)
        lines = self.heights.lines(pair.text, size, answer), self.heights.lines(pair.label, size, inner)
        return {
            "label": self.text(pair.label, size, inner), "text": self.text(pair.text, size, answer),
            "gap": pair.gap, "depth": depth, "lines": max(lines),
            "tall": lines[0] > 1, "high": lines[1] > 1,
            "huge": lines[1] > _HUGE or (lines[1] > 1 and lines[0] > _WHOLE),
        }  # fmt: skip

    def table(self, table: Table) -> _Data:
        """A table: its first column is as wide as that of labels, the others share the rest."""
        columns = self.heights.columns(len(table.columns))
        small, size = self.sizes.small, self.sizes.body
        tallest = (
            max(self.heights.lines(cell.text, size, wide) for cell, wide in zip(row, columns, strict=True))
            for row in table.rows
        )
        return {
            "kind": "table",
            "whole": sum(tallest) <= _WHOLE,
            "columns": [self.text(each, small, wide) for each, wide in zip(table.columns, columns, strict=True)],
            "rows": [
                [
                    {"text": self.text(cell.text, size, wide), "gap": cell.gap}
                    for cell, wide in zip(row, columns, strict=True)
                ]
                for row in table.rows
            ],
        }  # fmt: skip

    def notice(self, notice: Notice) -> _Data:
        """A boxed remark."""
        return {"tone": notice.tone.value, "text": self.text(notice.text, self.sizes.body)}

    def text(self, text: str, size: float, wide: float = 0.0) -> _Text:
        """A text for the layout; a list of pieces where not all of it is set alike.

        A piece is a string or says one thing of its words: `long` for one that is wider than its place, in
        points (0: the page), `marked` for one with marks on its letters, `leftward` for pieces from right to left.
        """
        plain = _SPACES.sub(" ", text)
        long = self.long_words(plain, size, (wide or self.page - _ASIDE) - _GAP_ROOM)
        return list(_pieces(plain, long)) if long or has_mark(plain) else plain

    def long_words(self, text: str, size: float, room: float) -> frozenset[str]:
        """The words that are wider than the room there is, in points."""
        if len(text) * size < room or width(text, size, self.widths) <= room:
            return frozenset()
        words = set(text.split(" "))
        return frozenset(word for word in words if len(word) * size > room and width(word, size, self.widths) > room)

    def joined(self, texts: Sequence[str], size: float, wide: float) -> _Text:
        """Texts with a dot between them; one from right to left does not move the others."""
        if not any(map(runs_leftward, texts)):
            return self.text(" · ".join(texts), size, wide)
        pieces: list[object] = []
        for number, text in enumerate(texts):
            made = self.text(text, size, wide)
            words = [made] if isinstance(made, str) else made
            # A letter from left to right behind the dot keeps the order; a number alone would not.
            alone = runs_leftward(text) and not all(map(begins_rightward, texts[number + 1 : number + 2]))
            pieces += [" · "] * bool(pieces)
            pieces += [{"leftward": words}] if alone else words
        return pieces


def _groups(rows: list[_Row]) -> Iterator[_Data]:
    """The rows of a list by what one page holds: `whole` ones that no page parts, and rows between which one may end.

    Neither the first nor the last row is alone on a page, nor does a row that belongs to the one above begin one.
    """
    families: list[list[_Row]] = []
    for number, row in enumerate(rows):
        if not families or not (row["depth"] or number in (1, len(rows) - 1)):
            families.append([])
        families[-1].append(row)
    for alone, run in groupby(families, lambda family: len(family) == 1):
        shares = list(run)
        for group in [[row for (row,) in shares]] if alone else shares:
            lines = [row["lines"] for row in group]
            whole = not alone and max(lines) <= _LONG and sum(lines) <= _WHOLE
            runs = [list(each) for _, each in groupby(group, lambda row: len(row["pairs"]))]
            yield {
                "runs": [[row["pairs"] for row in each] for each in runs],
                "whole": whole or (len(rows) == 1 and max(lines) <= _LONG),
            }  # fmt: skip


def _pieces(text: str, long: frozenset[str]) -> Iterator[str | dict[str, str]]:
    for number, word in enumerate(text.split(" ")):
        if number:
            yield " "
        if word in long:
            yield {"long": word}
        elif has_mark(word):
            yield {"marked": word}
        elif word:
            yield word
