"""What is said reaches whoever reads it, whatever letters, bytes and disks there are; else one line says why not."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from reportgen.cli import streams
from reportgen.cli.app import main
from tests.batch.tables import rows, write
from tests.cli.program import START, environment, invoke, sample

LONG = "x" * 300


def said(encoding: str, *words: str | Path) -> tuple[int, str, str]:
    """Run in this process with a standard output that refuses what the encoding cannot hold."""
    out, err = io.BytesIO(), io.StringIO()
    stream = io.TextIOWrapper(out, encoding=encoding, errors="strict", write_through=True)
    with (
        mock.patch.object(sys, "argv", ["reportgen", *map(str, words)]),
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        main()
    assert isinstance(end.value.code, int)
    return end.value.code, out.getvalue().decode(encoding), err.getvalue()


@pytest.mark.parametrize("words", [("check",), ("explain",), ("render", "-f", "txt")], ids=lambda words: words[0])
def test_a_name_that_is_no_text_is_printed_with_its_bytes_escaped(tmp_path: Path, words: tuple[str, ...]) -> None:
    odd = tmp_path / os.fsdecode(b"\xff.yaml")
    odd.write_bytes(sample("unfinished").read_bytes())
    code, out, err = said("utf-8", *words, odd)
    assert (code, "internal error" in err) == (0, False)
    assert "\\udcff." in out or words[0] == "explain"
    code, out, err = said("utf-8", *words, odd, "--json", *(["--overwrite"] if words[0] == "render" else []))
    assert (code, "internal error" in err) == (0, False)
    assert json.loads(out)


@pytest.mark.parametrize(
    "words",
    [("new", "profile", "p", "--name", "\udc80"), ("render", "{}", "--finalized-by", "Dr. \udcff", "--at", "x"),
     ("check", "\udcff.yaml"), ("\udcff",)],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_word_that_is_no_text_and_names_no_file_is_not_understood(words: tuple[str, ...]) -> None:
    code, out, err = said("utf-8", *(word.format(sample("shave-biopsy")) for word in words))
    assert (code, out) == (2, "")
    assert "the name is not valid text" in err


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_every_encoding_gets_what_it_can_hold(encoding: str) -> None:
    code, out, err = said(encoding, "check", sample("shave-biopsy"))
    assert (code, err) == (0, "")
    assert "met " in out
    code, out, _ = said(encoding, "check", sample("shave-biopsy"), "--json")
    assert json.loads(out) == json.loads(invoke("check", sample("shave-biopsy"), "--json").out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
@pytest.mark.parametrize("words", [("check", "{}"), ("--version",)], ids=lambda words: words[0])
def test_a_full_disk_beneath_standard_output_is_told_in_one_line(words: tuple[str, ...]) -> None:
    given = [word.format(sample("shave-biopsy")) for word in words]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", START, *given], stdout=full, stderr=subprocess.PIPE, text=True, env=environment()
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("standard output could not be written: No space left")


def test_a_reader_who_has_enough_ends_it_in_silence() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", START, "protocols", "show", "aismn"],
        stdout=writing, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    "words",
    [("batch", "t.csv", "-o", LONG), ("check", "c.yaml", "--lab", "é" * 300), ("synth", "aismn", "-o", LONG),
     ("template", "check", LONG), ("serve", LONG), ("new", "profile", LONG), ("check", f"{LONG}.yaml")],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "t.csv", rows(1))
    (tmp_path / "c.yaml").write_bytes(sample("unfinished").read_bytes())
    outcome = invoke(*words)
    assert outcome.code in (1, 6)
    assert "internal error" not in outcome.err
    assert "File name too long" in outcome.both


@pytest.mark.parametrize("output", ["", ".", "there"])
def test_a_starter_is_not_written_where_a_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    outcome = invoke("new", "case", "aismn", "--output", output, "--overwrite")
    assert outcome.code == 1
    assert "E502 could not be written: a folder has this name" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_a_folder_that_bars_the_way_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    barred = str(tmp_path / "lab")
    looked = Path.stat

    def denied(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:  # whoever runs the test may be root
        if str(self).startswith(barred):
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return looked(self, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", denied)
    outcome = invoke("check", sample("unfinished"), "--lab", barred)
    assert (outcome.code, outcome.out) == (1, "")
    assert "E009 cannot be used: Permission denied" in outcome.err


def test_an_error_with_a_file_says_nothing_of_standard_output() -> None:
    assert "No space" in streams.lost(OSError(errno.ENOSPC, "No space left on device"))
    assert streams.lost(OSError(errno.ENOSPC, "No space left on device", "a.yaml")) == ""
    assert streams.lost(OSError(errno.ENOENT, "No such file")) == ""
    assert streams.lost(ValueError("x")) == ""
