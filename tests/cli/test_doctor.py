"""`reportgen doctor`: what is there, what is missing, and the line that mends it."""

from __future__ import annotations

import re

from tests.cli.program import WITHOUT_PANGO, invoke, run

OLD = """
from importlib import metadata
real = metadata.version
metadata.version = lambda name: "69.1" if name == "weasyprint" else real(name)
"""
GONE = """
from importlib import metadata
def version(name):
    raise metadata.PackageNotFoundError(name)
metadata.version = version
"""
NO_TEMPLATES = """
from reportgen import template_files
template_files.PACKAGED = "none"
import pathlib
real = pathlib.Path.is_dir
pathlib.Path.is_dir = lambda path: False if path.name == "protocols" else real(path)
"""


def test_a_machine_that_has_everything() -> None:
    outcome = invoke("doctor")
    assert outcome.code == 0
    assert outcome.err == ""
    first, *rest = outcome.out.splitlines()
    assert re.fullmatch(r"Python 3\.\d+\.\d+\S* on \w+", first)
    assert [line.split(":")[0] for line in rest] == [
        f"ok       {name}"
        for name in ("libraries", "PDF by Typst", "PDF by WeasyPrint", "fonts", "protocols", "layout")
    ]
    assert "weasyprint 7" in outcome.out
    assert re.search(r"protocols: .*aismn [\d.]+, .*general [\d.]+.*\n", outcome.out)


def test_without_pango() -> None:
    outcome = run("doctor", before=WITHOUT_PANGO)
    assert outcome.code == 0  # only a profile's own HTML or style sheet needs it
    assert "missing  PDF by WeasyPrint\n" in outcome.out
    assert "S601" in outcome.err
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in outcome.err
    assert outcome.out.count("ok       ") == 5


def test_a_library_of_the_wrong_version_or_none_at_all() -> None:
    old = run("doctor", before=OLD)
    assert old.code == 3
    assert "S604" in old.err
    assert "S604 weasyprint 69.1 is not supported; 70 or newer, below 71, is" in old.err
    gone = run("doctor", before=GONE)
    assert gone.code == 3
    assert "is not installed (install the locked requirements)" in gone.err


def test_without_the_templates_every_command_says_so() -> None:
    outcome = run("doctor", before=NO_TEMPLATES)
    assert outcome.code == 3
    assert "S603" in outcome.err
    assert "install reportgen again" in outcome.err
    other = run("protocols", before=NO_TEMPLATES)
    assert (other.code, other.out) == (3, "")
    assert "S603" in other.err
