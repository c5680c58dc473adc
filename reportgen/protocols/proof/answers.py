"""The answer to one element in logic: its variables, what validation admits of it, and how conditions read it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from reportgen.language.conditions import OTHER, UNNAMED
from reportgen.protocols.elements import (
    Choice,
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    QuantityElement,
    Status,
)
from reportgen.protocols.proof.formula import (
    FALSE,
    TRUE,
    Formula,
    Number,
    all_of,
    any_of,
    at_most_one,
    implies,
    is_,
    no,
    number,
)
from reportgen.protocols.proof.numbers import STEPS, Span, entered, signs_of
from reportgen.protocols.proof.readings import LogicReading, Text

PER_AREA = "mm²"
_TEN_FIELDS = 4  # mm²: the most that ten high-power fields measure; the least is 1
_MOST = Decimal("999999999.999999")  # the greatest number that can be entered
_YEARS = (1900, 2024)  # of dates in examples: none lies in the future
_MONTH, _YEAR = 31, 372  # days of a month and of a year in the order of dates: the 27 first of each month occur
_LAST_OF_MONTH, _LAST_OF_YEAR = 30, 371


def answered(path: str) -> Formula:
    """Whether an element is answered."""
    return is_(f"{path} ?")


def undetermined(path: str) -> Formula:
    """Whether it is answered with "cannot be determined"."""
    return is_(f"{path} cannot")


def chosen(path: str, id: str) -> Formula:
    """Whether an answer of a list is chosen."""
    return is_(f"{path} = {id}")


def amount(path: str, per: str = "") -> str:
    """The variable of the largest number of a measurement, or of a count per something."""
    return f"{path} # {per}".rstrip()


def third(path: str) -> str:
    """The variable of the last of three dimensions."""
    return f"{path} ×3"


def in_three(path: str) -> Formula:
    """Whether a measurement has three dimensions."""
    return is_(f"{path} in three")


def in_tenth(path: str) -> Formula:
    """Whether a count per mm² was made in fields of a tenth of a mm², so that ten of them are one."""
    return is_(f"{path} in a field of a tenth")


def counted_per(path: str, per: str) -> Formula:
    """Whether a count is one per this."""
    return is_(f"{path} per {per}")


def minimum(path: str) -> Formula:
    """Whether a measurement is a minimum."""
    return is_(f"{path} at least")


def with_text(path: str, choice: Choice) -> Formula:
    """Whether an answer of a list is chosen, with the response that it asks for."""
    asked = choice.asks
    if asked is None:
        return FALSE
    there = chosen(path, choice.id)
    return there if asked.status is Status.core else all_of(there, is_(f"{path} = {choice.id} with text"))


def dated(path: str) -> tuple[str, str, str]:
    """The variables of year, month and day of a date; January and the first are 0."""
    return f"{path} year", f"{path} month", f"{path} day"


def coarse(path: str) -> tuple[Formula, Formula]:
    """Whether only the year, or only the year and the month, is known of a date."""
    return is_(f"{path} only year"), is_(f"{path} only month")


def admits(path: str, element: ElementBase) -> Formula:
    """What holds of every answer to an element that validation accepts, apart from where it applies."""
    there, cannot = answered(path), undetermined(path)
    rules = [implies(cannot, there if element.undetermined else FALSE)]
    return all_of(*rules, *_rules(path, element, there, cannot))


def _rules(path: str, element: ElementBase, there: Formula, cannot: Formula) -> Iterator[Formula]:
    measured = all_of(there, no(cannot))
    if isinstance(element, ChoiceElement):
        picks = [chosen(path, choice.id) for choice in element.choices]
        yield from (implies(pick, there) for pick in picks)
        yield implies(there, any_of(cannot, *picks))
        yield implies(cannot, no(any_of(*picks)))
        if not element.multiple:
            yield at_most_one(picks)
        for choice, pick in zip(element.choices, picks, strict=True):
            if element.multiple and choice.exclusive:
                yield implies(pick, no(any_of(*(other for other in picks if other is not pick))))
    elif isinstance(element, QuantityElement):
        yield implies(measured, _in_range(amount(path), element.minimum, element.maximum))
        signs = [sign for _, sign in signs_of(amount(path))]
        yield at_most_one(signs) if element.bounds else no(any_of(*signs))
        yield implies(minimum(path), all_of(measured, no(any_of(*signs))) if element.at_least else FALSE)
        if element.dimensions > 2:
            smaller = number(amount(path)).minus(number(third(path))).at_least(0)
            in_range = _in_range(third(path), element.minimum, element.maximum)
            yield implies(in_three(path), all_of(measured, no(any_of(*signs)), in_range, smaller))
    elif isinstance(element, CountElement):
        bases = element.per or ("",)
        yield at_most_one(counted_per(path, per) for per in bases)
        yield implies(measured, any_of(*(counted_per(path, per) for per in bases)))
        for per in bases:
            steps = 1 if per == PER_AREA else STEPS
            in_range = _in_range(amount(path, per), element.minimum, element.maximum, steps)
            yield implies(all_of(measured, counted_per(path, per)), in_range)
            yield at_most_one(sign for _, sign in signs_of(amount(path, per)))
    elif isinstance(element, DateElement):
        yield at_most_one(coarse(path)) if element.coarse else no(any_of(*coarse(path)))


def plain_dates(path: str) -> Formula:
    """That a date lies in a usual year, and on one of the days that every month has: enough for any order of dates."""
    bounds = zip(dated(path), (_YEARS, (0, 11), (0, 26)), strict=True)
    return all_of(
        *(part for name, (low, high) in bounds for part in (number(name).at_least(low), no(number(name).above(high))))
    )


def _in_range(name: str, minimum: Decimal, maximum: Decimal | None, steps: int = 1) -> Formula:
    value = number(name, steps)
    high = Fraction(_MOST if maximum is None else min(maximum, _MOST)) * STEPS
    return all_of(value.at_least(max(Fraction(minimum) * STEPS, Fraction(0))), no(value.above(high)))


def looked_at(path: str, element: ElementBase, text: Text, *, in_header: bool = False) -> LogicReading:
    """How conditions read an answer, wherever there is one.

    Args:
        path: the element's path.
        element: the element.
        text: the own words at that path.
        in_header: whether it is an entry of the case's header, of which "other" is not waited for.
    """
    there, cannot = answered(path), undetermined(path)
    worded = {element.undetermined: cannot} if element.undetermined else {}
    settled = no(cannot) if element.undetermined else TRUE
    here = all_of(there, settled)
    if isinstance(element, ChoiceElement):
        return _choice(path, element, worded, here, in_header=in_header)
    if isinstance(element, QuantityElement):
        spans = entered(amount(path), element.bounds)
        return LogicReading(here, worded, spans=tuple(_where(here, spans)))
    if isinstance(element, CountElement):
        spans = (span for per in element.per or ("",) for span in _counted(path, element, per))
        return LogicReading(here, worded, spans=tuple(_where(here, spans)))
    if isinstance(element, DateElement):
        rough = any_of(*coarse(path))
        # the words of a year or a month equal nothing that a condition may name
        words = {**worded, "": all_of(here, rough)} if element.coarse else worded
        return LogicReading(all_of(here, no(rough)), words, day=first_day(path))
    return LogicReading(here, worded, text=text)


def _where(here: Formula, spans: Iterator[Span]) -> Iterator[Span]:
    return (span._replace(when=all_of(here, span.when)) for span in spans)


def _choice(
    path: str, element: ChoiceElement, worded: dict[str, Formula], here: Formula, *, in_header: bool
) -> LogicReading:
    if element.multiple and not in_header:
        members = {each.id: chosen(path, each.id) for each in element.choices}
        unnamed = any_of(*(members[each.id] for each in element.choices if each.added))
        return LogicReading(here, worded, members={**members, UNNAMED: unnamed})
    vague = {each.id: chosen(path, each.id) for each in element.choices if _is_vague(each, in_header=in_header)}
    ids = {each.id: chosen(path, each.id) for each in element.choices if each.id not in vague}
    awaited = [vague[each.id] for each in element.choices if each.id == OTHER or each.added]
    elsewhere = FALSE if in_header else any_of(*awaited)
    return LogicReading(any_of(*ids.values()), {**worded, **vague}, elsewhere=elsewhere, ids=ids)


def _is_vague(choice: Choice, *, in_header: bool) -> bool:
    return choice.id == OTHER or ((choice.unclear or choice.added) and not in_header)


def _counted(path: str, element: CountElement, per: str) -> Iterator[Span]:
    """What a count says of the count per what the element lists first."""
    name, steps = amount(path, per), 1 if per == PER_AREA else STEPS
    here = counted_per(path, per)
    if per == (element.per[0] if element.per else ""):
        yield from _where(here, entered(name, signs=True, steps=steps))
        return
    converted = in_tenth(path)
    yield from _where(all_of(here, converted), entered(name, signs=True, steps=steps))
    yield from _where(all_of(here, no(converted)), entered(name, signs=True, steps=steps, most=_TEN_FIELDS))


def first_day(path: str) -> Number:
    """The place of a date, or of the first day of a year or month, among all days."""
    year, month, day = dated(path)
    return Number(((year, _YEAR), (month, _MONTH), (day, 1)))


def days(path: str) -> Iterator[tuple[Formula, Number, Number]]:
    """First and last day of an answer, where it is a day, a month or a year."""
    year, month, _ = dated(path)
    only_year, only_month = coarse(path)
    a_day, a_year = first_day(path), Number(((year, _YEAR),))
    a_month = Number(((year, _YEAR), (month, _MONTH)))
    yield no(any_of(only_year, only_month)), a_day, a_day
    yield only_month, a_month, Number(a_month.terms, _LAST_OF_MONTH)
    yield only_year, a_year, Number(a_year.terms, _LAST_OF_YEAR)
