"""The head of a case in logic: the order of its dates, and the patient's age."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import DateElement
from reportgen.protocols.proof.answers import admits, answered, dated, days, undetermined
from reportgen.protocols.proof.formula import Formula, all_of, any_of, implies, no, number
from reportgen.protocols.proof.numbers import STEPS, Span
from reportgen.protocols.proof.readings import LogicReading

BORN, TAKEN = "patient.birth_date", ("collected", "received")
ORDER = (BORN, *TAKEN, "reported")
_OLDEST = 120
_YEAR = 372
_LOW, _HIGH = "case.age from", "case.age to"


def header_rules(head: CompiledForm, needed: tuple[str, ...]) -> Iterator[Formula]:
    """What validation admits of the head of a case; `needed` are the entries without which there is no case."""
    for path, slot in head.slots.items():
        if not (slot.repeated or slot.is_group):
            yield admits(f"case.{path}", slot.element)
            if slot.parent:
                yield implies(answered(f"case.{path}"), answered(f"case.{slot.parent}"))
    yield from (answered(f"case.{path}") for path in needed)
    known = [path for path in ORDER if _is_date(head, path)]
    for one, two in combinations(known, 2):
        skipped = known[known.index(one) + 1 : known.index(two)]
        next_to = all_of(_known(one), _known(two), *(no(_known(each)) for each in skipped))
        yield implies(next_to, _not_before(one, two))
    yield from _age_rules(known)


def _is_date(head: CompiledForm, path: str) -> bool:
    return path in head.slots and isinstance(head.slots[path].element, DateElement)


def _known(path: str) -> Formula:
    return all_of(answered(f"case.{path}"), no(undetermined(f"case.{path}")))


def _not_before(earlier: str, later: str) -> Formula:
    """Whether the later date can lie on or after the earlier one."""
    return all_of(
        *(
            implies(all_of(when, then), last.minus(first).at_least(0))
            for when, first, _ in days(f"case.{earlier}")
            for then, _, last in days(f"case.{later}")
        )
    )


def _age_rules(known: list[str]) -> Iterator[Formula]:
    if BORN not in known:
        return
    taken = [path for path in ORDER[1:] if path in known]
    for place, path in enumerate(taken):
        here = all_of(_known(BORN), _known(path), *(no(_known(each)) for each in taken[:place]))
        birth_year, year = (number(dated(f"case.{each}")[0]) for each in (BORN, path))
        yield implies(here, no(year.minus(birth_year).above(_OLDEST)))
        if path not in TAKEN:
            continue
        for when, first, last in days(f"case.{BORN}"):
            for then, begun, ended in days(f"case.{path}"):
                both = all_of(here, when, then)
                is_day = first == last
                for name, from_, to in ((_LOW, last, begun), (_HIGH, first, ended)):
                    age, lived = number(name, _YEAR), to.minus(from_)
                    rest = lived.minus(age)
                    counted = all_of(rest.at_least(0), no(rest.at_least(_YEAR)))
                    if name == _LOW and not is_day:  # born in a year of which the day is not known
                        counted = any_of(
                            all_of(lived.at_least(0), counted), all_of(no(lived.at_least(0)), number(name).equals(0))
                        )
                    yield implies(both, counted)


def age(head: CompiledForm) -> LogicReading:
    """The patient's age when the specimen was taken: a range where the day of birth is not known."""
    taken = [path for path in TAKEN if _is_date(head, path)]
    there = all_of(_known(BORN), any_of(*map(_known, taken))) if _is_date(head, BORN) else any_of()
    return LogicReading(there, spans=(Span(there, number(_LOW, STEPS), number(_HIGH, STEPS)),))
