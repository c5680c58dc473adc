"""Tokens and labels laid over the built-in ones, key by key."""

from __future__ import annotations

from pathlib import Path

from reportgen.formats.design import contrast, load_design, unknown_fonts
from reportgen.formats.layout import load_layout
from reportgen.laboratory.meanings import load_meanings
from reportgen.laboratory.overlay import laid_over
from reportgen.reading.readers import read_text
from reportgen.reading.source import plain
from reportgen.reports.load_labels import load_labels
from tests.support.labs import lab, refused, write_lab


def test_only_what_is_given_is_replaced_at_any_depth(tmp_path: Path) -> None:
    base = read_text("a: one\nb: {c: two, d: three}\n", name="base")
    made = lab(tmp_path, "labels: {b: {d: own}}\n")
    assert plain(laid_over(base, made, "labels")) == {"a": "one", "b": {"c": "two", "d": "own"}}
    assert laid_over(base, None, "labels") is base
    assert laid_over(base, made, "design") is base


def test_every_unknown_key_and_wrong_shape_is_named_with_the_nearest(tmp_path: Path) -> None:
    base = read_text("colour: x\nb: {c: two}\n", name="base")
    made = lab(tmp_path, "labels:\n  color: y\n  b: text\n  b2: z\n")
    found = refused(lambda: laid_over(base, made, "labels"))
    assert [(each.code, each.path, each.place.line) for each in found] == [
        ("T402", "labels.color", 5), ("T401", "labels.b", 6), ("T402", "labels.b2", 7),
    ]  # fmt: skip
    assert 'did you mean "colour"?' in found[0].hint


def test_tokens_and_labels_reach_who_asks_for_them(tmp_path: Path) -> None:
    write_lab(tmp_path / "low", 'design: {colors: {accent: "0b4f3c"}}\nlabels: {page: Blatt, of: von}\n')
    made = lab(tmp_path / "high", "extends: ../low\nlabels: {page: Sheet}\npaper: a4\n")
    design, labels = load_design(made), load_labels(made)
    assert (design.colors.accent, design.colors.ink) == ("0b4f3c", load_design().colors.ink)
    assert (labels.page, labels.of, labels.stain) == ("Sheet", "von", "Stain")
    assert load_layout(laboratory=made).paper == design.papers["a4"]
    assert load_layout("letter", made).paper == design.papers["letter"]


def test_negative_words_of_another_language_are_added_and_none_is_lost(tmp_path: Path) -> None:
    made = lab(tmp_path, "labels: {language: de, negations: kein nicht}\n")
    assert {"kein", "nicht", "not", "uninvolved"} <= load_meanings(made).denied


def test_contrast_is_that_of_the_guideline() -> None:
    assert round(contrast("000000", "ffffff"), 6) == 21
    assert contrast("777777", "ffffff") < 4.5 < contrast("767676", "ffffff")
    assert contrast("ffffff", "ffffff") == 1


def test_colors_are_taken_as_people_write_them(tmp_path: Path) -> None:
    made = lab(tmp_path, 'design: {colors: {accent: "#0B4F3C", ink: "101010"}}\n')
    assert load_design(made).colors.accent == "0b4f3c"
    (finding,) = refused(lambda: load_design(lab(tmp_path / "g", "design: {colors: {accent: green}}\n")))
    assert "RRGGBB" in finding.message


def test_a_font_that_would_not_be_used_is_told(tmp_path: Path) -> None:
    (finding,) = refused(lambda: load_design(lab(tmp_path, "design: {fonts: {pdf: Carlitto}}\n")))
    assert (finding.code, "Carlito" in finding.hint) == ("T402", True)
    assert not [*unknown_fonts(lab(tmp_path / "a", "design: {fonts: {word: Arial, screen: Arial}}\n"))]
    (warning,) = unknown_fonts(lab(tmp_path / "b", "design: {fonts: {word: Ariel}}\n"))
    assert (warning.code, "Arial" in warning.hint, warning.place.line) == ("W321", True, 4)
