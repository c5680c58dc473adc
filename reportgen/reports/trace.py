"""Why each sentence is printed: clause, answers, places, source."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.language.in_words import in_words
from reportgen.reports.model import Cell, Pair, Pairs, Paragraph, Report, Sentence, Table, Used

Traced = dict[str, object]


def trace(report: Report) -> list[Traced]:
    """Every sentence, pair and table row of a report with what is behind it, in reading order."""
    items: list[Traced] = [_pair("identification", pair) for pair in report.identification.pairs]
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                items += [_sentence(section.id, sentence) for sentence in block.sentences]
            elif isinstance(block, Pairs):
                items += [_pair(section.id, pair) for pair in block.pairs if not pair.heading]
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
            if sentence.when:
                yield f"    because  {in_words(sentence.when)}"
            for used in sentence.answers:
                by = f", {' '.join(used.by)}" if used.by else ""
                yield f"    {'waits for' if sentence.gap else 'answer':<8} {used.path} ({used.place}{by})"
            for source in sentence.source:
                yield f"    source   {source}"


def _sentence(section: str, sentence: Sentence) -> Traced:
    return {
        "section": section,
        "text": sentence.text,
        "clause": sentence.clause,
        "when": sentence.when,
        "gap": sentence.gap,
        "answers": [_used(used) for used in sentence.answers],
        "source": list(sentence.source),
    }


def _pair(section: str, pair: Pair) -> Traced:
    used = [] if pair.gap or not pair.path else [_used(pair)]
    return {"section": section, "element": pair.label, "answer": pair.text, "gap": pair.gap, "answers": used}


def _row(section: str, row: tuple[Cell, ...]) -> Traced:
    text = "; ".join(cell.text for cell in row[1:] if cell.text)
    used = [_used(cell) for cell in row if cell.path]
    return {
        "section": section,
        "element": row[0].text,
        "answer": text,
        "gap": any(cell.gap for cell in row),
        "answers": used,
    }


def _used(printed: Used | Pair | Cell) -> dict[str, str]:
    by = dict([printed.by]) if isinstance(printed, Used) and printed.by else {}
    return {"path": printed.path, "place": str(printed.place), **by}
