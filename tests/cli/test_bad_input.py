"""Bad input of every kind, and what a machine lacks: a clear word, an exit code, nothing half-written."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.cli.program import WITHOUT_PANGO, edited, files_below, invoke, run, sample


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("latin1.yaml", "patient: é".encode("latin-1"), "E001"),
        ("empty.yaml", b"", "E102"),
        ("list.yaml", b"- a\n- b\n", "E006"),
        ("case.docx", b"PK\x03\x04", "E010"),
        ("noending", b"a: b", "E010"),
        ("picture.yaml", b"\x89PNG\r\n\x1a\n\x00\x00", "E001"),
        ("nul.yaml", b"a: \x00b", "E004"),
        ("broken.json", b'{"accession": ', "E006"),
        ("deep.yaml", b"a: " + b"[" * 5000, "E007"),
        ("unknown.yaml", b"protocol: aismm\nparts: [{label: A}]\n", "E110"),
        ("text.yaml", b"accession: 1\npatient: Sample\nparts: none\n", "E108"),
    ],
)
def test_an_input_that_is_no_case(name: str, data: bytes, code: str, tmp_path: Path) -> None:
    case = tmp_path / name
    case.write_bytes(data)
    outcome = invoke("render", case, "-f", "txt")
    assert outcome.code == 1
    assert f" {code} " in outcome.err
    assert outcome.out == ""
    assert all(line.endswith(")") for line in outcome.err.splitlines()), "every finding ends with the next step"
    assert list(files_below(tmp_path)) == [name]


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    case = tmp_path / "huge.yaml"
    with case.open("wb") as file:
        file.truncate(50_000_000)
    began = time.monotonic()
    outcome = invoke("render", case, "-f", "txt")
    assert time.monotonic() - began < 2
    assert outcome.code == 1
    assert "E008 is larger than 1 MB" in outcome.err


def test_folders_pipes_and_loops_are_refused(tmp_path: Path) -> None:
    folder, loop, pipe = (tmp_path / f"{name}.yaml" for name in ("folder", "loop", "pipe"))
    folder.mkdir()
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    for case in (folder, loop, pipe):
        outcome = invoke("render", case, "-f", "txt", "-o", tmp_path / "out")
        assert outcome.code == 1
        assert f"{case.name}: E009 cannot be read" in outcome.err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    case = Path(shutil.copy(sample("unfinished"), tmp_path))
    case.chmod(0)
    outcome = invoke("render", case, "-f", "txt")
    assert outcome.code == 1
    assert "E009 cannot be read: Permission denied" in outcome.err


def test_an_output_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    for folder in (file, file / "below"):
        outcome = invoke("render", sample("unfinished"), "-f", "txt,html", "-o", folder)
        assert outcome.code == 1
        assert "E502 could not be written" in outcome.err
        assert "check the folder" in outcome.err
    assert list(files_below(tmp_path)) == ["file"]
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_output_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    outcome = invoke("render", sample("unfinished"), "-f", "txt", "-o", tmp_path)
    tmp_path.chmod(0o700)
    assert outcome.code == 1
    assert "E502 could not be written: Permission denied" in outcome.err
    assert list(files_below(tmp_path)) == []


def test_a_document_that_cannot_take_its_name_leaves_none_of_the_case(tmp_path: Path) -> None:
    (tmp_path / "unfinished.html").mkdir()
    outcome = invoke("render", sample("unfinished"), "-f", "txt,html,docx", "-o", tmp_path, "--overwrite")
    assert outcome.code == 1
    assert "unfinished.html: E502" in outcome.err
    assert list(files_below(tmp_path)) == []


def test_a_character_without_a_glyph_is_named_and_other_formats_take_it(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", ("Nodule of the shoulder.", "Nodule 𒀀 of the shoulder."))
    outcome = invoke("render", case, "-f", "pdf")
    assert outcome.code == 1
    assert "case.yaml:9:19: E503 clinical_history: no font has U+12000 (Cuneiform)" in outcome.err
    assert invoke("render", case, "-f", "docx,html,txt").code == 0


# ------------------------------------------------------------------ what the machine lacks


def test_without_pango_weasyprint_ends_with_3_and_the_line_that_mends_it_and_typst_works(tmp_path: Path) -> None:
    words = ("render", sample("unfinished"), "-f", "docx,pdf", "-o", tmp_path)
    outcome = run(*words, "--pdf-engine", "weasyprint", before=WITHOUT_PANGO)
    assert outcome.code == 3
    assert outcome.out == ""
    assert "S601" in outcome.err
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert list(files_below(tmp_path)) == []
    others = run(*words, before=WITHOUT_PANGO)
    assert (others.code, others.err) == (0, "")
    assert len(list(files_below(tmp_path))) == 2
