"""What the search at load gives up is decided by the solver, or refused; never passed over."""

from __future__ import annotations

import pytest

from reportgen.findings import Finding, FindingsError
from reportgen.protocols.checks import reachability, unsettled
from reportgen.protocols.load import load_protocol
from reportgen.protocols.proof.solver import Solver
from tests.support.toy import Templates, codes, said

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p}}
"""  # noqa: E501
CLAUSES = """\
- {id: one, when: kind == 'a', say: One., source: {book: p}}
- {id: two, when: "kind in ['a']", say: Two., source: {book: p}}
- {id: rest, when: kind == 'cannot say', say: "{{ kind.reason }}", source: {book: p}}
"""


@pytest.fixture(autouse=True)
def no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reachability, "STEPS", 0)
    monkeypatch.setattr(reachability, "TRUTHS", 0)


def found(templates: Templates, clauses: str) -> tuple[Finding, ...]:
    templates.write(FORM, wording=said(clauses))
    try:
        load_protocol("toy")
    except FindingsError as error:
        return error.findings
    return ()


def test_the_solver_decides(templates: Templates) -> None:
    (finding,) = found(templates, CLAUSES)
    assert (finding.code, finding.path) == ("T406", "comment.remark.two")
    assert str(finding.place).startswith(templates.line("id: two"))
    assert "the solver proves it" in finding.message


def test_what_the_solver_shows_to_be_printed_is_in_order(templates: Templates) -> None:
    assert found(templates, CLAUSES.replace("in ['a']", "in ['b']")) == ()


def test_without_a_solver_the_protocol_is_refused(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsettled, "is_installed", lambda: False)
    findings = found(templates, CLAUSES)
    assert {code for code, _ in codes(findings)} == {"T444"}
    assert ("T444", "comment.remark.two") in codes(findings)
    assert "pip install 'synoptic-reportgen[prove]'" in findings[0].hint


def test_a_solver_that_takes_too_long_is_told(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(Solver, "values", too_slow)
    assert ("T444", "comment.remark.two") in codes(found(templates, CLAUSES))
