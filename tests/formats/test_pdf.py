"""The PDF file: the report's words, its state and patient on every page, pages that break where a reader expects it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pdfua
import pytest

from reportgen import formats
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Cell, Report, Section, Table
from tests.formats.pdf_reading import boxes, children, elements, fonts, left_of, lines_of, opened, overlaps, role
from tests.formats.readback import expected_body, read_pdf, squeeze
from tests.formats.specimen import (
    CHARACTERS,
    HEADED,
    HOSTILE,
    MARK,
    PATIENT,
    REPORT,
    finalized,
    long_report,
    pairs,
    with_sections,
    with_text,
)

LIGATURES = "office suffix final flow affliction shuffle fjord waffle ffi ffl ft tt"


ENGINE = ["typst"]  # which of the two draws


@pytest.fixture(autouse=True, params=["typst", "weasyprint"])
def engine(request: pytest.FixtureRequest) -> str:
    """Every test is of both engines."""
    ENGINE[:] = [request.param]
    return str(request.param)


def rendered(report: Report, paper: str = "letter") -> bytes:
    """The PDF, which is made once for all tests that only read it."""
    return _rendered(report, paper, ENGINE[0])


def rendered_anew(report: Report) -> bytes:
    return formats.render(report, "pdf", load_layout(engine=ENGINE[0]))


@lru_cache(maxsize=32)
def _rendered(report: Report, paper: str, engine: str) -> bytes:
    return formats.render(report, "pdf", load_layout(paper=paper, engine=engine))


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize(
    "report",
    [REPORT, finalized(), with_text(HOSTILE), with_text(CHARACTERS), with_text(LIGATURES), with_text("Waaa" * 100)],
    ids=["specimen", "finalized", "hostile", "characters", "ligatures", "wide"],
)
def test_the_body_is_that_of_the_report(report: Report, paper: str) -> None:
    assert read_pdf(rendered(report, paper), report).body == expected_body(report)


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595.28, 841.89))])
def test_the_paper_is_the_one_asked_for(paper: str, size: tuple[float, float]) -> None:
    for page in opened(rendered(REPORT, paper)).pages:
        assert [float(number) for number in page.mediabox] == pytest.approx([0, 0, *size], abs=0.01)


def test_an_answer_longer_than_a_page_is_printed_whole() -> None:
    report = with_sections(Section("s", "S", (pairs([("First", "a"), ("Long", "word " * 3000), ("Last", "z")]),)))
    back = read_pdf(rendered(report), report)
    assert len(back.pages) >= 3
    assert back.body == expected_body(report)


# what stands on every page


def test_state_and_patient_stand_on_every_page_of_a_long_report() -> None:
    pages = read_pdf(rendered(long_report(30)), long_report(30)).pages
    assert len(pages) >= 6
    for number, page in enumerate(pages, 1):
        assert squeeze(MARK) in squeeze(page)
        assert squeeze(" · ".join(PATIENT)) in squeeze(page)
        assert squeeze(f"Page {number} of {len(pages)}") in squeeze(page)
        assert all(squeeze(line) in squeeze(page) for line in REPORT.furniture.record)


def test_a_draft_says_so_in_its_text_too() -> None:
    assert squeeze(REPORT.notices[0].text) in read_pdf(rendered(REPORT), REPORT).body


def test_words_around_page_numbers_are_words_and_no_style() -> None:
    furniture = REPORT.furniture._replace(page='"; } p {', of="\\22 */ </style>")
    (page,) = read_pdf(
        rendered(finalized()._replace(furniture=furniture)), finalized()._replace(furniture=furniture)
    ).pages
    assert squeeze('"; } p { 1 \\22 */ </style> 1') in squeeze(page)


def test_a_finalized_report_never_says_draft() -> None:
    assert "DRAFT" not in "".join(read_pdf(rendered(finalized()), finalized()).pages)


@pytest.mark.parametrize(
    "name", ["Sample, Alexandra", "Anna Wilhelmina " * 12, "n" * 200], ids=["short", "long", "one word"]
)
def test_everything_stands_within_the_page_and_nothing_on_top_of_another(name: str) -> None:
    furniture = REPORT.furniture._replace(patient=(name.strip(), "MRN 000123", "S26-01234"))
    wide = with_text("W" * 400)
    for report in (REPORT, long_report(4), wide._replace(furniture=furniture), REPORT._replace(furniture=furniture)):
        for page in boxes(rendered(report)):
            assert page.lines
            assert all(page.holds(line) for line in page.lines)
            assert not list(overlaps(page.lines))


def test_results_of_stains_stand_below_the_answers_of_pairs() -> None:
    stains = Table(("Stain", "Result"), ((Cell("SMA"), Cell("hardly")),), "Stains")
    made = rendered(
        with_sections(Section("all", "All", (pairs([("Site", "forearm")]), stains, pairs([("Kind", "kappa")]))))
    )
    assert left_of(made, "hardly") == pytest.approx(left_of(made, "forearm"), abs=1)
    assert left_of(made, "kappa") == pytest.approx(left_of(made, "forearm"), abs=1)


@pytest.mark.parametrize("length", range(10, 60, 5))
def test_the_record_breaks_between_its_names_and_the_page_number_is_on_its_last_line(length: int) -> None:
    if ENGINE[0] == "weasyprint":
        pytest.skip("only Typst keeps a hash with what it is of")
    parts = f"protocol {'p' * length} 1.0 (0123456789ab)", "layout standard (123456789abc)", "input 23456789abcd"
    furniture = REPORT.furniture._replace(
        record=(" · ".join(("reportgen 0.1.0", *parts)), "Formats data; makes no diagnosis.")
    )
    said = [" ".join(each.split()) for each in lines_of(rendered(REPORT._replace(furniture=furniture)))]
    assert any("input 23456789abcd" in each for each in said)
    assert any("standard (123456789abc)" in each for each in said)
    assert said[-1].startswith("Formats data")
    assert said[-1].endswith("Page 1 of 2")


# where pages end


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("lines", range(0, 44, 5))
def test_pages_end_where_a_reader_expects_it(lines: int, paper: str) -> None:
    count = 3 + lines % 5
    report = long_report(count, lines)
    pages = [_body_lines(page) for page in read_pdf(rendered(report, paper), report).pages]
    assert len(pages) >= 2
    leading = re.compile("|".join(map(re.escape, _headings(report))))
    for page in pages:
        assert not leading.fullmatch(page[-1]), f"a page ends with the heading {page[-1]!r}"
        assert not re.search(r"begin:diagnosis", page[-1])
        words = " ".join(page)
        kept = set(re.findall(r"begin:(\w+)", words)), set(re.findall(r"end:(\w+)", words))
        assert kept[0] == kept[1], "something that belongs together stands on two pages"
        if re.search(r"stain [ABC]\d", words):
            assert "Stain Result Extent Intensity Block" in words
        for row, beside in ((0, 1), (count - 1, count - 2)):
            for start in (f"{kind}{letter}" for kind in ("begin:", "stain ") for letter in "ABC"):
                assert (f"{start}{row} " in words) <= (f"{start}{beside} " in words), "a row stands alone"
    (signed,) = [page for page in pages if any("begin:sign" in line for line in page)]
    assert "Signature" in signed


def _headings(report: Report) -> list[str]:
    titles = [section.title for section in report.sections]
    return (
        titles
        + [f"{kind} {letter}" for kind in ("Heading of part", "Caption of", "Stains of part") for letter in "ABC"]
        + ["Stain Result Extent Intensity Block"]
    )


def _body_lines(page: str) -> list[str]:
    """A page's lines in the order of the text, without header and footer, which come before or after it."""
    lines = [" ".join(line.split()) for line in page.split("\n")]
    own = squeeze(MARK + "".join(PATIENT) + "".join(REPORT.furniture.record))
    return [
        line
        for line in lines
        if line and squeeze(line) not in own and not re.search(r"^Page \d|^DRAFT – |\(continued\)$", line)
    ]


# tags and metadata


def test_the_file_is_tagged_and_says_so(engine: str) -> None:
    pdf = opened(rendered(REPORT))
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.Root.Lang) == "en-US"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        if engine == "typst":
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"] == REPORT.metadata.title


@pytest.mark.parametrize("report", [REPORT, finalized(), long_report(8), with_text(HOSTILE), with_sections(HEADED)])
def test_the_machine_checkable_rules_of_pdf_ua_hold(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(rendered(report))
    outcomes = pdfua.validate(str(path)).outcomes
    assert sum(not outcome.skipped_reason for outcome in outcomes) >= 11
    assert [finding for outcome in outcomes for finding in outcome.findings] == []


def test_headings_paragraphs_and_tables_are_what_they_look_like(engine: str) -> None:
    report = REPORT._replace(sections=REPORT.sections[3:])  # of one page: a table on two pages is two tables
    roles = [role(element) for element in elements(opened(rendered(report)))]
    assert roles.count("/H1") == 1
    assert roles.count("/H2") == len(report.sections)
    assert roles.count("/H3") == 2
    if engine == "weasyprint":
        assert roles.count("/Sect") == len(report.sections)
        assert roles.count("/Table") == 2
    else:
        assert roles.count("/Table") == 1
        assert roles.count("/LI") == roles.count("/Lbl") == roles.count("/LBody") == len(list(report.pairs()))
    assert "/Figure" not in roles


def test_each_answer_stands_in_a_list_with_its_own_label_and_the_table_has_a_head() -> None:
    ENGINE[:] = ["typst"]
    pdf = opened(rendered(REPORT))
    found = list(elements(pdf))
    items = [[role(kid) for kid in children(element)] for element in found if role(element) == "/LI"]
    assert items == [["/Lbl", "/LBody"]] * len(list(REPORT.pairs()))
    heads = [element for element in found if role(element) == "/TH"]
    assert [role(head.P.P) for head in heads] == ["/THead"] * 5


def test_each_answer_is_tied_to_its_own_label_and_each_cell_to_its_column() -> None:
    ENGINE[:] = ["weasyprint"]
    tied = []
    for table in elements(opened(rendered(REPORT))):
        if role(table) != "/Table":
            continue
        rows = [row for group in children(table) for row in children(group)]
        for row in rows:
            head = role(row.P) == "/THead"
            label = None
            for number, cell in enumerate(children(row)):
                if role(cell) == "/TH":
                    assert str(cell.A.Scope) == ("/Column" if head else "/Row")
                    label = str(cell.ID)
                else:
                    columns = [str(children(rows[0])[number].ID)] if role(rows[0].P) == "/THead" else []
                    assert [str(header) for header in cell.A.Headers] == [label, *columns]
                    tied.append(label)
    assert len(tied) == len(list(REPORT.pairs())) + 4 * 4


def test_document_properties_are_the_reports(engine: str) -> None:
    metadata = REPORT.metadata._replace(
        author="Dr. A. Example",
        keywords=("draft", "B & C"),
        stamp=datetime(2025, 3, 9, 8, 7, 6, tzinfo=UTC),
    )
    pdf = opened(rendered(REPORT._replace(metadata=metadata)))
    found = pdf.docinfo
    assert str(found.Title) == metadata.title
    assert str(found.Subject) == metadata.subject
    assert str(found.Author) == metadata.author
    assert str(found.Keywords) == "draft, B & C"
    dates = [str(found[name]) for name in ("/CreationDate", "/ModDate")]
    if engine == "weasyprint":
        assert str(found.Creator) == metadata.generator
        assert dates == ["D:20250309080706+00'00"] * 2
    else:  # Typst names itself and leaves nothing else to say
        assert str(found.Creator).startswith("Typst ")
        assert [each.replace("Z", "+00'00") for each in dates] == ["D:20250309080706+00'00"] * 2


def test_only_bundled_fonts_are_used_and_they_are_embedded() -> None:
    found = fonts(opened(rendered(REPORT)))
    assert {name.partition("-")[0] for name in found} == {"Carlito"}
    assert all(found.values())


# the same input, the same bytes

_PRINT_HASH = """
import hashlib, sys
from reportgen import formats
from reportgen.formats.layout import load_layout
from tests.formats.specimen import REPORT
design = load_layout(engine=sys.argv[1])
data = formats.render(REPORT, "pdf", design)
assert formats.render(REPORT, "pdf", design) == data
print(hashlib.sha256(data).hexdigest())
"""


def test_bytes_do_not_hang_on_clock_hash_seed_time_zone_or_place(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    hashes = []
    for seed, zone, folder in (("0", "UTC", root), ("4242", "Pacific/Auckland", str(tmp_path))):
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": root, "PYTHONHASHSEED": seed, "TZ": zone, "HOME": folder}
        hashes.append(
            subprocess.run(
                [sys.executable, "-c", _PRINT_HASH, ENGINE[0]],
                cwd=folder,
                env=environment,
                check=True,
                capture_output=True,
            ).stdout
        )
        time.sleep(0 if hashes[1:] else 2.1)  # a stamp has seconds; zip-like containers have two
    assert hashes[0] == hashes[1]


def test_another_report_gives_other_bytes() -> None:
    assert rendered(REPORT) != rendered(REPORT._replace(title="Another title"))


def test_one_report_does_not_colour_the_next() -> None:
    before = rendered_anew(REPORT)
    rendered_anew(with_text(HOSTILE))
    assert rendered_anew(REPORT) == before
