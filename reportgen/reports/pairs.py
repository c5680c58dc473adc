"""Element/answer pairs and stain tables of one part: what is printed for each element, answered or not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from reportgen.assessment.completeness import is_required, is_required_in
from reportgen.cases.model import Answer, Chosen, Written
from reportgen.cases.scope import AnswerScope
from reportgen.protocols.elements import Chapter, GroupElement, Status, TextElement
from reportgen.protocols.slots import Slot
from reportgen.reports.labels import Labels
from reportgen.reports.licence import Licence, Unlicensed
from reportgen.reports.model import Cell, Pair, Paragraph, Sentence, Table, Used
from reportgen.reports.printing import printed


class PairWriter:
    """Prints the elements of one form.

    Args:
        scope: the answers.
        labels: the report's own words.
        prefix: what paths are called in traces (`parts.A.`).
        licence: for labels that depend on answers (`Deep edge` or `Deep margin`).
    """

    def __init__(self, scope: AnswerScope, labels: Labels, prefix: str, licence: Licence | None = None) -> None:
        self.scope = scope
        self.labels = labels
        self.prefix = prefix
        self.licence = licence
        self._known: dict[tuple[Chapter, str], tuple[Pair, ...]] = {}

    def pairs(self, chapter: Chapter, section: str = "") -> tuple[Pair, ...]:
        """The pairs of one chapter, in the order of the form; `section` limits them to one of its sections."""
        known = self._known.get((chapter, section))
        if known is None:
            known = self._known[chapter, section] = tuple(self._pairs(chapter, section))
        return known

    def _pairs(self, chapter: Chapter, section: str) -> Iterator[Pair]:
        for slot, optional in self.scope.form.chapters[chapter]:
            if optional and slot.path not in self.scope.answers:
                continue
            if slot.element.chapter is not chapter:
                if slot.path not in self.scope.answers and is_required(self.scope, slot):
                    yield self._gap(slot)  # no chapter would show that it is missing
            elif section and slot.section != section:
                continue
            elif isinstance(slot.element, GroupElement) and slot.element.repeats and not slot.panel:
                yield from self._rows(slot)
            elif not slot.repeated and (pair := self._pair(slot)):
                yield pair

    def open_panels(self) -> Iterator[Pair]:
        """A gap for each stain panel that lacks the stain it needs."""
        for path in self.scope.form.panels:
            slot = self.scope.form.slots[path]
            if is_required(self.scope, slot):
                yield self._gap(slot)

    def texts(self, chapter: Chapter) -> Iterator[Paragraph]:
        """The free texts of one chapter as paragraphs, line by line as entered."""
        for slot, _ in self.scope.form.chapters[chapter]:
            answer = self.scope.answers.get(slot.path)
            if answer and isinstance(answer.value, Written) and _is_free_text(slot):
                used = (Used(self.prefix + slot.path, answer.place),)
                for line in filter(None, answer.value.text.split("\n")):
                    yield Paragraph((Sentence(line, "", used),))

    @cached_property
    def _stains(self) -> list[tuple[Cell, Cell, dict[str, Cell]]]:
        return [*self._stain_rows()]

    def stains(self, label: str) -> Table | None:
        """The stains of all panels as one table; columns for details only where some stain has them."""
        rows = self._stains
        if not rows:
            return None
        there = {name for _, _, details in rows for name in details}
        names = [name for name in self.scope.form.stain_details if name in there]
        cells = tuple(
            (name, result, *(details.get(column, Cell("")) for column in names)) for name, result, details in rows
        )
        return Table((self.labels.stain, self.labels.result, *names), cells, label)

    def _stain_rows(self) -> Iterator[tuple[Cell, Cell, dict[str, Cell]]]:
        for slot in self.scope.form.stains:
            answer = self.scope.answers.get(slot.path)
            if answer:
                yield Cell(slot.element.name), self._result(answer), self._details(slot.path)
        for row in [row for row, group in self._entries.items() if self.scope.form.slots[group].panel]:
            name, result = self.scope.answers.get(f"{row}.name"), self.scope.answers.get(f"{row}.result")
            missing = Cell(self.labels.not_entered, gap=True)
            title, found = (self._result(answer) if answer else missing for answer in (name, result))
            yield title, found, self._details(row, {"name", "result"})

    def _result(self, answer: Answer) -> Cell:
        pending = isinstance(answer.value, Chosen) and any(pick.pending for pick in answer.value.picks)
        return Cell(self._text(answer), pending, self.prefix + answer.path, answer.place)

    def _details(self, above: str, leave_out: set[str] | None = None) -> dict[str, Cell]:
        details = {}
        for name, answer in self._below.get(above, ()):
            if name not in (leave_out or ()):
                details[self.scope.form.slots[answer.slot].element.name] = self._result(answer)
        return details

    @cached_property
    def _below(self) -> dict[str, list[tuple[str, Answer]]]:
        """Path → the answers right below it, each with its own name."""
        table: dict[str, list[tuple[str, Answer]]] = {}
        for path, answer in self.scope.answers.items():
            parent, _, name = path.rpartition(".")
            table.setdefault(parent, []).append((name, answer))
        return table

    def _pair(self, slot: Slot) -> Pair | None:
        answer = self.scope.answers.get(slot.path)
        if answer is not None:
            text = "" if slot.is_group or slot.panel or _is_free_text(slot) else self._text(answer)
            path = self.prefix + slot.path
            return Pair(self.name(slot), text, path, answer.place, depth=slot.depth) if text else None
        if slot.element.status is Status.optional or slot.is_group or slot.panel:
            return None
        applies = self.scope.applicable(slot.path)
        core = slot.element.status is Status.core and not slot.parent
        if is_required(self.scope, slot) or (core and applies.waiting):
            return self._gap(slot)
        if core and applies.truth is False:
            return Pair(self.name(slot), self.labels.not_applicable, self.prefix + slot.path, depth=slot.depth)
        return None

    def _gap(self, slot: Slot) -> Pair:
        name, path = self.name(slot), self.prefix + slot.path
        return Pair(name, self.labels.not_entered, path, gap=True, depth=slot.depth)

    def name(self, slot: Slot) -> str:
        """The element's name; one with a word in braces falls back to its title where that word is not known."""
        name = slot.element.name
        if "{{" not in name or self.licence is None:
            return name
        try:
            return self.licence.render(name)[0]
        except Unlicensed:
            return slot.element.title

    def _rows(self, group: Slot) -> Iterator[Pair]:
        """One pair for each entry of a repeated group: its first element names it, the others are its answer."""
        for row in [row for row, path in self._entries.items() if path == group.path]:
            first, *rest = texts = list(self._row(group, row))
            gap = self.labels.not_entered in texts
            answers = [answer for path, answer in self.scope.answers.items() if path.startswith(row + ".")]
            label = f"{group.element.name} {first}"
            yield Pair(label, self.labels.semicolon.join(rest), self.prefix + row, answers[0].place, gap, group.depth)

    def _row(self, group: Slot, row: str) -> Iterator[str]:
        """The answers of one entry in the order of the form, with a gap for each that must be there and is not."""
        for slot in self.scope.form.slots.values():
            if slot.repeated != group.path or slot.is_group:
                continue
            answer = self.scope.answers.get(row + slot.path.removeprefix(group.path))
            if answer:
                yield self._text(answer)
            elif is_required_in(self.scope, slot, row):
                yield self.labels.not_entered

    @cached_property
    def _entries(self) -> dict[str, str]:
        """The path of each entry of a repeated group, such as `gross.blocks.1`, and of its group."""
        rows: dict[str, str] = {}
        for path, answer in self.scope.answers.items():
            if path != answer.slot and (group := self.scope.form.slots[answer.slot].repeated):
                rows[".".join(path.split(".")[: group.count(".") + 2])] = group
        return rows

    def _text(self, answer: Answer) -> str:
        return printed(answer, self.scope.answers, self.labels)


def _is_free_text(slot: Slot) -> bool:
    """Whether an element is printed as paragraphs of its own chapter rather than as a pair."""
    element = slot.element
    return isinstance(element, TextElement) and element.lines and element.chapter is not Chapter.synoptic
