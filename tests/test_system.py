"""Where reportgen does not run, or is not tested, it says so in words; on Linux it says nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reportgen import system
from reportgen.findings import FindingsError
from tests.batch.tables import rows, write
from tests.cli.program import run, sample

# What Python has not on Windows; typer and zoneinfo are loaded before, or they would look for libraries of Windows.
WINDOWS = """
import os, sys, typer, multiprocessing, subprocess, zoneinfo
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "register_at_fork", "sysconf", "sched_getaffinity", "posix_fadvise", "fchown", "fchmod",
             "chown", "getuid", "geteuid", "getgid", "mkfifo", "WNOHANG"):
    if hasattr(os, name):
        delattr(os, name)
"""
NAMED = WINDOWS + 'sys.platform = "win32"\n'
MACOS = """
import os, sys, typer, zoneinfo
sys.platform = "darwin"
del os.sched_getaffinity
"""
COMMANDS = (
    ("render", "case.yaml", "-f", "txt"),
    ("render", "case.yaml", "--json"),
    ("--verbose", "check", "case.yaml"),
    ("batch", "t.csv", "-o", "out"),
    ("explain", "case.yaml"),
    ("new", "case", "aismn"),
    ("protocols",),
    ("template", "check", "."),
    ("serve", "."),
    ("schema",),
    ("synth", "aismn"),
    ("nonsense",),
)


EACH = """
import contextlib, io
from reportgen.cli.app import main
for words in COMMANDS:
    sys.argv, said = ["reportgen", *words], io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        main()
    assert said.getvalue().startswith("S610") and said.getvalue().count("\\n") == 1, (words, said.getvalue())
print("all of them")
sys.argv = ["reportgen", "--version"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "case.yaml").write_bytes(sample("unfinished").read_bytes())
    write(tmp_path / "t.csv", rows(2))
    return tmp_path


# Each command is the same in `main`: few of them in processes of their own are enough, the others below.
@pytest.mark.parametrize("before", [WINDOWS, NAMED], ids=["without its modules", "and with its name"])
@pytest.mark.parametrize("words", [COMMANDS[0], COMMANDS[3], COMMANDS[8]], ids=lambda words: words[0])
def test_a_command_on_windows_says_in_one_sentence_what_works(
    folder: Path, before: str, words: tuple[str, ...]
) -> None:
    outcome = run(*words, before=before, cwd=folder)
    assert (outcome.code, outcome.out) == (3, "")
    (line,) = outcome.err.splitlines()
    assert line.startswith("S610 reportgen needs Linux")
    assert "wsl --install" in line
    assert sorted(path.name for path in folder.iterdir()) == ["case.yaml", "t.csv"]


def test_every_command_says_so(folder: Path) -> None:
    told = f"{NAMED}COMMANDS = {COMMANDS!r}\n" + EACH
    outcome = run(before=told, cwd=folder)
    assert outcome.err == ""
    assert outcome.out.startswith("all of them")


@pytest.mark.parametrize("before", [WINDOWS, NAMED], ids=["without its modules", "and with its name"])
def test_help_version_and_doctor_work_on_windows(folder: Path, before: str) -> None:
    for words, said in (
        (("--help",), "Usage: reportgen"),
        (("--version",), "reportgen 0"),
        (("batch", "--help"), "Usage:"),
    ):
        outcome = run(*words, before=before, cwd=folder)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith(said) or said in outcome.out
    outcome = run("doctor", before=before, cwd=folder)
    assert outcome.code == 3
    assert outcome.out.startswith("Python 3")
    assert outcome.err.startswith("S610")
    assert "wsl --install" in outcome.err


def test_macos_is_told_that_it_is_not_tested_and_batch_counts_its_cores(folder: Path) -> None:
    outcome = run("batch", "t.csv", "-o", "out", "-f", "docx", before=MACOS, cwd=folder)
    assert outcome.code == 0, outcome.err
    assert outcome.err.startswith("reportgen is not tested on macOS yet")
    assert len(list((folder / "out").glob("*.docx"))) == 2
    outcome = run("check", "case.yaml", "--json", before=MACOS, cwd=folder)
    assert outcome.out.startswith("{")
    assert "not tested on macOS" in outcome.err
    outcome = run("doctor", before=MACOS, cwd=folder)
    assert outcome.err.startswith("reportgen is not tested on macOS")
    assert "ok       libraries" in outcome.out


def test_linux_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    system.require()
    assert system.notice() == ""
    assert system.cores() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    assert system.cores() >= 1
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert system.cores() == 1
    monkeypatch.setattr(sys, "platform", "darwin")
    system.require()
    assert "macOS" in system.notice()
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(FindingsError, match="S610") as caught:
        system.require()
    assert caught.value.environment
