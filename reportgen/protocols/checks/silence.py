"""Where a statement says nothing at all: answers under which none of its clauses speaks.

Many a statement is meant to be silent ("mitoses of note"); its author should know when, and not only that it speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reportgen.language.conditions import Reading
from reportgen.protocols.checks.reachability import Search
from reportgen.protocols.compiled import Compiled, condition
from reportgen.protocols.elements import ChoiceElement
from reportgen.units import Interval


class Silence(NamedTuple):
    """A statement, and answers under which it says nothing: path → words; `unsettled` where the search gave up."""

    statement: str
    answers: dict[str, str]
    unsettled: bool = False


def silences(made: Compiled) -> Iterator[Silence]:
    """For each statement an example of silence, and one for each answer of a list that another example rests on."""
    for name, _, statement in made.protocol.wording.statements():
        conditions = [clause.when for clause in statement.clauses if not clause.silent]
        seen: list[dict[str, str]] = []
        for supposed in ({}, *_each_answer(made, conditions)):
            search = Search(made, conditions, "true")
            is_silent = search.found(supposed)
            if not is_silent and not supposed:
                break  # it always speaks, whatever else is answered
            if is_silent:
                answers = {path: _words(reading) for path, reading in search.example.items()}
                if not any(known.items() <= answers.items() for known in seen):
                    seen.append(answers)
                    yield Silence(name, answers, search.unsettled)


def _each_answer(made: Compiled, conditions: list[str]) -> Iterator[dict[str, Reading]]:
    """Every answer of a list that a statement's conditions compare, one at a time."""
    for path in sorted({path for text in conditions for path, _ in condition(text).compared}):
        slot = made.slots.get(path)
        if slot is None or not isinstance(slot.element, ChoiceElement) or slot.element.multiple:
            continue
        for choice in slot.element.choices:
            yield {path: Reading(choice.id, frozenset({path}))}
        if slot.element.undetermined:
            yield {path: Reading(None, frozenset({path}), words=slot.element.undetermined)}


def _words(reading: Reading) -> str:
    """An answer as a person would say it."""
    match reading.value:
        case None:
            return reading.words or "not entered"
        case Interval(low=low):
            return f"{low}"
        case frozenset() as several:
            return ", ".join(sorted(filter(None, several))) or "none of them"
    return str(reading.value) or "any words"
