"""`reportgen new table` and `new columns`: files of headings, and a mapping to be looked at."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.cli.program import files_below, invoke

EXPORT = "Accession No.,Patient Name,Laterality,Billing code\nS26-1,Secret,L,77\nS26-2,Other,right,78\n"


@pytest.mark.parametrize(("name", "made"), [("t.xlsx", ["t.xlsx"]), ("t.csv", ["t-dictionary.csv", "t.csv"])])
def test_an_empty_table_is_written(name: str, made: list[str], tmp_path: Path) -> None:
    outcome = invoke("new", "table", "general", "-o", tmp_path / name)
    assert outcome.code == 0, outcome.both
    assert list(files_below(tmp_path)) == made
    assert sorted(outcome.out.splitlines()) == [str(tmp_path / each) for each in made]
    if name == "t.xlsx":
        book = openpyxl.load_workbook(tmp_path / name)
        assert book.sheetnames == ["cases", "dictionary"]


def test_a_table_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert invoke("new", "table", "general", "-o", path).code == 0
    before = path.read_bytes()
    refused = invoke("new", "table", "aismn", "-o", path)
    assert (refused.code, path.read_bytes()) == (1, before)
    assert "E501" in refused.err
    assert invoke("new", "table", "aismn", "-o", path, "--overwrite").code == 0
    assert path.read_bytes() != before


@pytest.mark.parametrize(("arguments", "said"), [(("aism",), "E110"), (("aismn", "-o", "t.ods"), "use .xlsx or .csv")])
def test_what_cannot_be_written_is_refused(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = invoke("new", "table", *arguments)
    assert outcome.code == 1
    assert said in outcome.err
    assert list(files_below(tmp_path)) == []


def test_a_mapping_is_proposed_for_an_export(tmp_path: Path) -> None:
    export, mapping = tmp_path / "export.csv", tmp_path / "columns.yaml"
    export.write_text(EXPORT, encoding="utf-8")
    outcome = invoke("new", "columns", export, "-o", mapping, "--protocol", "aismn")
    assert outcome.code == 0, outcome.both
    assert outcome.out == f"{mapping}\n"
    text = mapping.read_text(encoding="utf-8")
    assert "  Accession No.: accession  # certain" in text
    assert "  #   L: ?" in text
    assert "#   - Billing code" in text
    assert "Secret" not in text
    assert invoke("new", "columns", export, "-o", mapping).code == 1


def test_new_shows_all_that_it_can_write() -> None:
    said = invoke("new", "--help").out
    assert all(f" {name} " in said for name in ("case", "table", "columns"))
