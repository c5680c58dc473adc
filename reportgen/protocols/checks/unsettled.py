"""Clauses for which the search came to no answer: a solver decides, and where there is none, the protocol is refused.

Why not the benefit of the doubt: nobody would learn that a clause was never looked at to the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding
from reportgen.protocols.checks.reachability import Unspoken
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.proof.admitted import cases_of
from reportgen.protocols.proof.solver import Solver, is_installed
from reportgen.protocols.proof.statements import Speech
from reportgen.reading.source import Mapping, place_at

_HINT = "pip install 'synoptic-reportgen[prove]': the solver settles it; or name parts of the conditions as facts"


def check_unsettled(made: Compiled, source: Mapping, header: CompiledForm, left: list[Unspoken]) -> Iterator[Finding]:
    """T406 for the clauses of which the solver proves that they are never printed; T444 where nobody could tell."""
    if left and not is_installed():
        message = "could not be settled in the steps that loading takes: whether it is ever printed is not known"
        yield from (Finding("T444", place_at(source, each.path), each.id, message, _HINT) for each in left)
        return
    for clause, printed in _decided(made, header, left) if left else ():
        place = place_at(source, clause.path)
        if printed is None:
            yield Finding("T444", place, clause.id, "could not be settled by the solver in time")
        elif not printed:
            yield Finding("T406", place, clause.id, "can never be printed: the solver proves it")


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
