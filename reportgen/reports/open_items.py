"""What is open in a report, counted by its cause.

One missing answer can hold back many sentences. It counts once: the sentences that wait for it are its echoes. A gap
that asks for the pathologist's own words counts by itself, unless it leans on an answer that counts already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.assessment.model import Missing
from reportgen.cases.validate import overridable
from reportgen.protocols.elements import Chapter
from reportgen.reports.model import Cell, OpenItem, Pair, Sentence
from reportgen.reports.part import PartComposer

_DESCRIPTIVE = (Chapter.stains, Chapter.microscopic, Chapter.gross)
NOT_ENTERED, PENDING, WORDS = "not entered", "pending", "to be worded"


def of_header(pairs: tuple[Pair, ...], missing_letterhead: str) -> Iterator[OpenItem]:
    """What is open in the head of a case; `missing_letterhead` is what a missing laboratory is called, or ""."""
    if missing_letterhead:
        yield OpenItem(missing_letterhead, "laboratory.name")
    yield from (OpenItem(pair.label, pair.path) for pair in pairs if pair.gap)


def of_part(part: PartComposer, missing: tuple[Missing, ...], header: tuple[OpenItem, ...]) -> tuple[OpenItem, ...]:
    """What is open in one part, in the order of its form, and then what its sentences ask for.

    `missing` are its required answers that are missing or to come. `header` is what is open in the head of the case,
    which a sentence may wait for too.
    """
    return tuple(_OpenItemsOfPart(part, header).items(missing))


def names_of(items: Iterable[OpenItem], *, several: bool) -> list[str]:
    """What open items are called, with the label of their part if the case has several."""
    return [f"{item.part}. {item.name}" if several and item.part else item.name for item in items]


class _OpenItemsOfPart:
    def __init__(self, part: PartComposer, header: tuple[OpenItem, ...]) -> None:
        self.part = part
        self.causes = [f"case.{item.path}" for item in header]  # the paths of what counts already
        self.printed = dict(_printed(part))

    def items(self, missing: tuple[Missing, ...]) -> Iterator[OpenItem]:
        for each in missing:
            path = self.part.prefix + each.slot
            yield self._item(self._name(path, each.name), path, PENDING if each.pending else NOT_ENTERED)
        for path, name in self.printed.items():
            waiting = self.part.scope.applicable(path.removeprefix(self.part.prefix)).waiting if path else ()
            if not self._counts(path, *(self.part.prefix + each for each in waiting)):
                yield self._item(name, path, NOT_ENTERED)
        asked = set[str]()
        for sentence in self._gaps():
            paths = [used.path for used in sentence.answers]
            if sentence.clause.endswith(".pending") and paths:
                if not self._counts(*paths):
                    names = [self.part.element_name(path.removeprefix(self.part.prefix)) for path in paths]
                    self.causes += paths[1:]
                    yield self._item(self.part.labels.comma.join(names), paths[0], NOT_ENTERED)
            elif (title := _title(sentence)) not in asked and not any(map(self._follows, paths)):
                asked.add(title)
                path = f"{self.part.prefix}override.{self._own_words(sentence.clause)}"
                yield self._item(title, path, WORDS, sentence.text)

    def _item(self, name: str, path: str, state: str, says: str = "") -> OpenItem:
        if state != WORDS:
            self.causes.append(path)
        return OpenItem(name, path, self.part.part.label, self.part.part.place, state, says)

    def _counts(self, *paths: str) -> bool:
        """Whether one of these answers, or one around or inside it, is counted as missing."""
        return any(_is_inside(path, cause) or _is_inside(cause, path) for path in paths for cause in self.causes)

    def _follows(self, path: str) -> bool:
        """Whether an answer is counted as missing, or is inside one that is."""
        return any(_is_inside(path, cause) for cause in self.causes)

    def _name(self, path: str, otherwise: str) -> str:
        """The name under which the report prints the gap of an answer."""
        for shown, name in self.printed.items():
            if _is_inside(path, shown):
                return name if path == shown else f"{name}: {otherwise}"
        return otherwise

    def _gaps(self) -> Iterator[Sentence]:
        for block in (*self.part.diagnosis, *self.part.comment):
            yield from (sentence for sentence in block.sentences if sentence.gap)

    def _own_words(self, clause: str) -> str:
        """The name under which the pathologist enters words in the place of a clause."""
        section, _, rest = clause.partition(".")
        statement = rest.partition(".")[0]
        return statement if statement in overridable(self.part.part.protocol) else section


def _printed(part: PartComposer) -> Iterator[tuple[str, str]]:
    """Path and name of each gap among the pairs and stains; a detail is named with what it belongs to."""
    for pairs in (part.synoptic.pairs, *(part.writer.pairs(chapter) for chapter in _DESCRIPTIVE)):
        above: dict[int, str] = {}
        for label, _, path, _, gap, depth, heading in pairs:
            if not heading:
                above[depth] = label
            if gap:
                parent = above.get(depth - 1)
                yield path, f"{parent}: {label}" if parent else label
    table = part.writer.stains("")
    yield from ((_row(row), row[0].text) for row in (table.rows if table else ()) if any(cell.gap for cell in row))


def _row(row: tuple[Cell, ...]) -> str:
    """The path of a stain: that of a result to come, or of the entry where a name or a result is missing."""
    to_come = [cell.path for cell in row if cell.gap and cell.path]
    if to_come:
        return to_come[0]
    paths = [cell.path for cell in row if cell.path]
    lacks = any(cell.gap and not cell.path for cell in row)
    return next((path.rpartition(".")[0] if lacks else path for path in paths), "")


def _title(sentence: Sentence) -> str:
    """The words of a gap that name its statement."""
    return sentence.text.strip("[]").partition(": ")[2].partition(" – ")[0] or sentence.text.strip("[]")


def _is_inside(path: str, other: str) -> bool:
    return bool(other) and f"{path}.".startswith(f"{other}.")
