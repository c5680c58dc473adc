"""A document for the signature of a laboratory's director: laid out like any report, with a place to sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from reportgen import formats
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import Laboratory
from reportgen.release import VERSION
from reportgen.reports.labels import Labels
from reportgen.reports.model import (
    Furniture,
    Letterhead,
    Metadata,
    Notice,
    Pair,
    Pairs,
    Paragraph,
    Report,
    Role,
    Section,
    Sentence,
    State,
    Tone,
)

SHORT = 12  # characters of a hash, as reports print it
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


def signed_document(
    title: str, what: str, identity: Sequence[Pair], sections: Iterable[Section], signed: Sequence[str],
    laboratory: Laboratory | None, labels: Labels,
) -> Report:  # fmt: skip
    """A report without a patient.

    Args:
        title: what it is.
        what: what it tells, for a notice above it.
        identity: what the pairs above the first section say.
        sections: what it holds.
        signed: the names of the lines at its end.
        laboratory: the profile; its letterhead is used.
        labels: the words around page numbers.
    """
    name = profile_name(laboratory)
    digest = f" ({laboratory.hash[:SHORT]})" if laboratory else ""
    record = f"reportgen {VERSION}" + (f" · profile {name}{digest}" if laboratory else "")
    own = laboratory.spec.letterhead if laboratory else None
    lines = (Paragraph((Sentence(f"{each}: ______________________________", ""),), Role.detail) for each in signed)
    return Report(
        state=State.finalized,
        letterhead=Letterhead(own.name if own else name, tuple(own.address.strip().split("\n")) if own else ()),
        title=title,
        notices=(Notice(what, Tone.info),),
        identification=Pairs(tuple(identity)),
        sections=(*sections, Section("signature", "Approval", tuple(lines))),
        furniture=Furniture("", (title, name), (record,), labels.page, labels.of),
        metadata=Metadata(f"{title}, {name}", title, "", (record,), labels.language, _EPOCH, f"reportgen {VERSION}"),
    )


def profile_name(laboratory: Laboratory | None) -> str:
    """What a profile is called, with its version."""
    return f"{laboratory.spec.name} {laboratory.spec.version}" if laboratory else "built-in templates"


def rendered(report: Report, format: str, laboratory: Laboratory | None) -> bytes:
    """The document in a format; the same report gives the same bytes."""
    return formats.render(report, format, load_layout(laboratory.spec.paper if laboratory else ""))
