"""The cases that the solver finds are admitted by the program, and show what they were found for."""

from __future__ import annotations

from reportgen.proofs.logic import Logic
from reportgen.proofs.tried import tried
from reportgen.proofs.witness import Witness
from reportgen.protocols.proof.formula import no
from reportgen.protocols.proof.solver import Solver
from tests.protocols.proof.test_scope import ATOMS, EXTRA, FORM
from tests.support.toy import Templates

# The prop has no other value, and `more` is only asked where `only` is its one answer.
NEVER_FALSE = {"true", "kind.noun == 'one'", "only == more"}
NEVER_FALSE |= {atom for atom in ATOMS if atom.endswith("is answered")}
NO_LATERALITY = {"container.other_side"}  # this form asks for none, so that no label can name another side


def test_every_condition_is_shown_where_it_is_true_and_where_it_is_false(templates: Templates) -> None:
    made = templates.load(FORM, extra=EXTRA)
    logic = Logic(made)
    wanted = [(atom, truth) for atom in ATOMS for truth in (True, False)]
    asked = [getattr(logic.plain.truth(atom), "true" if truth else "false") for atom, truth in wanted]
    solver = Solver((*logic.rules, *map(no, logic.contradictions.values())), {}, asked)
    for number, (atom, truth) in enumerate(wanted):
        values = solver.values(number)
        if values is None:
            assert atom in (NO_LATERALITY if truth else NEVER_FALSE), (atom, truth)
            continue
        shown = tried(Witness(made, logic.head, logic.plain.texts, values).case(), None)
        assert shown is not None, (atom, truth)
        assert shown.scope.truth(atom).truth is truth, (atom, truth)
