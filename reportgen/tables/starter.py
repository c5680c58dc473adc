"""An empty table for a protocol: the headings, not one value, and a dictionary that says what each column takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reportgen.findings import refuse
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import ChoiceElement, CountElement, DateElement, ElementBase, QuantityElement, Status
from reportgen.protocols.slots import Slot
from reportgen.protocols.starter import answers_in_words
from reportgen.tables.headings import HeadingRole, Headings, Target
from reportgen.tables.xlsx_writing import new_book, saved, text_cell, text_column

# No path has a space, so that no sheet but the first is ever taken for the table.
DICTIONARY = ("the column", "its title", "its status", "kind of answer", "allowed answers", "its unit", "more about it")
_STATUS = {Status.core: "required", Status.conditional: "required where it applies", Status.optional: "optional"}
_IN_THE_CELL = ("reason", "per")  # written in the cell of the answer, so they need no columns of their own
_RARE = ("acknowledge", "override")
_WORDS = {
    "label": ("Part label", "as on the container (A, B …, 1, 2 …, a, b …); may be empty where a case has one row"),
    "protocol": ("Protocol of the part", "a protocol's id; may be empty where the batch names one"),
    "received_as": ("Received as", "the label on the container, word for word"),
    "acknowledge": ("Acknowledgement of a stop", "the reason; only where a check names this stop"),
    "override": ("Words in place of composed ones", "only to replace the report's own words"),
    "text": ("in words", "the words of an answer that asks for them"),
    "reason": ("why not", "why it cannot be determined; may be in the answer's own cell, in parentheses"),
    "per": ("counted per", "may be in the answer's own cell: 4 per 10 HPF"),
}  # fmt: skip


def table_files(header: CompiledForm, made: Compiled, output: Path) -> dict[Path, bytes]:
    """The files of an empty table: one workbook, or one CSV file with its dictionary beside it.

    The ending of `output` says which; raises `FindingsError` (E010) for another ending.
    """
    head, rows = table_headings(header, made), list(dictionary(header, made))
    ending = output.suffix.lower()
    if ending == ".xlsx":
        return {output: _workbook(head, [DICTIONARY, *rows])}
    if ending == ".csv":
        beside = output.with_name(f"{output.stem}-dictionary.csv")
        return {output: _csv([head]), beside: _csv([DICTIONARY, *rows])}
    raise refuse(
        "E010", f'has the ending "{ending}", which is not that of a table', str(output), hint="use .xlsx or .csv"
    )


def table_headings(header: CompiledForm, made: Compiled) -> list[str]:
    """The headings of an empty table: all that is asked, with two entries of what may be repeated."""
    return [target.path for _, target in _columns(header, made) if _needs_column(target)]


def _needs_column(target: Target) -> bool:
    """False for what may be written in another cell, and for what is rarely written: a column can be added."""
    rare = target.steps[0] in _RARE and target.element is None
    return not rare and (target.role is HeadingRole.answer or target.steps[-1] not in _IN_THE_CELL)


def _columns(header: CompiledForm, made: Compiled) -> Iterator[tuple[CompiledForm, Target]]:
    return Headings(header, {made.protocol.id: made}).columns()


def dictionary(header: CompiledForm, made: Compiled) -> Iterator[tuple[str, ...]]:
    """One row for each column that the table has or may have."""
    for form, target in _columns(header, made):
        if target.slot is None:
            title, help = _WORDS[target.steps[0]]
            yield (target.path, title, "optional", "text", "", "", help)
        elif target.role is HeadingRole.answer:
            yield _element(form, target, target.slot)
        else:
            title, help = _WORDS[target.steps[-1]]
            allowed = " | ".join(target.slot.element.per) if isinstance(target.slot.element, CountElement) else ""
            name = f"{target.slot.element.title}: {title}"
            yield (target.path, name, "optional", "text", allowed * (target.role is HeadingRole.per), "", help)


def _element(form: CompiledForm, target: Target, slot: Slot) -> tuple[str, ...]:
    element = slot.element
    question = slot.path.rpartition(".")[0] if element.independent else slot.parent
    above = f"{form.slots[question].element.title}: " if question else ""
    under = f"only with {' or '.join(slot.under)}" if slot.under and not element.independent else ""
    several = isinstance(element, ChoiceElement) and element.multiple
    foreign = f"{element.foreign_id} in the form it was taken from" if element.foreign_id else ""
    usual = form.usual.get(slot.path)
    given = usual.note if usual else ""
    how_many = 'several answers with "|" between them' if several else ""
    return (
        target.path,
        f"{above}{element.title}",
        _STATUS[element.status],
        str(getattr(element, "kind", "")),
        " | ".join(_allowed(element, target.path)),
        _unit(element),
        "; ".join(words for words in (under, element.help, how_many, given, foreign) if words),
    )


def _allowed(element: ElementBase, path: str) -> Iterator[str]:
    if isinstance(element, ChoiceElement):
        for choice in element.choices:
            asked = choice.asks
            what = (answers_in_words(asked) or "words") if asked else ""
            way = "with" if asked and asked.status is Status.core else "may be with"
            yield f"{choice.id} ({way} {what} in {path}.text)" if what else choice.id
    if isinstance(element, QuantityElement) and element.at_least:
        yield f"{element.at_least} (a number)"
    if isinstance(element, DateElement):
        yield from element.forms
    if element.undetermined:
        yield f"{element.undetermined} (why)"


def _unit(element: ElementBase) -> str:
    if isinstance(element, QuantityElement):
        return " or ".join(filter(None, (element.unit, *element.units)))
    if isinstance(element, CountElement):
        return " or ".join(f"per {each}" for each in element.per)
    return ""


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Lines as a spreadsheet writes them, with the mark by which it knows UTF-8."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def _workbook(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of two sheets, all of it text."""
    from openpyxl.styles import Font

    book = new_book()
    for name, lines in (("cases", [head]), ("dictionary", rows)):
        sheet = book.create_sheet(name)
        for number, line in enumerate(lines, start=1):
            for column, text in enumerate(line, start=1):
                text_cell(sheet, number, column, text).font = Font(bold=number == 1)
        for column in range(1, len(lines[0]) + 1):
            text_column(sheet, column, min(60, 3 + max(len(line[column - 1]) for line in lines)))
        sheet.freeze_panes = "A2"
    return saved(book)
