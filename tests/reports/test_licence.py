"""Who may speak: the first clause whose condition holds and whose answers are there; or what is waited for."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.language.sentences import compile_words
from reportgen.reports.licence import Licence, Pending, Spoken
from reportgen.reports.load_labels import load_labels
from tests.support.toy import Templates, said, scope_of, toy_case

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a}, {id: b, label: the b kind}], source: {book: p}}
- {id: other_one, kind: choice, title: Other one, status: core, choices: [{id: x}, {id: y}], source: {book: p}}
- {id: maybe, kind: text, title: Maybe, source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}, {id: o}], source: {book: p}}
- {id: only_a, kind: text, title: Only a, status: conditional, applies_when: kind == 'a', source: {book: p}}
"""  # noqa: E501
EXTRA = """\
criteria:
  - {id: one, title: First of all, met: kind == 'a', unmet: kind == 'b', source: {book: p}}
  - {id: two, title: SMA expression, met: other_one == 'x', unmet: other_one == 'other', source: {book: p}}
"""
TERMS = """\
terms:
  - id: thing
    clauses:
      - {id: a, when: kind == 'a', say: small thing}
      - {id: b, when: kind == 'b', say: "{{ kind }} thing"}
"""


def spoken(templates: Templates, clauses: str, **answers: Any) -> Spoken | Pending | None:
    made = templates.load(FORM, extra=EXTRA, wording=said(clauses, terms=TERMS))
    case = toy_case(answers)
    return Licence(made, scope_of(case), load_labels()).speak(made.protocol.wording.comment[0].clauses)


def clause(id: str, when: str, say: str) -> str:
    uses = ", ".join(sorted(compile_words(say).names - {"thing"}))
    return f'- {{id: {id}, when: "{when}", say: "{say}", uses: [{uses}], source: {{book: p}}}}\n'


def text(result: Spoken | Pending | None) -> str | set[str] | None:
    """What is said; the elements waited for; or nothing."""
    if isinstance(result, Pending):
        return set(result.waiting)
    return result.text if result else None


KIND = clause("one", "kind == 'a'", "First.") + clause("two", "kind is answered", "Second: {{ kind }}.")
MAYBE = clause("one", "kind == 'a' and maybe is answered", "With {{ maybe }}.") + clause(
    "two", "kind == 'a'", "Without."
)


@pytest.mark.parametrize(
    ("clauses", "answers", "wanted"),
    [
        (KIND, {"kind": "a"}, "First."),
        (KIND, {"kind": "b"}, "Second: the b kind."),
        (KIND, {"kind": "cannot say (why)"}, "Second: cannot say."),
        # what an answer in other words may mean is not known: it holds a statement that asks for one of those listed
        (KIND, {"kind": {"result": "other", "text": "my own"}}, {"kind"}),
        (
            clause("one", "kind is answered", "Second: {{ kind }}."),
            {"kind": {"result": "other", "text": "my own"}},
            "Second: my own.",
        ),
        (KIND, {}, {"kind"}),
        # something optional that was not entered makes a clause silent, and the next one speaks
        (MAYBE, {"kind": "a", "maybe": "more"}, "With more."),
        (MAYBE, {"kind": "a"}, "Without."),
        (MAYBE, {"kind": "b"}, None),
        # an earlier clause that waits holds the later ones back
        (
            clause("one", "other_one == 'x'", "One.") + clause("two", "kind == 'a'", "Two."),
            {"kind": "a"},
            {"other_one"},
        ),
        # what an answer that is there decides is not waited for
        (clause("one", "kind == 'b' and other_one == 'x'", "One."), {"kind": "a"}, None),
        # words that lean on something required and open are pending, whatever the condition says
        (clause("one", "kind == 'a'", "{{ other_one }}"), {"kind": "a"}, {"other_one"}),
        (clause("one", "kind == 'a'", "{{ only_a }}"), {"kind": "a"}, {"only_a"}),
        (clause("one", "kind is answered", "{{ only_a }}"), {"kind": "b"}, None),
        # words that lean on something that was answered otherwise are silent
        (clause("one", "kind is answered", "{{ kind.text }}"), {"kind": "a"}, None),
        (clause("one", "kind is answered", "{{ kind.reason }}"), {"kind": "a"}, None),
        (clause("one", "kind is answered", "{{ kind.reason }}"), {"kind": "cannot say (too thin)"}, "too thin"),
        # several answers
        (clause("one", "many is answered", "{{ many|listing }}"), {"many": ["m"]}, "m"),
        (clause("one", "many is answered", "{{ many|listing }}"), {"many": ["m", "n"]}, "m and n"),
        (clause("one", "many is answered", "{{ many|listing }}"), {"many": ["m", "n", "o"]}, "m, n and o"),
        (clause("one", "many is answered", "{{ many }}"), {"many": ["m", "n"]}, "m, n"),
        (clause("one", "many is answered", "{{ many|plural('is', 'are') }}"), {"many": ["m", "n"]}, "are"),
        (clause("one", "many is answered", "{{ many|also(kind)|listing }}"), {"many": ["m"], "kind": "a"}, "m and a"),
        (clause("one", "many is answered", "{{ many|also(kind)|listing }}"), {"many": ["m"]}, {"kind"}),
        # terms
        (clause("one", "kind is answered", "A {{ thing }}."), {"kind": "a"}, "A small thing."),
        (clause("one", "kind is answered", "A {{ thing }}."), {"kind": "b"}, "A the b kind thing."),
        (clause("one", "kind is answered", "A {{ thing }}."), {"kind": "cannot say (why)"}, None),
        (clause("one", "site is answered", "A {{ thing }}."), {}, {"kind"}),
        # criteria
        (
            clause("one", "criteria.unmet", "not: {{ criteria.unmet_titles|listing }}"),
            {"kind": "b"},
            "not: first of all",
        ),
        (
            clause("one", "criteria.unmet", "not: {{ criteria.unmet_titles|listing }}"),
            {"kind": "b", "other_one": {"result": "other", "text": "x"}},
            "not: first of all and SMA expression",
        ),
        (clause("one", "criteria.unmet", "X"), {"kind": "a"}, {"other_one"}),
        (clause("one", "site is answered", "{{ criteria.unknown_titles|listing }}"), {"kind": "a"}, "SMA expression"),
        # the header
        (clause("one", "case.age > 70", "{{ case.patient.name }}, {{ case.collected }}"), {}, "N, 2026-01-01"),
        # line breaks and marks of the answers are kept
        (clause("one", "maybe is answered", "<{{ maybe }}>"), {"maybe": "{{ kind }} & <b>"}, "<{{ kind }} & <b>>"),
    ],
)
def test_what_is_said(clauses: str, answers: dict[str, Any], wanted: object, templates: Templates) -> None:
    assert text(spoken(templates, clauses, **answers)) == wanted


def test_what_is_said_names_every_answer_it_leans_on(templates: Templates) -> None:
    clauses = clause(
        "one", "kind == 'a' and site is answered", "{{ many|listing }} {{ thing }} {{ case.patient.name }}"
    )
    clauses = clauses.replace("site is answered", "site is answered and many is answered")
    result = spoken(templates, clauses, kind="a", many=["m"])
    assert isinstance(result, Spoken)
    assert result.used == {"kind", "site", "many", "case.patient.name"}
    assert result.clause.id == "one"
