"""A protocol as a document for comments and for signature: what it asks, and what it says on which condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from reportgen.findings import either
from reportgen.language.in_words import ANSWER, in_words, words_in_words
from reportgen.profiles.documents import SHORT, profile_name, signed_document
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import (
    Choice,
    ChoiceElement,
    GroupElement,
    NoteElement,
    PanelElement,
    SourceRef,
    Status,
)
from reportgen.protocols.model import Clause, Macro, Statement
from reportgen.protocols.slots import Slot
from reportgen.protocols.starter import answers_in_words
from reportgen.release import VERSION
from reportgen.reports.labels import Labels
from reportgen.reports.model import Block, Cell, Heading, Pair, Pairs, Paragraph, Report, Section, Sentence, Table

_WHAT = (
    "What this protocol asks, and every sentence that its reports can print. Of each statement, the first row whose "
    f"condition holds is printed. Words between {ANSWER[0]} and {ANSWER[1]} stand for answers of the case. A condition "
    "that depends on an answer which is not known does not hold."
)
_ASKED = {Status.core: "always", Status.conditional: "where it applies", Status.optional: "optional"}
_PLACES = {"header": "Header", "diagnosis": "Diagnosis", "comment": "Comment"}


def printout(made: Compiled, labels: Labels) -> Report:
    """The document of a protocol that is in order."""
    protocol = made.protocol
    identity = (
        Pair("Protocol", f"{protocol.id} {protocol.version}"),
        Pair("Hash of the protocol", made.hash[:SHORT]),
        Pair("Profile", profile_name(made.laboratory)),
        Pair("reportgen", VERSION),
    )
    title = f"Protocol: {protocol.title}"
    signed = ("Comments", "Name", "Signature", "Date", f"Approved with the hash {made.hash[:SHORT]}, yes or no")
    return signed_document(title, _WHAT, identity, _Printer(made).sections(), signed, made.laboratory, labels)


class _Printer:
    def __init__(self, made: Compiled) -> None:
        self.made = made
        self.criteria = {each.id: each.title for each in made.protocol.criteria} | {"unmet": "any criterion unmet"}
        self.titles = Counter(slot.element.title for slot in made.slots.values())

    def sections(self) -> Iterator[Section]:
        protocol = self.made.protocol
        yield Section("summary", "Summary", (Paragraph((Sentence(protocol.summary, ""),)),))
        yield Section("questions", "Questions", tuple(self._questions()))
        if protocol.macros:
            columns = ("Macro", "Gives, where nothing is entered", "Source")
            rows = (
                (f"{each.id}: {each.title}", self._given(each), self._cited(each.source)) for each in protocol.macros
            )
            yield Section("macros", "Macros", tuple(_table("Words for usual answers", columns, rows)))
        if protocol.facts or protocol.criteria:
            yield Section("definitions", "Definitions", tuple(self._definitions()))
        if protocol.advisories or protocol.contradictions:
            yield Section("advisories", "Advice to the pathologist, not printed", tuple(self._advice()))
        statements: dict[str, list[Block]] = {}
        for name, _, statement in protocol.wording.statements():
            statements.setdefault(name.partition(".")[0], []).extend(self._statement(name, statement))
        for place, blocks in statements.items():
            yield Section(place, _PLACES[place], tuple(blocks))
        if protocol.wording.terms:
            terms = (self._clauses(each.id, each.id, each.clauses) for each in protocol.wording.terms)
            yield Section("terms", "Words that depend on answers", tuple(block for pair in terms for block in pair))
        sources = (Pair(key, f"{each.title}. {each.cite}".rstrip(" ")) for key, each in protocol.sources.items())
        yield Section("sources", "Sources", (Pairs(tuple(sources)),))

    # ------------------------------------------------------------------------------------------------ what is asked

    def _questions(self) -> Iterator[Block]:
        for section in self.made.form.sections:
            slots = [slot for slot in self.made.slots.values() if slot.section == section.id and _is_shown(slot)]
            yield from _table(
                section.title,
                ("Question", "Answers", "Asked", "Source"),
                ((self._name(slot), self._answers(slot), self._asked(slot), self._source(slot)) for slot in slots),
            )

    def _given(self, macro: Macro) -> str:
        """The answers of a macro."""
        return "; ".join(
            f"{self._called(self.made.slots[path])}: {', '.join(answers)}" for path, answers in macro.given.items()
        )

    def _name(self, slot: Slot) -> str:
        element = slot.element
        printed = f" (printed as {self._say(element.name)})" if element.name != element.title else ""
        return f"{self._called(slot)}{printed}"

    def _answers(self, slot: Slot) -> str:
        element = slot.element
        if isinstance(element, PanelElement):
            stains = ", ".join(stain.title or stain.id for stain in element.stains) or "none"
            return f"stains: {stains}; each is {either(choice.words for choice in element.results)}"
        if isinstance(element, NoteElement):
            return element.text
        if isinstance(element, GroupElement):
            return "one entry or more, as below" if element.repeats else "as below"
        if not isinstance(element, ChoiceElement):
            return answers_in_words(element).replace(" | ", "; ") or "in words"
        words = [*map(_choice, element.choices), *([f"{element.undetermined} (why)"] if element.undetermined else [])]
        return ("one or more of: " if element.multiple else "") + "; ".join(words)

    def _asked(self, slot: Slot) -> str:
        element = slot.element
        words = [_ASKED[element.status]]
        if slot.parent and slot.under:
            words.append(f"with the answer {either(slot.under)}")
        words += [f"if {self._if(text)}" for text in slot.applies]
        if element.required_when:
            words.append(f"required if {self._if(element.required_when)}")
        if (usual := self.made.usual.get(slot.path)) is not None:
            words.append(usual.note)
        elif isinstance(element, ChoiceElement) and element.by_convention:
            words.append("a profile may give its usual answer")
        words += [f"asked for by {each}" for each in self.made.cite(element.asked_by)]
        return ", ".join(words)

    def _source(self, slot: Slot) -> str:
        return self._cited(slot.element.source)

    # ------------------------------------------------------------------------------------------------- what is judged

    def _definitions(self) -> Iterator[Block]:
        protocol = self.made.protocol
        facts = ((_spaced(fact.id), self._if(fact.when)) for fact in protocol.facts)
        yield from _table("Facts", ("Fact", "True if"), facts)
        criteria = ((each.title, self._if(each.met), self._if(each.unmet)) for each in protocol.criteria)
        yield from _table("Criteria", ("Criterion", "Met if", "Unmet if"), criteria)

    def _advice(self) -> Iterator[Block]:
        protocol = self.made.protocol
        rows = (
            (f"{each.title} ({each.id})", f"{remark.level.value} if {self._if(remark.when)}", self._say(remark.say))
            for each in protocol.advisories
            for remark in each.levels
        )
        yield from _table("Advisories", ("Advisory", "Raised as", "Says"), rows)
        refused = ((self._if(each.when), self._say(each.say)) for each in protocol.contradictions)
        yield from _table("Contradictions, which are refused", ("Refused if", "Says"), refused)

    # --------------------------------------------------------------------------------------------------- what is said

    def _statement(self, name: str, statement: Statement) -> Iterator[Block]:
        yield from self._clauses(statement.title, name, statement.clauses)
        if statement.quiet:
            quiet = ((self._if(each.when), each.why) for each in statement.quiet)
            yield from _table(f"{statement.title}: nothing is said on purpose", ("If", "Because"), quiet)

    def _clauses(self, title: str, name: str, clauses: Iterable[Clause]) -> Iterator[Block]:
        rows = (
            (f"{number}. {self._if(clause.when)}", self._printed(clause), self._cited(clause.source))
            for number, clause in enumerate(clauses, start=1)
        )
        shown = title if title == name else f"{title} ({name})"
        yield from _table(shown, ("Printed if", "Words", "Source"), rows)

    def _printed(self, clause: Clause) -> str:
        if clause.silent:
            return "nothing: the profile took the sentence away"
        return f"A gap, to be worded: {self._say(clause.say)}" if clause.gap else self._say(clause.say)

    def _cited(self, source: SourceRef) -> str:
        return "; ".join(f"{key}: {heading}" for key, heading in source.items())

    # --------------------------------------------------------------------------------------------------------- names

    def _if(self, condition: str) -> str:
        return in_words(condition, self._named)

    def _say(self, words: str) -> str:
        return " ".join(words_in_words(words, self._named).split())

    def _named(self, path: str) -> str:
        """A name of a condition as people know it: the title of an element, what follows it behind a colon."""
        slot = self.made.owner(path)
        if slot is None:
            of, _, id = path.partition(".")
            return self.criteria.get(id, _spaced(id)) if of == "criteria" else _spaced(path)
        rest = path[len(slot.path) + 1 :] if path.startswith(f"{slot.path}.") else ""
        return self._called(slot) + (f": {_spaced(rest)}" if rest else "")

    def _called(self, slot: Slot) -> str:
        """The title of an element; where another has it too, behind the title of what it is below."""
        title = slot.element.title
        above = self.made.slots.get(slot.parent or slot.path.rpartition(".")[0])
        return f"{above.element.title}: {title}" if above and self.titles[title] > 1 else title


def _is_shown(slot: Slot) -> bool:
    """Whether it has a row of its own: the stains of a panel and their details do not."""
    return not slot.panel or isinstance(slot.element, PanelElement)


def _choice(choice: Choice) -> str:
    """An answer as the report prints it, with its id where that is another word, and what is entered with it."""
    words = choice.words if choice.id in choice.words else f"{choice.id} (printed as {choice.words})"
    return words if choice.asks is None else f"{words}, {answers_in_words(choice.asks) or 'in words'}"


def _spaced(id: str) -> str:
    return id.replace("_", " ")


def _table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[Block]:
    """A table under its heading; nothing where there are no rows."""
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    if cells:
        yield Heading(title)
        yield Table(columns, cells, title)
