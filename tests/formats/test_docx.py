"""The Word file through its door: the same words in order, tables that read aloud, a state nobody can miss."""

from __future__ import annotations

import os
import unicodedata
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator

from reportgen.formats.docx import render
from reportgen.formats.layout import load_layout
from reportgen.reading.characters import refused
from reportgen.reports.model import Cell, Pairs, Paragraph, Report, Section, Table
from tests.formats.docx_reading import (
    INJECTED,
    LONG_WORD,
    REPORTS,
    W,
    both_papers,
    every_report,
    final,
    lines_of,
    parts_of,
    runs_of,
    style_named,
    text_of,
    tree_of,
    value_of,
)
from tests.formats.readback import expected_body, expected_pairs, read_docx, squeeze
from tests.formats.specimen import (
    CHARACTERS,
    HOSTILE,
    MARK,
    PATIENT,
    REPORT,
    pairs,
    paragraph,
    stains,
    with_sections,
    with_text,
)

_PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), min_size=1, max_size=60
).filter(lambda text: bool(squeeze(text)))
# What the input may bring: its spaces at both ends, breaks and tabs too; " " alone is what parts two sentences.
_ALLOWED = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"), include_characters="\t\n"),
    min_size=1,
    max_size=300,
).filter(lambda text: refused(text) is None and text != " ")


@every_report
@both_papers
def test_body_reads_as_the_report(report: Report, paper: str) -> None:
    back = read_docx(render(report, load_layout(paper=paper)), report)
    assert back.body == expected_body(report)
    assert back.pairs == expected_pairs(report)


def test_hostile_text_is_text() -> None:
    for text in (HOSTILE, INJECTED, CHARACTERS):
        lines = [words for _, words in lines_of(with_text(text))]
        assert lines.count(text) >= 15
        assert not any(words == "FORGED" for words in lines)
        assert text in text_of(tree_of(with_text(text), "header1"))


def test_spaces_breaks_and_tabs_survive() -> None:
    text = "  two  spaces \nnext line\ttab "
    document = docx.Document(BytesIO(render(with_sections(Section("x", "X", (paragraph(text),))), load_layout())))
    assert text in texts_of(document)


def test_spaces_at_the_ends_are_marked_to_be_kept() -> None:
    words = list(tree_of(with_sections(Section("x", " X", (paragraph("one", "two "),)))).iter(f"{W}t"))[-4:]
    space = "{http://www.w3.org/XML/1998/namespace}space"
    assert [(item.text, item.get(space)) for item in words] == [
        (" X", "preserve"), ("one", None), (" ", "preserve"), ("two ", "preserve"),
    ]  # fmt: skip


def texts_of(document: docx.document.Document) -> list[str]:
    """The text of every paragraph, those in tables too."""
    inside = [line for table in document.tables for row in table.rows for cell in row.cells for line in cell.paragraphs]
    return [line.text for line in (*document.paragraphs, *inside)]


def test_sentences_stand_one_space_apart() -> None:
    document = docx.Document(BytesIO(render(REPORT, load_layout())))
    (block,) = [block for block in REPORT.sections[1].blocks if isinstance(block, Paragraph)]
    assert " ".join(item.text for item in block.sentences) in texts_of(document)


@settings(max_examples=500 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 50, deadline=None)
@given(words=_PRINTABLE, label=_PRINTABLE, answer=_PRINTABLE)
def test_any_printable_text_comes_back(words: str, label: str, answer: str) -> None:
    report = with_sections(Section("x", words, (paragraph(words, words), pairs([(label, answer)], words))))
    document = docx.Document(BytesIO(render(report, load_layout())))
    cells = document.tables[-1].rows[-1].cells
    assert (cells[0].text, cells[1].text) == (label, answer)
    assert f"{words} {words}" in [line.text for line in document.paragraphs]
    assert read_docx(render(report, load_layout()), report).body == expected_body(report)


@settings(max_examples=500 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 50, deadline=None)
@given(text=_ALLOWED)
@example(text=' two  spaces\n\tand a "break" & <more> ')
def test_any_allowed_text_comes_back_exactly_from_every_field(text: str) -> None:
    report = with_text(text)
    data = render(report, load_layout())
    assert "".join(runs_of(report, "document")) == "".join(report.reading_order())
    assert "".join(runs_of(report, "header1")) == MARK + "\t" + " · ".join(report.furniture.patient)
    # A table without a label is named after its caption, its section or the report.
    assert {value_of(table, "tblPr/tblCaption") for table in tree_of(report).iter(f"{W}tbl")} == {text}
    opened = docx.Document(BytesIO(data))
    assert opened.paragraphs[0].text == text
    core = opened.core_properties
    assert [core.title, core.subject, core.author, core.keywords] == [text[:255]] * 4


@pytest.mark.parametrize("where", ["body", "patient", "record", "property", "label"])
def test_what_xml_has_no_place_for_is_refused_everywhere(where: str) -> None:
    for char in (*map(chr, {*range(32)} - {9, 10, 13}), "\ufffe", "\uffff", "\ud800"):
        text = f"a{char}b"
        report = {
            "body": with_sections(Section("x", "X", (paragraph(text),))),
            "patient": REPORT._replace(furniture=REPORT.furniture._replace(patient=(text,))),
            "record": REPORT._replace(furniture=REPORT.furniture._replace(record=(text, "last"))),
            "property": REPORT._replace(metadata=REPORT.metadata._replace(author=text)),
            "label": with_sections(Section("x", "X", (Table(("Head",), (), text),))),
        }[where]
        with pytest.raises(ValueError, match=r"control character|surrogates"):
            render(report, load_layout())


def test_empty_words_make_no_run() -> None:
    only = with_sections(Section("x", "", (paragraph("", "Words", ""), pairs([("", "")], "Caption"))))
    report = only._replace(furniture=REPORT.furniture._replace(state_mark="", patient=(), record=()))
    runs = [run for part in ("document", "header1", "footer1") for run in tree_of(report, part).iter(f"{W}r")]
    assert "Words" in map(text_of, runs)
    assert all(text_of(run) or run.find(f"{W}tab") is not None for run in runs)
    assert text_of(tree_of(report, "footer1")) == "Page 1 of 1"


@pytest.mark.parametrize("after", [(), (Pairs(()),), (Pairs(()), Pairs(()))], ids=len)
def test_no_file_ends_in_a_table(after: tuple[Pairs, ...]) -> None:
    for report in (
        with_sections(Section("x", "X", (pairs([("x", "y")]), *after))),
        with_sections(Section("x", "X", (stains("SMA"), *after))),
        with_sections(),
    ):
        assert lines_of(report)[-1] == ("AfterTable", "")
    assert lines_of(with_sections(Section("x", "X", after)))[-1] == ("Heading1", "X")


def test_headings_are_word_headings_kept_with_what_follows() -> None:
    lines = lines_of()
    assert [text for style, text in lines if style in ("Heading1", "HeadingBeside")] == [
        section.title for section in REPORT.sections
    ]
    assert ("Title", REPORT.title) in lines
    assert ("Heading2", "A. Atypical intradermal smooth muscle neoplasm") in lines
    for name, level in (("heading 1", "0"), ("heading 2", "1")):
        style = style_named(name)
        assert style.get(f"{W}customStyle") is None
        assert style.find(f"{W}pPr/{W}keepNext") is not None
        assert value_of(style, "pPr/outlineLvl") == level
    assert style_named("Specimen").find(f"{W}pPr/{W}keepNext") is not None
    assert all(style_named(name).find(f"{W}pPr/{W}widowControl") is not None for name in ("Normal", "Body Text"))


def test_roles_have_their_styles_and_stay_together() -> None:
    lines = [line for line in tree_of().iter(f"{W}p") if value_of(line, "pPr/pStyle") in ("Diagnosis", "ReceivedAs")]
    kept = [line.find(f"{W}pPr/{W}keepNext") is not None for line in lines]
    assert kept == [
        True,
        True,
        True,
    ]  # with (received as); with the next part, since the section fits a page; with the margin
    styles = [style for style, _ in lines_of()]
    assert styles.count("Specimen") == 2
    assert styles.count("DiagnosisDetail") == 1


def test_gaps_are_bold_and_boxed_and_nothing_else_is() -> None:
    runs = [run for run in tree_of().iter(f"{W}r") if value_of(run, "rPr/rStyle") == "Gap"]
    wanted = [item.text for item in REPORT.sentences() if item.gap] + [item.text for item in REPORT.pairs() if item.gap]
    wanted += [cell.text for block in REPORT.blocks() if isinstance(block, Table) for row in block.rows for cell in row
               if cell.gap]  # fmt: skip
    assert len(wanted) == 4
    assert sorted(text_of(run) for run in runs) == sorted(wanted)
    # In the run, not only in the style: in Word a bold paragraph style and a bold character style cancel each other.
    assert all(run.find(f"{W}rPr/{W}b") is not None for run in runs)
    assert value_of(style_named("Gap"), "rPr/bdr") == "single"
    assert value_of(style_named("Notice Gap"), "pPr/pBdr/top") == "single"
    letterhead = tree_of(REPORTS["bare"]).find(f".//{W}r")
    assert letterhead is not None
    assert value_of(letterhead, "rPr/rStyle") == "Gap"


@both_papers
@every_report
def test_tables_keep_their_widths_and_rows(report: Report, paper: str) -> None:
    design = load_layout(paper=paper)
    wide = 20 * design.text_width
    root = tree_of(report, paper=paper)
    for table in root.iter(f"{W}tbl"):
        assert value_of(table, "tblPr/tblLayout", "type") == "fixed"
        columns = [int(column.get(f"{W}w") or 0) for column in table.iter(f"{W}gridCol")]
        assert abs(sum(columns) - wide) <= len(columns)
        # In a section higher than a page, a row of running text may end on the next; its part is named again there.
        for row in table.iter(f"{W}tr"):
            running = value_of(row, "tc/p/pPr/pStyle") == "BodyText"
            assert (row.find(f"{W}trPr/{W}cantSplit") is None) <= running
        assert next(table.iter(f"{W}tr"), None) is not None
        following = table.getnext()
        assert following is not None
        assert following.tag == f"{W}p"


def test_the_name_of_a_part_and_of_columns_comes_again_on_each_page() -> None:
    marked = [
        [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")]
        for table in tree_of().iter(f"{W}tbl")
    ][1:6]
    assert len(marked) == 5  # identification, a comment, a synopsis, stains, a description
    assert not any(marked[0])
    assert all(rows[0] and not any(rows[1:]) for rows in (marked[1], marked[2], marked[4]))
    assert marked[3] == [True, True, False, False, False, False]  # the part's name, and the names of the columns
    # Without this, Word leaves out the rule that the table style has below the first row.
    looks = [
        (value_of(table, "tblPr/tblLook"), value_of(table, "tblPr/tblLook", "firstRow"))
        for report in (REPORT, REPORTS["tables only"])
        for table in tree_of(report).iter(f"{W}tbl")
    ]
    assert looks[:5] == [("0480", "0")] * 5  # the name of the part has no rule below it
    assert looks.count(("04A0", "1")) == 3  # older readers go by the first


def test_an_odd_pair_has_the_rest_of_its_row() -> None:
    _, table, *_ = tree_of(REPORTS["odd identification"]).iter(f"{W}tbl")
    spans = [[value_of(cell, "tcPr/gridSpan") for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
    assert spans == [[None, None, None, None], [None, "3"]]


def test_tables_are_named_for_those_who_listen() -> None:
    names = [value_of(table, "tblPr/tblCaption") for table in tree_of().iter(f"{W}tbl")]
    assert names == [
        REPORT.title, REPORT.title, "A. Left distal forearm", "A. Atypical intradermal smooth muscle neoplasm",
        "Immunohistochemistry, part A", "A. Left distal forearm", "Gross description", "Signature",
    ]  # fmt: skip
    assert [value_of(table, "tblPr/tblDescription") for table in tree_of().iter(f"{W}tbl")] == names


def test_a_row_with_too_few_cells_is_an_error() -> None:
    torn = Table(("Stain", "Result"), ((Cell("SMA"),),))
    with pytest.raises(ValueError, match="cells"):
        render(with_sections(Section("x", "X", (torn,))), load_layout())


def test_draft_names_state_and_patient_on_every_page() -> None:
    head = text_of(tree_of(part="header1"))
    assert head == MARK + " · ".join(PATIENT)
    assert value_of(style_named("State Mark"), "rPr/bdr") == "single"
    setup = tree_of().find(f"{W}body/{W}sectPr")
    assert setup is not None
    assert [etree.QName(item).localname for item in setup if item.get(f"{W}type")] == [
        "headerReference", "footerReference",
    ]  # fmt: skip
    assert setup.find(f"{W}titlePg") is None  # the first page has the same header
    assert ("NoticeState", REPORT.notices[0].text) in lines_of()


def test_finalized_report_says_draft_nowhere() -> None:
    parts = parts_of(final())
    assert len(parts) >= 12
    assert not [name for name, data in parts.items() if b"draft" in data.lower()]
    assert text_of(tree_of(final(), "header1")) == " · ".join(PATIENT)
    assert [name for name, data in parts_of().items() if b"DRAFT" in data] == ["word/document.xml", "word/header1.xml"]


def test_footer_counts_pages_in_the_words_of_the_report() -> None:
    swedish = REPORT._replace(furniture=REPORT.furniture._replace(page="Sida", of="av"))
    foot = tree_of(swedish, "footer1")
    assert [field.get(f"{W}instr") for field in foot.iter(f"{W}fldSimple")] == [" PAGE ", " NUMPAGES "]
    assert [text_of(field) for field in foot.iter(f"{W}fldSimple")] == ["1", "1"]
    assert text_of(foot) == "".join(REPORT.furniture.record) + "Sida 1 av 1"
    assert not list(tree_of().iter(f"{W}fldSimple", f"{W}instrText"))


def test_core_properties_are_the_reports_and_nothing_else() -> None:
    stamp = datetime(2026, 11, 17, 23, 30, 15, tzinfo=timezone(timedelta(hours=-5)))
    metadata = REPORT.metadata._replace(author="Dr. C. Example", keywords=("draft", "S26-01234"), stamp=stamp)
    core = etree.fromstring(parts_of(REPORT._replace(metadata=metadata))["docProps/core.xml"])
    assert {etree.QName(item).localname: item.text or "" for item in core} == {
        "title": "Dermatopathology report S26-01234 (draft)",
        "subject": "Surgical pathology report",
        "creator": "Dr. C. Example",
        "keywords": "draft, S26-01234",
        "language": "en-US",
        "contentStatus": "draft",
        "created": "2026-11-18T04:30:15Z",
        "modified": "2026-11-18T04:30:15Z",
        "lastModifiedBy": "",
        "description": "",
        "revision": "1",
    }
    empty = docx.Document(BytesIO(render(final(), load_layout()))).core_properties
    assert (empty.content_status, empty.created) == ("finalized", REPORT.metadata.stamp)
    assert docx.Document(BytesIO(render(REPORT, load_layout()))).core_properties.author == ""
    assert len(REPORT.metadata) == 7  # a new one wants a place here


def test_long_properties_are_cut_and_the_body_is_not() -> None:
    report = with_text(LONG_WORD)._replace()
    core = docx.Document(BytesIO(render(report, load_layout()))).core_properties
    assert (len(core.title), len(core.subject), len(core.author), len(core.keywords)) == (255,) * 4
    assert text_of(tree_of(report)).count(LONG_WORD) >= 15


@every_report
@both_papers
def test_word_would_open_it_without_repair(report: Report, paper: str, tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(render(report, load_layout(paper=paper)))
    result = OpenXmlValidator(security_validation=True).validate(file)
    assert [str(error) for error in result.errors] == []


def test_the_validator_can_refuse(tmp_path: Path) -> None:
    file = tmp_path / "broken.docx"
    with ZipFile(file, "w") as package:
        for name, data in parts_of().items():
            package.writestr(name, data.replace(b"<w:cantSplit/>", b"<w:cannotSplit/>"))
    assert OpenXmlValidator().validate(file).errors


def test_specimen_uses_signs_that_normalisation_would_change() -> None:
    assert unicodedata.normalize("NFKC", CHARACTERS) != CHARACTERS
    assert CHARACTERS in text_of(tree_of())


@pytest.mark.parametrize("name", ["محمد العلي", "כהן, דוד", "علی\u200cرضا 2"], ids=["Arabic", "Hebrew", "Persian"])
def test_a_name_from_right_to_left_is_said_to_run_so_and_is_as_bold_as_any(name: str) -> None:
    report = with_text(name)._replace(furniture=REPORT.furniture._replace(patient=(name, "000123", "26-01234")))
    for part in ("document", "header1"):
        runs = [run for run in tree_of(report, part=part).iter(f"{W}r") if f"{name}" in "".join(run.itertext())]
        assert runs
        assert all("".join(run.itertext()).startswith(name) and run.find(f"{W}rPr/{W}rtl") is not None for run in runs)
    header = list(tree_of(report, part="header1").iter(f"{W}r"))
    numbers = [run for run in header if "".join(run.itertext()) in ("000123", "26-01234")]
    assert len(numbers) == 2
    assert all(run.find(f"{W}rPr/{W}rtl") is None for run in numbers)
    for part in ("document", "header1", "styles"):
        for bold in tree_of(report, part=part).iter(f"{W}b"):
            complex_bold = bold.getnext()
            assert complex_bold is not None
            assert (complex_bold.tag, dict(complex_bold.attrib)) == (f"{W}bCs", dict(bold.attrib))


def test_only_the_words_that_run_so_are_said_to_run_from_right_to_left() -> None:
    report = with_text("Nevus (שומה 3 mm) of the arm")
    pieces = [
        ("".join(run.itertext()), run.find(f"{W}rPr/{W}rtl") is not None)
        for run in next(tree_of(report).iter(f"{W}p")).iter(f"{W}r")
    ]
    assert pieces == [("Nevus (", False), ("שומה", True), (" 3 mm) of the arm", False)]
