"""The shape that the columns of a row build: which keys nest in which, laid out once, filled for every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reportgen.findings import Place
from reportgen.reading.source import Entry, Items, Mapping, Text
from reportgen.tables.cells import Cell

Value = Text | Items
At = Callable[[int], Place]


@dataclass(slots=True)
class Branch:
    """One key of the source: the column of its answer, and the keys below it."""

    key: str
    column: int = -1
    main: str = "result"
    children: list[Branch] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The columns of the header, or of the parts of one protocol, with the shape they build."""

    cells: list[tuple[int, Cell]] = field(default_factory=list)
    top: list[Branch] = field(default_factory=list)

    def add(self, index: int, steps: tuple[str, ...], cell: Cell, main: str = "result") -> None:
        """One more column."""
        self.cells.append((index, cell))
        level, branch = self.top, Branch("")
        for step in steps:
            found = next((each for each in level if each.key == step), None)
            branch = found or Branch(step)
            if found is None:
                level.append(branch)
                if step.isdigit():
                    level.sort(key=lambda each: int(each.key) if each.key.isdigit() else 0)
            level = branch.children
        branch.column, branch.main = index, main


def entries_of(branches: Iterable[Branch], values: dict[int, Value], at: At) -> list[Entry]:
    """The entries of one level; branches without a filled cell leave none.

    `values` is what the filled cells say, by column; `at` is the address of a column in the row, which a key has whose
    own cell is empty.
    """
    return [entry for branch in branches if (entry := _entry(branch, values, at)) is not None]


def _entry(branch: Branch, values: dict[int, Value], at: At) -> Entry | None:
    """What the source says under one key; None where no cell below it is filled."""
    value = values.get(branch.column)
    entries = entries_of(branch.children, values, at)
    if not entries:
        return None if value is None else Entry(branch.key, value, value.place)
    place = at(branch.column) if value is None else value.place
    if value is None and branch.children[0].key.isdigit():  # the entries of a repeated group
        return Entry(branch.key, Items(tuple(entry.value for entry in entries), place), place)
    if value is not None:
        entries.insert(0, Entry(branch.main, value, value.place))
    return Entry(branch.key, Mapping(tuple(entries), place), place)


def with_constants(entries: list[Entry], constants: Iterable[Entry]) -> list[Entry]:
    """The header with what the mapping says for every case; a group of both holds both."""
    made = {entry.key: entry for entry in entries}
    for entry in constants:
        there = made.get(entry.key)
        if there and isinstance(there.value, Mapping) and isinstance(entry.value, Mapping):
            inner = with_constants(list(there.value.entries), entry.value.entries)
            made[entry.key] = Entry(entry.key, Mapping(tuple(inner), there.value.place), there.place)
        else:
            made[entry.key] = entry
    return list(made.values())
