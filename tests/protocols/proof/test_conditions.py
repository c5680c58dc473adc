"""Conditions that are not modeled are left open: nothing is proven of them, and what the program confirms is found."""

from __future__ import annotations

from reportgen.proofs.prove import prove
from tests.support.toy import Templates, said

FORM = """\
- {id: one, kind: quantity, title: One, status: core, unit: mm, source: {book: p}}
- {id: two, kind: quantity, title: Two, status: core, unit: mm, source: {book: p}}
"""


def test_sums_are_not_decided_unless_a_case_confirms_them(templates: Templates) -> None:
    clauses = (
        "- {id: large, when: one + two > 5, say: Large., source: {book: p}}\n"
        "- {id: small, when: one + two <= 5, say: Small., source: {book: p}}\n"
    )
    templates.write(FORM, wording=said(clauses))
    proof = prove("toy")
    assert proof.faults == []
    assert {(finding.code, finding.path) for finding in proof.undecided} >= {("W320", "comment.remark.large")}
