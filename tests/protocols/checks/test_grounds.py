"""What a condition depends on, through facts, criteria, follow-ups and entries; what a change decides anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.protocols.checks.grounds import Grounds, changed
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_protocol
from tests.support.labs import protocol_lab
from tests.support.toy import Templates

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: only, kind: choice, title: Only, status: conditional, applies_when: kind == 'a', source: {book: p},
   choices: [{id: x, followups: [{id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}]}, {id: y}]}
- {id: free, kind: text, title: Free, source: {book: p}}
- {id: lesions, kind: group, title: Lesions, repeats: true, source: {book: p},
   elements: [{id: width, kind: quantity, title: Width, unit: mm, source: {book: p}}]}
"""
EXTRA = """\
facts: [{id: is_x, when: only == 'x'}, {id: both, when: is_x and free is answered}]
criteria: [{id: c, title: C, met: kind == 'a', unmet: free is answered, source: {book: p}}]
"""


@pytest.mark.parametrize(
    ("condition", "questions"),
    [
        ("site is answered", {"site"}),
        ("kind == 'a'", {"kind"}),
        ("only == 'x'", {"only", "kind"}),
        ("only.size > 3", {"only.size", "only", "kind"}),
        ("only.reason is answered", {"only", "kind"}),
        ("is_x", {"is_x", "only", "kind"}),
        ("not both", {"both", "is_x", "only", "kind", "free"}),
        ("criteria.c == 'met'", {"criteria.c", "kind", "free"}),
        ("any(lesions, lesions.width > 3)", {"lesions", "lesions.width"}),
        ("case.age > 3 and kind == 'b'", {"case.age", "kind"}),
    ],
)
def test_a_condition_depends_on_every_question_behind_its_names(
    condition: str, questions: set[str], templates: Templates
) -> None:
    assert Grounds(templates.load(FORM, extra=EXTRA)).of(condition) == questions


def test_an_entry_and_a_detail_ask_the_question_of_their_element(templates: Templates) -> None:
    grounds = Grounds(templates.load(FORM, extra=EXTRA))
    assert grounds.question("lesions.2.width") == "lesions.width"
    assert grounds.question("only.size.reason") == "only.size"
    assert grounds.question("case.age") == "case.age"


def laid_over(tmp_path: Path, changes: str) -> Compiled:
    return load_protocol("aismn", protocol_lab(tmp_path, changes))


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ("elements: {mitoses: {label: Mitotic figures}}", {}),
        ("elements: {necrosis: {answers: {present: Seen}}}", {}),
        ("wording: {diagnosis.headline.entity: {say: A neoplasm.}}", {}),
        ("advisories: {remove: [A9]}", {}),
        ("wording: {comment.mitoses.of_note: {when: mitoses >= 3}}", {"comment.mitoses": 0}),
        ("wording: {comment.mitoses: {remove: [of_note]}}", {"comment.mitoses": 0}),
        ("thresholds: {mitoses_of_note: 2}", {"comment.mitoses": 0}),
        ("wording: {comment: {append: [{id: o, title: X, clauses: [{id: a, when: size>3, say: x}]}]}}",
         {"comment.o": 0}),
    ],
    ids=["label", "answer", "words", "advisory", "condition", "removed clause", "threshold", "added statement"],
)  # fmt: skip
def test_only_what_a_change_can_put_out_of_reach_is_searched_again(
    changes: str, first: dict[str, int], tmp_path: Path
) -> None:
    assert changed(load_protocol("aismn"), laid_over(tmp_path, changes)) == first


def test_what_speaks_before_a_change_is_not_searched_again(tmp_path: Path) -> None:
    base = load_protocol("aismn")
    own = "wording: {comment.extent: {append: [{id: own, when: residual == 'not identified', say: x}]}}"
    assert changed(base, laid_over(tmp_path, own)) == {"comment.extent": len(base.statements()["extent"].clauses)}
