"""The program as a whole: exit codes, streams, quick starts, and silence about values when something breaks inside."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reportgen import __version__
from tests.cli.program import MARK, START, environment, invoke, run, sample

HEAVY = ("weasyprint", "docx", "lxml", "fontTools", "PIL")
LOADED = f"""
import atexit, sys
atexit.register(lambda: print("LOADED", sorted({{*{HEAVY!r}}} & set(sys.modules)), file=sys.stderr))
"""
BROKEN = f"""
import reportgen.pipeline
def boom(*arguments, **options):
    patient = "{MARK}"
    raise ValueError(patient)
reportgen.pipeline.check = boom
"""
INTERRUPTED = """
import reportgen.pipeline
def stop(*arguments, **options):
    raise KeyboardInterrupt
reportgen.pipeline.check = stop
"""


def test_version_and_help() -> None:
    assert invoke("--version").both == f"reportgen {__version__}\n"
    helped = invoke("--help")
    assert (helped.code, helped.err) == (0, "")
    assert "makes no diagnosis" in helped.out
    assert "…" not in helped.out
    assert "..." not in helped.out.partition("Commands:")[2], "no summary is cut off"


def test_nothing_and_nonsense_end_with_2() -> None:
    for arguments in ((), ("nonsense",), ("--nonsense",)):
        outcome = invoke(*arguments)
        assert outcome.code == 2
        assert outcome.out == ""
        assert "Usage: reportgen" in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("render", "--help"),
        ("check", str(sample("three-parts"))),
        ("explain", str(sample("three-parts"))),
        ("protocols", "show", "aismn"),
        ("schema", "aismn"),
    ],
    ids=lambda words: " ".join(words[:2]) if len(words[1:]) and "/" not in words[1] else words[0],
)
def test_no_engine_is_loaded_where_none_is_needed(arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments, before=LOADED)
    assert outcome.code == 0
    assert outcome.err == "LOADED []\n"


def test_engines_are_loaded_where_they_are_used(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("out")
    for format, loaded in (("txt", "[]"), ("html", "[]"), ("docx", "['docx', 'lxml']")):
        outcome = run("render", sample("shave-biopsy"), "-f", format, "-o", folder, before=LOADED)
        assert outcome.code == 0
        assert outcome.err == f"LOADED {loaded}\n"


def test_results_go_to_standard_output_and_everything_else_to_standard_error(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("out")
    outcome = run("--verbose", "render", sample("unfinished"), sample("q2-metastatic"), "-f", "txt", "-o", folder)
    assert outcome.code == 1
    assert outcome.out == f"{folder / 'unfinished.txt'}\n"
    steps = [line.split()[0] for line in outcome.err.splitlines() if line[0].isdigit()]
    assert steps == ["1", "2", "4", "1", "2", "4", "5", "6", "7"]  # all are checked before the first is made
    assert "E301" in outcome.err


@pytest.mark.parametrize("arguments", [("check",), ("render", "-f", "txt"), ("explain",), ("explain", "--json")])
def test_what_breaks_inside_is_told_without_values(arguments: tuple[str, ...]) -> None:
    outcome = run("--verbose", *arguments, sample("shave-biopsy"), before=BROKEN)
    assert outcome.code == 1
    assert outcome.out == ""
    last = outcome.err.splitlines()[-1]
    assert last.startswith("internal error: ValueError in ")
    assert last.endswith("nothing was written for this case. Please report this.")
    assert MARK not in outcome.err
    assert "Traceback" not in outcome.err


def test_ctrl_c_ends_with_130() -> None:
    outcome = run("check", sample("shave-biopsy"), before=INTERRUPTED)
    assert outcome.code == 130
    assert "Traceback" not in outcome.err


def test_a_reader_that_goes_away_is_no_error_to_tell_about() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", START, "protocols", "show", "aismn"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    process.wait(timeout=20)
    assert "Traceback" not in told
    assert "internal error" not in told


def test_output_can_be_read_in_any_locale() -> None:
    outcome = run("check", sample("shave-biopsy"), env={"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "utf-8"})
    assert outcome.code == 0
    plain = run("check", sample("shave-biopsy"), env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii:backslashreplace"})
    assert plain.code == 0
