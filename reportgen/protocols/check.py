"""A protocol's own check: every name defined, every comparison possible, every clause sourced and reachable.

All findings of a file come in one pass, each with its line. A protocol that is not in order is never used.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, did_you_mean, one_of
from reportgen.protocols.compiled import REQUIRED_RESULTS, SPECIAL, Compiled, compiled_form, condition, props_of
from reportgen.protocols.elements import (
    RESERVED,
    ChoiceElement,
    Element,
    ElementBase,
    GroupElement,
    PanelElement,
    SourceRef,
    Status,
)
from reportgen.protocols.expressions import Condition, ExpressionError
from reportgen.protocols.model import Clause, Form
from reportgen.protocols.reachability import unreachable_clauses
from reportgen.protocols.slots import Slot
from reportgen.protocols.words import compile_words
from reportgen.reading.source import Mapping, place_at

Path = tuple[str | int, ...]
_CRITERIA_WORDS = ("met", "unmet", "unmet_titles", "unknown_titles")


def check_form(form: Form, source: Mapping) -> list[Finding]:
    """Check a form alone (the case header)."""
    checker = _Checker(form, source, compiled_form(form, "").slots)
    checker.check_form()
    return checker.findings


def check_protocol(made: Compiled, source: Mapping) -> list[Finding]:
    """Check a whole protocol; clauses are searched for unreachable ones only where all names are in order."""
    checker = _Checker(made.form, source, made.slots)
    checker.names |= {*made.facts} | {f"criteria.{word}" for word in _CRITERIA_WORDS}
    checker.terms = frozenset(made.terms)
    checker.names |= {f"criteria.{criterion.id}" for criterion in made.protocol.criteria}
    checker.check_form()
    _check_judgements(checker, made)
    _check_wording(checker, made)
    if not checker.findings:
        for path, id in unreachable_clauses(made):
            checker.find("T406", path, id, "can never be printed: what stands before it always speaks first")
    return checker.findings


class _Checker:
    """Collects findings; knows the names that conditions and words may use."""

    def __init__(self, form: Form, source: Mapping, slots: dict[str, Slot]) -> None:
        self.form = form
        self.source = source
        self.slots = slots
        self.findings: list[Finding] = []
        self.terms: frozenset[str] = frozenset()  # for words only: a condition compares answers, not wording
        self.names = {path for path, slot in slots.items() if not slot.repeated}
        for path, slot in slots.items():
            self.names |= {f"{path}.{name}" for name in (*SPECIAL, *props_of(slot)) if not slot.is_group}
            self.names |= {f"{path}.{REQUIRED_RESULTS}"} if isinstance(slot.element, PanelElement) else set()

    def find(self, code: str, path: Path, id: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(code, place_at(self.source, path), id, message, hint))

    def check_form(self) -> None:
        self.unique([fact.id for fact in self.form.facts], ("facts",))
        self.unique([section.id for section in self.form.sections], ("sections",))
        for index, section in enumerate(self.form.sections):
            self.condition(section.applies_when, ("sections", index, "applies_when"), section.id)
            self.elements(section.elements, ("sections", index, "elements"), "")
        for index, fact in enumerate(self.form.facts):
            self.condition(fact.when, ("facts", index, "when"), fact.id)
        self.no_circles()
        for index, contradiction in enumerate(self.form.contradictions):
            path: Path = ("contradictions", index)
            self.condition(contradiction.when, (*path, "when"), contradiction.id)
            for name in contradiction.elements:
                if name not in self.names and not name.startswith("case."):
                    self.find("T402", (*path, "elements"), contradiction.id, f"names {name}, which is no element")

    def unique(self, ids: list[str], path: Path) -> None:
        for index, id in enumerate(ids):
            if id in ids[:index]:
                self.find("T404", (*path, index, "id"), id, "stands twice")

    def elements(self, elements: tuple[Element, ...], path: Path, above: str) -> None:
        self.unique([element.id for element in elements], path)
        for index, element in enumerate(elements):
            self.element(element, (*path, index), f"{above}.{element.id}" if above else element.id)

    def element(self, element: ElementBase, path: Path, name: str) -> None:
        if element.id in RESERVED:
            self.find("T404", (*path, "id"), name, "has a meaning of its own in case files")
        if not name.count(".") or element.source:
            self.sourced(element.source, path, name)
        if element.status is Status.conditional and not (
            element.applies_when or element.required_when or self._hangs_below(name)
        ):
            self.find("T401", path, name, "is conditional, but says no condition", "add applies_when or under")
        self.condition(element.applies_when, (*path, "applies_when"), name)
        self.condition(element.required_when, (*path, "required_when"), name)
        self.elements(element.followups, (*path, "followups"), name)
        if isinstance(element, GroupElement):
            self.elements(element.elements, (*path, "elements"), name)
        if isinstance(element, PanelElement):
            self.unique([stain.id for stain in element.stains], (*path, "stains"))
            self.unique([choice.id for choice in element.results], (*path, "results"))
        if isinstance(element, ChoiceElement):
            self.choices(element, path, name)

    def choices(self, element: ChoiceElement, path: Path, name: str) -> None:
        self.unique([choice.id for choice in element.choices], (*path, "choices"))
        for index, choice in enumerate(element.choices):
            self.elements(choice.followups, (*path, "choices", index, "followups"), name)
        for index, followup in enumerate(element.followups):
            for word in followup.under:
                if element.choice(word) is None:
                    self.find("T407", (*path, "followups", index, "under"), name, f'"{word}" is not an answer of it')

    def _hangs_below(self, name: str) -> bool:
        slot = self.slots.get(name)
        return bool(slot and slot.parent)

    def sourced(self, source: SourceRef, path: Path, id: str) -> None:
        if not source:
            self.find("T405", path, id, "names no source")
        for key in source:
            if key not in self.form.sources:
                hint = did_you_mean(key, self.form.sources, otherwise=one_of(self.form.sources))
                self.find("T405", (*path, "source"), id, f'"{key}" is not among the sources', hint)

    def condition(self, text: str, path: Path, id: str) -> Condition | None:
        if not text:
            return None
        try:
            compiled = condition(text)
        except ExpressionError as error:
            self.find("T403", path, id, str(error))
            return None
        for name in sorted(compiled.names):
            self.name(name, path, id)
        for name, word in compiled.compared:
            self.comparison(name, word, path, id)
        return compiled

    def name(self, name: str, path: Path, id: str) -> None:
        known = name in self.names or name in {fact.id for fact in self.form.facts} or name.startswith("case.")
        if not known:
            hint = did_you_mean(name, self.names, otherwise="see the elements and facts of this protocol")
            self.find("T402", path, id, f"uses {name}, which is not defined", hint)

    def comparison(self, name: str, word: str, path: Path, id: str) -> None:
        slot = self.slots.get(name)
        if slot is None or not isinstance(slot.element, ChoiceElement):
            return
        words = [choice.id for choice in slot.element.choices] + [slot.element.undetermined]
        if word not in words:
            hint = did_you_mean(word, words, otherwise=one_of(filter(None, words)))
            self.find("T407", path, id, f'"{word}" is not an answer of {name}', hint)

    def words(self, text: str, path: Path, id: str) -> frozenset[str]:
        try:
            names = compile_words(text).names
        except ExpressionError as error:
            self.find("T403", path, id, str(error))
            return frozenset()
        for name in sorted(names - self.terms):
            self.name(name, path, id)
        return names

    def no_circles(self) -> None:
        facts = {fact.id: fact.when for fact in self.form.facts}
        for index, fact in enumerate(self.form.facts):
            if fact.id in _reached(fact.id, facts):
                self.find("T402", ("facts", index, "when"), fact.id, "leans on itself")


def _reached(start: str, facts: dict[str, str]) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        try:
            names = condition(facts[todo.pop()]).names & facts.keys()
        except ExpressionError:
            continue
        todo += names - seen
        seen |= names
    return seen


def _check_judgements(checker: _Checker, made: Compiled) -> None:
    protocol = made.protocol
    checker.unique([criterion.id for criterion in protocol.criteria], ("criteria",))
    checker.unique([advisory.id for advisory in protocol.advisories], ("advisories",))
    for index, criterion in enumerate(protocol.criteria):
        path: Path = ("criteria", index)
        checker.sourced(criterion.source, path, criterion.id)
        checker.condition(criterion.met, (*path, "met"), criterion.id)
        checker.condition(criterion.unmet, (*path, "unmet"), criterion.id)
    for index, advisory in enumerate(protocol.advisories):
        checker.sourced(advisory.source, ("advisories", index), advisory.id)
        for number, remark in enumerate(advisory.levels):
            path = ("advisories", index, "levels", number)
            checker.condition(remark.when, (*path, "when"), advisory.id)
            if checker.words(remark.say, (*path, "say"), advisory.id):
                checker.find(
                    "T403", (*path, "say"), advisory.id, "advisories have fixed words, without names in braces"
                )


def _check_wording(checker: _Checker, made: Compiled) -> None:
    for path, id, clauses, sourced in _spoken(made):
        checker.unique([clause.id for clause in clauses], path)
        for index, clause in enumerate(clauses):
            where = (*path, index)
            if sourced or clause.source:
                checker.sourced(clause.source, where, f"{id}.{clause.id}")
            _check_clause(checker, made, clause, where, f"{id}.{clause.id}")
    ids = [statement.id for statement in (*made.protocol.wording.diagnosis, *made.protocol.wording.comment)]
    checker.unique(ids, ("wording", "comment"))


def _check_clause(checker: _Checker, made: Compiled, clause: Clause, path: Path, id: str) -> None:
    when = checker.condition(clause.when, (*path, "when"), id)
    names = checker.words(clause.say, (*path, "say"), id)
    leaned_on = set(when.names) if when else set()
    for name in sorted(names):
        slot = made.slots.get(name)
        if slot and slot.element.status is Status.optional and not slot.required_stain and name not in leaned_on:
            hint = f"add `{name} is answered` to its condition"
            checker.find("T409", (*path, "say"), id, f"prints {name}, which is optional, without asking for it", hint)


def _spoken(made: Compiled) -> Iterator[tuple[Path, str, tuple[Clause, ...], bool]]:
    """Everything that has clauses: where it is, its full id, the clauses, and whether each needs a source."""
    wording = made.protocol.wording
    for index, term in enumerate(wording.terms):
        yield ("wording", "terms", index, "clauses"), f"terms.{term.id}", term.clauses, False
    yield ("wording", "header", "clauses"), "header", wording.header.clauses, True
    for part in ("diagnosis", "comment"):
        for index, statement in enumerate(getattr(wording, part)):
            yield ("wording", part, index, "clauses"), f"{part}.{statement.id}", statement.clauses, True
