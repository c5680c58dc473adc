"""What a chapter of a report can print of a form, before there is any answer."""

from __future__ import annotations

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import Chapter
from reportgen.reports.print_plan import Printing, print_plan
from tests.protocols.test_slots import NESTED
from tests.support.toy import Templates

CHAPTERS = """\
- {id: seen, kind: text, title: Long name, label: Name, status: core, source: {book: p}}
- {id: unseen, kind: text, title: Unseen, chapter: none, source: {book: p}}
- {id: lines, kind: text, title: Lines, lines: true, chapter: gross, source: {book: p}}
- {id: colour, kind: text, title: Colour, chapter: gross, status: core, source: {book: p}}
"""


def found(made: CompiledForm, chapter: Chapter) -> list[tuple[str, Printing, bool]]:
    return [(line.path, line.printing, line.optional) for line in print_plan(made).lines[chapter]]


def test_the_synopsis_prints_pairs_and_entries_and_watches_over_what_no_chapter_shows(templates: Templates) -> None:
    made = templates.load(NESTED + CHAPTERS)
    assert found(made, Chapter.synoptic) == [
        ("site", Printing.pair, False),
        ("a", Printing.pair, True),
        ("a.b", Printing.pair, True),
        ("a.b.c", Printing.pair, True),
        ("a.b.c.d", Printing.pair, True),
        ("a.g.in", Printing.pair, True),
        ("a.of_x", Printing.pair, True),
        ("rows", Printing.rows, True),
        ("seen", Printing.pair, False),
        ("unseen", Printing.elsewhere, True),
    ]


def test_a_line_knows_its_name_and_its_depth(templates: Templates) -> None:
    lines = {line.path: line for line in print_plan(templates.load(NESTED + CHAPTERS)).lines[Chapter.synoptic]}
    assert [lines[path].name for path in ("seen", "a.b")] == ["Name", "B"]
    assert [lines[path].depth for path in ("seen", "a.b", "a.b.c")] == [0, 1, 2]


def test_words_of_several_lines_are_paragraphs_of_their_chapter(templates: Templates) -> None:
    made = templates.load(CHAPTERS)
    assert found(made, Chapter.gross) == [("lines", Printing.text, True), ("colour", Printing.pair, False)]
    assert found(made, Chapter.history) == []


def test_each_named_stain_is_a_row_with_its_details(templates: Templates) -> None:
    assert print_plan(templates.load(NESTED)).stains == (
        ("stains.S1", "Stain one", (("stains.S1.extent", "Extent"),)),
        ("stains.Ki-67", "Ki-67", (("stains.Ki-67.extent", "Extent"),)),
    )
