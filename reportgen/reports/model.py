"""The report as one format-neutral, frozen value: what every layout prints, in reading order.

A layout adds typography and page furniture; it adds no words of its own. `reading_order` lists every printed string of
the body, so that a test can hold each format against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from reportgen.findings import Place

NOWHERE = Place()


class Used(NamedTuple):
    """One answer that a sentence or pair leans on: its full path in the case and its place in the input file.

    `by` is what gave it where it was not entered ("macro" or "profile", and its name); its place is then there.
    """

    path: str
    place: Place
    by: tuple[str, str] | None = None


class Sentence(NamedTuple):
    """One printed sentence with its licence: the clause that says it, the answers it used, the clause's source.

    `gap` marks a sentence that stands for one which may not speak yet (`[PENDING: …]`) or a value not entered.
    """

    text: str
    clause: str
    answers: tuple[Used, ...] = ()
    source: tuple[str, ...] = ()
    gap: bool = False
    when: str = ""  # the condition of the clause


class Role(StrEnum):
    """What a paragraph is, for its typography."""

    specimen = "specimen"  # "A. Skin, left forearm, shave biopsy:"
    diagnosis = "diagnosis"  # the diagnosis line itself, the largest words of the report
    detail = "detail"  # a further line below the diagnosis, such as a margin
    received = "received"  # (received as "…")
    body = "body"


class Heading(NamedTuple):
    """A heading inside a section, for one part."""

    text: str


class Paragraph(NamedTuple):
    """Sentences set together, joined by one space."""

    sentences: tuple[Sentence, ...]
    role: Role = Role.body


class Pair(NamedTuple):
    """One data element and its answer; `depth` counts how far it hangs below another (0, 1, 2).

    A pair without a label is an answer printed alone; a `heading` has only a label, and heads the pairs that follow.
    """

    label: str
    text: str
    path: str = ""
    place: Place = NOWHERE
    gap: bool = False
    depth: int = 0
    heading: bool = False


class Pairs(NamedTuple):
    """Element/answer pairs in stable order under an optional caption."""

    pairs: tuple[Pair, ...]
    caption: str = ""


class Cell(NamedTuple):
    """One cell of a table, with the answer it prints, if it prints one."""

    text: str
    gap: bool = False
    path: str = ""
    place: Place = NOWHERE


class Table(NamedTuple):
    """A table with one header row; the first cell of each row names the row. `label` is read out, not printed."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    label: str = ""


class Tone(StrEnum):
    """What a notice is about."""

    draft = "draft"
    gap = "gap"
    info = "info"


class Notice(NamedTuple):
    """A boxed remark about the state of the report."""

    text: str
    tone: Tone = Tone.info


Block = Heading | Paragraph | Pairs | Table | Notice


class Section(NamedTuple):
    """A headed section; `id` is stable (`diagnosis`, `comment`, `synoptic` …), `title` is what is printed."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Letterhead(NamedTuple):
    """The laboratory: name and further lines (address, telephone, licence number)."""

    name: str
    lines: tuple[str, ...] = ()
    gap: bool = False


class State(StrEnum):
    """Law 4: a report is a draft unless it was finalized by name and time."""

    draft = "draft"
    finalized = "finalized"


class Furniture(NamedTuple):
    """What every page shows: the state, who the patient is, the record, and the words around page numbers."""

    state_mark: str  # "DRAFT – not signed out"; empty once finalized
    patient: tuple[str, ...]  # name, MRN, accession
    record: tuple[str, ...]  # versions and short hash of the input; the intended-use line
    page: str  # "Page"
    of: str  # "of"
    continued: str = "{part} (continued)"  # a page that begins inside a part


class Metadata(NamedTuple):
    """Document properties; `stamp` is the only time a file carries, so that the same input gives the same bytes."""

    title: str
    subject: str
    author: str
    keywords: tuple[str, ...]
    language: str
    stamp: datetime
    generator: str


class OpenItem(NamedTuple):
    """One thing that is open in a report: an answer that is missing or to come, or words that are asked for.

    Attributes:
        name: what the report's notice calls it.
        path: the answer that is missing; for words, where the pathologist enters them (`parts.A.override.diagnosis`).
        part: the label of its part; "" for the head of the case.
        place: the part or the case in its file.
        state: `not entered`, `pending` or `to be worded`.
        says: the text of the gap that asks for words.
    """

    name: str
    path: str
    part: str = ""
    place: Place = NOWHERE
    state: str = "not entered"
    says: str = ""


class Report(NamedTuple):
    """A whole report; `open` counts what is open by its cause, so that the echoes of a missing answer count once."""

    state: State
    letterhead: Letterhead
    title: str
    notices: tuple[Notice, ...]
    identification: Pairs
    sections: tuple[Section, ...]
    furniture: Furniture
    metadata: Metadata
    open: tuple[OpenItem, ...] = ()

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in reading order."""
        for block in self.blocks():
            if isinstance(block, Paragraph):
                yield from block.sentences

    def pairs(self) -> Iterator[Pair]:
        """Every element/answer pair, in reading order, identification first; headings are none."""
        yield from self.identification.pairs
        for block in self.blocks():
            if isinstance(block, Pairs):
                yield from (pair for pair in block.pairs if not pair.heading)

    def blocks(self) -> Iterator[Block]:
        """Every block of every section, in reading order."""
        for section in self.sections:
            yield from section.blocks

    def reading_order(self) -> Iterator[str]:
        """Every printed string of the body, in the order in which each format must give it."""
        yield self.letterhead.name
        yield from self.letterhead.lines
        yield self.title
        yield from (notice.text for notice in self.notices)
        yield from _strings(self.identification)
        for section in self.sections:
            yield section.title
            for block in section.blocks:
                yield from _strings(block)


def _strings(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Notice(text=text):
            yield text
        case Paragraph(sentences=sentences):
            yield from (sentence.text for sentence in sentences)
        case Pairs(pairs=pairs, caption=caption):
            if caption:
                yield caption
            for pair in pairs:
                if pair.label:
                    yield pair.label
                if not pair.heading:
                    yield pair.text
        case Table(columns=columns, rows=rows):
            yield from columns
            for row in rows:
                yield from (cell.text for cell in row if cell.text)
