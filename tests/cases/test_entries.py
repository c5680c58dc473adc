"""Walking a filled form: every key known, every shape right, everything found in one pass at its exact place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reportgen.cases.model import Answer, Chosen, Counted
from reportgen.cases.validate import validate
from reportgen.findings import Finding
from reportgen.reading.readers import read_text
from tests.support.cases import CaseMaker
from tests.support.toy import Templates, toy_case, toy_data, valid_case

FORM = """\
- {id: kind, kind: choice, title: Kind, aliases: [sort], undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p},
   followups: [{id: of_a, kind: text, title: Of a, under: [a]}, {id: of_any, kind: text, title: Of any},
     {id: nest, kind: group, title: Nest, under: [a], elements: [{id: in, kind: text, title: In}]}]}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}, {id: x, fill_in: true}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}
- {id: number, kind: count, title: Number, per: [10 HPF], source: {book: p}}
- {id: words, kind: text, title: Words, maximum: 20, source: {book: p}}
- {id: group, kind: group, title: Group, source: {book: p}, elements: [{id: in, kind: text, title: In}, {id: out, kind: text, title: Out}]}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: text, title: One},
   {id: two, kind: choice, title: Two, choices: [{id: p}, {id: q}], followups: [{id: of_p, kind: text, title: Of p, under: [p]}]}]}
- id: stains
  kind: panel
  title: Stains
  source: {book: p}
  other: Further stain
  stains: [{id: SMA, aliases: [alpha-SMA]}, {id: CD10}]
  results: [{id: positive}, {id: negative}]
  details: [{id: extent, kind: quantity, title: Extent, unit: "%", maximum: 100, under: [positive]}]
"""  # noqa: E501


def written(answers: str) -> str:
    """A case file with these lines in its part, from column 5 of line 10 on."""
    head = toy_data()
    lines = [f"{key}: {json.dumps(value)}" for key, value in head.items() if key != "parts"]
    text = "\n".join([*lines, "parts:", "  - label: A", "    protocol: toy", "    site: arm", ""])
    return text + "".join(f"    {line}\n" for line in answers.splitlines())


FIRST = written("").count("\n") + 1


def found(answers: str) -> list[tuple[str, str, int, int]]:
    """Code, path below the part, line (from 1) and column of each finding."""
    findings = validate(read_text(written(answers), name="case.yaml")).findings
    return [
        (finding.code, finding.path.removeprefix("parts.A."), finding.place.line - FIRST + 1, finding.place.column)
        for finding in findings
    ]


MISFITS: list[tuple[str, list[tuple[str, str, int, int]]]] = [
    # keys
    ("kid: a", [("E101", "kid", 1, 5)]),
    ("kind: {result: a, of_aa: x}", [("E101", "kind.of_aa", 1, 23)]),
    ("group: {inn: x}", [("E101", "group.inn", 1, 13)]),
    ("rows:\n  - {one: x}\n  - {won: y}", [("E101", "rows.2.won", 3, 10)]),
    ("stains: {SNA: positive}", [("E101", "stains.SNA", 1, 14)]),
    ("stains: {SMA: {result: positive, extend: 5 %}}", [("E101", "stains.SMA.extend", 1, 38)]),
    ("size: {result: 5 mm, per: x}", [("E101", "size.per", 1, 26)]),
    ("many: [{result: m, texd: x}]", [("E101", "many.texd", 1, 24)]),
    ("kind: a\nsort: b", [("E203", "sort", 2, 5)]),
    ("stains: {SMA: positive, alpha-SMA: negative}", [("E203", "stains.alpha-SMA", 1, 29)]),
    # shapes
    ("group: x", [("E108", "group", 1, 12)]),
    ("group: [in]", [("E108", "group", 1, 12)]),
    ("rows: x", [("E108", "rows", 1, 11)]),
    ("rows: {one: x}", [("E108", "rows", 1, 11)]),
    ("rows: [x, {one: y}]", [("E108", "rows.1", 1, 12)]),
    ("stains: positive", [("E108", "stains", 1, 13)]),
    ("kind: [a, b]", [("E108", "kind", 1, 11)]),
    ("kind: [[a]]", [("E108", "kind", 1, 12)]),
    ("words: [one, two]", [("E108", "words", 1, 12)]),
    ("kind: {result: a, of_a: [x, y]}", [("E108", "kind.of_a", 1, 29)]),
    ("kind: {result: other, text: [x]}", [("E109", "kind", 1, 20), ("E108", "kind.text", 1, 33)]),
    ("kind: {result: cannot say, reason: {a: b}}", [("E109", "kind", 1, 20), ("E108", "kind.reason", 1, 40)]),
    # answers with details
    ("kind: {of_a: x}", [("E102", "kind", 1, 5)]),
    ("kind: {text: x}", [("E102", "kind", 1, 5)]),
    ("kind: {result: c, of_a: x, nest: {in: y}}", [("E103", "kind", 1, 20)]),
    ("number: {result: 3 per 10 HPF, count: 4 per 10 HPF}", [("E203", "number", 1, 5)]),
    ("kind: {result: b, of_a: x}", [("E204", "kind.of_a", 1, 23)]),
    ("kind: {result: b, nest: {in: x}}", [("E204", "kind.nest", 1, 23)]),
    ("kind: {result: cannot say, reason: r, of_a: x}", [("E204", "kind.of_a", 1, 43)]),
    ("kind: {result: cannot say, reason: r, of_any: x}", [("E205", "kind.of_any", 1, 51)]),
    ("rows:\n  - {two: {result: q, of_p: x}}", [("E204", "rows.1.two.of_p", 2, 27)]),
    ("stains: {SMA: {result: negative, extent: 5 %}}", [("E204", "stains.SMA.extent", 1, 38)]),
    # values, at the place of the value
    ("kind: c", [("E103", "kind", 1, 11)]),
    ("kind:\n  result: c", [("E103", "kind", 2, 15)]),
    ("many: [m, o]", [("E103", "many", 1, 11)]),
    ("size: 5", [("E105", "size", 1, 11)]),
    ("stains: {SMA: {result: positive, extent: 101 %}}", [("E104", "stains.SMA.extent", 1, 46)]),
    ("stains: {other: [{name: X, result: maybe}]}", [("E103", "stains.other.1.result", 1, 40)]),
    ("words: a text that is far too long", [("E112", "words", 1, 12)]),
    # doubt
    ("words: Рositive", [("W301", "words", 1, 12)]),
    ("words: xxx", [("W302", "words", 1, 12)]),
    ("words: TBD", [("W302", "words", 1, 12)]),
    ("words: '???'", [("W302", "words", 1, 12)]),
    ("words: ____", [("W302", "words", 1, 12)]),
    ("kind: {result: other, text: todo}", [("W302", "kind.text", 1, 33)]),
    ("kind: {result: cannot say, reason: lorem ipsum}", [("W302", "kind.reason", 1, 40)]),
    ("received_as: Рart", [("W301", "received_as", 1, 18)]),
    ("received_as: xxx", [("W302", "received_as", 1, 18)]),
]


@pytest.mark.parametrize(("answers", "wanted"), MISFITS)
def test_what_does_not_fit_is_found_at_its_place(
    answers: str, wanted: list[tuple[str, str, int, int]], templates: Templates
) -> None:
    templates.load(FORM)
    assert found(answers) == wanted


def only(answers: str) -> Finding:
    (finding,) = validate(read_text(written(answers), name="case.yaml")).findings
    return finding


@pytest.mark.parametrize(
    ("answers", "hint"),
    [
        ("kid: a", 'did you mean "kind"?'),
        ("soft: a", 'did you mean "sort"?'),
        ("acknowlege: {}", 'did you mean "acknowledge"?'),
        ("group: {inn: x}", 'did you mean "in"?'),
        ("stains: {sma: positive}", 'did you mean "SMA"?'),
        ("stains: {alpha_SMA: positive}", 'did you mean "alpha-SMA"?'),
        ("kind: c", "one of: a, b, other, cannot say"),
        ("stains: {SMA: postive}", 'did you mean "positive"?'),
        ("group: x", "one of: in, out"),
        ("rows: x", "begin each entry with a dash"),
        ("kind: {of_a: x}", "add result: …"),
        ("number: {per: 10 HPF}", "add count: …"),
        ("size: 5", "add mm"),
        ("number: 3", "add per 10 HPF"),
        ("kind: other", "write {result: other, text: …}"),
        ("kind: cannot say", 'write "cannot say (why)", or add `reason:` beside `result:`'),
    ],
)
def test_a_finding_says_what_to_do_next(answers: str, hint: str, templates: Templates) -> None:
    templates.load(FORM)
    assert only(answers).hint == hint


TWELVE = """\
kid: a
kind: {result: b, of_a: x}
many: [m, m]
size: 1,5 mm
number: 3
words: a text that is far too long
group: x
rows: [{two: z}]
stains: {SMA: {result: positive, extent: 101 %}, CD10: {extent: 5 %}, other: [{name: TBD, result: positive}]}
override: {headline: x}
acknowledge: x"""


def test_twelve_errors_of_twelve_kinds_are_twelve_findings(templates: Templates) -> None:
    templates.load(FORM)
    assert sorted(code for code, *_ in found(TWELVE)) == [
        "E101", "E101", "E102", "E103", "E104", "E105", "E106", "E108", "E108", "E112", "E203", "E204", "W302",
    ]  # fmt: skip


def answers_of(**answers: Any) -> dict[str, Answer]:
    return dict(toy_case(answers).parts[0].answers)


def test_answers_are_kept_by_path_with_the_place_of_the_value(templates: Templates) -> None:
    templates.load(FORM)
    case = valid_case(read_text(written("sort: {result: A, of_a: x}\nrows:\n  - {one: x}\n  - {two: q}"), name="c"))
    assert case is not None
    answers = case.parts[0].answers
    assert list(answers) == ["site", "kind", "kind.of_a", "rows.1.one", "rows.2.two"]
    assert [(answer.path, answer.slot) for answer in answers.values()][-2:] == [
        ("rows.1.one", "rows.one"),
        ("rows.2.two", "rows.two"),
    ]
    kind = answers["kind"]
    assert (kind.place.line - FIRST, kind.place.column) == (0, 20)


def test_nothing_entered_is_no_answer_and_no_finding(templates: Templates) -> None:
    templates.load(FORM)
    empty = "kind:\nmany: []\nsize: ''\ngroup: {in: , out: ' '}\nrows: []\nstains: {SMA: , other: []}\nreceived_as:"
    assert found(empty) == []
    assert list(answers_of(kind=None, many=[None, ""], group={}, rows=[{}], stains={"SMA": {"result": None}})) == [
        "site"
    ]


@pytest.mark.parametrize(
    ("entry", "picks"),
    [
        ("m", [("m", "m")]),
        (["m"], [("m", "m")]),
        (["m", "n"], [("m", "m"), ("n", "n")]),
        ({"result": ["m", "n"]}, [("m", "m"), ("n", "n")]),
        ({"result": ["m", "x"], "text": "own"}, [("m", "m"), ("x", "x (own)")]),
        (["m", {"result": "x", "text": "own"}], [("m", "m"), ("x", "x (own)")]),
        ([{"result": "x", "text": "one"}, {"result": "other", "text": "two"}], [("x", "x (one)"), ("other", "two")]),
        ({"result": "x", "text": "own"}, [("x", "x (own)")]),
    ],
)
def test_several_answers_may_be_written_in_several_ways(
    entry: Any, picks: list[tuple[str, str]], templates: Templates
) -> None:
    templates.load(FORM)
    value = answers_of(many=entry)["many"].value
    assert isinstance(value, Chosen)
    assert [(pick.id, pick.printed) for pick in value.picks] == picks


ANSWERED = (
    "kind: a\nmany: [m, n]\nsize: 5 mm\nnumber: 3 per 10 HPF",
    "kind: {result: b}\nmany: {result: x, text: own}\nsize: {result: 5 mm}\nnumber: {count: 3 per 10 HPF}",
    "kind: {result: cannot say, reason: r}\nstains: {SMA: {result: positive, extent: 5 %}, CD10: negative}",
)
NEARLY = [
    ("kind: {result: a, text: own}", [("E204", "kind", 1, 20)]),
    ("kind: {result: b, reason: r}", [("E204", "kind", 1, 20)]),
    ("kind: cannot say", [("E109", "kind", 1, 11)]),
    ("many: x", [("E109", "many", 1, 11)]),
    ("size: {result: 5 mm, reason: r}", [("E204", "size", 1, 20)]),
    ("size: {result: 5 mm, text: own}", [("E204", "size", 1, 20)]),
    ("number: 3", [("E105", "number", 1, 13)]),
    ("number: {count: 3 per 10 HPF, per: mm2}", [("E201", "number", 1, 21)]),
]


def test_what_was_answered_before_lets_nothing_pass(templates: Templates) -> None:
    templates.load(FORM)
    for answers in ANSWERED:
        assert found(answers) == []
    assert [found(answers) for answers, _ in MISFITS + NEARLY] == [wanted for _, wanted in MISFITS + NEARLY]


@pytest.mark.slow
def test_a_case_is_the_same_whatever_was_validated_before() -> None:
    sources = [CaseMaker(seed).case() for seed in range(40)]
    after_others = [validate(source) for source in sources]
    for source, (case, findings, *_) in zip(sources, after_others, strict=True):
        alone = validate(source)
        assert (alone.case, alone.findings) == (case, findings)


@pytest.mark.parametrize(
    "entry", ["3 per 10 HPF", {"count": 3, "per": "10 HPF"}, {"result": "3 per 10 HPF"}, {"count": "3 / 10 HPF"}]
)
def test_a_count_may_be_written_in_several_ways(entry: Any, templates: Templates) -> None:
    templates.load(FORM)
    value = answers_of(number=entry)["number"].value
    assert isinstance(value, Counted)
    assert (str(value.number), value.per) == ("3", "10 HPF")
