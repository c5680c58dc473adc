"""Single files of a profile: none of them is a link, too large, or another kind of file than its ending says."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.laboratory.read import load_laboratory
from tests.support.labs import lab, refused, write_lab


@pytest.mark.parametrize("what", ["lab.yaml", "lab.css", "styles"])
def test_no_symbolic_link_leads_out_of_a_profile(what: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "lab.css").write_text("p { color: #000000 }", encoding="utf-8")
    inside = tmp_path / "inside"
    name = "styles/lab.css" if what == "styles" else "lab.css"
    write_lab(inside, f"layout: {{css: {name}}}\n")
    if what == "lab.yaml":
        (inside / "lab.yaml").rename(outside / "lab.yaml")
        (inside / "lab.yaml").symlink_to(outside / "lab.yaml")
    elif what == "lab.css":
        (inside / "lab.css").symlink_to(outside / "lab.css")
    else:
        (inside / "styles").symlink_to(outside)
    (finding,) = refused(lambda: load_laboratory(inside))
    assert finding.code == "T411"
    assert "symbolic link" in finding.message


def test_a_profile_s_own_folder_may_be_reached_by_a_link(tmp_path: Path) -> None:
    made = lab(tmp_path / "real", "layout: {css: lab.css}\n", lab_css="p { color: #000000 }")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert load_laboratory(tmp_path / "link").hash == made.hash


def test_files_that_are_too_large_or_no_text_are_refused(tmp_path: Path) -> None:
    text = "layout: {css: lab.css}\n"
    (large,) = refused(lambda: lab(tmp_path, text, lab_css="/**/" * 60_000))
    (bytes_,) = refused(lambda: lab(tmp_path, text, lab_css=b"p { color: \xff }"))
    (bidi,) = refused(lambda: lab(tmp_path, text, lab_css="p {\n color: \u202e#000000 }"))
    assert (large.code, bytes_.code, bidi.code) == ("T411", "E001", "E005")
    assert (bidi.place.line, bidi.place.column) == (2, 9)
