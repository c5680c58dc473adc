"""Whether the words of clauses rest on answers: what they print is declared, what they deny was answered so.

These hold for the built-in protocols and, more to the point, for what a laboratory writes over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.findings import Finding
from reportgen.laboratory.meanings import Meanings
from reportgen.language.sentences import compile_words
from reportgen.protocols.checks.denials import Claims, denied_only, held_by_negation_alone
from reportgen.protocols.checks.numbers import taken_as_measured
from reportgen.protocols.checks.vocabulary import TITLES
from reportgen.protocols.compiled import Compiled, condition
from reportgen.protocols.elements import Chapter, Choice, ChoiceElement, ElementBase, PanelElement, Status
from reportgen.protocols.model import Clause
from reportgen.reading.source import Mapping, NodePath, place_at

CheckedClauses = tuple[NodePath, str, tuple[Clause, ...], bool]
_HEADER = "case."
_CRITERIA = "criteria."
_WAIVE = "or name the sentence under waivers, which every report prints"
_PRINTED = re.compile(r"\{\{.*?\}\}")


def check_words(made: Compiled, source: Mapping, spoken: list[CheckedClauses], meanings: Meanings) -> list[Finding]:
    """T409 for clauses that print what they do not declare, T417 for denials that rest on no answer.

    The names of the protocol must be in order. `spoken` is everything that has clauses.
    """
    checker, claims = _WordingChecker(made, source), Claims(made, meanings)
    for path, id, clauses, _ in spoken:
        for index, clause in enumerate(clauses):
            earlier = [each.when for each in clauses[:index]]
            checker.clause(clause, (*path, index), f"{id}.{clause.id}", earlier, claims)
    return checker.findings


def check_bound(made: Compiled, source: Mapping, spoken: list[CheckedClauses]) -> list[Finding]:
    """T418 for required elements whose answers no chapter, clause or condition uses: why should they be asked?"""
    checker = _WordingChecker(made, source)
    checker.bound(spoken)
    return checker.findings


class _WordingChecker:
    def __init__(self, made: Compiled, source: Mapping) -> None:
        self.made = made
        self.source = source
        self.findings: list[Finding] = []

    def find(self, code: str, path: NodePath, id: str, message: str, hint: str) -> None:
        self.findings.append(Finding(code, place_at(self.source, path), id, message, hint))

    def clause(self, clause: Clause, path: NodePath, id: str, earlier: list[str], claims: Claims) -> None:
        element_of = self.made.element_of
        behind = self.made.names_behind(clause.when)
        touched = set(map(element_of, behind))
        declared = {*touched, *map(element_of, clause.uses)}
        if any(name.startswith(_CRITERIA) for name in behind):
            declared |= TITLES
        for name in sorted(compile_words(clause.say).names - self.made.terms.keys()):
            if name.startswith(_HEADER):
                continue  # every report identifies the case
            if element_of(name) not in declared and not any(
                each.startswith(f"{element_of(name)}.") for each in touched
            ):
                hint = f"add {name} to its `uses`, or let its condition name it"
                self.find("T409", (*path, "say"), id, f"prints {name}, which it does not declare", hint)
        for name in taken_as_measured(self.made, clause, earlier):
            message = f"compares {name}, which may be a minimum"
            hint = f"ask {name}.at_least in its condition or in a clause before it, or print {name}"
            self.find("T436", (*path, "when"), id, message, hint)
        self.claims(clause, path, id, earlier, claims)

    def claims(self, clause: Clause, path: NodePath, id: str, earlier: list[str], claims: Claims) -> None:
        """Find what a clause says of an element without resting on its answer."""
        denied = denied_only(self.made, clause.when) if claims.meanings.denies(_PRINTED.sub(" ", clause.say)) else []
        for name in denied:
            hint = f"compare {name} with the answer that says so, by == or in"
            message = f"makes a negative statement where {name} is merely not answered so"
            self.find("T417", (*path, "when"), id, message, hint)
        for element, denies in claims.unfounded(clause):
            said = "denies" if denies else "affirms"
            message = f"{said} {element or 'something'}, but does not rest on the answer that says so"
            hint = f"ask {element or 'an element'} for that answer in its condition, by == or in, or use other words"
            self.find("T417", (*path, "say"), id, message, hint)
        if denied or any(waiver.id == id for waiver in self.made.waivers):
            return
        for element, answer in held_by_negation_alone(self.made, clause, earlier):
            message = (
                f'would be printed for {element} answered "{answer}": its condition only says what {element} is not'
            )
            hint = f"compare {element} by == or in with the answers that are meant; {_WAIVE}"
            self.find("T427", (*path, "when"), id, message, hint)

    def bound(self, spoken: list[CheckedClauses]) -> None:
        """Find required elements that nothing uses."""
        used: set[str] = set()
        for _, _, clauses, _ in spoken:
            for clause in clauses:
                used |= self.made.names_behind(clause.when) | compile_words(clause.say).names
        for slot in self.made.slots.values():
            conditions = (*slot.applies, slot.element.required_when)
            used.update(*(condition(text).names for text in conditions if text))
        for advisory in self.made.protocol.advisories:
            used.update(*(self.made.names_behind(remark.when) for remark in advisory.levels))
        used = set(map(self.made.element_of, used))
        for path, slot in self.made.slots.items():
            required = slot.element.status is not Status.optional
            if required and slot.element.chapter is Chapter.none and path not in used and not slot.is_group:
                place = place_at(self.source, ("sections",))
                self.findings.append(
                    Finding("T418", place, path, "is required, printed in no chapter and used by no clause")
                )


def check_answers(element: ElementBase) -> Iterator[tuple[NodePath, str]]:
    """What is wrong with the words of an element's answers: two that read alike, or one that reads as another.

    Each with its path from the element.
    """
    key = "results" if isinstance(element, PanelElement) else "choices"
    choices = element.choices if isinstance(element, ChoiceElement) else ()
    choices = element.results if isinstance(element, PanelElement) else choices
    ids = {choice.id.casefold(): choice.id for choice in choices}
    seen: dict[str, str] = {}
    for choice in ids_once(choices):
        words = choice.words.strip().casefold()
        if words in seen:
            yield (key, choices.index(choice)), f'"{choice.id}" and "{seen[words]}" would be printed alike'
        elif ids.get(words, choice.id) != choice.id:
            yield (key, choices.index(choice)), f'"{choice.id}" would be printed as its answer "{ids[words]}"'
        seen.setdefault(words, choice.id)


def ids_once(choices: tuple[Choice, ...]) -> list[Choice]:
    """The choices without those whose id stood before; twins are found elsewhere."""
    return list({choice.id: choice for choice in reversed(choices)}.values())[::-1]
