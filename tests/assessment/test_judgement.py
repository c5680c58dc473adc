"""Criteria, advisories, stops and their acknowledgement."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.assessment.judgement import assess, unacknowledged, unanswered
from reportgen.assessment.model import AdvisoryState
from reportgen.cases.model import Case
from reportgen.protocols.model import Level
from tests.support.toy import Templates, codes, scope_of, toy_case

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: maybe, kind: choice, title: Maybe, choices: [{id: x}, {id: y}], source: {book: p}}
- {id: count, kind: count, title: Count, status: core, source: {book: p}}
""".replace("id: count,", "id: number,")  # noqa: E501
EXTRA = """\
criteria:
  - {id: one, title: One, met: kind == 'a', unmet: kind == 'b', source: {book: chapter 1, book2: chapter 2}}
  - {id: two, title: Two, met: maybe == 'x', unmet: maybe == 'y', source: {book: chapter 3}}
advisories:
  - id: N
    title: Number
    source: {book: chapter 4}
    levels:
      - {level: warning, when: number > 20, say: Very many.}
      - {level: note, when: number > 5, say: Many.}
  - id: S
    title: Stop
    source: {book: chapter 5}
    levels:
      - {level: stop, when: kind == 'b', say: Do not go on.}
      - {level: note, when: maybe == 'y', say: Think.}
"""


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    text = EXTRA.replace("book2: chapter 2", "more: chapter 2")
    templates.write(FORM, extra=text)
    path = templates.folder / "protocols" / "toy" / "protocol.yaml"
    sources = "sources: {book: {title: A book}, more: {title: Another}}\n"
    path.write_text(templates.text.replace("sources: {book: {title: A book}}\n", sources), encoding="utf-8")


def case(**answers: Any) -> Case:
    return toy_case(answers)


def states(**answers: Any) -> dict[str, str]:
    made = case(**answers)
    return {state.id: state.state for state in assess(made.parts[0], scope_of(made)).criteria}


def raised(**answers: Any) -> list[tuple[str, str, str, bool]]:
    made = case(**answers)
    return [
        (each.id, each.level.value, each.say, each.certain) for each in assess(made.parts[0], scope_of(made)).advisories
    ]


@pytest.mark.parametrize(
    ("answers", "one", "two"),
    [
        ({}, "unknown", "unknown"),
        ({"kind": "a"}, "met", "unknown"),
        ({"kind": "b"}, "unmet", "unknown"),
        ({"kind": {"result": "other", "text": "x"}}, "unknown", "unknown"),
        ({"kind": "cannot say (why)"}, "unknown", "unknown"),
        ({"maybe": "x"}, "unknown", "met"),
        ({"maybe": "y"}, "unknown", "unmet"),
    ],
)
def test_a_criterion_is_met_unmet_or_unknown_and_unknown_is_never_unmet(
    answers: dict[str, Any], one: str, two: str
) -> None:
    assert states(**answers) == {"one": one, "two": two}


def test_a_criterion_names_the_answers_it_was_judged_by_and_its_sources() -> None:
    made = case(kind="a")
    criterion = assess(made.parts[0], scope_of(made)).criteria[0]
    assert criterion.used == ("kind",)
    assert criterion.source == "A book: chapter 1; Another: chapter 2"
    assert made.parts[0].protocol.cite({"more": "p. 3"}) == ("Another: p. 3",)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("5", []),
        ("6", [("N", "note", "Many.", True)]),
        ("20", [("N", "note", "Many.", True)]),
        ("21", [("N", "warning", "Very many.", True)]),
        ("<5", []),
        (">25", [("N", "warning", "Very many.", True)]),
        # a number that leaves a level open is heard of as a note, and never louder
        (">=4", [("N", "note", "Many.", False)]),
        (">=18", [("N", "note", "Many.", True), ("N", "note", "Very many.", False)]),
        ("<=30", [("N", "note", "Many.", False)]),
        ("cannot", None),
    ],
)
def test_the_first_level_that_holds_speaks(number: str, found: list[tuple[str, str, str, bool]] | None) -> None:
    if found is not None:
        assert raised(number=number) == found


def test_what_is_waited_for_raises_nothing() -> None:
    assert raised() == []
    assert raised(maybe="x") == []


def test_several_advisories_stand_in_the_order_of_the_protocol() -> None:
    assert [each[0] for each in raised(number="9", kind="b")] == ["N", "S"]
    assert raised(maybe="y") == [("S", "note", "Think.", True)]


def findings(made: Case) -> list[tuple[str, str]]:
    part = made.parts[0]
    return codes(unacknowledged(part, assess(part, scope_of(made)).advisories))


def test_a_stop_blocks_until_it_is_acknowledged_with_a_reason() -> None:
    assert findings(case(kind="b")) == [("E301", "parts.A.S")]
    assert findings(case(kind="b", acknowledge={"S": "seen at the conference"})) == []
    made = case(kind="b", acknowledge={"S": "seen at the conference"})
    (state,) = assess(made.parts[0], scope_of(made)).advisories
    assert (state.acknowledged, state.blocks, state.level) == ("seen at the conference", False, Level.stop)


def test_a_stop_says_how_to_acknowledge_it() -> None:
    part = case(kind="b").parts[0]
    (finding,) = unacknowledged(part, assess(part, scope_of(case(kind="b"))).advisories)
    assert finding.message == "stops this report (Stop). Do not go on."
    assert 'acknowledge: {S: "…"}' in finding.hint
    assert finding.place == part.place


def test_an_acknowledgement_of_what_is_not_raised_is_refused() -> None:
    assert findings(case(kind="a", acknowledge={"S": "known and discussed"})) == [("E111", "parts.A.acknowledge.S")]
    # the same advisory raised as a note is no stop
    assert findings(case(maybe="y", acknowledge={"S": "known and discussed"})) == [("E111", "parts.A.acknowledge.S")]


def test_a_warning_holds_back_finalizing_until_it_is_acknowledged() -> None:
    made = case(number="21")
    part, states = made.parts[0], assess(made.parts[0], scope_of(made)).advisories
    (finding,) = unanswered(part, states)
    assert (finding.code, finding.path, finding.place) == ("E304", "parts.A.N", part.place)
    assert 'in part A: acknowledge: {N: "…"}' in finding.hint
    assert findings(made) == []
    made = case(number="21", acknowledge={"N": "counted twice by two"})
    part, states = made.parts[0], assess(made.parts[0], scope_of(made)).advisories
    assert list(unanswered(part, states)) == []
    assert [each.acknowledged for each in states] == ["counted twice by two"]


def test_a_note_needs_no_acknowledgement_and_takes_none() -> None:
    made = case(number="9")
    assert list(unanswered(made.parts[0], assess(made.parts[0], scope_of(made)).advisories)) == []
    assert findings(case(number="9", acknowledge={"N": "counted twice by two"})) == [("E111", "parts.A.acknowledge.N")]


def test_judging_twice_gives_the_same_and_changes_nothing() -> None:
    made = case(kind="b", number="21")
    before = made.fingerprint()
    first, second = (assess(made.parts[0], scope_of(made)) for _ in range(2))
    assert first == second
    assert made.fingerprint() == before
    assert all(isinstance(each, AdvisoryState) for each in first.advisories)
