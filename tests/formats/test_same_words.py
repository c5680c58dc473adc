"""Law 3: the same words, in the same order, in every format; and the same element/answer pairs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reportgen import compose, formats
from reportgen.formats.layout import load_layout
from reportgen.protocols.load import frozen_templates
from reportgen.reports.model import Report
from tests.formats.readback import expected_body, expected_pairs, read
from tests.formats.specimen import HEADED, with_sections
from tests.support.cases import CaseMaker

_SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.yaml"))
_REFUSED = "q2-metastatic"  # stands for cases that are refused; see tests/acceptance
_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
_CHUNK = 50  # cases for one test, so that the runner can spread them
_CHUNKS = 200 if _LONG else 4  # 200 cases in DOCX, HTML and text; 10,000 where time does not count
_IN_PDF = 10 if _LONG else 20  # of each chunk: 80 cases; 2,000 where time does not count


def _holds(report: Report, name: str) -> None:
    back = read(name, formats.render(report, name, load_layout()), report)
    assert back.body == expected_body(report)
    if name != "pdf":
        assert back.pairs == expected_pairs(report)


@pytest.mark.parametrize("sample", [path for path in _SAMPLES if path.stem != _REFUSED], ids=lambda path: path.stem)
@pytest.mark.parametrize("name", formats.names())
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_samples_read_the_same_in_every_format(sample: Path, name: str, paper: str) -> None:
    report = compose(sample)
    back = read(name, formats.render(report, name, load_layout(paper=paper)), report)
    assert back.body == expected_body(report)


def test_there_are_samples() -> None:
    assert len(_SAMPLES) >= 9


@pytest.mark.parametrize("name", formats.names())
@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_headings_and_answers_without_a_label_read_the_same(name: str, engine: str) -> None:
    if engine == "weasyprint" and name != "pdf":
        return
    report = with_sections(HEADED)
    back = read(name, formats.render(report, name, load_layout(engine=engine)), report)
    assert back.body == expected_body(report)
    if name != "pdf":
        assert back.pairs == expected_pairs(report)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_made_cases_read_the_same_in_every_format(chunk: int) -> None:
    with frozen_templates():
        for number in range(_CHUNK):
            report = compose(CaseMaker(chunk * _CHUNK + number).judged()[1])
            for name in formats.names() if number < _IN_PDF else ("docx", "html", "txt"):
                _holds(report, name)
