"""A page that begins inside a part says which one; a page that begins with a part, or outside of any, says nothing."""

from __future__ import annotations

import re
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import compose, formats
from reportgen.formats.continued import Continued
from reportgen.formats.layout import load_layout
from reportgen.formats.widths import width, widths
from reportgen.reports.model import Heading, Report, Section
from tests.acceptance.support import base, source
from tests.formats.glyphs import glyphs
from tests.formats.specimen import REPORT, pairs, paragraph, stains, with_sections

_LETTERS = st.characters(codec="latin-1", exclude_categories=("Cc", "Cf"))


@pytest.fixture(params=["typst", "weasyprint"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def lines(report: Report, engine: str) -> list[list[str]]:
    """The lines of each page as the eye reads them, from above, without white space and without the patient's line."""
    found: dict[int, dict[int, list[tuple[float, str]]]] = {}
    for each in glyphs(formats.render(report, "pdf", load_layout(engine=engine))):
        found.setdefault(each.page, {}).setdefault(round(each.y), []).append((each.x, each.letter))
    pages = []
    for _, page in sorted(found.items()):
        heights = sorted(page, reverse=True)
        texts = ["".join(letter for _, letter in sorted(page[height], key=itemgetter(0))) for height in heights]
        pages.append([text for text in texts if "Sample,Alexandra·MRN" not in text])
    return pages


def thirty() -> Report:
    """Thirty parts of one site: only the letter tells them apart."""
    data = base("shave-biopsy")
    (part,) = data["parts"]
    letters = [chr(ord("A") + number) for number in range(26)] + ["AA", "AB", "AC", "AD"]
    data["parts"] = [part | {"label": each, "received_as": f"lesion {n}"} for n, each in enumerate(letters, start=1)]
    return compose(source(data))


def test_every_page_of_thirty_parts_names_the_part_that_it_begins_with(engine: str) -> None:
    pages = lines(thirty(), engine)
    assert len(pages) > 20
    continued = 0
    current = ""
    for number, page in enumerate(pages):
        first = next((text for text in page[:3] if re.match(r"[A-Z]{1,2}\.", text)), "") if number else ""
        assert first or not number or page[0] in ("Clinicalhistory", "Signature"), (number + 1, page[:4])
        if first.endswith("(continued)"):
            continued += 1
            assert first.startswith(f"{current}."), f"page {number + 1} says {first}, and {current} went on"
            assert page[0] == first
        begun = [text for text in page if re.match(r"[A-Z]{1,2}\.(?:Left|Skin)", text) and "(continued)" not in text]
        current = begun[-1].partition(".")[0] if begun else current
    assert continued >= 2


def of(filler: int) -> Report:
    text = "Words of a comment that goes on and on over the end of a page. " * 60
    blocks = (
        *(Heading("A. Left cheek"), paragraph("x. " * filler), paragraph(text)),
        *(Heading("B. Right cheek"), paragraph(text), stains("S")),
        *(Heading("C. Nose"), pairs([("Label", "answer")] * 30), stains("T")),
    )
    return with_sections(Section("s", "Section", blocks), Section("t", "Another", (paragraph(text),)))


@pytest.mark.parametrize("filler", [1, 250, 500, 750])
def test_wherever_a_page_ends_the_next_one_names_what_goes_on(filler: int, engine: str) -> None:
    names = {"A.Leftcheek", "B.Rightcheek", "C.Nose"}
    current = ""
    for number, page in enumerate(lines(of(filler), engine)):
        said = page[0].removesuffix("(continued)") if page[0].endswith("(continued)") else ""
        if number:
            begins = page[0] in names | {"Section", "Another"}
            assert said == ("" if begins else current), (number, page[:3])
        for text in page:
            current = text if text in names else "" if text in ("Section", "Another") else current
    assert current == ""


def test_a_report_of_one_part_has_no_such_line(engine: str) -> None:
    report = with_sections(Section("s", "Section", (paragraph("Words of a comment that goes on. " * 300),)))
    assert not [page[0] for page in lines(report, engine) if "(continued)" in page[0]]


@given(st.text(_LETTERS, min_size=1, max_size=300))
def test_a_long_name_is_cut_to_one_line_and_says_so(name: str) -> None:
    layout = load_layout()
    heading = Heading(f"A. {name}")
    line = Continued(REPORT._replace(sections=(Section("s", "S", (heading,)),)), layout).line(heading)
    assert line.startswith("A.")
    assert line.endswith("(continued)")
    assert width(line, layout.design.sizes.small, widths()) <= layout.text_width
    assert line == f"{heading.text} (continued)" or "... (continued)" in line
