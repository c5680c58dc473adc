"""Whether each clause can ever be printed: a search for answers under which it is the one that speaks.

The search assigns answers one at a time, only to what the conditions wait for; three-valued logic cuts off whole
families of cases at once, so that a handful of steps settles most clauses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, pairwise
from typing import NamedTuple, TypeVar

from reportgen.language.conditions import ConditionResult, ConditionValue, Reading, Rows
from reportgen.language.syntax import denied_answers
from reportgen.protocols.checks.grounds import Grounds, without_numbers
from reportgen.protocols.compiled import AT_LEAST, PENDING, Compiled, condition
from reportgen.protocols.elements import ChoiceElement, CountElement, DateElement, QuantityElement, Status
from reportgen.protocols.scope import RECEIVED_AS, NameScope, reading_of_choice, reading_of_choices
from reportgen.protocols.slots import Slot
from reportgen.reading.source import Mapping as SourceMapping
from reportgen.reading.source import NodePath, node_at, text_at
from reportgen.units import Interval

STEPS = 4_000  # more than any sensible clause needs; of a clause not settled by then it is said that nobody knows
TRUTHS = 40_000  # conditions looked at in one search: a step of a statement with many clauses looks at many
_MOST_ENTRIES = 12  # of a repeated group that are tried
_TOGETHER = 4  # how many answers of one list are tried together
_SOME_DAY = date(2000, 1, 1)
_HEADER = "case."
_NOTHING: frozenset[str] = frozenset()
_Known = TypeVar("_Known", ConditionResult, Reading)


class _Supposed(NameScope):
    """A scope over supposed answers; everything not supposed is waited for, optional or not.

    `barring` are conditions that must not hold, and are not yet known to be false.
    """

    def __init__(
        self, made: Compiled, supposed: dict[str, Reading], grounds: Grounds, barring: Sequence[str] = ()
    ) -> None:
        super().__init__(made)
        self.made = made
        self.supposed = supposed
        self.grounds = grounds
        self.barring = barring

    def further(self, path: str, readings: Iterable[Reading]) -> Iterator[_Supposed]:
        """A scope for each answer to one more question.

        What is settled is taken over, for no answer changes it; so is what does not depend on that question.
        """
        question, of, of_name = self.grounds.question(path), self.grounds.of, self.grounds.of_name
        truths = _kept(self._truths, question, of)
        settled = _kept(self.readings, question, of_name)
        applicable = _kept(self._applicable, question, of_name)
        for reading in readings:
            scope = _Supposed(self.made, {**self.supposed, path: reading}, self.grounds, self.barring)
            scope._truths, scope.readings, scope._applicable = truths.copy(), settled.copy(), applicable.copy()
            yield scope

    def looked_at(self, slot: Slot) -> Reading:
        return self.supposed.get(slot.path) or Reading(waiting=frozenset({slot.path}))

    def special(self, slot: Slot, name: str) -> Reading:
        path = f"{slot.path}.{name}"
        asked = name in (PENDING, AT_LEAST)
        return self.supposed.get(path, Reading(waiting=frozenset({path}))) if asked else Reading("words")

    def header(self, name: str) -> Reading:
        return self.supposed.get(_HEADER + name, Reading(waiting=frozenset({_HEADER + name})))

    def container(self, name: str) -> Reading:
        return Reading(waiting=frozenset({f"container.{name}"}))

    def label_received(self) -> Reading:
        return self.supposed.get(RECEIVED_AS, Reading(waiting=frozenset({RECEIVED_AS})))

    def is_answered(self, path: str) -> bool:
        return path in self.supposed

    def rows(self, group: str) -> Rows:
        """As many entries as are supposed of the group, with the answers that are supposed of each."""
        applies = self.applicable(group)
        if applies.truth is not True:
            return Rows((), applies.used, applies.waiting)
        number = self.supposed.get(group)
        if number is None:
            return Rows(waiting=frozenset({group}))
        entries = range(1, int(number.value.low) + 1) if isinstance(number.value, Interval) else ()
        return Rows(tuple((f"{group}.{at}", self._row(f"{group}.{at}", group)) for at in entries), frozenset({group}))

    def _row(self, row: str, group: str) -> _Supposed:
        inside = f"{row}."
        own = {group + path.removeprefix(row): each for path, each in self.supposed.items() if path.startswith(inside)}
        scope = _Supposed(self.made, {**self.supposed, **own}, self.grounds)
        scope.group = group
        return scope

    def behind(self, paths: Iterable[str]) -> frozenset[str]:
        """Paths that something rests on, with all that their elements apply by."""
        found: set[str] = set()
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            if path in found:
                continue
            found.add(path)
            if path in self.made.slots:
                applies = self.applicable(path)
                waiting += applies.used
                waiting += applies.waiting
            elif special := self.made.special_of(path):
                waiting.append(special[0].path)
            elif slot := self.made.slots.get(without_numbers(path)):
                above, _, _ = path.rpartition(".")
                waiting += [slot.repeated, *self.applicable(slot.path).used, *([above] if slot.parent else [])]
        return frozenset(found)

    def override(self, path: str) -> Reading:
        return self.supposed.get(path, Reading(waiting=frozenset({path})))


def _kept(known: Mapping[str, _Known], question: str, of: Callable[[str], frozenset[str]]) -> dict[str, _Known]:
    """What is settled, or does not depend on a question."""
    return {name: each for name, each in known.items() if each[0] is not None or question not in of(name)}


def supposing(made: Compiled, given: Mapping[str, tuple[str, ...]]) -> NameScope:
    """What conditions find where some lists were answered, by their paths, and nothing else was."""
    supposed = {}
    for path, answers in given.items():
        element = made.slots[path].element
        assert isinstance(element, ChoiceElement)  # noqa: S101 - only lists have answers to suppose
        choices = [choice for answer in answers if (choice := element.choice(answer))]
        used = frozenset({path})
        supposed[path] = reading_of_choices(choices, used) if element.multiple else reading_of_choice(choices[0], used)
    return _Supposed(made, supposed, Grounds(made))


class Unspoken(NamedTuple):
    """A clause for which no answers were found under which it speaks.

    Attributes:
        path: its path in the file.
        id: its full id.
        alone: whether there were none even without the clauses before it.
        unsettled: whether the search came to an end of its steps before it knew.
    """

    path: NodePath
    id: str
    alone: bool = False
    unsettled: bool = False


def unspoken_clauses(made: Compiled, of: Mapping[str, int] | None = None) -> Iterator[Unspoken]:
    """Each clause for which no answers were found.

    `of` holds the full ids of the statements that are meant, each with its first clause; None means all of them.
    """
    for path, id, search in _searches(made, of):
        if not search.found():
            yield Unspoken(path, id, alone=not Search(made, [], search.wanted, search.grounds).found())
        elif search.unsettled:
            yield Unspoken(path, id, unsettled=True)


def _searches(made: Compiled, of: Mapping[str, int] | None) -> Iterator[tuple[NodePath, str, Search]]:
    """The search for each clause that may speak."""
    grounds = Grounds(made)
    for name, path, statement in made.protocol.wording.statements():
        first = 0 if of is None else of.get(name, len(statement.clauses))
        for index, clause in enumerate(statement.clauses):
            if index >= first and not clause.silent:
                earlier = [each.when for each in statement.clauses[:index]]
                yield (*path, index), f"{name}.{clause.id}", Search(made, earlier, clause.when, grounds)


@dataclass
class _Tried:
    """A question whose answers are tried: the cases still to look at, and by what else those before failed."""

    path: str
    cases: Iterator[_Supposed]
    failed_by: frozenset[str] = _NOTHING


def _another(tried: list[_Tried], why: frozenset[str]) -> _Supposed | None:
    """The next case to look at after one that failed by some answers; `tried` is cut down to what led to it."""
    while tried:
        last = tried[-1]
        if last.path in why:  # else no other answer to it would have changed anything
            last.failed_by |= why - {last.path}
            case = next(last.cases, None)
            if case is not None:
                return case
            why = last.failed_by
        tried.pop()
    return None


class Search:
    """Looks for answers under which `wanted` holds and none of `earlier` does.

    Attributes:
        steps: how many supposed cases were looked at.
        unsettled: whether it came to an end of its steps before it knew.
        example: the answers found.
    """

    def __init__(self, made: Compiled, earlier: list[str], wanted: str, grounds: Grounds | None = None) -> None:
        self.made = made
        self.grounds = grounds or Grounds(made)
        self.earlier = earlier
        self.wanted = wanted
        self.steps = 0
        self.unsettled = False
        self.example: dict[str, Reading] = {}
        self.texts = self._texts()
        self.preferred = frozenset(self._compared(wanted))
        self._offered: dict[str, list[Reading]] = {}

    def found(self, supposed: dict[str, Reading] | None = None) -> bool:
        """Whether there are such answers, beside those supposed already; the benefit of the doubt where unsettled.

        Where a case fails, the answers it failed by are known; questions answered since then are not asked again.
        """
        limit = min(STEPS, TRUTHS // (len(self.earlier) + 1) + 1)
        tried: list[_Tried] = []
        case: _Supposed | None = _Supposed(self.made, supposed or {}, self.grounds, self.earlier)
        while case is not None:
            self.steps += 1
            if self.steps > limit:
                self.unsettled = True
                return True
            more = self._next(case)
            if more is None:
                self.example = case.supposed
                return True
            if isinstance(more, _Tried):
                tried.append(more)
                case = _another(tried, frozenset({more.path}))
            else:
                case = _another(tried, case.behind(more))
        return False

    def _next(self, scope: _Supposed) -> _Tried | frozenset[str] | None:
        """None where supposed answers are an example; else what to ask next, or the answers by which they fail."""
        outcome = scope.truth(self.wanted)
        open_ones = scope.still_open(outcome.waiting) if outcome.truth is None else _NOTHING
        if outcome.truth is not True and not open_ones:
            return outcome.used | outcome.waiting
        scope.barring = [text for text in scope.barring if scope.truth(text).truth is not False]
        before = list(map(scope.truth, scope.barring))
        spoken = [each.used for each in before if each.truth is True]
        if spoken:
            return min(spoken, key=len)  # more answers never change what is settled
        if open_ones:
            return self._tried(open_ones, scope)
        for each in before:
            if each.truth is None and each.waiting:
                open_ones = scope.still_open(each.waiting)
                return self._tried(open_ones, scope, against=True) if open_ones else each.used | each.waiting
        return None

    def _tried(self, open_ones: frozenset[str], scope: _Supposed, *, against: bool = False) -> _Tried:
        """A scope for each answer to something waited for, in the order in which they are looked at."""
        path = min(open_ones)
        return _Tried(path, scope.further(path, self._ordered(path, against=against)))

    def _ordered(self, path: str, *, against: bool) -> Iterable[Reading]:
        """The answers to try; first those that speak for a condition, or those that do not."""
        candidates = self._candidates(path)
        return reversed(candidates) if against else candidates

    def _candidates(self, path: str) -> list[Reading]:
        """The answers that a question can have."""
        known = self._offered.get(path)
        if known is None:
            known = self._offered[path] = list(self._answers_to(path))
        return known

    def _answers_to(self, path: str) -> Iterator[Reading]:
        slot = self.made.slots.get(without_numbers(path))
        used = frozenset({path})
        element = slot.element if slot else None
        path = slot.path if slot else path  # what conditions call it
        if slot is None and self.made.special_of(path):
            yield from (Reading(truth, used) for truth in (True, False))
            return
        if isinstance(element, ChoiceElement):
            by_id = {choice.id: choice for choice in element.choices}
            values: list[ConditionValue] = [*by_id]
            if element.multiple:
                values = self._several(path, [str(value) for value in values])
            values.sort(key=lambda value: (path, value if isinstance(value, str) else "") not in self.preferred)
            for each in values:
                if isinstance(each, str):
                    yield reading_of_choice(by_id[each], used)
                elif isinstance(each, frozenset):
                    yield reading_of_choices((by_id[id] for id in sorted(each) if id in by_id), used)
        elif slot and slot.repeats:
            sizes = {int(number) for number in self._numbers(path) if 0 < number <= _MOST_ENTRIES} | {1, 2}
            yield from (Reading(Interval.exactly(Decimal(number)), used) for number in sorted(sizes))
        elif isinstance(element, QuantityElement | CountElement) or path == "case.age":
            numbers = self._numbers(path)
            yield from (Reading(Interval(number, number), used) for number in numbers)
            if isinstance(element, CountElement) or (isinstance(element, QuantityElement) and element.bounds):
                yield from (Reading(Interval(number, None, low_open=True), used) for number in numbers)
        elif isinstance(element, DateElement):
            yield Reading(_SOME_DAY, used)
        else:
            words = self._words(path)
            yield from (Reading(word, used) for word in ("", *words, " ".join(words)))
        if element is not None and element.undetermined:
            yield Reading(None, used, words=element.undetermined)
        if element is None or element.status is Status.optional or element.required_when:
            yield Reading(None, used)

    def _compared(self, text: str, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """What a condition compares, with the facts and criteria behind it: the answers to try first."""
        compiled = condition(text)
        yield from compiled.compared
        behind = {fact: (when,) for fact, when in self.made.facts.items()}
        behind |= {f"criteria.{each.id}": (each.met,) for each in self.made.protocol.criteria}
        for name in sorted(compiled.names & behind.keys() - seen):
            for inner in behind[name]:
                yield from self._compared(inner, seen | {name})

    def _several(self, path: str, answers: list[str]) -> list[ConditionValue]:
        """Answers of a list that takes several: each alone, and every set of those that the conditions ask for."""
        asked = sorted({word for text in self.texts for name, word in condition(text).compared if name == path})
        sets = chain.from_iterable(combinations(asked, size) for size in range(min(len(asked), _TOGETHER) + 1))
        return list(dict.fromkeys([*map(frozenset, sets), *(frozenset({answer}) for answer in answers)]))

    def _numbers(self, path: str) -> list[Decimal]:
        """Numbers at, below, above and between those that the conditions compare this (or, if none, anything) with."""
        known = [pair for text in self.texts for pair in condition(text).bounds]
        bounds = sorted({bound for name, bound in known if name == path} or {bound for _, bound in known})
        near = {max(bound + step, Decimal(0)) for bound in bounds for step in (-1, 0, 1)}
        between = {(low + high) / 2 for low, high in pairwise(bounds)}
        return sorted(near | between | {Decimal(0), Decimal(1)})

    def _words(self, path: str) -> list[str]:
        """Words that the conditions compare this with, or look for in any text."""
        compared = {word for text in self.texts for name, word in condition(text).compared if name == path}
        paired = {two for text in self.texts for one, two in condition(text).pairs if one == path}
        answers = {choice.id for two in paired if two in self.made.slots
                   for choice in getattr(self.made.slots[two].element, "choices", ())}  # fmt: skip
        return sorted(compared.union(answers, *(condition(text).named for text in self.texts)))

    def _texts(self) -> list[str]:
        """Every condition whose words and numbers may decide."""
        asked = {text for slot in self.made.slots.values() for text in (*slot.applies, slot.element.required_when)}
        judged = {text for criterion in self.made.protocol.criteria for text in (criterion.met, criterion.unmet)}
        return [*self.earlier, self.wanted, *self.made.facts.values(), *sorted(judged | asked - {""})]


def why_unspoken(clause: Unspoken, source: SourceMapping) -> tuple[str, str]:
    """Why a clause can never be printed, and the next step, if it is another than the usual one."""
    when = text_at(node_at(source, clause.path), "when")
    if not clause.alone:
        hint = "put a clause for 'other' before those that ask the same question for other answers"
        return "a clause before it always speaks first, or holds it back", hint if "'other'" in when else ""
    if names := sorted(denied_answers(condition(when).tree)):
        return f"`{names[0]} is answered` is never false, since nothing is said because something was not entered", ""
    return "its condition contradicts itself", ""
