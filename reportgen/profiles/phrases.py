"""Every sentence that reports with a protocol can print, with its condition, its source and whose words they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from reportgen.laboratory.model import Laboratory, Profile
from reportgen.profiles.layout_denials import fixed_words
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement, GroupElement, NoteElement, PanelElement
from reportgen.protocols.load import load_header, load_protocol
from reportgen.protocols.model import Clause
from reportgen.protocols.origins import fragments_in
from reportgen.protocols.overrides import OWN_SOURCE
from reportgen.reports.labels import Labels
from reportgen.reports.load_labels import load_labels

BUILT_IN = "built-in"


@dataclass(frozen=True)
class Phrase:
    """One entry of the phrasebook.

    Attributes:
        group: its chapter: a protocol's title, or what else prints it.
        id: the clause, element or label.
        words: the words, answers in braces.
        when: the condition; empty for words that are always the same.
        source: where the medicine comes from.
        origin: `built-in`, or the name and version of the profile.
        gap: whether it prints as a visible gap.
        removed: whether a profile took it away, so that nothing is said.
        asked_by: the accreditations that ask for an element.
    """

    group: str
    id: str
    words: str
    when: str = ""
    source: str = ""
    origin: str = BUILT_IN
    gap: bool = False
    removed: bool = False
    asked_by: str = ""


class Phrasebook(NamedTuple):
    """The entries of one protocol and of every report, and the labels that gaps and marks are made of."""

    protocol: Compiled
    phrases: tuple[Phrase, ...]
    labels: Labels


def phrasebook(id: str, laboratory: Laboratory | None) -> Phrasebook:
    """The phrasebook of a protocol, with the changes of a profile; raises `FindingsError` as `load_protocol`."""
    labels, protocol = load_labels(laboratory), load_protocol(id, laboratory)
    phrases = [
        *clauses_of(protocol, labels), *_elements(protocol), *_macros(protocol), *_usual(protocol),
        *_labels(labels, laboratory),
    ]  # fmt: skip
    if laboratory is not None:
        phrases += [*_head(laboratory), *_own(id, laboratory)]
    return Phrasebook(protocol, tuple(phrases), labels)


class _Origins:
    """Whose words those of a protocol are: the profile's that brings or changes it, else built in."""

    def __init__(self, made: Compiled) -> None:
        brought = made.laboratory.bringing(made.protocol.id) if made.laboratory else None
        self.own = _origin(brought)
        self.shared = {**fragments_in(made, "wording", "say"), **fragments_in(made, "elements", "title")}
        self.changed = {each.address: _origin(each.profile) for each in made.changes if each.space == "elements"}

    def of_element(self, address: str, added: str = "") -> str:
        """Whose the words of an element or a section are; `added` names the profile that added it."""
        return self.changed.get(address) or added or self.of(address)

    def of(self, address: str) -> str:
        """Whose a sentence is that no profile changes."""
        return BUILT_IN if address in self.shared else self.own


def clauses_of(made: Compiled, labels: Labels) -> Iterator[Phrase]:
    """Every sentence and term of one protocol, and the gaps that its statements can print."""
    wording, title, origins = made.protocol.wording, made.protocol.title, _Origins(made)
    gaps = {"pending": (labels.pending_on, labels.pending), "own_words": (labels.other_words, labels.other_words_own)}
    for name, _, statement in wording.statements():
        if statement.on_request and name != "header":
            continue
        yield from (_clause(made, title, f"{name}.{clause.id}", clause, origins) for clause in statement.clauses)
        yield from (Phrase(title, f"{name}.{kind}", "\n".join(words), gap=True) for kind, words in gaps.items())
    for term in wording.terms:
        yield from (_clause(made, title, f"terms.{term.id}.{clause.id}", clause, origins) for clause in term.clauses)


def _clause(made: Compiled, group: str, id: str, clause: Clause, origins: _Origins) -> Phrase:
    source = "; ".join(made.cite({key: text for key, text in clause.source.items() if key != OWN_SOURCE}))
    origin = clause.source.get(OWN_SOURCE) or origins.of(id)
    return Phrase(group, id, clause.say, clause.when, source, origin, clause.gap, clause.silent)


def _origin(profile: Profile | None) -> str:
    return f"{profile.spec.name} {profile.spec.version}" if profile else BUILT_IN


def _elements(made: Compiled) -> Iterator[Phrase]:
    """The name of each element, and of each answer the words that are printed for it."""
    group = f"{made.protocol.title}: elements"
    origins = _Origins(made)
    for section in made.form.sections:
        if section.heading:
            address = f"sections.{section.id}"
            origin = origins.of_element(address)
            yield Phrase(group, f"{address}.heading", section.heading, section.applies_when, origin=origin)
    for path, slot in made.slots.items():
        if slot.panel and not isinstance(slot.element, PanelElement) and slot.parent:
            continue
        origin = origins.of_element(path, slot.element.source.get(OWN_SOURCE, ""))
        asked_by, applies = "; ".join(made.cite(slot.element.asked_by)), " and ".join(slot.applies)
        yield Phrase(group, path, slot.element.name, applies, origin=origin, asked_by=asked_by)
        if isinstance(slot.element, NoteElement) and slot.element.print:
            yield Phrase(group, f"{path}.text", slot.element.text, " and ".join(slot.applies), origin=origin)
        if isinstance(slot.element, GroupElement) and slot.element.heading:
            yield Phrase(group, f"{path}.heading", slot.element.heading, origin=origin)
        choices = slot.element.choices if isinstance(slot.element, ChoiceElement) and not slot.panel else ()
        choices = slot.element.results if isinstance(slot.element, PanelElement) else choices
        for choice in choices:
            yield Phrase(group, f"{path} = {choice.id}", choice.words, origin=origin)


def _macros(made: Compiled) -> Iterator[Phrase]:
    """What each macro answers."""
    own = _Origins(made).own
    for macro in made.protocol.macros:
        source = "; ".join(made.cite({key: text for key, text in macro.source.items() if key != OWN_SOURCE}))
        origin = macro.source.get(OWN_SOURCE) or own
        yield Phrase(f"{made.protocol.title}: macros", macro.id, macro.in_words, source=source, origin=origin)


def _usual(made: Compiled) -> Iterator[Phrase]:
    """What profiles answer where a case enters nothing."""
    origins = {each.address: _origin(each.profile) for each in made.changes if each.field == "usual"}
    for path, usual in made.usual.items():
        group, applies = f"{made.protocol.title}: usual answers", " and ".join(made.slots[path].applies)
        yield Phrase(group, path, usual.in_words, applies, origin=origins[path])


def _head(laboratory: Laboratory) -> Iterator[Phrase]:
    """The names in the head of a case that profiles add or change."""
    header, built_in = load_header(laboratory), load_header().slots
    changed = {each.address: _origin(each.profile) for each in header.changes}
    for path, slot in header.slots.items():
        if path not in built_in or path in changed:
            origin = changed.get(path) or slot.element.source.get(OWN_SOURCE) or _origin(laboratory.own)
            yield Phrase("Head of the case", f"case.{path}", slot.element.name, origin=origin)


def _labels(labels: Labels, laboratory: Laboratory | None) -> Iterator[Phrase]:
    group = "Words of the program"
    own = {entry.key: profile for profile, part in (laboratory.parts("labels") if laboratory else ()) for entry in part}
    for name, value in labels:
        origin = _origin(own.get(name))
        texts = value.items() if isinstance(value, dict) else [("", value)] if isinstance(value, str) else ()
        for key, text in texts:
            yield Phrase(group, f"labels.{name}{'.' + key if key else ''}", text, origin=origin)


def _own(protocol: str, laboratory: Laboratory) -> Iterator[Phrase]:
    """Waivers of the protocol, the letterhead and the fixed words of layouts."""
    for profile in laboratory.profiles:
        origin = _origin(profile)
        for waiver in profile.spec.waivers:
            if waiver.protocol == protocol:
                words = f"{waiver.id} ({waiver.reason}; {waiver.by})"
                yield Phrase("Waivers, printed in every report", f"{protocol}.{waiver.id}", words, origin=origin)
        for key, text in profile.spec.letterhead or ():
            if text:
                yield Phrase("Letterhead", f"letterhead.{key}", text, origin=origin)
    own = _origin(laboratory.own)
    for id, said in (("stain_method", laboratory.spec.stain_method), ("attestation", laboratory.spec.attestation)):
        if said:
            yield Phrase("The laboratory's own words", id, " ".join(said.text.split()), origin=own)
    for number, (shown, words) in enumerate(fixed_words(laboratory), start=1):
        yield Phrase("Fixed words of layouts", f"{shown.rpartition('/')[2]} {number}", words, origin=own)
