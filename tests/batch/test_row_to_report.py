"""Row n's report holds row n's data: every text of many rows is a mark of its own, read back from DOCX and PDF."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from tests.batch.tables import rows, write
from tests.batch.test_run import batch

ROWS = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 64  # several groups for each worker
WORDS = re.compile(
    r"(patient\.name|patient\.mrn|submitted_by|clinical_history|laboratory\.\w+|received_as|site|prior\.diagnosis"
    r"|prior\.accession|gross\.description|gross\.ink|.*\.(location|reason|text|block|contents|name))"
)
MARK = re.compile(r"Q(\d{4})K(\d{2,3})Z")
TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def marked(number: int, row: dict[str, str]) -> dict[str, str]:
    """The row with a mark in place of every text of its own."""
    names = [name for name in row if WORDS.fullmatch(name)]
    return {**row, **{name: f"Q{number:04d}K{place:02d}Z" for place, name in enumerate(names)}}


def docx_texts(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
                yield "\n".join(each.text or "" for each in etree.fromstring(file.read(name)).iter(TEXT))


def pdf_texts(path: Path) -> Iterator[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            yield page.get_textpage().get_text_range().replace("\r", "").replace("\n", "").replace("\ufffe", "")
    finally:
        document.close()


@pytest.mark.slow
def test_row_n_gives_report_n(tmp_path: Path) -> None:
    table = [marked(number, row) for number, row in enumerate(rows(ROWS), start=1)]
    outcome = batch(write(tmp_path / "table.csv", table), tmp_path / "out", formats="docx,pdf")
    assert outcome.code == 0, outcome.err
    seen = 0
    for number, row in enumerate(table, start=1):
        expected = {match.group() for value in row.values() if (match := MARK.fullmatch(value))}
        assert len(expected) >= 8
        stem = tmp_path / "out" / row["accession"]
        for texts in (list(docx_texts(stem.with_suffix(".docx"))), list(pdf_texts(stem.with_suffix(".pdf")))):
            found = {match.group() for text in texts for match in MARK.finditer(text)}
            assert {int(match.group(1)) for text in texts for match in MARK.finditer(text)} == {number}
            assert found == expected
            assert any(row["accession"] in text for text in texts)
            seen += len(found)
    assert seen > 2 * 8 * ROWS
