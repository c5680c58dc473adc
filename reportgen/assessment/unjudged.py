"""Advisories that an answer keeps from being judged: given in other words, not determined, or unclear in itself.

Such an answer says neither yes nor no. The advisory might be raised if more were known, and the pathologist is told so.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.assessment.model import AdvisoryState
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Answer, Chosen, Part, Undetermined
from reportgen.cases.open_answers import left_open
from reportgen.language.conditions import OTHER
from reportgen.language.sentences import compile_words
from reportgen.protocols.model import Advisory, Remark, Unjudged


def unjudged(part: Part, scope: AnswerScope) -> Iterator[AdvisoryState]:
    """A remark for each advisory that could be raised, at the loudest level that could."""
    words = part.protocol.protocol.unjudged
    for advisory in part.protocol.protocol.advisories if words else ():
        for remark in advisory.levels:
            outcome = scope.truth(remark.when)
            if outcome.truth is True:
                break
            answers = left_open(scope, remark.when, outcome) if outcome.truth is None else ()
            if answers and words:
                yield _state(part, words, advisory, remark, answers)
                break


def _state(
    part: Part, words: Unjudged, advisory: Advisory, remark: Remark, answers: tuple[Answer, ...]
) -> AdvisoryState:
    slots = part.protocol.slots
    named = [f"{slots[each.slot].element.plain_name} ({_said(words, each)})" for each in answers]
    shown = {"advisory": (f"{advisory.id}, {advisory.title},",), "answers": tuple(named)}
    say = compile_words(words.say).printed(shown.__getitem__)
    reason = part.acknowledged.get(words.id)
    return AdvisoryState(
        words.id,
        f"{words.title}: {advisory.title}",
        remark.level,
        say,
        tuple(each.path for each in answers),
        "; ".join(part.protocol.cite(words.source)),
        True,
        reason.text if reason and remark.level.warns else "",
    )


def _said(words: Unjudged, answer: Answer) -> str:
    """What was answered, without the pathologist's own words."""
    value = answer.value
    if isinstance(value, Undetermined):
        return value.words
    if isinstance(value, Chosen):
        unclear = [pick.words for pick in value.picks if pick.id != OTHER]
        return words.in_other_words if any(pick.id == OTHER for pick in value.picks) else ", ".join(unclear)
    return ""
