"""Fonts of the machine: asked for what no other font has, always the same one, by both engines, and told of."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from reportgen import formats, machine
from reportgen.findings import FindingsError
from reportgen.formats import machine_fonts
from reportgen.formats.fonts import lacking, remedy, scripts
from reportgen.formats.layout import load_layout
from reportgen.formats.machine_fonts import found
from reportgen.formats.scratch import release
from reportgen.formats.unprintable import unprintable
from reportgen.reading.readers import read_content
from tests.formats.test_pdf_scripts import of
from tests.formats.test_unprintable import source

RARE, OTHER = "\U00012000", "\U00012001"
NAME = f"{RARE} Ida"


def tiny(*characters: str, name: str = "Carlito", rights: int = 0) -> bytes:
    """An invented font of squares that says it is the bundled one."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 600), (550, 600), (550, 0)):
        pen.lineTo(point)
    pen.closePath()
    letters = (*characters, " ")
    square, names = pen.glyph(), [f"g{ord(letter):X}" for letter in letters]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", *names])
    font.setupCharacterMap(dict(zip(map(ord, letters), names, strict=True)))
    font.setupGlyf(dict.fromkeys([".notdef", *names], square))
    font.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (600, 50)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": name, "styleName": "Regular"})
    font.setupOS2(fsType=rights)
    font.setupPost()
    made = BytesIO()
    font.save(made)
    return made.getvalue()


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of fonts of somebody's home."""
    folder = tmp_path / ".fonts"
    folder.mkdir()
    monkeypatch.setattr(machine, "HOME", (".local/share/fonts", ".fonts"))
    monkeypatch.setenv("HOME", str(tmp_path))
    machine_fonts._paths.cache_clear()
    return folder


def names(characters: str) -> list[str]:
    return [font.path.name for font in found(characters)[0]]


@pytest.mark.parametrize("engine", ["typst", "weasyprint"])
def test_a_name_that_no_other_font_has_is_printed_and_nothing_else_is_set_in_it(engine: str, fonts: Path) -> None:
    (fonts / "rare.ttf").write_bytes(tiny(RARE, *"IdaSmple"))
    design = load_layout(engine=engine)
    data = formats.render(of(NAME), "pdf", design)
    assert data == formats.render(of(NAME), "pdf", design)
    drawn: dict[bool, str] = {True: "", False: ""}

    def visit(text: str, _: object, __: object, font: object, ___: object) -> None:
        drawn["machine" in str(font["/BaseFont"]) if isinstance(font, dict) else False] += "".join(text.split())

    for page in pypdf.PdfReader(BytesIO(data)).pages:
        page.extract_text(visitor_text=visit)
    assert set(drawn[True]) == {RARE}
    assert len(drawn[True]) >= 2  # in the head of the page and in the body
    assert "Ida" in drawn[False]
    with pikepdf.open(BytesIO(data)) as pdf:
        assert any("machine" in str(each.get("/FontName", "")) for each in pdf.objects if hasattr(each, "get"))


def test_check_tells_which_font_it_is_and_that_the_machine_matters(fonts: Path) -> None:
    (fonts / "rare.ttf").write_bytes(tiny(RARE))
    found = unprintable(read_content(source(f"{RARE}{OTHER} Ida"), "case.yaml"), None)
    assert [(each.code, each.path) for each in found] == [("W316", "patient.name"), ("W315", "patient.name")]
    assert found[0].message == "no font has U+12000 (Cuneiform) but rare.ttf of this machine"
    assert "copy the font into the profile" in found[0].as_line()


def test_the_first_by_path_is_taken_whatever_the_order_of_the_folder(fonts: Path) -> None:
    for name in ("z.ttf", "b/a.ttf", "a.otf"):
        (fonts / name).parent.mkdir(exist_ok=True)
        (fonts / name).write_bytes(tiny(RARE, OTHER) if name == "z.ttf" else tiny(RARE))
    assert names(RARE) == ["a.otf"]
    assert names(RARE + OTHER) == ["a.otf", "z.ttf"]
    assert found("\U00012002") == ((), frozenset("\U00012002"))


def test_what_is_no_font_or_may_not_be_used_is_passed_over(fonts: Path) -> None:
    (fonts / "a.ttf").write_bytes(b"no font")
    (fonts / "b.ttf").write_bytes(tiny(RARE, rights=2))
    (fonts / "c.ttf").write_bytes(tiny(RARE)[:300])
    (fonts / "d-LastResort.ttf").write_bytes(tiny(RARE))
    (fonts / "e.ttc").write_bytes(tiny(RARE))
    (fonts / "f.ttf").symlink_to("nowhere")
    assert names(RARE) == []
    with pytest.raises(FindingsError, match="E503"):
        scripts(of(NAME))


def test_nothing_is_looked_for_where_our_fonts_have_every_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_fonts, "_paths", lambda _: pytest.fail("looked"))
    assert scripts(of("王小明 Ida"))


def test_copies_are_removed_at_the_end(fonts: Path) -> None:
    (fonts / "rare.ttf").write_bytes(tiny(RARE))
    ((font,), _) = found(RARE)
    folder = Path(font.folder())
    assert [path.name for path in folder.iterdir()] == [f"{font.name.replace(' ', '-')}.ttf"]
    release()
    assert not folder.exists()


def test_the_remedy_names_both_ways() -> None:
    assert lacking(RARE) == "no font has U+12000 (Cuneiform)"
    assert "layout: regular, bold" in remedy(RARE)
    assert "Debian: fonts-noto-core" in remedy(RARE)
    assert "Debian: fonts-hanazono" in remedy("\U00030000")
