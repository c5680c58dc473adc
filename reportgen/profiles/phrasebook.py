"""The phrasebook as a document for the laboratory director's signature: laid out like any report, in every format."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from reportgen.laboratory.model import Laboratory
from reportgen.profiles.documents import SHORT, profile_name, rendered, signed_document
from reportgen.profiles.phrases import Phrase, Phrasebook, phrasebook
from reportgen.release import VERSION
from reportgen.reports.model import Pair, Pairs, Report, Section

_TITLE = "Phrasebook"
_WHAT = (
    "Every sentence that reports made with this profile can print, with the condition under which it is printed, its "
    "source and whose words it is. Names in double braces stand for answers of the case."
)


def document(laboratory: Laboratory | None, format: str) -> bytes:
    """The phrasebook in a format; the same profile gives the same bytes."""
    return rendered(as_report(phrasebook(laboratory), laboratory), format, laboratory)


def as_report(book: Phrasebook, laboratory: Laboratory | None) -> Report:
    """The phrasebook as a report without a patient."""
    identity = (
        Pair("Profile", profile_name(laboratory)),
        Pair("Hash in the footer", laboratory.hash[:SHORT] if laboratory else "none: built in"),
        Pair("Made for", laboratory.own.spec.made_for if laboratory else VERSION),
        Pair("reportgen", VERSION),
    )
    sections = [_chapter(group, list(phrases)) for group, phrases in groupby(book.phrases, lambda each: each.group)]
    return signed_document(_TITLE, _WHAT, identity, sections, ("Approved by", "Date"), laboratory, book.labels)


def _chapter(group: str, phrases: list[Phrase]) -> Section:
    """Sentences one by one, each with its condition; words that have none as one list."""
    if any(phrase.when or phrase.source for phrase in phrases):
        blocks = tuple(Pairs(tuple(_lines(phrase)), phrase.id) for phrase in phrases)
    else:
        blocks = (Pairs(tuple(Pair(phrase.id, _with_origin(phrase)) for phrase in phrases)),)
    return Section("phrases", group, blocks)


def _lines(phrase: Phrase) -> Iterator[Pair]:
    kind = "Taken away" if phrase.removed else "Gap" if phrase.gap else "Words"
    yield Pair(kind, phrase.words)
    if phrase.when:
        yield Pair("Printed when", phrase.when)
    if phrase.source:
        yield Pair("Source", phrase.source)
    yield Pair("Whose words", phrase.origin)


def _with_origin(phrase: Phrase) -> str:
    return phrase.words if phrase.origin == "built-in" else f"{phrase.words} ({phrase.origin})"
