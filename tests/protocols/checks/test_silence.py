"""When a statement says nothing."""

from __future__ import annotations

from reportgen.protocols.checks.silence import silences
from tests.support.toy import Templates, said

FORM = """\
- {id: deep, kind: choice, title: Deep margin, status: core, other: false, undetermined: cannot be assessed, choices: [{id: involved}, {id: uninvolved}], source: {book: p}}
- {id: side, kind: choice, title: Peripheral margin, status: core, other: false, undetermined: cannot be assessed, choices: [{id: involved}, {id: uninvolved}], source: {book: p}}
"""  # noqa: E501
CLAUSES = """\
- {id: clear, when: "deep == 'uninvolved' and side == 'uninvolved'", say: Margins are clear., source: {book: p}}
- {id: involved, when: "deep == 'involved' or side == 'involved'", say: Margins are involved., source: {book: p}}
"""
REST = """\
- {id: rest, when: deep is answered and side is answered, say: See the synopsis., source: {book: p}}
"""


def found(templates: Templates, clauses: str) -> list[dict[str, str]]:
    return [
        each.answers for each in silences(templates.load(FORM, wording=said(clauses))) if "remark" in each.statement
    ]


def test_each_answer_under_which_a_statement_is_silent_is_named(templates: Templates) -> None:
    silent = found(templates, CLAUSES)
    assert {"deep": "uninvolved", "side": "cannot be assessed"} in silent
    assert {"deep": "cannot be assessed", "side": "uninvolved"} in silent
    assert not [answers for answers in silent if "involved" in answers.values()]


def test_a_statement_that_always_speaks_has_none(templates: Templates) -> None:
    assert found(templates, CLAUSES + REST) == []
