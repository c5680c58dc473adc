"""What is pasted is tidied and told: nothing that a reader sees is changed, and what was tidied can be read again."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.reading.characters import refused
from reportgen.web.tidying import BULLETS, TABLE, not_taken, tidy
from tests.cli.program import loaded
from tests.web.asgi import Answer, Visitor, visitor

NAME = "unfinished.yaml"
PASTED = [
    ("soft hyphen: mela\u00adnoma", "soft hyphen: melanoma", "Character 18, after “mela”: soft hyphen, left out"),
    ("zero width: a\u200bb", "zero width: ab", "Character 14, after “a”: zero-width space, left out"),
    ("LRM: a\u200eb", "LRM: ab", "Character 7, after “a”: left-to-right mark, left out"),
    ("line: a\u2028b", "line: a\nb", "Character 8, after “a”: line separator, now a new line"),
    ("break: a\x0bb", "break: a\nb", "Character 9, after “a”: line break, now a new line"),
    ("list:\n\uf0b7 item", "list:\n• item", "Character 7, after “list:”: bullet of a symbol font, now •"),
    ("\uf0a7 item", "• item", "Character 1, at the beginning: bullet of a symbol font, now •"),
    ("\ufeffa", "a", "Character 1, at the beginning: byte order mark, left out"),
    ("S\x1e100", "S-100", "Character 2, after “S”: non-breaking hyphen, now a hyphen"),
    ("می\u200cخواهم a\u200cb", "می\u200cخواهم ab", "Character 11, after “a”: zero-width non-joiner, left out"),
]
KEPT = ["Melan\u2011A, S\u2011100", "“a” – ½ ≥ µ \u00a0 → −", "a\tb\n\nc", "می\u200cخواهم", "क्\u200dष", "王", "é", ""]
LETTERS = ("L", "N", "M", "P", "S", "Z")


def entered(made: Visitor, text: str, path: str = "clinical_history", **more: str) -> Answer:
    sent = {"path": path, "value": text, "revision": made.revision(NAME), **more}
    return made.post(f"{made.case(NAME)}/entries", **sent)


def told(answer: Answer) -> list[str]:
    """What the page is told of what was tidied."""
    found = re.search(r'<template id="tidied" data-tidied="([^"]*)">', answer.text)
    texts = json.loads(html.unescape(found[1]))["texts"] if found else []
    return [change["words"] for each in texts for change in each["changes"]]


def errors(answer: Answer) -> dict[str, str]:
    found = re.search(r'id="state" data-state="([^"]*)"', answer.text)
    assert found
    return dict(json.loads(html.unescape(found[1]))["errors"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return visitor(tmp_path_factory.mktemp("desk") / "cases", "unfinished")


@pytest.mark.parametrize(("text", "tidied", "words"), PASTED)
def test_a_pasted_text_is_tidied_and_each_change_is_told(made: Visitor, text: str, tidied: str, words: str) -> None:
    answer = entered(made, text)
    assert answer.status == 200
    assert loaded(made.folder / NAME)["clinical_history"] == tidied
    assert told(answer) == [words]
    assert told(entered(made, tidied)) == []


def test_all_at_once(made: Visitor) -> None:
    answer = entered(made, "\n".join(text for text, _, _ in PASTED))
    assert loaded(made.folder / NAME)["clinical_history"] == "\n".join(tidied for _, tidied, _ in PASTED)
    assert len(told(answer)) == len(PASTED)


def test_a_text_of_one_line_gets_no_second(made: Visitor) -> None:
    answer = entered(made, "Dr. A\u2028Clinic\x0bB", "submitted_by")
    assert loaded(made.folder / NAME)["submitted_by"] == "Dr. A Clinic B"
    assert [each.rpartition(", ")[2] for each in told(answer)] == ["now a space"] * 2


@pytest.mark.parametrize("text", KEPT)
def test_what_can_be_printed_stays_as_it_is(text: str) -> None:
    assert tidy(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Prior mela\u202enoma", "Character 11, after “mela”, is U+202E (right-to-left override), which no report"),
        ("a\x00b", "Character 2, after “a”, is U+0000 (control character), which no report can hold."),
        (
            "depth \uf0b3 2",
            "Character 7, after “depth”, is a sign of a symbol font (U+F0B3), which no report can hold.",
        ),
        ("\ufffc", "Character 1, at the beginning, is \ufffc, U+FFFC (object replacement character)"),
        ("a\U000e0041", "Character 2, after “a”, is U+E0041"),
    ],
)
def test_what_means_nothing_certain_is_refused_whole_with_its_place(made: Visitor, text: str, words: str) -> None:
    before = (made.folder / NAME).read_bytes()
    for path in ("clinical_history", "submitted_by", "parts.A.received_as", "parts.A.override.diagnosis"):
        answer = entered(made, text, path)
        assert answer.status == 422
        assert words in html.unescape(answer.text)
        assert "line" not in answer.text.replace("inline", "")
    assert (made.folder / NAME).read_bytes() == before


@pytest.mark.parametrize("char", ["♂", "✓", "\U0001f600"])
def test_what_no_font_has_is_told_at_the_field_and_stays(made: Visitor, char: str) -> None:
    for path in ("clinical_history", "parts.A.microscopic"):
        answer = entered(made, f"Melanoma {char} seen", path)
        assert loaded(made.folder / NAME)
        said = errors(answer)[path]
        assert said.startswith(f"Character 10, after “Melanoma”, is {char}, U+{ord(char):04X} (")
        assert "cannot be made as PDF" in said
        refused = made.get(f"{made.case(NAME)}/report.pdf")
        assert refused.status == 422
        for word in ("--", "clinical_history", "parts.A", ".yaml", "(line"):
            assert word not in said
            assert word not in refused.text
    assert set(errors(entered(made, "Melanoma", "parts.A.microscopic"))) == {"clinical_history"}
    assert entered(made, "Melanoma").status == 200


def test_names_and_accessions_are_tidied_too(made: Visitor, tmp_path: Path) -> None:
    fresh = visitor(tmp_path / "cases", "shave-biopsy")
    case = fresh.case("shave-biopsy.yaml")
    assert "U+202E" in fresh.post("/cases", accession="S\u202e26", protocol="aismn").text
    assert fresh.post("/cases", accession="\ufeffS26\u00ad-7", protocol="aismn").header("hx-redirect")
    assert (fresh.folder / "S26-7.yaml").exists()
    revision = fresh.revision("shave-biopsy.yaml")
    assert fresh.post(f"{case}/finalize", revision=revision, name="Dr\u202e").status == 422


PIECES = st.one_of(
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"], exclude_characters="\u034f\u115f\u1160"
                  "\u17b4\u17b5\u3164\uffa0\ufffc\ufffd"),
    st.sampled_from([*TABLE, *BULLETS, "\n", " ", "क्", "ष", "م"]),
)  # fmt: skip


def visible(text: str) -> list[str]:
    return [sign for sign in text if unicodedata.category(sign)[0] in "LMN"]


@given(st.text() | st.lists(PIECES).map("".join))
@example("\uf0b7\u200b\uf0a7 x")
@example("\uf0a7\x0c")
def test_tidying_again_changes_nothing_and_never_a_letter_or_a_digit(text: str) -> None:
    for lines in (True, False):
        once, changes = tidy(text, lines=lines)
        assert tidy(once, lines=lines) == (once, ())
        assert visible(once) == visible(text)
        assert len(changes) <= len(text)
        if not changes:
            assert once == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.lists(st.one_of(PIECES.filter(lambda sign: sign not in BULLETS), st.just("\n\uf0a7 ")), max_size=12))
def test_what_was_tidied_is_taken_by_the_reader(pieces: list[str]) -> None:
    text, _ = tidy("".join(pieces))
    assert refused(text) is None
    assert not_taken(text) == ""
