"""A case and its assessment to a report: sections in order, every sentence licensed, every gap visible and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from reportgen.assessment.model import Assessment
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Case
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import Chapter
from reportgen.release import VERSION
from reportgen.reports.labels import Labels
from reportgen.reports.model import (
    Block,
    Furniture,
    Heading,
    Letterhead,
    Metadata,
    Notice,
    OpenItem,
    Pairs,
    Paragraph,
    Report,
    Section,
    Sentence,
    State,
    Tone,
)
from reportgen.reports.open_items import names_of, of_header, of_part
from reportgen.reports.own_words import attestation, own_codes, short_synopsis, stain_method
from reportgen.reports.pairs import PairWriter
from reportgen.reports.part import PartComposer

_SHORT = 12  # characters of a hash that the footer shows
_PURPOSE = "purpose"  # the header's element that marks an invented case
_LETTERHEAD = ("name", "address", "telephone", "clia")
_DESCRIPTIVE = (Chapter.microscopic, Chapter.gross)
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the first time a DOCX can carry


@dataclass(frozen=True)
class Options:
    """What a report depends on besides the case.

    Attributes:
        finalized_by: who finalized it; empty for a draft.
        finalized_at: when, in the words given on the command line.
        stamp: the time its files carry; the case's own dates decide where it is None.
        layout: name and short hash of the layout.
        coding: whether the coding line is printed.
        laboratory: the profile; its letterhead, order of sections and waivers are printed.
    """

    finalized_by: str = ""
    finalized_at: str = ""
    stamp: datetime | None = None
    layout: str = "standard"
    coding: bool = False
    laboratory: Laboratory | None = None


def compose(
    case: Case,
    assessments: tuple[Assessment, ...],
    labels: Labels,
    options: Options | None = None,
    scopes: tuple[AnswerScope, ...] = (),
) -> Report:
    """Compose the report of a case; pure.

    `scopes` are those that the parts were assessed with, so that what is known of them is not found out again.
    """
    chosen = options or Options()
    known = scopes or [AnswerScope.of_part(part, case.header) for part in case.parts]
    alone = [part.label for part in case.parts] == ["A"]  # a single part B is part B of an accession, and says so
    parts = tuple(PartComposer(part, scope, labels, alone) for part, scope in zip(case.parts, known, strict=True))
    return _Composer(case, parts, labels, chosen).report(assessments)


class _Composer:
    def __init__(self, case: Case, parts: tuple[PartComposer, ...], labels: Labels, options: Options) -> None:
        self.case = case
        self.parts = parts
        self.labels = labels
        self.options = options
        self._header_writer = PairWriter(AnswerScope(case.header_form, case.header), labels, "")
        self._state = State.finalized if options.finalized_by else State.draft
        self._is_test_data = _PURPOSE in case.header
        self._own_letterhead = self._laboratory()
        self._protocols = {part.part.protocol.protocol.id: part.part.protocol for part in parts}
        titles = {made.protocol.report_title or labels.report_title for made in self._protocols.values()}
        self._title = titles.pop() if len(titles) == 1 else labels.report_title
        self._record = self._versions(), labels.intended_use
        self._special = tuple(self._worded_and_acknowledged())

    def report(self, assessments: tuple[Assessment, ...]) -> Report:
        identification = Pairs(self._header_writer.pairs(Chapter.synoptic, "identification"))
        items = tuple(self._open(identification, assessments))
        sections = tuple(section for section in self._in_order(self._sections()) if section.blocks)
        return Report(
            state=self._state,
            letterhead=self._letterhead(),
            title=self._title,
            notices=tuple(self._notices(items)),
            identification=identification,
            sections=sections,
            furniture=self._furniture(),
            metadata=self._metadata(),
            open=items,
        )

    @property
    def _mark(self) -> str:
        """What every page and the file itself say of the report's state; "" for a finalized report of a patient."""
        draft = self._state is State.draft
        if self._is_test_data:
            return self.labels.test_draft_mark if draft else self.labels.test_mark
        return self.labels.draft_mark if draft else ""

    def _sections(self) -> Iterator[Section]:
        yield self._section("diagnosis", [block for part in self.parts for block in part.diagnosis])
        yield self._section("comment", self._by_part([(part, [*part.comment]) for part in self.parts]))
        yield self._section("synoptic", [*self._synopses()])
        yield self._section("stains", [*self._stains()])
        for chapter in _DESCRIPTIVE:
            yield self._section(chapter.value, self._by_part([(part, part.described(chapter)) for part in self.parts]))
        yield self._section("history", [*self._header_writer.texts(Chapter.history), *self._of_header(Chapter.history)])
        if self.options.coding:
            yield self._section("coding", self._by_part([(part, self._codes(part)) for part in self.parts]))
        chosen = self.options
        attested = attestation(chosen.laboratory, chosen.finalized_by, chosen.finalized_at)
        people = self._of_header(Chapter.signature)
        yield self._section("signature", [*people, *attested, self._signature(), *map(Notice, self._special)])

    def _of_header(self, chapter: Chapter) -> list[Block]:
        """The pairs that the head of the case has in a chapter."""
        pairs = self._header_writer.pairs(chapter)
        return [Pairs(pairs)] if pairs else []

    def _synopses(self) -> Iterator[Pairs]:
        for part in self.parts:
            pairs = short_synopsis(part, self.options.laboratory)
            if pairs:
                yield Pairs(pairs, part.synoptic.caption)

    def _stains(self) -> Iterator[Block]:
        """The stains of each part, what is said of them beside their results, and below all the laboratory's method."""
        shares: list[tuple[PartComposer, list[Block]]] = []
        tables = False
        for part in self.parts:
            table, beside = part.writer.stains(self._table_label(part)), part.writer.pairs(Chapter.stains)
            tables = tables or table is not None
            shares.append((part, [*([table] if table else []), *([Pairs(beside)] if beside else [])]))
        yield from self._by_part(shares)
        if tables:
            yield from stain_method(self.options.laboratory, self.labels)

    def _in_order(self, sections: Iterator[Section]) -> list[Section]:
        """The sections as the laboratory orders them."""
        order = self.options.laboratory.spec.sections if self.options.laboratory else ()
        return sorted(sections, key=lambda section: order.index(section.id)) if order else list(sections)

    def _section(self, id: str, blocks: list[Block]) -> Section:
        return Section(id, self.labels.sections[id], tuple(blocks))

    def _by_part(self, shares: list[tuple[PartComposer, list[Block]]]) -> list[Block]:
        """The shares of all parts, each under its part's heading where the case has several."""
        blocks: list[Block] = []
        for part, share in shares:
            if share and len(self.parts) > 1:
                blocks.append(Heading(part.name()))
            blocks += share
        return blocks

    def _table_label(self, part: PartComposer) -> str:
        title = self.labels.sections["stains"]
        return title if len(self.parts) == 1 else f"{title}, {part.name()}"

    def _codes(self, part: PartComposer) -> list[Block]:
        lines = (part.codes(), own_codes(part, self.options.laboratory))
        joined = (self.labels.semicolon.join(line) for line in lines)
        return [Paragraph((Sentence(codes, "coding"),)) for codes in joined if codes]

    def _signature(self) -> Notice:
        if self._state is State.draft:
            return Notice(self.labels.unsigned, Tone.info)
        name, time = self.options.finalized_by, self.options.finalized_at
        return Notice(self.labels.finalized_by.format(name=name, time=time), Tone.info)

    def _letterhead(self) -> Letterhead:
        own = self._own_letterhead
        name = own["name"]
        address = own["address"].strip().split("\n")
        patterns = {"telephone": self.labels.telephone, "clia": self.labels.clia}
        contact = [pattern.format(text=own[key]) for key, pattern in patterns.items() if own[key]]
        lines = [line for line in (*address, " · ".join(contact)) if line]
        return Letterhead(name or self.labels.no_laboratory, tuple(lines), gap=not name)

    def _laboratory(self) -> dict[str, str]:
        """What the case says of its laboratory; where it says nothing, what the laboratory's profile says."""
        entered = {key: self.case.written(f"laboratory.{key}") for key in _LETTERHEAD}
        own = self.options.laboratory.spec.letterhead if self.options.laboratory else None
        return entered if own is None or any(entered.values()) else {key: getattr(own, key) for key in _LETTERHEAD}

    def _notices(self, items: tuple[OpenItem, ...]) -> Iterator[Notice]:
        if self._is_test_data:
            yield Notice(self.labels.test_notice, Tone.gap)
        if self._state is State.draft:
            yield Notice(self.labels.draft_notice, Tone.draft)
        unreviewed = [made.protocol.title for made in self._protocols.values() if made.waits_for_review]
        if unreviewed:
            yield Notice(self.labels.not_reviewed.format(names=self.labels.semicolon.join(unreviewed)), Tone.draft)
        if items:
            pattern = self.labels.open_one if len(items) == 1 else self.labels.open_many
            names = names_of(items, several=len(self.parts) > 1)
            yield Notice(pattern.format(count=len(items), names=self.labels.semicolon.join(names)), Tone.gap)

    def _open(self, identification: Pairs, assessments: tuple[Assessment, ...]) -> Iterator[OpenItem]:
        unnamed = "" if self._own_letterhead["name"] else self.labels.no_laboratory.strip("[]").capitalize()
        told = (self._header_writer.pairs(chapter) for chapter in (Chapter.history, Chapter.signature))
        pairs = (*identification.pairs, *(pair for each in told for pair in each))
        header = tuple(item._replace(place=self.case.place) for item in of_header(pairs, unnamed))
        yield from header
        for part, made in zip(self.parts, assessments, strict=True):
            yield from of_part(part, made.completeness.missing, header)

    def _furniture(self) -> Furniture:
        name, accession = self.case.written("patient.name"), self.case.written("accession")
        number = self._header_writer.name(self.case.header_form.slots["patient.mrn"])
        answer = self.case.header.get("patient.mrn")
        mrn = self._header_writer.text(answer) if answer else self.labels.not_entered
        patient = (name, f"{number} {mrn}", accession)
        words = self.labels.page, self.labels.of, self.labels.continued
        return Furniture(self._mark, patient, self._record, *words)

    def _versions(self) -> str:
        """The line of the footer with versions and hashes."""
        named = " · ".join(
            self.labels.protocol_record.format(id=id, version=made.protocol.version, hash=made.hash[:_SHORT])
            for id, made in self._protocols.items()
        )
        return self.labels.record.format(
            version=VERSION, protocols=named, layout=self._layout, hash=self.case.fingerprint()[:_SHORT]
        )

    @property
    def _layout(self) -> str:
        """The layout, and the profile that the report was made with."""
        own = self.options.laboratory
        if own is None:
            return self.options.layout
        profile = self.labels.profile_record.format(
            name=own.spec.name, version=own.spec.version, hash=own.hash[:_SHORT]
        )
        return f"{self.options.layout} · {profile}"

    def _waived(self) -> Iterator[str]:
        """The safeguards that the laboratory weakened in the protocols of this report."""
        for made in self._protocols.values():
            names = [f"{_title(made, each.id)} ({each.reason}; {each.by})" for each in made.waivers]
            if names:
                yield self.labels.waived.format(names=self.labels.semicolon.join(names))

    def _given(self) -> Iterator[str]:
        """What the macro of each part, then what profiles answered: nobody entered it in this case."""
        of_profiles: dict[str, list[str]] = {}
        for each in self.parts:
            of_macros: dict[str, list[str]] = {}
            for answer in each.part.answers.values():
                title = each.part.protocol.slots[answer.slot].element.title
                if answer.by and answer.by.kind == "macro":
                    of_macros.setdefault(self._of_part(each, answer.by.name), []).append(title)
                elif answer.by:
                    of_profiles.setdefault(answer.by.name, []).append(self._of_part(each, title))
            for macro, titles in of_macros.items():
                yield self.labels.answered_by_macro.format(macro=macro, names=self.labels.semicolon.join(titles))
        for profile, titles in of_profiles.items():
            yield self.labels.answered_by_profile.format(profile=profile, names=self.labels.semicolon.join(titles))

    def _of_part(self, part: PartComposer, name: str) -> str:
        """A name, with its part among several."""
        return name if part.alone else self.labels.of_part.format(name=name, label=part.part.label)

    def _worded_and_acknowledged(self) -> Iterator[str]:
        yield from self._waived()
        yield from self._given()
        worded = [self._statement_name(part, name) for part in self.parts for name in part.part.overrides]
        if worded:
            yield self.labels.worded_by_pathologist.format(names=self.labels.semicolon.join(worded))
        answered = [
            self._acknowledgement(part, id, words.text)
            for part in self.parts
            for id, words in part.part.acknowledged.items()
        ]
        if answered:
            yield self.labels.acknowledged.format(names=self.labels.semicolon.join(answered))

    def _statement_name(self, part: PartComposer, name: str) -> str:
        """What people call what an override replaces, a section or a statement; and its part among several."""
        title = self.labels.sections.get(name) or part.part.protocol.statements()[name].title
        return self._of_part(part, title)

    def _acknowledgement(self, part: PartComposer, id: str, reason: str) -> str:
        pattern = self.labels.acknowledgement if part.alone else self.labels.acknowledgement_of_part
        title = _title(part.part.protocol, id)
        return pattern.format(title=title, label=part.part.label, reason=" ".join(reason.split()))

    def _metadata(self) -> Metadata:
        days = [day for path in ("reported", "received", "collected") if (day := self.case.day(path))]
        own = datetime(days[0].year, days[0].month, days[0].day, tzinfo=UTC) if days else EPOCH
        marks = [self._mark] if self._mark else []
        purpose = [self.labels.test_mark] if self._is_test_data else []
        return Metadata(
            title=" ".join([self._title, self.case.written("accession"), *(f"({mark})" for mark in marks)]),
            subject=self.labels.report_subject,
            author=self.options.finalized_by,
            keywords=(self._state.value, *purpose, *self._record, *self._special),
            language=self.labels.language,
            stamp=max(self.options.stamp or own, EPOCH),
            generator=f"reportgen {VERSION}",
        )


def _title(made: Compiled, id: str) -> str:
    """What people call an element, an advisory or the place of a sentence."""
    slot = made.slots.get(id)
    titles = {advisory.id: advisory.title for advisory in made.protocol.advisories}
    for name, _, statement in made.protocol.wording.statements():
        titles |= {f"{name}.{clause.id}": statement.title for clause in statement.clauses}
    return slot.element.title if slot else titles.get(id, id)
