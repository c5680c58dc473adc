"""Findings of a table by kind: one line for all cells of a column in which the same is wrong.

A table of 10,000 rows whose export spells a day otherwise has 10,000 findings and one thing to mend. What is in no
table stays a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reportgen.findings import CATALOGUE, Finding, counted

_UNKNOWN_HEADING = "E113"
_LISTED = 40  # headings that are listed one by one
_STEPS = 3  # next steps that are all told
_VALUES = 12  # values that are told, where they were asked for
_ADDRESS = re.compile(r"(?:.*!)?([A-Z]*)([0-9]+)")
_PART = re.compile(r"\bparts\.[^.\s]+\.")
_OF_THE_ROW = re.compile(
    r"(?<=rows )[0-9, …]+|(?<=row )[0-9]+|(?<=has )[0-9]+(?= cells?)|:(?:[^:()!]*!)?[A-Z]{0,3}[0-9]+"
)


@dataclass
class FindingGroup:
    """What is wrong in the same way in one cell or more."""

    first: Finding
    count: int = 0
    steps: dict[str, None] = field(default_factory=dict)  # their next steps, all different
    values: dict[str, int] = field(default_factory=dict)  # the first few values that are wrong, and how often each is
    headings: list[str] = field(default_factory=list)  # where the headings themselves are wrong

    def add(self, finding: Finding) -> None:
        """Count one more."""
        self.count += 1
        self.steps[finding.step] = None
        if finding.value and (finding.value in self.values or len(self.values) < _VALUES):
            self.values[finding.value] = self.values.get(finding.value, 0) + 1
        if finding.code == _UNKNOWN_HEADING and len(self.headings) < _LISTED:
            heading = f' "{finding.place.heading}"' if finding.place.heading else ""
            hint = f" ({finding.hint})" if finding.hint else ""
            self.headings.append(f"{finding.place.cell}{heading}{hint}")

    @property
    def step(self) -> str:
        """What to do next: what they say, where that is little; else what the catalogue says of their code."""
        few = len(self.steps) <= _STEPS and not self.headings
        return " · ".join(self.steps) if few else CATALOGUE[self.first.code].step

    @property
    def where(self) -> str:
        """How many cells of which column, and the first of them."""
        place = self.first.place
        if self.headings:
            more = f" and {self.count - len(self.headings)} more" if self.count > len(self.headings) else ""
            return f"{counted(self.count, 'heading')}: {', '.join(self.headings)}{more}"
        column = _letters(self.first)
        if not column:
            return f"{counted(self.count, 'row')} (first {place.cell})"
        named = f'"{place.heading}"' if place.heading else column
        return f"{counted(self.count, 'cell')} of column {named} (first {place.cell})"

    @property
    def meaning(self) -> str:
        """What is wrong, and where, in words without values: for a list of kinds beside their numbers."""
        first = self.first
        if not first.place.cell:
            return CATALOGUE[first.code].meaning
        about = first.about if self.count == 1 else ", ".join(filter(None, (self._path, self.where)))
        return f"{about}: {first.message} ({self.step})" if about else f"{first.message} ({self.step})"

    @property
    def _path(self) -> str:
        """The path, without the part; "" where the column is headed with it."""
        return "" if self.first.is_headed_so else _PART.sub("", self.first.path)

    def as_line(self, *, show_values: bool = False) -> str:
        """One line for all; the values only where they were asked for."""
        if self.count == 1 or not self.first.place.cell:
            return self.first.as_line(show_values=show_values)
        first = self.first
        path = f" {self._path}," if self._path else ""
        said = ", ".join(f'"{value}" ({number})' for value, number in self.values.items()) if show_values else ""
        values = f": {said}" if said else ""
        return f"{first.place.file}: {first.code}{path} {self.where}: {first.message}{values} ({self.step})"

    def as_data(self) -> dict[str, object]:
        """The same for programs, with the first of the cells; without values."""
        first = self.first
        return {
            "code": first.code,
            "severity": first.severity.value,
            "path": first.path if self.count == 1 else _PART.sub("", first.path),
            "heading": first.place.heading,
            "cell": first.place.cell,
            "count": self.count,
            "message": first.message,
            "next_step": self.step,
        }


class FindingGroups:
    """Findings as they come, by kind, in the order in which each kind was first met.

    With `apart`, equal findings at different places are of different kinds, unless both are in cells of a table.
    """

    def __init__(self, findings: Iterable[Finding] = (), *, apart: bool = True) -> None:
        self._kinds: dict[tuple[str, ...], FindingGroup] = {}
        self._apart = apart
        self.add(findings)

    def add(self, findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
        """Take in more findings; returns the kinds that they are of."""
        added = {}
        for finding in findings:
            key = _key(finding) if self._apart or finding.place.cell else (finding.code, finding.path, finding.message)
            added[key] = self._kinds.setdefault(key, FindingGroup(finding))
            added[key].add(finding)
        return tuple(added.values())

    def __iter__(self) -> Iterator[FindingGroup]:
        return iter(self._kinds.values())

    def __len__(self) -> int:
        return len(self._kinds)

    def lines(self, *, show_values: bool = False) -> Iterator[str]:
        """A line for each kind."""
        return (kind.as_line(show_values=show_values) for kind in self)


def _key(finding: Finding) -> tuple[str, ...]:
    """What findings of one kind have in common: where it is in no table, everything."""
    place = finding.place
    if not place.cell:
        return (finding.code, str(place), finding.path, finding.message, finding.step, finding.value)
    message = _OF_THE_ROW.sub("#", _PART.sub("", finding.message))
    if finding.code == _UNKNOWN_HEADING:
        return (place.file, finding.code, message)
    sheet = place.cell.rpartition("!")[0]
    return (place.file, sheet, finding.code, _letters(finding), _PART.sub("", finding.path), message)


def _letters(finding: Finding) -> str:
    """The letters of the column that a finding is in; "" for a row as a whole."""
    found = _ADDRESS.fullmatch(finding.place.cell)
    return found[1] if found else finding.place.cell
