"""The licence matrix: every procedure × deep × peripheral × stains × subcutis, against a small oracle.

The oracle below is written from the domain page (wording, §4), not from the protocol. Decisions that the page leaves
open: an excisional biopsy is an excision (margins; the base is shown). A Mohs debulking has edges, which decide
nothing. An essential criterion that
is not met withholds diagnosis, interpretation and recommendation, each as a gap; one that cannot be judged withholds
the entity. A subcutis that is not represented lets a biopsy name the entity, not an excision. Margins that do not
decide leave the recommendation as a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from reportgen import compose
from reportgen.reports.model import Report
from reportgen.scenarios.said import section
from tests.acceptance.laws import violations
from tests.acceptance.support import (
    BIOPSIES,
    EXCISIONS,
    Data,
    base,
    changed,
    headline,
    open_names,
    recommendations,
    source,
)

GAP = "gap"
NOTHING = "nothing"
ENTITY = "Atypical intradermal smooth muscle neoplasm"
ENTITY_WORDS = "an atypical intradermal smooth muscle neoplasm, previously termed cutaneous leiomyosarcoma"

ONE_REASON = "Re-excision is recommended to ensure complete removal."
BOTH_REASONS = ONE_REASON.replace(".", " and to exclude deeper soft tissue involvement.")
COMPLETE_EXCISION = "Complete excision is recommended to assess the architecture and the depth of the neoplasm."

_DEPTHS = {"focal": "4 mm", "focal, deep": "4.1 mm", "extensive": "9 mm"}
PROCEDURES = (*BIOPSIES, *EXCISIONS, "other/biopsy", "other/excision")
MARGINS = ("involved", "uninvolved", "cannot be assessed")
STAINS: dict[str, dict[str, str] | None] = {
    "positive": {"SMA": "positive", "desmin": "negative", "caldesmon": "not performed"},
    "focally positive": {"SMA": "negative", "caldesmon": "focally positive"},
    "pending": {"SMA": "pending", "desmin": "pending", "caldesmon": "pending"},
    "not performed": {"SMA": "not performed", "desmin": "not performed", "caldesmon": "not performed"},
    "all negative": {"SMA": "negative", "desmin": "negative", "caldesmon": "negative", "S100": "negative"},
    "one negative, rest absent": {"SMA": "negative"},
    "none entered": None,
}
SUBCUTIS = ("not identified", "focal", "focal, deep", "extensive", "not represented", "cannot be determined")


@dataclass(frozen=True)
class Row:
    """One combination."""

    procedure: str
    deep: str
    peripheral: str
    stains: str
    subcutis: str

    @property
    def biopsy(self) -> bool:
        return self.procedure in (*BIOPSIES, "other/biopsy")

    @property
    def residual(self) -> str:
        return "Residual " if self.procedure == "re-excision" else ""

    @property
    def mohs(self) -> bool:
        return self.procedure == "Mohs debulking"

    @property
    def base_seen(self) -> bool:
        return self.deep == "uninvolved"


@dataclass(frozen=True)
class Expected:
    """What the report must say: a text, GAP, or NOTHING; `interpretation` is a part of its sentence."""

    headline: str
    interpretation: str
    recommendation: str
    subcutis: str


def expected(row: Row) -> Expected:
    """The oracle."""
    reassuring = _SUBCUTIS.get(row.subcutis, NOTHING)
    plain = reassuring.replace(_REASSURANCE, "")  # what is known of recurrence is known of this entity only
    if row.subcutis == "extensive" or row.stains == "all negative":  # an essential criterion is not met
        return Expected(GAP, GAP, GAP, plain)
    if row.stains == "none entered":  # everything of weight waits for the stains; so does the reassurance
        return Expected(GAP, GAP, GAP, GAP if row.subcutis == "focal" else reassuring)
    judged = row.subcutis != "cannot be determined" and (row.biopsy or row.subcutis != "not represented")
    surface = "Surface of " if row.biopsy and not row.base_seen else ""
    if row.stains in ("positive", "focally positive"):
        named = f"{row.residual}{ENTITY}".capitalize()
        head = "Surface of smooth muscle neoplasm" if surface else named if judged else GAP
        meaning = f"findings are those of {ENTITY_WORDS}." if judged else GAP
        return Expected(head, meaning, _recommendation(row), reassuring)
    meaning = f"findings are compatible with {ENTITY_WORDS}; smooth muscle differentiation has not been confirmed"
    head = f"{row.residual}{surface}spindle cell neoplasm".capitalize()
    if row.stains == "one negative, rest absent":
        return Expected(head, GAP, _recommendation(row), plain)
    return Expected(head, meaning if judged else GAP, _recommendation(row), plain)


def _recommendation(row: Row) -> str:
    if row.mohs:
        return NOTHING
    if row.deep != "uninvolved":
        return BOTH_REASONS
    if row.peripheral == "involved":
        return ONE_REASON
    if row.biopsy:
        return COMPLETE_EXCISION
    if row.peripheral == "cannot be assessed":
        return GAP
    return NOTHING


_REASSURANCE = "; subcutaneous extension of up to 4 mm has not been shown to correlate with recurrence"
_SUBCUTIS = {
    "focal": f"The subcutis is focally involved to a depth of 4 mm{_REASSURANCE}.",
    "focal, deep": "The subcutis is focally involved to a depth of 4.1 mm.",
    "extensive": "The subcutis is extensively involved to a depth of 9 mm.",
}


def margin_lines(row: Row) -> list[str]:
    """The lines below the headline: involved margins, or how far away they are."""
    word = "edge" if row.biopsy else "margin"
    if row.mohs or (row.biopsy and not row.base_seen):
        return []  # the base is not seen, or the surgeon sees it: the comment tells
    clear = {
        "deep": "uninvolved in the planes examined" if row.biopsy else "uninvolved, distance 2 mm",
        "peripheral": "uninvolved in the planes examined" if row.biopsy else "uninvolved, closest distance <1.0 mm",
    }
    state = {"involved": "involved", "cannot be assessed": "cannot be assessed (cautery artifact)"}
    sides = (("deep", row.deep), ("peripheral", row.peripheral))
    return [f"{side.capitalize()} {word} {state.get(answer, clear[side])}" for side, answer in sides]


def case_of(row: Row) -> Data:
    """The case of a combination; all else is in favor of the entity."""
    other = {"result": "other", "text": "curettage", "counts_as": row.procedure.partition("/")[2]}
    distance = {"deep": "2 mm", "peripheral": "<1.0 mm"}
    reason = {"result": "cannot be assessed", "reason": "cautery artifact"}
    margins: Any = {
        side: {"result": answer, "distance": distance[side]}
        if answer == "uninvolved"
        else reason
        if answer == "cannot be assessed"
        else answer
        for side, answer in (("deep", row.deep), ("peripheral", row.peripheral))
    }
    subcutis: Any = {"result": row.subcutis.partition(",")[0], "depth": _DEPTHS.get(row.subcutis)}
    if row.subcutis == "cannot be determined":
        subcutis = {"result": row.subcutis, "reason": "fragmented"}
    elif row.subcutis not in _DEPTHS:
        subcutis = row.subcutis
    changes = {
        "procedure": other if row.procedure.startswith("other/") else row.procedure,
        "margins": margins,
        "subcutis": subcutis,
        "stains": STAINS[row.stains],
    }
    if row.biopsy:
        changes |= {"deep_tissue": None}
    if row.procedure != "re-excision":
        changes |= {"prior": None, "residual": None}
    return changed(base("re-excision"), changes)


def rows(procedure: str) -> Iterator[Row]:
    """All combinations of one procedure."""
    return (Row(procedure, *rest) for rest in product(MARGINS, MARGINS, STAINS, SUBCUTIS))


def _said(report: Report, statement: str) -> str:
    found = [each for each in section(report, "comment") if each.clause.startswith(f"comment.{statement}.")]
    return NOTHING if not found else GAP if found[0].gap else found[0].text


def disagreements(row: Row, report: Report, data: Data) -> list[str]:
    """Everything in which a report differs from what is expected of its combination, in words."""
    wanted = expected(row)
    head, *lines = section(report, "diagnosis")[1:]
    spoken = GAP if head.gap else head.text.removesuffix(" (see comment)")
    found = violations(report, data)
    if spoken != wanted.headline:
        found.append(f"headline: {head.text}")
    if [each.text for each in lines] != margin_lines(row):
        found.append(f"margins: {[each.text for each in lines]}")
    meaning = _said(report, "interpretation")
    if meaning != GAP if wanted.interpretation == GAP else wanted.interpretation not in meaning:
        found.append(f"interpretation: {meaning}")
    for statement, text in (("recommendation", wanted.recommendation), ("subcutis", wanted.subcutis)):
        if _said(report, statement) != text:
            found.append(f"{statement}: {_said(report, statement)}")
    if GAP in (spoken, wanted.recommendation) and not open_names(report):
        found.append("not counted on page 1")
    return [f"{row}: {each}" for each in found]


def test_the_matrix_is_whole() -> None:
    every = [row for procedure in PROCEDURES for row in rows(procedure)]
    assert len(set(every)) == len(every) == 10 * 3 * 3 * 7 * 6


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_headline_and_recommendation_of_every_combination(procedure: str) -> None:
    wrong: list[str] = []
    for row in rows(procedure):
        data = case_of(row)
        wrong += disagreements(row, compose(source(data)), data)
    assert wrong == []


def test_the_oracle_knows_every_outcome() -> None:
    every = [expected(row) for procedure in PROCEDURES for row in rows(procedure)]
    assert len({each.headline for each in every}) == 7
    assert len({each.recommendation for each in every}) == 5


def test_nothing_is_recommended_twice_or_named_against_the_stains() -> None:
    row = Row("excision", "involved", "involved", "all negative", "not identified")
    report = compose(source(case_of(row)))
    assert headline(report).gap
    assert [each.text for each in recommendations(report)] == [
        "[PENDING: Recommendation – no diagnosis was composed; word the recommendation yourself]"
    ]
    assert not any(ENTITY.lower() in each.text.lower() for each in section(report, "comment"))
