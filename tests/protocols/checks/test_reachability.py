"""Clauses that can never be printed are found; clauses that can be are never refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.findings import FindingsError
from reportgen.language.conditions import Reading
from reportgen.protocols.checks.reachability import STEPS, Search, Unspoken, unspoken_clauses
from reportgen.protocols.load import load_protocol
from reportgen.units import Interval
from tests.support.labs import protocol_lab
from tests.support.toy import Templates, codes, said

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: many, kind: choice, multiple: true, title: M, other: false, choices: [{id: m}, {id: n}, {id: o}], source: {book: p}}
- {id: size, kind: quantity, title: Size, status: core, unit: mm, source: {book: p}}
- {id: free, kind: text, title: Free, source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
- {id: only, kind: choice, title: Only, status: conditional, applies_when: kind == 'a', choices: [{id: x}], source: {book: p}}
- {id: stains, kind: panel, title: S, status: core, stains: [{id: S1, core: true}, {id: S2, core: true}], results: [{id: pos}, {id: neg}], source: {book: p}}
"""  # noqa: E501
EXTRA = """\
facts: [{id: is_a, when: kind == 'a'}]
criteria:
  - {id: c, title: C, met: kind == 'a', unmet: kind == 'b', source: {book: p}}
  - {id: d, title: D, met: stains.S1 == 'pos', unmet: stains.S1 == 'neg' and stains.S2 == 'neg', source: {book: p}}
"""


def found(templates: Templates, *conditions: str) -> list[tuple[str, str]]:
    """What is found about the last of several clauses of one statement; those before it are reachable."""
    clauses = "".join(
        f'- {{id: c{number}, when: "{when}", say: Words, source: {{book: p}}}}\n'
        for number, when in enumerate(conditions)
    )
    try:
        templates.load(FORM, extra=EXTRA, wording=said(clauses))
    except FindingsError as error:
        return [each for each in codes(error.findings) if each[0] != "T427"]
    return []


REACHABLE = [
    ("kind == 'a'",),
    ("kind == 'a'", "kind == 'b'"),
    ("kind == 'other'", "kind == 'a'", "kind == 'b'", "kind == 'cannot say'"),
    ("kind in ['a', 'b']", "kind is answered"),
    ("kind == 'a'", "kind is answered"),
    ("size > 4 and size < 4.5",),
    ("size > 4", "size > 3.9"),
    ("size <= 4", "size > 4"),
    ("size <= 4", "size > 4", "size is answered"),  # for a size that was entered as `>3 mm`
    ("size == 0",),
    ("'m' in many and 'n' in many",),
    ("'m' in many and 'n' in many and 'o' in many",),
    ("'m' in many", "'n' in many and 'o' in many"),
    ("'m' in many", "many is answered"),
    ("free is naming('left')",),
    ("free is naming('left') and free is naming('right')",),
    ("free is naming('left')", "free is answered"),
    ("free == 'word'",),
    ("day is answered",),
    ("kind == 'a' and only == 'x'",),
    ("kind == 'a' and only == 'other'",),
    ("not (only is applicable)",),
    ("case.age > 90",),
    ("case.patient.sex == 'male'",),
    ("is_a", "not is_a"),
    ("criteria.met", "criteria.unmet"),
    ("criteria.c == 'unknown'",),
    ("criteria.d == 'unknown' and criteria.c == 'met'",),
    ("stains.S1 == 'pos'", "stains.S2 == 'pos'"),
    ("size > 4 and kind == 'a'", "size > 4", "kind == 'a'"),
    ("true",),
]


@pytest.mark.parametrize("conditions", REACHABLE)
def test_what_can_be_printed_is_in_order(conditions: tuple[str, ...], templates: Templates) -> None:
    assert found(templates, *conditions) == []


UNREACHABLE = [
    ("kind == 'a' and kind == 'b'",),
    ("kind == 'a' and not (kind == 'a')",),
    ("false",),
    ("size > 4 and size < 4",),
    ("size > 4 and size <= 3",),
    ("size < 0",),
    ("kind == 'b' and only == 'x'",),
    ("kind != 'a' and only is answered",),
    ("is_a and kind == 'b'",),
    ("criteria.met and criteria.unmet",),
    ("criteria.c == 'met' and kind == 'b'",),
    ("kind is answered", "kind == 'a'"),
    ("kind in ['a', 'b']", "kind == 'a'"),
    ("kind == 'a'", "kind == 'other'"),  # whether an answer in other words is `a` is not known: the first one holds
    ("kind == 'other'", "kind == 'a'", "kind == 'b'", "kind == 'cannot say'", "kind is answered"),
    ("size > 3", "size > 4"),
    ("'m' in many", "'m' in many and 'n' in many"),
    ("is_a", "kind == 'a'"),
    ("kind is answered", "is_a"),
    ("true", "kind == 'a'"),
    ("not (many is answered)",),
]


@pytest.mark.parametrize("conditions", UNREACHABLE)
def test_what_can_never_be_printed_is_found(conditions: tuple[str, ...], templates: Templates) -> None:
    assert found(templates, *conditions) == [("T406", f"comment.remark.c{len(conditions) - 1}")]


def test_header_and_diagnosis_are_searched_too(templates: Templates) -> None:
    wording = """\
    header:
      id: header
      title: Specimen
      clauses:
        - {id: one, when: kind is answered, say: A, source: {book: p}}
        - {id: two, when: is_a, say: B, source: {book: p}}
    diagnosis:
      - id: headline
        title: Diagnosis
        clauses: [{id: one, when: is_a and kind == 'b', say: A, source: {book: p}}]
    """
    assert codes(templates.refused(FORM, extra=EXTRA, wording=wording)) == [
        ("T406", "header.two"),
        ("T406", "diagnosis.headline.one"),
    ]


def test_a_clause_that_takes_too_long_to_settle_is_given_the_benefit_of_the_doubt(templates: Templates) -> None:
    """Eight elements with seven answers can not all be answered differently, which no search finds out soon."""
    answers = "abcdefg"
    listed = ", ".join(f"{{id: {answer}}}" for answer in answers)
    rest = f"kind: choice, title: T, status: core, other: false, choices: [{listed}], source: {{book: p}}}}\n"
    names = [f"e{number}" for number in range(len(answers) + 1)]
    elements = "".join(f"- {{id: {name}, {rest}" for name in names)
    differ = [
        " and ".join(f"not ({one} == '{each}' and {two} == '{each}')" for each in answers)
        for one, two in combinations(names, 2)
    ]
    facts = "facts:\n" + "".join(f'  - {{id: f{number}, when: "{when}"}}\n' for number, when in enumerate(differ))
    never = " and ".join(f"f{number}" for number in range(len(differ)))
    wording = said(f'- {{id: one, when: "{never}", say: W, source: {{book: p}}}}')
    templates.write(elements, extra=facts, wording=wording)
    made = load_protocol("toy")
    search = Search(made, [], never)
    assert search.found()
    assert search.unsettled
    assert search.steps == STEPS + 1
    left = Unspoken(("wording", "comment", 0, "clauses", 0), "comment.remark.one", unsettled=True)
    assert list(unspoken_clauses(made)) == [left]
    assert list(unspoken_clauses(made, {"diagnosis.headline": 0})) == []


def test_what_failed_for_a_reason_is_not_tried_again(templates: Templates) -> None:
    """Answers that have nothing to do with why a case fails are not tried one after another."""
    rest = (
        "kind: choice, title: T, status: core, other: false, choices: [{id: a}, {id: b}, {id: c}], source: {book: p}}\n"
    )
    names = [f"e{number:02d}" for number in range(14)]
    elements = "".join(f"- {{id: {name}, {rest}" for name in (*names, "z"))
    hard = " and ".join(f"({one} == 'a' or {two} == 'a')" for one, two in zip(names[::2], names[1::2], strict=True))
    search = Search(templates.load(elements), [], f"{hard} and z == 'a' and z == 'b'")
    assert (search.found(), search.unsettled) == (False, False)
    assert search.steps < 100


ATOMS = (
    "kind == 'a'", "kind == 'b'", "kind == 'cannot say'", "kind is answered", "only == 'x'", "only is applicable",
    "stains.S1 == 'pos'", "stains.S2 == 'neg'", "is_a", "criteria.c == 'met'", "criteria.d == 'unknown'",
    "criteria.unmet", "'m' in many", "size > 4", "size == 4",
)  # fmt: skip
_ATOM = st.sampled_from(ATOMS)
CONDITIONS = st.recursive(
    _ATOM | _ATOM.map(lambda one: f"not ({one})"),
    lambda inner: st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda both: f"({' '.join(both)})"),
    max_leaves=6,
)


def every_case() -> Iterator[dict[str, Reading]]:
    """All answers together that the conditions can tell apart."""
    values: dict[str, list[object]] = {
        "kind": ["a", "b", "other", "cannot say"],
        "only": ["x", "other"],
        "stains.S1": ["pos", "neg", "other", None],
        "stains.S2": ["pos", "neg", "other", None],
        "many": [frozenset({"m"}), frozenset({"n"}), None],
        "size": [*(Interval.exactly(Decimal(size)) for size in (3, 4, 5)), Interval(Decimal(3), None, low_open=True)],
    }
    for answers in product(*values.values()):
        yield {path: looked_at(path, value) for path, value in zip(values, answers, strict=True)}


def looked_at(path: str, value: Any) -> Reading:
    used = frozenset({path})
    if value in ("other", "cannot say"):
        return Reading(None, used, used if value == "other" else frozenset(), value)
    return Reading(value, used)


@given(earlier=st.lists(CONDITIONS, max_size=3), wanted=CONDITIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_the_search_finds_what_trying_everything_finds(earlier: list[str], wanted: str, templates: Templates) -> None:
    made = templates.load(FORM, extra=EXTRA)
    search = Search(made, earlier, wanted)
    found = search.found()
    assert not search.unsettled
    assert found is any(Search(made, earlier, wanted).found(case) for case in every_case())


def test_many_answers_in_one_condition_do_not_go_deep(templates: Templates) -> None:
    """A protocol of hundreds of elements is searched without calling itself for each."""
    rest = "kind: choice, title: T, status: core, other: false, choices: [{id: a}], source: {book: p}}\n"
    elements = "".join(f"- {{id: e{number}, {rest}" for number in range(300))
    rows = [" and ".join(f"e{row * 60 + n} == 'a'" for n in range(60)) for row in range(5)]
    facts = "facts:\n" + "".join(f'  - {{id: f{number}, when: "{row}"}}\n' for number, row in enumerate(rows))
    when = "f0 and f1 and f2 and f3 and f4"
    clause = f"- {{id: one, when: {when}, say: W, source: {{book: p}}}}\n"
    search = Search(templates.load(elements, extra=facts, wording=said(clause)), [], when)
    assert (search.found(), search.unsettled) == (True, False)
    assert len(search.example) == 300


def test_a_statement_of_very_many_clauses_is_refused_at_once(templates: Templates) -> None:
    clauses = "".join(
        f"- {{id: c{n}, when: size > {n} and size < {n + 2}, say: W, source: {{book: p}}}}\n" for n in range(101)
    )
    assert ("T401", "comment.remark") in codes(templates.refused(FORM, extra=EXTRA, wording=said(clauses)))


def test_a_changed_condition_that_silences_another_clause_is_found(tmp_path: Path) -> None:
    own = (
        "{id: own, when: 'true or mitoses > 0', say: x}",
        "{id: late, when: mitoses > 7, say: y}",
    )
    lab = protocol_lab(tmp_path, f"wording: {{comment.mitoses: {{append: [{', '.join(own)}]}}}}")
    with pytest.raises(FindingsError) as caught:
        load_protocol("aismn", lab)
    assert {finding.code for finding in caught.value.findings} >= {"T406"}
