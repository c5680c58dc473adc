"""What a spreadsheet or its user does to a workbook: each is refused by sheet and cell, and nothing is written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from reportgen.findings import Finding, FindingsError
from reportgen.reading.source import plain
from reportgen.sheets.lines import Files
from reportgen.sheets.read import read_workbook
from reportgen.sheets.write import workbook
from tests.cli.program import invoke
from tests.sheets.books import Book
from tests.support.labs import write_lab

DAY = datetime(8890, 1, 1)  # noqa: DTZ001 - what a spreadsheet makes of 8890/1
Edit = Callable[[Book], object]


SMALL: Files = {
    "protocol": {
        "id": "mole", "title": "Mole", "version": "0.1", "use": ["gross"],
        "answer_keys": {"present": "p", "not identified": "n"},
        "sections": [{"id": "findings", "title": "Findings", "elements": [
            {"id": "size", "kind": "quantity", "title": "Size", "unit": "mm", "maximum": "40"},
        ]}],
        "sources": {"own": {"title": "Conventions"}},
        "advisories": [{"id": "large", "title": "Large", "source": {"own": "size"}, "levels": [
            {"level": "note", "when": "size > 20", "say": "Look again."},
        ]}],
    },
    "wording": {"comment": [{"id": "size", "title": "Size", "clauses": [
        {"id": "shown", "when": "size is answered", "say": "{{ size }}", "source": {"own": "size"}},
    ]}]},
    "scenarios": {"about": "One."},
}  # fmt: skip
"""Form: 3 protocol, 4 version, 5 use, 6 and 7 answer keys, 8 section, 9 question. Sentences: 3 advisory, 4 remark,
5 comment, 6 clause."""


@pytest.fixture(scope="module")
def example() -> bytes:
    return workbook(SMALL)


@pytest.fixture
def path(example: bytes, tmp_path: Path) -> Path:
    (tmp_path / "book.xlsx").write_bytes(example)
    return tmp_path / "book.xlsx"


def found(path: Path, edit: Edit) -> tuple[Finding, ...]:
    """What is found in the example after an edit."""
    with Book(path) as book:
        edit(book)
    try:
        return tuple(read_workbook(path)[1])
    except FindingsError as error:
        return error.findings


def put(sheet: str, number: int, column: str, value: object, form: str = "General") -> Edit:
    """Put a value into a cell, as a spreadsheet would without the format of text."""

    def edit(book: Book) -> None:
        row = book.row(sheet, at=number)
        row[column] = value
        row.sheet.cell(number, row.columns[column]).number_format = form

    return edit


@pytest.mark.parametrize(
    ("edit", "code", "cell", "words"),
    [
        (put("Form", 4, "value", 1.1), "E018", "Form!R4", "is a number of the spreadsheet"),
        (put("Form", 7, "id", DAY, "yyyy-mm-dd"), "E018", "Form!C7", "is a day of the spreadsheet"),
        (put("Form", 7, "id", True), "E018", "Form!C7", "is a logical value"),
        (put("Form", 7, "title", "=A1"), "E016", "Form!E7", "holds a formula"),
        (put("Form", 7, "title", "#REF!"), "E016", "Form!E7", "error"),
        (put("Form", 7, "maximum", 0.5, "0%"), "E018", "Form!Q7", "per cent"),
        (put("Form", 7, "title", "a\u202eb"), "E005", "Form!E7", "is not allowed"),
        (put("Form", 7, "depth", "one"), "T401", "Form!A7", "is not a depth"),
        (put("Form", 7, "depth", None), "T401", "Form!A7", "is not a depth"),
        (put("Form", 7, "depth", "9" * 5000), "E007", "Form!A7", "is deeper than 29"),
        (put("Form", 7, "depth", "30"), "E007", "Form!A7", "is deeper than 29"),
        (put("Form", 7, "depth", "9"), "T401", "Form!A7", "is more than one deeper than the row above it"),
        (put("Form", 7, "what", "question"), "T401", "Form!B7", "is not a row that can be below a protocol"),
        (put("Form", 7, "what", "sections"), "T401", "Form!B7", "is not a row that can be below a protocol"),
        (put("Form", 7, "unit", "mm"), "T401", "Form!O7", "means nothing in a row that is an answer key"),
        (put("Form", 7, "id", None), "T401", "Form!C7", "is empty, and an answer key has a name"),
        (put("Form", 7, "id", "present"), "E002", "Form!C7", "says present a second time; first in Form!C6"),
        (put("Form", 7, "key", None), "T401", "Form!S7", "is empty"),
        (put("Form", 3, "more", "a: [b"), "T401", "Form!W3", "YAML"),
        (put("Form", 3, "more", "title: Another"), "E002", "Form!W3", "says title a second time; first in Form!E3"),
        (put("Form", 3, "more", "use: [gross]"), "E002", "Form!C5", "says use a second time; first in Form!W3"),
        (put("Sentences", 4, "is", "is about"), "T401", "Sentences!G4", "is not a comparison"),
        (put("Sentences", 4, "is", None), "T401", "Sentences!G4", "needs question and is"),
        (put("Sentences", 4, "answer", None), "T401", "Sentences!G4", "needs an answer"),
        (put("Sentences", 4, "when", "size > 3"), "T401", "Sentences!I4", "says a second condition"),
        (put("Sentences", 6, "source", "own"), "T401", "Sentences!N6", "has a line without a name, a colon and words"),
        (put("Sentences", 6, "gap", "maybe"), "T401", "Sentences!K6", "is yes or no, or empty"),
        (lambda book: book.book["Form"].merge_cells("C7:D7"), "E019", "Form!C7:D7", "is merged"),
        (lambda book: book.book["Form"].insert_cols(4), "E013", "Form!D1", "has no heading"),
        (put("Form", 1, "title", "name"), "E013", "Form!E1", "is not a heading of this sheet"),
        (lambda book: book.book["Form"].delete_cols(5), "E013", "Form!1", "has no column title"),
        (lambda book: book.book["Form"].delete_rows(3, 500), "T401", "Form!A3", "has no row that is a protocol"),
        (lambda book: setattr(book.book["Form"], "title", "Forms"), "E012", "Form", "is missing from the workbook"),
        (lambda book: book.book.remove(book.book["Cases"]), "E012", "Cases", "is missing from the workbook"),
        (lambda book: setattr(book.book["Cases"], "sheet_state", "hidden"), "E019", "Cases", "is hidden"),
        (lambda book: setattr(book.book["Form"].row_dimensions[7], "hidden", True), "E019", "Form!7", "is hidden"),
        (lambda book: setattr(book.book["Form"].column_dimensions["C"], "hidden", True), "E019", "Form!C1", "hidden"),
        (lambda book: setattr(book.book["Form"]["C7"], "font", Font(strike=True)), "E021", "Form!C7", "struck"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_in_its_cell(path: Path, edit: Edit, code: str, cell: str, words: str) -> None:
    findings = found(path, edit)
    hits = [each for each in findings if (each.code, each.place.cell) == (code, cell)]
    assert hits, [each.as_line() for each in findings]
    assert words in hits[0].message
    assert hits[0].step


@pytest.mark.parametrize(
    "edit",
    [
        put("Form", 7, "depth", 1),  # a number where a number is meant
        put("Form", 7, "id", "  not identified "),
        lambda book: book.book["Form"].insert_rows(6, 3),
        lambda book: book.book["Form"].delete_rows(2),  # the help
        put("Form", 12, "id", "   "),  # a row of spaces
        put("Cases", 2, "value", "=1"),  # in the row of help, which is not read
    ],
)
def test_what_changes_nothing_changes_nothing(path: Path, edit: Edit) -> None:
    assert found(path, edit) == ()
    assert {name: plain(node) for name, node in read_workbook(path)[0].items()} == SMALL


def test_what_is_not_read_is_told(path: Path) -> None:
    def edit(book: Book) -> None:
        book.book.create_sheet("Notes")["A1"] = "ask the surgeon"
        book.book.create_sheet("Old").sheet_state = "hidden"
        book.book["Form"]["C7"].comment = Comment("really?", "me")

    where = "Form, Sentences, Sources or Cases"
    not_read = f"W355 is a sheet that is not read (move what it says to {where}, or keep it elsewhere)"
    findings = found(path, edit)
    assert [each.code for each in findings] == ["W355", "W355", "W312"]
    lines = [each.as_line() for each in findings]
    assert [line.split(": ", 1)[1] for line in lines] == [
        not_read,
        not_read,
        'W312 column "id": has a note or comment in the workbook, which is not read (enter what it says in a cell, or '
        "delete the note)",
    ]


def test_one_refused_row_hides_no_other_and_takes_those_below_along(path: Path) -> None:
    def edit(book: Book) -> None:
        book.row("Form", id="size")["what"] = "questoin"
        book.row("Sources", id="own")["more"] = "- a"
        book.row("Form", at=10)["depth"] = "3"
        book.row("Form", at=10)["what"] = "answer"

    hints = {each.place.cell: each.hint for each in found(path, edit)}
    assert hints == {"Form!B9": 'did you mean "question"?', "Sources!F3": ""}


def test_a_file_that_is_no_workbook_is_refused(path: Path, tmp_path: Path) -> None:
    lab = write_lab(tmp_path / "lab")
    (tmp_path / "text.xlsx").write_text("no workbook", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * 3_000_000)
    path.rename(tmp_path / "book.xls")
    for name, code in (("text.xlsx", "E017"), ("bomb.xlsx", "E017"), ("none.xlsx", "E009"), ("book.xls", "E010")):
        done = invoke("protocols", "sheet", "--back", tmp_path / name, "--lab", lab)
        assert (done.code, code in done.err) == (1, True), done.err
        assert ("write the workbook anew" in done.err, "CSV" in done.err) == (name == "bomb.xlsx", False)
    assert not (lab / "protocols").exists()


def test_a_sheet_without_end_is_not_read_to_its_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.sheets.read._MOST", 8)
    (finding,) = found(path, lambda book: None)
    assert (finding.code, finding.place.cell) == ("E008", "Form!9")
