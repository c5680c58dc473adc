"""Invented cases as files: both forms give the same reports, and nothing is overwritten."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reportgen.findings import FindingsError
from reportgen.invented.cases import cases
from reportgen.protocols.load import load_protocol
from reportgen.synth.write import write_csv, write_yaml
from tests.cli.program import run


def test_files_and_table_give_the_same_reports(tmp_path: Path) -> None:
    made = list(cases("aismn", 25, 3, parts=3))
    write_yaml(made, tmp_path / "cases")
    write_csv(made, tmp_path / "table.csv", load_protocol("aismn"))
    files = sorted((tmp_path / "cases").iterdir())
    assert len(files) == 25
    assert run("render", *files, "-f", "txt", "-o", tmp_path / "one").code == 0
    assert run("batch", tmp_path / "table.csv", "-f", "txt", "-o", tmp_path / "two").code == 0
    for path in files:
        name = f"{path.stem}.txt"
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_table_has_a_row_for_each_part(tmp_path: Path) -> None:
    made = list(cases("general", 450, 3, parts=4))
    write_csv(made, tmp_path / "table.csv", load_protocol("general"))
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["accession"], row["label"]) for row in rows] == [
        (case["accession"], part["label"]) for case in made for part in case["parts"]
    ]
    assert {row["purpose"] for row in rows} == {"test data"}


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    made = list(cases("general", 2, 3))
    write_yaml(made, tmp_path)
    write_csv(made, tmp_path / "table.csv", load_protocol("general"))
    with pytest.raises(FindingsError, match="E501"):
        write_yaml(made, tmp_path)
    with pytest.raises(FindingsError, match="E501"):
        write_csv(made, tmp_path / "table.csv", load_protocol("general"))
    (tmp_path / "T26-00001.yaml").unlink()
    with pytest.raises(FindingsError, match="E501"):
        write_yaml(made, tmp_path, accessions=[case["accession"] for case in made])
    assert not (tmp_path / "T26-00001.yaml").exists()
    write_yaml(made, tmp_path, overwrite=True, accessions=["T26-00002"])
    assert sorted(path.stem for path in tmp_path.glob("*.yaml")) == ["T26-00001", "T26-00002"]
    write_csv(made[:1], tmp_path / "table.csv", load_protocol("general"), overwrite=True)
    assert len((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()) == 2
    with pytest.raises(FindingsError) as caught:
        write_csv(made, tmp_path / "table.csv" / "below.csv", load_protocol("general"))
    assert caught.value.findings[0].code == "E502"
