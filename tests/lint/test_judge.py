"""The rules of the synoptic format: reports of other systems that keep them, and for each rule some that break it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import Finding, Place
from reportgen.lint.judge import judged, lint
from reportgen.lint.required import Required, required
from reportgen.lint.rows import Row
from reportgen.lint.text_rows import rows
from reportgen.protocols.load import load_protocol
from tests.lint.reports import CLEAN, COLONS, PROSE, TWO_ROWS, pdf_file, word_file

BASAL = required(load_protocol("bcc"))


def found(text: str, needed: tuple[Required, ...] = ()) -> list[tuple[str, int]]:
    """The findings on a text, each as its code and line."""
    return [(each.code, each.place.line) for each in findings(text, needed)]


def findings(text: str, needed: tuple[Required, ...] = ()) -> list[Finding]:
    return judged(rows(text.encode(), "r.txt"), "r.txt", needed)


@pytest.mark.parametrize("name", CLEAN)
def test_a_report_that_keeps_the_form_has_no_finding(name: str, tmp_path: Path) -> None:
    assert findings(CLEAN[name], BASAL) == []
    for file, data in (("r.docx", word_file(CLEAN[name])), ("r.pdf", pdf_file([CLEAN[name]]))):
        (tmp_path / file).write_bytes(data)
        assert lint(tmp_path / file, BASAL) == [], file


@pytest.mark.parametrize("columns", [2, 4])
def test_pairs_in_a_table_of_two_or_four_columns_keep_the_form(columns: int, tmp_path: Path) -> None:
    for name, data in (("r.docx", word_file(COLONS, columns)), ("r.pdf", pdf_file([COLONS], columns))):
        (tmp_path / name).write_bytes(data)
        assert lint(tmp_path / name, BASAL) == [], name
        lacks = COLONS.replace("Perineural invasion: Not identified\n", "")
        data = word_file(lacks, columns) if name.endswith("docx") else pdf_file([lacks], columns)
        (tmp_path / name).write_bytes(data)
        assert [(each.code, each.path) for each in lint(tmp_path / name, BASAL)] == [("L706", "perineural")], name


def test_a_label_in_columns_may_take_several_lines(tmp_path: Path) -> None:
    text = COLONS.replace("Perineural invasion: Not identified", "Perineural: Not\ninvasion (any): identified")
    (tmp_path / "r.pdf").write_bytes(pdf_file([text], columns=2))
    assert lint(tmp_path / "r.pdf", BASAL) == []


def test_pairs_that_go_on_over_a_page_are_in_one_place(tmp_path: Path) -> None:
    lines = COLONS.splitlines(keepends=True)
    (tmp_path / "r.pdf").write_bytes(pdf_file(["".join(lines[:5]), "".join(lines[5:])]))
    assert lint(tmp_path / "r.pdf", BASAL) == []


# ------------------------------------------------------------------ each rule, broken


def test_a_report_in_prose_has_no_synopsis() -> None:
    assert found(PROSE) == [("L701", 0)]


def test_two_pairs_on_a_line_are_found_in_whatever_way_they_are_parted() -> None:
    for sign in ("; ", ", ", ". ", "    ", "\t"):
        text = COLONS.replace("\nAnatomic site: ", f"{sign}Anatomic site: ")
        assert found(text, BASAL)[:1] == [("L702", 4)], sign


def test_two_pairs_on_a_line_are_found_without_a_protocol() -> None:
    assert found(COLONS.replace("\nAnatomic site: ", "; Anatomic site: ").replace("\nGrowth", "; Growth")) == [
        ("L702", 4)
    ]


def test_a_detail_of_a_response_is_no_pair_of_its_own() -> None:
    assert found(COLONS + "Special stain: negative; Block: A2\nBlock A1: Contents: tips; Ink: blue\n") == []


@pytest.mark.parametrize("nothing", ["", "____", "***", "[ ]", "....", "?"])
def test_a_label_without_a_response_is_found(nothing: str) -> None:
    assert found(COLONS.replace("Not identified", nothing), BASAL) == [("L703", 7)]


@pytest.mark.parametrize("response", ["-", "+", "N/A", "Not applicable", "0", "[NOT ENTERED]", "none"])
def test_a_response_may_be_short_or_say_that_it_is_open(response: str) -> None:
    assert found(COLONS.replace("Not identified", response), BASAL) == []


def test_a_gap_below_its_label_is_a_response() -> None:
    assert found(TWO_ROWS.replace("Not identified", "[NOT ENTERED]"), BASAL) == []


def test_a_label_without_a_response_is_found_in_a_table(tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(word_file(COLONS.replace("Not identified", " "), columns=2))
    assert [(each.code, each.place.cell) for each in lint(tmp_path / "r.docx")] == [("L703", "table 1, row 5")]


def test_pairs_scattered_between_prose_are_found() -> None:
    text = COLONS.replace("Perineural", f"{PROSE}Perineural")
    assert found(text) == found(text, BASAL) == [("L704", 8)]
    assert found(text.replace("SYNOPTIC REPORT", "")) == [("L704", 8)]


def test_a_required_pair_outside_the_synopsis_is_found() -> None:
    text = COLONS.replace("Deep margin: Involved\n", "") + "\nCOMMENT\nDeep margin: Involved\n"
    assert found(text) == []
    assert found(text, BASAL) == [("L704", 11)]


def test_a_required_element_in_a_sentence_alone_is_found() -> None:
    text = f"COMMENT\nNo perineural invasion is seen in the planes examined.\n\n{COLONS}"
    assert found(text.replace("Perineural invasion: Not identified\n", ""), BASAL) == [("L705", 2)]


def test_a_required_element_that_is_nowhere_is_found_with_its_path() -> None:
    (one,) = findings(COLONS.replace("Growth pattern: Nodular\n", ""), BASAL)
    assert (one.code, one.path, one.place.line) == ("L706", "subtype", 3)
    assert findings(COLONS.replace("Growth pattern: Nodular\n", "")) == []


def test_each_part_with_the_elements_of_the_protocol_needs_them_all() -> None:
    second = COLONS.partition("\n\n")[2].replace("Deep margin: Involved\n", "")
    text = COLONS.replace("\n\n", "\nA. Left cheek\n") + f"B. Nose\n{second}C. Chin\nProcedure: Excision\n"
    assert [(each.path, each.place.line) for each in findings(text, BASAL)] == [("margins.deep", 11)]


def test_messages_hold_no_word_of_the_report() -> None:
    for text in (PROSE, COLONS.replace("Cheek", ""), COLONS.replace("\nAnatomic site", "; ZZPHI"), f"ZZPHI {PROSE}"):
        for each in findings(text.replace("Cheek", "ZZPHI")):
            assert "ZZPHI" not in each.as_line()


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_lines_can_be_judged(lines: list[str]) -> None:
    for each in findings("\n".join(lines), BASAL):
        assert each.code.startswith("L7")


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=6), max_size=10), st.booleans())
def test_any_rows_can_be_judged(cells: list[list[str]], table: bool) -> None:
    made = [Row(Place("r.pdf", cell=f"page 1, line {n}"), tuple(row), table=table) for n, row in enumerate(cells)]
    assert {each.place.file for each in judged(made, "r.pdf", BASAL)} <= {"r.pdf"}
