"""Same input, same bytes: two runs of the program, three seconds and two hash seeds apart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.program import run, sample

FORMATS = ("docx", "pdf", "html", "txt")


def render(folder: Path, seed: str) -> dict[str, bytes]:
    outcome = run(
        *("render", sample("three-parts"), "--format", ",".join(FORMATS), "--output", folder),
        env={"PYTHONHASHSEED": seed},
    )
    assert outcome.code == 0, outcome.err
    return {format: (folder / f"three-parts.{format}").read_bytes() for format in FORMATS}


@pytest.mark.slow
def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    first = render(tmp_path / "first", "0")
    time.sleep(3)
    second = render(tmp_path / "second", "1")
    assert [format for format in FORMATS if first[format] != second[format]] == []


def test_source_date_epoch_is_the_only_time_in_the_files(tmp_path: Path) -> None:
    made = []
    for epoch in ("1700000000", "1800000000"):
        folder = tmp_path / epoch
        assert run(*render_html(folder), env={"SOURCE_DATE_EPOCH": epoch}).code == 0
        made.append((folder / "shave-biopsy.html").read_text(encoding="utf-8"))
    assert made[0] != made[1]
    assert made[0].replace("2023-11-14T22:13:20", "2027-01-15T08:00:00") == made[1]
    assert run(*render_html(tmp_path / "no"), env={"SOURCE_DATE_EPOCH": "9" * 30}).code == 1


def render_html(folder: Path) -> tuple[str | Path, ...]:
    return "render", sample("shave-biopsy"), "--format", "html", "--output", folder
