"""What a report says, as scenarios speak of it."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.assessment.checked import Checked
from reportgen.reports.model import Pairs, Report, Sentence

Raised = dict[str, set[str]]  # id of an advisory → the levels at which it is raised


def section(report: Report, id: str) -> list[Sentence]:
    """The sentences of one section, in order; the label as received is none of them."""
    blocks = [block for each in report.sections if each.id == id for block in each.blocks]
    return [sentence for block in blocks for sentence in getattr(block, "sentences", ()) if sentence.clause]


def synopsis(report: Report) -> Iterator[tuple[str, str]]:
    """Label and answer of each pair; what hangs below another is called by both: `Deep margin, Distance`."""
    for block in report.blocks():
        above = ""
        for pair in block.pairs if isinstance(block, Pairs) else ():
            if pair.heading:
                continue
            above = above if pair.depth else pair.label
            yield f"{above}, {pair.label}" if pair.depth else pair.label, pair.text


def advisories(checked: Checked) -> Raised:
    """The advisories that a case raises; one that is not certain has the level `possibly`."""
    raised: Raised = {}
    for _, each in checked.advisories:
        raised.setdefault(each.id, set()).add(each.level.value if each.certain else "possibly")
    return raised


def spoken(report: Report, statement: str) -> list[str]:
    """How a statement speaks, in each part in which it does: the id of the clause, `gap` or `own words`."""
    found = [each for each in report.sentences() if each.clause.startswith(f"{statement}.")]
    ids = dict.fromkeys("gap" if each.gap else each.clause.removeprefix(f"{statement}.") for each in found)
    return ["own words" if id == "override" else id for id in ids]
