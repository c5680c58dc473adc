"""Labels of a laboratory: safeguards keep their meaning in every language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as AnyMapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import Place
from reportgen.laboratory.meanings import load_meanings
from reportgen.reading.source import Mapping
from reportgen.reports.label_check import ALWAYS_BESIDE, FIXED, checked, fields_of
from reportgen.reports.labels import Labels
from reportgen.reports.load_labels import load_labels
from tests.support.labs import lab

GERMAN = {"language": "de", "draft_mark": "ENTWURF", "not_entered": "[KEINE ANGABE]", "not_applicable": "Entfällt"}


def whole() -> dict[str, object]:
    """Every label in an invented language, in which each word begins with a q."""
    pieces = re.compile(r"\{\w*\}|mm²|[A-Za-z]+")

    def other(text: str) -> str:
        return pieces.sub(lambda piece: piece[0] if piece[0].startswith(("{", "mm²")) else f"q{piece[0]}", text)

    kept = {"language", "affirmations", "negations", "date", "decimal", "months", "comma", "semicolon"}
    texts = {name: other(value) for name, value in load_labels() if name not in kept and isinstance(value, str)}
    sections = {key: other(title) for key, title in load_labels().sections.items()}
    return {**texts, "language": "qq", "sections": sections}


def labels_of(folder: Path, given: AnyMapping[str, object]) -> Labels:
    return load_labels(lab(folder, f"labels: {json.dumps(given, ensure_ascii=False)}\n"))


def test_a_translation_of_some_labels_prints_english_beside_each_safeguard(tmp_path: Path) -> None:
    made, english = labels_of(tmp_path, GERMAN), load_labels()
    assert made.draft_mark == "ENTWURF / DRAFT – not signed out"
    assert made.not_entered == "[KEINE ANGABE / NOT ENTERED]"
    assert made.not_applicable == "Entfällt / Not applicable"
    assert all(
        getattr(english, name).strip("[]") in getattr(made, name)
        for name in FIXED - {"of_part", "acknowledgement_of_part"}
    )


def test_a_whole_translation_words_some_alone_and_never_the_marks(tmp_path: Path) -> None:
    made, english = labels_of(tmp_path, whole()), load_labels()
    assert all(getattr(english, name).strip("[]") in getattr(made, name) for name in ALWAYS_BESIDE)
    assert [
        name
        for name in ("waived", "not_applicable", "worded_by_pathologist")
        if getattr(english, name) in getattr(made, name)
    ] == []


@given(st.sampled_from(["", "a", " x ", " no ", "1", " 7 ", "-", "<", "=", "(", "\t", "ß"]))
def test_no_separator_has_letters_digits_or_signs(text: str) -> None:
    base = load_labels()
    made = base.model_copy(update={"semicolon": text})
    assert list(_found(base, made))


@pytest.mark.parametrize("text", ["; ", " · ", " | ", "؛ "])
def test_other_marks_may_separate(text: str) -> None:
    base = load_labels()
    assert not list(_found(base, base.model_copy(update={"semicolon": text})))


@pytest.mark.parametrize(
    ("name", "text"),
    [("per", "{count}/{per}"), ("per", "{count} in {per}"), ("converted", "{entered} [{converted}]"),
     ("reason", "{words} – {reason}"), ("received_as", "(labeled “{text}”)"), ("report_title", "Pathology report")],
)  # fmt: skip
def test_what_changes_no_meaning_is_allowed(name: str, text: str) -> None:
    base = load_labels()
    assert not list(_found(base, base.model_copy(update={name: text})))


@given(st.sampled_from(["per", "converted", "reason"]), st.text("0123456789<>=~%x no", min_size=1, max_size=6))
def test_nothing_is_added_to_a_number(name: str, added: str) -> None:
    base = load_labels()
    made = base.model_copy(update={name: getattr(base, name).replace("{", f"{added}{{", 1)})
    harmless = not added.strip(" ") or not added.strip("= ")
    assert bool(list(_found(base, made))) or harmless


def test_the_names_in_a_pattern_are_counted() -> None:
    assert fields_of("{b} {a} {a}") == ("a", "a", "b")
    assert fields_of("{a.b}") is None


def _found(base: Labels, made: Labels) -> list[object]:
    return list(checked(base, made, Mapping((), Place()), load_meanings()))
