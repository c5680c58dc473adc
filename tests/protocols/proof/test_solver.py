"""The solver finds values exactly where there are any."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import FindingsError
from reportgen.protocols.proof import solver
from reportgen.protocols.proof.formula import Formula, all_of, any_of, evaluation, is_, no, number
from reportgen.protocols.proof.solver import Solver

NAMES = ("a", "b", 'c "quoted" | µ')
LEAVES = st.sampled_from(NAMES).map(is_) | st.builds(
    lambda factor, bound: number("n", factor).at_least(bound), st.sampled_from((1, -2)), st.integers(-4, 4)
)
FORMULAS = st.recursive(
    LEAVES | st.sampled_from((all_of(), any_of())),
    lambda inner: inner.map(no) | st.builds(all_of, inner, inner) | st.builds(any_of, inner, inner),
    max_leaves=8,
)
IN_RANGE = all_of(number("n").at_least(-3), no(number("n").at_least(4)))


@given(rule=FORMULAS, question=FORMULAS)
def test_values_are_found_where_trying_all_finds_any(rule: Formula, question: Formula) -> None:
    both = all_of(rule, question)
    tries = (dict(zip((*NAMES, "n"), each, strict=True)) for each in product((0, 1), (0, 1), (0, 1), range(-3, 4)))
    found = Solver([rule, IN_RANGE], {}, [question]).values(0)
    assert (found is not None) is any(evaluation(values).of(both) for values in tries)
    if found is not None:
        assert evaluation(found).of(all_of(both, IN_RANGE))


def test_wishes_are_kept_as_far_as_they_go_together() -> None:
    made = Solver([any_of(is_("a"), is_("b"))], {"rule": no(is_("a"))}, [all_of()])
    assert made.values(0, rather_not=["a", "b", "unknown"]) is not None
    found = made.values(0, ["rule"], rather_not=["b"])
    assert found is not None
    assert (found["a"], found["b"]) == (0, 1)
    assert made.values(0, ["rule"], never=[{"b": 1}]) is None


def test_a_rule_that_always_holds_may_be_assumed_and_wished_for() -> None:
    made = Solver([is_("a")], {"always": all_of()}, [all_of()])
    assert made.values(0, ["always"], rather=["always"]) == {"a": 1}


def test_a_missing_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "is_installed", lambda: False)
    with pytest.raises(FindingsError, match="S609"):
        Solver([], {}, [])
