"""What cannot be true together: the protocol's list, dates, and answers to what does not apply; all name both sides."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from reportgen import check
from reportgen.cases.validate import validate
from reportgen.findings import Finding
from reportgen.reading.readers import read_text
from tests.acceptance.support import base, source
from tests.support.toy import Templates, codes, source_of, toy_data, toy_findings

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10}, source: {book: p}}
- {id: whole, kind: quantity, title: Whole, unit: mm, units: {cm: 10}, dimensions: 3, source: {book: p}}
- {id: only_a, kind: text, title: Only a, applies_when: kind == 'a', source: {book: p}}
- id: edge
  kind: choice
  title: Edge
  source: {book: p}
  applies_when: kind == 'a'
  choices: [{id: in}, {id: out}]
  followups:
    - {id: where, kind: text, title: Where, under: [in], applies_when: size > 5}
    - {id: far, kind: text, title: Far, under: [out]}
"""
EXTRA = """\
contradictions:
  - {id: larger, when: size > whole, say: the part is larger than the whole, elements: [size, whole]}
  - {id: side, when: "site is naming('left') and kind == 'b'", say: no b on the left, elements: [kind, site, size]}
"""


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"size": "5 mm", "whole": "4 x 3 mm"}, [("E201", "parts.A.size")]),
        ({"size": "5 mm", "whole": "4 x 6 mm"}, []),
        ({"size": "0.5 cm", "whole": "4 mm"}, [("E201", "parts.A.size")]),
        ({"size": ">5 mm", "whole": "5 mm"}, [("E201", "parts.A.size")]),
        ({"size": ">5 mm", "whole": "6 mm"}, []),
        ({"size": "5 mm"}, []),
        ({"kind": "b", "site": "left arm"}, [("E201", "parts.A.kind")]),
        ({"kind": "b", "site": "right arm"}, []),
        ({"site": "left arm"}, []),
    ],
)
def test_a_contradiction_is_found_where_it_is_certain(
    answers: dict[str, Any], found: list[tuple[str, str]], templates: Templates
) -> None:
    templates.load(FORM, extra=EXTRA)
    assert codes(toy_findings(answers)) == found


def test_a_contradiction_names_every_entry_concerned_with_its_place(templates: Templates) -> None:
    templates.load(FORM, extra=EXTRA)
    text = json.dumps(toy_data({"site": "left arm", "kind": "b", "size": "3 mm"}), indent=1)
    (finding,) = validate(read_text(text, name="c.json", format="json")).findings
    lines = text.splitlines()
    line = {key: next(n for n, each in enumerate(lines, 1) if f'"{key}":' in each) for key in ("site", "kind", "size")}
    assert finding.place.line == line["kind"]
    assert finding.message.startswith("no b on the left; see also parts.A.site (c.json:")
    assert f"parts.A.site (c.json:{line['site']}:" in finding.message
    assert f"parts.A.size (c.json:{line['size']}:" in finding.message


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"kind": "b", "only_a": "x"}, [("E205", "parts.A.only_a")]),
        ({"kind": "a", "only_a": "x"}, []),
        ({"only_a": "x"}, []),  # not known yet
        ({"kind": "b", "edge": "in"}, [("E205", "parts.A.edge")]),
        # what hangs below something ruled out is not reported a second time
        ({"kind": "b", "size": "6 mm", "edge": {"result": "in", "where": "x"}}, [("E205", "parts.A.edge")]),
        # a detail that goes with the answer may still not apply by its own condition
        ({"kind": "a", "size": "5 mm", "edge": {"result": "in", "where": "x"}}, [("E205", "parts.A.edge.where")]),
        ({"kind": "a", "size": "6 mm", "edge": {"result": "in", "where": "x"}}, []),
        ({"kind": "a", "edge": {"result": "out", "where": "x"}}, [("E204", "parts.A.edge.where")]),
        ({"kind": "a", "edge": {"result": "in", "far": "x"}}, [("E204", "parts.A.edge.far")]),
    ],
)
def test_an_answer_to_what_does_not_apply_is_found_once(
    answers: dict[str, Any], found: list[tuple[str, str]], templates: Templates
) -> None:
    templates.load(FORM, extra=EXTRA)
    assert codes(toy_findings(answers)) == found


def test_what_rules_an_answer_out_is_named_with_its_place(templates: Templates) -> None:
    templates.load(FORM, extra=EXTRA)
    (finding,) = toy_findings({"kind": "b", "only_a": "x"})
    assert finding.message.startswith("does not apply, given parts.A.kind (case.json:1:")
    assert finding.step == "remove it or correct what rules it out"


def test_what_nothing_entered_asks_for_does_not_apply_either(templates: Templates) -> None:
    templates.load(
        "- {id: maybe, kind: choice, title: M, choices: [{id: x}], source: {book: p}}\n"
        "- {id: after, kind: text, title: A, applies_when: maybe == 'x', source: {book: p}}\n"
    )
    (finding,) = toy_findings({"after": "x"})
    assert (finding.code, finding.step) == ("E205", "remove it")
    assert finding.message == "does not apply to this case"


def dates(**given: str) -> list[Finding]:
    data = toy_data(protocol="general")
    data["patient"]["birth_date"] = given.pop("born", "1950-01-01")
    for key in ("collected", "received", "reported"):
        data.pop(key, None)
    return list(validate(source_of({**data, **given})).findings)


@pytest.mark.parametrize(
    ("given", "late"),
    [
        ({"collected": "2026-01-02", "received": "2026-01-02", "reported": "2026-01-02"}, []),
        ({"collected": "2026-01-02", "received": "2026-01-01"}, ["received"]),
        ({"received": "2026-01-02", "reported": "2026-01-01"}, ["reported"]),
        ({"collected": "2026-01-02", "reported": "2026-01-01"}, ["reported"]),
        ({"born": "2026-01-02", "collected": "2026-01-01"}, ["collected"]),
        ({"born": "2026-01-02", "reported": "2026-01-01"}, ["reported"]),
        ({"collected": "2026-01-03", "received": "2026-01-02", "reported": "2026-01-01"}, ["received", "reported"]),
        ({}, []),
    ],
)
def test_dates_of_a_case_follow_each_other(given: dict[str, str], late: list[str]) -> None:
    found = dates(**given)
    assert codes(found) == [("E206", path) for path in late]
    for finding in found:
        assert finding.message.startswith("lies before ")
        assert "(case.json:1:" in finding.message


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("S100", []),
        ("SMA", [("E203", "parts.A.stains.other.1.name")]),
        ("sma", [("E203", "parts.A.stains.other.1.name")]),
        ("Smooth muscle actin", [("E203", "parts.A.stains.other.1.name")]),
        ("alpha SMA", [("E203", "parts.A.stains.other.1.name")]),
    ],
)
def test_a_stain_of_the_panel_is_not_taken_among_the_further_ones(
    name: str, found: list[tuple[str, str]], templates: Templates
) -> None:
    templates.load(
        "- {id: stains, kind: panel, title: S, other: Further, source: {book: p}, results: [{id: positive}],\n"
        "   stains: [{id: SMA, title: Smooth muscle actin, aliases: [alpha-SMA]}, {id: CD10}]}\n"
    )
    assert codes(toy_findings({"stains": {"other": [{"name": name, "result": "positive"}]}})) == found


SEED: list[tuple[dict[str, Any], str, str]] = [
    ({"margins": {"deep": {"result": "involved", "distance": "1 mm"}}}, "E204", "margins.deep.distance"),
    ({"subcutis": {"result": "not identified", "depth": "2 mm"}}, "E204", "subcutis.depth"),
    ({"size": "12 mm", "gross": {"specimen_size": "8 x 6 mm"}}, "E201", "size"),
    ({"laterality": "left", "site": "right arm"}, "E201", "laterality"),
    ({"laterality": "right", "site": "left arm"}, "E201", "laterality"),
    ({"laterality": "midline", "site": "left arm"}, "E201", "laterality"),
    ({"stains": {"MelanA": "negative", "MART1": "positive"}}, "E203", "stains.MART1"),
    ({"stains": {"SMA": {"result": "positive", "extent": "101 %"}}}, "E104", "stains.SMA.extent"),
    ({"subcutis": "not identified", "epicenter": "deeper"}, "E201", "epicenter"),
    ({"atypia": {"grade": "mild", "features": ["none specified", "hyperchromasia"]}}, "E202", "atypia.features"),
    ({"override": {"comment": ""}}, "E109", "override.comment"),
]


@pytest.mark.parametrize(("answers", "code", "path"), SEED)
def test_what_the_domain_calls_contradictory_is_refused(answers: dict[str, Any], code: str, path: str) -> None:
    found = toy_findings({"procedure": "shave biopsy", **answers}, protocol="aismn")
    assert codes(found) == [(code, f"parts.A.{path}")]


PLAIN = [{"label": "A", "protocol": "general", "site": "arm"}]


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ({"collected": "2026-11-20", "received": "2026-11-20"}, []),
        ({"received": "2026-11-21"}, []),  # tomorrow, where the case comes from
        ({"received": "2026-11-22"}, [("E210", "received")]),
        ({"collected": "2031-01-01", "received": "2031-01-02"}, [("E210", "collected"), ("E210", "received")]),
        ({"patient": {"name": "N", "birth_date": "1816-01-01"}}, [("E210", "patient.birth_date")]),
        ({"patient": {"name": "N", "birth_date": "1907-01-01"}}, []),
    ],
)
def test_dates_that_cannot_be(dates: dict[str, Any], found: list[tuple[str, str]]) -> None:
    data = {**toy_data(), "parts": PLAIN, **dates}
    today = date(2026, 11, 20)
    assert [(each.code, each.path) for each in validate(source_of(data), today=today).findings] == found


def test_a_run_that_is_not_asked_about_its_day_knows_no_future() -> None:
    days = {"collected": "2031-01-01", "received": "2031-01-01"}
    assert validate(source_of({**toy_data(), "parts": PLAIN, **days})).findings == ()


def test_a_margin_is_settled_by_another_part_that_is_there() -> None:
    data = base("full-margins")
    for named, wanted in (("B", []), ("b", []), ("C", ["E215"]), ("A", ["E215"]), ("a", ["E215"])):
        data["parts"][0]["margins"]["deep"] = {"result": "see part", "part": named}
        errors = check(source(data)).errors
        assert [finding.code for finding in errors] == wanted
        assert not any(re.search(r"\b[A-Z]\b", finding.step) for finding in errors), "no other label is proposed"
