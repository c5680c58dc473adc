"""What the search at load gives up is let pass, decided by the solver, and never passed over without a word."""

from __future__ import annotations

import pytest

from reportgen.protocols.checks import reachability, unsettled
from reportgen.protocols.load import load_header, load_protocol
from reportgen.protocols.proof.solver import Solver
from tests.support.toy import Templates, said

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


def found(templates: Templates, clauses: str) -> dict[str, tuple[str, str]]:
    """What is said of each clause; the protocol itself can be loaded."""
    templates.write(FORM, wording=said(clauses))
    made = load_protocol("toy")
    return {id: (message, hint) for id, message, hint in unsettled.unsettled_clauses(made, load_header(), None)}


def test_the_solver_decides(templates: Templates) -> None:
    ((id, (message, _)),) = found(templates, CLAUSES).items()
    assert id == "comment.remark.two"
    assert "the solver proves it" in message


def test_what_the_solver_shows_to_be_printed_is_in_order(templates: Templates) -> None:
    assert found(templates, CLAUSES.replace("in ['a']", "in ['b']")) == {}


def test_without_a_solver_the_protocol_loads_and_each_clause_is_told(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsettled, "is_installed", lambda: False)
    message, hint = found(templates, CLAUSES)["comment.remark.two"]
    assert message == "could not be proven to be printed in any case"
    assert "pip install 'synoptic-reportgen[prove]'" in hint


def test_a_solver_that_takes_too_long_is_told(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(Solver, "values", too_slow)
    assert "could not be proven" in found(templates, CLAUSES)["comment.remark.two"][0]
