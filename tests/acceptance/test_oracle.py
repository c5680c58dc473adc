"""The program against an oracle: rules written a second time, from the medicine alone, over invented cases.

The oracle reads the plain answers of a case and says what kind of headline, interpretation and recommendation, which
advisories and which contradictions are right. It knows nothing of the protocol's conditions and sentences.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from reportgen.assessment.checked import Checked
from reportgen.findings import Finding
from reportgen.pipeline import Settings, check, preview
from reportgen.reports.model import Sentence
from tests.acceptance.laws import Share, shares
from tests.acceptance.oracle import spoken, verdicts
from tests.acceptance.oracle.advice import advisories, unclear_keratin
from tests.acceptance.oracle.making import Maker
from tests.acceptance.oracle.plain import CORE, Data, Part
from tests.acceptance.support import source

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SEEDS, CASES = (range(100), 1_000) if LONG else (range(4), 500)
JUDGED = {f"A{number}" for number in range(1, 24)} - {"A19"}  # A19 reads the words of the site


def disagreements(data: Data) -> Iterator[str]:
    """Where the program and the oracle differ over one case, in words."""
    checked = check(source(data))
    refused = {finding.code for finding in checked.findings if finding.severity == "error"} - {"E301", "E201"}
    assert not refused, [finding.as_line() for finding in checked.findings]
    yield from _contradictions(data, checked.findings)
    if any(finding.code == "E201" for finding in checked.findings):
        return
    report = preview(checked, Settings())
    for number, share in enumerate(shares(report, data)):
        part = Part(data["parts"][number], data)
        yield from _advisories(part, checked, number)
        said = {
            "headline": (verdicts.headline(part), spoken.kind(_first(share), spoken.HEADLINES)),
            "interpretation": (
                verdicts.interpretation(part), spoken.kind(_of(share, "interpretation"), spoken.INTERPRETATIONS)
            ),
            "recommendation": (
                verdicts.recommendation(part), spoken.kind(_of(share, "recommendation"), spoken.RECOMMENDATIONS)
            ),
        }  # fmt: skip
        for place, (right, found) in said.items():
            if found not in right:
                yield f"{place}: {' or '.join(sorted(right))}, not {found}"


def _first(share: Share) -> list[Sentence]:
    return share.diagnosis[1:2]


def _of(share: Share, statement: str) -> list[Sentence]:
    return [sentence for sentence in share.comment if sentence.clause.startswith(f"comment.{statement}.")]


def _advisories(part: Part, checked: Checked, number: int) -> Iterator[str]:
    found = {
        state.id: state.level.value
        for state in checked.assessments[number].advisories
        if state.certain and state.id in JUDGED
    }
    right = advisories(part)
    unclear = {"A11"} if unclear_keratin(part) else set()
    if not any(part.stain(name) for name in CORE):
        unclear |= {"A11", "A22"}  # which may wait for the stains that are still to be entered
    for id in sorted((right.keys() | found.keys()) - unclear):
        if right.get(id) != found.get(id):
            yield f"{id}: {right.get(id)}, not {found.get(id)}"


def _contradictions(data: Data, findings: tuple[Finding, ...]) -> Iterator[str]:
    found = any(finding.code == "E201" for finding in findings)
    right = any(
        (part.is_in("subcutis", "not identified") and part.is_in("epicenter", "subcutis", "deeper"))
        or (part.is_in("atypia.grade", "none") and part.is_in("pleomorphism", "moderate", "marked"))
        for part in (Part(each, data) for each in data["parts"])
    )
    if found is not right:
        yield f"contradiction: {right}, not {found}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_program_and_the_oracle_agree(seed: int) -> None:
    maker, found = Maker(seed), Counter[str]()
    for _ in range(CASES):
        found.update(disagreements(maker.case()))
    assert found == {}
