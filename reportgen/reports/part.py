"""One part's share of a report: header line, diagnosis, comment, pairs, stains, descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from reportgen.assessment.judgement import cite
from reportgen.assessment.model import Assessment
from reportgen.cases.model import Part, Words
from reportgen.cases.scope import AnswerScope
from reportgen.findings import Place
from reportgen.protocols.elements import Chapter, ChoiceElement
from reportgen.protocols.model import Statement
from reportgen.reports.labels import Labels
from reportgen.reports.licence import Held, Licence, Spoken
from reportgen.reports.model import Block, Pairs, Paragraph, Role, Sentence, Used
from reportgen.reports.pairs import PairWriter


@dataclass(frozen=True)
class PartComposer:
    """Composes one part; `alone` where the case has no other."""

    part: Part
    scope: AnswerScope
    assessment: Assessment
    labels: Labels
    alone: bool

    @property
    def prefix(self) -> str:
        """What this part's paths begin with in traces."""
        return f"parts.{self.part.label}."

    @cached_property
    def licence(self) -> Licence:
        """What may be said of this part."""
        return Licence(self.part.protocol, self.scope, self.labels)

    @cached_property
    def writer(self) -> PairWriter:
        """The printer of this part's pairs."""
        return PairWriter(self.scope, self.labels, self.prefix, self.licence)

    def name(self) -> str:
        """What headings call this part, among several."""
        answer = self.scope.answers.get("site")
        site = self.writer._text(answer) if answer else self.labels.not_entered
        return self.labels.part.format(label=self.part.label, site=site[:1].upper() + site[1:])

    def diagnosis(self) -> tuple[Block, ...]:
        """Header line, diagnosis lines, and the label as received."""
        return self._diagnosis_blocks

    @cached_property
    def _diagnosis_blocks(self) -> tuple[Block, ...]:
        return tuple(self._diagnosis_lines())

    def _diagnosis_lines(self) -> Iterator[Block]:
        label = "" if self.alone else f"{self.part.label}. "
        (header, *_) = self._statement(self.part.protocol.protocol.wording.header, "header") or [self._nothing()]
        yield Paragraph((_prefixed(header, label),), Role.specimen)
        lines = self._diagnosis
        for number, sentence in enumerate(lines):
            role = Role.diagnosis if number == 0 or sentence.clause.endswith(".override") else Role.detail
            yield Paragraph((self._see_comment(sentence) if number == 0 else sentence,), role)
        if self.part.received_as:
            text = self.labels.received_as.format(text=self.part.received_as)
            used = (Used(f"{self.prefix}received_as", self.part.place),)
            yield Paragraph((Sentence(text, "", used),), Role.received)

    def comment(self) -> list[Paragraph]:
        """The comment: one paragraph, or the pathologist's own lines."""
        sentences = self._comment
        lines = {each.id for each in self.part.protocol.protocol.wording.comment if each.lines}
        by_line = any(sentence.clause.split(".")[1:2] == [id] for sentence in sentences for id in lines)
        if not sentences and self._refers_to_comment():
            title = self.labels.sections["comment"]
            text = self.labels.withheld.format(title=title, why=self.labels.comment_missing)
            sentences = [Sentence(text, "comment.missing", gap=True)]
        if by_line or any(sentence.clause == "comment.override" for sentence in sentences):
            return [Paragraph((sentence,)) for sentence in sentences]
        return [Paragraph(tuple(sentences))] if sentences else []

    def synoptic(self) -> Pairs:
        """The synopsis."""
        pairs = (*self.writer.pairs(Chapter.synoptic), *self.writer.open_panels())
        return Pairs(pairs, "" if self.alone else self.name())

    def described(self, chapter: Chapter) -> Iterator[Block]:
        """Free texts and pairs of one descriptive chapter."""
        yield from self.writer.texts(chapter)
        pairs = tuple(self.writer.pairs(chapter))
        if pairs:
            yield Pairs(pairs)

    def codes(self) -> Iterator[str]:
        """The protocol's codes, with the topography: only where the comment names what they stand for."""
        coded = {
            f"comment.{statement.id}.{clause.id}"
            for statement in self.part.protocol.protocol.wording.comment
            for clause in statement.clauses
            if clause.coded
        }
        if coded.isdisjoint(sentence.clause for sentence in self._comment):
            return
        for code in self.part.protocol.protocol.codes:
            yield f"{code.system} {code.code}"
        answer = self.scope.answers.get("topography")
        if answer and isinstance(self.part.protocol.slots[answer.slot].element, ChoiceElement):
            yield self.writer._text(answer)

    @cached_property
    def _diagnosis(self) -> list[Sentence]:
        return list(self._section("diagnosis"))

    @cached_property
    def _comment(self) -> list[Sentence]:
        return list(self._section("comment"))

    def _section(self, section: str) -> Iterator[Sentence]:
        override = self.part.overrides.get(section)
        if override:
            yield from self._own_words(override, f"{section}.override", f"override.{section}")
            return
        for statement in getattr(self.part.protocol.protocol.wording, section):
            yield from self._statement(statement, section)

    def _statement(self, statement: Statement, section: str) -> list[Sentence]:
        name = section if section == "header" else f"{section}.{statement.id}"
        override = self.part.overrides.get(statement.id) if section == "comment" else None
        if override:
            return list(self._own_words(override, f"{name}.override", f"override.{statement.id}"))
        spoken = self.licence.speak(statement.clauses)
        if spoken is None:
            return []
        if isinstance(spoken, Held):
            return [self._held(statement, spoken, name)]
        lines = spoken.text.split("\n") if statement.lines else [" ".join(spoken.text.split())]
        return [self._sentence(statement, spoken, line, name) for line in lines if line]

    def _sentence(self, statement: Statement, spoken: Spoken, line: str, name: str) -> Sentence:
        clause = spoken.clause
        text = self.labels.withheld.format(title=statement.title, why=line) if clause.gap else line
        source = cite(self.part.protocol, clause.source)
        return Sentence(text, f"{name}.{clause.id}", self._used(spoken.used), source, clause.gap)

    def _held(self, statement: Statement, held: Held, name: str) -> Sentence:
        names = self.labels.comma.join(self.element_name(path) for path in sorted(held.waiting))
        pattern = self.labels.pending if names == statement.title else self.labels.pending_on
        text = pattern.format(title=statement.title, names=names)
        used = tuple(Used(self._full(path), self.part.place) for path in sorted(held.waiting))
        return Sentence(text, f"{name}.pending", used, gap=True)

    def _nothing(self) -> Sentence:
        return Sentence(self.labels.not_entered, "header.pending", gap=True)

    def _own_words(self, words: Words, clause: str, path: str) -> Iterator[Sentence]:
        used = (Used(self.prefix + path, words.place),)
        for line in filter(None, words.text.split("\n")):
            yield Sentence(line, clause, used)

    def _see_comment(self, sentence: Sentence) -> Sentence:
        mark = self.labels.see_comment
        if sentence.gap or not self.comment() or sentence.text.endswith(mark):
            return sentence
        return Sentence(f"{sentence.text} {mark}", sentence.clause, sentence.answers, sentence.source)

    def _refers_to_comment(self) -> bool:
        return any(sentence.text.endswith(self.labels.see_comment) for sentence in self._diagnosis)

    def element_name(self, path: str) -> str:
        """The printed name of an element."""
        slot = self.part.protocol.slots.get(path)
        return self.writer.name(slot) if slot else path

    def _full(self, path: str) -> str:
        return path if path.startswith("case.") else self.prefix + path

    def _used(self, paths: frozenset[str]) -> tuple[Used, ...]:
        return tuple(Used(self._full(path), self._place(path)) for path in sorted(paths))

    def _place(self, path: str) -> Place:
        """Where the answer at a path stands; the part, where none does."""
        above, _, name = path.partition(".")
        found = self.scope.answers.get(path) or (self.part.overrides.get(name) if above == "override" else None)
        found = found or (self.scope.header_answers.get(name) if above == "case" else None)
        return found.place if found else self.part.place


def _prefixed(sentence: Sentence, label: str) -> Sentence:
    return Sentence(label + sentence.text, sentence.clause, sentence.answers, sentence.source, sentence.gap)
