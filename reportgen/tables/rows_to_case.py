"""The rows of one accession to the source of one case.

Every text of the source has the address of its cell, so that whatever validation finds is found at a cell. Rows of one
accession that disagree about the case (another name, another day of birth) are refused here: no cell of one patient may
ever stand in the report of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from reportgen.cases.identifiers import identifier_key
from reportgen.cases.part_labels import in_sequence, label_key
from reportgen.cases.twins import Person
from reportgen.cases.typing import Misfit
from reportgen.findings import Finding, Place
from reportgen.reading.nothing import database_nothing
from reportgen.reading.source import Entry, Items, Mapping, Text
from reportgen.tables.cells import Cell
from reportgen.tables.mapping import squeezed
from reportgen.tables.nesting import Plan, Value, entries_of, with_constants
from reportgen.tables.table import Address, Row

ACCESSION, LABEL, PROTOCOL = "accession", "label", "protocol"
_IDENTITY = frozenset({ACCESSION, "patient.name", "patient.mrn", "patient.birth_date"})
_PERSON = ("patient.mrn", "patient.name", "patient.birth_date")
_ROWS_SHOWN = 12


class Binding:
    """The headings of one table, bound; made by `bind`."""

    def __init__(
        self, place: Address, header: Plan, parts: dict[str, Plan], default: Text | None, constants: Sequence[Entry]
    ) -> None:
        self._place = place
        self._header = header  # the columns of the head of the case
        self._parts = parts  # the columns of a part, by protocol; under "" for a protocol that is not known
        self._default = default  # the protocol of rows that name none, with its place in the mapping
        self._constants = constants  # what the head of every case takes from the mapping
        self._accession = _found(header, ACCESSION)
        self._person = tuple(_found(header, path) for path in _PERSON)
        self._label = _found(parts[""], LABEL)
        self._protocol = _found(parts[""], PROTOCOL)

    def accession(self, row: Row) -> str:
        """The accession as written, with single spaces; "" where the cell is empty."""
        return _said(row, self._accession)

    def person(self, row: Row) -> Person:
        """Whom a row is about; what the row says is not known is left out."""
        said = ((_said(row, column), column) for column in self._person)
        mrn, name, birth_date = ("" if column and column[1].is_unknown(text) else text for text, column in said)
        column = self._person[0]
        return Person(mrn, name, birth_date, self._place(row.number, row.line, column[0] if column else -1))

    def label(self, row: Row) -> str:
        """The label of the part; "" where there is none."""
        return _said(row, self._label)

    def protocol(self, row: Row) -> str:
        """The protocol of the part, or that of rows that name none; "" for one that is not known."""
        named = _said(row, self._protocol) or (self._default.text if self._default else "")
        return named if named in self._parts else ""

    def case(self, rows: Sequence[Row]) -> tuple[Mapping, tuple[Finding, ...]]:
        """The source of one case, from its rows in any order, and what was found; an error refuses the case."""
        findings = [finding for row in rows for finding in row.findings]
        ordered = self._ordered(rows, findings)
        first = ordered[0]
        entries = entries_of(self._header.top, self._head(ordered, findings), self._at(first))
        entries = with_constants(entries, self._constants)
        parts = tuple(self._part(row, findings, alone=len(ordered) == 1) for row in ordered)
        place = self._place(first.number, first.line, -1)
        return Mapping((*entries, Entry("parts", Items(parts, place), place)), place), tuple(findings)

    def _at(self, row: Row) -> Callable[[int], Place]:
        return partial(self._place, row.number, row.line)

    def _ordered(self, rows: Sequence[Row], findings: list[Finding]) -> list[Row]:
        """The rows by their labels; rows without labels, or with twins, are no parts of one case (E209)."""
        if len(rows) == 1:
            return list(rows)
        by_number = sorted(rows, key=lambda row: row.number)
        labels = {id(row): self.label(row) for row in rows}
        distinct = set(map(label_key, labels.values()))
        if "" not in distinct and len(distinct) == len(rows):
            return [by_number[place] for place in in_sequence([labels[id(row)] for row in by_number])]
        first = by_number[0]
        column = self._label[0] if self._label else -1
        numbers = [str(row.number) for row in by_number]
        shown = ", ".join(numbers[:_ROWS_SHOWN]) + (" …" if len(numbers) > _ROWS_SHOWN else "")
        why = "are not all labeled" if "" in distinct else "have a label twice"
        place = self._place(first.number, first.line, column)
        findings.append(Finding("E209", place, "parts", f"is in rows {shown}, which {why}"))
        return by_number

    def _head(self, rows: list[Row], findings: list[Finding]) -> dict[int, Value]:
        """The header of the case: what any row says, as long as none says something else (E208)."""
        head = self._read(rows[0], self._header, "", findings)
        for row in rows[1:]:
            more = self._read(row, self._header, "", findings)
            for index, cell in self._header.cells:
                one, two = head.get(index), more.get(index)
                if one is None and two is not None:
                    head[index] = two
                elif one is not None and two is not None and _compared(one, cell) != _compared(two, cell):
                    findings.append(Finding("E208", two.place, cell.path, f"is not what {one.place} says"))
        return head

    def _part(self, row: Row, findings: list[Finding], *, alone: bool) -> Mapping:
        label = self.label(row) or ("A" if alone else "")
        plan = self._parts[self.protocol(row)]
        place = self._place(row.number, row.line, -1)
        values = self._read(row, plan, f"parts.{label or '?'}.", findings)
        entries = entries_of(plan.top, values, self._at(row))
        if alone and not self.label(row):
            entries.insert(0, Entry(LABEL, Text("A", place), place))
        if self._default and not _said(row, self._protocol):
            where = self._default.place if str(self._default.place) else place
            entries.append(Entry(PROTOCOL, Text(self._default.text, where), where))
        return Mapping(tuple(entries), place)

    def _read(self, row: Row, plan: Plan, prefix: str, findings: list[Finding]) -> dict[int, Value]:
        """What the filled cells say, by column."""
        values: dict[int, Value] = {}
        refused: list[str] = []
        cells, number, line, numbers = row.cells, row.number, row.line, row.numbers
        width = len(cells)
        for index, cell in plan.cells:
            text = cells[index].strip() if index < width else ""
            if not text:
                continue
            place = self._place(number, line, index)
            if cell.path in _IDENTITY and database_nothing(text) and squeezed(text).casefold() not in cell.words:
                message = "is a database's word for nothing"
                hint = "enter it, or say what the word means in the values of its column"
                findings.append(Finding("E115", place, prefix + cell.path, message, hint, text))
                continue
            if numbers and index in numbers and cell.lost(text):
                message = "is a number or date cell, which may not keep what was typed"
                findings.append(Finding("E018", place, prefix + cell.path, message, value=text))
            if cell.as_it_is:
                values[index] = Text(text, place)
                continue
            try:
                answers = cell.read(text, number=index in numbers)
            except Misfit as misfit:
                refused.append(cell.path)
                findings.append(Finding(misfit.code, place, prefix + cell.path, misfit.message, misfit.hint, text))
                continue
            if len(answers) == 1:
                values[index] = Text(answers[0], place)
            elif answers:
                values[index] = Items(tuple(Text(answer, place) for answer in answers), place)
        return _without(values, plan, refused) if refused else values


def _found(plan: Plan, path: str) -> tuple[int, Cell] | None:
    return next(((index, cell) for index, cell in plan.cells if cell.path == path), None)


def _said(row: Row, column: tuple[int, Cell] | None) -> str:
    """The one text of a cell, by the mapping's words, with single spaces."""
    if column is None or column[0] >= len(row.cells):
        return ""
    text = squeezed(row.cells[column[0]])
    return column[1].words.get(text.casefold(), text) if text else ""


def _compared(value: Value, cell: Cell) -> tuple[str, ...]:
    """What of two rows must be the same."""
    items = value.items if isinstance(value, Items) else (value,)
    texts = [squeezed(item.text) for item in items if isinstance(item, Text)]
    if cell.path == ACCESSION:
        return tuple(map(identifier_key, texts))
    return tuple(text.casefold() for text in texts) if cell.folds else tuple(texts)


def _without(values: dict[int, Value], plan: Plan, refused: list[str]) -> dict[int, Value]:
    """The values without those below a refused cell: one finding is enough."""
    below = tuple(f"{path}." for path in refused)
    return {index: values[index] for index, cell in plan.cells if index in values and not cell.path.startswith(below)}
