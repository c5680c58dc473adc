"""Everything that can be known of a profile before a patient's report is made with it, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from reportgen import formats
from reportgen.findings import Finding, FindingsError, Place, did_you_mean, one_of
from reportgen.formats.design import unknown_fonts
from reportgen.formats.fonts import coverage
from reportgen.formats.layout import load_layout
from reportgen.formats.logo import load_logo
from reportgen.formats.style_check import require_harmless
from reportgen.formats.unprintable import texts
from reportgen.invented.cases import checked_cases
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import SECTIONS
from reportgen.pipeline import Settings, compose
from reportgen.profiles.accepted import moved
from reportgen.profiles.layout_denials import denials, fixed_words, statements
from reportgen.proofs.prove import prove
from reportgen.protocols.addresses import AddressKind
from reportgen.protocols.checks.unsettled import unsettled_clauses
from reportgen.protocols.files import built_in_ids, content
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.protocols.proof.solver import INSTALL, is_installed
from reportgen.reading.source import Items, Mapping, Text
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Paragraph, Report, Section, Sentence, State

_SPEAKING = (AddressKind.statement, AddressKind.statements, AddressKind.advisories)
_TRIED = 4  # invented cases of each protocol that are laid out
_SOMETIMES = ("history", "coding")  # sections that no invented case has
_FOLLOWING = {"word": "docx", "html": "html", "css": "html"}  # file of a profile → the format that follows it
_PRINTED = ("letterhead", "labels", "case", "protocols", "waivers", "stain_method", "attestation", "codes")


def check(laboratory: Laboratory) -> list[Finding]:
    """All findings about a profile; an error among them means that reports made with it would be refused."""
    found: list[Finding] = [*_unknown_protocols(laboratory)]
    for step in _steps(laboratory):
        try:
            found += step()
        except FindingsError as error:
            found += error.findings
    if not any(finding.refuses for finding in found):
        for last in (_twins, _laid_out, moved, _silent, _speechless, unsettled):
            found += last(laboratory)
    return sorted(dict.fromkeys(found), key=lambda finding: (finding.place, finding.code, finding.path))


def _steps(laboratory: Laboratory) -> Iterator[Callable[[], list[Finding]]]:
    """Each a part of the check; one that fails does not keep the others from being tried."""
    loads: list[Callable[[], object]] = [
        partial(load_labels, laboratory),
        partial(load_layout, laboratory=laboratory),
        partial(load_logo, laboratory),
        partial(load_header, laboratory),
        *(partial(load_protocol, id, laboratory) for id in protocol_ids(laboratory)),
        *(partial(require_harmless, file.text, file.shown) for file in laboratory.styles()),
    ]
    yield from (partial(_loaded, load) for load in loads)
    for look in (denials, statements, _glyphs, unknown_fonts):
        yield partial(_listed, look, laboratory)


def _loaded(load: Callable[[], object]) -> list[Finding]:
    load()
    return []


def _listed(look: Callable[[Laboratory], Iterable[Finding]], laboratory: Laboratory) -> list[Finding]:
    return list(look(laboratory))


def _unknown_protocols(laboratory: Laboratory) -> Iterator[Finding]:
    """T402 for protocols that do not exist, wherever a profile names them."""
    known = protocol_ids(laboratory)
    for profile in laboratory.profiles:
        protocols, short = profile.part("protocols") or (), profile.part("short_synopsis") or ()
        codes = profile.source.get("codes")
        named = [(entry.key, f"protocols.{entry.key}", entry.place) for entry in protocols]
        for line in codes.items if isinstance(codes, Items) else ():
            said = line.get("protocol") if isinstance(line, Mapping) else None
            named += [(said.text, f"codes.{said.text}", said.place)] if isinstance(said, Text) else []
        named += [(entry.key, f"short_synopsis.{entry.key}", entry.place) for entry in short]
        named += [(each.protocol, f"waivers.{each.id}", Place(profile.shown)) for each in profile.spec.waivers]
        for id, path, place in named:
            if id not in known:
                hint = did_you_mean(id, known, otherwise=one_of(known))
                yield Finding("T402", place, path, "the protocol does not exist", hint)


def _glyphs(laboratory: Laboratory) -> Iterator[Finding]:
    """T419 for characters of the profile's own words that the font of PDFs cannot print."""
    known = coverage(laboratory)
    for profile in laboratory.profiles:
        printed = [(key, profile.source.get(key)) for key in _PRINTED]
        for id, own in profile.own_protocols.items():
            printed += [(f"protocols.{id}", content(file)) for file in own.files]
        for key, source in printed:
            for _, text in texts(source, key):
                for char in sorted(set(text.text) - known):
                    yield Finding("T419", text.place, key, f"the font has no U+{ord(char):04X}")
    for shown, words in fixed_words(laboratory):
        for char in sorted(set(words) - known):
            yield Finding("T419", Place(shown), "", f"the font has no U+{ord(char):04X}")


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

    Some of each protocol that is tried are laid out in every format. One more, with a history and a coding line, is
    laid out as a draft and as a final report in the formats that follow a file of the profile.
    """
    ids = _tried_protocols(laboratory)
    for id in ids:
        for _, checked in checked_cases(id, _TRIED, 1, parts=3, laboratory=laboratory):
            yield compose(checked, Settings(laboratory=laboratory)), formats.names()
    roles = {role for profile in laboratory.profiles for role in profile.files}
    following = sorted({name for role, name in _FOLLOWING.items() if role in roles})
    titles = load_labels(laboratory).sections
    more = {id: Section(id, titles[id], (Paragraph((Sentence("Words of a trial", id),)),)) for id in _SOMETIMES}
    for id in ids if following else ():
        for _, checked in checked_cases(id, 1, 1, laboratory=laboratory):
            report = compose(checked, Settings(laboratory=laboratory))
            known = more | {section.id: section for section in report.sections}
            order = [id for id in laboratory.spec.sections or SECTIONS if id in known]
            report = report._replace(sections=tuple(known[id] for id in order))
            final = report._replace(state=State.finalized, furniture=report.furniture._replace(state_mark=""))
            yield from ((each, following) for each in (report, final))


def _tried_protocols(laboratory: Laboratory) -> list[str]:
    """Those that the profile changes or brings; of all others the longest and the shortest.

    Why: a layout does not depend on the diagnosis, and the library grows.
    """
    own = laboratory.changed_protocols | laboratory.own_protocols.keys()
    sizes = {id: len(load_protocol(id, laboratory).slots) for id in built_in_ids() if id not in own}
    others = {max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)} if sizes else set[str]()
    return sorted((own | others) & set(protocol_ids(laboratory)))


def _twins(laboratory: Laboratory) -> Iterator[Finding]:
    """T404 for two protocols of a profile that menus show under one title, W357 for one that can be taken for built-in.

    Why a warning: a new release may bring a protocol of a name that a laboratory has used for years.
    """
    titles = {id: load_protocol(id, laboratory).protocol.title for id in protocol_ids(laboratory)}
    built_in = built_in_ids()
    for id, own in laboratory.own_protocols.items():
        if id in built_in:
            yield Finding("W357", own.place, f"protocols.{id}", "takes the place of the built-in protocol")
        others = [each for each, title in titles.items() if each != id and title.casefold() == titles[id].casefold()]
        for other in others[:1]:
            code = "T404" if other in laboratory.own_protocols else "W357"
            yield Finding(code, own.place, "title", f"has the title of the protocol {other}", "give it another title")


def _silent(laboratory: Laboratory) -> Iterator[Finding]:
    """W304 for clauses and advisories that are taken away: nothing is said where they would have spoken."""
    for id in protocol_ids(laboratory):
        for change in load_protocol(id, laboratory).changes:
            if change.field == "remove" and change.kind in _SPEAKING:
                path = f"protocols.{id}.{change.space}.{change.address}".rstrip(".")
                yield Finding("W304", change.place, path, "where this would have spoken, nothing is said now")


def _speechless(laboratory: Laboratory) -> Iterator[Finding]:
    """W356 for statements of the profile's own protocols that can say nothing; W320 where no solver can tell."""
    for id, own in laboratory.own_protocols.items():
        if not is_installed():
            yield Finding("W320", own.place, f"protocols.{id}", "may have statements that can say nothing", INSTALL)
            continue
        for fault in prove(id, laboratory, code="T440").faults:
            yield replace(fault.finding, code="W356", path=f"protocols.{id}.{fault.finding.path}")


def unsettled(laboratory: Laboratory) -> Iterator[Finding]:
    """W320 for clauses that loading let pass since its search gave up: they are never printed, or nobody can tell."""
    built_in = set(built_in_ids()) - laboratory.own_protocols.keys()
    for id in sorted((laboratory.changed_protocols | laboratory.own_protocols.keys()) & set(protocol_ids(laboratory))):
        made, base = load_protocol(id, laboratory), load_protocol(id) if id in built_in else None
        first = made.changes[0].place if made.changes else Place(laboratory.profiles[0].shown)
        for name, message, hint in unsettled_clauses(made, load_header(laboratory), base):
            statement = name.rpartition(".")[0]
            near = (each.place for each in made.changes if f"{each.address}.".startswith(f"{statement}."))
            yield Finding("W320", next(near, first), f"protocols.{id}.{name}", message, hint)
