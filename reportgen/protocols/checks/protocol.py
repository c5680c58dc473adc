"""A protocol's own check: every name defined, every comparison possible, every clause sourced and reachable.

All findings of a file come in one pass, each with its line. A protocol that is not in order is never used.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from reportgen.findings import Finding, Place, did_you_mean, one_of
from reportgen.laboratory.meanings import Meanings
from reportgen.language.compiler import EACH, Condition, Use
from reportgen.language.sentences import compile_words, try_out
from reportgen.language.syntax import ExpressionError, require_braces
from reportgen.protocols.addresses import place_of_order
from reportgen.protocols.checks.circular_conditions import circular
from reportgen.protocols.checks.conventions import wrong_conventions
from reportgen.protocols.checks.foreign_ids import twins
from reportgen.protocols.checks.grounds import changed
from reportgen.protocols.checks.headings import misplaced
from reportgen.protocols.checks.macros import wrong_macros
from reportgen.protocols.checks.notes import stating_notes, wrong_with_note
from reportgen.protocols.checks.numbers import wrong_with_number
from reportgen.protocols.checks.reachability import unspoken_clauses, why_unspoken
from reportgen.protocols.checks.responses import wrong_with_response
from reportgen.protocols.checks.vocabulary import Vocabulary
from reportgen.protocols.checks.wording import check_answers, check_words
from reportgen.protocols.compiled import Compiled, CompiledForm, compiled_form, condition
from reportgen.protocols.elements import (
    RESERVED,
    Chapter,
    Choice,
    ChoiceElement,
    Element,
    ElementBase,
    GroupElement,
    PanelElement,
    SourceRef,
    Status,
)
from reportgen.protocols.keys import clashes, unknown
from reportgen.protocols.model import Clause, Form
from reportgen.reading.source import Mapping, NodePath, place_at

_MOST_CLAUSES = 100  # of one statement; each is proven against all before it
_HEADER_CHAPTERS = frozenset({Chapter.synoptic, Chapter.history, Chapter.signature, Chapter.none})
_PART_CHAPTERS = frozenset({Chapter.synoptic, Chapter.stains, Chapter.microscopic, Chapter.gross, Chapter.none})


def check_form(form: Form, source: Mapping) -> list[Finding]:
    """Check a form alone (the case header)."""
    made = compiled_form(form, "")
    checker = _ProtocolChecker(made, source, Vocabulary(made), _HEADER_CHAPTERS)
    checker.check_form()
    checker.conventions()
    return checker.findings


def check_protocol(
    made: Compiled, source: Mapping, header: CompiledForm, meanings: Meanings, passed: Compiled | None = None
) -> list[Finding]:
    """Check a whole protocol; clauses are searched for unreachable ones only where all names are in order.

    Args:
        made: the protocol, with the changes of a laboratory.
        source: what it was read from.
        header: the form of the case's header.
        meanings: what words say about the answers.
        passed: the protocol without the changes, where that is known to be in order.
    """
    checker = _ProtocolChecker(made, source, Vocabulary.of(made, header), _PART_CHAPTERS)
    checker.check_form()
    _check_judgements(checker, made)
    checker.conventions()
    checker.unique([macro.id for macro in made.protocol.macros], ("macros",))
    for wrong in () if checker.findings else wrong_macros(made):
        checker.find(wrong.code, wrong.path, f"macros.{wrong.macro}", wrong.message, wrong.hint)
    _check_wording(checker, made)
    for name in stating_notes(made, meanings):
        message = "states something of every case, and rests on no answer"
        checker.find("T417", (*checker.met[name], "text"), name, message, "print a finding by a clause")
    if not checker.findings:
        checker.findings += check_words(made, source, list(spoken(made)), meanings)
    if not checker.findings:
        for clause in unspoken_clauses(made, changed(passed, made) if passed else None):
            if not clause.unsettled:  # else `template check` asks the solver, or tells that nobody knows
                ordered = None if clause.alone else place_of_order(made.changes, clause.id.rpartition(".")[0])
                place = ordered or place_at(source, clause.path)
                why, hint = why_unspoken(clause, source)
                checker.findings.append(Finding("T406", place, clause.id, f"can never be printed: {why}", hint))
    return checker.findings


class _ProtocolChecker:
    """Collects findings; knows the names that conditions and words may use."""

    def __init__(
        self, made: CompiledForm, source: Mapping, vocabulary: Vocabulary, chapters: frozenset[Chapter]
    ) -> None:
        self.compiled = made
        self.form = made.form
        self.source = source
        self.slots = made.slots
        self.vocabulary = vocabulary
        self.chapters = chapters
        self.circular = circular(made)
        self.findings: list[Finding] = []
        self.met: dict[str, NodePath] = {}  # each element's path in the case → its place in the file

    def find(self, code: str, path: NodePath, id: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(code, place_at(self.source, path), id, message, hint))

    def check_form(self) -> None:
        self.unique([fact.id for fact in self.form.facts], ("facts",), taken=self.slots)
        self.unique([threshold.id for threshold in self.form.thresholds], ("thresholds",))
        self.unique([each.id for each in self.form.contradictions], ("contradictions",))
        self.unique([section.id for section in self.form.sections], ("sections",))
        for index, section in enumerate(self.form.sections):
            self.condition(section.applies_when, ("sections", index, "applies_when"), section.id)
            self.elements(section.elements, ("sections", index, "elements"), "")
        for name in [name for name, slot in self.slots.items() if slot.judges and name in self.met]:
            message = "is what a judged element is asked by"
            self.find("T404", (*self.met[name], "id"), name, message, "give this element another id")
        for index, fact in enumerate(self.form.facts):
            self.condition(fact.when, ("facts", index, "when"), fact.id)
            self.no_circle(fact.id, ("facts", index, "when"))
        for index, contradiction in enumerate(self.form.contradictions):
            path: NodePath = ("contradictions", index)
            self.condition(contradiction.when, (*path, "when"), contradiction.id)
            for name in contradiction.elements:
                if name not in self.slots and name not in self.vocabulary.conditions:
                    self.find("T402", (*path, "elements"), contradiction.id, f"names {name}, which is not an element")

        for name, message, hint in misplaced(self.compiled):
            place = self.ordered(name) or place_at(self.source, self.met.get(name, ("sections",)))
            self.findings.append(Finding("T412", place, name, message, hint))
        for path, other, id in twins(self.source):
            message = f"is the foreign id of two things, first at {place_at(self.source, other)}"
            self.find("T404", path, id, message, "give each its own")
        self.keys()

    def conventions(self) -> None:
        """Refuse a finding that is called a convention; criteria are asked only where all conditions are in order."""
        for name, message, hint in () if self.findings else wrong_conventions(self.compiled):
            self.find("T438", self.met[name], name, message, hint)

    def ordered(self, name: str) -> Place | None:
        """Where a profile orders the elements or sections among which an element is."""
        slot = self.slots.get(name)
        around = (name.rpartition(".")[0], f"sections.{slot.section}" if slot else "", "sections")
        places = (place_of_order(self.compiled.changes, each) for each in around if each)
        return next(filter(None, places), None)

    def keys(self) -> None:
        """Refuse a letter that means two answers of one section, and a key for what is no answer."""
        keys, slots = self.form.answer_keys, self.slots.values()
        for word in unknown(slots, keys):
            self.find("T402", ("answer_keys", word), word, "is given a key, but is not an answer of this protocol")
        for slot, letter, (first, second) in clashes(slots, keys):
            message = f'"{letter}" picks "{first}" and, in the same section, "{second}"'
            path: NodePath = ("answer_keys", second) if second in keys else self.met.get(slot.path, ())
            self.find("T435", path, slot.path, message, "give one of the two another key")

    def unique(self, ids: list[str], path: NodePath, *, taken: Container[str] = (), of: str = "") -> None:
        """Refuse an id that occurs twice in one list (of answers: `of` an element), or that names something else."""
        for index, id in enumerate(ids):
            first, name = ids.index(id), f"{of} = {id}" if of else id
            if first < index:
                where = place_at(self.source, (*path, first, "id"))
                self.find("T404", (*path, index, "id"), name, f"is used twice, first at {where}")
            elif id in taken:
                self.find("T404", (*path, index, "id"), name, "is used twice")

    def no_circle(self, name: str, path: NodePath) -> None:
        if name in self.circular or any(self.slots[each].panel == name for each in self.circular & self.slots.keys()):
            self.find("T402", path, name, "leans on itself")

    def elements(self, elements: tuple[Element, ...], path: NodePath, above: str) -> None:
        self.unique([element.id for element in elements], path)
        for index, element in enumerate(elements):
            self.element(element, (*path, index), f"{above}.{element.id}" if above else element.id)

    def element(self, element: ElementBase, path: NodePath, name: str) -> None:
        other = self.met.setdefault(name, path)
        if other[:-1] != path[:-1]:  # in one list `unique` sees it
            where = place_at(self.source, (*other, "id"))
            hint = "write it once, under followups with under: [...]" if "choices" in path else "give it its own id"
            self.find("T404", (*path, "id"), name, f"is used twice, first at {where}", hint)
        if element.id in RESERVED:
            self.find("T404", (*path, "id"), name, "has a special meaning in case files")
        if not name.count(".") or element.source:
            self.sourced(element.source, path, name)
        self.known_sources(element.asked_by, (*path, "asked_by"), name)
        conditions = element.applies_when or element.required_when or element.judged or self.slots[name].parent
        if element.status is Status.conditional and not conditions:
            self.find("T401", path, name, "is conditional, but says no condition", "add applies_when or under")
        self.asked_apart(element, path, name)
        self.condition(element.applies_when, (*path, "applies_when"), name)
        self.condition(element.required_when, (*path, "required_when"), name)
        self.no_circle(name, path)
        self.printed_somewhere(element, path, name)
        self.elements(element.followups, (*path, "followups"), name)
        if isinstance(element, GroupElement):
            self.elements(element.elements, (*path, "elements"), name)
            if element.repeats and self.slots[name].repeated:
                self.find("T401", path, name, "repeats inside something that repeats, which is not offered")
        for message, hint in wrong_with_note(element):
            self.find("T401", path, name, message, hint)
        if isinstance(element, PanelElement):
            self.responses(element.results, (*path, "results"), name)
            self.unique([stain.id for stain in element.stains], (*path, "stains"), of=name)
            self.unique([choice.id for choice in element.results], (*path, "results"), of=name)
        if isinstance(element, ChoiceElement):
            self.choices(element, path, name)
        for field, message, hint in wrong_with_number(element):
            self.find("T401", (*path, field), name, message, hint)
        for below, message in check_answers(element):
            self.find("T412", (*path, *below), name, message, "give each answer different words")

    def asked_apart(self, element: ElementBase, path: NodePath, name: str) -> None:
        """Refuse a judgement or an independence that the element cannot have where it is."""
        if element.independent and (path[-2:-1] != ("followups",) or "choices" in path[-4:] or element.under):
            hint = "put it under followups of the question, without `under`"
            self.find("T401", (*path, "independent"), name, "is independent of an answer that it does not follow", hint)
        if element.judged and self.slots[name].repeated:
            hint = "leave out the entry, or ask it by a condition"
            message = "is judged inside something that repeats, which is not offered"
            self.find("T401", (*path, "judged"), name, message, hint)

    def choices(self, element: ChoiceElement, path: NodePath, name: str) -> None:
        self.unique([choice.id for choice in element.choices], (*path, "choices"), of=name)
        self.responses(element.choices, (*path, "choices"), name)
        for index, choice in enumerate(element.choices):
            self.elements(choice.followups, (*path, "choices", index, "followups"), name)
        for index, followup in enumerate(element.followups):
            for word in followup.under:
                if element.choice(word) is None:
                    self.find("T407", (*path, "followups", index, "under"), name, f'"{word}" is not an answer of it')

    def responses(self, choices: tuple[Choice, ...], path: NodePath, name: str) -> None:
        for index, choice in enumerate(choices):
            for message, hint in wrong_with_response(choice):
                self.find("T401", (*path, index, "response"), f"{name} = {choice.id}", message, hint)

    def printed_somewhere(self, element: ElementBase, path: NodePath, name: str) -> None:
        """Refuse an element whose answer would be printed nowhere: this kind of form has no such chapter."""
        panel = isinstance(element, PanelElement) or bool(self.slots[name].panel)
        if element.chapter not in self.chapters and not panel:
            message = f"would be printed nowhere in the {element.chapter} chapter"
            self.find("T401", (*path, "chapter"), name, message, one_of(sorted(self.chapters)))
        if "{{" in element.name:
            self.words(element.name, (*path, "label" if element.label else "title"), name)

    def sourced(self, source: SourceRef, path: NodePath, id: str) -> None:
        if not source:
            self.find("T405", path, id, "has no source")
        self.known_sources(source, (*path, "source"), id)

    def known_sources(self, source: SourceRef, path: NodePath, id: str) -> None:
        for key in source:
            if key not in self.form.sources:
                hint = did_you_mean(key, self.form.sources, otherwise=one_of(self.form.sources))
                self.find("T405", path, id, f'"{key}" is not among the sources', hint)

    def condition(self, text: str, path: NodePath, id: str) -> Condition | None:
        if not text:
            return None
        try:
            compiled = condition(text)
        except ExpressionError as error:
            self.find("T403", path, id, str(error))
            return None
        known = self.vocabulary.conditions
        unknown = compiled.names - known.keys()
        for name in sorted(unknown):
            hint = self.vocabulary.meant(name, compiled, "see the elements and facts of this protocol")
            self.find("T402", path, id, f"uses {name}, which is not defined", hint)
        if unknown:
            return None
        self.uses(compiled, path, id)
        return compiled

    def uses(self, compiled: Condition, path: NodePath, id: str) -> None:
        """Refuse names that are used for what they cannot give: such a comparison would silently be false for ever."""
        offered = self.vocabulary.conditions
        for name, use in sorted(compiled.uses):
            if use not in offered[name]:
                can = ", ".join(sorted(offered[name])) or "nothing in conditions"
                self.find("T403", path, id, f"{name} cannot be {use}", f"it can be {can}")
        for name, place in sorted(compiled.places):
            group = self.vocabulary.group_of(name)
            if group and place not in (group, EACH):
                hint = f"ask any({group}, …), all({group}, …) or count({group}, …); numbers also largest({name})"
                self.find("T403", path, id, f"{name} is asked of each entry of {group}", hint)
        for names in sorted(map(sorted, compiled.measured)):
            units = {unit or "pieces" for name in names if (unit := self.vocabulary.unit(name)) is not None}
            if len(units) > 1:
                message = f"{' and '.join(names)} are measured in different units ({', '.join(sorted(units))})"
                hint = "give them the same unit; a case may still enter others, through `units`"
                self.find("T403", path, id, message, hint)
        for one, two in sorted(compiled.pairs):
            if not offered[one] & offered[two] & {Use.word, Use.number, Use.day} or (
                Use.day in offered[one] | offered[two] and Use.day not in offered[one] & offered[two]
            ):
                self.find("T403", path, id, f"{one} and {two} cannot be compared with each other")
        for name, word in compiled.compared:
            words = self.vocabulary.answers(name)
            if words is not None and word not in words:
                hint = did_you_mean(word, words, otherwise=one_of(words))
                self.find("T407", path, id, f'"{word}" is not an answer of {name}', hint)

    def words(self, text: str, path: NodePath, id: str) -> frozenset[str]:
        try:
            require_braces(text)
            words = compile_words(text)
            try_out(words)
        except ExpressionError as error:
            self.find("T403", path, id, str(error))
            return frozenset()
        for name in sorted(words.names - self.vocabulary.words):
            if name in self.vocabulary.conditions:
                self.find("T403", path, id, f"prints {name}, which has no words", "print an answer, a term or a prop")
            else:
                known = self.vocabulary.words
                hint = did_you_mean(name, known, otherwise="see the elements and terms of this protocol")
                self.find("T402", path, id, f"uses {name}, which is not defined", hint)
        return words.names


def _check_judgements(checker: _ProtocolChecker, made: Compiled) -> None:
    protocol = made.protocol
    checker.unique([criterion.id for criterion in protocol.criteria], ("criteria",))
    checker.unique([advisory.id for advisory in protocol.advisories], ("advisories",))
    for index, code in enumerate(protocol.codes):
        checker.condition(code.when, ("codes", index, "when"), code.code)
    for index, criterion in enumerate(protocol.criteria):
        path: NodePath = ("criteria", index)
        checker.sourced(criterion.source, path, criterion.id)
        checker.no_circle(f"criteria.{criterion.id}", path)
        checker.condition(criterion.met, (*path, "met"), criterion.id)
        checker.condition(criterion.unmet, (*path, "unmet"), criterion.id)
    for index, advisory in enumerate(protocol.advisories):
        checker.sourced(advisory.source, ("advisories", index), advisory.id)
        for number, remark in enumerate(advisory.levels):
            path = ("advisories", index, "levels", number)
            checker.condition(remark.when, (*path, "when"), advisory.id)
            if checker.words(remark.say, (*path, "say"), advisory.id):
                message = "advisories have fixed words, without names in braces"
                checker.find("T403", (*path, "say"), advisory.id, message)


def _check_wording(checker: _ProtocolChecker, made: Compiled) -> None:
    for path, id, clauses, sourced in spoken(made):
        if len(clauses) > _MOST_CLAUSES:
            hint = "split the statement, or name what its clauses share as terms and facts"
            checker.find("T401", (*path, _MOST_CLAUSES), id, f"holds more than {_MOST_CLAUSES} clauses", hint)
        checker.unique([clause.id for clause in clauses], path)
        for index, clause in enumerate(clauses):
            where = (*path, index)
            if sourced or clause.source:
                checker.sourced(clause.source, where, f"{id}.{clause.id}")
            _check_clause(checker, made, clause, where, f"{id}.{clause.id}")
    wording = made.protocol.wording
    for id, path, statement in wording.statements():
        for index, quiet in enumerate(statement.quiet):
            checker.condition(quiet.when, (*path[:-1], "quiet", index, "when"), id)
    checker.unique([term.id for term in wording.terms], ("wording", "terms"), taken={*made.slots, *made.facts})
    for index, term in enumerate(wording.terms):
        checker.no_circle(term.id, ("wording", "terms", index))
    diagnosis = [statement.id for statement in wording.diagnosis]
    checker.unique(diagnosis, ("wording", "diagnosis"))
    checker.unique([statement.id for statement in wording.comment], ("wording", "comment"), taken=diagnosis)


def _check_clause(checker: _ProtocolChecker, made: Compiled, clause: Clause, path: NodePath, id: str) -> None:
    when = checker.condition(clause.when, (*path, "when"), id)
    names = checker.words(clause.say, (*path, "say"), id)
    for name in sorted(set(clause.uses) - checker.vocabulary.words):
        hint = did_you_mean(name, checker.vocabulary.words, otherwise="name an element that words can print")
        checker.find("T402", (*path, "uses"), id, f"uses {name}, which is not defined", hint)
    if when is None:
        return  # what it leans on is not known
    for name in sorted(names):
        slot = made.slots.get(name)
        optional = slot and slot.element.status is Status.optional and not slot.required_stain and not slot.is_group
        if optional and name not in when.names:
            hint = f"add `{name} is answered` to its condition"
            checker.find("T409", (*path, "say"), id, f"prints {name}, which is optional, without asking for it", hint)


def spoken(made: Compiled) -> Iterator[tuple[NodePath, str, tuple[Clause, ...], bool]]:
    """Everything that has clauses: where it is, its full id, the clauses, and whether each needs a source."""
    wording = made.protocol.wording
    for index, term in enumerate(wording.terms):
        yield ("wording", "terms", index, "clauses"), f"terms.{term.id}", term.clauses, False
    for id, path, statement in wording.statements():
        yield path, id, statement.clauses, True
