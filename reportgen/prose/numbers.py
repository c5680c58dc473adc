"""Numbers that a text gives: sizes of things, counts per fields, the age of the patient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reportgen.prose.model import FreeText, Measure
from reportgen.prose.phrases import EDGE, alternatives, any_of

_ANY = Decimal(10_000)
_UNITS = {"mm": Decimal(1), "cm": Decimal(10)}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_NO_AGE = (
    r"(?:days?|weeks?|months?|years?|yrs?|hours?|minutes?|mg|lbs?|pounds?|packs?|pack|times|x|cm|mm|st|nd|rd|th|of)\b"
)
_DIMENSIONS = rf"(?P<numbers>{_NUMBER}(?:\s?(?:mm|cm)?\s?[x×X]\s?{_NUMBER}){{0,2}})[\s-]?(?P<unit>mm|cm)\b"


class Numbers:
    """Reads the numbers of one measure, each as (least, greatest); sizes in mm, by the largest dimension.

    Number words and comparing words are those of `listed`.
    """

    def __init__(self, measure: Measure, listed: FreeText) -> None:
        self.measure, self.words = measure, listed.numbers
        named = "|".join(sorted(self.words, key=lambda each: (-len(each), each))) or "(?!)"
        spelled = rf"(?:{_NUMBER}|(?:{named})(?:[\s-](?:{named}))?)"
        forms = {"size": _sizes, "extent": _sizes, "count": _counts, "age": _ages}[measure.kind](measure, spelled)
        self.forms = [re.compile(form, re.IGNORECASE) for form in forms]
        self.at_most, self.at_least = _just_before(listed.at_most), _just_before(listed.at_least)
        self.never, self.none = _just_before(measure.not_after), any_of(measure.none)

    def found(self, text: str) -> Iterator[tuple[Decimal, Decimal]]:
        """Each number of this measure in a sentence."""
        if self.none.search(text):
            yield Decimal(0), Decimal(0)
        for form in self.forms:
            for match in form.finditer(text):
                if self.never.search(text, 0, match.start()):
                    continue
                if self.measure.kind in ("size", "extent"):
                    factor = _UNITS[match["unit"].casefold()]
                    largest = max(Decimal(each) for each in re.findall(_NUMBER, match["numbers"])) * factor
                    yield self.bounded(largest, largest, text[: match.start("numbers")])
                elif (low := self.value(match["number"])) is not None:
                    high = self.value(match.groupdict().get("upper") or match["number"])
                    yield self.bounded(low, low if high is None else high, text[: match.start()])

    def bounded(self, low: Decimal, high: Decimal, before: str) -> tuple[Decimal, Decimal]:
        """The range of a number, given the words before it ("fewer than")."""
        if self.measure.kind != "age" and self.at_most.search(before):
            return Decimal(0), high
        return (low, _ANY) if self.measure.kind != "age" and self.at_least.search(before) else (low, high)

    def value(self, text: str) -> Decimal | None:
        """A number in digits or in words ("sixty-five")."""
        if re.fullmatch(_NUMBER, text.strip()):
            return Decimal(text.strip())
        values = [self.words.get(word) for word in re.split(r"[\s-]+", text.casefold().strip())]
        known = [value for value in values if value is not None]
        return Decimal(sum(known)) if known and len(known) == len(values) else None


def _just_before(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words) or '(?!)'})\s*$", re.IGNORECASE)


def _sizes(measure: Measure, _: str) -> list[str]:
    thing, links = alternatives(measure.words), alternatives(measure.links)
    after = alternatives(measure.not_before)
    never = rf"(?!\W{{0,2}}(?:{after.replace(EDGE, '')}))" if after else ""
    apart = rf"(?:of|in|from|to|by|into|at|with|and|the|on|x)\b|{after or '(?!)'}"
    dimensions = _DIMENSIONS.replace("{0,2}", "{1,2}") if measure.kind == "extent" else _DIMENSIONS
    between = rf"(?:[\s-]+(?!{apart})[\w-]+){{0,3}}?\s+"
    return [
        rf"(?<![\w.×x-])(?<!x )(?:{dimensions}){between}(?:{thing}){never}",
        rf"(?:{thing})(?:[\s,]+(?:{links}))*[\s,(]+{dimensions}{never}",
    ]


def _counts(measure: Measure, number: str) -> list[str]:
    thing, per = alternatives(measure.words), alternatives(measure.per)
    upper = rf"(?<![\w.])(?P<number>{number})(?:\s?(?:-|–|to)\s?(?P<upper>{number}))?"
    between = r"(?:[\s,:(]+(?!no\b|not\b)[a-z/-]+){0,7}?[\s,:(]+"
    return [
        rf"{upper}\s(?:[a-z]+\s){{0,2}}?(?:{thing})(?:\s(?:are|is|were|was|seen|found|counted|present|identified))*[\s]?(?:{per})",
        rf"(?:{thing}){between}{upper}\s?(?:{per})",
        rf"(?:{thing})\s?{upper}\s?(?:{per})" if measure.words else "(?!)",
    ]


def _ages(measure: Measure, number: str) -> list[str]:
    years = "|".join(r"[\s-]".join(map(re.escape, re.split(r"[\s-]", word))) for word in measure.words)
    years, after = rf"(?:{years})(?!\w)", alternatives(measure.not_before)
    never = rf"(?![\s-]+(?:[a-z]+\s)?(?:{after}))" if after else ""
    people = alternatives(measure.per)
    return [
        rf"(?<![\w.])(?P<number>{number})[\s-]?(?:{years}){never}",
        rf"(?:{people})[\s,(]+(?:of|aged|age)\s(?P<number>[1-9][0-9])(?![0-9./])",
        rf"(?:{people}|(?-i:(?<!\w)[MF]))[\s,(]+(?P<number>[1-9][0-9])(?=[\s]?(?:[,.;)]|$|[a-z]))(?!\.[0-9]|\s?{_NO_AGE})",
        r"(?<![\w.])(?P<number>[1-9][0-9])\s?(?-i:[MF])(?![\w])",
    ]
