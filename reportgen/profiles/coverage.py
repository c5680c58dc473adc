"""Which clauses a set of cases prints, and which it never does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, compose
from reportgen.profiles.pairwise import pairwise
from reportgen.profiles.phrases import clauses_of
from reportgen.protocols.load import frozen_templates, load_protocol
from reportgen.reports.load_labels import load_labels


@dataclass(frozen=True)
class Coverage:
    """How often each clause of a protocol was printed.

    Attributes:
        cases: how many cases were composed.
        printed: clause → how often it was printed.
        never: clause → its condition, for those that no case printed.
    """

    cases: int
    printed: dict[str, int]
    never: dict[str, str]


@frozen_templates()
def coverage(protocol: str, laboratory: Laboratory | None) -> Coverage:
    """Compose pairwise cases of a protocol and count the clauses; raises `FindingsError` for a profile not in order."""
    settings = Settings(laboratory=laboratory)
    chosen = pairwise(protocol, laboratory)
    printed: Counter[str] = Counter()
    for _, checked in chosen:
        report = compose(checked, settings)
        printed.update({sentence.clause for sentence in report.sentences() if sentence.clause})
    made = load_protocol(protocol, laboratory)
    known = {
        phrase.id: phrase.when
        for phrase in clauses_of(made, load_labels(laboratory))
        if phrase.when and not phrase.removed and not phrase.id.startswith("terms.")
    }
    return Coverage(
        len(chosen),
        {id: printed[id] for id in known if printed[id]},
        {id: when for id, when in known.items() if not printed[id]},
    )
