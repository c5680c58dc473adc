"""One part's share of a report: header line, diagnosis, comment, pairs, stains, descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.element_path import ElementPath
from reportgen.cases.model import Answer, Part, Words
from reportgen.language.grammar import cap, stopped
from reportgen.protocols.elements import Chapter, ChoiceElement
from reportgen.protocols.model import Statement
from reportgen.reports.labels import Labels
from reportgen.reports.licence import Licence, Pending, Spoken, Unlicensed
from reportgen.reports.model import Block, Pairs, Paragraph, Role, Sentence, Used
from reportgen.reports.pairs import PairWriter

_PLACE = "place"  # the term in which a protocol words side and site of a part
_OPENING = "gross_opening"  # the term in which it words how the specimen was received


class PartComposer:
    """Composes one part; `alone` where the case has no other, so that its letter says nothing.

    Attributes:
        writer: the printer of this part's pairs.
        diagnosis: header line, diagnosis lines, and the label as received.
        comment: one paragraph, or the pathologist's own lines.
        synoptic: the synopsis.
    """

    def __init__(self, part: Part, scope: AnswerScope, labels: Labels, alone: bool) -> None:
        self.part = part
        self.scope = scope
        self.labels = labels
        self.alone = alone
        self.prefix = part.prefix  # what this part's paths begin with in traces
        self.licence = Licence(part.protocol, scope, labels)
        self.writer = PairWriter(scope, labels, self.prefix, self.licence)
        wording = part.protocol.protocol.wording
        self._diagnosis = self._section("diagnosis", wording.diagnosis)
        self._comment = self._section("comment", wording.comment)
        self.comment = self._paragraphs()
        self.diagnosis = tuple(self._diagnosis_lines(wording.header))
        self.synoptic = Pairs(self.writer.synopsis(), "" if alone else self.name())

    def name(self) -> str:
        """What headings call this part, among several."""
        place = self._place()
        return self.labels.part.format(label=self.part.label, site=cap(place)) if place else self.part.label

    def _place(self) -> str:
        """Where the part comes from: side and site as the protocol words them, or its label as received, or nothing."""
        if _PLACE in self.part.protocol.terms:
            with suppress(Unlicensed):
                return self.licence.term(_PLACE).text
        site = self.part.protocol.prose.words.site
        if site in self.part.protocol.slots:
            answer = self.scope.answers.get(site)
            return self.writer.text(answer) if answer else self.labels.not_entered
        return self.labels.received_as.format(text=self.part.received_as) if self.part.received_as else ""

    def _diagnosis_lines(self, statement: Statement) -> Iterator[Paragraph]:
        label = "" if self.alone else f"{self.part.label}. "
        missing = Sentence(self.labels.not_entered, "header.pending", gap=True)
        (header, *_) = self._statement(statement, "header") or [missing]
        yield Paragraph((header._replace(text=label + header.text),), Role.specimen)
        for number, sentence in enumerate(self._diagnosis):
            role = Role.diagnosis if number == 0 or sentence.clause.endswith(".override") else Role.detail
            yield Paragraph((self._see_comment(sentence) if number == 0 else sentence,), role)
        if self.part.received_as:
            text = self.labels.received_as.format(text=self.part.received_as)
            used = (Used(f"{self.prefix}received_as", self.part.place),)
            yield Paragraph((Sentence(text, "", used),), Role.received)

    def _paragraphs(self) -> list[Paragraph]:
        sentences = self._comment
        if not sentences and any(map(self._refers, self._diagnosis)):
            title = self.labels.sections["comment"]
            text = self.labels.withheld.format(title=title, why=self.labels.comment_missing)
            sentences = [Sentence(text, "comment.missing", gap=True)]
        by_line = {each.id for each in self.part.protocol.protocol.wording.comment if each.lines} | {"override"}
        if any(each.clause.split(".")[1] in by_line for each in sentences):
            return [Paragraph((sentence,)) for sentence in sentences]
        return [Paragraph(tuple(sentences))] if sentences else []

    def described(self, chapter: Chapter) -> list[Block]:
        """Free texts and pairs of one descriptive chapter."""
        pairs = self.writer.pairs(chapter)
        opening = self._opening() if chapter is Chapter.gross else ()
        return [*opening, *self.writer.texts(chapter), *([Pairs(pairs)] if pairs else [])]

    def _opening(self) -> Iterator[Paragraph]:
        """How the gross description begins, where the protocol words it and enough was entered."""
        if _OPENING in self.part.protocol.terms:
            with suppress(Unlicensed):
                said = self.licence.term(_OPENING)
                clause = f"terms.{_OPENING}.{said.clause.id}"
                source = self.part.protocol.cite(said.clause.source)
                yield Paragraph((Sentence(said.text, clause, self._used(said.used), source),))

    def is_coded(self) -> bool:
        """Whether the diagnosis or the comment names what the protocol's codes stand for."""
        said = {sentence.clause for sentence in (*self._diagnosis, *self._comment)}
        statements = self.part.protocol.protocol.wording.statements()
        coded = (f"{name}.{clause.id}" for name, _, each in statements for clause in each.clauses if clause.coded)
        return not said.isdisjoint(coded)

    def codes(self) -> Iterator[str]:
        """The protocol's codes for these answers, with the topography: only where the report names what they code."""
        if not self.is_coded():
            return
        for code in self.part.protocol.protocol.codes:
            if code.when and self.scope.truth(code.when).truth is not True:
                continue
            yield f"{code.system} {code.code}"
        answer = self.scope.answers.get(self.part.protocol.prose.words.topography_of)
        if answer and isinstance(self.part.protocol.slots[answer.slot].element, ChoiceElement):
            yield self.writer.text(answer)

    def _section(self, section: str, statements: tuple[Statement, ...]) -> list[Sentence]:
        """What a section says; the pathologist's own words replace the whole comment, or the headline alone."""
        override = self.part.overrides.get(section)
        own = list(self._own_words(override, f"{section}.override", f"override.{section}")) if override else []
        if own and section == "comment":
            return own
        rest = [each for each in statements if not each.on_request and not (own and each.override)]
        return own + [sentence for statement in rest for sentence in self._statement(statement, section)]

    def _statement(self, statement: Statement, section: str) -> list[Sentence]:
        override = self.part.overrides.get(statement.id) if section == "comment" else None
        if override:
            own = self._own_words(override, f"{section}.{statement.id}.override", f"override.{statement.id}")
            return [sentence._replace(text=stopped(sentence.text)) for sentence in own]
        spoken = self.licence.speak(statement.clauses)
        if spoken is None:
            return []
        name = section if section == "header" else f"{section}.{statement.id}"
        if isinstance(spoken, Pending):
            return [self._held(statement, spoken, name)]
        lines = spoken.text.split("\n") if statement.lines else [" ".join(spoken.text.split())]
        return [self._sentence(statement, spoken, line, name) for line in lines if line]

    def _sentence(self, statement: Statement, spoken: Spoken, line: str, name: str) -> Sentence:
        clause = spoken.clause
        text = self.labels.withheld.format(title=statement.title, why=line) if clause.gap else line
        source = self.part.protocol.cite(clause.source)
        return Sentence(text, f"{name}.{clause.id}", self._used(spoken.used), source, clause.gap, clause.when)

    def _held(self, statement: Statement, held: Pending, name: str) -> Sentence:
        waiting = self.scope.still_open(held.waiting)
        names = self.labels.comma.join(self.element_name(path) for path in sorted(waiting or held.waiting))
        pattern = self.labels.pending if names == statement.title else self.labels.pending_on
        if not waiting:
            pattern = self.labels.other_words_own if statement.override else self.labels.other_words
        text = pattern.format(title=statement.title, names=names, statement=statement.title.lower())
        used = tuple(Used(self._full(path), self.part.place) for path in sorted(held.waiting))
        return Sentence(text, f"{name}.{'pending' if waiting else 'own_words'}", used, gap=True)

    def _own_words(self, words: Words, clause: str, path: str) -> Iterator[Sentence]:
        used = (Used(self.prefix + path, words.place),)
        for line in filter(None, words.text.split("\n")):
            yield Sentence(line, clause, used)

    def _see_comment(self, sentence: Sentence) -> Sentence:
        if sentence.gap or not self.comment or self._refers(sentence):
            return sentence
        return sentence._replace(text=f"{sentence.text.rstrip(' .')} {self.labels.see_comment}")

    def _refers(self, sentence: Sentence) -> bool:
        """Whether a line ends by pointing to the comment, in the label's words, with brackets or without."""
        return sentence.text.casefold().rstrip(" .)").endswith(self.labels.see_comment.casefold().strip("()"))

    def element_name(self, path: str) -> str:
        """The printed name of an element; in an entry of a repeated group, behind the group and its number."""
        slots, bare = self.part.protocol.slots, ElementPath("", tuple(path.split("."))).slot
        if bare not in slots:
            return path
        name, group = self.writer.name(slots[bare]), slots[bare].repeated
        if bare == path:
            return name
        number = path.removeprefix(f"{group}.").partition(".")[0]
        return f"{slots[group].element.name} {number}: {name}"

    def _full(self, path: str) -> str:
        return path if path.startswith("case.") else self.prefix + path

    def _used(self, paths: frozenset[str]) -> tuple[Used, ...]:
        answers, prefix = self.scope.answers, self.prefix
        return tuple(
            Used(prefix + path, answer.place, answer.by) if (answer := answers.get(path)) else self._other(path)
            for path in sorted(paths)
        )

    def _other(self, path: str) -> Used:
        """What a sentence leans on beside this part's answers: the case's header, the pathologist's own words."""
        above, _, name = path.partition(".")
        found: Words | Answer | None = self.part.overrides.get(name) if above == "override" else None
        if above == "case":
            found = self.scope.header_answers.get(name)
        return Used(self._full(path), found.place if found else self.part.place)
