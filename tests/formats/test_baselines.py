"""A label and the first line of its answer stand on one baseline, whatever wraps: by where the letters are."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import compose, formats
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Cell, Pair, Pairs, Section, Table
from tests.formats.glyphs import apart
from tests.formats.pdf_reading import boxes, rows
from tests.formats.specimen import REPORT, long_report, paragraph, with_sections

SAMPLES = [path for path in sorted((Path(__file__).parents[2] / "samples").glob("*.yaml")) if "q2" not in path.stem]
LINES = (1, 2, 3, 5, 9)


@pytest.fixture(params=["typst", "weasyprint"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_rows_of_a_sample(sample: Path, engine: str) -> None:
    report = compose(sample)
    assert apart(report, formats.render(report, "pdf", load_layout(engine=engine))) == []


def words(kind: str, lines: int, line: int) -> str:
    """Words that take about as many lines of so many letters."""
    return (f"{kind} of nerves below the dermis " * lines * 3)[: lines * line].strip()


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("label", LINES)
def test_long_labels_and_long_answers(label: int, depth: int, engine: str) -> None:
    pairs = [
        Pair(words(f"Label {answer}", label, 26), words(f"answer {answer}", answer, 70), depth=depth, gap=answer == 3)
        for answer in LINES
    ]
    rows = [Pair("Before", "x"), *pairs, Pair("After", "y")]
    report = with_sections(Section("s", "S", (Pairs(tuple(rows)),)))
    assert apart(report, formats.render(report, "pdf", load_layout(engine=engine))) == []


@pytest.mark.parametrize("cell", LINES[:4])
def test_long_cells_of_a_table_and_long_identities(cell: int, engine: str) -> None:
    texts = (words("Stain", cell, 15), "positive", words("extent", 6 - cell, 15), words("note", cell, 9))
    table = Table(("Stain", "Result", "Extent", "Note"), (tuple(map(Cell, texts)), tuple(map(Cell, texts[::-1]))))
    head = Pairs(tuple(Pair(words("Who", 1 + cell // 3, 12), words("Name", cell, 30)) for _ in range(5)))
    report = with_sections(Section("s", "S", (table,)))._replace(identification=head)
    assert apart(report, formats.render(report, "pdf", load_layout(engine=engine))) == []


def test_the_measure_sees_what_is_wrong() -> None:
    other = REPORT._replace(sections=long_report(2).sections)
    data = formats.render(other, "pdf", load_layout(engine="typst"))
    assert apart(other, data) == []
    first, *rest = REPORT.identification.pairs
    # The label of one row with the answer of the next one.
    crossed = [Pair(first.label, first.text), *rest]
    shifted = Pairs((Pair(crossed[0].label, crossed[0].text + crossed[1].label + crossed[1].text),))
    assert apart(other._replace(identification=shifted), data) == []


@pytest.mark.parametrize("answer", [1, 3, 20])
def test_no_label_of_many_lines_runs_off_the_foot_of_a_page(answer: int, engine: str) -> None:
    short = [Pair(f"Short {number}", "x") for number in range(5)]
    high = [Pair(words("Label", 9, 26), words("answer", answer, 70))] * 2
    for filler in range(8, 30, 3):
        text = paragraph("A line of words that fills the page from side to side, as long as it is wide. " * filler)
        report = with_sections(Section("s", "S", (text, Pairs((*short, *high, *short)))))
        for page in boxes(formats.render(report, "pdf", load_layout(engine=engine))):
            lowest = [box for box in page.lines if box[1] < 46 and box[0] < 300]
            assert len(rows(lowest)) <= 2, "more stands at the foot than the record's two lines"
