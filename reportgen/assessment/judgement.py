"""Essential criteria and advisories of one part."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.assessment.completeness import completeness
from reportgen.assessment.model import AdvisoryState, Assessment, CriterionState
from reportgen.cases.model import Part
from reportgen.cases.scope import AnswerScope
from reportgen.findings import Finding
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import SourceRef
from reportgen.protocols.expressions import Outcome
from reportgen.protocols.model import Advisory, Level, Remark


def assess(part: Part, scope: AnswerScope) -> Assessment:
    """Judge one part; pure."""
    return Assessment(
        completeness(scope),
        tuple(_criteria(part.protocol, scope)),
        tuple(_advisories(part, scope)),
    )


def cite(protocol: Compiled, source: SourceRef) -> tuple[str, ...]:
    """A source as people read it: the publication's title and the heading in it."""
    return tuple(f"{protocol.protocol.sources[key].title}: {heading}" for key, heading in source.items())


def stops(part: Part, scope: AnswerScope) -> Iterator[Finding]:
    """What `unacknowledged` finds, without judging the rest of the part."""
    stopping = part.protocol.stopping
    return unacknowledged(part, tuple(state for each in stopping for state in _raised(part, each, scope)))


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
        yield CriterionState(criterion.id, criterion.title, state, used, "; ".join(cite(protocol, criterion.source)))


def _advisories(part: Part, scope: AnswerScope) -> Iterator[AdvisoryState]:
    for advisory in part.protocol.protocol.advisories:
        yield from _raised(part, advisory, scope)


def _raised(part: Part, advisory: Advisory, scope: AnswerScope) -> Iterator[AdvisoryState]:
    """The first level whose condition holds; and, as a note, the last one before it that a number leaves open.

    Why: `>= 18` does not rule out "above 20"; the pathologist should hear of it, and nothing should be blocked by it.
    """
    open_remark: AdvisoryState | None = None
    for remark in advisory.levels:
        outcome = scope.truth(remark.when)
        if outcome.truth is True:
            words = part.acknowledged.get(advisory.id)
            reason = words.text if words and remark.level is Level.stop else ""
            yield _state(part, advisory, remark, outcome, level=remark.level, certain=True, reason=reason)
            break
        open_ended = outcome.truth is None and not outcome.waiting
        if open_ended and scope.left_open_by_number(remark.when, outcome.used):
            open_remark = _state(part, advisory, remark, outcome, level=Level.note, certain=False)
    if open_remark:
        yield open_remark


def _state(
    part: Part, advisory: Advisory, remark: Remark, outcome: Outcome, *, level: Level, certain: bool, reason: str = ""
) -> AdvisoryState:
    source = "; ".join(cite(part.protocol, advisory.source))
    used = tuple(sorted(outcome.used))
    return AdvisoryState(advisory.id, advisory.title, level, remark.say, used, source, certain, reason)
