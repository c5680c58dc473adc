"""The rows of a workbook as the files of a protocol; each key and value has the place of its cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reportgen.findings import Finding, Place, did_you_mean, one_of
from reportgen.reading.source import Entry, Items, Mapping, Node, Text
from reportgen.reading.yaml_text import DEPTH_LIMIT
from reportgen.sheets.codecs import ANY, Codec
from reportgen.sheets.codecs import MORE as MORE_CODEC
from reportgen.sheets.condition_cells import IS, QUESTION, WHEN, condition_of
from reportgen.sheets.kinds import CONDITION, DEPTH, MORE, WHAT, Holds, Kind, SheetPlan

_WORDS, _SOURCE = "say", "source"
_DEEPEST = (DEPTH_LIMIT - 2) // 2  # each depth is two levels of a file


class Given(NamedTuple):
    """One row as it was read: the texts of its cells that are not empty, and the place of every column."""

    place: Place
    cells: dict[str, str]
    places: dict[str, Place]


class _Nested(NamedTuple):
    kind: Kind
    given: Given
    below: list[_Nested]


class _Branch:
    """A mapping that is being put together."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.entries: dict[str, tuple[Place, Node | _Branch | list[Node | _Branch]]] = {}

    def node(self) -> Mapping:
        """The mapping, as a file would give it."""
        return Mapping(tuple(Entry(key, _node(value, place), place) for key, (place, value) in self.entries.items()),
                       self.place)  # fmt: skip


class Tree:
    """The files of a protocol, put together sheet by sheet; `findings` is what is wrong with the rows."""

    def __init__(self, name: str) -> None:
        self.findings: list[Finding] = []
        self._files = {file: _Branch(Place(name)) for file in ("protocol", "wording", "scenarios")}

    def files(self) -> dict[str, Mapping]:
        """Each file that has something to say."""
        return {file: branch.node() for file, branch in self._files.items() if branch.entries}

    def add(self, plan: SheetPlan, rows: Iterable[Given]) -> None:
        """Take in the rows of a sheet."""
        for nested in self._nested(plan, rows):
            branch = self._files[plan.top[nested.kind.what]]
            if nested.kind.holds is Holds.whole:
                branch.place = nested.given.place
                self._fill(branch, nested)
            else:
                self._put(branch, nested)

    def find(self, place: Place, message: str, hint: str = "", code: str = "T401") -> None:
        """Note what is wrong with a cell."""
        self.findings.append(Finding(code, place, "", message, hint))

    # -------------------------------------------------------------------------------------------------- rows in rows

    def _nested(self, plan: SheetPlan, rows: Iterable[Given]) -> list[_Nested]:
        """The rows of a sheet below each other; a row that is refused takes those below it along."""
        top: list[_Nested] = []
        above: list[_Nested | None] = []  # the last row of each depth; None: it was refused
        for given in rows:
            depth = self._depth(given, len(above))
            if depth is None:
                continue
            parent = above[depth - 1] if depth else None
            made = None
            if depth == 0 or parent is not None:
                kind = self._kind(plan, given, parent.kind if parent else None)
                made = _Nested(kind, given, []) if kind else None
            del above[depth:]
            above.append(made)
            if made:
                (parent.below if parent else top).append(made)
        return top

    def _depth(self, given: Given, deepest: int) -> int | None:
        text = given.cells.get(DEPTH, "")
        if not text.isdecimal():
            hint = "write 0, or one more than the depth of the row that it belongs to"
            self.find(given.places[DEPTH], "is not a depth", hint)
            return None
        if len(text) > 2 or int(text) > _DEEPEST:
            self.find(given.places[DEPTH], f"is deeper than {_DEEPEST}", "nest fewer questions", "E007")
            return None
        if int(text) > deepest:
            hint = f"write {deepest} or less" if deepest else "write 0"
            self.find(given.places[DEPTH], "is more than one deeper than the row above it", hint)
            return None
        return int(text)

    def _kind(self, plan: SheetPlan, given: Given, above: Kind | None) -> Kind | None:
        what, place = given.cells.get(WHAT, ""), given.places[WHAT]
        allowed = above.below if above else tuple(plan.top)
        if what not in allowed:
            where = f"below {_a(above.what)}" if above else "at depth 0"
            hint = "" if what in plan.kinds else did_you_mean(what, allowed)
            message = f"is not a row that can be {where}"
            self.find(place, message, hint or (one_of(allowed) if allowed else "give it the depth of the row above it"))
            return None
        kind = plan.kinds[what]
        known = {DEPTH, WHAT, *kind.columns()}
        for column in given.cells:
            if column not in known:
                self.find(given.places[column], f"means nothing in a row that is {_a(what)}", "empty the cell")
        return kind

    # -------------------------------------------------------------------------------------------------- rows to files

    def _put(self, branch: _Branch, nested: _Nested) -> None:
        """Put what a row says, and what is below it, under its key."""
        kind, given = nested.kind, nested.given
        place = given.places[kind.name] if kind.name else given.place
        value = self._value(nested)
        if value is None:
            return
        name = given.cells.get(kind.name, "")
        if kind.name and not name:
            self.find(place, f"is empty, and {_a(kind.what)} has a name", "write it")
            return
        match kind.holds:
            case Holds.list:
                _, held = branch.entries.setdefault(kind.key, (given.place, []))
                if isinstance(held, list):
                    held.append(value)
                    return
            case Holds.map:
                _, held = branch.entries.setdefault(kind.key, (given.place, _Branch(given.place)))
                if isinstance(held, _Branch):
                    self._enter(held, name, place, value)
                    return
            case Holds.own:
                self._enter(branch, name, place, value)
                return
            case _:
                self._enter(branch, kind.key, given.place, value)
                return
        self._twin(kind.key, given.place, branch.entries[kind.key][0])

    def _enter(self, branch: _Branch, key: str, place: Place, value: Node | _Branch) -> None:
        if key in branch.entries:
            self._twin(key, place, branch.entries[key][0])
        else:
            branch.entries[key] = (place, value)

    def _twin(self, key: str, place: Place, first: Place) -> None:
        self.find(place, f"says {key} a second time; first in {first.cell}", "keep one of the two", "E002")

    def _value(self, nested: _Nested) -> Node | _Branch | None:
        kind, given = nested.kind, nested.given
        if kind.is_mapping:
            branch = _Branch(given.place)
            self._fill(branch, nested)
            return branch
        if kind.is_condition:
            return self._condition(given, required=True)
        column, codec = kind.value or (MORE, MORE_CODEC)
        if column not in given.cells and codec is not ANY:
            self.find(
                given.places[column], f"is empty, and {_a(kind.what)} says something", "write it, or delete the row"
            )
            return None
        return self._read(given, column, codec)

    def _fill(self, branch: _Branch, nested: _Nested) -> None:
        """Put the cells of a row into its mapping, then the rows below it.

        The condition comes before the words, and the source behind all else that the row says.
        """
        kind, given = nested.kind, nested.given
        columns = [column for column in kind.fields if column != _SOURCE]
        at = columns.index(_WORDS) if _WORDS in columns else len(columns)
        for column in (*columns[:at], WHEN, *columns[at:], MORE, _SOURCE):
            self._add(branch, kind, given, column)
        for each in nested.below:
            self._put(branch, each)

    def _add(self, branch: _Branch, kind: Kind, given: Given, column: str) -> None:
        """Put what a column says into the mapping of its row."""
        found: dict[str, Node]
        if column == WHEN:
            condition = self._condition(given) if kind.condition else None
            found = {kind.condition: condition} if condition else {}
        elif column not in given.cells:
            return
        elif column == MORE:
            more = self._read(given, MORE, MORE_CODEC)
            found = {entry.key: entry.value for entry in more} if isinstance(more, Mapping) else {}
        else:
            key, codec = kind.fields[column]
            value = self._read(given, column, codec)
            found = {key: value} if value is not None else {}
        for key, node in found.items():
            self._enter(branch, key, node.place, node)

    def _read(self, given: Given, column: str, codec: Codec) -> Node | None:
        place = given.places[column]
        try:
            return _placed(codec.from_cell(given.cells.get(column, "")), place)
        except ValueError as error:
            self.find(place, str(error))
            return None

    def _condition(self, given: Given, *, required: bool = False) -> Text | None:
        place = given.places[WHEN if WHEN in given.cells else QUESTION]
        try:
            text = condition_of({column: given.cells.get(column, "") for column in CONDITION})
        except ValueError as error:
            self.find(given.places[IS] if WHEN not in given.cells else place, str(error))
            return None
        if required and not text:
            self.find(place, "has no condition", "write one")
        return Text(text, place) if text else None


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _placed(value: object, place: Place) -> Node:
    """A value of a cell; all of it has the place of the cell."""
    if isinstance(value, dict):
        return Mapping(tuple(Entry(key, _placed(each, place), place) for key, each in value.items()), place)
    if isinstance(value, list):
        return Items(tuple(_placed(each, place) for each in value), place)
    return Text("" if value is None else str(value), place, empty=value is None)


def _node(value: Node | _Branch | list[Node | _Branch], place: Place) -> Node:
    if isinstance(value, list):
        return Items(tuple(_node(each, place) for each in value), place)
    return value.node() if isinstance(value, _Branch) else value
