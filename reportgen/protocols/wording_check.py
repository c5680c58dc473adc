"""Whether the words of clauses rest on answers: what they print is declared, what they deny was answered so.

These hold for the built-in protocols and, more to the point, for what a laboratory writes over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.findings import Finding
from reportgen.protocols.compiled import Compiled, condition
from reportgen.protocols.elements import Chapter, Choice, ChoiceElement, ElementBase, PanelElement, Status
from reportgen.protocols.model import Clause
from reportgen.protocols.syntax import COMPARISONS, Tree, read_condition
from reportgen.protocols.words import compile_words
from reportgen.reading.source import Mapping, place_at

Path = tuple[str | int, ...]
Spoken = tuple[Path, str, tuple[Clause, ...], bool]
_HEADER = "case."
_WORD = re.compile(r"[^\W\d_]+")
_PRINTED = re.compile(r"\{\{.*?\}\}")


def check_words(made: Compiled, source: Mapping, spoken: list[Spoken], negations: frozenset[str]) -> list[Finding]:
    """T409 for clauses that print what they do not declare, T417 for denials that rest on no answer.

    Args:
        made: the protocol; its names are in order.
        source: its source, for places.
        spoken: everything that has clauses: where it is, its id, the clauses.
        negations: the words that make a sentence negative, in small letters.
    """
    checker = _Checker(made, source, negations)
    for path, id, clauses, _ in spoken:
        for index, clause in enumerate(clauses):
            checker.clause(clause, (*path, index), f"{id}.{clause.id}")
    return checker.findings


def check_bound(made: Compiled, source: Mapping, spoken: list[Spoken]) -> list[Finding]:
    """T418 for required elements whose answers no chapter, clause or condition uses: why should they be asked?"""
    checker = _Checker(made, source, frozenset())
    checker.bound(spoken)
    return checker.findings


class _Checker:
    def __init__(self, made: Compiled, source: Mapping, negations: frozenset[str]) -> None:
        self.made = made
        self.source = source
        self.negations = negations
        self.findings: list[Finding] = []

    def find(self, code: str, path: Path, id: str, message: str, hint: str) -> None:
        self.findings.append(Finding(code, place_at(self.source, path), id, message, hint))

    def clause(self, clause: Clause, path: Path, id: str) -> None:
        touched = {self.owner(name) for name in self.names_behind(condition(clause.when).names)}
        declared = touched | {self.owner(name) for name in clause.uses}
        for name in sorted(compile_words(clause.say).names - self.made.terms.keys()):
            if name.startswith(_HEADER):
                continue  # what identifies the case stands in every report
            if self.owner(name) not in declared and not any(
                each.startswith(f"{self.owner(name)}.") for each in touched
            ):
                hint = f"add {name} to its `uses`, or let its condition name it"
                self.find("T409", (*path, "say"), id, f"prints {name}, which it does not declare", hint)
        if self.denies(clause.say):
            for name in sorted(self.denied_only(clause.when)):
                hint = f"compare {name} with the answer that says so, by == or in"
                self.find(
                    "T417",
                    (*path, "when"),
                    id,
                    f"makes a negative statement where {name} is merely not answered so",
                    hint,
                )

    def owner(self, name: str) -> str:
        """The element behind a name: `margins.deep` for `margins.deep.reason`."""
        special = self.made.special_of(name)
        return special[0].path if special and name not in self.made.slots else name

    def names_behind(self, names: frozenset[str]) -> set[str]:
        """The names, and those behind facts and criteria among them."""
        seen: set[str] = set()
        todo = list(names)
        criteria = self.made.protocol.criteria
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.made.facts:
                todo += condition(self.made.facts[name]).names
            elif name.startswith("criteria."):
                asked = [each for each in criteria if name == f"criteria.{each.id}"] or list(criteria)
                todo += [found for each in asked for text in (each.met, each.unmet) for found in condition(text).names]
                seen |= {"criteria.unmet_titles", "criteria.unknown_titles"}
        return seen

    def denies(self, say: str) -> bool:
        words = {word.casefold() for word in _WORD.findall(_PRINTED.sub(" ", say))}
        return not self.negations.isdisjoint(words)

    def denied_only(self, when: str) -> set[str]:
        """The names that a condition touches under a negation and nowhere else."""
        for_it, against = set[str](), set[str]()
        for name, negated in _touches(read_condition(when), negated=False):
            (against if negated else for_it).add(self.owner(name))
        return against - for_it

    def bound(self, spoken: list[Spoken]) -> None:
        """Find required elements that nothing uses."""
        used: set[str] = set()
        for _, _, clauses, _ in spoken:
            for clause in clauses:
                used |= self.names_behind(condition(clause.when).names) | compile_words(clause.say).names
        for slot in self.made.slots.values():
            conditions = (*slot.applies, slot.element.required_when)
            used.update(*(condition(text).names for text in conditions if text))
        for advisory in self.made.protocol.advisories:
            used.update(*(self.names_behind(condition(remark.when).names) for remark in advisory.levels))
        used = {self.owner(name) for name in used}
        for path, slot in self.made.slots.items():
            required = slot.element.status is not Status.optional
            if required and slot.element.chapter is Chapter.none and path not in used and not slot.is_group:
                place = place_at(self.source, ("sections",))
                self.findings.append(
                    Finding("T418", place, path, "is required, printed in no chapter and used by no clause")
                )


def check_answers(element: ElementBase) -> Iterator[str]:
    """What is wrong with the words of an element's answers: two that read alike, or one that reads as another."""
    choices = element.choices if isinstance(element, ChoiceElement) else ()
    choices = element.results if isinstance(element, PanelElement) else choices
    ids = {choice.id.casefold(): choice.id for choice in choices}
    seen: dict[str, str] = {}
    for choice in ids_once(choices):
        words = choice.words.strip().casefold()
        if words in seen:
            yield f'"{choice.id}" and "{seen[words]}" would be printed alike'
        elif ids.get(words, choice.id) != choice.id:
            yield f'"{choice.id}" would be printed as its answer "{ids[words]}"'
        seen.setdefault(words, choice.id)


def ids_once(choices: tuple[Choice, ...]) -> list[Choice]:
    """The choices without those whose id stood before; twins are found elsewhere."""
    return list({choice.id: choice for choice in reversed(choices)}.values())[::-1]


def _touches(tree: Tree, *, negated: bool) -> Iterator[tuple[str, bool]]:
    """Every name of a condition, and whether it is touched under a negation."""
    match tree:
        case ("name", path):
            yield path, negated
        case ("not", inner):
            yield from _touches(inner, negated=not negated)
        case ("is", subject, *_):
            yield from _touches(subject, negated=negated)
        case (kind, left, right) if kind in COMPARISONS or kind in ("and", "or"):
            turned = negated is not (kind in ("!=", "not in"))
            yield from _touches(left, negated=turned)
            yield from _touches(right, negated=turned)
