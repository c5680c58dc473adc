"""The bundled fonts: what they cover is written down truly, and what they lack is an error that says where."""

from __future__ import annotations

import json
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import name as name_of

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from reportgen import formats, template_files
from reportgen.findings import Finding, FindingsError, Place
from reportgen.formats import scratch
from reportgen.formats.fallback import has_mark
from reportgen.formats.fonts import FACES, coverage, font_files
from reportgen.formats.layout import load_layout
from reportgen.formats.pdf import chosen
from reportgen.laboratory.model import Laboratory
from reportgen.reports.model import Cell, Notice, Pair, Pairs, Paragraph, Report, Section, Table
from tests.formats.specimen import REPORT, paragraph, sentence, with_sections
from tests.support.labs import lab

LACKING = "\U00012000"  # cuneiform


def _found(report: Report) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        formats.render(report, "pdf", load_layout())
    return caught.value.findings


def test_every_face_has_every_character_that_is_written_down() -> None:
    faces = font_files()
    assert set(faces) == {"regular", "bold", "italic"}
    for path in faces.values():
        with TTFont(path) as font:
            missing = set(map(ord, coverage())) - set(font["cmap"].getBestCmap())
        assert {chr(point) for point in missing} <= {"\t", "\n", "\u00a0"}


def test_the_coverage_file_is_that_of_the_fonts() -> None:
    sets = [set(TTFont(path)["cmap"].getBestCmap()) for path in font_files().values()]
    assert set(map(ord, coverage())) - set.intersection(*sets) <= set(map(ord, "\t\n\u00a0"))
    assert {point for point in set.intersection(*sets) if not has_mark(chr(point))} <= set(map(ord, coverage()))


def test_the_licence_lies_beside_the_fonts() -> None:
    path = template_files.path("layouts/standard/fonts/OFL.txt")
    text = path.read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Carlito" in text


def test_a_sentence_is_named_by_the_answer_it_used() -> None:
    (finding,) = _found(with_sections(Section("comment", "Comment", (paragraph(f"The {LACKING} lesion."),))))
    assert finding.code == "E503"
    assert "U+12000" in finding.message
    assert (finding.path, str(finding.place)) == ("parts.A.margins.deep", "case.yaml:12:5")
    assert LACKING not in finding.as_line(show_values=True)


def test_a_sentence_without_answers_is_named_by_its_clause() -> None:
    spoken = sentence(LACKING, "comment.fixed")._replace(answers=())
    (finding,) = _found(with_sections(Section("comment", "Comment", (Paragraph((spoken,)),))))
    assert finding.path == "comment.fixed"


def test_a_pair_is_named_by_its_path() -> None:
    pair = Pair("Site", LACKING, "parts.A.site")
    assert [finding.path for finding in _found(with_sections(Section("s", "S", (Pairs((pair,)),))))] == ["parts.A.site"]


def test_a_cell_is_named_by_its_path() -> None:
    table = Table(
        ("Stain", "Result"), ((Cell("SMA"), Cell(LACKING, path="parts.A.stains.SMA", place=Place("c.yaml", 3, 1))),)
    )
    (finding,) = _found(with_sections(Section("s", "S", (table,))))
    assert (finding.path, str(finding.place)) == ("parts.A.stains.SMA", "c.yaml:3:1")


@pytest.mark.parametrize(
    "report",
    [
        REPORT._replace(title=LACKING),
        REPORT._replace(letterhead=REPORT.letterhead._replace(name=LACKING)),
        REPORT._replace(letterhead=REPORT.letterhead._replace(lines=(LACKING,))),
        REPORT._replace(furniture=REPORT.furniture._replace(patient=(LACKING,))),
        REPORT._replace(furniture=REPORT.furniture._replace(record=(LACKING,))),
        REPORT._replace(furniture=REPORT.furniture._replace(page=LACKING)),
        with_sections(Section("s", LACKING, ())),
        with_sections(Section("s", "S", (Notice(LACKING),))),
        with_sections(Section("s", "S", (Pairs((), LACKING),))),
        with_sections(Section("s", "S", (Table(("Stain", LACKING), ()),))),
        with_sections(Section("s", "S", (Table(("Stain",), ((Cell(LACKING),),)),))),
    ],
)
def test_no_printed_place_escapes_the_check(report: Report) -> None:
    assert [finding.code for finding in _found(report)] == ["E503"]


def test_each_character_is_reported_once_and_not_without_end() -> None:
    many = "".join(map(chr, range(0x12000, 0x12040)))
    findings = _found(with_sections(Section("s", "S", (paragraph(many), paragraph(many)))))
    assert 1 < len(findings) <= 10
    assert len({finding.message for finding in findings}) == len(findings)


@pytest.mark.parametrize("name", ["docx", "html", "txt"])
def test_other_formats_print_the_character(name: str) -> None:
    assert formats.render(REPORT._replace(title=LACKING), name, load_layout())


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f"], ids=name_of)
def test_spaces_without_a_glyph_are_printed(space: str) -> None:
    assert formats.render(REPORT._replace(title=f"5{space}mm"), "pdf", load_layout())


# ------------------------------------------------------------------ a laboratory's own font


def own_font(folder: Path, **files: bytes) -> Laboratory:
    faces = {face: f"{face}.ttf" for face in FACES}
    brought: dict[str, Any] = {f"{face}_ttf": path.read_bytes() for face, path in font_files().items()} | files
    return lab(folder, f"layout: {json.dumps(faces)}\ndesign: {{fonts: {{pdf: Our Font}}}}\n", **brought)


def test_a_laboratory_s_font_is_the_one_in_the_pdf(tmp_path: Path) -> None:
    design = load_layout(laboratory=own_font(tmp_path), engine="weasyprint")
    made = formats.render(REPORT, "pdf", design)
    assert formats.render(REPORT, "pdf", design) == made
    ours = formats.render(REPORT, "pdf", load_layout(engine="weasyprint"))  # after a file that is called alike inside
    for document, family in ((made, "Our-Font"), (ours, "Carlito")):
        with pikepdf.open(BytesIO(document)) as pdf:
            objects = (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary))
            names = {str(each.FontName) for each in objects if "/FontName" in each}
        assert names
        assert all(family in name for name in names)
    assert coverage(own_font(tmp_path)) >= frozenset("abc ½≥")


def test_typst_takes_a_laboratory_s_font_too_and_nothing_of_it_stays_on_the_disk(tmp_path: Path) -> None:
    design = load_layout(laboratory=own_font(tmp_path, regular_ttf=font_files()["bold"].read_bytes()))
    assert chosen(design) == "typst"
    made = formats.render(REPORT, "pdf", design)
    assert made != formats.render(REPORT, "pdf", load_layout())
    before = list(Path(tempfile.gettempdir()).glob("reportgen-fonts-*"))
    scratch.release()
    assert len(list(Path(tempfile.gettempdir()).glob("reportgen-fonts-*"))) < len(before)
    assert formats.render(REPORT, "pdf", design) == made


@pytest.mark.parametrize("data", [b"\x00\x01\x00\x00" + b"\0" * 40, b"\x00\x01\x00\x00"])
def test_what_is_no_font_is_refused(data: bytes, tmp_path: Path) -> None:
    broken = own_font(tmp_path, bold_ttf=data)
    with pytest.raises(FindingsError) as caught:
        formats.render(REPORT, "pdf", load_layout(laboratory=broken))
    assert caught.value.findings[0].code == "T411"


def test_a_font_comes_with_all_its_faces(tmp_path: Path) -> None:
    one = lab(tmp_path, "layout: {regular: regular.ttf}\n", regular_ttf=font_files()["regular"].read_bytes())
    with pytest.raises(FindingsError) as caught:
        formats.render(REPORT, "pdf", load_layout(laboratory=one))
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == ("T411", "the font needs its bold face too")


def test_a_collection_of_fonts_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        lab(tmp_path, "layout: {regular: regular.ttc, bold: bold.ttf}\n", regular_ttc=b"ttcf", bold_ttf=b"x")
    (finding,) = caught.value.findings
    assert (finding.code, "it holds several fonts" in finding.hint) == ("T411", True)
