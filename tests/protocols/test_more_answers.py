"""Law 1, nothing is ever said because something was not entered: more answers never turn a truth round.

Every condition that the language can express is tried on fewer and on more answers: what was true or false with fewer
stays so with more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reportgen.cases.model import Case
from reportgen.language.conditions import ConditionResult
from tests.support.toy import Templates, scope_of, source_of, toy_case, toy_data, valid_case

MANY = max(400, settings().max_examples)

FORM = """
- id: kind
  kind: choice
  title: Kind
  status: core
  undetermined: cannot be determined
  choices: [{id: a}, {id: b}]
  source: {book: p}
  followups:
    - {id: detail, kind: choice, title: Detail, status: core, under: [a], choices: [{id: d}, {id: e}]}
- {id: maybe, kind: choice, title: Maybe, choices: [{id: x}, {id: y}], source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], other: false, source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, undetermined: cannot be determined, source: {book: p}}
- {id: number, kind: count, title: Number, status: core, source: {book: p}}
- {id: further, kind: count, title: Further, source: {book: p}}
- id: rows
  kind: group
  title: Row
  status: core
  repeats: true
  source: {book: p}
  elements:
    - {id: name, kind: text, title: Name}
    - id: state
      kind: choice
      title: State
      status: core
      choices: [{id: good, followups: [{id: much, kind: count, title: Much, status: core}]}, {id: bad}]
- {id: words, kind: text, title: Words, source: {book: p}}
- id: where
  kind: choice
  title: Where
  status: conditional
  applies_when: kind == 'a'
  choices: [{id: x}, {id: y}]
  source: {book: p}
- id: after
  kind: choice
  title: After
  status: conditional
  applies_when: maybe == 'x'
  choices: [{id: x}, {id: y}]
  source: {book: p}
- id: needed
  kind: choice
  title: Needed
  status: conditional
  required_when: kind == 'b'
  choices: [{id: x}, {id: y}]
  source: {book: p}
- id: stains
  kind: panel
  title: Stains
  status: core
  source: {book: p}
  stains: [{id: S1, core: true}, {id: S2, core: true}, {id: S3}]
  results: [{id: positive}, {id: negative}, {id: pending, pending: true}]
"""
EXTRA = """
facts:
  - {id: likely, when: "kind == 'a' or maybe == 'x'"}
  - {id: sure, when: "stains.S1 == 'positive' and not (number > 5)"}
criteria:
  - {id: first, title: First, met: kind == 'a', unmet: kind == 'b', source: {book: p}}
  - id: second
    title: Second
    met: stains.S1 == 'positive'
    unmet: stains.S1 == 'negative' and maybe == 'y'
    source: {book: p}
"""
WORDS = {
    "kind": ("a", "b", "other", "cannot be determined"),
    "kind.detail": ("d", "e", "other"),
    "maybe": ("x", "y", "other"),
    "where": ("x", "y"),
    "after": ("x", "y"),
    "needed": ("x", "y"),
    "stains.S1": ("positive", "negative", "pending"),
    "stains.S2": ("positive", "negative", "pending"),
    "stains.S3": ("positive", "negative"),
}
ELEMENTS = (*WORDS, "many", "size", "number", "words")


NUMBERS = ("number + further", "largest(number, further)", "smallest(number, further)", "total(rows.state.much)")
INSIDE = ("rows.state == 'good'", "rows.state != 'bad'", "rows.state.much > 1", "kind == 'a'", "not likely")


@st.composite
def counted(draw: st.DrawFn) -> str:
    """Conditions that count, over answers and over entries."""
    operator, bound = draw(st.sampled_from(("==", "!=", "<", "<=", ">", ">="))), draw(st.integers(0, 6))
    inside = draw(st.sampled_from(INSIDE))
    return draw(
        st.sampled_from(
            (
                f"{draw(st.sampled_from(NUMBERS))} {operator} {bound}",
                f"count(rows, {inside}) {operator} {bound}",
                f"any(rows, {inside})",
                f"all(rows, {inside})",
                "at_least(2, kind == 'a', maybe == 'x', likely, any(rows, rows.state == 'bad'))",
            )
        )
    )


@st.composite
def atoms(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 3)) == 0:
        return draw(counted())
    path = draw(st.sampled_from((*ELEMENTS, "likely", "sure", "criteria.met", "criteria.unmet")))
    if path not in ELEMENTS:
        return path
    if draw(st.booleans()) and draw(st.booleans()):
        return f"{path} is answered"
    if path in ("size", "number"):
        operator = draw(st.sampled_from(("==", "!=", "<", "<=", ">", ">=")))
        return f"{path} {operator} {draw(st.sampled_from((0, 1, 5, 5.5)))}"
    if path == "many":
        return f"{draw(st.sampled_from(('m', 'n')))!r} {draw(st.sampled_from(('in', 'not in')))} many"
    if path == "words":
        return f"words is naming({draw(st.sampled_from(('left', 'right')))!r})"
    words = draw(st.lists(st.sampled_from(WORDS[path]), min_size=1, max_size=2, unique=True))
    if len(words) == 1:
        return f"{path} {draw(st.sampled_from(('==', '!=')))} {words[0]!r}"
    return f"{path} {draw(st.sampled_from(('in', 'not in')))} {words!r}"


def conditions(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaves,
        lambda inner: (
            inner.map("not ({})".format)
            | st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda parts: f"({' '.join(parts)})")
        ),
        max_leaves=5,
    )


ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(("a", "b", {"result": "a", "detail": "d"}, {"result": "a", "detail": "e"}))
    | st.just({"result": "cannot be determined", "reason": "r"}),
    "maybe": st.sampled_from(("x", "y")),
    "many": st.sampled_from((["m"], ["n"], ["m", "n"])),
    "size": st.sampled_from(("1 mm", "<1 mm", ">=5 mm", "5.5 mm", "cannot be determined (r)")),
    "number": st.sampled_from(("0", "1", "5", ">5", "<=5", "9")),
    "words": st.sampled_from(("left arm", "right arm", "arm")),
    "further": st.sampled_from(("0", "2", ">=4")),
    "rows": st.lists(
        st.fixed_dictionaries(
            {"name": st.just("n")},
            optional={"state": st.sampled_from(("good", "bad", {"result": "good", "much": "2"}))},
        ),
        min_size=1,
        max_size=2,
    ),
    "where": st.sampled_from(("x", "y")),
    "after": st.sampled_from(("x", "y")),
    "needed": st.sampled_from(("x", "y")),
    "stains": st.dictionaries(
        st.sampled_from(("S1", "S2", "S3")), st.sampled_from(("positive", "negative", "pending")), min_size=1
    ),
}


@st.composite
def fewer_and_more(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers, and some more: whole elements, follow-ups and single stains."""
    more = {name: draw(answer) for name, answer in ANSWERS.items() if draw(st.integers(0, 3))}
    kind = more.get("kind")
    if kind == "b" or (isinstance(kind, dict) and kind["result"] != "a"):
        more.pop("where", None)
    if more.get("maybe") != "x":
        more.pop("after", None)
    fewer = {name: answer for name, answer in more.items() if draw(st.booleans())}
    if isinstance(fewer.get("kind"), dict) and "detail" in fewer["kind"] and draw(st.booleans()):
        fewer["kind"] = fewer["kind"]["result"]
    if "rows" in fewer:  # all entries, with less in them
        fewer = {**fewer, "rows": [each if draw(st.booleans()) else {"name": "n"} for each in fewer["rows"]]}
    if "stains" in fewer:
        kept = {name: result for name, result in fewer["stains"].items() if draw(st.booleans())}
        fewer = {**fewer, "stains": kept}
    return fewer, more


@pytest.fixture(scope="module", name="form")
def fixture_form(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    with Templates.at(tmp_path_factory.mktemp("form") / "templates") as templates:
        templates.load(FORM, extra=EXTRA)
        yield templates


def case_of(answers: dict[str, Any]) -> Case:
    """A case with these answers; what is not in order is not looked at."""
    case = valid_case(source_of(toy_data(answers)))
    assume(case is not None)
    assert case is not None
    return case


def outcomes(text: str, cases: tuple[Case, Case]) -> tuple[ConditionResult, ConditionResult]:
    fewer, more = cases
    return scope_of(fewer).truth(text), scope_of(more).truth(text)


@pytest.mark.usefixtures("form")
@settings(max_examples=MANY)
@given(conditions(atoms()), fewer_and_more())
def test_what_is_known_stays_known_when_more_is_answered(
    text: str, answers: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    before, after = outcomes(text, (case_of(answers[0]), case_of(answers[1])))
    if before.truth is not None:
        assert after.truth is before.truth
    assert before.truth is None or not before.waiting


applicable = st.sampled_from(("where", "kind.detail", "needed", "number", "stains.S1")).map("{} is applicable".format)


@pytest.mark.usefixtures("form")
@settings(max_examples=MANY)
@given(conditions(atoms() | applicable), fewer_and_more())
def test_the_same_holds_where_applying_hangs_on_required_answers(
    text: str, answers: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    before, after = outcomes(text, (case_of(answers[0]), case_of(answers[1])))
    if before.truth is not None:
        assert after.truth is before.truth


@pytest.mark.usefixtures("form")
@given(fewer_and_more())
def test_what_applies_goes_on_applying_whatever_else_is_answered(
    answers: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    cases = case_of(answers[0]), case_of(answers[1])
    for path in (*ELEMENTS, "stains"):
        before, after = outcomes(f"{path} is applicable", cases)
        if before.truth is True:
            assert after.truth is True


@pytest.mark.usefixtures("form")
def test_only_a_question_may_hang_on_something_optional_being_open() -> None:
    """The one exception, by design: `after` is asked once `maybe` is answered; until then it does not apply."""
    before, after = outcomes("after is applicable", (toy_case(), toy_case({"maybe": "x"})))
    assert (before.truth, after.truth) == (False, True)
    before, after = outcomes("after == 'x'", (toy_case(), toy_case({"maybe": "x", "after": "x"})))
    assert (before.truth, after.truth) == (None, True)


@pytest.mark.usefixtures("form")
@given(conditions(atoms()), fewer_and_more())
def test_what_is_used_was_answered_and_what_is_waited_for_was_not(
    text: str, answers: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    case = case_of(answers[1])
    outcome = scope_of(case).truth(text)
    assert outcome.used <= case.parts[0].answers.keys()
    assert not outcome.waiting & case.parts[0].answers.keys()
