"""The solver: whether formulas can hold together, and under which values. The only module that knows z3.

Why the formulas go in as one text and the answers to all yes/no variables come out as one number: piece by piece, both
take Python many times longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from reportgen.findings import refuse
from reportgen.protocols.proof.formula import FALSE, TRUE, Fold, Formula, implies, is_

INSTALL = "pip install 'synoptic-reportgen[prove]'"
_SECONDS = 20  # for one question


def is_installed() -> bool:
    """Whether there is a solver."""
    return find_spec("z3") is not None


class Solver:
    """Answers questions about the values that keep some rules.

    Args:
        rules: what always holds, unless it has a name: then where that is assumed.
        questions: formulas that may hold besides, one at a time.

    Raises:
        FindingsError: S609 where there is no solver.
    """

    def __init__(self, rules: Iterable[Formula], named: Mapping[str, Formula], questions: Sequence[Formula]) -> None:
        if not is_installed():
            raise refuse("S609", "proofs need the package z3-solver", hint=INSTALL)
        import z3

        z3.set_param("smt.phase_selection", 0)  # "no" first: examples answer little that they need not
        self._z3 = z3
        always = tuple(rules)
        script = _Script([*always, *(implies(is_(name), each) for name, each in named.items()), *questions])
        self._kinds = script.variables
        self._variables = {
            name: (z3.Bool if symbol.startswith("b") else z3.Int)(symbol) for name, symbol in script.variables.items()
        }
        self._not = {name: z3.Not(each) for name, each in self._variables.items() if self.is_yes_no(name)}
        one, zero = z3.BitVecVal(1, 1), z3.BitVecVal(0, 1)
        bits = (z3.If(self._variables[name], one, zero) for name in self._not)
        # The 1 keeps the zeros behind it when the number is written; the 0 is there since Concat needs two parts.
        self._answers = z3.Concat(zero, one, *bits)
        (whole,) = z3.parse_smt2_string(script.text)
        read, kept = whole.children(), len(always) + len(named)
        self._questions = read[kept:]
        self._solver = z3.Solver()
        self._solver.set("timeout", _SECONDS * 1000)
        self._solver.add(*read[:kept])

    def values(
        self,
        question: int | None,
        assumed: Iterable[str] = (),
        *,
        rather: Iterable[str] = (),
        rather_not: Iterable[str] = (),
        never: Iterable[Mapping[str, int]] = (),
    ) -> Mapping[str, int] | None:
        """Values of all variables under which a question holds; None where there are none.

        Args:
            question: the number of the question; None for the rules alone.
            assumed: names of rules that hold.
            rather: names of rules that hold, as far as they go together with the rest.
            rather_not: yes/no variables that are a no, as far as that goes together with the rest.
            never: yes/no values that are not wanted together.

        Raises:
            TimeoutError: where the solver could not tell in time.
        """
        known = self._variables  # without the name of a rule that holds always
        needed = [known[name] for name in assumed if name in known]
        wished = [known[name] for name in rather if name in known]
        wished += [self._not[name] for name in rather_not if name in self._not]
        self._solver.push()
        try:
            if question is not None:
                self._solver.add(self._questions[question])
            for case in never:
                literals = (self._literal(name, value) for name, value in case.items() if self.is_yes_no(name))
                self._solver.add(self._z3.Not(self._z3.And(*literals)))
            if not self._can(needed):
                return None
            if wished:
                while not self._can([*needed, *wished]):
                    core = {each.get_id() for each in self._solver.unsat_core()}
                    wished = [each for each in wished if each.get_id() not in core]
            return self._told(self._solver.model())
        finally:
            self._solver.pop()

    def is_yes_no(self, name: str) -> bool:
        """Whether a variable is a yes or no, and not a number."""
        return self._kinds.get(name, "").startswith("b")

    def _told(self, model: Any) -> dict[str, int]:
        """The values of a model; 0 where any would do."""
        answers = model.eval(self._answers, model_completion=True).as_binary_string().lstrip("0")[1:]
        told = dict(zip(self._not, map(int, answers), strict=True))
        numbers = {name: each for name, each in self._variables.items() if name not in told}
        return told | {name: model.eval(each, model_completion=True).as_long() for name, each in numbers.items()}

    def _literal(self, name: str, value: int) -> Any:
        return self._variables[name] if value else self._not[name]

    def _can(self, assumed: Sequence[Any]) -> bool:
        found = self._solver.check(*assumed)
        if found == self._z3.unknown:
            raise TimeoutError
        return bool(found == self._z3.sat)


class _Script:
    """Formulas as one row in SMT-LIB, in which each part that has parts of its own is defined once."""

    def __init__(self, formulas: Iterable[Formula]) -> None:
        self.variables: dict[str, str] = {}  # name → symbol: `b…` for a yes or no, `i…` for a number
        self._definitions: list[str] = []
        fold = Fold(self._leaf, self._joined)
        parts = [fold.of(each) for each in formulas]
        sorts = {"b": "Bool", "i": "Int"}
        declared = [f"(declare-const {symbol} {sorts[symbol[0]]})" for symbol in self.variables.values()]
        lets = [f"(let ({each})" for each in self._definitions]
        end = ")" * (len(lets) + 1)
        self.text = "\n".join([*declared, "(assert", *lets, f"(and {' '.join(parts)})", end])

    def _leaf(self, at: Formula) -> str:
        if at.kind == "is":
            return self._symbol(at.terms[0][0], "b")
        terms = [f"(* {_whole(factor)} {self._symbol(name, 'i')})" for name, factor in at.terms]
        total = f"(+ {' '.join(terms)})" if len(terms) > 1 else terms[0]
        return f"(>= {total} {_whole(at.bound)})"

    def _symbol(self, name: str, kind: str) -> str:
        return self.variables.setdefault(name, f"{kind}{len(self.variables)}")

    def _joined(self, at: Formula, parts: list[str]) -> str:
        if at is TRUE or at is FALSE:
            return "true" if at is TRUE else "false"
        symbol = f"f{len(self._definitions)}"
        self._definitions.append(f"({symbol} ({at.kind} {' '.join(parts)}))")
        return symbol


def _whole(number: int) -> str:
    return f"(- {-number})" if number < 0 else str(number)
