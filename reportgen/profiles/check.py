"""Everything that can be known of a profile before a patient's report is made with it, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from reportgen import formats
from reportgen.findings import Finding, FindingsError, Place, did_you_mean, one_of
from reportgen.formats.design import unknown_fonts
from reportgen.formats.fonts import coverage
from reportgen.formats.layout import load_layout
from reportgen.formats.logo import load_logo
from reportgen.formats.style_check import require_harmless
from reportgen.invented.cases import cases
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import SECTIONS
from reportgen.pipeline import Settings, compose
from reportgen.profiles.accepted import moved
from reportgen.profiles.layout_denials import denials, fixed_words, statements
from reportgen.protocols.addresses import AddressKind
from reportgen.protocols.changes import Change
from reportgen.protocols.checks import reachability
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_protocol, protocol_ids
from reportgen.reading.source import Items, Mapping, Node, Text, source_of
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Paragraph, Report, Section, Sentence, State

_TRIED = 4  # invented cases of each protocol that are laid out
_SOMETIMES = ("history", "coding")  # sections that no invented case has
_LAID_OUT_BY_PROFILES = ("docx", "html")
_PRINTED = ("letterhead", "labels", "protocols", "waivers", "stain_method", "attestation", "codes")


def check(laboratory: Laboratory) -> list[Finding]:
    """All findings about a profile; an error among them means that reports made with it would be refused."""
    found: list[Finding] = [*_unknown_protocols(laboratory)]
    for step in _steps(laboratory):
        try:
            found += step()
        except FindingsError as error:
            found += error.findings
    found = list(dict.fromkeys(found))
    if not any(finding.refuses for finding in found):
        found += [*_laid_out(laboratory), *moved(laboratory), *_silent(laboratory)]
        found += unsettled(laboratory)
    return sorted(dict.fromkeys(found), key=lambda finding: (finding.place, finding.code, finding.path))


def _steps(laboratory: Laboratory) -> Iterator[Callable[[], list[Finding]]]:
    """Each a part of the check; one that fails does not keep the others from being tried."""

    def loaded(load: Callable[[], object]) -> list[Finding]:
        load()
        return []

    yield lambda: loaded(lambda: load_labels(laboratory))
    yield lambda: loaded(lambda: load_layout(laboratory=laboratory))
    yield lambda: loaded(lambda: load_logo(laboratory))
    for id in protocol_ids():
        yield lambda id=id: loaded(lambda: load_protocol(id, laboratory))  # type: ignore[misc]  # mypy infers no default
    for file in laboratory.styles():
        yield lambda file=file: loaded(lambda: require_harmless(file.text, file.shown))  # type: ignore[misc]  # the same
    yield lambda: list(denials(laboratory))
    yield lambda: list(statements(laboratory))
    yield lambda: list(_glyphs(laboratory))
    yield lambda: list(unknown_fonts(laboratory))


def _unknown_protocols(laboratory: Laboratory) -> Iterator[Finding]:
    for profile in laboratory.profiles:
        part = profile.part("protocols")
        for entry in part or ():
            if entry.key not in protocol_ids():
                hint = did_you_mean(entry.key, protocol_ids(), otherwise=one_of(protocol_ids()))
                yield Finding("T402", entry.place, f"protocols.{entry.key}", "the protocol does not exist", hint)
        for key in ("codes", "short_synopsis"):
            yield from _protocols_named(profile.source.get(key), key)
        for waiver in profile.spec.waivers:
            if waiver.protocol not in protocol_ids():
                hint = did_you_mean(waiver.protocol, protocol_ids(), otherwise=one_of(protocol_ids()))
                yield Finding("T402", Place(profile.shown), f"waivers.{waiver.id}", "the protocol does not exist", hint)


def _protocols_named(node: Node | None, key: str) -> Iterator[Finding]:
    """T402 for protocols that there are not, in a list of entries with `protocol` or in a mapping by protocol."""
    named = [(entry.key, entry.place) for entry in node] if isinstance(node, Mapping) else []
    for item in node.items if isinstance(node, Items) else ():
        found = item.get("protocol") if isinstance(item, Mapping) else None
        named += [(found.text, found.place)] if isinstance(found, Text) else []
    for id, place in named:
        if id not in protocol_ids():
            hint = did_you_mean(id, protocol_ids(), otherwise=one_of(protocol_ids()))
            yield Finding("T402", place, f"{key}.{id}", "the protocol does not exist", hint)


def _glyphs(laboratory: Laboratory) -> Iterator[Finding]:
    """T419 for characters of the profile's own words that the font of PDFs cannot print."""
    known = coverage(laboratory)
    for profile in laboratory.profiles:
        for key in _PRINTED:
            for text in _texts(profile.source.get(key)):
                for char in sorted(set(text.text) - known):
                    yield Finding("T419", text.place, key, f"the font has no U+{ord(char):04X}")
    for shown, words in fixed_words(laboratory):
        for char in sorted(set(words) - known):
            yield Finding("T419", Place(shown), "", f"the font has no U+{ord(char):04X}")


def _texts(node: Node | None) -> Iterator[Text]:
    match node:
        case Text():
            yield node
        case Items(items=items):
            for item in items:
                yield from _texts(item)
        case Mapping(entries=entries):
            for entry in entries:
                yield from _texts(entry.value)


def _laid_out(laboratory: Laboratory) -> Iterator[Finding]:
    """What laying out some reports finds; a format in which the layout once ran away is not tried again."""
    layout = load_layout(laboratory=laboratory)
    ran_away: set[str] = set()
    for report, names in _tried(laboratory):
        for name in names:
            if name in ran_away:
                continue
            try:
                formats.render(report, name, layout)
            except FindingsError as error:
                if error.environment:
                    raise
                yield from error.findings
                ran_away |= {name for finding in error.findings if finding.code == "T415"}


def _tried(laboratory: Laboratory) -> Iterator[tuple[Report, Iterable[str]]]:
    """Reports of invented cases, each with the formats to lay it out in.

    First some of each protocol in every format, then one with a history and a coding line, as a draft and as a final
    report, in those formats for which a laboratory has layouts of its own.
    """
    for id in protocol_ids():
        for case in islice(cases(id, _TRIED, 1, parts=3, laboratory=laboratory), _TRIED):
            yield compose(source_of(case), Settings(laboratory=laboratory)), formats.names()
    titles = load_labels(laboratory).sections
    more = {id: Section(id, titles[id], (Paragraph((Sentence("Words of a trial", id),)),)) for id in _SOMETIMES}
    for id in protocol_ids():
        for case in islice(cases(id, 1, 1, parts=1, laboratory=laboratory), 1):
            report = compose(source_of(case), Settings(laboratory=laboratory))
            known = more | {section.id: section for section in report.sections}
            order = [id for id in laboratory.spec.sections or SECTIONS if id in known]
            report = report._replace(sections=tuple(known[id] for id in order))
            final = report._replace(state=State.finalized, furniture=report.furniture._replace(state_mark=""))
            yield from ((each, _LAID_OUT_BY_PROFILES) for each in (report, final))


def _silent(laboratory: Laboratory) -> Iterator[Finding]:
    """W304 for clauses and advisories that are taken away: nothing is said where they would have spoken."""
    for id in protocol_ids():
        for change in load_protocol(id, laboratory).changes:
            if change.field == "remove" and change.kind in (
                AddressKind.statement,
                AddressKind.statements,
                AddressKind.advisories,
            ):
                path = f"protocols.{id}.{change.space}.{change.address}".rstrip(".")
                yield Finding("W304", change.place, path, "where this would have spoken, nothing is said now")


def unsettled(laboratory: Laboratory) -> Iterator[Finding]:
    """W320 for sentences of a changed statement of which no search could tell whether they are ever printed."""
    for id in protocol_ids():
        made = load_protocol(id, laboratory)
        found = ((statement, _change_of(statement, made)) for _, statement, _ in reachability.statements(made))
        changed = {statement: change for statement, change in found if change}
        for _, name in reachability.unsettled_clauses(made, changed):
            path = f"protocols.{id}.{name}"
            place = changed[name.rpartition(".")[0]].place
            yield Finding("W320", place, path, "could not be proven to be printed in any case")


def _change_of(statement: str, made: Compiled) -> Change | None:
    """The first change of a statement or of a clause of it."""
    return next((each for each in made.changes if f"{each.address}.".startswith(f"{statement}.")), None)
