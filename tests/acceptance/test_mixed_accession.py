"""One accession with a part of every protocol: each part says what it says alone, and parts refer to each other."""

from __future__ import annotations

import string
from datetime import date
from typing import Any

from reportgen import compose
from reportgen.invented.plausible import plausible_cases
from reportgen.pipeline import check
from reportgen.protocols.load import protocol_ids
from reportgen.reading.source import source_of
from reportgen.reports.model import Report
from tests.acceptance.support import TEMPLATES, changed, read_data

DAY = date(2026, 1, 5)


def said(report: Report) -> list[str]:
    """The lines of the diagnosis and the sentences of the comment, each once, without the letters of parts."""
    return [each.text.partition(". ")[2] if each.text[1:3] == ". " else each.text for each in report.sentences()]


def first(id: str) -> dict[str, Any]:
    (case,) = plausible_cases(id, 1, 7, prefix="M26-", first=DAY)
    return case


def test_parts_of_every_protocol_say_what_they_say_alone() -> None:
    alone = {id: first(id) for id in protocol_ids()}
    parts = [
        {**case["parts"][0], "label": label}
        for label, case in zip(string.ascii_uppercase, alone.values(), strict=False)
    ]
    mixed = {**alone["aismn"], "parts": parts}
    assert [each.as_line() for each in check(source_of(mixed)).findings if each.refuses] == []
    together = said(compose(source_of(mixed)))
    for id, case in alone.items():
        missing = [text for text in said(compose(source_of(case))) if text not in together]
        assert missing == [], id


def test_the_margin_of_a_biopsy_may_be_settled_by_a_part_of_another_protocol() -> None:
    case = read_data(TEMPLATES / "protocols/spindle-workup/scenarios.yaml")["case"]
    case = changed(case, {"margins.deep": {"result": "see part", "part": "B"}})
    other = {**first("general")["parts"][0], "label": "B"}
    report = compose(source_of({**case, "parts": [*case["parts"], other]}))
    assert "A spindle cell neoplasm lies within the dermis; for the deep edge, see part B." in said(report)
    alone = check(source_of(case))
    assert [(each.code, each.path) for each in alone.errors] == [("E215", "parts.A.margins.deep.part")]
