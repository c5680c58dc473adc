"""Element/answer pairs and stain tables of one part: what is printed for each element, answered or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reportgen.assessment.completeness import is_required, is_required_in
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Answer, Written
from reportgen.protocols.elements import Chapter, NoteElement, Status
from reportgen.protocols.slots import Slot
from reportgen.reports.answer_words import omits_question, printed
from reportgen.reports.labels import Labels
from reportgen.reports.licence import Licence, Unlicensed
from reportgen.reports.model import Cell, Pair, Paragraph, Sentence, Table, Used
from reportgen.reports.print_plan import PlannedLine, Printing, print_plan

_NO_DETAIL = Cell("")


class PairWriter:
    """Prints the elements of one form; in traces their paths begin with `prefix` (`parts.A.`).

    `licence` is for labels that depend on answers (`Deep edge` or `Deep margin`).
    """

    def __init__(self, scope: AnswerScope, labels: Labels, prefix: str, licence: Licence | None = None) -> None:
        self.scope = scope
        self.labels = labels
        self.prefix = prefix
        self.licence = licence
        self._plan = print_plan(scope.form)
        self._known: dict[tuple[Chapter, str], tuple[Pair, ...]] = {}
        self._stains: list[tuple[Cell, Cell, dict[str, Cell]]] | None = None

    def pairs(self, chapter: Chapter, section: str = "") -> tuple[Pair, ...]:
        """The pairs of one chapter, in the order of the form; `section` limits them to one of its sections."""
        known = self._known.get((chapter, section))
        if known is None:
            known = self._known[chapter, section] = tuple(_headed(self._pairs(chapter, section)))
        return known

    def synopsis(self, told: Callable[[Pair], bool] = lambda _: False) -> tuple[Pair, ...]:
        """The pairs of the synopsis, with a gap for each stain panel that lacks the stain it needs.

        Those that are `told` elsewhere are left out, unless an answer without a name below them is not.
        """
        pairs = [*self._pairs(Chapter.synoptic), *self._open_panels()]
        needed = {slot.parent for slot, pair in pairs if not pair.label and not told(pair)}
        return tuple(_headed((slot, pair) for slot, pair in pairs if slot.path in needed or not told(pair)))

    def _pairs(self, chapter: Chapter, section: str = "") -> Iterator[tuple[Slot, Pair]]:
        answers, prefix, labels = self.scope.answers, self.prefix, self.labels
        hidden: set[str] = set()  # what is answered and not printed
        for line in self._plan.lines[chapter]:
            slot, path, printing, name, depth, optional = line
            if section not in ("", slot.section) and printing is not Printing.elsewhere:
                continue
            answer = answers.get(path)
            if answer is None:
                rows = list(self._rows(slot)) if printing is Printing.rows else []
                yield from ((slot, self._below_printed(slot, row, hidden)) for row in rows)
                if not (optional or rows) and (pair := self._without_answer(line)):
                    yield slot, self._below_printed(slot, pair, hidden)
                elif printing is Printing.note:
                    yield from self._note(slot, hidden)
            elif printing is Printing.pair:
                if any(omits_question(answers[above]) for above in self._above(slot, hidden)):
                    hidden.add(path)
                elif text := printed(answer, answers, labels):
                    named = self.name(slot) if "{{" in name else name
                    named = "" if slot.element.unlabeled else named
                    depth = self._depth(slot) if slot.element.independent else depth
                    pair = Pair(named, text, prefix + path, answer.place, False, depth)
                    yield slot, self._below_printed(slot, pair, hidden)
                else:
                    hidden.add(path)
            elif printing is Printing.elsewhere:
                hidden.add(path)

    def _note(self, slot: Slot, hidden: set[str]) -> Iterator[tuple[Slot, Pair]]:
        """What a note says, where it applies and what it hangs below is printed."""
        note = slot.element
        if isinstance(note, NoteElement) and self.scope.applicable(slot.path).truth and slot.parent not in hidden:
            named = "" if note.unlabeled else self.name(slot)
            yield slot, Pair(named, " ".join(note.text.split()), depth=slot.depth)

    def _above(self, slot: Slot, hidden: set[str]) -> Iterator[str]:
        """Of the elements that a slot hangs below, those that are answered and not printed."""
        while hidden and slot.parent:
            if slot.parent in hidden:
                yield slot.parent
            slot = self.scope.form.slots[slot.parent]

    def _below_printed(self, slot: Slot, pair: Pair, hidden: set[str]) -> Pair:
        """The pair, as far below another as there are others printed above it."""
        apart = slot.element.independent and slot.path.rpartition(".")[0] in hidden
        missing = len(list(self._above(slot, hidden))) + apart
        return pair._replace(depth=pair.depth - missing) if missing else pair

    def _depth(self, slot: Slot) -> int:
        """How far a pair is indented: an independent one less, where nothing is printed of the question above it."""
        above = slot.path.rpartition(".")[0] if slot.element.independent else ""
        if not above or above in self.scope.answers or is_required(self.scope, self.scope.form.slots[above]):
            return slot.depth
        return slot.depth - 1

    def _without_answer(self, line: PlannedLine) -> Pair | None:
        """What is printed of an element that must be answered or ruled out, and is not answered."""
        slot = line.slot
        if is_required(self.scope, slot):
            return self._gap(slot)
        if line.printing is Printing.elsewhere or slot.parent or slot.element.status is not Status.core:
            return None
        applies = self.scope.applicable(line.path)
        if applies.waiting:
            return self._gap(slot)
        if applies.truth is False:
            return Pair(self.name(slot), self.labels.not_applicable, self.prefix + line.path, depth=slot.depth)
        return None

    def _open_panels(self) -> Iterator[tuple[Slot, Pair]]:
        for path in self.scope.form.panels:
            slot = self.scope.form.slots[path]
            if is_required(self.scope, slot):
                yield slot, self._gap(slot)

    def texts(self, chapter: Chapter) -> Iterator[Paragraph]:
        """The free texts of one chapter as paragraphs, line by line as entered."""
        for each in self._plan.lines[chapter]:
            answer = self.scope.answers.get(each.path) if each.printing is Printing.text else None
            if answer and isinstance(answer.value, Written):
                used = (Used(self.prefix + each.path, answer.place),)
                for line in filter(None, answer.value.text.split("\n")):
                    yield Paragraph((Sentence(line, "", used),))

    def stains(self, label: str) -> Table | None:
        """The stains of all panels as one table; columns for details only where some stain has them."""
        if self._stains is None:
            self._stains = list(self._stain_rows())
        if not self._stains:
            return None
        there = {name for _, _, details in self._stains for name in details}
        names = [name for name in self._plan.stain_details if name in there]
        rows = [
            (name, result, *[details.get(column, _NO_DETAIL) for column in names])
            for name, result, details in self._stains
        ]
        return Table((self.labels.stain, self.labels.result, *names), tuple(rows), label)

    def _stain_rows(self) -> Iterator[tuple[Cell, Cell, dict[str, Cell]]]:
        answers, slots = self.scope.answers, self.scope.form.slots
        for path, name, below in self._plan.stains:
            if path in answers:
                there = {column: self._result(answers[detail]) for detail, column in below if detail in answers}
                yield Cell(name), self._result(answers[path]), there
        for row, group in self.scope.entries.items():
            if slots[group].panel:
                yield self._other_stain(row)

    def _other_stain(self, row: str) -> tuple[Cell, Cell, dict[str, Cell]]:
        """One entry of the stains that are entered by name."""
        missing = Cell(self.labels.not_entered, gap=True)
        there = {
            path.removeprefix(f"{row}."): each
            for path, each in self.scope.answers.items()
            if path[: len(row) + 1] == f"{row}."
        }
        title, found = (self._result(there.pop(key)) if key in there else missing for key in ("name", "result"))
        slots = self.scope.form.slots
        return (
            title,
            found,
            {slots[each.slot].element.name: self._result(each) for key, each in there.items() if "." not in key},
        )

    def _result(self, answer: Answer) -> Cell:
        return Cell(self.text(answer), answer.is_to_come, self.prefix + answer.path, answer.place)

    def _gap(self, slot: Slot) -> Pair:
        path, depth = self.prefix + slot.path, self._depth(slot)
        return Pair(self.name(slot), self.labels.not_entered, path, gap=True, depth=depth)

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
        """One pair for each entry of a repeated group: its first element names it, the others follow by name."""
        for row in [row for row, path in self.scope.entries.items() if path == group.path]:
            first, *rest = self.scope.form.inside(group.path)
            named = self._said(group, first, row)
            told = [*([] if named else self._told(group, [first], row)), *self._told(group, rest, row)]
            answers = [answer for path, answer in self.scope.answers.items() if path.startswith(row + ".")]
            label = named if group.element.unlabeled else f"{group.element.name} {named}".strip()
            gap = self.labels.not_entered in " ".join((label, *told))
            text = self.labels.semicolon.join(told)
            yield Pair(label, text, self.prefix + row, answers[0].place, gap, group.depth)

    def _told(self, group: Slot, slots: list[Slot], row: str) -> list[str]:
        """The answers of one entry in the order of the form, each behind its name, its details behind it."""
        told: list[str] = []
        last = ""
        for slot in slots:
            text = self._said(group, slot, row)
            if text:
                named = self.labels.entry.format(name=self.name(slot), answer=text)
                said = text if slot.element.unlabeled else named
                if last and slot.path.startswith(f"{last}."):
                    told[-1] += self.labels.comma + said
                else:
                    told.append(said)
                    last = slot.path
        return told

    def _said(self, group: Slot, slot: Slot, row: str) -> str:
        """One answer of an entry, a gap where it must be there and is not, or nothing."""
        if slot.is_group:
            return ""
        answers = self.scope.answers
        answer = answers.get(row + slot.path.removeprefix(group.path))
        if answer and slot.element.chapter is Chapter.none:
            return ""
        if answer:
            above = answers.get(row + slot.parent.removeprefix(group.path)) if slot.parent else None
            if above and omits_question(above):
                return ""
            return printed(answer, self.scope.answers, self.labels, self.labels.comma)
        return self.labels.not_entered if is_required_in(self.scope, slot, row) else ""

    def text(self, answer: Answer) -> str:
        """The answer as its pair prints it."""
        return printed(answer, self.scope.answers, self.labels)


def _headed(pairs: Iterable[tuple[Slot, Pair]]) -> Iterator[Pair]:
    """The pairs, and before the first one under each heading the heading itself; again behind one that is inside it."""
    current: tuple[str, ...] = ()
    for slot, pair in pairs:
        if slot.headings != current:
            back = len(slot.headings) - 1 if slot.headings == current[: len(slot.headings)] else None
            for level, heading in enumerate(slot.headings):
                if level == back or slot.headings[: level + 1] != current[: level + 1]:
                    yield Pair(heading, "", depth=pair.depth if level else 0, heading=True)
            current = slot.headings
        yield pair
