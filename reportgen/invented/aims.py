"""What an invented case aims at: answers under which a given sentence is printed, or a given choice can be made.

Random answers alone leave out what needs many of them to agree. The search that proves each clause reachable finds such
answers; the rest of the case is drawn around them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import count, islice
from random import Random
from typing import NamedTuple

from reportgen.language.conditions import Reading
from reportgen.protocols.checks.grounds import Grounds
from reportgen.protocols.checks.reachability import Search
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement, CountElement, QuantityElement
from reportgen.protocols.macros import asks_macro
from reportgen.units import Interval

_CHOICES = 3  # how many choices a case aims at
_LOOKED_AT = 12  # of those waiting

Wishes = Mapping[str, Reading]
"""Path → the answer that a case should give there; an empty reading for no answer."""


class Aim(NamedTuple):
    """A condition that should hold, and those that should not."""

    wanted: str
    earlier: tuple[str, ...] = ()
    repeated: str = ""  # path of an element that no condition can name, because it is in a repeated entry
    choice: str = ""


class Aims:
    """What the cases of one protocol aim at, in turns; answers are searched when they are first needed."""

    def __init__(self, made: Compiled, seed: int) -> None:
        self.made = made
        self.seed = seed
        self.grounds = Grounds(made)
        self.found: dict[Aim, Wishes] = {}

    def turns(self) -> Iterator[Wishes]:
        """The wishes of one case after another, without end.

        Every second case aims at a sentence, and all at some choices that do not conflict with it; those that do wait
        at the head of the queue for a case without a sentence.
        """
        clauses, choices = list(_clauses(self.made)), list(_choices(self.made))
        for aims in (clauses, choices):
            Random(str(self.seed)).shuffle(aims)  # noqa: S311 - no secret
        waiting = deque(choices)
        for number in count():
            aim = clauses[number // 2 % len(clauses)] if clauses and number % 2 else None
            wishes = dict(self._wishes(aim)) if aim else {}
            for choice in self._joined(wishes, list(islice(waiting, _LOOKED_AT))):
                waiting.remove(choice)
                waiting.append(choice)
            yield wishes

    def _joined(self, wishes: dict[str, Reading], aims: list[Aim]) -> list[Aim]:
        """Add to the wishes the first aims that go with them; returns these."""
        joined: list[Aim] = []
        for aim in aims:
            more = self._wishes(aim)
            if len(joined) < _CHOICES and all(wishes.get(path, reading) == reading for path, reading in more.items()):
                wishes |= more
                joined.append(aim)
        return joined

    def _wishes(self, aim: Aim) -> Wishes:
        if aim not in self.found:
            self.found[aim] = _repeated(self.made, aim) if aim.repeated else self._answers(aim)
        return self.found[aim]

    def _answers(self, aim: Aim) -> Wishes:
        search = _Witness(self.made, aim, Random(f"{self.seed}/{aim.wanted}"), self.grounds)  # noqa: S311 - no secret
        search.found()
        return {} if search.unsettled else search.example


class _Witness(Search):
    """The search for answers as a case would have them.

    It tries plain answers first and in any order: what cannot be determined or was not entered also keeps a condition
    from holding, but more often leaves the sentence pending.
    """

    def __init__(self, made: Compiled, aim: Aim, random: Random, grounds: Grounds) -> None:
        super().__init__(made, list(aim.earlier), aim.wanted, grounds)
        self.random = random

    def _ordered(self, path: str, *, against: bool) -> list[Reading]:
        exact = (each for each in self._candidates(path) if not _is_range(each))
        return sorted(exact, key=lambda reading: self._rank(path, reading, against=against))

    def _rank(self, path: str, reading: Reading, *, against: bool) -> tuple[int, float]:
        said = reading.value if isinstance(reading.value, frozenset) else {reading.value or reading.words}
        speaks = any((path, word) in self.preferred for word in said)
        plain = 0 if speaks is not against else 1
        if not speaks and self._is_to_come(path, reading):
            plain = 2  # whether anything of a panel is to come is a question of its own
        return (plain if reading.value not in (None, frozenset()) else 2 if reading.words else 3, self.random.random())

    def _is_to_come(self, path: str, reading: Reading) -> bool:
        slot = self.made.slots.get(path)
        choice = slot.element.choice(str(reading.value)) if slot and isinstance(slot.element, ChoiceElement) else None
        return choice is not None and choice.pending

    def _numbers(self, path: str) -> list[Decimal]:
        """Those that can be entered."""
        slot = self.made.slots.get(path)
        numbers = super()._numbers(path)
        if slot and isinstance(slot.element, QuantityElement):
            low, high = max(slot.element.minimum, Decimal("0.1")), slot.element.maximum
            digits = Decimal(1).scaleb(-6 if slot.element.decimals is None else -slot.element.decimals)
            return sorted({min(max(number.quantize(digits), low), high or number) for number in numbers})
        return numbers


def _is_range(reading: Reading) -> bool:
    """Whether it is a number entered with `>`; invented cases draw those at random."""
    return isinstance(reading.value, Interval) and reading.value.high is None


def _repeated(made: Compiled, aim: Aim) -> Wishes:
    """The choice itself, and the answers of the same entry whose detail it is."""
    slot = made.slots[aim.repeated]
    wishes = {slot.path: Reading(aim.choice)}
    while slot.parent and slot.under:
        wishes[slot.parent] = Reading(slot.under[0])
        slot = made.slots[slot.parent]
    return wishes


def _clauses(made: Compiled) -> Iterator[Aim]:
    """Each clause: it is the first of its statement that holds, and no words of the pathologist's own replace it."""
    for _, _, statement in made.protocol.wording.statements():
        for index, clause in enumerate(statement.clauses):
            if not clause.silent:
                yield Aim(clause.when, tuple(earlier.when for earlier in statement.clauses[:index]))


def _choices(made: Compiled) -> Iterator[Aim]:
    for slot in made.slots.values():
        if isinstance(slot.element, ChoiceElement) and not asks_macro(slot):
            for choice in slot.element.choices:
                if slot.repeated:
                    yield Aim("", repeated=slot.path, choice=choice.id)
                else:
                    name, word = _name(slot.path), _quoted(choice.id)
                    yield Aim(f"{word} in {name}" if slot.element.multiple else f"{name} == {word}")


def _name(path: str) -> str:
    """A path as conditions write it."""
    first, *steps = path.split(".")
    return first + "".join(f"[{_quoted(step)}]" for step in steps)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def entered(element: object, value: object) -> str:
    """A supposed value as it is entered."""
    if not isinstance(value, Interval):
        return str(value)
    text = f"{(value.low or Decimal(0)).normalize():f}"
    if isinstance(element, QuantityElement):
        return f"{text} {element.unit}".rstrip()
    if isinstance(element, CountElement) and element.per:
        return f"{text} per {element.per[0]}"
    return text
