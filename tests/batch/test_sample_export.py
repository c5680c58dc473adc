"""The sample export in a laboratory's own words: what its mapping makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.batch.test_run import batch, results
from tests.cli.program import SAMPLES

EXPORT = SAMPLES / "laboratory-export" / "export.csv"
COLUMNS = SAMPLES / "laboratory-export" / "columns.yaml"


def test_all_but_the_two_wrong_cases_are_rendered(tmp_path: Path) -> None:
    outcome = batch(EXPORT, tmp_path / "out", "--columns", COLUMNS, formats="txt,docx")
    assert outcome.code == 1
    lines = results(tmp_path / "out")
    assert len(lines) >= 60
    refused = {line["row"]: line["findings"][:9] for line in lines if line["status"] == "refused"}
    assert refused == {"12": "AE12 E103", "25": "E25 E107 "}
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.txt")]
    assert len(texts) == len({line["accession"] for line in lines}) - 2
    assert all("TEST DATA" in text and "Example Dermatopathology Laboratory" in text for text in texts)
    assert any("\nB. " in text for text in texts), "a case of two parts"


def test_a_column_that_the_mapping_forgets_refuses_the_table(tmp_path: Path) -> None:
    shutil.copy(EXPORT, tmp_path / "export.csv")
    text = COLUMNS.read_text(encoding="utf-8").replace("ignore: [Bill code, Status]", "ignore: [Status]")
    (tmp_path / "columns.yaml").write_text(text, encoding="utf-8")
    outcome = batch(tmp_path / "export.csv", tmp_path / "out", "--columns", tmp_path / "columns.yaml")
    assert outcome.code == 4
    assert " E113 " in outcome.err
    assert not (tmp_path / "out").exists()
