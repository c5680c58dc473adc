"""Conditions that count, and that ask the entries of a repeated group: from the protocol's file to the report."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.invented.cases import cases
from reportgen.protocols.checks.reachability import unspoken_clauses
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.page import page
from reportgen.reports.model import Paragraph
from reportgen.reports.trace import trace_lines
from tests.support.tables import bound, case_table
from tests.support.toy import (
    Templates,
    assessments_of,
    codes,
    said,
    scope_of,
    toy_case,
    toy_data,
    toy_findings,
    toy_report,
    valid_case,
)

FORM = """
- {id: nerve, kind: choice, title: Nerve, status: core, choices: [{id: present}, {id: absent}], source: {book: p}}
- {id: fat, kind: choice, title: Fat, status: core, choices: [{id: present}, {id: absent}], source: {book: p}}
- {id: vessel, kind: choice, title: Vessel, choices: [{id: present}, {id: absent}], source: {book: p}}
- {id: nodes, kind: count, title: Nodes, status: core, source: {book: p}}
- {id: deposits, kind: count, title: Deposits, status: core, source: {book: p}}
- {id: deep, kind: quantity, title: Deep margin, unit: mm, units: {cm: 10}, status: core, source: {book: p}}
- {id: side, kind: quantity, title: Side margin, unit: mm, units: {cm: 10}, source: {book: p}}
- id: lesions
  kind: group
  title: Lesion
  status: core
  repeats: true
  source: {book: p}
  elements:
    - {id: place, kind: text, title: Place, status: core}
    - {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10}, status: core}
    - id: margin
      kind: choice
      title: Margin
      status: core
      undetermined: cannot be assessed
      choices:
        - {id: involved, followups: [{id: where, kind: text, title: Where, status: core}]}
        - {id: clear, followups: [{id: distance, kind: quantity, title: Distance, unit: mm}]}
"""
EXTRA = """
facts:
  - {id: risky, when: "at_least(2, nerve == 'present', fat == 'present', vessel == 'present')"}
  - {id: spread, when: nodes + deposits >= 4}
advisories:
  - id: A1
    title: Many lesions
    source: {book: p}
    levels: [{level: warning, when: count(lesions) > 2, say: Count again.}]
"""
WORDS = said("""
- {id: risk, when: risky and spread, say: The risk is high., source: {book: p}}
- {id: involved, when: "any(lesions, lesions.margin == 'involved')", say: A margin is involved., source: {book: p}}
- {id: large, when: largest(lesions.size) > 20, say: A lesion is large., source: {book: p}}
- id: close
  when: smallest(deep, side) < 1 and all(lesions, lesions.margin == 'clear')
  say: Close.
  source: {book: p}
- {id: two, when: "count(lesions, lesions.size > 5) >= 2", say: Two lesions., source: {book: p}}
""")  # fmt: skip


@pytest.fixture(scope="module", name="made")
def fixture_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compiled]:
    with Templates.at(tmp_path_factory.mktemp("made") / "templates") as folder:
        yield folder.load(FORM, extra=EXTRA, wording=WORDS)


def lesion(margin: Any = "clear", size: str = "3 mm", **more: Any) -> dict[str, Any]:
    return {"place": "nose", "size": size, "margin": margin, **more}


def comment(**part: Any) -> str:
    report = toy_report(part)
    (section,) = [each for each in report.sections if each.id == "comment"]
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    return " ".join(sentence.text for block in paragraphs for sentence in block.sentences)


BASE = {"nerve": "absent", "fat": "absent", "nodes": "1", "deposits": "1", "deep": "5 mm", "side": "5 mm"}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"nerve": "present", "fat": "present", "nodes": "4", "deposits": None}, "The risk is high."),
        ({"nerve": "present", "fat": None, "vessel": "present", "nodes": "3"}, "The risk is high."),
        (
            {"nerve": "present", "fat": "present", "nodes": "3", "deposits": None},
            "[PENDING: Remark – waiting for Deposits]",
        ),
        ({"nerve": "present", "fat": None}, "A margin is involved."),
        ({"lesions": [lesion(), lesion("involved")]}, "A margin is involved."),
        ({"lesions": [lesion(), lesion(None)]}, "[PENDING: Remark – waiting for Lesion 2: Margin]"),
        ({"lesions": [lesion("cannot be assessed (burnt)", "2.1 cm")]}, "A lesion is large."),
        ({"lesions": None}, "[PENDING: Remark – waiting for Lesion]"),
        ({"lesions": [lesion()], "deep": "0.05 cm"}, "Close."),
        ({"lesions": [lesion()], "deep": "0.05 cm", "side": None}, "Close."),
        ({"lesions": [lesion(size="6 mm"), lesion(size="0.6 cm")]}, "Two lesions."),
    ],
)
def test_a_sentence_rests_on_what_was_counted(part: dict[str, Any], expected: str) -> None:
    whole = {**BASE, "lesions": [lesion("involved")], **part}
    assert comment(**{name: answer for name, answer in whole.items() if answer is not None}) == expected


@pytest.mark.usefixtures("made")
def test_entries_are_printed_with_their_labels_and_traced_by_their_numbers() -> None:
    report = toy_report({**BASE, "lesions": [lesion(), {"place": "cheek", "margin": "involved", "size": "8 mm"}]})
    pairs = {pair.label: pair.text for pair in report.pairs()}
    assert pairs["Lesion nose"] == "Size: 3 mm; Margin: clear"
    assert pairs["Lesion cheek"] == "Size: 8 mm; Margin: involved, Where: [NOT ENTERED]"
    lines = "\n".join(trace_lines(report))
    assert '    because  in some entry of lesions, lesions.margin is "involved"' in lines
    assert "    answer   parts.A.lesions.2.margin (case.json:1:" in lines


@pytest.mark.usefixtures("made")
def test_a_core_group_needs_an_entry() -> None:
    (assessment,) = assessments_of(toy_case(BASE))
    assert [each.slot for each in assessment.completeness.missing] == ["lesions"]
    assert any(pair.gap and pair.label == "Lesion" for pair in toy_report(BASE).pairs())
    (assessment,) = assessments_of(toy_case({**BASE, "lesions": [lesion()]}))
    assert not assessment.completeness.missing


@pytest.mark.usefixtures("made")
def test_an_advisory_counts_entries() -> None:
    (assessment,) = assessments_of(toy_case({**BASE, "lesions": [lesion()] * 3}))
    assert [each.id for each in assessment.advisories] == ["A1"]


def test_every_clause_is_found_reachable_and_invented_cases_reach_it(made: Compiled) -> None:
    assert list(unspoken_clauses(made)) == []
    printed = {
        sentence.clause
        for data in cases("toy", 40, 7)
        for section in toy_report(*data["parts"]).sections
        for block in section.blocks
        for sentence in getattr(block, "sentences", ())
    }
    assert {f"comment.remark.{id}" for id in ("risk", "involved", "large", "close", "two")} <= printed


def test_the_page_shows_the_conditions(made: Compiled) -> None:
    text = " ".join(" ".join(page(made)).split())
    assert "when count(lesions, lesions.size > 5) >= 2" in text


@pytest.mark.usefixtures("made")
def test_a_detail_is_waited_for_only_in_the_entries_that_have_it() -> None:
    def outcome(*lesions: dict[str, Any]) -> tuple[bool | None, frozenset[str]]:
        truth, _, waiting = scope_of(toy_case({"lesions": list(lesions)})).truth(
            "any(lesions, lesions.margin.where is naming('deep'))"
        )
        return truth, waiting

    assert outcome(lesion()) == (None, frozenset())
    assert outcome(lesion(), lesion("involved")) == (None, frozenset({"lesions.2.margin.where"}))
    assert outcome(lesion(), lesion({"result": "involved", "where": "deep"})) == (True, frozenset())
    assert outcome(lesion({"result": "involved", "where": "side"})) == (False, frozenset())


@pytest.mark.usefixtures("made")
def test_a_table_holds_the_entries() -> None:
    part = {**BASE, "lesions": [lesion(), lesion({"result": "clear", "distance": "2 mm"})]}
    header, rows = case_table(toy_data(part))
    source, findings = bound(header).case(rows)
    assert not findings
    case = valid_case(source)
    assert case is not None
    assert case.fingerprint() == toy_case(part).fingerprint()


REFUSED = [
    ("at_least(2, nerve == 'present')", "T403", "at_least takes a whole number"),
    ("at_least(2, nerve == 'present', fat == 'pressent')", "T407", '"pressent" is not an answer of fat'),
    ("at_least(2, nerve == 'present', fatt == 'present')", "T402", "uses fatt"),
    ("nodes + deep > 3", "T403", "deep and nodes are measured in different units (mm, pieces)"),
    ("nerve + fat > 3", "T403", "fat cannot be compared with numbers"),
    ("nodes + lesions.size > 3", "T403", "lesions.size is asked of each entry of lesions"),
    ("lesions.margin == 'involved'", "T403", "lesions.margin is asked of each entry of lesions"),
    ("any(nerve, nerve == 'present')", "T403", "nerve cannot be asked for its entries"),
    ("any(lesions, lesions.margn == 'involved')", "T402", "uses lesions.margn"),
    ("any(lesions, lesions.margin == 'involvd')", "T407", '"involvd" is not an answer of lesions.margin'),
    ("any(case.specimens, nerve == 'present')", "T403", "case.specimens cannot be asked for its entries"),
    ("case.specimens.letter == 'A'", "T402", "uses case.specimens.letter"),
    ("largest(lesions.margin) > 3", "T403", "lesions.margin cannot be compared with numbers"),
    ("count(lesions, lesions.size > 5 and lesions.size < 4) >= 1", "T406", "contradicts itself"),
    ("at_least(2, nerve == 'present', nerve == 'absent')", "T406", "contradicts itself"),
    ("all(lesions, lesions.margin != 'involved')", "T427", 'answered "other"'),
    ("count(lesions, lesions.margin == 'clear') < 1", "T427", 'answered "other"'),
]


@pytest.mark.parametrize(("when", "code", "message"), REFUSED)
def test_what_cannot_be_counted_is_refused(templates: Templates, when: str, code: str, message: str) -> None:
    clause = f'- {{id: c, when: "{when}", say: Words., source: {{book: p}}}}\n'
    found = templates.refused(FORM, wording=said(clause))
    assert code in {each.code for each in found}, codes(found)
    assert any(message in each.message for each in found), [each.message for each in found]
    assert all(str(each.place).startswith(templates.line("id: c,")) for each in found if each.code == code)


@pytest.mark.parametrize(
    ("when", "say", "refused"),
    [
        ("at_least(1, nerve == 'absent', fat == 'absent')", "The nerve is not involved.", True),
        ("at_least(2, nerve == 'absent', fat == 'absent')", "The nerve is not involved.", False),
        ("not at_least(1, nerve == 'present', fat == 'present')", "No nerve is seen.", True),
        ("nodes + deposits == 0", "No nodes are identified.", False),
        ("nodes + deposits > 0", "No nodes are identified.", True),
    ],
)
def test_a_denial_rests_on_what_was_counted(templates: Templates, when: str, say: str, refused: bool) -> None:
    clause = f'- {{id: c, when: "{when}", say: {say}, source: {{book: p}}}}\n'
    if refused:
        assert "T417" in {each.code for each in templates.refused(FORM, wording=said(clause))}
    else:
        templates.load(FORM, wording=said(clause))


@pytest.mark.usefixtures("made")
@given(
    st.lists(st.sampled_from(("involved", "clear", "other", None)), max_size=3),
    st.integers(1, 3),
)
def test_counts_over_entries_are_those_of_every_possible_answer(margins: list[str | None], needed: int) -> None:
    """Against all answers that the unknown ones could be."""
    entries = [lesion({"result": "other", "text": "x"} if each == "other" else each) for each in margins]
    scope = scope_of(toy_case({"lesions": entries}))
    outcome = scope.truth(f"count(lesions, lesions.margin == 'involved') >= {needed}")
    possible = product(*[["involved", "clear"] if each in (None, "other") else [each] for each in margins])
    truths = {each.count("involved") >= needed for each in possible}
    assert outcome.truth is (truths.pop() if len(truths) == 1 and margins else None)
    open_ones = {f"lesions.{at}.margin" for at, each in enumerate(margins, 1) if each in (None, "other")}
    assert outcome.waiting == (frozenset() if outcome.truth is not None else open_ones or {"lesions"})


@pytest.mark.usefixtures("made")
def test_an_unknown_key_in_an_entry_is_found_at_its_place() -> None:
    assert codes(toy_findings({**BASE, "lesions": [lesion(), lesion(sise="3 mm")]})) == [
        ("E101", "parts.A.lesions.2.sise")
    ]
