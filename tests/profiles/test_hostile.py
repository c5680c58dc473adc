"""A library of hostile and broken profiles: each is refused with its code, and says where and what to do."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen.findings import Finding, FindingsError, Severity
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings, render
from reportgen.profiles.check import check
from tests.support.labs import HEAD

CORPUS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("hostile.yaml").read_text(encoding="utf-8"))
SAMPLE = Path(__file__).parents[2] / "samples" / "shave-biopsy.yaml"


def named(entry: dict[str, Any]) -> Any:
    return pytest.param(entry, id=entry["name"], marks=[pytest.mark.slow] if entry.get("slow") else [])


def written(entry: dict[str, Any], folder: Path) -> Path:
    (folder / "lab.yaml").write_text(entry.get("head", HEAD) + entry.get("lab", ""), encoding="utf-8")
    for name, content in entry.get("files", {}).items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def found_in(folder: Path) -> tuple[Finding, ...]:
    try:
        return tuple(check(load_laboratory(folder)))
    except FindingsError as error:
        return error.findings


def test_the_library_is_large_enough() -> None:
    assert len(CORPUS) >= 70
    assert len({entry["name"] for entry in CORPUS}) == len(CORPUS)
    assert len({code for entry in CORPUS for code in entry["finds"]}) >= 20


_STEP = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 3  # each third entry; all where time does not count
_RENDERED = [each["name"] for each in CORPUS if not each.get("slow")][::_STEP]


def waits(entry: dict[str, Any]) -> bool:
    """Whether the check alone finds what is wrong with words that no report uses, or with another protocol."""
    if entry["name"] == "unknown protocol" or "no such protocol" in entry["name"]:
        return True
    alone = {"T419", "T417"} if entry.get("files") or "T419" in entry["finds"] else set()
    return not alone.isdisjoint(entry["finds"])


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("entry", [named(each) for each in CORPUS])
def test_it_is_refused_with_its_code_and_place_and_no_report_is_made_with_it(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    """Whoever renders finds it without the check, which comes second here."""
    folder = written(entry, tmp_path)
    began = time.perf_counter()
    if entry["name"] in _RENDERED and not waits(entry):
        with pytest.raises(FindingsError):
            render(SAMPLE, Settings(("docx", "html"), laboratory=load_laboratory(folder)))
    errors = [finding for finding in found_in(folder) if finding.severity is Severity.error]
    assert sorted({finding.code for finding in errors}) == sorted(entry["finds"])
    assert all(finding.place.file and finding.step for finding in errors)
    assert time.perf_counter() - began < 60
