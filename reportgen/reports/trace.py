"""Why each printed sentence stands there: clause, answers, places, source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportgen.reports.model import Cell, Pair, Pairs, Paragraph, Report, Sentence, Table


def trace(report: Report) -> list[dict[str, Any]]:
    """Every sentence, pair and table row of a report with what is behind it, in reading order."""
    items: list[dict[str, Any]] = [_pair("identification", pair) for pair in report.identification.pairs]
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                items += [_sentence(section.id, sentence) for sentence in block.sentences]
            elif isinstance(block, Pairs):
                items += [_pair(section.id, pair) for pair in block.pairs]
            elif isinstance(block, Table):
                items += [_row(section.id, row) for row in block.rows]
    return items


def trace_lines(report: Report) -> Iterator[str]:
    """The sentences' trace for people; pairs speak for themselves and are left to `--json`."""
    for section in report.sections:
        sentences = [
            sentence for block in section.blocks if isinstance(block, Paragraph) for sentence in block.sentences
        ]
        if sentences:
            yield section.title
        for sentence in sentences:
            yield f"  {sentence.text}"
            yield f"    clause   {sentence.clause or 'as entered'}"
            for used in sentence.answers:
                yield f"    {'waits for' if sentence.gap else 'answer':<8} {used.path} ({used.place})"
            for source in sentence.source:
                yield f"    source   {source}"


def _sentence(section: str, sentence: Sentence) -> dict[str, Any]:
    return {
        "section": section,
        "text": sentence.text,
        "clause": sentence.clause,
        "gap": sentence.gap,
        "answers": [_used(used.path, str(used.place)) for used in sentence.answers],
        "source": list(sentence.source),
    }


def _pair(section: str, pair: Pair) -> dict[str, Any]:
    return {
        "section": section,
        "element": pair.label,
        "answer": pair.text,
        "gap": pair.gap,
        "answers": [] if pair.gap else [_used(pair.path, str(pair.place))],
    }


def _row(section: str, row: tuple[Cell, ...]) -> dict[str, Any]:
    return {
        "section": section,
        "element": row[0].text,
        "answer": "; ".join(cell.text for cell in row[1:] if cell.text),
        "gap": any(cell.gap for cell in row),
        "answers": [_used(cell.path, str(cell.place)) for cell in row if cell.path],
    }


def _used(path: str, place: str) -> dict[str, str]:
    return {"path": path, "place": place}
