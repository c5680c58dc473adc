"""The one printer: streams, JSON, and what of an assessment is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reportgen.cli.console import assessment_data, finding_data, print_assessments, print_findings, print_json
from reportgen.findings import Finding, Place
from reportgen.pipeline import check
from tests.cli.program import sample

FINDING = Finding("E103", Place("case.yaml", 14, 12), "parts.A.growth", "is not an answer", "say which", "maybe")


def test_findings_go_to_standard_error_unless_they_are_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([FINDING])
    print_findings([FINDING], show_values=True, to_stdout=True)
    printed = capsys.readouterr()
    assert printed.err == "case.yaml:14:12: E103 parts.A.growth: is not an answer (say which)\n"
    assert printed.out == 'case.yaml:14:12: E103 parts.A.growth: "maybe" is not an answer (say which)\n'


def test_a_finding_for_programs_has_its_value_only_where_it_was_asked_for() -> None:
    plain, shown = finding_data(FINDING, show_values=False), finding_data(FINDING, show_values=True)
    assert shown == {**plain, "value": "maybe"}
    assert "maybe" not in json.dumps(plain)


def test_json_keeps_its_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"title": "µm² – é"})
    assert capsys.readouterr().out == '{\n  "title": "µm² – é"\n}\n'


def test_an_assessment_is_the_same_for_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    checked = check(sample("three-parts"))
    assert checked.case is not None
    print_assessments(checked.case, checked.assessments)
    text = capsys.readouterr().out
    for part, made in zip(checked.case.parts, checked.assessments, strict=True):
        data: Any = assessment_data(part.label, made)
        assert f"Part {part.label} · {part.protocol.protocol.title}\n" in text
        assert f"required elements: {data['answered']} of {data['required']} entered\n" in text
        for criterion in data["criteria"]:
            assert criterion["title"] in text
        for advisory in data["advisories"]:
            assert f"{advisory['level']} {advisory['id']} {advisory['title']}" in text
            assert advisory["source"] in text
