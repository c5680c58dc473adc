"""Which clause of a statement may speak, and what it says; or what the statement waits for.

A clause speaks only where its condition holds and every answer its words print is there. Words that lean on something
required and unanswered make the statement pending; words that lean on something optional make the clause silent.
"""

from __future__ import annotations

from typing import NamedTuple

from reportgen.cases.answer_values import AnswerScope
from reportgen.language.grammar import listing
from reportgen.language.sentences import compile_words
from reportgen.protocols.compiled import PENDING_RESULTS, TOLD_RESULTS, Compiled
from reportgen.protocols.model import Clause
from reportgen.reports.answer_words import response_words, words_of
from reportgen.reports.labels import Labels

_NOTHING: frozenset[str] = frozenset()
_MARK = {"unmet_titles": "unmet", "unknown_titles": "unknown"}


class Spoken(NamedTuple):
    """What a clause says, and the answers that licensed it."""

    clause: Clause
    text: str
    used: frozenset[str]


class Pending(NamedTuple):
    """A statement that may not speak yet: the elements it waits for, unanswered or answered in other words."""

    waiting: frozenset[str]


class Unlicensed(Exception):
    """Raised while words are put together, where an answer they print is not there."""

    def __init__(self, waiting: frozenset[str]) -> None:
        super().__init__()
        self.waiting = waiting


class Licence:
    """Decides what may be said of one part."""

    def __init__(self, protocol: Compiled, scope: AnswerScope, labels: Labels) -> None:
        self.protocol = protocol
        self.scope = scope
        self.labels = labels
        self._terms: dict[str, Spoken | Pending | None] = {}

    def speak(self, clauses: tuple[Clause, ...]) -> Spoken | Pending | None:
        """The first licensed clause with its words; what is waited for; or None where nothing is to be said."""
        for clause in clauses:
            truth, used, waiting = self.scope.truth(clause.when)
            if truth is None and waiting:
                held = waiting if clause.waits else waiting - self.scope.still_open(waiting)
                if held:
                    return Pending(held)
            if truth is not True:
                continue
            if clause.silent:
                return None
            try:
                text, printed = self.render(clause.say)
            except Unlicensed as unlicensed:
                if unlicensed.waiting:
                    return Pending(unlicensed.waiting)
                continue
            return Spoken(clause, text, used | printed)
        return None

    def render(self, say: str) -> tuple[str, frozenset[str]]:
        """The words with the answers put in, and the answers used; raises `Unlicensed`."""
        words = compile_words(say)
        if not words.names:
            return words.plain, _NOTHING
        used = _NOTHING

        def shown(name: str) -> tuple[str, ...]:
            nonlocal used
            items, behind = self.items(name)
            used |= behind
            return items

        return words.printed(shown), used

    def term(self, name: str) -> Spoken:
        """What a term says for these answers; raises `Unlicensed`."""
        if name not in self._terms:
            self._terms[name] = self.speak(self.protocol.terms[name].clauses)
        spoken = self._terms[name]
        if isinstance(spoken, Spoken):
            return spoken
        raise Unlicensed(spoken.waiting if spoken else frozenset())

    def items(self, path: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """The words printed for a name and the answers behind them; raises `Unlicensed`."""
        if path in self.protocol.terms:
            spoken = self.term(path)
            return (spoken.text,), spoken.used
        if path.startswith("criteria."):
            return self._criteria(_MARK[path.removeprefix("criteria.")])
        value, used, waiting, undetermined = self.scope.reading(path)
        if value is None and not undetermined:
            raise Unlicensed(waiting)
        if path.endswith((f".{TOLD_RESULTS}", f".{PENDING_RESULTS}")) and path not in self.protocol.slots:
            return self._of_panel(*path.rsplit(".", 1)), used
        above, _, name = path.rpartition(".")
        if name == "text" and path not in self.protocol.slots and above in self.scope.answers:
            return (response_words(self.scope.answers[above], self.labels),), used
        answer = self.scope.answers.get(path)
        return (str(value),) if answer is None else words_of(answer, self.labels), used

    def _of_panel(self, panel: str, name: str) -> tuple[str, ...]:
        """What is told of a panel: `positive for X and Y`, `negative for Z`; or the names of the stains to come."""
        pending = name == PENDING_RESULTS
        found = self.scope.stains_by_result(self.protocol.slots[panel], pending=pending)
        if pending:
            return tuple(each for _, stains in found for each, _ in stains)
        pattern, conjunction = self.labels.stain_result, self.labels.conjunction
        return tuple(
            pattern.format(result=result.words, names=listing([each for each, _ in stains], conjunction))
            for result, stains in found
        )

    def _criteria(self, state: str) -> tuple[tuple[str, ...], frozenset[str]]:
        titles, used = [], frozenset[str]()
        for criterion in self.protocol.protocol.criteria:
            met, unmet = self.scope.criterion(criterion.id)
            if state == ("met" if met.truth else "unmet" if unmet.truth else "unknown"):
                titles.append(
                    criterion.title[:1].lower() + criterion.title[1:] if _plain(criterion.title) else criterion.title
                )
                used |= met.used | unmet.used
        return tuple(titles), used


def _plain(title: str) -> bool:
    """Whether a title begins with an ordinary word, which takes a small letter inside a sentence."""
    first = title.split()[0]
    return first[1:].islower() or len(first) == 1
