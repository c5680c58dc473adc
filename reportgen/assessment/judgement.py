"""Essential criteria and advisories of one part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.assessment.completeness import completeness
from reportgen.assessment.model import AdvisoryState, Assessment, CriterionState
from reportgen.cases.model import Part
from reportgen.cases.scope import AnswerScope
from reportgen.findings import Finding
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.expressions import Outcome
from reportgen.protocols.model import Advisory, Level, Remark


def assess(part: Part, scope: AnswerScope) -> Assessment:
    """Judge one part; pure."""
    scope.look_at_all()
    return Assessment(
        completeness(scope),
        tuple(_criteria(part.protocol, scope)),
        tuple(_raised(part, scope, part.protocol.protocol.advisories)),
    )


def stops(part: Part, scope: AnswerScope) -> Iterator[Finding]:
    """What `unacknowledged` finds, without judging the rest of the part."""
    return unacknowledged(part, tuple(_raised(part, scope, part.protocol.stopping)))


def unacknowledged(part: Part, advisories: tuple[AdvisoryState, ...]) -> Iterator[Finding]:
    """A finding for each stop that blocks, and for each acknowledgement that nothing asks for."""
    for advisory in advisories:
        if advisory.blocks:
            hint = f'acknowledge it, with a reason, in part {part.label}: acknowledge: {{{advisory.id}: "…"}}'
            message = f"stops this report ({advisory.title}). {advisory.say}"
            yield Finding("E301", part.place, f"parts.{part.label}.{advisory.id}", message, hint)
    raised = {advisory.id for advisory in advisories if advisory.level is Level.stop}
    for id, words in part.acknowledged.items():
        if id not in raised:
            path = f"parts.{part.label}.acknowledge.{id}"
            yield Finding("E111", words.place, path, "acknowledges a stop that this part does not raise")


def _criteria(protocol: Compiled, scope: AnswerScope) -> Iterator[CriterionState]:
    for criterion in protocol.protocol.criteria:
        met, unmet = scope.criterion(criterion.id)
        state = "met" if met.truth else "unmet" if unmet.truth else "unknown"
        used = tuple(sorted(met.used | unmet.used))
        yield CriterionState(criterion.id, criterion.title, state, used, "; ".join(protocol.cite(criterion.source)))


def _raised(part: Part, scope: AnswerScope, advisories: Iterable[Advisory]) -> list[AdvisoryState]:
    """Of each, the first level whose condition holds; and, as a note, the last before it that a number leaves open.

    Why: `>= 18` does not rule out "above 20"; the pathologist should hear of it, and nothing should be blocked by it.
    """
    raised: list[AdvisoryState] = []
    for advisory in advisories:
        left_open: AdvisoryState | None = None
        for remark in advisory.levels:
            outcome = scope.truth(remark.when)
            if outcome.truth is True:
                words = part.acknowledged.get(advisory.id)
                reason = words.text if words and remark.level is Level.stop else ""
                raised.append(_state(part, advisory, remark, outcome, level=remark.level, certain=True, reason=reason))
                break
            open_ended = outcome.truth is None and not outcome.waiting
            if open_ended and scope.left_open_by_number(remark.when, outcome.used):
                left_open = _state(part, advisory, remark, outcome, level=Level.note, certain=False)
        if left_open:
            raised.append(left_open)
    return raised


def _state(
    part: Part, advisory: Advisory, remark: Remark, outcome: Outcome, *, level: Level, certain: bool, reason: str = ""
) -> AdvisoryState:
    source = "; ".join(part.protocol.cite(advisory.source))
    used = tuple(sorted(outcome.used))
    return AdvisoryState(advisory.id, advisory.title, level, remark.say, used, source, certain, reason)
