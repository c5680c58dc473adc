"""Names of every script on the page, by both engines: every letter is there, in the head too, drawn by our fonts."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pytest
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from reportgen import formats
from reportgen.formats.fonts import FACES, font_files
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import Laboratory
from reportgen.reports.model import Report
from tests.formats.specimen import MARK, REPORT
from tests.formats.test_fallback import NAMES
from tests.support.labs import lab

ENGINES = ("typst", "weasyprint")
NUMBERS = ("MRN 000123", "26-01234")
# Names without marks that are moved up or down, so that both engines write a text that is copied letter by letter.
COPIED = (
    "Chinese", "Japanese", "Korean", "Georgian", "Armenian", "Yoruba", "Guarani", "Lithuanian", "Navajo", "Thai", "Lao",
    "Amharic", "Cherokee", "Cree", "Mongolian", "Greek", "Russian", "Sinhala",
)  # fmt: skip


def of(name: str) -> Report:
    """The report of a patient of that name, with little else on its page."""
    pairs = REPORT.identification.pairs
    named = REPORT.identification._replace(pairs=(pairs[0]._replace(text=name), *pairs[1:]))
    head = REPORT.furniture._replace(patient=(name, *NUMBERS))
    return REPORT._replace(identification=named, furniture=head, sections=REPORT.sections[:1])


def made(report: Report, engine: str, laboratory: Laboratory | None = None) -> bytes:
    return formats.render(report, "pdf", load_layout(engine=engine, laboratory=laboratory))


def families(document: bytes) -> set[str]:
    with pikepdf.open(BytesIO(document)) as pdf:
        objects = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
        return {str(each.FontName).rpartition("+")[2] for each in objects}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("script", NAMES)
def test_a_name_of_every_script_is_printed(script: str, engine: str) -> None:
    name = unicodedata.normalize("NFC", NAMES[script])
    page = pypdfium2.PdfDocument(made(of(name), engine))[0]
    printed = unicodedata.normalize("NFC", page.get_textpage().get_text_range())
    letters = {char for char in name if unicodedata.category(char)[0] == "L"}
    assert letters <= set(printed) | set(unicodedata.normalize("NFKC", printed))
    if script in COPIED:
        assert printed.count(name) >= 2  # in the head of the page, in bold, and in the body


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_name_gives_the_same_bytes(engine: str) -> None:
    report = of("王小明 محمد Ọ̀ṣun")
    assert made(report, engine) == made(report, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_report_without_such_names_opens_no_further_font(engine: str) -> None:
    assert all("Carlito" in family for family in families(made(REPORT, engine)))


# ------------------------------------------------------------------ a font that draws other letters than asked for


def deceiving(face: str) -> bytes:
    """The bundled face, drawing FINAL wherever DRAFT is asked for."""
    with TTFont(font_files()[face], recalcTimestamp=False) as font:
        known = font.getBestCmap()
        pairs = [(known[ord(one)], known[ord(two)]) for one, two in zip("DRAFT", "FINAL", strict=True)]
        lookups = "".join(f"lookup L{at} {{ sub {one} by {two}; }} L{at};\n" for at, (one, two) in enumerate(pairs))
        rule = " ".join(f"{one}' lookup L{at}" for at, (one, _) in enumerate(pairs))
        addOpenTypeFeaturesFromString(font, f"{lookups}feature calt {{ sub {rule}; }} calt;\n", tables=["GSUB"])
        made = BytesIO()
        font.save(made)
    return made.getvalue()


@pytest.mark.expects_logs
def test_the_mark_the_patient_and_the_gaps_are_never_drawn_by_a_laboratory_s_font(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    faces: dict[str, Any] = {f"{face}_ttf": deceiving(face) for face in FACES}
    words = "layout: {regular: regular.ttf, bold: bold.ttf, italic: italic.ttf}\n"
    own = lab(tmp_path_factory.mktemp("lab"), words, **faces)
    gaps = [sentence.text for sentence in REPORT.sentences() if sentence.gap]
    assert gaps
    for engine in ENGINES:
        bundled, brought = by_font(made(REPORT, engine, own), own)
        for text in (MARK, *REPORT.furniture.patient, REPORT.notices[0].text, "000123", *gaps):
            assert "".join(text.split()) in bundled, (engine, text)
        assert "".join(REPORT.title.split()) in brought
        assert "DRAFT" not in brought


def by_font(document: bytes, own: Laboratory) -> tuple[str, str]:
    """The letters of a document that our fonts draw and those that the laboratory's does, without spaces."""
    drawn = {False: "", True: ""}

    def visit(text: str, _: object, __: object, font: object, ___: object) -> None:
        name = str(font["/BaseFont"]) if isinstance(font, dict) else ""
        drawn[own.hash[:8] in name] += "".join(text.split())

    for page in pypdf.PdfReader(BytesIO(document)).pages:
        page.extract_text(visitor_text=visit)
    return drawn[False], drawn[True]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_font_of_a_laboratory_adds_to_ours(engine: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    faces: dict[str, Any] = {
        f"{face}_ttf": font_files()[face].read_bytes() for face in ("regular", "bold")
    }  # without an italic face
    own = lab(tmp_path_factory.mktemp("lab"), "layout: {regular: regular.ttf, bold: bold.ttf}\n", **faces)
    for name in ("محمد العلي", "王小明", "Ọ̀ṣun"):
        assert any(family.startswith(("NotoSans", "Droid")) for family in families(made(of(name), engine, own)))


def rare(face: str) -> bytes:
    """A face with one letter of a script that none of our fonts has."""
    with TTFont(font_files()[face], recalcTimestamp=False) as font:
        letter = font.getBestCmap()[ord("X")]
        table = CmapSubtable.newSubtable(12)
        table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, {0x20: "space", 0x12000: letter}
        font["cmap"].tables = [table]
        made = BytesIO()
        font.save(made)
    return made.getvalue()


@pytest.mark.expects_logs
def test_it_prints_a_name_that_none_of_ours_can(tmp_path_factory: pytest.TempPathFactory) -> None:
    faces: dict[str, Any] = {f"{face}_ttf": rare(face) for face in ("regular", "bold")}
    own = lab(tmp_path_factory.mktemp("lab"), "layout: {regular: regular.ttf, bold: bold.ttf}\n", **faces)
    for engine in ENGINES:
        ours, theirs = by_font(made(of("\U00012000 Ida"), engine, own), own)
        assert "Ida" in ours
        assert set(theirs) == {"\U00012000"}
