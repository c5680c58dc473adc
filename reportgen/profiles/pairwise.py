"""Invented cases in which every two answers that can go together do so at least once.

A clause depends on few answers at a time; nearly all that a change of wording can do shows where two of them meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement
from typing import Any

from reportgen.assessment.checked import Checked
from reportgen.invented.cases import checked_cases
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_protocol

_POOL = 500  # cases that the set is chosen from
_OFFERED = 5  # for each case that is wanted, where only the most telling are
_SEED = 1
Case = dict[str, Any]  # as it is typed
AnswerPair = tuple[tuple[str, str], tuple[str, str]]


def pairwise(protocol: str, laboratory: Laboratory | None, at_most: int = _POOL) -> list[tuple[Case, Checked]]:
    """Invented cases that show every pair of answers which can go together, or as many as a few cases can.

    The most telling case comes first. Each comes with the result of its check.
    """
    pool = list(checked_cases(protocol, min(_POOL, _OFFERED * at_most), _SEED, laboratory=laboratory))
    chosen = fewest([case for case, _ in pool], load_protocol(protocol, laboratory))
    return [pool[number] for number in chosen[:at_most]]


def fewest(offered: list[Case], made: Compiled) -> list[int]:
    """The numbers of as few of the cases offered as show every pair that one of them shows, most telling first."""
    shown = [set(pairs(case, made)) for case in offered]
    missing = set[AnswerPair]().union(*shown)
    chosen: list[int] = []
    gains = [len(each) for each in shown]  # never less than what a case still adds
    while missing:
        best, gain = -1, 0
        for number in sorted(range(len(offered)), key=lambda number: -gains[number]):
            if gains[number] <= gain:
                break
            gains[number] = len(shown[number] & missing)
            if gains[number] > gain:
                best, gain = number, gains[number]
        missing -= shown[best]
        chosen.append(best)
    return chosen


def pairs(case: Case, made: Compiled) -> Iterator[AnswerPair]:
    """Every two answers of a case's first part that were chosen from a list, and each with itself."""
    answers = sorted(_chosen(case["parts"][0], "", made))
    yield from combinations_with_replacement(answers, 2)


def _chosen(node: Case, above: str, made: Compiled) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        path = f"{above}.{key}" if above else key
        slot = made.slots.get(path)
        said = value.get("result", "") if isinstance(value, dict) else value
        if slot is not None and isinstance(slot.element, ChoiceElement):
            words = said if isinstance(said, list) else [said]
            known = [str(word) for word in words if slot.element.choice(str(word))]
            yield from ((path, word) for word in known or ["otherwise"])
        if isinstance(value, dict):
            yield from _chosen(value, path, made)
