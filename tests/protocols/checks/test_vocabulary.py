"""The vocabulary of a protocol: every name, what it can be used for, and the words it can equal."""

from __future__ import annotations

import pytest

from reportgen.language.compiler import Use
from reportgen.protocols.checks.vocabulary import Vocabulary
from reportgen.protocols.load import load_header, load_protocol
from tests.protocols.checks.test_protocol import ALL
from tests.support.toy import Templates

ASKED = {Use.answered, Use.applicable}
EXTRA = """
facts: [{id: likely, when: kind == 'a'}]
criteria: [{id: c, title: C, met: kind == 'a', unmet: kind == 'b', source: {book: p}}]
"""


@pytest.fixture(name="names")
def fixture_names(templates: Templates) -> Vocabulary:
    made = templates.load(ALL, extra=EXTRA)
    return Vocabulary.of(made, load_header())


@pytest.mark.parametrize(
    ("name", "uses"),
    [
        ("site", {*ASKED, Use.word}),
        ("kind", {*ASKED, Use.word}),
        ("kind.text", {Use.word, Use.answered}),
        ("kind.reason", {Use.word, Use.answered}),
        ("many", {*ASKED, Use.several}),
        ("size", {*ASKED, Use.number, Use.order}),
        ("day", {*ASKED, Use.day, Use.order}),
        ("group", {Use.applicable}),
        ("group.in", {*ASKED, Use.word}),
        ("rows", {Use.applicable, Use.entries}),
        ("rows.one", {*ASKED, Use.word}),
        ("stains", {Use.applicable}),
        ("stains.S1", {*ASKED, Use.word}),
        ("stains.required_results", {Use.word, Use.answered}),
        ("procedure.noun", {Use.word}),
        ("procedure.small", {Use.truth}),
        ("likely", {Use.truth, Use.unproven}),
        ("criteria.met", {Use.truth}),
        ("criteria.c", {Use.word}),
        ("case.age", {Use.number, Use.answered}),
        ("case.patient.sex", {Use.word, Use.answered}),
        ("case.collected", {Use.day, Use.answered, Use.order}),
        ("case.patient", set()),
        ("override.diagnosis", {Use.answered}),
    ],
)
def test_each_kind_of_name_has_its_uses(name: str, uses: set[Use], names: Vocabulary) -> None:
    assert names.conditions[name] == uses


@pytest.mark.parametrize(
    "name", ["rows.two", "criteria.unmet_titles", "site.noun", "patient.name", "case.nothing", "edge"]
)
def test_other_names_do_not_exist_in_conditions(name: str, names: Vocabulary) -> None:
    assert name not in names.conditions


def test_words_print_what_has_words(names: Vocabulary) -> None:
    assert {"site", "size", "many", "day", "procedure.noun", "case.collected", "criteria.unmet_titles"} <= names.words
    silent = {
        "override.diagnosis",
        "likely",
        "criteria.met",
        "criteria.c",
        "group",
        "stains",
        "rows",
        "procedure.small",
        "case.age",
        "case.patient",
    }
    assert not silent & names.words


def test_terms_are_for_words_only() -> None:
    names = Vocabulary.of(load_protocol("aismn"), load_header())
    assert "edge" in names.words
    assert "edge" not in names.conditions


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("kind", ["a", "b", "other"]),
        ("site", None),
        ("size", None),
        ("criteria.c", ["met", "unmet", "unknown"]),
        ("procedure.noun", ["biopsy", "excision"]),
        ("stains.S1", ["positive", "negative"]),
        ("case.patient.sex", ["female", "male", "intersex", "unknown"]),
        ("kind.text", None),
    ],
)
def test_a_name_can_equal_its_own_answers_only(name: str, answers: list[str] | None, names: Vocabulary) -> None:
    assert names.answers(name) == answers


def test_a_header_s_form_has_its_own_names_only() -> None:
    names = Vocabulary(load_header())
    assert "patient.name" in names.conditions
    assert not [name for name in names.conditions if name.startswith(("case.", "criteria."))]
