"""Answers that settle nothing, such as "equivocal", and whether a condition holds for some value that they may mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Answer
from reportgen.language.conditions import OTHER, UNNAMED, ConditionResult, Reading
from reportgen.protocols.elements import ChoiceElement, CountElement, QuantityElement
from reportgen.protocols.scope import reading_of_choice
from reportgen.units import Interval

_MOST = 500  # suppositions that are tried for one condition
_STEP = Decimal("0.0000001")  # finer than any number that can be entered
_FAR = Decimal(10) ** 12  # farther than any number that can be entered


def left_open(scope: AnswerScope, text: str, outcome: ConditionResult) -> tuple[Answer, ...]:
    """The answers that settle nothing, where a condition that is not known holds if they are settled in some way.

    Args:
        scope: the answers.
        text: the condition.
        outcome: its result.
    """
    looked_at = sorted((outcome.used | outcome.waiting) & scope.answers.keys())
    unclear = {path: found for path in looked_at if (found := _settlements(scope, path))}
    if not _holds_for_some(scope, text, unclear):
        return ()
    return tuple(scope.answers[path] for path in unclear)


def left_open_by_number(scope: AnswerScope, text: str, paths: Iterable[str]) -> bool:
    """Whether a condition that is not known holds for some value of a number that is not exact (`>= 18`).

    Args:
        scope: the answers.
        text: the condition.
        paths: the answers that it looked at.
    """
    readings = {path: scope.reading(path).value for path in paths if not path.startswith("case.")}
    ranges = {path: _ends(path, value) for path, value in readings.items() if isinstance(value, Interval)}
    return _holds_for_some(scope, text, {path: ends for path, ends in ranges.items() if ends})


def _holds_for_some(scope: AnswerScope, text: str, could_be: Mapping[str, Sequence[Reading]]) -> bool:
    """Whether a condition holds if each of some answers is read in one of several ways.

    Only what the condition rests on is read in another way: a case may have twenty stains that settle nothing. A
    condition that is still not settled after many suppositions is taken to hold, so that a person looks at it.
    """
    tried = 0
    todo: list[Mapping[str, Reading]] = [{}] if could_be else []  # what is supposed; of the rest, the first way
    while todo:
        known = todo.pop()
        tried += 1
        supposed = scope.supposing({path: known.get(path, ways[0]) for path, ways in could_be.items()})
        outcome = supposed.truth(text)
        if outcome.truth or tried == _MOST:
            return True
        for path in sorted(supposed.grounds(outcome) & could_be.keys() - known.keys()):
            first, *others = could_be[path]
            todo += ({**known, path: other} for other in others)
            known = {**known, path: first}
    return False


def _settlements(scope: AnswerScope, path: str) -> list[Reading]:
    """What an answer could have been; none where it settles something."""
    reading = scope.reading(path)
    if not reading.words and not isinstance(reading.value, frozenset):
        return []
    element, used = scope.form.slots[scope.answers[path].slot].element, frozenset({path})
    if isinstance(reading.value, frozenset):
        is_open = not reading.value.isdisjoint((OTHER, UNNAMED))
        more = element.choices if isinstance(element, ChoiceElement) and is_open else ()
        return [Reading(reading.value | {choice.id}, used) for choice in more if not choice.exclusive]
    if isinstance(element, ChoiceElement):
        known = (reading_of_choice(each, used) for each in element.choices)
        return [reading for reading in known if reading.value is not None]
    if isinstance(element, QuantityElement | CountElement):
        return [Reading(Interval(number, number), used) for number in (Decimal(0), _FAR)]
    return []


def _ends(path: str, interval: Interval) -> list[Reading]:
    """The least and the greatest value of a range, as exact numbers; one that it only comes near to is moved inside."""
    if interval.low == interval.high:
        return []
    low = interval.low + _STEP * interval.low_open
    high = interval.low + _FAR if interval.high is None else interval.high - _STEP * interval.high_open
    return [Reading(Interval(each, each), frozenset({path})) for each in (low, high)]
