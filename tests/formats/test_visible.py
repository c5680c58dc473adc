"""The gate that looks at pages fails for each way in which a word can be in the file and not before the eye."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from reportgen.pipeline import Settings, render
from tests.acceptance.support import SAMPLES
from tests.formats.visible import assert_report_is_visible, faults, visible_words

SHAVE = SAMPLES / "shave-biopsy.yaml"
CASES = [path for path in sorted(SAMPLES.glob("*.yaml")) if path.stem != "q2-metastatic"]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
PLAIN = "BT /F 12 Tf 60 100 Td (Melanoma) Tj ET"


def _drawn(content: str) -> bytes:
    """A small page with this content stream, in Helvetica."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 200))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    pdf.pages[0].Contents = pdf.make_stream(content.encode())
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def _over(data: bytes, content: str, *, before: bool = False) -> bytes:
    """A PDF with more drawn on each of its pages."""
    pdf = pikepdf.open(io.BytesIO(data))
    for page in pdf.pages:
        page.contents_add(content.encode(), prepend=before)
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        f"0.4 g {PLAIN}",
        f"0 0 1 0 k 50 90 200 30 re f 0 g {PLAIN}",
        f"0 g 50 90 200 30 re f 1 g {PLAIN}",
        f"{PLAIN} 0.5 w 60 97 m 120 97 l S",
        f"0.5 w 50 90 80 25 re S {PLAIN}",
        "BT /F 6 Tf 60 100 Td (Melanoma) Tj ET",
    ],
    ids=["plain", "grey", "on yellow", "white on black", "underlined", "boxed", "small print"],
)
def test_a_word_that_can_be_read_has_no_fault(content: str) -> None:
    assert [(word.text, word.fault) for word in visible_words(_drawn(content))] == [("Melanoma", "")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (f"1 g {PLAIN}", "too pale"),
        (f"0.9 g {PLAIN}", "too pale"),
        (f"0 g 50 90 200 30 re f {PLAIN}", "too pale"),
        (f"{PLAIN} 1 g 50 90 200 30 re f", "too pale"),
        (f"3 Tr {PLAIN}".replace("3 Tr BT", "BT 3 Tr"), "too pale"),
        ("BT /F 2 Tf 60 100 Td (Melanoma) Tj ET", "too small"),
        (f"{PLAIN} 1 g 50 90 40 30 re f", "cut off"),
        (f"{PLAIN} 1 g 50 105 200 30 re f", "cut off"),
        (f"q 50 103 200 40 re W n {PLAIN} Q", "cut off"),
        (f"{PLAIN} 0.8 w 58 103.2 m 120 103.2 l S", "struck"),
        ("BT /F 12 Tf 20 Tz 60 100 Td (Melanoma) Tj ET", "squeezed"),
        ("BT /F 12 Tf 270 100 Td (Melanoma) Tj ET", "off the page"),
        ("BT /F 12 Tf 60 196 Td (Melanoma) Tj ET", "off the page"),
        (f"{PLAIN} BT /F 12 Tf 62 101 Td (Clearance) Tj ET", "over another"),
    ],
)
def test_a_word_that_cannot_be_read_has_one(content: str, fault: str) -> None:
    words = visible_words(_drawn(content))
    assert not words or fault in words[0].fault


def test_a_word_is_told_with_its_place_and_size() -> None:
    (word,) = visible_words(_drawn(PLAIN))
    assert (word.text, word.page, round(word.size)) == ("Melanoma", 1, 12)
    assert 59 < word.box[0] < 62
    assert 99 < word.box[1] < 101
    assert word.contrast > 20


@every_case
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_every_word_of_a_sample_is_seen_in_its_pdf(case: Path, engine: str) -> None:
    settings = Settings(formats=("pdf",), pdf_engine=engine)
    made = render(case, settings)
    assert_report_is_visible(made.report, made.documents["pdf"])


@pytest.mark.parametrize(
    ("content", "before", "fault"),
    [
        ("q 1 g 0 0 1000 400 re f Q", False, "is not seen"),
        ("q 0 g 0 0 1000 400 re f Q", False, "is not seen"),
        ("q 1 g 0 700 1000 200 re f Q", False, "does not show 'DRAFT"),
        ("q 1 g 0 0 1000 90 re f Q", False, "does not show"),
        ("q 1 g 300 0 1000 1000 re f Q", False, "is not seen"),
        ("0 0 1000 400 re W n", True, "is not seen"),
    ],
    ids=["white", "black", "head", "foot", "right", "clip"],
)
def test_a_page_that_hides_a_part_fails(content: str, before: bool, fault: str) -> None:
    settings = Settings(formats=("pdf",))
    made = render(SHAVE, settings)
    broken = _over(made.documents["pdf"], content, before=before)
    assert fault in "\n".join(faults(made.report, broken))


def test_a_report_with_other_words_fails() -> None:
    settings = Settings(formats=("pdf",))
    report, _, documents = render(SHAVE, settings)
    pdf = documents["pdf"]
    other = report._replace(sections=report.sections[::-1])
    assert "at its place" in "\n".join(faults(other, pdf))
    assert "is not seen" in "\n".join(faults(report._replace(title="Another title"), pdf))
    with pytest.raises(AssertionError, match="Another title"):
        assert_report_is_visible(report._replace(title="Another title"), pdf)
