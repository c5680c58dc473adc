"""CSV: every encoding, separator and line end gives the same rows; what could be read in two ways is refused."""

from __future__ import annotations

import csv
import gc
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import FindingsError
from reportgen.reading.characters import refused
from reportgen.tables.registry import open_table
from reportgen.tables.table import Row, Table

HEADINGS = ("accession", "site", "µm²")
ROWS = [
    ("S26-1", "Hüfte, links; \"oben\"\tvorn", "5 µm²"),
    ("0012", "two\nlines", "é"),
    ("S26-3", "", "½"),
]  # fmt: skip


def known(heading: str) -> bool:
    return heading in HEADINGS


def text_of(rows: list[tuple[str, ...]], separator: str, end: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def opened(path: Path, content: str | bytes, **more: str) -> Table:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path, known, name="t.csv", **more)


def rows_of(path: Path, content: str | bytes, **more: str) -> list[Row]:
    table = opened(path, content, **more)
    rows = list(table.rows())
    assert table.findings == []
    return rows


def found(path: Path, content: str | bytes, **more: str) -> list[tuple[str, str]]:
    """Code and place of what is refused, on opening or while rows are read."""
    try:
        table = opened(path, content, **more)
    except FindingsError as error:
        return [(finding.code, str(finding.place)) for finding in error.findings]
    kept = [finding for row in table.rows() for finding in row.findings]
    return [(finding.code, str(finding.place)) for finding in (*table.findings, *kept)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_separators_and_line_ends(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = text_of([HEADINGS, *ROWS], separator, end)
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    content = marks.get(encoding, b"") + text.encode(encoding)
    asked = {"encoding": "cp1252"} if encoding == "cp1252" else {}
    rows = rows_of(tmp_path / "t.csv", content, **asked)
    assert [row.cells for row in rows] == [("S26-1", ROWS[0][1].replace("\t", " "), "5 µm²"), *ROWS[1:]]
    assert [row.number for row in rows] == [2, 3, 4]


@pytest.mark.parametrize(
    ("content", "more", "expected"),
    [
        ("accession\nM\xfcller\n".encode("cp1252"), {}, ("E011", "t.csv:2:2")),
        ("accession\nMüller\n".encode(), {"encoding": "cp1252"}, ("E011", "t.csv")),
        ("accession\nZo\ufffd\n".encode(), {}, ("E004", "t.csv:A2")),
        ("accession\nx\n".encode("utf-32"), {}, ("E011", "t.csv")),
        (b"\xff\xfe" + "accession\nx".encode("utf-16-le"), {"encoding": "cp1252"}, ("E011", "t.csv")),
        ("accession\nx".encode("utf-16-le"), {"encoding": "utf-16"}, ("E011", "t.csv")),
        (b"accession\nx\n", {"encoding": "rot13"}, ("E011", "")),
        (b"accession\nx\n", {"encoding": "klingon"}, ("E011", "")),
        (b"accession\n\x81\n", {"encoding": "cp1252"}, ("E011", "t.csv:2:1")),
        (b'accession,"site\nx,y\n', {}, ("E015", "t.csv:1")),
        (b"akzession,ort\nx,y\n", {}, ("E012", "t.csv:1")),
        (b"sep=x\naccession;site\nx;y\n", {}, ("E012", "t.csv")),
        (b"sep=,\naccession;site\nx;y\n", {}, ("E012", "t.csv:1")),
        (b"sep=;\naccession;;site\nx;y\n", {}, ("E013", "t.csv:B1")),
        (b"", {}, ("E012", "t.csv:1")),
        (b"accession,,site\n", {}, ("E013", "t.csv:B1")),
        (b"accession,site,Accession\n", {}, ("E013", "t.csv:C1")),
        (b"accession,site\nx\n", {}, ("E014", "t.csv:2")),
        (b"accession,site\nx,y,z\n", {}, ("E014", "t.csv:2")),
        (b"accession,site,,\nx,y,,z\n", {}, ("E014", "t.csv:C2")),
        (b'accession,site\nx,"y\nz,a\n', {}, ("E015", "t.csv:2")),
        (b'accession,site\na,b\nx,"y"z\n', {}, ("E015", "t.csv:3")),
        (b"accession,site\nx," + b"y" * 1_000_001, {}, ("E015", "t.csv:2")),
        (b"accession,site\nx,a\0b\n", {}, ("E004", "t.csv:B2")),
        ("accession,site\nx,\u202eEVITAGEN\n".encode(), {}, ("E005", "t.csv:B2")),
        (b"accession,site\nx,#N/A\n", {}, ("E016", "t.csv:B2")),
        (b'accession,site\n"=""T26-1""",y\n', {}, ("E016", "t.csv:A2")),
        (b'accession,site\nx,"=HYPERLINK(""http://x"")"\n', {}, ("E016", "t.csv:B2")),
        (b"accession,site\nx,=A2+B2\n", {}, ("E016", "t.csv:B2")),
        (b"accession,site\nx,#div/0!\n", {}, ("E016", "t.csv:B2")),
    ],
)
def test_what_is_refused_and_where(
    tmp_path: Path, content: bytes, more: dict[str, str], expected: tuple[str, str]
) -> None:
    assert found(tmp_path / "t.csv", content, **more) == [expected]


@pytest.mark.parametrize(
    ("content", "encoding", "byte", "place"),
    [
        (b"accession\ra\rb\r\xff\r", "", 14, "4:1"),
        (b"accession\r\n\xc3\xa9\xff", "", 13, "2:2"),
        (b"\xef\xbb\xbfaccession\n\xff", "", 13, "2:1"),
        (b"\xff\xfe" + "accession\n\u0a0ax\n".encode("utf-16-le") + b"\x00\xd8x\x00", "", 28, "3:1"),
        (b"\xfe\xff" + "accession\n\u0a0ax\n".encode("utf-16-be") + b"\xd8\x00\x00x", "", 28, "3:1"),
        (b"accession\n" + b"a" * (65_536 - 11) + b"\xc3x\n", "", 65_535, "2:65526"),  # where one reading ends
        ("accession\nx\u00e9".encode()[:-1], "", 11, "2:2"),  # the file ends within a character
        (b"accession\n\x81\n", "cp1252", 10, "2:1"),
    ],
)
def test_the_byte_that_is_not_in_the_encoding_is_named(
    tmp_path: Path, content: bytes, encoding: str, byte: int, place: str
) -> None:
    try:
        table = opened(tmp_path / "t.csv", content, encoding=encoding)
        list(table.rows())
        findings = tuple(table.findings)
    except FindingsError as error:
        findings = error.findings
    (finding,) = findings
    assert (finding.code, str(finding.place)) == ("E011", f"t.csv:{place}")
    assert f"byte {byte} " in finding.message


def test_an_encoding_may_be_named_as_other_programs_call_it(tmp_path: Path) -> None:
    assert rows_of(tmp_path / "t.csv", b"\xef\xbb\xbfaccession\nx\n", encoding="utf-8-sig")[0].cells == ("x",)
    assert rows_of(tmp_path / "t.csv", b"\xef\xbb\xbfaccession\nx\n", encoding="utf-8")[0].cells == ("x",)
    assert rows_of(tmp_path / "t.csv", b"accession\n\xfc\n", encoding="windows-1252")[0].cells == ("ü",)


def test_headings_are_known_however_they_are_composed(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "gro\u0308ße\nx\n"), lambda heading: heading == "größe")
    assert table.header == ("größe",)


def written(folder: Path, text: str) -> Path:
    (folder / "t.csv").write_text(text, encoding="utf-8", newline="")
    return folder / "t.csv"


def test_of_many_ragged_rows_the_first_are_named_and_what_ended_the_reading(tmp_path: Path) -> None:
    table = opened(tmp_path / "t.csv", "accession,site\n" + "x\n" * 500 + 'a,"b\n')
    assert list(table.rows()) == []
    assert [finding.code for finding in table.findings] == ["E014"] * 201 + ["E015"]
    assert "more may follow" in table.findings[200].message
    assert str(table.findings[201].place) == "t.csv:502"


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = written(tmp_path, "accession,site\n" + "S26-1,somewhere on the back\n" * 100_000)
    with (tmp_path / "endless.csv").open("wb") as file:
        file.write(b"accession,site\n")
        file.truncate(200_000_000)
    tracemalloc.start()
    assert sum(1 for _ in open_table(path, known).rows()) == 100_000
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    endless = open_table(tmp_path / "endless.csv", known)
    assert list(endless.rows()) == []
    assert [finding.code for finding in endless.findings] == ["E015"]
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()


def test_what_was_opened_is_closed_when_the_reading_stops_early(tmp_path: Path) -> None:
    rows = opened(tmp_path / "t.csv", "accession\na\nb\n").rows()
    assert next(rows).cells == ("a",)
    rows.close()  # type: ignore[attr-defined]
    gc.collect()


def test_the_file_itself(tmp_path: Path) -> None:
    assert found(tmp_path / "t.csv", b"accession\n") == []
    for name, code in (("none.csv", "E009"), ("t.xls", "E010"), ("t", "E010")):
        with pytest.raises(FindingsError) as caught:
            open_table(tmp_path / name, known)
        assert caught.value.findings[0].code == code
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(FindingsError) as caught:
        open_table(tmp_path / "folder.csv", known)
    assert caught.value.findings[0].code == "E009"


def test_places_follow_the_spreadsheet_and_the_line(tmp_path: Path) -> None:
    table = opened(tmp_path / "t.csv", 'accession,site\n\nx,"two\nlines"\n,\ny,#N/A\n')
    rows = list(table.rows())
    assert [(row.number, row.line) for row in rows] == [(3, 3), (5, 6)]
    assert [row.cells for row in table.rows()] == [("x", "two\nlines"), ("y", "")], "rows can be read again"
    finding = rows[1].findings[0]
    assert (str(finding.place), finding.place.line, finding.place.column) == ("t.csv:B5", 6, 2)
    assert str(table.place(7, 9, -1)) == "t.csv:7"
    assert str(table.place(7, 9, 27)) == "t.csv:AB7"


def test_headings_that_trail_empty_are_dropped(tmp_path: Path) -> None:
    table = opened(tmp_path / "t.csv", b"accession, site ,,\nx,y,,\n")
    assert table.header == ("accession", "site")
    assert [row.cells for row in table.rows()] == [("x", "y")]


_TEXT = st.text(max_size=20).filter(
    lambda text: not refused(text.replace("\r", "\n")) and not text.strip().startswith("#")
)


@given(cells=st.lists(st.tuples(_TEXT, _TEXT), max_size=6), separator=st.sampled_from([",", ";", "\t"]))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], separator: str
) -> None:
    from reportgen.reading.characters import normal

    marked = [(f"x{one}", two) for one, two in cells]
    content = text_of([("accession", "site"), *marked], separator, "\r\n")
    rows = rows_of(tmp_path_factory.mktemp("csv") / "t.csv", content)
    assert [row.cells for row in rows] == [(normal(one), normal(two)) for one, two in marked]


def test_a_row_of_spaces_is_no_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "t.csv", "accession,site\nx,y\n \n , \nz,w\n")
    assert [(row.number, row.cells) for row in rows] == [(2, ("x", "y")), (5, ("z", "w"))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A report of the week\naccession;site\nx;y\n", "line 2 is the line of headings (delete the 1 line above it)"),
        ("Report\n\naccession|site\nx|y\n", "line 3 is the line of headings (delete the 2 lines above it)"),
        ("Accession;place\nx;y\n", "line 1 has no heading that"),
        ("sep=;\nAccession;place\nx;y\n", "line 2 has no heading that"),
    ],
)
def test_what_was_read_as_headings_is_said(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(FindingsError) as caught:
        opened(tmp_path / "t.csv", text)
    assert words in caught.value.findings[0].as_line()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("note", ["sep={}\r\n", '"sep={}"\n', "SEP={}\n", ""])
def test_the_separator_is_the_one_that_excels_own_line_names_or_the_headings_show(
    tmp_path: Path, separator: str, note: str
) -> None:
    text = note.format(separator) + separator.join(["accession", "site"]) + "\n" + separator.join(["x", '"y, | ;"'])
    table = opened(tmp_path / "t.csv", text)
    (row,) = table.rows()
    assert (row.number, row.line, row.cells) == (2, 3 if note else 2, ("x", "y, | ;"))
    assert (table.head, table.header) == (2 if note else 1, ("accession", "site"))
    assert table.place(row.number, row.line, 1)[1:] == (row.line, 2, "B2", "site")


def test_a_footer_is_told_by_its_row_with_what_to_do(tmp_path: Path) -> None:
    table = opened(tmp_path / "t.csv", "accession,site,label\nx,y,A\nTotal: 1 rows\nx,y,A,z\n")
    assert len(list(table.rows())) == 1
    few, many = (finding.as_line() for finding in table.findings)
    assert "t.csv:3: E014 has 1 cell under 3 headings (delete row 3 if it is a footer" in few
    assert "t.csv:4: E014 has 4 cells under 3 headings (put cells that hold a separator in quotes" in many
