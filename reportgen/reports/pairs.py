"""Element/answer pairs and stain tables of one part: what is printed for each element, answered or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from reportgen.assessment.completeness import is_required, is_required_in
from reportgen.cases.model import Answer, Chosen, Written
from reportgen.cases.scope import AnswerScope
from reportgen.protocols.elements import Chapter, GroupElement, PanelElement, Status, TextElement
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
        for slot in self.scope.form.slots.values():
            unseen = slot.element.chapter is Chapter.none and chapter is Chapter.synoptic
            if unseen and slot.path not in self.scope.answers and is_required(self.scope, slot):
                yield self._gap(slot)  # no chapter would show that it is missing
            if slot.element.chapter is not chapter or (section and slot.section != section):
                continue
            if isinstance(slot.element, GroupElement) and slot.element.repeats and not slot.panel:
                yield from self._rows(slot)
            elif not slot.repeated and not (_is_free_text(slot) and slot.path in self.scope.answers):
                yield from self._pair(slot)

    def open_panels(self) -> Iterator[Pair]:
        """A gap for each stain panel that lacks the stain it needs."""
        for slot in self.scope.form.slots.values():
            if isinstance(slot.element, PanelElement) and is_required(self.scope, slot):
                yield self._gap(slot)

    def texts(self, chapter: Chapter) -> Iterator[Paragraph]:
        """The free texts of one chapter as paragraphs, line by line as entered."""
        for path, slot in self.scope.form.slots.items():
            answer = self.scope.answers.get(path)
            wanted = slot.element.chapter is chapter and _is_free_text(slot)
            if wanted and answer and isinstance(answer.value, Written):
                used = (Used(self.prefix + path, answer.place),)
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
        names = self._in_order(list(dict.fromkeys(name for _, _, details in rows for name in details)))
        cells = tuple(
            (name, result, *(details.get(column, Cell("")) for column in names)) for name, result, details in rows
        )
        return Table((self.labels.stain, self.labels.result, *names), cells, label)

    def _in_order(self, names: list[str]) -> list[str]:
        """The detail columns in the order of the protocol."""
        order = list(dict.fromkeys(slot.element.name for slot in self.scope.form.slots.values() if slot.panel))
        return sorted(names, key=order.index)

    def _stain_rows(self) -> Iterator[tuple[Cell, Cell, dict[str, Cell]]]:
        for path, slot in self.scope.form.slots.items():
            answer = self.scope.answers.get(path)
            if slot.panel and not slot.parent and not slot.repeated and answer:
                yield Cell(slot.element.name), self._result(answer), self._details(path)
        for row in self._row_names(lambda slot: bool(slot.panel)):
            name, result = self.scope.answers.get(f"{row}.name"), self.scope.answers.get(f"{row}.result")
            missing = Cell(self.labels.not_entered, gap=True)
            title, found = (self._result(answer) if answer else missing for answer in (name, result))
            yield title, found, self._details(row, {"name", "result"})

    def _result(self, answer: Answer) -> Cell:
        pending = isinstance(answer.value, Chosen) and any(pick.pending for pick in answer.value.picks)
        return Cell(self._text(answer), pending, self.prefix + answer.path, answer.place)

    def _details(self, above: str, leave_out: set[str] | None = None) -> dict[str, Cell]:
        details = {}
        for path, answer in self.scope.answers.items():
            parent, _, name = path.rpartition(".")
            if parent == above and name not in (leave_out or ()):
                details[self.scope.form.slots[answer.slot].element.name] = self._result(answer)
        return details

    def _pair(self, slot: Slot) -> Iterator[Pair]:
        answer = self.scope.answers.get(slot.path)
        if slot.is_group or slot.panel:
            return
        if answer is not None:
            text = self._text(answer)
            if text:
                yield Pair(self.name(slot), text, self.prefix + slot.path, answer.place, depth=slot.depth)
        elif slot.element.status is not Status.optional:
            applies = self.scope.applicable(slot.path)
            core = slot.element.status is Status.core and not slot.parent
            if is_required(self.scope, slot) or (core and applies.waiting):
                yield self._gap(slot)
            elif core and applies.truth is False:
                yield Pair(self.name(slot), self.labels.not_applicable, self.prefix + slot.path, depth=slot.depth)

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
        for row in self._row_names(lambda slot: slot.path == group.path):
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

    def _row_names(self, wanted: Callable[[Slot], bool]) -> list[str]:
        """The paths of the entries of repeated groups, such as `gross.blocks.1`."""
        rows: dict[str, None] = {}
        for path, answer in self.scope.answers.items():
            slot = self.scope.form.slots[answer.slot]
            group = self.scope.form.slots.get(slot.repeated)
            if group is not None and wanted(group):
                rows[".".join(path.split(".")[: slot.repeated.count(".") + 2])] = None
        return list(rows)

    def _text(self, answer: Answer) -> str:
        return printed(answer, self.scope.answers, self.labels)


def _is_free_text(slot: Slot) -> bool:
    """Whether an element is printed as paragraphs of its own chapter rather than as a pair."""
    element = slot.element
    return isinstance(element, TextElement) and element.lines and element.chapter is not Chapter.synoptic
