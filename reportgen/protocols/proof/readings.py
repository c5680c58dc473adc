"""What names and conditions give in logic: as `Reading` and `ConditionResult` do for one case, for all cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from reportgen.language.conditions import compared
from reportgen.protocols.proof.formula import FALSE, TRUE, Formula, Number, all_of, any_of, implies, is_, no
from reportgen.protocols.proof.numbers import Spans


class Outcome(NamedTuple):
    """Where a condition is true, and where it is false; elsewhere it is not known.

    `open` and `elsewhere` are where it is not known and waits: for an answer that is missing, or for one that was given
    in other words.
    """

    true: Formula
    false: Formula
    open: Formula = FALSE
    elsewhere: Formula = FALSE

    @property
    def unknown(self) -> Formula:
        """Where it is neither true nor false."""
        return no(any_of(self.true, self.false))

    @property
    def waits(self) -> Formula:
        """Where it waits for anything."""
        return any_of(self.open, self.elsewhere)

    @property
    def negated(self) -> Outcome:
        """The outcome of the opposite condition."""
        return self._replace(true=self.false, false=self.true)


def outcome(true: Formula, false: Formula, open: Formula = FALSE, elsewhere: Formula = FALSE) -> Outcome:
    """An outcome that waits only where it is not known."""
    unknown = no(any_of(true, false))
    return Outcome(true, false, all_of(unknown, open), all_of(unknown, elsewhere))


class Text:
    """The own words at one path: which words they name, and which they are; what else they say is left open.

    Any set of words can be named together, since a text may list them; `admits` tells what naming one implies.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.looked_for: dict[str, Formula] = {}
        self.equal: dict[str, Formula] = {}
        self.others: dict[str, Formula] = {}  # path of another text → whether this one names it

    def names(self, word: str) -> Formula:
        """Whether the text names a word."""
        if not word.strip():
            return FALSE
        return self.looked_for.setdefault(word, is_(f"{self.path} names {word}"))

    def names_text(self, other: Text) -> Formula:
        """Whether the text names another text."""
        return self.others.setdefault(other.path, is_(f"{self.path} names the words of {other.path}"))

    def equals(self, word: str) -> Formula:
        """Whether the text is a word."""
        return self.equal.setdefault(word, is_(f"{self.path} is {word}"))

    def admits(self, there: Formula) -> Formula:
        """What holds of every text, where `there` tells whether there is one."""
        atoms = [*self.looked_for.values(), *self.equal.values(), *self.others.values()]
        rules = [implies(atom, there) for atom in atoms]
        for one, named in self.looked_for.items():
            rules += [
                implies(named, other)
                for two, other in self.looked_for.items()
                if one != two and compared(one, "naming", two)
            ]
        for word, equal in self.equal.items():
            for looked_for, named in self.looked_for.items():
                rules.append(implies(equal, named if compared(word, "naming", looked_for) else no(named)))
            rules += [implies(equal, no(other)) for each, other in self.equal.items() if each != word]
        return all_of(*rules)


@dataclass(frozen=True)
class LogicReading:
    """What looking at a name gives, wherever there is an answer or none.

    Attributes:
        there: where it has a value.
        worded: words that settle nothing ("cannot be determined", "other") → where it has them instead of a value.
        open: where it waits for an answer that is missing.
        elsewhere: where it waits for one that was given in other words.
        ids: the word that it equals → where it does.
        members: of an answer of several → where it is among them; None for any other value.
        true: where it is a yes.
        false: where it is a no.
        spans: its number.
        day: its date.
        text: its own words.
    """

    there: Formula = FALSE
    worded: Mapping[str, Formula] = field(default_factory=dict)
    open: Formula = FALSE
    elsewhere: Formula = FALSE
    ids: Mapping[str, Formula] = field(default_factory=dict)
    members: Mapping[str, Formula] | None = None
    true: Formula = FALSE
    false: Formula = FALSE
    spans: Spans = ()
    day: Number | None = None
    text: Text | None = None

    @property
    def in_words(self) -> Formula:
        """Where it has words that settle nothing."""
        return any_of(*self.worded.values())

    @property
    def said(self) -> Formula:
        """Where there is anything that words can print."""
        return any_of(self.there, self.in_words)

    def where(self, applies: Outcome) -> LogicReading:
        """The same reading where an element applies; where it does not, or that is not known, nothing."""
        here = applies.true

        def kept(each: Formula) -> Formula:
            return each if here is TRUE else all_of(here, each)

        return replace(
            self,
            there=kept(self.there),
            worded={word: kept(each) for word, each in self.worded.items()},
            open=any_of(kept(self.open), applies.open),
            elsewhere=any_of(kept(self.elsewhere), applies.elsewhere),
            ids={word: kept(each) for word, each in self.ids.items()},
            members=None if self.members is None else {word: kept(each) for word, each in self.members.items()},
            true=kept(self.true),
            false=kept(self.false),
            spans=tuple(each._replace(when=kept(each.when)) for each in self.spans),
        )


def of_outcome(result: Outcome) -> LogicReading:
    """A condition as a name reads it: its truth is the value."""
    true, false, open, elsewhere = result
    return LogicReading(any_of(true, false), open=open, elsewhere=elsewhere, true=true, false=false)
