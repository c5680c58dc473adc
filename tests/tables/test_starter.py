"""An empty table: every question has a column, no cell a value, and the dictionary explains each of them."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from reportgen.findings import FindingsError
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.reading.readers import read_file
from reportgen.reading.source import plain
from reportgen.tables.bind_headings import bind, known_heading
from reportgen.tables.case_to_rows import part_rows
from reportgen.tables.headings import headings
from reportgen.tables.mapping import Columns
from reportgen.tables.registry import open_table
from reportgen.tables.starter import DICTIONARY, dictionary, table_files, table_headings
from tests.cli.program import SAMPLES
from tests.support.tables import bound
from tests.support.toy import Templates, valid_case


def forms(protocol: str) -> tuple[CompiledForm, Compiled]:
    return load_header(), load_protocol(protocol)


def files(protocol: str, name: str) -> dict[str, bytes]:
    return {path.name: data for path, data in table_files(*forms(protocol), Path(name)).items()}


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet(data: bytes, name: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))[name]


@pytest.mark.parametrize("protocol", protocol_ids())
def test_every_question_has_a_column_and_the_table_can_be_bound(protocol: str) -> None:
    header, made = forms(protocol)
    listed = table_headings(header, made)
    assert len(set(listed)) == len(listed) >= 20
    bound(listed, protocol=protocol)
    asked = {slot.path for form in (header, made) for slot in form.slots.values() if not slot.is_group}
    assert asked == {".".join(step for step in path.split(".") if not step.isdigit()) for path in listed} & asked
    assert not any(path.endswith((".reason", ".per")) or path.startswith("override") for path in listed)
    assert {"label", "protocol", "received_as"} <= set(listed)


@pytest.mark.parametrize("protocol", protocol_ids())
def test_the_dictionary_names_each_column_once_and_more_that_may_be_added(protocol: str) -> None:
    header, made = forms(protocol)
    rows = list(dictionary(header, made))
    assert {len(row) for row in rows} == {len(DICTIONARY)}
    paths = [row[0] for row in rows]
    assert len(set(paths)) == len(paths)
    assert set(table_headings(header, made)) <= set(paths)
    assert set(paths) == set(headings(protocol).all())
    bound(paths, protocol=protocol)


def test_the_dictionary_says_what_a_column_takes(templates: Templates) -> None:
    templates.write("""\
    - {id: kind, kind: choice, multiple: true, title: Kind, status: core, help: as seen, undetermined: cannot say,
       choices: [{id: a}, {id: b}], source: {book: p}, followups: [{id: of_a, kind: date, title: Of a, under: [a]}]}
    - {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10}, source: {book: p}}
    - {id: number, kind: count, title: Number, status: conditional, required_when: site is answered,
       per: [10 HPF, mm²], source: {book: p}}
    """)
    rows = {row[0]: row[1:] for row in dictionary(*forms("toy"))}
    several = 'several answers with "|" between them'
    answers = "a | b | other (with words in kind.text) | cannot say (why)"
    assert rows["kind"] == ("Kind", "required", "choice", answers, "", f"as seen; {several}")
    assert rows["kind.of_a"] == ("Kind: Of a", "optional", "date", "YYYY-MM-DD", "", "only with a")
    assert rows["kind.text"][:3] == ("Kind: in words", "optional", "text")
    assert rows["size"] == ("Size", "optional", "quantity", "", "mm or cm", "")
    assert rows["number"] == ("Number", "required where it applies", "count", "", "per 10 HPF or per mm²", "")
    assert rows["number.per"][3] == "10 HPF | mm²"
    assert rows["label"][0] == "Part label"


def test_a_csv_has_its_dictionary_beside_it() -> None:
    made = files("aismn", "mine.csv")
    assert list(made) == ["mine.csv", "mine-dictionary.csv"]
    assert lines(made["mine.csv"]) == [table_headings(*forms("aismn"))]
    words = lines(made["mine-dictionary.csv"])
    assert tuple(words[0]) == DICTIONARY
    assert [tuple(line) for line in words[1:]] == list(dictionary(*forms("aismn")))
    assert made["mine.csv"].endswith(b"\r\n")


def test_a_workbook_holds_text_and_nothing_but_headings() -> None:
    made = files("aismn", "mine.xlsx")["mine.xlsx"]
    cases = sheet(made, "cases")
    listed = table_headings(*forms("aismn"))
    assert [[cell.value for cell in row] for row in cases.iter_rows()] == [listed]
    assert {(cell.number_format, cell.data_type, cell.font.bold) for cell in cases[1]} == {("@", "s", True)}
    assert cases.freeze_panes == "A2"
    formats = [cases.column_dimensions[cell.column_letter].number_format for cell in cases[1]]
    assert formats == ["@"] * len(listed)
    words = sheet(made, "dictionary")
    rows = [tuple(cell or "" for cell in row) for row in words.iter_rows(values_only=True)]
    assert rows == [DICTIONARY, *dictionary(*forms("aismn"))]
    assert {cell.number_format for row in words.iter_rows() for cell in row} == {"@"}


def test_no_text_of_a_protocol_becomes_a_formula(templates: Templates) -> None:
    templates.write("- {id: kind, kind: text, title: =1+1, help: =2+2, source: {book: p}}\n")
    words = sheet(files("toy", "t.xlsx")["t.xlsx"], "dictionary")
    found = [cell for row in words.iter_rows() for cell in row if str(cell.value).startswith("=")]
    with zipfile.ZipFile(io.BytesIO(files("toy", "t.xlsx")["t.xlsx"])) as package:
        assert b"<f>" not in b"".join(package.read(name) for name in package.namelist() if "sheet" in name)
    assert [cell.value for cell in found] == ["=1+1", "=2+2"]


def test_the_same_protocol_gives_the_same_bytes() -> None:
    one = files("general", "t.xlsx")["t.xlsx"]
    assert files("general", "t.xlsx")["t.xlsx"] == one
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == 2
    assert "reportgen" in core


@pytest.mark.parametrize("name", ["t.ods", "t", "t.yaml"])
def test_another_ending_is_refused(name: str) -> None:
    with pytest.raises(FindingsError, match=r"E010 has the ending .* \(use .xlsx or .csv\)"):
        files("general", name)


def test_a_filled_workbook_is_the_same_case(tmp_path: Path) -> None:
    sample = read_file(SAMPLES / "re-excision.yaml")
    one = part_rows(cast(dict[str, Any], plain(sample)))[0]
    path = tmp_path / "t.xlsx"
    path.write_bytes(files("aismn", "t.xlsx")["t.xlsx"])
    book = openpyxl.load_workbook(path)
    cases = book["cases"]
    listed = [str(cell.value) for cell in cases[1]]
    more = [path for path in one if path not in listed]
    for column, heading in enumerate([*listed, *more], start=1):
        cases.cell(1, column).value = heading
        cases.cell(2, column).value = one.get(heading)
    book.save(path)
    table = open_table(path, known_heading(Columns(), "aismn"), name="t.xlsx")
    (row,) = table.rows()
    source, findings = bind(table.header, table.place, Columns(), "").case([row])
    assert (findings, table.findings, row.numbers) == ((), [], frozenset())
    there, back = valid_case(sample), valid_case(source)
    assert there is not None
    assert back is not None
    assert there.fingerprint() == back.fingerprint()
    assert (
        str(back.parts[0].answers["size"].place) == "t.xlsx:cases!" + cases.cell(2, listed.index("size") + 1).coordinate
    )
    assert set(more) <= {"mitoses.per", "gross.blocks.3.id", "gross.blocks.3.contents"}


def test_an_empty_csv_opens_and_holds_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(files("aismn", "t.csv")["t.csv"])
    table = open_table(path, known_heading(Columns(), ""), name="t.csv")
    assert list(table.rows()) == []
    assert list(table.header) == table_headings(*forms("aismn"))
