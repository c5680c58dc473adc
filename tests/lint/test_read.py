"""Reports in each file type: their rows with places, and files that are broken, locked, huge or no reports at all."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from PIL import Image

from reportgen.findings import FindingsError
from reportgen.lint import read
from reportgen.lint.read import read_rows
from tests.lint.reports import COLONS, pdf_file, word_file


def written(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def refusal(folder: Path, name: str, data: bytes) -> tuple[str, str]:
    """The code and the message with which a file is refused."""
    with pytest.raises(FindingsError) as refused:
        read_rows(written(folder, name, data))
    (finding,) = refused.value.findings
    assert finding.place.file == str(folder / name)
    return finding.code, finding.message


def test_a_text_is_read_by_lines_whatever_its_encoding_and_its_line_ends(tmp_path: Path) -> None:
    text = "SYNOPTIC REPORT\n\nSize ...... 3 µm\n"
    for data in (text.encode(), text.encode("utf-16"), text.encode("cp1252"), text.replace("\n", "\r\n").encode()):
        rows = read_rows(written(tmp_path, "r.txt", data))
        assert [(row.place.line, row.cells, row.heading) for row in rows] == [
            (1, ("SYNOPTIC REPORT",), True), (3, ("Size", "3 µm"), False),
        ]  # fmt: skip


def test_a_word_file_is_read_by_paragraphs_and_rows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Synopsis", 1)
    document.add_paragraph().add_run("Margins").bold = True
    document.add_paragraph("Deep:\tinvolved\nPeripheral:\tclear")
    outer = document.add_table(1, 1).cell(0, 0)
    inner = outer.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Site", "cheek"
    document.add_paragraph().add_run("not seen").font.hidden = True
    data = BytesIO()
    document.save(data)
    rows = [(row.place.cell, row.cells, row.heading) for row in read_rows(written(tmp_path, "r.docx", data.getvalue()))]
    assert rows == [
        ("paragraph 1", ("Synopsis",), True),
        ("paragraph 2", ("Margins",), True),
        ("paragraph 3", ("Deep:", "involved"), False),
        ("paragraph 3", ("Peripheral:", "clear"), False),
        ("table 2, row 1", ("Site", "cheek"), False),
    ]


def test_a_pdf_is_read_by_lines_and_columns_without_what_each_page_repeats(tmp_path: Path) -> None:
    path = written(tmp_path, "r.pdf", pdf_file([COLONS, "Size: 3 mm\nDepth: 1 mm"], columns=2))
    rows = [(row.place.cell, row.cells) for row in read_rows(path)]
    assert rows[:2] == [("page 1, line 1", ("Invented, Ivo X26-1",)), ("page 1, line 2", ("SYNOPTIC REPORT",))]
    assert rows[2] == ("page 1, line 3", ("Procedure", "Shave biopsy"))
    assert [cells for place, cells in rows if place.startswith("page 2")] == [("Size", "3 mm"), ("Depth", "1 mm")]
    assert not any("Page" in cell for _, cells in rows for cell in cells)


def test_files_that_are_no_reports_are_refused(tmp_path: Path) -> None:
    picture = BytesIO()
    Image.new("RGB", (60, 60)).save(picture, "PDF")
    whole = word_file(COLONS)
    assert refusal(tmp_path, "r.docx", b"no zip") == ("E025", "is not a Word file that can be read")
    assert refusal(tmp_path, "r.docx", whole[: len(whole) // 2]) == ("E025", "is not a Word file that can be read")
    assert refusal(tmp_path, "r.docx", packed({"a.txt": b""})) == ("E025", "is not a Word document")
    assert refusal(tmp_path, "r.pdf", b"%PDF-1.7 broken") == ("E025", "is not a PDF that can be read")
    assert refusal(tmp_path, "r.pdf", whole) == ("E025", "is not a PDF that can be read")
    assert refusal(tmp_path, "r.pdf", pdf_file([COLONS], password="x")) == ("E025", "is locked by a password")
    assert refusal(tmp_path, "r.pdf", picture.getvalue()) == ("E026", "holds no text")
    assert refusal(tmp_path, "r.txt", b" \n") == ("E026", "holds no text")
    assert refusal(tmp_path, "r.docx", word_file("")) == ("E026", "holds no text")
    assert refusal(tmp_path, "r.odt", b"")[0] == "E010"


def test_bombs_and_documents_with_a_type_are_refused(tmp_path: Path) -> None:
    needed = {"[Content_Types].xml": b"", "_rels/.rels": b""}
    bomb = packed({**needed, "word/document.xml": b" " * 60_000_000})
    assert refusal(tmp_path, "r.docx", bomb) == ("E025", "is far larger inside than a Word file needs")
    dense = packed({**needed, "word/document.xml": b" " * 6_000_000})
    assert refusal(tmp_path, "r.docx", dense) == ("E025", "holds a part that is packed beyond all reason")
    typed = packed({**needed, "word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})
    assert refusal(tmp_path, "r.docx", typed) == ("E025", "declares a document type, which no Word file has")


def test_files_beyond_the_limits_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(tmp_path, "r.txt", b"a\n" * 21_000) == ("E025", "has more than 20,000 lines")
    assert refusal(tmp_path, "r.pdf", pdf_file(["a"] * 201)) == ("E025", "has more than 200 pages")
    monkeypatch.setattr(read, "LARGEST", 100)
    assert refusal(tmp_path, "r.txt", b"a" * 101) == ("E008", "is larger than 0 MB")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("pipe.txt", "missing.txt"):
        with pytest.raises(FindingsError) as refused:
            read_rows(tmp_path / name)
        assert refused.value.codes == {"E009"}


def packed(parts: dict[str, bytes]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return data.getvalue()
