"""One PDF of all reports: in the order of the table, a bookmark for each, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pypdf

from tests.batch.tables import rows, write
from tests.batch.test_run import batch


def test_all_reports_in_the_order_of_the_table(tmp_path: Path) -> None:
    table = rows(5)
    table[2]["necrosis"] = "presnt"
    path, folder = write(tmp_path / "table.csv", table[::-1]), tmp_path / "out"
    assert batch(path, folder, "--combine", folder / "all.pdf", formats="pdf").code == 1
    whole = pypdf.PdfReader(folder / "all.pdf")
    accessions = [row["accession"] for row in table[::-1] if row["necrosis"] != "presnt"]
    found = (mark for mark in whole.outline if not isinstance(mark, list))
    marks = {str(mark.title): whole.get_destination_page_number(mark) for mark in found}
    assert list(marks) == accessions
    expected: list[str] = []
    for accession in accessions:
        assert marks[accession] == len(expected)
        expected += [page.extract_text() for page in pypdf.PdfReader(folder / f"{accession}.pdf").pages]
    assert [page.extract_text() for page in whole.pages] == expected
    assert all("DRAFT" in text for text in expected)
    assert whole.metadata
    assert "draft" in str(whole.metadata.title).lower()


def test_it_never_takes_the_place_of_a_report(tmp_path: Path) -> None:
    table = write(tmp_path / "table.csv", rows(2))
    outcome = batch(table, tmp_path / "out", "--combine", tmp_path / "out" / "B26-00001.pdf", formats="pdf")
    assert outcome.code == 1
    assert "E505 would take the place of the report of row 2" in outcome.err
    (tmp_path / "mine.pdf").write_bytes(b"mine")
    outcome = batch(table, tmp_path / "out", "--combine", tmp_path / "mine.pdf", formats="pdf")
    assert (outcome.code, "E508" in outcome.err) == (1, True)
    assert (tmp_path / "mine.pdf").read_bytes() == b"mine"
