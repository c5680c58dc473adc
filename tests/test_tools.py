"""What the tools wrote down is still true."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from reportgen import template_files
from reportgen.formats.fallback import has_mark
from reportgen.formats.fonts import coverage
from reportgen.release import DISTRIBUTION
from tests.cli.program import environment

_CHECKOUT = Path(__file__).resolve().parents[1]
_TOOLS = _CHECKOUT / "tools"


def test_the_written_font_coverage_is_that_of_the_fonts() -> None:
    tool = runpy.run_path(str(_TOOLS / "font_coverage.py"))
    points = tool["covered"]()
    written = (template_files.folder() / "layouts/standard/fonts/coverage.txt").read_text(encoding="ascii")
    assert written == tool["as_ranges"](points), "run tools/font_coverage.py"
    wide = (template_files.folder() / "layouts/standard/fonts/widths.txt").read_text(encoding="ascii")
    assert wide == tool["as_widths"](points), "run tools/font_coverage.py"
    assert _visible(coverage()) == _visible({chr(point) for point in points if not has_mark(chr(point))})
    assert set("≤≥±µ²½éβ") <= coverage()


def _visible(characters: Iterable[str]) -> set[str]:
    return {char for char in characters if char.isprintable() and not char.isspace()}


def test_every_protocol_passes_its_check_and_is_recorded_as_it_is() -> None:
    records = runpy.run_path(str(_TOOLS / "check_protocols.py"))["records"](recheck=True)
    assert len(records) >= 3, "the built-in protocols and two sample profiles"
    for file, content in records.items():
        assert file.read_bytes() == content, "run tools/check_protocols.py"
        assert len(content.split()) >= 3


def test_every_hint_installs_our_own_distribution_and_never_a_strangers() -> None:
    project = tomllib.loads((_CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == DISTRIBUTION != "reportgen"
    places = [*(_CHECKOUT / "reportgen").rglob("*.py"), *(_CHECKOUT / "docs").rglob("*.md"), *_CHECKOUT.glob("*.md")]
    texts = {place: place.read_text(encoding="utf-8") for place in places}
    hints = [
        (name, hint) for name, text in texts.items() for hint in re.findall(r"(?:pip|pipx|uv) .*\breportgen\b.*", text)
    ]
    assert not [each for each in hints if DISTRIBUTION not in each[1] and "{DISTRIBUTION}" not in each[1]]
    assert not [name for name, text in texts.items() if re.search(r"(?<!synoptic-)reportgen\[", text)]
    assert len(texts) > 150
    assert len(hints) >= 2


def test_the_benchmarks_find_all_that_they_import() -> None:
    names = sorted(path.stem for path in (_CHECKOUT / "benchmarks").glob("*.py"))
    assert len(names) >= 5
    done = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(names)}"],
        cwd=_CHECKOUT / "benchmarks", env=environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
