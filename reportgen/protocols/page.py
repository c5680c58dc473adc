"""A protocol as a readable page: what is asked, how it is judged, and every sentence it can print."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement, GroupElement, NoteElement, PanelElement, SourceRef
from reportgen.protocols.model import Clause
from reportgen.protocols.origins import fragments_in
from reportgen.protocols.slots import Slot, judge_of
from reportgen.protocols.starter import answers_in_words

_WIDTH = 100


def page(made: Compiled) -> Iterator[str]:
    """The lines of the page."""
    protocol = made.protocol
    elements, advisories, wording = (fragments_in(made, space) for space in ("elements", "advisories", "wording"))
    yield f"{protocol.title} · protocol {protocol.id} {protocol.version} ({made.hash[:12]})"
    yield from _wrapped(protocol.summary, "")
    if made.waits_for_review:
        yield "Not reviewed by a pathologist. Every report made with it says so until a laboratory signs it."
    yield from _elements(made, elements)
    if protocol.macros:
        yield from ("", "MACROS (each gives its answers where none is entered)")
    for macro in protocol.macros:
        yield f"  {macro.id} · {macro.title}"
        yield from _wrapped(macro.in_words, "    ")
        yield from _sources(made, macro.source)
    if protocol.criteria:
        yield from ("", "ESSENTIAL CRITERIA")
    for criterion in protocol.criteria:
        yield f"  {criterion.id}: {criterion.title}"
        yield from _wrapped(f"met when {criterion.met}; unmet when {criterion.unmet}", "    ")
        yield from _sources(made, criterion.source)
    if protocol.advisories:
        yield from ("", "ADVISORIES (to the pathologist, not printed)")
    for advisory in protocol.advisories:
        yield f"  {advisory.id} {advisory.title}"
        for remark in advisory.levels:
            yield from _wrapped(f"{remark.level.value} when {remark.when}: {remark.say}", "    ")
        yield from _sources(made, advisory.source, advisories.get(advisory.id))
    yield from ("", "SENTENCES (of each statement the first licensed clause speaks)")
    for name, _, statement in protocol.wording.statements():
        yield from _clauses(made, name, statement.clauses, wording)
    yield from ("", "SOURCES")
    for key, each in protocol.sources.items():
        yield from _wrapped(f"{key}: {each.title}. {each.cite}".rstrip(), "  ")


def _elements(made: Compiled, fragments: dict[str, str]) -> Iterator[str]:
    sections = {section.id: section for section in made.protocol.sections}
    section = ""
    for slot in made.slots.values():
        if slot.panel and not isinstance(slot.element, PanelElement):
            continue
        if slot.section != section:
            section = slot.section
            yield from ("", sections[section].title.upper())
            yield from _heading(sections[section].heading)
        words = answers_in_words(slot.element)
        foreign = f" · {slot.element.foreign_id}" * bool(slot.element.foreign_id)
        yield f"  {slot.path} · {slot.element.title} · {slot.element.status.value}{foreign}"
        yield from _wrapped(words, "    ")
        if isinstance(slot.element, GroupElement):
            yield from _heading(slot.element.heading)
        if isinstance(slot.element, NoteElement):
            yield from _wrapped(f"{'printed' if slot.element.print else 'on the form'}: {slot.element.text}", "    ")
        if slot.element.unlabeled:
            yield "    printed without a name"
        if isinstance(slot.element, PanelElement):
            yield from _wrapped("stains: " + ", ".join(stain.id for stain in slot.element.stains), "    ")
        if slot.element.applies_when:
            yield from _wrapped(f"applies when {slot.element.applies_when}", "    ")
        if slot.element.judged:
            yield from _wrapped(f"applies where {judge_of(slot.path)} is answered with yes", "    ")
        if slot.element.required_when:
            yield from _wrapped(f"required when {slot.element.required_when}", "    ")
        yield from _usual(made, slot)
        for asked in made.cite(slot.element.asked_by):
            yield from _wrapped(f"asked for by {asked}", "    ")
        yield from _sources(made, slot.element.source, fragments.get(slot.path))


def _usual(made: Compiled, slot: Slot) -> Iterator[str]:
    if (usual := made.usual.get(slot.path)) is not None:
        yield from _wrapped(usual.note, "    ")
    elif isinstance(slot.element, ChoiceElement) and slot.element.by_convention:
        yield "    a profile may give its usual answer"


def _heading(words: str) -> Iterator[str]:
    if words:
        yield from _wrapped(f"printed under the heading {words}", "    ")


def _clauses(made: Compiled, name: str, clauses: tuple[Clause, ...], fragments: dict[str, str]) -> Iterator[str]:
    for clause in clauses:
        yield f"  {name}.{clause.id}{' (a gap)' if clause.gap else ''}"
        yield from _wrapped(f"when {clause.when}", "    ")
        yield from _wrapped(f"says {clause.say}", "    ")
        yield from _sources(made, clause.source, fragments.get(f"{name}.{clause.id}"))


def _sources(made: Compiled, source: SourceRef, fragment: str | None = None) -> Iterator[str]:
    for key, heading in source.items():
        yield from _wrapped(f"source {key}: {heading}", "    ")
    if fragment:
        yield f"    from the fragment {fragment}"


def _wrapped(text: str, indent: str) -> Iterator[str]:
    lines = wrap(text, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    yield from (indent + ("  " if number else "") + line for number, line in enumerate(lines))
