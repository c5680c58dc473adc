"""What a profile adds to a report: printed only where there is something that it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.load import load_protocol
from reportgen.reports.compose import Options
from reportgen.reports.model import Notice, Pair, Pairs, Paragraph, Report
from tests.support.labs import lab
from tests.support.toy import Templates, toy_report

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: depth, kind: choice, title: Depth, status: core, choices: [{id: high}, {id: low}], source: {book: p}}
- {id: mood, kind: choice, title: Mood, choices: [{id: good}], source: {book: p}}
- id: stains
  kind: panel
  title: Stains
  other: Further stain
  source: {book: p}
  stains:
    - {id: mark, title: Mark}
    - {id: X1}
    - {id: late, title: Late stain}
    - {id: F1a, title: Factor 1a, aliases: [F-1, factor 1a]}
  results:
    - {id: positive, props: {told: "yes"}}
    - {id: negative, props: {told: "yes"}}
    - {id: pending, pending: true}
    - {id: not performed}
"""
SPOKEN = """\
header:
  id: header
  title: Specimen
  clauses: [{id: plain, when: site is answered, say: "{{ site }}:", source: {book: h}}]
diagnosis:
  - id: headline
    title: Diagnosis
    override: true
    clauses: [{id: a, when: kind == 'a', say: The thing, source: {book: d}}]
comment:
  - id: results
    title: Results
    on_request: true
    clauses:
      - id: told
        when: stains.told_results is answered
        say: "It is {{ stains.told_results|listing }}."
        source: {book: c}
  - id: to_come
    title: To come
    on_request: true
    clauses:
      - id: told
        when: stains.pending_results is answered
        say: "Open: {{ stains.pending_results|listing }}."
        source: {book: c}
  - id: depth
    title: Depth
    override: true
    clauses:
      - {id: high, when: depth == 'high' and mood == 'good', say: It is high., coded: true, source: {book: c}}
      - {id: plain, when: depth == 'high', say: It is high., coded: true, source: {book: c}}
      - {id: low, when: depth == 'low', say: It lies deep., source: {book: c}}
"""
ASKED = "protocols: {toy: {wording: {comment.results: {on_request: false}, comment.to_come: {on_request: false}}}}\n"
FULL: dict[str, Any] = {"kind": "a", "depth": "high"}


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load(FORM, extra="facts: [{id: small, when: kind == 'a'}]\n", wording=SPOKEN)


def report(own: Laboratory | None, *parts: dict[str, Any], **options: Any) -> Report:
    if own:
        protocol = load_protocol("toy", own)
        assert protocol.protocol.id == "toy"
    return toy_report(*parts, options=Options(laboratory=own, **options), own=own)


def texts(made: Report, id: str) -> list[str]:
    blocks = [block for section in made.sections if section.id == id for block in section.blocks]
    return [
        block.text if isinstance(block, Notice) else " ".join(each.text for each in block.sentences)
        for block in blocks
        if isinstance(block, Notice | Paragraph)
    ]


def pairs(made: Report, id: str) -> list[Pair]:
    blocks = [block for section in made.sections if section.id == id for block in section.blocks]
    return [pair for block in blocks if isinstance(block, Pairs) for pair in block.pairs]


STAINED: list[tuple[dict[str, Any], str]] = [
    ({"mark": "positive"}, "It is positive for mark."),
    ({"mark": "positive", "X1": "positive"}, "It is positive for mark and X1."),
    ({"late": "negative"}, "It is negative for Late stain."),
    ({"F1a": "positive", "mark": "negative"}, "It is positive for factor 1a and negative for mark."),
    ({"mark": "positive", "X1": "negative"}, "It is positive for mark and negative for X1."),
    ({"mark": "positive", "other": [{"name": "Q7", "result": "positive"}]}, "It is positive for mark and Q7."),
    ({"mark": "positive", "X1": "pending"}, "It is positive for mark. Open: X1."),
    ({"mark": "pending", "X1": "not performed"}, "Open: mark."),
    ({"mark": "not performed"}, ""),
    ({}, ""),
]


@pytest.mark.parametrize(("stains", "said"), STAINED)
def test_a_sentence_tells_each_result_that_was_entered_and_no_other(
    stains: dict[str, Any], said: str, tmp_path: Path
) -> None:
    made = report(lab(tmp_path, ASKED), {**FULL, "stains": stains})
    assert texts(made, "comment") == [f"{said} It is high.".strip()]


def test_it_is_told_on_request_alone(tmp_path: Path) -> None:
    part = {**FULL, "stains": {"mark": "positive"}}
    assert texts(report(None, part), "comment") == ["It is high."]
    assert texts(report(lab(tmp_path), part), "comment") == ["It is high."]


def test_what_is_printed_cannot_be_put_on_request(tmp_path: Path) -> None:
    own = lab(tmp_path, "protocols: {toy: {wording: {comment.depth: {on_request: true}}}}\n")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy", own)
    assert [finding.code for finding in caught.value.findings] == ["T412"]
    own = lab(tmp_path / "b", "protocols: {toy: {wording: {comment.results: {on_request: maybe}}}}\n")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy", own)
    assert [finding.code for finding in caught.value.findings] == ["T401"]


def test_the_method_stands_below_stains_and_never_alone(tmp_path: Path) -> None:
    own = lab(tmp_path, "stain_method: {text: Made here., version: version 3}\n")
    assert texts(report(own, {**FULL, "stains": {"mark": "pending"}}), "stains") == ["Made here. (version 3)"]
    assert texts(report(own, FULL), "stains") == []
    two = report(own, {**FULL, "stains": {"mark": "positive"}}, {**FULL, "stains": {"X1": "positive"}})
    assert texts(two, "stains") == ["Made here. (version 3)"]


def test_only_a_final_report_attests_and_the_programs_own_sentence_stays(tmp_path: Path) -> None:
    text = "attestation: {text: 'I, {name}, looked at it ({time}).', credentials: {Jane Roe: MD}}\n"
    own = lab(tmp_path, text)
    assert [each for each in texts(report(own, FULL), "signature") if "looked" in each] == []
    final = report(own, FULL, finalized_by="Jane Roe", finalized_at="2026-01-03 10:00")
    assert texts(final, "signature") == [
        "I, Jane Roe, MD, looked at it (2026-01-03 10:00).",
        "Prepared for sign-out by Jane Roe, 2026-01-03 10:00.",
    ]
    other = report(own, FULL, finalized_by="{time}", finalized_at="now")
    assert texts(other, "signature")[0] == "I, {time}, looked at it (now)."


TABLE = """\
codes:
  - {protocol: toy, system: ICD-10-CM, code: D1.1}
  - {protocol: toy, system: CPT, code: "1", when: small}
  - {protocol: toy, system: CPT, code: "2", stains: first}
  - {protocol: toy, system: CPT, code: "3", stains: further}
  - {protocol: other, system: CPT, code: "9"}
"""


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (FULL, ["ICD-10-CM D1.1; CPT 1"]),
        ({**FULL, "kind": "b"}, ["ICD-10-CM D1.1"]),
        ({**FULL, "stains": {"mark": "positive", "X1": "pending"}}, ["ICD-10-CM D1.1; CPT 1; CPT 2"]),
        (
            {**FULL, "stains": {"mark": "positive", "X1": "negative", "other": [{"name": "Q", "result": "negative"}]}},
            ["ICD-10-CM D1.1; CPT 1; CPT 2; CPT 3 × 2"],
        ),
        ({**FULL, "depth": "low"}, []),
        ({"kind": "a"}, []),
        ({**FULL, "override": {"comment": "In other words."}}, []),
    ],
)
def test_codes_come_from_the_table_and_only_with_the_diagnosis_they_are_for(
    part: dict[str, Any], said: list[str], tmp_path: Path
) -> None:
    own = lab(tmp_path, TABLE)
    assert texts(report(own, part, coding=True), "coding") == said
    assert texts(report(own, part), "coding") == []
    assert texts(report(lab(tmp_path / "none"), part, coding=True), "coding") == []


def test_a_fact_that_there_is_not_is_refused_with_its_place(tmp_path: Path) -> None:
    for text in (
        "codes: [{protocol: toy, system: CPT, code: '1', when: smal}]\n",
        "short_synopsis: {toy: smal}\n",
        "short_synopsis: {toy: ''}\n",
    ):
        with pytest.raises(FindingsError) as caught:
            load_protocol("toy", lab(tmp_path / str(len(text)), text))
        (finding,) = caught.value.findings
        assert (finding.code, finding.place.line) == ("T402", 4)


def test_a_short_synopsis_keeps_every_gap_and_what_is_told_nowhere(tmp_path: Path) -> None:
    own = lab(tmp_path, "short_synopsis: {toy: small}\n")
    part = {"kind": "a", "depth": "high", "mood": "good"}
    assert [pair.label for pair in pairs(report(None, part), "synoptic")] == ["Site", "Kind", "Depth", "Mood"]
    # "Kind: a" and "Mood: good" only license what is said; their own words stand nowhere else
    assert [pair.label for pair in pairs(report(own, part), "synoptic")] == ["Kind", "Mood"]
    missing = report(own, {"kind": "a"})
    assert [(pair.label, pair.gap) for pair in pairs(missing, "synoptic")] == [("Kind", False), ("Depth", True)]
    assert [pair.label for pair in pairs(report(own, {**part, "kind": "b"}), "synoptic")] == [
        "Site", "Kind", "Depth", "Mood",
    ]  # fmt: skip
    assert len(pairs(report(own, {"depth": "high"}), "synoptic")) == 3, (
        "what it hangs on is not known: nothing is left out"
    )


def test_a_short_synopsis_has_no_heading_without_an_answer_and_no_answer_without_what_it_hangs_on(
    templates: Templates, tmp_path: Path
) -> None:
    below = "followups: [{id: far, kind: text, title: Far, label: none}]"
    form = FORM.replace("choices: [{id: high}, {id: low}]", f"choices: [{{id: high, {below}}}, {{id: low}}]")
    facts = "facts: [{id: small, when: kind == 'a'}]\n"
    templates.load(form, extra=facts, wording=SPOKEN, section="heading: Findings\n")
    own = lab(tmp_path, "short_synopsis: {toy: small}\n")
    part = {"kind": "a", "depth": {"result": "high", "far": "2 mm"}, "mood": "good"}
    assert [pair.label for pair in pairs(report(own, part), "synoptic")] == ["Findings", "Kind", "Depth", "", "Mood"]
    templates.load("", extra="facts: [{id: small, when: site is answered}]\n", section="heading: Findings\n")
    assert pairs(report(own, {}), "synoptic") == []
