"""How the columns of a table write their days, and what is wrong with one that is written otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIMES = {"HH": "[0-9]{2}", "mm": "[0-9]{2}", "ss": "[0-9]{2}(?:\\.[0-9]+)?", "Z": "Z"}  # which a date drops
_TOKEN = re.compile(r"T(?=HH)|HH|mm|ss|Z|YYYY|MMM|MM|M|DD|D|[A-Za-z]+|.")
_DIGITS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MMM": "(?P<name>[A-Za-z]{3})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
}
_WORD = r"(?:[0-9]{1,2}|[A-Za-z]{3,9})"  # a day, or a month in digits or letters
_SIGN = r"[-/. \u2010-\u2015\u2212]\s?"
_SHORT_YEAR = re.compile(rf"{_WORD}{_SIGN}{_WORD}{_SIGN}'?[0-9]{{2}}")
_WHOLE = re.compile(rf"{_WORD},?{_SIGN}{_WORD},?{_SIGN}[0-9]{{4}}|[0-9]{{4}}{_SIGN}{_WORD}{_SIGN}{_WORD}|[0-9]{{8}}")
_TIME = re.compile(
    r"(?P<day>.*[0-9])(?:T|,?\s+)[0-9]{1,2}(?::?[0-9]{2}){1,2}(?:\.[0-9]+)?\s*(?:[AP]\.?M\.?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DatePattern:
    """How a column writes its days.

    Attributes:
        spelled: the pattern as the mapping has it.
        forms: regular expressions; the second, where a time of day is left out, is for a day without one.
        timed: whether a time of day follows the day and is left out.
    """

    spelled: str
    forms: tuple[re.Pattern[str], ...]
    timed: bool = False

    def read(self, text: str) -> str | None:
        """The day as YYYY-MM-DD; None where the text does not follow the pattern, or there is no such day."""
        found = self.match(text)
        if not found:
            return None
        said = found.groupdict()
        name = (said.get("name") or "").lower()
        if name and name not in _MONTHS:
            return None
        month = _MONTHS.index(name) + 1 if name else int(said["month"])
        try:
            return date(int(said["year"]), month, int(said["day"])).isoformat()
        except ValueError:
            return None

    def match(self, text: str) -> re.Match[str] | None:
        """What of a text follows the pattern, whether or not there is such a day."""
        return next((found for form in self.forms if (found := form.fullmatch(text))), None)

    def amiss(self, text: str) -> tuple[str, str]:
        """What is wrong with a text that `read` does not take, and the next step; neither holds any of the text."""
        why = wrong_with(text) or f"is in another order or has other signs than {self.spelled}"
        hint = "correct the date, or the pattern of its column"
        if self.match(text):
            why = "has no such day: day and month may be in the other order"
        elif why == TIMED and self.timed:
            hint = "let the pattern write the time as the column does: HH:mm, HHmm, HH:mm:ss"
        elif why == TIMED:
            hint = f"let the pattern say the time too, and it is left out: date: {self.spelled} HH:mm"
        elif why == SHORT_YEAR:
            hint = "let the export write the year with four digits"
        return f"does not follow the pattern {self.spelled} of its column: it {why}", hint


TIMED, SHORT_YEAR = "has a time of day", "has a year of two digits, which can be read in two ways"


def wrong_with(text: str) -> str:
    """What keeps a text from being a day, however days are written; "" for a whole day."""
    said = text.strip()
    timed = _TIME.fullmatch(said)
    if timed and _WHOLE.fullmatch(timed["day"]):
        return TIMED
    if not re.search("[0-9]", said):
        return "is not a date"
    if _SHORT_YEAR.fullmatch(timed["day"] if timed else said) and not _WHOLE.fullmatch(said):
        return SHORT_YEAR
    return "" if _WHOLE.fullmatch(said) else "is not a whole date"


def date_pattern(text: str) -> DatePattern | str:
    """How a column writes its days, in `YYYY`, `MM`, `M` or `MMM` (an English name), `DD` or `D`; else why not."""
    words = _TOKEN.findall(text)
    kinds = [word[0] for word in words if word in _DIGITS]
    if any(word.isalpha() and word not in (*_DIGITS, *_TIMES, "T") for word in words):
        return SHORT_YEAR if "YY" in words else "has letters that mean nothing"
    if sorted(kinds) != ["D", "M", "Y"]:
        return "does not say year, month and day once each"
    if kinds == ["Y", "D", "M"]:
        return "puts the day before the month after the year, where everyone reads the month"
    if any(one in ("M", "D") and two in _DIGITS for one, two in pairwise(words)):
        return "needs a sign after a number of one or two digits"
    last = max(place for place, word in enumerate(words) if word in _DIGITS)
    timed = any(word in _TIMES for word in words)
    behind = timed and not any(word in _TIMES for word in words[:last])
    return DatePattern(text, tuple(map(_compiled, [words, words[: last + 1]] if behind else [words])), timed)


def _compiled(words: list[str]) -> re.Pattern[str]:
    return re.compile("".join(_DIGITS.get(word) or _TIMES.get(word) or re.escape(word) for word in words))
