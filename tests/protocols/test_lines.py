"""What a chapter of a report can print of a form, before there is any answer."""

from __future__ import annotations

import pytest

from reportgen.protocols.elements import Chapter
from reportgen.protocols.lines import Kind
from tests.protocols.test_slots import NESTED
from tests.support.toy import Templates

CHAPTERS = """\
- {id: seen, kind: text, title: Long name, label: Name, status: core, source: {book: p}}
- {id: unseen, kind: text, title: Unseen, chapter: none, source: {book: p}}
- {id: lines, kind: text, title: Lines, lines: true, chapter: gross, source: {book: p}}
- {id: colour, kind: text, title: Colour, chapter: gross, status: core, source: {book: p}}
"""


def found(made: object, chapter: Chapter, section: str = "") -> list[tuple[str, Kind, bool]]:
    return [(line.path, line.kind, line.optional) for line in made.lines(chapter, section)]  # type: ignore[attr-defined]


def test_the_synopsis_prints_pairs_and_entries_and_watches_over_what_no_chapter_shows(templates: Templates) -> None:
    made = templates.load(NESTED + CHAPTERS)
    assert found(made, Chapter.synoptic) == [
        ("site", Kind.pair, False),
        ("a", Kind.pair, True),
        ("a.b", Kind.pair, True),
        ("a.b.c", Kind.pair, True),
        ("a.b.c.d", Kind.pair, True),
        ("a.g.in", Kind.pair, True),
        ("a.of_x", Kind.pair, True),
        ("rows", Kind.rows, False),
        ("seen", Kind.pair, False),
        ("unseen", Kind.elsewhere, True),
    ]


def test_a_line_knows_its_name_and_its_depth(templates: Templates) -> None:
    lines = {line.path: line for line in templates.load(NESTED + CHAPTERS).lines(Chapter.synoptic)}
    assert [lines[path].name for path in ("seen", "a.b")] == ["Name", "B"]
    assert [lines[path].depth for path in ("seen", "a.b", "a.b.c")] == [0, 1, 2]


def test_words_of_several_lines_are_paragraphs_of_their_chapter(templates: Templates) -> None:
    made = templates.load(CHAPTERS)
    assert found(made, Chapter.gross) == [("lines", Kind.text, True), ("colour", Kind.pair, False)]
    assert found(made, Chapter.history) == []


@pytest.mark.parametrize(("section", "seen"), [("main", True), ("other", False)])
def test_a_section_limits_the_lines_to_its_own(section: str, seen: bool, templates: Templates) -> None:
    paths = [path for path, _, _ in found(templates.load(CHAPTERS), Chapter.synoptic, section)]
    assert ("seen" in paths) is seen
    assert "unseen" in paths  # whatever the section: nothing else would show that it is missing


def test_each_named_stain_is_a_row_with_its_details(templates: Templates) -> None:
    assert templates.load(NESTED).stains == (
        ("stains.S1", "Stain one", (("stains.S1.extent", "Extent"),)),
        ("stains.Ki-67", "Ki-67", (("stains.Ki-67.extent", "Extent"),)),
    )
