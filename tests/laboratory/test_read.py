"""A profile's folder: read whole, hashed by its content, and never left by any path."""

from __future__ import annotations

from pathlib import Path

from reportgen.laboratory.read import DEPTH, load_laboratory
from tests.support.labs import HEAD, lab, refused, write_lab


def test_a_profile_is_found_by_its_folder_or_its_file(tmp_path: Path) -> None:
    made = lab(tmp_path, "paper: a4\ncoding: true\n")
    assert made == load_laboratory(tmp_path / "lab.yaml")
    said = made.spec
    assert (said.name, said.version, said.paper, said.coding) == ("Example Laboratory", "1.0", "a4", True)
    assert said.letterhead is None
    assert made.file("css") is None


def test_the_hash_follows_every_byte_of_what_is_used(tmp_path: Path) -> None:
    first = lab(tmp_path / "a", "layout: {css: lab.css}\n", lab_css="p { color: #000000 }")
    assert lab(tmp_path / "b", "layout: {css: lab.css}\n", lab_css="p { color: #000000 }").hash == first.hash
    assert lab(tmp_path / "c", "layout: {css: lab.css}\n", lab_css="p { color: #000001 }").hash != first.hash
    assert lab(tmp_path / "d", "layout: {css: lab.css}\n# x\n", lab_css="p { color: #000000 }").hash != first.hash
    (tmp_path / "a" / "notes.txt").write_text("not used", encoding="utf-8")
    assert load_laboratory(tmp_path / "a") == first


def test_what_is_read_once_is_not_looked_at_again(tmp_path: Path) -> None:
    made = lab(tmp_path, "layout: {css: lab.css}\n", lab_css="p { color: #000000 }")
    (tmp_path / "lab.css").unlink()
    (file,) = made.styles()
    assert file.text == "p { color: #000000 }"


def test_profiles_stand_on_one_another_and_the_highest_speaks_last(tmp_path: Path) -> None:
    write_lab(tmp_path / "low", "paper: a4\nletterhead: {name: Low, address: x}\nlabels: {page: Blatt, of: von}\n")
    middle = HEAD.replace("Example", "Middle")
    write_lab(tmp_path / "middle", "extends: ../low\nlabels: {page: Sheet}\n", head=middle)
    made = lab(tmp_path / "high", "extends: ../middle\npaper: letter\n", head=HEAD.replace("Example", "High"))
    assert [each.spec.name for each in made.profiles] == ["Example Laboratory", "Middle Laboratory", "High Laboratory"]
    assert (made.spec.name, made.spec.paper) == ("High Laboratory", "letter")
    assert made.spec.letterhead is not None
    assert made.spec.letterhead.name == "Low"
    assert len(list(made.parts("labels"))) == 2


def test_a_circle_or_a_tower_of_profiles_is_refused(tmp_path: Path) -> None:
    write_lab(tmp_path / "a", "extends: ../b\n")
    write_lab(tmp_path / "b", "extends: ../a\n")
    (finding,) = refused(lambda: load_laboratory(tmp_path / "a"))
    assert (finding.code, finding.place.line) == ("T410", 4)
    for number in range(DEPTH + 1):
        write_lab(tmp_path / f"t{number}", f"extends: ../t{number + 1}\n")
    (finding,) = refused(lambda: load_laboratory(tmp_path / "t0"))
    assert finding.code == "T410"


def test_a_folder_without_a_profile_says_so(tmp_path: Path) -> None:
    (finding,) = refused(lambda: load_laboratory(tmp_path))
    assert finding.code == "T410"
    assert "lab.yaml" in finding.message
