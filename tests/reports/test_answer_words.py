"""How one answer is printed: as entered; what is derived stands beside it and is marked."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.reports.answer_words import printed, words_of
from reportgen.reports.load_labels import load_labels
from tests.support.toy import Templates, said, toy_case, toy_report

FORM = """\
- {id: kind, kind: choice, title: Kind, undetermined: cannot be seen, choices: [{id: SMA}, {id: focal, label: focally seen}, {id: hidden, omit: true}], source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: one}, {id: two}, {id: hidden, omit: true}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10, x: 1}, dimensions: 3, source: {book: p}}
- {id: plain, kind: count, title: Plain, source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
- {id: words, kind: text, title: Words, lines: true, source: {book: p}}
- id: mitoses
  kind: count
  title: Mitoses
  per: [10 HPF, mm²]
  source: {book: p}
  followups:
    - {id: field_number, kind: quantity, title: F, unit: mm}
    - {id: objective, kind: quantity, title: O, unit: ×, units: {x: 1}}
    - {id: field_area, kind: quantity, title: A, unit: mm²}
"""  # noqa: E501

PAIRS: list[tuple[str, Any, str]] = [
    ("kind", "sma", "SMA"),
    ("kind", "focal", "focally seen"),
    ("kind", {"result": "other", "text": "own words, as written"}, "own words, as written"),
    ("kind", {"result": "cannot be seen", "reason": "too thin"}, "cannot be seen (too thin)"),
    ("many", ["two", "one"], "two; one"),
    ("many", ["one", "hidden"], "one"),
    ("kind", "hidden", ""),
    ("size", "1.50 mm", "1.50 mm"),
    ("size", "1.5 cm", "1.5 cm (= 15 mm)"),
    ("size", "<0.5 cm", "<0.5 cm (= <5 mm)"),
    ("size", "1.2 x 0.8 cm", "1.2 × 0.8 cm (= 12 × 8 mm)"),
    ("size", "12 x 8 x 4 mm", "12 × 8 × 4 mm"),
    ("plain", "<3", "<3"),
    ("day", "2026-11-16", "2026-11-16"),
    ("words", "arm ≥ µ ² <b>", "arm ≥ µ ² <b>"),
    ("mitoses", "3 per 10 HPF", "3 per 10 HPF"),
    ("mitoses", "3/mm2", "3 per mm²"),
    (
        "mitoses",
        {"count": "3 per 10 HPF", "field_area": "0.2 mm²"},
        "3 per 10 HPF (= 1.5 per mm²; field area 0.2 mm²)",
    ),
    (
        "mitoses",
        {"count": "<1 per 10 HPF", "field_area": "0.25 mm²"},
        "<1 per 10 HPF (= <0.4 per mm²; field area 0.25 mm²)",
    ),
    (
        "mitoses",
        {"count": "3 per 10 HPF", "field_number": "22 mm", "objective": "40 x"},
        "3 per 10 HPF (= 1.3 per mm²; field number 22 mm, objective 40 x, calculated field area 0.238 mm²)",
    ),
    ("mitoses", {"count": "3 per 10 HPF", "field_number": "22 mm"}, "3 per 10 HPF"),
    ("mitoses", {"count": "3 per 10 HPF", "field_area": "<0.2 mm²"}, "3 per 10 HPF"),
    (
        "mitoses",
        {"count": "5 per 10 HPF", "field_area": "0.244 mm²"},
        "5 per 10 HPF (= 2.0 per mm²; field area 0.244 mm²)",
    ),
]


@pytest.mark.parametrize(("key", "entered", "text"), PAIRS)
def test_an_answer_is_printed_as_entered(key: str, entered: Any, text: str, templates: Templates) -> None:
    templates.load(FORM)
    answers = toy_case({key: entered}).parts[0].answers
    assert printed(answers[key], answers, load_labels()) == text


def test_an_area_entered_with_a_comparator_is_not_named_as_the_one_that_was_used(templates: Templates) -> None:
    templates.load(FORM)
    entered = {"count": "3 per 10 HPF", "field_area": "<0.3 mm²", "field_number": "22 mm", "objective": "40 x"}
    answers = toy_case({"mitoses": entered}).parts[0].answers
    assert "calculated field area 0.238 mm²" in printed(answers["mitoses"], answers, load_labels())


@pytest.mark.parametrize(
    ("key", "entered", "words"),
    [
        ("kind", "focal", ("focally seen",)),
        ("kind", "cannot be seen (why)", ("cannot be seen",)),
        ("many", ["one", "two"], ("one", "two")),
        ("size", "<= 1.5 cm", ("≤1.5 cm",)),
        ("mitoses", "3/mm2", ("3 per mm²",)),
        ("plain", "4", ("4",)),
        ("day", "2026-11-16", ("2026-11-16",)),
    ],
)
def test_inside_a_sentence_an_answer_is_its_bare_words(
    key: str, entered: Any, words: tuple[str, ...], templates: Templates
) -> None:
    templates.load(FORM)
    assert words_of(toy_case({key: entered}).parts[0].answers[key], load_labels()) == words


# ------------------------------------------------------------------------------------------------ letters and fill-ins

OPEN = """\
- id: deep
  kind: choice
  title: Deep margin
  multiple: true
  source: {book: p}
  choices: [{id: involved, fill_in: true}, {id: cannot be assessed, fill_in: true}, {id: pT1}, {id: r (recurrent)}]
- {id: orientation, kind: choice, title: Orientation, choices: [{id: oriented, fill_in: true}], source: {book: p}}
- {id: marker, kind: choice, title: M, choices: [{id: p53}, {id: α-SMA}, {id: cT4d}, {id: mRNA}], source: {book: p}}
"""


@pytest.mark.parametrize(
    ("key", "entered", "pair", "words"),
    [
        ("deep", {"result": "involved", "text": "at 3 o'clock"}, "involved: at 3 o'clock", "involved (at 3 o'clock)"),
        (
            "deep", {"result": "cannot be assessed", "text": "fragmented"}, "cannot be assessed: fragmented",
            "cannot be assessed (fragmented)",
        ),
        ("orientation", {"result": "oriented", "text": "at 12"}, "oriented: at 12", "oriented (at 12)"),
        ("orientation", {"result": "other", "text": "Not said"}, "Not said", "Not said"),
        ("deep", "pT1", "pT1", "pT1"),
        ("deep", "r (recurrent)", "r (recurrent)", "r (recurrent)"),
        *[("marker", id, id, id) for id in ("p53", "α-SMA", "cT4d", "mRNA")],
    ],
)  # fmt: skip
def test_an_answer_keeps_its_letters_and_a_fill_in_its_answer(
    key: str, entered: Any, pair: str, words: str, templates: Templates
) -> None:
    templates.load(OPEN)
    answers = toy_case({key: entered}).parts[0].answers
    assert printed(answers[key], answers, load_labels()) == pair
    assert words_of(answers[key], load_labels()) == (words,)


def test_each_of_several_answers_has_its_own_words_beside_it(templates: Templates) -> None:
    templates.load(OPEN)
    entered = [{"result": "involved", "text": "at 3"}, "pT1", {"result": "other", "text": "Own"}]
    answers = toy_case({"deep": entered}).parts[0].answers
    assert printed(answers["deep"], answers, load_labels()) == "involved: at 3; pT1; Own"
    assert words_of(answers["deep"], load_labels()) == ("involved (at 3)", "pT1", "Own")


def test_a_sentence_that_prints_the_words_of_several_answers_drops_none(templates: Templates) -> None:
    say = '- {id: one, when: deep is answered, say: "At {{ deep.text }}.", source: {book: p}}'
    templates.load(OPEN, wording=said(say))
    entered = [{"result": "involved", "text": "3 o'clock"}, {"result": "cannot be assessed", "text": "6 o'clock"}]
    assert "At 3 o'clock, 6 o'clock." in list(toy_report({"deep": entered}).reading_order())
