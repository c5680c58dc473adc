"""Text to typed values, element by element; what does not fit becomes a finding with the element's own words."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reportgen.cases.days import SHORT_YEAR, wrong_with
from reportgen.cases.identifiers import spoiled
from reportgen.cases.model import (
    Chosen,
    Counted,
    Dated,
    Measured,
    Period,
    Pick,
    Response,
    Undetermined,
    Value,
    Written,
)
from reportgen.findings import did_you_mean, one_of
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import (
    Choice,
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    QuantityElement,
    Status,
    TextElement,
)
from reportgen.reading.nothing import says_unknown
from reportgen.units import Quantity, plain, read_count, read_quantity, rounded, unreadable

_NAME = 200  # characters of what is printed on every page, such as a name
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?Z?$")


class Misfit(Exception):
    """A text that is no answer to its element: finding code, message (without the text), next step."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Entered(NamedTuple):
    """One answer of an entry; `words` is the `text` entered with this one answer of a list."""

    text: str
    words: str = ""


def typed(element: ElementBase, entered: tuple[Entered, ...], own_words: str, reason: str, per: str) -> Value:
    """Give one entry the type of its element.

    Args:
        element: the element that was answered.
        entered: the entry; more than one answer only where several were listed.
        own_words: the `text` entered beside the whole entry: the response to an answer.
        reason: the `reason` entered beside it.
        per: the `per` entered beside a count.

    Raises:
        Misfit: where the entry is no answer to the element.
    """
    texts = tuple(each.text for each in entered)
    undetermined = _undetermined(element, texts, reason)
    if reason and not undetermined:
        raise Misfit("E204", "has a reason, which only an element that cannot be determined takes", "remove the reason")
    if isinstance(element, ChoiceElement) and not undetermined:
        return _chosen(element, entered, own_words)
    if own_words or any(each.words for each in entered):
        raise _no_text()
    if undetermined:
        return undetermined
    if len(texts) != 1:
        raise Misfit("E108", "takes one value, not a list")
    if isinstance(element, CountElement):
        return _counted(element, texts[0], per)
    if isinstance(element, QuantityElement):
        return _measured(element, texts[0])
    if isinstance(element, TextElement):
        return _written(element, texts[0])
    if isinstance(element, DateElement):
        return _dated(element, texts[0])
    raise Misfit("E108", "holds other entries and takes no value of its own")


@lru_cache(maxsize=10_000)
def typed_alone(form: CompiledForm, path: str, text: str) -> Value:
    """What `typed` gives for a text with nothing beside it; kept, since a batch meets the same answers again."""
    return typed(form.slots[path].element, (Entered(text),), "", "", "")


def _undetermined(element: ElementBase, texts: tuple[str, ...], reason: str) -> Undetermined | None:
    words = element.undetermined
    if not words or len(texts) != 1 or texts[0].lstrip()[:1].casefold() != words[:1].casefold():
        return None
    found = re.fullmatch(rf"{re.escape(element.undetermined)}\s*(?:\((.*)\))?", _squeezed(texts[0]), re.IGNORECASE)
    if not found:
        return None
    said = (found[1] or "").strip() or reason
    if reason not in ("", said):
        raise Misfit("E203", "has two reasons", "write one of them")
    if not said:
        raise Misfit(
            "E109", "needs a reason", f'write "{element.undetermined} (why)", or add `reason:` beside `result:`'
        )
    if isinstance(element, TextElement) and element.identifier and len(said) > _NAME:
        raise Misfit("E112", f"has a reason longer than {_NAME} characters")
    return Undetermined(words=element.undetermined, reason=said)


def _no_text() -> Misfit:
    return Misfit("E204", "has a text, which this answer does not take", "remove the text")


def _chosen(element: ChoiceElement, entered: tuple[Entered, ...], own_words: str) -> Chosen:
    if len(entered) > 1 and not element.multiple:
        raise Misfit("E108", "takes one answer, not a list")
    choices = [_choice(element, each.text) for each in entered]
    ids = [choice.id for choice in choices]
    if len(set(ids)) < len(ids):
        raise Misfit("E203", "lists an answer twice")
    exclusive = [choice.id for choice in choices if choice.exclusive]
    if exclusive and len(ids) > 1:
        raise Misfit("E202", f'"{exclusive[0]}" excludes every other answer')
    open_ones = sum(bool(choice.asks) and not each.words for choice, each in zip(choices, entered, strict=True))
    if own_words and open_ones > 1:
        raise Misfit("E109", "has one text beside several answers that need one", "write a text with each answer")
    if own_words and not open_ones:
        raise _no_text()
    words = (each.words or own_words * bool(choice.asks) for choice, each in zip(choices, entered, strict=True))
    return Chosen(picks=tuple(map(_pick, choices, words)))


def _pick(choice: Choice, words: str) -> Pick:
    asked = choice.asks
    if asked and asked.status is Status.core and not words:
        what = "words" if isinstance(asked, TextElement) else f"a {asked.kind}"
        raise Misfit("E109", f'"{choice.id}" needs {what} of its own', "write {result: " + choice.id + ", text: …}")
    if words and not asked:
        raise _no_text()
    return Pick(
        choice.id,
        choice.words,
        _response(asked, words) if asked and words else None,
        choice.print,
        choice.omit,
        choice.pending,
        choice.unclear,
    )


def _response(asked: ElementBase, words: str) -> Response:
    value = typed(asked, (Entered(words),), "", "", "")
    assert not isinstance(value, Chosen | Undetermined)  # noqa: S101 - a protocol asks for neither here
    return value


def _choice(element: ChoiceElement, text: str) -> Choice:
    said = _squeezed(text)
    found = element.choice_as_typed(said)
    if found:
        return found
    known = [choice.id for choice in element.choices] + [word for word in (element.undetermined,) if word]
    raise Misfit("E103", "is not an answer", did_you_mean(said, known, otherwise=one_of(known)))


def _measured(element: QuantityElement, text: str) -> Measured:
    words, text = without_words(element, text)
    quantity = read_quantity(text)
    example = f"write it as 1.5 {element.unit}".rstrip()
    if quantity is None:
        why, hint = unreadable(text)
        raise Misfit("E106", why or "is not a measurement", hint or example)
    factor = _factor(element, quantity, text)
    if len(quantity.numbers) > element.dimensions:
        raise Misfit("E108", f"takes at most {element.dimensions} dimension{'s' if element.dimensions > 1 else ''}")
    if quantity.sign and len(quantity.numbers) > 1:
        raise Misfit("E106", "takes no comparator with several dimensions")
    if quantity.sign and words:
        raise Misfit("E106", f'takes no comparator with "{words}"', "write one of them")
    if quantity.sign not in ("", "~") and not element.bounds:
        raise Misfit("E106", f"takes no comparator{' but ~' * element.about}", example)
    _refuse_about(element, quantity, "measured")
    largest, smallest = quantity.largest * factor, min(quantity.numbers) * factor
    if smallest < element.minimum or (element.maximum is not None and largest > element.maximum):
        raise Misfit("E104", f"is outside {element.minimum} to {element.maximum} {element.unit}".rstrip())
    places = element.decimals
    if places is not None and any(
        plain(number * factor) != rounded(number * factor, places) for number in quantity.numbers
    ):
        kind = f"has more than {places} decimal{'s' if places > 1 else ''}" if places else "is not a whole number"
        raise Misfit("E104", f"{kind} in {element.unit}" if element.unit else kind, "enter it as it is to be reported")
    return Measured(quantity, element.unit, str(factor), words, _rounded(element, quantity, factor))


def _refuse_about(element: QuantityElement | CountElement, quantity: Quantity, how: str) -> None:
    """Refuse "~" where a limit decides: what is about 5 may lie on either side of it."""
    if quantity.sign == "~" and not element.about:
        raise Misfit("E106", 'takes no "~"', f"enter the number as it was {how}")


def _rounded(element: QuantityElement, quantity: Quantity, factor: Decimal) -> str:
    """A measurement rounded half up, once, from what was entered; "" where that changes nothing, or a bound is open."""
    if element.rounded is None or quantity.sign not in ("", "~"):
        return ""
    exact = tuple(number * factor for number in quantity.numbers)
    whole = tuple(rounded(number, element.rounded) for number in exact)
    return "" if whole == exact else str(Quantity(whole, element.unit, quantity.sign))


def without_words(element: QuantityElement, text: str) -> tuple[str, str]:
    """The words by which a text says that it is a minimum, as the element has them, and the rest."""
    said = _squeezed(text)
    start = f"{element.at_least} "
    if element.at_least and said.casefold().startswith(start.casefold()):
        return element.at_least, said[len(start) :]
    return "", text


def _factor(element: QuantityElement, quantity: Quantity, text: str) -> Decimal:
    """How many of the element's unit the unit of a quantity is."""
    units = [unit for unit in (element.unit, *element.units) if unit]
    if not quantity.unit and units:
        raise Misfit("E105", "has no unit", f"add {' or '.join(units)}")
    factor = element.factor(quantity.unit)
    if factor is None:
        why, hint = unreadable(text)
        if why:
            raise Misfit("E106", why, hint)
        if not units:
            raise Misfit("E105", "takes no unit", "write the number alone")
        raise Misfit("E105", "has a unit that this element does not take", f"use {' or '.join(units)}")
    return factor


def _counted(element: CountElement, text: str, per: str) -> Counted:
    found = read_count(text)
    if found is None:
        hint = f"write it as 4 per {element.per[0]}" if element.per else "write a whole number"
        why, better = unreadable(text)
        raise Misfit("E106", why or "is not a count", better or hint)
    count, said = found
    _refuse_about(element, count, "counted")
    if said and per and said != per:
        raise Misfit("E201", 'has two different units after "per"')
    basis = said or " ".join(per.replace("mm2", "mm²").split())
    if element.per and basis not in element.per:
        choices = " or ".join(f"per {each}" for each in element.per)
        raise Misfit(
            "E105",
            "does not say what it is counted per" if not basis else "is counted per something else",
            f"add {choices}",
        )
    if not element.per and basis:
        raise Misfit("E105", "is a plain count", "write the number alone")
    if count.largest < element.minimum:
        raise Misfit("E104", f"is below {element.minimum}")
    if count.largest > element.maximum:
        raise Misfit("E104", f"is above {element.maximum}")
    if basis != "mm²" and count.largest != count.largest.to_integral_value():
        raise Misfit("E104", "is not a whole number", "counts are whole numbers, except per mm²")
    return Counted(number=count, per=basis)


def _written(element: TextElement, text: str) -> Written:
    lines = [_squeezed(line) for line in text.strip().split("\n")]
    words = "\n".join(lines).strip("\n") if element.lines else _squeezed(text)
    if element.identifier and (why := spoiled(words)):
        raise Misfit("E117", why)
    if element.identifier and element.undetermined and says_unknown(words):
        raise Misfit("E109", "does not say why it is not known", f'write "{element.undetermined} (why)"')
    if len(words) > element.maximum:
        raise Misfit("E112", too_long(words, element.maximum))
    return Written(text=words)


def too_long(text: str, limit: int) -> str:
    """What is said of a text that is longer than a report can hold it: nothing of it is cut."""
    return f"has {len(text):,} characters, and a report can hold {limit:,} here"


def _dated(element: DateElement, text: str) -> Dated | Period:
    said = at_midnight(text.strip())
    found = _DATE.fullmatch(said)
    if not found or (not found["day"] and not element.coarse):
        raise Misfit("E107", *_no_day(element, said))
    year, month, day = (int(number or 0) for number in found.groups())
    try:
        if day:
            return Dated(day=date(year, month, day))
        last = month or 12
        return Period(said, date(year, month or 1, 1), date(year, last, monthrange(year, last)[1]))
    except ValueError:
        what = "a day" if day else "a month" if month else "a year"
        raise Misfit("E107", f"is {what} that does not exist") from None


def at_midnight(text: str) -> str:
    """A date without the midnight that databases write behind it; any other time of day stays."""
    return _MIDNIGHT.sub("", text)


def _no_day(element: DateElement, text: str) -> tuple[str, str]:
    """What is wrong with a date, and the next step."""
    if re.fullmatch(r"[0-9]{4}[\u2010-\u2015\u2212][0-9]{2}[\u2010-\u2015\u2212][0-9]{2}", text):
        return "has dashes in place of hyphens", "type the hyphens again: YYYY-MM-DD"
    if re.search(r"[0-9][ T][0-9]{1,2}:[0-9]{2}", text):
        return (
            "has a time of day",
            "enter the date alone, as YYYY-MM-DD; a mapping can drop it (date: YYYY-MM-DD HH:mm)",
        )
    forms = " or ".join(element.forms)
    if element.undetermined and not re.search("[0-9]", text):
        return "is not a date", f'write {forms}; where it is not known, write "{element.undetermined} (why)"'
    why = wrong_with(text)
    hint = "have the year written with four digits" if why == SHORT_YEAR else ""
    return f"is not a date of the form {forms}" + (f": it {why}" if why else ""), hint


def _squeezed(text: str) -> str:
    return " ".join(text.split())
