"""Elements that apply in the pathologist's judgement, and follow-ups that do not wait for the answer above them."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.invented.cases import cases
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_header
from reportgen.protocols.page import page
from reportgen.protocols.schema import case_schema
from reportgen.reports.model import Report
from reportgen.web.evaluation import document, evaluate, written
from reportgen.web.fields import Drawing
from reportgen.web.states import states
from tests.support.tables import bound, case_table
from tests.support.toy import (
    Templates,
    assessments_of,
    codes,
    said,
    toy_case,
    toy_data,
    toy_findings,
    toy_report,
    valid_case,
)

FORM = """
- id: nodes
  kind: count
  title: Lymph nodes with tumor
  label: Lymph nodes
  status: core
  judged: {title: Lymph nodes submitted, "no": none submitted}
  source: {book: p}
- id: implant
  kind: group
  title: Implant
  judged: {title: Implant in place, "no": not applicable}
  source: {book: p}
  elements:
    - {id: maker, kind: text, title: Maker, status: core}
- id: invasion
  kind: choice
  title: Invasion
  choices: [{id: present}, {id: absent}]
  source: {book: p}
  followups:
    - {id: depth, kind: quantity, unit: mm, title: Depth, status: core, under: [present]}
    - {id: method, kind: text, title: Method, status: core, independent: true}
    - {id: level, kind: text, title: Level, independent: true, judged: {title: Level given, "no": none given}}
"""
WORDS = said("""
- {id: none, when: nodes == 0, say: No lymph nodes with tumor are identified., source: {book: p}}
- {id: some, when: nodes > 0, say: Lymph nodes are involved., source: {book: p}}
""")


@pytest.fixture
def made(templates: Templates) -> Compiled:
    return templates.load(FORM, wording=WORDS)


def synopsis(report: Report) -> list[tuple[str, str, int]]:
    (section,) = [each for each in report.sections if each.id == "synoptic"]
    return [(pair.label, pair.text, pair.depth) for block in section.blocks for pair in getattr(block, "pairs", ())][1:]


GAP = "[NOT ENTERED]"
ALL: dict[str, Any] = {"nodes_applies": "no", "implant_applies": "no", "invasion": {"method": "HE"}}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({}, [("Lymph nodes", GAP, 0), ("Method", GAP, 0)]),
        (ALL, [("Lymph nodes", "none submitted", 0), ("Implant", "not applicable", 0), ("Method", "HE", 0)]),
        (
            {"nodes_applies": "yes", "implant_applies": "yes", "implant": {"maker": "Acme"}, "invasion": "present"},
            [
                ("Lymph nodes", GAP, 0), ("Maker", "Acme", 0), ("Invasion", "present", 0), ("Depth", GAP, 1),
                ("Method", GAP, 1),
            ],
        ),
        (
            {"nodes_applies": "yes", "nodes": "2", "invasion": {"result": "absent", "method": "HE"}},
            [("Lymph nodes", "2", 0), ("Invasion", "absent", 0), ("Method", "HE", 1)],
        ),
    ],
)  # fmt: skip
def test_the_synopsis_says_what_was_judged(part: dict[str, Any], expected: list[tuple[str, str, int]]) -> None:
    assert synopsis(toy_report(part)) == expected


@pytest.mark.usefixtures("made")
def test_what_is_judged_to_apply_is_required_and_what_is_not_is_complete() -> None:
    def missing(**part: Any) -> list[str]:
        (assessment,) = assessments_of(toy_case(part))
        return [each.slot for each in assessment.completeness.missing]

    assert missing() == ["nodes_applies", "invasion.method"]
    assert missing(**ALL) == []
    assert missing(nodes_applies="yes", invasion={"method": "HE"}) == ["nodes"]
    assert missing(nodes_applies="no", implant_applies="yes", invasion={"method": "HE"}) == ["implant.maker"]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("part", "found"),
    [
        ({**ALL, "nodes": "1"}, [("E205", "parts.A.nodes")]),
        ({**ALL, "implant": {"maker": "Acme"}}, [("E205", "parts.A.implant.maker")]),
        ({**ALL, "nodes_applies": "perhaps"}, [("E103", "parts.A.nodes_applies")]),
        ({"invasion": {"depth": "2 mm", "method": "HE"}}, [("E102", "parts.A.invasion")]),
        ({"invasion": {"result": "absent", "depth": "2 mm", "method": "HE"}}, [("E204", "parts.A.invasion.depth")]),
        ({"invasion": {"result": "prsent", "method": "HE"}}, [("E103", "parts.A.invasion")]),
        ({**ALL, "invasion": {"method": "HE", "level_applies": "yes", "level": "IV"}}, []),
        ({**ALL, "invasion": {"method": "HE", "level": "IV"}}, [("E205", "parts.A.invasion.level")]),
        ({"invasion": {"method": ["a", "b"]}}, [("E108", "parts.A.invasion.method")]),
    ],
)
def test_an_answer_that_contradicts_the_judgement_is_found(part: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert codes(toy_findings(part)) == found


def test_every_view_of_the_form_asks_for_the_judgement(made: Compiled) -> None:
    schema = str(case_schema(load_header(), made))
    assert "'nodes_applies': {'title': 'Lymph nodes submitted'" in schema
    assert any("nodes_applies · Lymph nodes submitted" in line for line in page(made))
    assert list(made.children[""])[1:3] == ["nodes_applies", "nodes"]


@pytest.mark.usefixtures("made")
def test_the_desk_asks_beside_the_question_and_keeps_what_is_independent_of_it() -> None:
    data = toy_data({"invasion": {"method": "HE"}})
    desk = document(data, None)
    evaluation = evaluate(written(data, "case.yaml"), "case.yaml", None)
    form = desk.protocol_of(0)
    assert form
    drawn = Drawing(form, desk, states(evaluation, desk), "parts.A.").sections()[0]["fields"]
    fields = {field["path"].removeprefix("parts.A."): field for field in drawn}
    assert [choice["id"] for choice in fields["nodes_applies"]["choices"]] == ["yes", "no"]
    assert fields["nodes"]["hidden"]
    depth, method, judge, level = fields["invasion"]["below"]
    assert (judge["hidden"], judge["follows"], level["hidden"]) == (False, False, True)
    assert (depth["hidden"], depth["follows"]) == (True, True)
    assert (method["hidden"], method["follows"], method["value"]) == (False, False, "HE")
    assert desk.put("parts.A.invasion", "present") == ()
    desk.put("parts.A.invasion.depth", "2 mm")
    assert desk.put("parts.A.invasion", None) == ("parts.A.invasion.depth",)
    assert desk.data["parts"][0]["invasion"] == {"method": "HE"}


def test_invented_cases_judge_and_answer(made: Compiled) -> None:
    parts = [data["parts"][0] for data in cases("toy", 40, 3)]
    assert {each.get("nodes_applies") for each in parts} >= {"yes", "no"}
    assert all(each.get("nodes_applies") != "no" or "nodes" not in each for each in parts)
    assert any("method" in each["invasion"] for each in parts if isinstance(each.get("invasion"), dict))


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    "part",
    [ALL, {"nodes_applies": "yes", "nodes": "2", "invasion": {"result": "present", "depth": "2 mm", "method": "HE"}}],
)
def test_a_table_holds_what_a_case_file_holds(part: dict[str, Any]) -> None:
    header, rows = case_table(toy_data(part))
    source, findings = bound(header).case(rows)
    assert not findings
    case = valid_case(source)
    assert case is not None
    assert case.fingerprint() == toy_case(part).fingerprint()


REFUSED = [
    ("- {id: a, kind: text, title: A, independent: true, source: {book: p}}", "T401", "independent"),
    (
        "- {id: a, kind: choice, title: A, choices: [{id: x, followups: "
        "[{id: b, kind: text, title: B, independent: true}]}], source: {book: p}}",
        "T401",
        "independent",
    ),
    (
        "- {id: a, kind: choice, title: A, choices: [{id: x}], followups: "
        "[{id: b, kind: text, title: B, independent: true, under: [x]}], source: {book: p}}",
        "T401",
        "independent",
    ),
    (
        "- {id: g, kind: group, repeats: true, title: G, source: {book: p}, elements: "
        '[{id: b, kind: text, title: B, judged: {title: T, "no": N}}]}',
        "T401",
        "repeats",
    ),
    (
        '- {id: a, kind: text, title: A, judged: {title: T, "no": N}, source: {book: p}}\n'
        "- {id: a_applies, kind: text, title: B, source: {book: p}}",
        "T404",
        "a_applies",
    ),
    ('- {id: a, kind: text, title: A, judged: {title: "", "no": N}, source: {book: p}}', "T401", "title"),
    ("- {id: a, kind: text, title: A, judged: {title: T}, source: {book: p}}", "T401", "no"),
]


@pytest.mark.parametrize(("form", "code", "said"), REFUSED)
def test_a_judgement_in_the_wrong_place_is_refused(templates: Templates, form: str, code: str, said: str) -> None:
    found = templates.refused(form)
    assert [each.code for each in found] == [code]
    assert said in found[0].as_line(show_values=False)
    assert found[0].place.line


def test_a_denial_rests_on_a_judged_element_and_not_on_the_judgement(templates: Templates) -> None:
    ulcer = """
    - id: ulcer
      kind: choice
      title: Ulcer
      judged: {title: Surface seen, "no": not seen}
      choices: [{id: present}, {id: absent}]
      source: {book: p}
    """
    clause = "- {id: c, when: ulcer == 'absent', say: No ulcer is present., source: {book: p}}\n"
    templates.load(ulcer, wording=said(clause))
    found = templates.refused(ulcer, wording=said(clause.replace("ulcer == 'absent'", "ulcer_applies == 'yes'")))
    assert {each.code for each in found} == {"T417"}
