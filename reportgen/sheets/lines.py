"""The files of a protocol as the rows of a workbook. What has no column goes under `more`, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reportgen.sheets.codecs import MORE as MORE_CODEC
from reportgen.sheets.codecs import TEXT, Codec, fitting
from reportgen.sheets.condition_cells import cells_of
from reportgen.sheets.kinds import FORM, MORE, SHEETS, Holds, Kind, SheetPlan

Files = dict[str, dict[str, object]]
"""What each file of a protocol says: `protocol`, `wording`, `scenarios`."""


class Line(NamedTuple):
    """One row of a sheet: how deep it is, what it is, and its cells by column."""

    depth: int
    kind: Kind
    cells: dict[str, str]


def lines_of(files: Files) -> dict[str, list[Line]]:
    """The rows of each sheet, by its name.

    Raises:
        ValueError: something of the files fits in no cell, such as a text of 40,000 characters.
    """
    left = {name: dict(data) for name, data in files.items()}
    found: dict[str, list[Line]] = {}
    for plan in (*(each for each in SHEETS if each is not FORM), FORM):  # the form takes what the others leave
        found[plan.name] = []
        for what, file in plan.top.items():
            if file in left:
                found[plan.name] += _Sheet(plan).taken(plan.kinds[what], left[file], 0)
    if any(data for data in left.values()):
        raise ValueError(", ".join(key for data in left.values() for key in data))
    return {plan.name: found[plan.name] for plan in SHEETS}


class _Sheet:
    def __init__(self, plan: SheetPlan) -> None:
        self.plan = plan

    def taken(self, kind: Kind, data: dict[str, object], depth: int) -> list[Line]:
        """The rows of a kind from a mapping, without what they take of it: all of that kind or none."""
        if kind.holds in (Holds.whole, Holds.own):
            return self._own(kind, data, depth)
        value = data.get(kind.key)
        match kind.holds, value:
            case Holds.list, list(items) if items:
                rows = [self._rows(kind, "", item, depth) for item in items]
            case Holds.map, dict(named) if named:
                rows = [self._rows(kind, name, item, depth) for name, item in named.items() if kind.takes(name)]
            case Holds.one, _ if kind.key in data:
                rows = [self._rows(kind, "", value, depth)]
            case _:
                return []
        whole = [row for row in rows if row is not None]
        if len(whole) < len(rows) or not rows:
            return []
        rest = {name: each for name, each in value.items() if not kind.takes(name)} if isinstance(value, dict) else {}
        if kind.holds is Holds.map and rest:
            data[kind.key] = rest
        else:
            del data[kind.key]
        return [line for row in whole for line in row]

    def _own(self, kind: Kind, data: dict[str, object], depth: int) -> list[Line]:
        if kind.holds is Holds.whole:
            found = self._rows(kind, "", data, depth)
            if found:
                data.clear()
            return found or []
        lines = []
        for name in list(data):
            row = self._rows(kind, name, data[name], depth)
            if row is not None:
                del data[name]
                lines += row
        return lines

    def _rows(self, kind: Kind, name: str, value: object, depth: int) -> list[Line] | None:
        """A row and what is below it; None where it cannot say the value."""
        cells = dict(_put(kind.name, TEXT, name)) if kind.name else {}
        if kind.name and not cells:
            return None
        if not kind.is_mapping:
            said = dict(_put(*kind.value, value)) if kind.value else _condition(value)
            return [Line(depth, kind, cells | said)] if said else None
        if not isinstance(value, dict):
            return None
        rest = dict(value)
        for column, (key, codec) in kind.fields.items():
            if said := dict(_put(column, codec, rest.get(key))):
                cells |= said
                del rest[key]
        if kind.condition and (said := _condition(rest.get(kind.condition))):
            cells |= said
            del rest[kind.condition]
        below = self._below(kind, rest, depth + 1)
        if rest and not (said := dict(_put(MORE, MORE_CODEC, rest))):
            return None
        return [Line(depth, kind, cells | (said if rest else {})), *below]

    def _below(self, kind: Kind, rest: dict[str, object], depth: int) -> list[Line]:
        kinds = [self.plan.kinds[what] for what in kind.below]
        late = [each for each in kinds if each.holds is Holds.own]  # they take what the others leave
        found = {each.what: self.taken(each, rest, depth) for each in (*(k for k in kinds if k not in late), *late)}
        return [line for each in kinds for line in found[each.what]]


def _put(column: str, codec: Codec, value: object) -> Iterator[tuple[str, str]]:
    """The cell of a value, if there is one that says it."""
    if (cell := fitting(codec, value)) is not None:
        yield column, cell


def _condition(value: object) -> dict[str, str]:
    cell = fitting(TEXT, value)
    return cells_of(cell) if cell else {}
