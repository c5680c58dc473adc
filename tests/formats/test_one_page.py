"""The sample case and the biopsies of the library are one letter page, in Word and in both PDF engines.

Word files are set by LibreOffice with the metric twin of the font that they name, so that lines end as in Word.
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from reportgen import compose, formats
from reportgen.formats.layout import load_layout
from reportgen.pipeline import Settings, check
from reportgen.pipeline import compose as compose_checked
from reportgen.protocols.files import built_in_ids
from reportgen.reading.readers import read_file
from reportgen.reading.source import Mapping
from reportgen.reports.model import Report
from reportgen.template_files import folder
from tests.cli.program import SAMPLES
from tests.formats.glyphs import sizes
from tests.formats.visible import needs_libreoffice, pages_of

SMALL = ("shave-biopsy", "q1-biopsy", "punch-clear", "unfinished", "re-excision-clear")
LEAST = 9.0  # points


def _typical(id: str) -> Report | None:
    """The case at the head of a protocol's scenarios."""
    path = folder() / "protocols" / id / "scenarios.yaml"
    if not path.exists():
        return None
    case = next(each.value for each in read_file(path).entries if each.key == "case")
    assert isinstance(case, Mapping)
    return compose_checked(check(case, Settings()), Settings())


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    found = {name: compose(SAMPLES / f"{name}.yaml") for name in SMALL}
    return found | {id: made for id in built_in_ids() if (made := _typical(id))}


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_a_small_report_is_one_page_of_a_pdf_in_nine_points_at_least(
    reports: dict[str, Report], engine: str, paper: str
) -> None:
    layout = load_layout(paper, engine=engine)
    pages = {name: formats.render(each, "pdf", layout) for name, each in reports.items()}
    assert {name: _count(data) for name, data in pages.items()} == dict.fromkeys(reports, 1)
    assert [name for name, data in pages.items() if min(sizes(data)) < LEAST - 0.01] == []


@needs_libreoffice
def test_a_small_report_is_one_page_in_word(reports: dict[str, Report], tmp_path: Path) -> None:
    documents = {name: formats.render(report, "docx", load_layout()) for name, report in reports.items()}
    pages = pages_of(documents, tmp_path, fonts=folder() / "layouts/standard/fonts")
    assert {name: _count(data) for name, data in pages.items()} == dict.fromkeys(reports, 1)


def _count(data: bytes) -> int:
    return len(pypdfium2.PdfDocument(data))
