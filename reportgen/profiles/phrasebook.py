"""The phrasebook as a document for the laboratory director's signature: laid out like any report, in every format."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby

from reportgen import formats
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import Laboratory
from reportgen.profiles.phrases import Phrase, Phrasebook, phrasebook
from reportgen.release import VERSION
from reportgen.reports.model import (
    Furniture,
    Letterhead,
    Metadata,
    Notice,
    Pair,
    Pairs,
    Paragraph,
    Report,
    Section,
    Sentence,
    State,
    Tone,
)

_TITLE = "Phrasebook"
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_WHAT = (
    "Every sentence that reports made with this profile can print, with the condition under which it is printed, its "
    "source and whose words it is. Names in double braces stand for answers of the case."
)
_SHORT = 12


def document(laboratory: Laboratory | None, format: str) -> bytes:
    """The phrasebook in a format; the same profile gives the same bytes."""
    report = as_report(phrasebook(laboratory), laboratory)
    return formats.render(report, format, load_layout(laboratory.spec.paper if laboratory else ""))


def as_report(book: Phrasebook, laboratory: Laboratory | None) -> Report:
    """The phrasebook as a report without a patient."""
    name = f"{laboratory.spec.name} {laboratory.spec.version}" if laboratory else "built-in templates"
    digest = laboratory.hash[:_SHORT] if laboratory else ""
    record = f"reportgen {VERSION}" + (f" · profile {name} ({digest})" if digest else "")
    own = laboratory.spec.letterhead if laboratory else None
    address = tuple(own.address.strip().split("\n")) if own else ()
    identity = (
        Pair("Profile", name),
        Pair("Hash in the footer", digest or "none: built in"),
        Pair("Made for", laboratory.own.spec.made_for if laboratory else VERSION),
        Pair("reportgen", VERSION),
    )
    sections = [_chapter(group, list(phrases)) for group, phrases in groupby(book.phrases, lambda each: each.group)]
    return Report(
        state=State.finalized,
        letterhead=Letterhead(own.name if own else name, address),
        title=_TITLE,
        notices=(Notice(_WHAT, Tone.info),),
        identification=Pairs(identity),
        sections=(*sections, _signature()),
        furniture=Furniture("", (_TITLE, name), (record,), book.labels.page, book.labels.of),
        metadata=Metadata(
            f"{_TITLE}, {name}", _TITLE, "", (record,), book.labels.language, _EPOCH, f"reportgen {VERSION}"
        ),
    )


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


def _signature() -> Section:
    lines = (f"{what}: ______________________________" for what in ("Approved by", "Date"))
    return Section("signature", "Approval", tuple(Paragraph((Sentence(line, ""),)) for line in lines))
