"""Essential criteria and advisories of one part."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.assessment.completeness import completeness
from reportgen.assessment.model import AdvisoryState, Assessment, CriterionState
from reportgen.assessment.unjudged import unjudged
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Part
from reportgen.cases.open_answers import left_open_by_number
from reportgen.findings import Finding
from reportgen.language.conditions import ConditionResult
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.model import Advisory, Level, Remark


def assess(part: Part, scope: AnswerScope) -> Assessment:
    """Judge one part; pure."""
    return Assessment(completeness(scope), tuple(_criteria(part.protocol, scope)), tuple(_raised(part, scope)))


def unacknowledged(part: Part, advisories: tuple[AdvisoryState, ...]) -> Iterator[Finding]:
    """A finding for each stop that blocks, and for each acknowledgement that nothing asks for."""
    for advisory in advisories:
        if advisory.blocks:
            message = f"stops this report ({advisory.title}). {advisory.say}"
            yield Finding("E301", part.place, part.prefix + advisory.id, message, _to_write(part, advisory))
    raised = {advisory.id for advisory in advisories if advisory.warns}
    for id, words in part.acknowledged.items():
        if id not in raised:
            path = f"{part.prefix}acknowledge.{id}"
            yield Finding("E111", words.place, path, "acknowledges a warning or stop that this part does not raise")


def unanswered(part: Part, advisories: tuple[AdvisoryState, ...]) -> Iterator[Finding]:
    """A finding for each warning that keeps a report from being finalized; stops have findings of their own."""
    for advisory in advisories:
        if advisory.holds and not advisory.blocks:
            path = part.prefix + advisory.id
            message = f"is not acknowledged ({advisory.level.value}: {advisory.title})"
            yield Finding("E304", part.place, path, message, _to_write(part, advisory))


def _to_write(part: Part, advisory: AdvisoryState) -> str:
    """The line to write into the case file."""
    line = f'acknowledge: {{{advisory.id}: "…"}}'
    return f"acknowledge it, with a reason of at least three words, in part {part.label}: {line}"


def _criteria(protocol: Compiled, scope: AnswerScope) -> Iterator[CriterionState]:
    for criterion in protocol.protocol.criteria:
        met, unmet = scope.criterion(criterion.id)
        state = "met" if met.truth else "unmet" if unmet.truth else "unknown"
        used = tuple(sorted(met.used | unmet.used))
        yield CriterionState(criterion.id, criterion.title, state, used, "; ".join(protocol.cite(criterion.source)))


def _raised(part: Part, given: AnswerScope) -> list[AdvisoryState]:
    """Of each, the first level whose condition holds; and, as a note, the last before it that a number leaves open.

    An advisory is judged on what was answered, also where a missing answer leaves open whether that was to be asked.
    Why: `>= 18` does not rule out "above 20"; the pathologist should hear of it, and nothing should be blocked by it.
    """
    scope = given.as_answered()
    raised: list[AdvisoryState] = []
    for advisory in part.protocol.protocol.advisories:
        left_open: AdvisoryState | None = None
        for remark in advisory.levels:
            outcome = scope.truth(remark.when)
            if outcome.truth is True:
                raised.append(_state(part, advisory, remark, outcome))
                break
            open_ended = outcome.truth is None and not outcome.waiting
            if open_ended and left_open_by_number(scope, remark.when, outcome.used):
                state = _state(part, advisory, remark, outcome)
                left_open = state._replace(level=Level.note, certain=False, acknowledged="")
        if left_open:
            raised.append(left_open)
    return [*raised, *unjudged(part, scope)]


def _state(part: Part, advisory: Advisory, remark: Remark, outcome: ConditionResult) -> AdvisoryState:
    words = part.acknowledged.get(advisory.id)
    return AdvisoryState(
        advisory.id,
        advisory.title,
        remark.level,
        remark.say,
        tuple(sorted(outcome.used)),
        "; ".join(part.protocol.cite(advisory.source)),
        True,
        words.text if words and remark.level.warns else "",
    )
