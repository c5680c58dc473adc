"""The phrasebook of a protocol as a document for signature: laid out like any report, in every format.

Each protocol has its own: a protocol is what is signed, and one document of all would be longer than a layout may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from reportgen.laboratory.model import Laboratory
from reportgen.profiles.documents import SHORT, profile_name, rendered, signed_document
from reportgen.profiles.phrases import Phrase, Phrasebook, phrasebook
from reportgen.release import VERSION
from reportgen.reports.model import Pair, Pairs, Report, Section

_WHAT = (
    "Every sentence that reports with this protocol and profile can print, with the condition under which it is "
    "printed, its source and whose words it is. Names in double braces are filled in from the case."
)


def document(id: str, laboratory: Laboratory | None, format: str) -> bytes:
    """The phrasebook of a protocol in a format; the same profile gives the same bytes.

    Raises:
        FindingsError: as `load_protocol`, and as the format raises it.
    """
    return rendered(as_report(phrasebook(id, laboratory), laboratory), format, laboratory)


def as_report(book: Phrasebook, laboratory: Laboratory | None) -> Report:
    """The phrasebook as a report without a patient."""
    protocol = book.protocol.protocol
    identity = (
        Pair("Protocol", f"{protocol.id} {protocol.version} ({book.protocol.hash[:SHORT]})"),
        Pair("Profile", profile_name(laboratory)),
        Pair("Hash in the footer", laboratory.hash[:SHORT] if laboratory else "none: built in"),
        Pair("Made for", laboratory.own.spec.made_for if laboratory else VERSION),
        Pair("reportgen", VERSION),
    )
    sections = [_chapter(group, list(phrases)) for group, phrases in groupby(book.phrases, lambda each: each.group)]
    title = f"Phrasebook: {protocol.title}"
    return signed_document(title, _WHAT, identity, sections, ("Approved by", "Date"), laboratory, book.labels)


def _chapter(group: str, phrases: list[Phrase]) -> Section:
    """Sentences one by one, each with its condition; words that have none as one list."""
    if any(phrase.when or phrase.source or phrase.asked_by for phrase in phrases):
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
    if phrase.asked_by:
        yield Pair("Asked for by", phrase.asked_by)
    yield Pair("Whose words", phrase.origin)


def _with_origin(phrase: Phrase) -> str:
    return phrase.words if phrase.origin == "built-in" else f"{phrase.words} ({phrase.origin})"
