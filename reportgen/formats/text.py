"""Plain text of at most 80 columns, for pasting into a laboratory system; a wide letter takes two of them.

The words are the report's own; rules, colons and indentation are the only additions. A word longer than a line is
cut at the edge and goes on below, so that nothing is lost. Spaces are plain ones; some of them no line ends at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from reportgen.formats.columns import columns, padded, shortened, wrapped
from reportgen.formats.layout import Layout
from reportgen.formats.numbers import parted
from reportgen.formats.registry import Engine
from reportgen.formats.scripts import runs_leftward
from reportgen.reports.model import Block, Heading, Notice, Pair, Pairs, Paragraph, Report, Role, Table

WIDTH = 80
_LABEL = 30  # columns; a longer label has its answer on the next line
_INDENT = "  "
_GAP_BETWEEN = "  "
_LEADER = 28  # columns; where a table is too wide, its cells are below each other behind "Extent ....."
_COLUMN_NAME = 20  # columns of a column's name before a leader; the whole name is in the header
_wrapped = partial(wrapped, width=WIDTH)


def render(report: Report, _: Layout) -> bytes:
    """The report as UTF-8 text."""
    return (parted("\n".join(line.rstrip() for line in _lines(report))) + "\n").encode()


ENGINE = Engine(render)


def _lines(report: Report) -> Iterator[str]:
    furniture = list(_furniture(report))
    yield from furniture
    yield from _wrapped(report.letterhead.name)
    for line in report.letterhead.lines:
        yield from _wrapped(line)
    yield ""
    yield from _wrapped(report.title)
    yield from (line for notice in report.notices for line in _block(notice))
    yield ""
    yield from _block(report.identification)
    for section in report.sections:
        yield from ("", *_wrapped(section.title), "-" * WIDTH)
        for number, block in enumerate(section.blocks):
            after_heading = number and isinstance(section.blocks[number - 1], Heading)
            if number and not after_heading and (isinstance(block, Heading) or _begins_anew(block)):
                yield ""
            yield from _block(block)
    yield ""
    for line in report.furniture.record:
        yield from _wrapped(line)
    yield from furniture


def _furniture(report: Report) -> Iterator[str]:
    """The state and the patient's identity, at the top and at the end."""
    yield "=" * WIDTH
    yield from _wrapped(report.furniture.state_mark)
    patient = report.furniture.patient
    # On one line, a name from right to left would move the numbers beside it.
    for line in patient if any(map(runs_leftward, patient)) else (" · ".join(patient),):
        yield from _wrapped(line)
    yield "=" * WIDTH


def _begins_anew(block: Block) -> bool:
    """Whether a block is set off from the one before it."""
    if isinstance(block, Paragraph):
        return block.role is Role.specimen or block.role is Role.body
    return isinstance(block, Table) or (isinstance(block, Pairs) and bool(block.caption))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Notice(text=text):
            yield from _wrapped(text)
        case Paragraph(sentences=sentences, role=role):
            indent = "" if role in (Role.specimen, Role.body) else _INDENT
            yield from _wrapped(" ".join(sentence.text for sentence in sentences), indent=indent)
        case Pairs(pairs=pairs, caption=caption):
            if caption:
                yield from _wrapped(caption)
            for number, pair in enumerate(pairs):
                yield from [""] * bool(number and pair.heading and not pairs[number - 1].heading)
                yield from _pair(pair)
        case Table():
            yield from _table(block)


def _pair(pair: Pair) -> Iterator[str]:
    if pair.heading:
        yield from _wrapped(pair.label, indent=_INDENT * pair.depth)
        return
    label = f"{_INDENT * pair.depth}{pair.label}:" if pair.label else ""
    if columns(label) >= _LABEL:
        yield from _wrapped(label, indent=_INDENT * pair.depth)
        yield from _wrapped(pair.text, indent=" " * _LABEL)
        return
    first, *rest = list(_wrapped(pair.text, indent=" " * _LABEL)) or [""]
    yield padded(label, _LABEL) + first.lstrip()
    yield from rest


def _table(table: Table) -> Iterator[str]:
    rows = [table.columns, *(tuple(cell.text for cell in row) for row in table.rows)]
    widths = [max(columns(row[column]) for row in rows) for column in range(len(table.columns))]
    if sum(widths) + len(_GAP_BETWEEN) * (len(widths) - 1) <= WIDTH:
        for row in rows:
            yield _GAP_BETWEEN.join(padded(text, width) for text, width in zip(row, widths, strict=True))
        return
    yield from _wrapped(_GAP_BETWEEN.join(table.columns))
    for name, *texts in rows[1:]:
        yield from _wrapped(name)
        for column, text in zip(table.columns[1:], texts, strict=True):
            leader = f"{_INDENT}{shortened(column, _COLUMN_NAME).rstrip()} "
            leader += "." * (_LEADER - columns(leader))
            for number, line in enumerate(_wrapped(text, indent=" " * _LABEL)):
                yield line if number else leader + line[_LEADER:]
