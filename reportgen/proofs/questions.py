"""What is asked of a protocol: each question as a formula, and as a look at what the program makes of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from reportgen.language.sentences import compile_words
from reportgen.proofs.logic import Logic
from reportgen.proofs.tried import Tried
from reportgen.protocols.checks.denials import denied_only, open_readings
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.model import Clause, Statement
from reportgen.protocols.proof.answers import chosen, undetermined
from reportgen.protocols.proof.formula import FALSE, Formula, all_of, any_of, is_, no
from reportgen.protocols.proof.statements import Spoken

Look = Callable[[Tried], bool]


@dataclass(frozen=True)
class Question:
    """Whether there is a case of some kind.

    Attributes:
        code: of the finding, where the answer is a fault.
        id: what it is about, as profiles address it.
        formula: where it holds.
        shows: whether a case that the program has composed shows it.
        message: the fault.
        hint: the next step, where it differs from that of the code.
        wanted: whether there should be such a case.
        about: the elements whose answers the finding tells.
        refused: the contradiction that the case is refused for, and that is not required to be absent.
        beside: cases that differ in some variables, each with what it shows.
    """

    code: str
    id: str
    formula: Formula
    shows: Look
    message: str
    hint: str = ""
    wanted: bool = False
    about: frozenset[str] = frozenset()
    refused: str = ""
    beside: tuple[tuple[Mapping[str, str], Look], ...] = ()


def questions(logic: Logic, advises: Callable[[str], bool]) -> Iterator[Question]:
    """Everything that is asked of statements; `advises` tells whether words recommend something."""
    for name, _, statement in logic.made.protocol.wording.statements():
        spoken = logic.statements[name]
        yield from _reached(logic, name, statement.clauses, spoken)
        yield from _on_negation(logic, name, statement.clauses, spoken)
        if not statement.on_request:
            yield from _silent(logic, name, statement, spoken)
    yield from _together(logic, advises)


def _reached(logic: Logic, name: str, clauses: tuple[Clause, ...], spoken: Spoken) -> Iterator[Question]:
    for clause, where in zip(clauses, spoken.by, strict=True):
        if not clause.silent:
            yield Question(
                "T406", f"{name}.{clause.id}", where, _speaks(name, clause.id), "can never be printed", wanted=True
            )


def _speaks(name: str, clause: str) -> Look:
    return lambda tried: tried.speaks(name) == clause


def replaced(name: str, statement: Statement) -> Formula:
    """Where words of the pathologist's own replace a statement."""
    section, _, id = name.partition(".")
    if section == "comment":
        return any_of(is_("override.comment"), is_(f"override.{id}") if statement.override else FALSE)
    return is_("override.diagnosis") if section == "diagnosis" and statement.override else FALSE


def _silent(logic: Logic, name: str, statement: Statement, spoken: Spoken) -> Iterator[Question]:
    """Silence that the statement does not say it is meant to keep; and what it says it keeps, but never does."""
    conditions = [clause.when for clause in statement.clauses]
    about = logic.named(*conditions)
    quiet = [each.when for each in statement.quiet]
    meant = any_of(*(logic.plain.truth(when).true for when in quiet))
    silent = all_of(spoken.silent, no(replaced(name, statement)))

    def is_silent(tried: Tried) -> bool:
        return tried.said[name] is None and not any(tried.scope.truth(when).truth for when in quiet)

    def is_kept(when: str, tried: Tried) -> bool:
        return tried.said[name] is None and tried.scope.truth(when).truth is True

    yield Question(
        "T440", name, all_of(silent, no(meant), logic.any_answered(about)), is_silent, "can say nothing", about=about
    )
    for number, when in enumerate(quiet):
        yield Question(
            "T440", f"{name}.quiet.{number}", all_of(silent, logic.plain.truth(when).true),
            partial(is_kept, when),
            "is never kept: it always speaks there", "remove the entry, or correct its condition", wanted=True,
        )  # fmt: skip


def _on_negation(logic: Logic, name: str, clauses: tuple[Clause, ...], spoken: Spoken) -> Iterator[Question]:
    """Sentences about an element that is answered with what is open, for want of the other answers."""
    waived = {waiver.id for waiver in logic.made.waivers}
    for clause, where in zip(clauses, spoken.by, strict=True):
        for path in denied_only(logic.made, clause.when) if f"{name}.{clause.id}" not in waived else ():
            slot = logic.made.slots.get(path)
            if slot is None or slot.repeated or not isinstance(slot.element, ChoiceElement):
                continue
            for answer, _ in open_readings(slot):
                given = undetermined(path) if answer == slot.element.undetermined else chosen(path, answer)
                yield Question(
                    "T427", f"{name}.{clause.id}", all_of(where, given), _speaks(name, clause.id),
                    f'would be printed for {path} answered "{answer}": its condition only says what {path} is not',
                    about=frozenset({path}),
                )  # fmt: skip


def _together(logic: Logic, advises: Callable[[str], bool]) -> Iterator[Question]:
    """Two sentences of which only one may be printed: two recommendations, two stages."""
    kinds: dict[str, list[tuple[str, Statement]]] = {}
    for name, _, statement in logic.made.protocol.wording.statements():
        kind = statement.one_of or ("recommendation" if any(map(advises, _said(statement))) else "")
        if kind and not statement.on_request:
            kinds.setdefault(kind, []).append((name, statement))
    for kind, members in kinds.items():
        for number, (one, first) in enumerate(members):
            for two, second in members[number + 1 :]:
                where = all_of(
                    _says(logic, one, first), _says(logic, two, second),
                    no(replaced(one, first)), no(replaced(two, second)),
                )  # fmt: skip
                yield Question(
                    "T441", one, where, _both_speak(one, two), f"can be printed together with {two}, also a {kind}",
                    about=logic.named(*(each.when for each in (*first.clauses, *second.clauses))),
                )  # fmt: skip


def _said(statement: Statement) -> Iterator[str]:
    return (compile_words(clause.say).plain for clause in statement.clauses if not clause.gap)


def _says(logic: Logic, name: str, statement: Statement) -> Formula:
    """Where a statement prints a sentence, and not a gap."""
    by = zip(statement.clauses, logic.statements[name].by, strict=True)
    return any_of(*(where for clause, where in by if not clause.gap))


def _both_speak(one: str, two: str) -> Look:
    return lambda tried: bool(tried.speaks(one) and tried.speaks(two))
