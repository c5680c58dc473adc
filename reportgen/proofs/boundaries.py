"""Boundaries of numbers: values of which nothing is said, between two that are told; values that two clauses claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from reportgen.proofs.logic import Logic
from reportgen.proofs.questions import Question, replaced
from reportgen.proofs.tried import Tried
from reportgen.protocols.compiled import condition
from reportgen.protocols.elements import CountElement, QuantityElement
from reportgen.protocols.model import Statement
from reportgen.protocols.proof.answers import amount, answered, counted_per, in_three, undetermined
from reportgen.protocols.proof.formula import Formula, Number, all_of, any_of, no, number
from reportgen.protocols.proof.numbers import signs_of

_BELOW, _ABOVE = "below", "above"


def boundaries(logic: Logic) -> Iterator[Question]:
    """The boundaries of every number that a statement or a criterion compares."""
    for name, _, statement in logic.made.protocol.wording.statements():
        clauses = [(clause.id, clause.when) for clause in statement.clauses if not clause.silent]
        for path in _compared(logic, [when for _, when in clauses]):
            if not statement.on_request:
                yield _hole_in_statement(logic, name, statement, path)
            for (one, first), (two, second) in combinations(clauses, 2):
                if path in _compared(logic, [first]) and path in _compared(logic, [second]):
                    yield _overlap(logic, f"{name}.{two}", f"{name}.{one}", (first, second), path)
    for id, (met, unmet) in logic.made.criteria.items():
        for path in _compared(logic, [met, unmet]):
            yield _hole_in_criterion(logic, id, (met, unmet), path)


def _compared(logic: Logic, texts: list[str]) -> list[str]:
    """The measured elements that conditions compare with numbers, also in facts and criteria."""
    found: set[str] = set()
    for text in texts:
        found |= {path for path, _ in condition(text).bounds}
        for name in condition(text).names:
            if name in logic.made.facts:
                found |= set(_compared(logic, [logic.made.facts[name]]))
            elif name.removeprefix("criteria.") in logic.made.criteria and name.startswith("criteria."):
                found |= set(_compared(logic, list(logic.made.criteria[name.removeprefix("criteria.")])))
    slots = logic.made.slots
    return [path for path in slots if path in found and isinstance(slots[path].element, QuantityElement | CountElement)]


class _Line:
    """One exact number, with a smaller and a greater one in its place."""

    def __init__(self, logic: Logic, path: str) -> None:
        element = logic.made.slots[path].element
        self.logic = logic
        self.per = (element.per or ("",))[0] if isinstance(element, CountElement) else ""
        self.name = amount(path, self.per)
        signs = any_of(*(sign for _, sign in signs_of(self.name)))
        counted = [counted_per(path, self.per)] if isinstance(element, CountElement) else []
        self.exact = all_of(answered(path), no(undetermined(path)), no(signs), no(in_three(path)), *counted)
        here = number(self.name)
        self.between = all_of(here.minus(self._other(_BELOW)).above(0), self._other(_ABOVE).minus(here).above(0))

    def _other(self, place: str) -> Number:
        return number(f"{self.name} {place}")

    def at(self, place: str, formula: Formula) -> Formula:
        """Where a formula holds of the number below or above in place of this one, all other answers alike."""
        return self.logic.elsewhere(formula, self.names(place))

    def names(self, place: str) -> Mapping[str, str]:
        """The variable of the number → that of the one in its place."""
        return {self.name: f"{self.name} {place}"}


def _hole_in_statement(logic: Logic, name: str, statement: Statement, path: str) -> Question:
    line, spoken = _Line(logic, path), logic.statements[name]
    quiet = [each.when for each in statement.quiet]
    covered = any_of(spoken.speaks, *(logic.plain.truth(when).true for when in quiet))
    hole = all_of(spoken.silent, no(covered), no(replaced(name, statement)))
    where = all_of(line.exact, line.between, hole, line.at(_BELOW, covered), line.at(_ABOVE, covered))

    def covers(tried: Tried) -> bool:
        return bool(tried.speaks(name)) or any(tried.scope.truth(when).truth for when in quiet)

    message = f"says nothing for some numbers of {path} between two for which it speaks"
    about = frozenset({path}) | logic.named(*(clause.when for clause in statement.clauses))
    return Question(
        "T442", name, where, lambda tried: tried.said[name] is None and not covers(tried), message, about=about,
        beside=((line.names(_BELOW), covers), (line.names(_ABOVE), covers)),
    )  # fmt: skip


def _hole_in_criterion(logic: Logic, id: str, texts: tuple[str, str], path: str) -> Question:
    line = _Line(logic, path)
    met, unmet = (logic.plain.truth(text) for text in texts)
    decided, neither = any_of(met.true, unmet.true), all_of(met.false, unmet.false)
    where = all_of(line.exact, line.between, neither, line.at(_BELOW, decided), line.at(_ABOVE, decided))

    def decides(tried: Tried) -> bool:
        return any(tried.scope.truth(text).truth for text in texts)

    return Question(
        "T442", f"criteria.{id}", where, lambda tried: all(tried.scope.truth(text).truth is False for text in texts),
        f"is neither met nor unmet for some numbers of {path} between two for which it is", about=frozenset({path}),
        beside=((line.names(_BELOW), decides), (line.names(_ABOVE), decides)),
    )  # fmt: skip


def _overlap(logic: Logic, id: str, other: str, texts: tuple[str, str], path: str) -> Question:
    """Numbers of which two clauses speak, the one of which also speaks of smaller ones, and the other of greater."""
    line = _Line(logic, path)
    first, second = (logic.plain.truth(text) for text in texts)
    only_first, only_second = all_of(first.true, no(second.true)), all_of(second.true, no(first.true))
    where = all_of(
        line.exact, line.between, first.true, second.true,
        any_of(
            all_of(line.at(_BELOW, only_first), line.at(_ABOVE, only_second)),
            all_of(line.at(_BELOW, only_second), line.at(_ABOVE, only_first)),
        ),
    )  # fmt: skip

    def claimed_once(tried: Tried) -> bool:
        return [tried.scope.truth(text).truth for text in texts].count(True) == 1

    return Question(
        "T442", id, where, lambda tried: all(tried.scope.truth(text).truth is True for text in texts),
        f"and {other} both hold for some numbers of {path}", "let one of the two begin where the other ends",
        about=frozenset({path}), beside=((line.names(_BELOW), claimed_once), (line.names(_ABOVE), claimed_once)),
    )  # fmt: skip
