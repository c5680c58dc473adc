"""One cell to the text a case holds: the laboratory's words to answers, bare numbers to measurements, days to ISO days.

Nothing is guessed: a cell that could be meant in two ways is refused, one that no word list knows stays as it is and
is refused where the answers are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportgen.cases.days import DatePattern
from reportgen.cases.typing import Entered, Misfit, at_midnight, typed
from reportgen.findings import Finding, did_you_mean, one_of
from reportgen.protocols.elements import (
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    QuantityElement,
    TextElement,
)
from reportgen.tables.headings import HeadingRole, Target
from reportgen.tables.mapping import Column, Columns, Word, squeezed
from reportgen.units import read_count, read_quantity

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COARSE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_TIME_BEHIND = re.compile(r"(?<=^....-..-..)[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_NUMBER_FIRST = re.compile(r"[<>=≤≥~\s]*[0-9]")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_FITS_LATER = ("E105", "E109")  # the unit or the words may be in a column of their own


@dataclass(frozen=True, slots=True)
class Cell:
    """How the cells of one column are read, for one protocol."""

    path: str  # the element path, without aliases
    text: bool = False  # whether it is text, where a number cell may have lost what was typed
    folds: bool = False  # whether upper and lower case mean the same
    words: dict[str, str] = field(default_factory=dict)  # word, folded → answer; "" means that nothing was entered
    separator: str = ""  # between several answers; empty where one is taken
    whole: str = ""  # the folded words of "cannot be determined"; such an answer is taken as it is
    number: bool = False  # whether it is a measurement or a count
    mapped: bool = False  # whether there is a mapping that could say more
    comma: bool = False  # whether the mapping says that numbers have a decimal comma
    least: str = ""  # the folded words of a minimum, which are before the number
    unit: str = ""
    per: str = ""
    date: DatePattern | None = None
    form: re.Pattern[str] | None = None
    coarse: bool = False  # whether a year or a month is a date too

    @property
    def as_it_is(self) -> bool:
        """Whether the text of a cell is the answer, as long as it is no number cell."""
        return not (self.words or self.separator or self.number or self.date or self.form)

    def read(self, text: str, *, number: bool = False) -> tuple[str, ...]:
        """The answers of one cell, whose text is trimmed and not empty; `number`: the workbook holds a number there.

        There are no answers if the mapping says that nothing was entered.

        Raises:
            Misfit: E115 or E107 where the cell could be meant in two ways.
        """
        unknown = self.is_unknown(text)
        if self.separator and self.separator in text and not unknown:
            parts = filter(None, map(str.strip, text.split(self.separator)))
            return tuple(filter(None, (self.words.get(squeezed(part).casefold(), part) for part in parts)))
        known = self.words.get(squeezed(text).casefold()) if self.words else None
        if known is not None:
            return (known,) if known else ()
        if unknown:
            return (text,)
        if self.form and not self.form.fullmatch(text):
            raise Misfit("E118", "does not have the form that the mapping declares for its column")
        if self.date:
            return (self._day(text, self.date),)
        return (self._number(text, number=number) if self.number else text,)

    def is_unknown(self, text: str) -> bool:
        """Whether a cell says that the answer cannot be given."""
        return bool(self.whole) and squeezed(text).casefold().startswith(self.whole)

    def lost(self, text: str) -> bool:
        """Whether a number cell of this column may have lost what was typed; a word of the mapping has not."""
        return self.text and squeezed(text).casefold() not in self.words

    def _day(self, text: str, pattern: DatePattern) -> str:
        plain = _TIME_BEHIND.sub("", text) if pattern.timed else at_midnight(text)
        written = _COARSE if self.coarse else _ISO
        day = plain if written.fullmatch(plain) else pattern.read(text) or pattern.read(plain)
        if day is None:
            raise Misfit("E107", *pattern.amiss(plain))
        return day

    def _number(self, text: str, *, number: bool) -> str:
        if self.least and (said := squeezed(text)).casefold().startswith(self.least):
            return f"{said[: len(self.least)]}{self._number(said[len(self.least) :], number=number)}"
        if _NUMBER_FIRST.match(text) and not number:
            text = self._pointed(text)
        if self.unit and (quantity := read_quantity(text)) is not None and not quantity.unit:
            return f"{text} {self.unit}"
        if self.per and (count := read_count(text)) is not None and not count[1]:
            return f"{text} per {self.per}"
        return text

    def _pointed(self, text: str) -> str:
        """The same number with a decimal point, where the mapping says that it has a comma."""
        comma, point = _COMMA.search(text), _POINT.search(text)
        if self.comma and point:
            raise Misfit("E115", "has a point, where the mapping says decimal_comma", "write it with a comma")
        if not comma:
            return text
        if self.comma:
            return _COMMA.sub(".", text)
        if self.mapped:
            raise Misfit("E115", "has a comma, which can be read in two ways", "set decimal_comma, or write a point")
        return text


def cell_of(target: Target, column: Column | None, columns: Columns) -> Cell:
    """How the cells of a column are read that holds `target`."""
    element = target.element if target.role is HeadingRole.answer else None
    several = isinstance(element, ChoiceElement) and element.multiple
    return Cell(
        path=target.path,
        text=target.role is HeadingRole.words or isinstance(element, TextElement),
        folds=isinstance(element, ChoiceElement),
        words={word.folded: word.answer for word in _words(element, column, columns)},
        separator=columns.list_separator if several else "",
        whole=element.undetermined.casefold() if element else "",
        number=isinstance(element, QuantityElement | CountElement),
        least=f"{element.at_least.casefold()} " if isinstance(element, QuantityElement) and element.at_least else "",
        mapped=columns.is_given,
        comma=columns.decimal_comma,
        unit=column.unit if column else "",
        per=column.per if column else "",
        date=column.date if column else None,
        form=column.form if column else None,
        coarse=isinstance(element, DateElement) and element.coarse,
    )


def _words(element: ElementBase | None, column: Column | None, columns: Columns) -> Iterator[Word]:
    """A column's own words; else those for all columns, as far as they are news and answers to this element."""
    if column and column.words:
        yield from column.words
    elif isinstance(element, ChoiceElement):
        for word in columns.words:
            if not is_answer(element, word.word) and (not word.answer or is_answer(element, word.answer)):
                yield word


def is_answer(element: ElementBase, text: str) -> bool:
    """Whether a text is an answer to an element, apart from words that may accompany it."""
    return misfit(element, text) is None


def misfit(element: ElementBase, text: str) -> Misfit | None:
    """Why a text is no answer to an element, apart from words that may accompany it."""
    try:
        typed(element, (Entered(text),), "", "", "")
    except Misfit as found:
        return None if found.code in _FITS_LATER else found
    return None


def column_findings(column: Column, targets: list[Target]) -> Iterator[Finding]:
    """What is wrong with a column of a mapping, for the elements that it may represent."""
    path = f"columns.{column.heading}"
    elements = [target.element if target.role is HeadingRole.answer else None for target in targets]
    units = [unit for each in elements if isinstance(each, QuantityElement) for unit in (each.unit, *each.units)]
    bases = [per for each in elements if isinstance(each, CountElement) for per in each.per]
    for name, given, known in (("unit", column.unit, units), ("per", column.per, bases)):
        if given and given not in known:
            hint = did_you_mean(given, known, otherwise=one_of(known) if known else f"remove {name}")
            yield Finding("E114", column.place, f"{path}.{name}", "is not what the element takes", hint)
    if column.date and not any(isinstance(each, DateElement) for each in elements):
        yield Finding("E114", column.place, f"{path}.date", "is set on an element that is not a date", "remove date")
    for word in column.words:
        problems = [_word_problem(element, word) for element in elements]
        if problems and all(problems):
            message, hint = problems[0] or ("", "")
            yield Finding("E114", word.place, f"{path}.values.{word.word}", message, hint)


def _word_problem(element: ElementBase | None, word: Word) -> tuple[str, str] | None:
    """Why a word may not represent its answer."""
    if element is None or isinstance(element, TextElement):
        return None
    if isinstance(element, ChoiceElement) and is_answer(element, word.word) and word.folded != word.answer.casefold():
        return "is itself an answer and may not mean another one", "remove it"
    found = misfit(element, word.answer) if word.answer else None
    return (f"means no answer to its element: {found.message}", found.hint) if found else None
