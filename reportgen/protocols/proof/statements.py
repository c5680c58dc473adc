"""Which clause of a statement speaks, in logic: what `reports.licence.Licence` decides for one case, for all cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reportgen.language.sentences import compile_words
from reportgen.language.syntax import Tree
from reportgen.protocols.model import Clause
from reportgen.protocols.proof.formula import FALSE, TRUE, Formula, all_of, any_of, no
from reportgen.protocols.proof.scope import LogicScope


class Spoken(NamedTuple):
    """What becomes of a statement.

    Attributes:
        by: where each of its clauses speaks.
        removed: where a clause that a laboratory took away would have spoken.
        pending: where it waits.
    """

    by: tuple[Formula, ...]
    removed: Formula
    pending: Formula

    @property
    def speaks(self) -> Formula:
        """Where a clause speaks."""
        return any_of(*self.by)

    @property
    def silent(self) -> Formula:
        """Where nothing is said, and nothing waited for."""
        return no(any_of(self.speaks, self.removed, self.pending))


class Speech:
    """What each statement and term says, over all cases."""

    def __init__(self, scope: LogicScope) -> None:
        self.scope = scope
        self._terms: dict[str, Spoken] = {}

    def of(self, clauses: tuple[Clause, ...]) -> Spoken:
        """What becomes of a statement or a term."""
        reached, removed, pending, by = TRUE, FALSE, FALSE, []
        for clause in clauses:
            asked = self.scope.truth(clause.when)
            held = asked.waits if clause.waits else asked.elsewhere
            here = all_of(reached, asked.true)
            pending = any_of(pending, all_of(reached, held))
            if clause.silent:
                removed = any_of(removed, here)
                by.append(FALSE)
                reached = all_of(reached, no(held), no(asked.true))
                continue
            said, waiting = self._words(clause.say)
            pending = any_of(pending, all_of(here, waiting))
            by.append(all_of(here, said))
            reached = all_of(reached, no(held), no(all_of(asked.true, any_of(said, waiting))))
        return Spoken(tuple(by), removed, pending)

    def term(self, name: str) -> Spoken:
        """What becomes of a term."""
        if name not in self._terms:
            self._terms[name] = self.of(self.scope.made.terms[name].clauses)
        return self._terms[name]

    def _words(self, say: str) -> tuple[Formula, Formula]:
        """Where all that words print is there; where the first that is missing is waited for."""
        said, waiting = TRUE, FALSE
        for name in _printed(say):
            if name.startswith("criteria."):
                continue
            if name in self.scope.made.terms:
                term = self.term(name)
                there, waits = term.speaks, term.pending
            else:
                read = self.scope.reading(name)
                there, waits = read.said, any_of(read.open, read.elsewhere)
            waiting = any_of(waiting, all_of(said, no(there), waits))
            said = all_of(said, there)
        return said, waiting


def _printed(say: str) -> Iterator[str]:
    """The names that words print, in the order in which they are looked at."""
    for _, tree in compile_words(say).pieces:
        if tree:
            yield from _names(tree)


def _names(tree: Tree) -> Iterator[str]:
    match tree:
        case ("name", path):
            yield path
        case ("filter", subject, _, arguments, named):
            # as `language.sentences` does: what is named is worked out first, then the subject, then the rest
            for each in (*named.values(), subject, *arguments):
                yield from _names(each)
