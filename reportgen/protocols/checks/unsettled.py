"""Clauses for which the search that loading makes came to no answer: a solver decides, where there is one.

Loading lets them pass, so that no report depends on an optional package; the check of a profile tells of each.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.protocols.checks.grounds import changed
from reportgen.protocols.checks.reachability import Unspoken, unspoken_clauses
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.proof.admitted import cases_of
from reportgen.protocols.proof.solver import INSTALL, Solver, is_installed
from reportgen.protocols.proof.statements import Speech

_UNKNOWN = "could not be proven to be printed in any case"
_INSTALL = f"{INSTALL}: the solver settles it; or name parts of the conditions as facts"


def unsettled_clauses(made: Compiled, header: CompiledForm, base: Compiled | None) -> Iterator[tuple[str, str, str]]:
    """Full id, what is wrong, and the next step, for each clause that is never printed or of which nobody can tell.

    `base` is the protocol without the changes of a profile; only the clauses that these affect are looked at.
    """
    left = [each for each in unspoken_clauses(made, changed(base, made) if base else None) if each.unsettled]
    if left and not is_installed():
        yield from ((each.id, _UNKNOWN, _INSTALL) for each in left)
        return
    for clause, printed in _decided(made, header, left) if left else ():
        if printed is None:
            yield clause.id, _UNKNOWN, ""
        elif not printed:
            yield clause.id, "can never be printed: the solver proves it", "correct its condition or remove it"


def _decided(made: Compiled, header: CompiledForm, left: list[Unspoken]) -> Iterator[tuple[Unspoken, bool | None]]:
    """Whether there is a case that prints each clause; None where the solver came to no answer."""
    cases = cases_of(made, header)
    speech = Speech(cases.plain)
    spoken = {
        f"{name}.{clause.id}": where
        for name, _, statement in made.protocol.wording.statements()
        for clause, where in zip(statement.clauses, speech.of(statement.clauses).by, strict=True)
    }
    asked = [spoken[each.id] for each in left]
    solver = Solver((*cases.rules(), *cases.simplified(), *cases.of_texts()), {}, asked)
    for number, clause in enumerate(left):
        try:
            yield clause, solver.values(number) is not None
        except TimeoutError:
            yield clause, None
