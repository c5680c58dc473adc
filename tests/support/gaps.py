"""The gaps that a report prints, as a reader meets them."""

from __future__ import annotations

from reportgen.reports.model import Report, Table


def gaps_printed(report: Report) -> tuple[str, ...]:
    """The texts of every gap of a report, in reading order."""
    pairs = [f"{pair.label}: {pair.text}" for pair in report.pairs() if pair.gap]
    sentences = [sentence.text for sentence in report.sentences() if sentence.gap]
    cells = [
        f"{row[0].text}: {cell.text}"
        for block in report.blocks()
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        if cell.gap
    ]
    letterhead = [report.letterhead.name] if report.letterhead.gap else []
    return (*letterhead, *pairs, *sentences, *cells)
