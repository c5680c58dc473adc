"""`reportgen synth`, and the mark that its cases carry into every report."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from reportgen.invented.cases import cases
from reportgen.pipeline import Settings, render
from reportgen.reading.source import source_of
from tests.cli.program import CHECKOUT, invoke
from tests.support.cases import warned


def test_yaml_by_default_and_a_table_where_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("synth", "aismn", "-n", "3").out == "synth\n"
    assert [path.name for path in sorted(Path("synth").iterdir())] == [f"T26-0000{n}.yaml" for n in (1, 2, 3)]
    assert invoke("synth", "aismn", "-n", "3", "--format", "csv").out == "synth.csv\n"
    assert len(Path("synth.csv").read_text(encoding="utf-8").splitlines()) >= 4
    assert "test data" in Path("synth/T26-00001.yaml").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from reportgen.cli.app import main; main()", "synth", "aismn", "-n", "12"]
    words = ["--seed", "9", "--parts", "3", "--prefix", "X-", "--first-date", "2031-05-06", "--format"]
    for hash_seed in ("1", "2"):
        for form, name in (("csv", "table.csv"), ("yaml", "cases")):
            subprocess.run(
                [*program, *words, form, "-o", str(tmp_path / hash_seed / name)],
                check=True, capture_output=True, cwd=CHECKOUT, env={**os.environ, "PYTHONHASHSEED": hash_seed},
            )  # fmt: skip
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / seed).rglob("*.*")} for seed in ("1", "2"))
    assert one == two
    assert len(one) == 13
    assert b"2031-05-07" in one["X-00001.yaml"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("aismnn",), 1),
        (("aismn", "-n", "0"), 2),
        (("aismn", "--parts", "9"), 2),
        (("aismn", "--format", "xml"), 2),
        (("aismn", "--prefix", "../T"), 2),
        (("aismn", "--first-date", "January"), 2),
        (("aismn", "--first-date", "0001-01-01"), 2),
        (("aismn", "-n", "1", "-o", "there"), 1),
    ],
)
def test_what_it_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("synth", "aismn", "-n", "1", "-o", "there").code == 0
    assert invoke("synth", *words).code == code
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize("finalized", [False, True])
def test_every_page_of_every_format_says_that_it_is_test_data(finalized: bool) -> None:
    complete = next(case for case in cases("general", 50, 2) if "[" not in txt(case) and not warned(case))
    settings = Settings(("docx", "pdf", "html", "txt"), False, *(("Dr. Test", "2026-11-23") if finalized else ()))
    made = render(source_of(complete), settings)
    mark = "TEST DATA" if finalized else "TEST DATA – DRAFT"
    assert made.report.furniture.state_mark == mark
    pdf = pypdf.PdfReader(BytesIO(made.documents["pdf"]))
    assert all(mark in page.extract_text() for page in pdf.pages)
    assert "TEST DATA. The patient and the findings are invented." in pdf.pages[0].extract_text()
    assert pdf.metadata is not None
    assert f"({mark})" in str(pdf.metadata.title)
    with zipfile.ZipFile(BytesIO(made.documents["docx"])) as file:
        parts = {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}
    headers = [_words(text) for name, text in parts.items() if re.match(r"word/header", name)]
    assert headers
    assert all(mark in text for text in headers)
    assert "TEST DATA. The patient and the findings are invented." in _words(parts["word/document.xml"])
    assert f"({mark})" in parts["docProps/core.xml"]
    for name in ("html", "txt"):
        assert made.documents[name].decode().count("TEST DATA") >= 2


def _words(part: str) -> str:
    """What Word shows of a part."""
    return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", part))


def txt(case: dict[str, object]) -> str:
    return render(source_of(case), Settings(("txt",))).documents["txt"].decode()


def test_a_case_without_purpose_says_nothing_of_tests() -> None:
    case = next(cases("general", 1, 2))
    case.pop("purpose")
    assert "TEST DATA" not in txt(case)
