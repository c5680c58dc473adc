"""The headings of a table bound to paths, once for all its rows; what the rows then say is `Binding.case`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from reportgen.findings import Finding, FindingsError, Place, did_you_mean
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.elements import Chapter, ChoiceElement, CountElement
from reportgen.reading.source import Entry, Mapping, Text
from reportgen.tables.cells import Cell, cell_of, column_findings, is_answer, misfit
from reportgen.tables.headings import HeadingRole, Headings, Target, headings, target_of
from reportgen.tables.mapping import Column, Columns, squeezed
from reportgen.tables.nesting import Plan
from reportgen.tables.rows_to_case import ACCESSION, LABEL, PROTOCOL, Binding
from reportgen.tables.table import Address, Known

_IDENTITY = ("accession", "patient", "label", "prior", "specimens")
_OF_THE_PATIENT = ("accession", "patient")  # never the same for every row


def known_heading(columns: Columns, protocol: str, laboratory: Laboratory | None = None) -> Known:
    """Whether a heading means anything: a path of any protocol, or a word of the mapping.

    `protocol` stands for rows that name none, so it does not narrow what a heading may be.
    """
    first = headings(protocol, laboratory) if protocol else None
    rest = cache(partial(headings, "", laboratory))  # most tables of one protocol need no other
    mapped = columns.columns.keys() | columns.ignore

    def known(heading: str) -> bool:
        word = squeezed(heading)
        return word in mapped or (first is not None and first.known(word)) or rest().known(word)

    return known


def bind(
    header: tuple[str, ...],
    place: Address,
    columns: Columns,
    protocol: str,
    laboratory: Laboratory | None = None,
    head: int = 1,
) -> Binding:
    """Bind the headings of a table, which are in its line `head`, to paths.

    The protocol is that of rows that name none, where the mapping says none.

    Raises:
        FindingsError: all headings that mean nothing (E113) or one thing twice (E013), all of the mapping that cannot
            be followed (E114), and an accession or a protocol that no column gives (E102).
    """
    return _Binder(header, place, columns, protocol, laboratory, head).binding()


class _Binder:
    """One pass over the headings of one table; collects what is wrong."""

    def __init__(
        self,
        header: tuple[str, ...],
        place: Address,
        columns: Columns,
        protocol: str,
        laboratory: Laboratory | None,
        head: int,
    ) -> None:
        self.head = head
        self.header = tuple(map(squeezed, header))
        self.place = place
        self.columns = columns
        self.default = columns.protocol or Text(protocol, Place())
        self.findings: list[Finding] = []
        self.headings = self._headings(laboratory)
        self.paths = set(map(self.path, self.header))
        self.first: dict[tuple[str, str], int] = {}  # protocol and path → the column that has it
        self.plan = Plan()  # of the head of the case
        self.parts = {id: Plan() for id in ("", *self.headings.protocols)}

    def find(self, code: str, place: Place, path: str, message: str, hint: str = "", value: str = "") -> None:
        self.findings.append(Finding(code, place, path, message, hint, value))

    def path(self, heading: str) -> str:
        """Where the cells under a heading go; "" where they are ignored."""
        if heading in self.columns.ignore:
            return ""
        column = self.columns.columns.get(heading)
        return column.path if column else heading

    def at(self, index: int) -> Place:
        """The address of a heading."""
        return self.place(1, self.head, index)

    def _headings(self, laboratory: Laboratory | None) -> Headings:
        named = PROTOCOL in map(self.path, self.header)
        default = squeezed(self.default.text)
        if not (named or default):
            self.find("E102", self.at(-1), PROTOCOL, "is missing: no column gives it", "name it with --protocol")
        heads = headings("", laboratory) if named or not default else self._load(default, laboratory)
        if default and default not in heads.protocols:
            self._load(default, laboratory)
        return heads

    def _load(self, protocol: str, laboratory: Laboratory | None) -> Headings:
        """The headings of one protocol; a wrong name is found where the mapping has it."""
        try:
            return headings(protocol, laboratory)
        except FindingsError as error:
            place = self.default.place
            raise FindingsError(
                replace(each, place=place, path=PROTOCOL) if each.code == "E110" and place.file else each
                for each in error.findings
            ) from None

    def binding(self) -> Binding:
        reached: dict[str, list[Target]] = {}
        for index, heading in enumerate(self.header):
            path = self.path(heading)
            column = self.columns.columns.get(heading)
            targets = self._targets(index, heading, path, column) if path or not heading else {}
            if targets:
                reached[heading] = list(targets.values())
                self._add(index, path, column, targets)
        self._mapping(reached)
        constants = tuple(self._constants())
        if ("", ACCESSION) not in self.first:
            self.find("E102", self.at(-1), ACCESSION, "is missing: no column gives it", "map the column that holds it")
        if self.findings:
            raise FindingsError(self.findings)
        return Binding(self.place, self.plan, self.parts, self.default if self.default.text else None, constants)

    def _targets(self, index: int, heading: str, path: str, column: Column | None) -> dict[str, Target]:
        """What a heading stands for, by protocol; findings where that is nothing, or something twice."""
        if not heading:
            self.find("E013", self.at(index), "", "is empty")
            return {}
        targets = self._of_this_path(path, self.headings.targets(path))
        hint = self._nearest(path) if not targets else ""
        if not targets and column:
            message = "goes to a path that neither the header nor the protocol knows"
            self.find("E114", column.place, f"columns.{heading}", message, hint)
        elif not targets:
            self.find("E113", self.at(index), "", "neither the protocol nor the mapping knows", hint, heading)
        elif "" in targets and len(targets) > 1:
            code, place = ("E114", column.place) if column else ("E113", self.at(index))
            self.find(code, place, path, "names both an element of the header and one of a part")
        else:
            self._once(index, column, targets)
        return targets

    def _of_this_path(self, path: str, targets: dict[str, Target]) -> dict[str, Target]:
        """Without those that have it as an alias, where the table has a column for the path itself.

        Why: in a table of several protocols, the path of one may be an alias in another (a stain and its clone).
        """
        exact = any(target.path == path for target in targets.values())
        own = {id: target for id, target in targets.items() if target.path == path or target.path not in self.paths}
        return own if exact else targets

    def _nearest(self, path: str) -> str:
        """The path that was meant, perhaps; one of an identity only where hardly a letter differs.

        Why: `Test Name` is nearest to `patient.name`, and a column that followed the hint would put a stain there.
        """
        known = self.headings.all()
        others = [each for each in known if each.split(".")[0] not in _IDENTITY]
        return did_you_mean(path, set(known) - set(others), closest=0.85) or did_you_mean(path, others)

    def _once(self, index: int, column: Column | None, targets: dict[str, Target]) -> None:
        """Refuse a second column for what another one gives."""
        for protocol, target in targets.items():
            other = self.first.setdefault((protocol, target.path), index)
            if other != index:
                column = column or self.columns.columns.get(self.header[other])
                code, place = ("E114", column.place) if column else ("E013", self.at(index))
                where = f"{self.at(other)} and {self.at(index)}"
                self.find(code, place, target.path, f"has two columns: {where}", "keep one, or list one under ignore")
                return

    def _add(self, index: int, path: str, column: Column | None, targets: dict[str, Target]) -> None:
        """Add a column to the plans; a protocol that does not know it takes it as it is, to be refused if filled."""
        plans = {"": self.plan} if "" in targets else self.parts
        shared = next(iter(targets.values())) if path in (LABEL, PROTOCOL) else None
        for protocol, plan in plans.items():
            target = shared or targets.get(protocol)
            if target is None:
                plan.add(index, tuple(path.split(".")), Cell(path))
            else:
                main = "count" if isinstance(target.element, CountElement) else "result"
                plan.add(index, target.steps, cell_of(target, column, self.columns), main)

    def _mapping(self, reached: dict[str, list[Target]]) -> None:
        """What is wrong with the mapping, for this table and its protocols."""
        for column in self.columns.columns.values():
            if column.heading in reached:
                self.findings += column_findings(column, reached[column.heading])
            elif column.heading not in self.header and not column.optional:
                hint = did_you_mean(column.heading, self.header, otherwise="remove it, or add optional: yes")
                self.find("E114", column.place, f"columns.{column.heading}", "is not a column of the table", hint)
        choices = [
            slot.element
            for form in (self.headings.header, *self.headings.protocols.values())
            for slot in form.slots.values()
            if isinstance(slot.element, ChoiceElement)
        ]
        for word in self.columns.words:
            if word.answer and not any(is_answer(element, word.answer) for element in choices):
                known = {choice.id for element in choices for choice in element.choices}
                hint = did_you_mean(word.answer, sorted(known), otherwise="use an allowed answer")
                self.find("E114", word.place, f"values.{word.word}", "means no answer to any element", hint)

    def _constants(self) -> Iterator[Entry]:
        """The constants that belong to the header of every case, nested by their paths."""
        for constant in self.columns.constants:
            place, path = constant.text.place, f"constants.{constant.path}"
            target = target_of(self.headings.header, constant.path)
            if target is None or target.element is None or target.role is not HeadingRole.answer:
                message = "is not part of the head of a case; what is said of a specimen belongs in its row"
                hint = "write protocol: at the top" if constant.path == PROTOCOL else "remove it"
                self.find("E114", place, path, message, hint)
            elif target.steps[0] in _OF_THE_PATIENT or target.element.chapter is Chapter.history:
                self.find("E114", place, path, "belongs to the patient and must be in every row", "remove it")
            elif ("", target.path) in self.first:
                where = self.at(self.first["", target.path])
                self.find("E114", place, path, f"has a column too: {where}", "remove one of the two")
            elif found := misfit(target.element, constant.text.text):
                self.find("E114", place, path, found.message, found.hint)
            else:
                node: Text | Mapping = constant.text
                for step in reversed(target.steps[1:]):
                    node = Mapping((Entry(step, node, place),), place)
                yield Entry(target.steps[0], node, place)
