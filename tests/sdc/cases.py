"""From a filled form to the words of its report, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, check, compose
from reportgen.protocols.compiled import Compiled
from reportgen.reading.source import source_of
from reportgen.reports.model import Pairs, Report
from reportgen.sdc.case import case_of
from tests.sdc.forms import read

HEAD = {
    "accession": "S26-1",
    "patient": {"name": "Invented, Ivo", "mrn": "000001", "birth_date": "1970-01-01", "sex": "male"},
    "collected": "2026-01-05", "received": "2026-01-06", "submitted_by": "Dr. Example",
    "laboratory": {"name": "Example Laboratory", "address": "1 Sample Street"},
}  # fmt: skip


def case(text: str, folder: Path, made: Compiled, laboratory: Laboratory) -> dict[str, Any]:
    """The case of a filled form, with a head."""
    data, _ = case_of(read(folder, text), made, laboratory)
    return {**data, **HEAD}


def reported(data: dict[str, Any], laboratory: Laboratory) -> Report:
    """The report of a case that is in order."""
    settings = Settings(laboratory=laboratory)
    assert [each.as_line() for each in check(source_of(data), settings).errors] == []
    return compose(source_of(data), settings)


def synopsis(report: Report) -> list[tuple[str, str]]:
    """Names and answers of the synopsis, in order; a heading has no answer."""
    (section,) = (each for each in report.sections if each.title == "Synoptic report")
    blocks = (block for block in section.blocks if isinstance(block, Pairs))
    return [(pair.label, pair.text) for block in blocks for pair in block.pairs]
