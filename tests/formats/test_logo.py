"""The laboratory's logo: looked at once, and then in every format that can show it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from pypdf import PdfReader

from reportgen import formats
from reportgen.formats.layout import load_layout
from reportgen.formats.logo import load_logo
from reportgen.laboratory.model import Laboratory
from tests.formats.specimen import REPORT
from tests.support.labs import lab, refused

LAB = "letterhead: {name: Our Laboratory, address: A}\nlayout: {logo: logo.png, logo_width: 90}\n"


def picture(width: int = 300, height: int = 100, kind: str = "PNG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), "navy").save(made, kind)
    return made.getvalue()


def with_logo(folder: Path, data: bytes) -> Laboratory:
    return lab(folder, LAB, logo_png=data)


def test_a_logo_has_its_size_and_a_text_for_who_cannot_see_it(tmp_path: Path) -> None:
    logo = load_logo(with_logo(tmp_path, picture()))
    assert logo
    assert (logo.kind, logo.width, logo.alt) == ("png", 90, "Our Laboratory")
    other = lab(tmp_path / "j", LAB.replace("logo.png", "logo.jpg"), logo_jpg=picture(kind="JPEG"))
    made = load_logo(other)
    assert made
    assert made.kind == "jpeg"
    assert load_logo(None) is None
    assert load_logo(lab(tmp_path / "none")) is None


@pytest.mark.parametrize(
    "data", [picture()[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 50, picture(4001, 10), picture(100, 400)],
    ids=["torn", "no picture", "too many pixels", "too tall"],
)  # fmt: skip
def test_what_is_no_sensible_picture_is_refused(data: bytes, tmp_path: Path) -> None:
    formats.load(["pdf"], load_layout(engine="weasyprint"))  # the engine lets torn pictures pass in all of its process
    (finding,) = refused(lambda: load_logo(with_logo(tmp_path, data)))
    assert finding.code == "T411"
    assert finding.place.file.endswith("logo.png")


@pytest.mark.parametrize("mode", ["CMYK", "L", "YCbCr"])
def test_a_picture_as_printers_deliver_it_is_shown_in_every_format(mode: str, tmp_path: Path) -> None:
    made = BytesIO()
    Image.new(mode, (300, 100), 40).save(made, "JPEG")
    bare = made.getvalue().replace(b"JFIF", b"XXXX", 1)  # no mark that python-docx knows
    own = lab(tmp_path, LAB.replace("logo.png", "logo.jpg"), logo_jpg=bare)
    logo = load_logo(own)
    assert logo
    assert logo.kind == "png"
    for name in ("pdf", "html", "docx"):
        assert formats.render(REPORT, name, load_layout(laboratory=own))


def test_a_turned_photograph_stands_upright(tmp_path: Path) -> None:
    made, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (100, 300), "navy").save(made, "JPEG", exif=exif)
    logo = load_logo(lab(tmp_path, LAB.replace("logo.png", "logo.jpg"), logo_jpg=made.getvalue()))
    assert logo
    assert Image.open(BytesIO(logo.data)).size == (300, 100)
    assert logo.width == 90


def test_the_logo_stands_in_every_format_that_shows_pictures(tmp_path: Path) -> None:
    data = picture()
    design = load_layout(laboratory=with_logo(tmp_path, data))
    page = formats.render(REPORT, "html", design).decode()
    assert '<img src="data:image/png;base64,' in page
    assert 'alt="Our Laboratory"' in page
    (image, *_) = PdfReader(BytesIO(formats.render(REPORT, "pdf", design))).pages[0].images
    assert image.image is not None
    assert image.image.size == (300, 100)
    with ZipFile(BytesIO(formats.render(REPORT, "docx", design))) as package:
        assert [package.read(name) for name in package.namelist() if name.startswith("word/media/")] == [data]
        assert b'descr="Our Laboratory"' in package.read("word/document.xml")


def test_one_laboratory_s_logo_is_not_in_another_s_report(tmp_path: Path) -> None:
    formats.render(REPORT, "docx", load_layout(laboratory=with_logo(tmp_path / "a", picture())))
    plain = formats.render(REPORT, "docx", load_layout())
    with ZipFile(BytesIO(plain)) as package:
        assert not [name for name in package.namelist() if "media" in name]
