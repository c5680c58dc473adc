"""A protocol in logic, with the solver that answers questions about its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from reportgen.cases.model import ESSENTIAL
from reportgen.cases.validate import overridable
from reportgen.protocols.compiled import Compiled, condition
from reportgen.protocols.load import load_header
from reportgen.protocols.proof.admitted import cases_of
from reportgen.protocols.proof.answers import answered
from reportgen.protocols.proof.formula import Fold, Formula, all_of, any_of, no, renaming, variables
from reportgen.protocols.proof.statements import Speech


class Logic:
    """Everything that questions about a protocol are made of.

    Attributes:
        made: the protocol.
        cases: the cases that validation admits.
        plain: what names give in them.
        speech: what statements say in them.
    """

    def __init__(self, made: Compiled) -> None:
        self.made = made
        self.head = load_header(made.laboratory)
        self.cases = cases_of(made, self.head, tuple(ESSENTIAL), tuple(overridable(made)))
        self.plain = self.cases.plain
        self.speech = Speech(self.plain)
        self._renamings: dict[tuple[tuple[str, str], ...], Fold[Formula]] = {}
        self.statements = {
            name: self.speech.of(statement.clauses) for name, _, statement in made.protocol.wording.statements()
        }

    @cached_property
    def contradictions(self) -> Mapping[str, Formula]:
        """Where each contradiction holds."""
        return dict(self.cases.contradictions())

    @cached_property
    def _admitted(self) -> tuple[Formula, ...]:
        return tuple(self.cases.rules())

    @cached_property
    def rules(self) -> tuple[Formula, ...]:
        """What holds of every case that validation admits, contradictions apart; questions must all be made before."""
        return (*self._admitted, *self.cases.simplified(), *self.cases.of_texts())

    def elsewhere(self, formula: Formula, names: Mapping[str, str]) -> Formula:
        """Where a formula holds of a case that differs from the one in question in some variables, and is admitted."""
        known = self._renamings.setdefault(tuple(names.items()), renaming(names))
        concerned = (rule for rule, behind in self._mentions if not behind.isdisjoint(names))
        return all_of(known.of(formula), *map(known.of, concerned))

    @cached_property
    def _mentions(self) -> tuple[tuple[Formula, frozenset[str]], ...]:
        """Every rule of validation, with its variables."""
        rules = (*self._admitted, *(no(each) for each in self.contradictions.values()))
        return tuple(zip(rules, map(variables().of, rules), strict=True))

    def behind(self, *texts: str) -> frozenset[str]:
        """The elements that conditions name, also through facts and criteria."""
        return self._elements(self.made.names_behind(*texts))

    def named(self, *texts: str) -> frozenset[str]:
        """The elements that conditions name themselves; those behind their facts where they name none."""
        own = self._elements(name for text in texts for name in condition(text).names)
        return own or self.behind(*texts)

    def _elements(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(map(self.made.element_of, names)) & self.made.slots.keys()

    def any_answered(self, paths: frozenset[str]) -> Formula:
        """Where some element is answered; a stain for its panel, any element of a group for the group."""
        asked = [slot.path for slot in self.cases.asked]
        return any_of(
            *(answered(path) for path in asked if any(path == each or path.startswith(f"{each}.") for each in paths))
        )
